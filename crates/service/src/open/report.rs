//! Reporting without an account.

use std::fmt;

use nevertwice_domain::case::{Case, CaseEdit, Class, NewCase};
use nevertwice_domain::reference::CaseRef;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::when::When;
use nevertwice_store::receipt::{self as receipts, Receipt};
use nevertwice_store::{Tx, case as cases, counter, settings};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{is_allowed, somebody};
use crate::account::{Door, Secret, place_of};
use crate::clock::Moment;
use crate::error::{Kind, ServiceError};
use crate::mail::News;
use crate::service::Unit;
use crate::use_case::{Asked, UseCase};

/// Reports a case without an account. Run by nobody; who asks is not looked at.
#[derive(Clone, Serialize, Deserialize)]
pub struct ReportOpenly {
    /// What happened, in one line.
    pub title: Line,
    /// What happened, in Markdown.
    pub summary: Option<Prose>,
    /// What the reporter takes it for; an event if unsaid.
    pub class: Option<Class>,
    /// When it happened.
    pub occurred: Option<When>,
    /// The receipt that it will have, from [`new_receipt`]; made now if unsaid. Sent again with the same one, a report
    /// is registered once.
    #[serde(default)]
    pub receipt: Option<Secret>,
    /// The network address that this comes from. It is counted, and not kept.
    pub address: Option<String>,
}

impl fmt::Debug for ReportOpenly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReportOpenly").finish_non_exhaustive()
    }
}

/// A receipt for a report that is about to be sent.
#[must_use]
pub fn new_receipt(moment: &Moment) -> Secret {
    Secret::of_link(&moment.secret())
}

/// What whoever reported openly takes away.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OpenReceipt {
    /// The reference of the case.
    pub reference: String,
    /// The receipt: a code of letters and digits, shown this once.
    #[schema(value_type = String)]
    pub receipt: Secret,
}

impl UseCase for ReportOpenly {
    type Output = OpenReceipt;
    const NAME: &'static str = "report_openly";

    fn run(self, asked: &Asked<'_>) -> Result<OpenReceipt, ServiceError> {
        let service = asked.service;
        if self.receipt.as_ref().is_some_and(|receipt| !receipt.is_code()) {
            let message = "is none of ours; begin the report anew";
            return Err(ServiceError::invalid("receipt", "open_reporting.receipt", message));
        }
        // What was registered already is no new attempt, and is told whatever was switched off since.
        if let Some(earlier) = service.db().read(|tx| self.registered(tx))? {
            return Ok(earlier);
        }
        // Where nobody may, nobody's attempts are counted, and the writer is not troubled.
        service.db().read(is_allowed)?;
        let place = place_of(self.address.as_deref().unwrap_or_default());
        service.gate().take(&[Door::Open(place)], service.moment().at)?;
        let done = service.write_as("report_openly", |tx, _| somebody(tx), move |unit| self.write(unit))?;
        Ok(done.value)
    }
}

impl ReportOpenly {
    fn write(&self, unit: &mut Unit<'_>) -> Result<OpenReceipt, ServiceError> {
        let at = unit.moment.at;
        let secret = self.receipt.clone().unwrap_or_else(|| new_receipt(&unit.moment));
        if let Some(earlier) = self.registered(unit.tx)? {
            return Ok(earlier);
        }
        let year = at.date_in(&settings::get(unit.tx)?.time_zone.zone()).year();
        let case = Case::report_openly(NewCase {
            id: unit.moment.id(),
            reference: counter::next::<CaseRef>(unit.tx, year)?,
            title: self.title.clone(),
            class: self.class.unwrap_or(Class::Event),
            reporter: unit.caller.id(),
            reported: When::instant(at),
            at,
        })
        .edit(CaseEdit {
            summary: self.summary.clone().map(Some),
            occurred: self.occurred.map(Some),
            ..CaseEdit::default()
        })?;
        cases::insert(unit.tx, std::slice::from_ref(&case))?;
        let receipt = Receipt { case_id: case.id, title: self.title.clone() };
        receipts::insert(unit.tx, &secret.code_hash(), &receipt, at)?;
        unit.tell(&News::Reported { case: case.id, by: None })?;
        Ok(OpenReceipt { reference: case.reference.to_string(), receipt: secret })
    }

    /// Whoever does not know whether their report arrived sends it again: it is the same one.
    fn registered(&self, tx: &mut Tx) -> Result<Option<OpenReceipt>, ServiceError> {
        let Some(receipt) = &self.receipt else { return Ok(None) };
        let Some(earlier) = receipts::by_secret(tx, &receipt.code_hash())? else { return Ok(None) };
        if earlier.title != self.title {
            let message = "something else was reported under this receipt; begin the report anew";
            return Err(ServiceError::new(Kind::Conflict, "open_reporting.receipt_used", message));
        }
        let case = cases::get(tx, earlier.case_id)?
            .ok_or_else(|| ServiceError::internal("a receipt is of no case"))?;
        Ok(Some(OpenReceipt { reference: case.reference.to_string(), receipt: receipt.clone() }))
    }
}
