//! Links of a case's loop that are declared not needed: one says why, another one agrees, or it is taken back.

use nevertwice_domain::case::{Case, Declaration, LoopLink};
use nevertwice_domain::permission::{Relation, Verb};
use nevertwice_domain::reference::CaseRef;
use nevertwice_domain::text::Prose;
use nevertwice_store::case as cases;
use serde::{Deserialize, Serialize};

use super::consequences::{DeclarationView, declaration_views};
use super::editable;
use super::load::existing;
use crate::caller::Caller;
use crate::error::{Kind, ServiceError};
use crate::service::Unit;
use crate::use_case::Change;

/// Declares that a link of a case's loop is not needed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeclareNotNeeded {
    /// The case.
    pub case: CaseRef,
    /// The link.
    pub link: LoopLink,
    /// Why it is not needed.
    pub reason: Prose,
}

/// Agrees that a link is not needed; never whoever declared it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ApproveDeclaration {
    /// The case.
    pub case: CaseRef,
    /// The link.
    pub link: LoopLink,
}

/// Takes a declaration back: the link is needed after all.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RemoveDeclaration {
    /// The case.
    pub case: CaseRef,
    /// The link.
    pub link: LoopLink,
}

impl Change for DeclareNotNeeded {
    type Output = Vec<DeclarationView>;
    const NAME: &'static str = "declare_not_needed";

    fn change(&self, unit: &mut Unit<'_>) -> Result<Vec<DeclarationView>, ServiceError> {
        let case = editable(unit, self.case, None)?;
        if self.link == LoopLink::Review {
            let message =
                "a review that is not needed is waived, with a reason, by somebody who may approve it";
            return Err(ServiceError::invalid("link", "declaration.review_is_waived", message));
        }
        if cases::declarations(unit.tx, case.id)?.iter().any(|one| one.link == self.link) {
            let message = format!(
                "{} of {} are declared not needed already; take that back first",
                self.link, self.case
            );
            return Err(ServiceError::invalid("link", "declaration.there_already", message));
        }
        let (by, at) = (unit.caller.id(), unit.moment.at);
        let declaration =
            Declaration::declare(unit.moment.id(), case.id, self.link, self.reason.clone(), by, at);
        cases::add_declaration(unit.tx, &declaration, case.version)?;
        of_case(unit, &case)
    }
}

impl Change for ApproveDeclaration {
    type Output = Vec<DeclarationView>;
    const NAME: &'static str = "approve_declaration";

    fn change(&self, unit: &mut Unit<'_>) -> Result<Vec<DeclarationView>, ServiceError> {
        let case = existing(unit, self.case)?;
        let found = of_link(unit, &case, self.link)?;
        let relation = approving(&unit.caller, &case, found.as_ref());
        unit.caller.may_in(Verb::Approve, relation, format!("case {}", case.reference))?;
        case.may_grow()?;
        let before = found.ok_or_else(|| nothing_declared(&case, self.link))?;
        let after = before.clone().approve(unit.caller.id(), unit.moment.at)?;
        cases::save_declaration(unit.tx, &before, &after, case.version)?;
        of_case(unit, &case)
    }
}

impl Change for RemoveDeclaration {
    type Output = Vec<DeclarationView>;
    const NAME: &'static str = "remove_declaration";

    fn change(&self, unit: &mut Unit<'_>) -> Result<Vec<DeclarationView>, ServiceError> {
        let case = editable(unit, self.case, None)?;
        let found = of_link(unit, &case, self.link)?;
        let declaration = found.ok_or_else(|| nothing_declared(&case, self.link))?;
        // What nobody agreed to counts for nothing, and may go at any time.
        if declaration.is_approved() {
            case.may_lose()?;
        }
        cases::remove_declaration(unit.tx, &declaration, case.version)?;
        of_case(unit, &case)
    }
}

/// How somebody stands to a declaration that they may agree with.
pub(super) fn approving(caller: &Caller, case: &Case, declaration: Option<&Declaration>) -> Relation {
    let base = caller.relation(case);
    let author = declaration.is_some_and(|declaration| declaration.declared_by == caller.id());
    Relation { named: base.assigned, author, ..base }
}

/// Whether the caller's roles let them agree that a link is not needed.
pub(crate) fn may_approve_declaration(caller: &Caller, case: &Case, declaration: &Declaration) -> bool {
    let relation = approving(caller, case, Some(declaration));
    caller.roles_allow(Verb::Approve, relation, "declaration").is_ok()
}

fn of_link(unit: &mut Unit<'_>, case: &Case, link: LoopLink) -> Result<Option<Declaration>, ServiceError> {
    Ok(cases::declarations(unit.tx, case.id)?.into_iter().find(|one| one.link == link))
}

fn nothing_declared(case: &Case, link: LoopLink) -> ServiceError {
    let message = format!("nobody declared that {link} of {} are not needed", case.reference);
    ServiceError::new(Kind::Conflict, "declaration.nothing_declared", message)
}

fn of_case(unit: &mut Unit<'_>, case: &Case) -> Result<Vec<DeclarationView>, ServiceError> {
    let all = cases::declarations(unit.tx, case.id)?;
    declaration_views(unit, case, &all)
}
