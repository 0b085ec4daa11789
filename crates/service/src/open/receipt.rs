//! The way back to a report that was made without an account.

use nevertwice_domain::case::Case;
use nevertwice_domain::evidence::{Comment, Correspondence};
use nevertwice_domain::text::Prose;
use nevertwice_store::receipt::{self as receipts, Receipt};
use nevertwice_store::{Tx, case as cases};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::known_somebody;
use crate::account::{Door, Secret, place_of};
use crate::error::{Kind, ServiceError};
use crate::service::Service;
use crate::use_case::{Asked, UseCase};

/// Shows whoever holds a receipt what became of their report. Run by nobody.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowReceipt {
    /// The receipt.
    pub receipt: Secret,
    /// The network address that this comes from.
    #[serde(default)]
    pub address: Option<String>,
}

/// Answers a question about a report, or adds to it. Run by nobody.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AnswerByReceipt {
    /// The receipt.
    pub receipt: Secret,
    /// What to say, in Markdown.
    pub text: Prose,
    /// The network address that this comes from.
    #[serde(default)]
    pub address: Option<String>,
}

/// What a receipt shows, and nothing else of the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReceiptView {
    /// The reference of the case.
    pub reference: String,
    /// The title, as they wrote it.
    pub title: String,
    /// Where the case stands.
    pub state: String,
    /// Questions to them, and their answers, the oldest first.
    pub messages: Vec<MessageView>,
}

/// A question or an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MessageView {
    /// Whether it is from the reporter; otherwise it is to them. Who asked is not told.
    pub from_reporter: bool,
    /// What it says.
    pub text: String,
    /// When it was written, RFC 3339.
    pub written_at: String,
}

impl UseCase for ShowReceipt {
    type Output = ReceiptView;
    const NAME: &'static str = "show_receipt";

    fn run(self, asked: &Asked<'_>) -> Result<ReceiptView, ServiceError> {
        let (receipt, case) = attempt(asked.service, &self.receipt, self.address.as_deref())?;
        asked.service.db().read(|tx| view(tx, &receipt, &case))
    }
}

impl UseCase for AnswerByReceipt {
    type Output = ReceiptView;
    const NAME: &'static str = "answer_by_receipt";

    fn run(self, asked: &Asked<'_>) -> Result<ReceiptView, ServiceError> {
        let service = asked.service;
        attempt(service, &self.receipt, self.address.as_deref())?;
        let place = place_of(self.address.as_deref().unwrap_or_default());
        service.gate().take(&[Door::Open(place)], service.moment().at)?;
        let done = service.write_as(
            "answer_by_receipt",
            |tx, _| known_somebody(tx),
            move |unit| {
                let (receipt, case) = found(unit.tx, &self.receipt)?;
                case.may_grow()?;
                let answer = Comment {
                    id: unit.moment.id(),
                    case_id: case.id,
                    author_id: unit.caller.id(),
                    text: self.text.clone(),
                    written_at: unit.moment.at,
                    correspondence: Some(Correspondence::FromReporter),
                };
                cases::add_comments(unit.tx, std::slice::from_ref(&answer), case.version)?;
                view(unit.tx, &receipt, &case)
            },
        )?;
        Ok(done.value)
    }
}

/// Looks a receipt up; whoever shows what is none has fewer attempts left.
fn attempt(
    service: &Service,
    secret: &Secret,
    address: Option<&str>,
) -> Result<(Receipt, Case), ServiceError> {
    let doors = [Door::Receipt(place_of(address.unwrap_or_default()))];
    service.gate().take(&doors, service.moment().at)?;
    let found = service.db().read(|tx| found(tx, secret))?;
    service.gate().give_back(&doors);
    Ok(found)
}

fn found(tx: &mut Tx, secret: &Secret) -> Result<(Receipt, Case), ServiceError> {
    let unknown = || {
        let message = "there is no report of this receipt; look whether it is complete";
        ServiceError::new(Kind::Forbidden, "receipt.unknown", message)
    };
    let receipt = receipts::by_secret(tx, &secret.code_hash())?.ok_or_else(unknown)?;
    let case = cases::get(tx, receipt.case_id)?.ok_or_else(unknown)?;
    Ok((receipt, case))
}

fn view(tx: &mut Tx, receipt: &Receipt, case: &Case) -> Result<ReceiptView, ServiceError> {
    let mut comments = cases::comments(tx, case.id)?;
    comments.sort_by_key(|comment| (comment.written_at, comment.id));
    let messages = comments.iter().filter_map(|comment| {
        Some(MessageView {
            from_reporter: comment.correspondence? == Correspondence::FromReporter,
            text: comment.text.to_string(),
            written_at: comment.written_at.to_string(),
        })
    });
    Ok(ReceiptView {
        reference: case.reference.to_string(),
        title: receipt.title.to_string(),
        state: case.state.to_string(),
        messages: messages.collect(),
    })
}
