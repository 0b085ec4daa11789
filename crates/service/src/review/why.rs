//! Asking why: the ladder of a review.

use nevertwice_domain::cause::{
    BranchEnd, CauseEdit, CauseGraph, CauseKind, Confidence, LinkEdit, LinkKind, NewCause, Statement,
    Support, WhyNumber,
};
use nevertwice_domain::id::CauseId;
use nevertwice_domain::reference::ReviewRef;
use nevertwice_domain::text::{Line, Prose, fold};
use nevertwice_store::settings;
use serde::{Deserialize, Serialize};

use super::name::{CauseName, as_seen, effect, numbered};
use super::step::step;
use crate::case::{branch_version, cause_version};
use crate::error::ServiceError;
use crate::service::Unit;
use crate::set::Set;

/// Answers a why: of the problem, or of the cause with a number.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddWhy {
    /// The review.
    pub review: ReviewRef,
    /// The number of the cause that is asked about; the end of the first branch if unsaid.
    pub under: Option<WhyNumber>,
    /// Ask about the problem itself: a new branch from the top.
    pub of_problem: bool,
    /// The answer.
    pub statement: Statement,
    /// What it is.
    pub kind: Option<CauseKind>,
    /// How sure one is.
    pub confidence: Option<Confidence>,
    /// What shows it.
    pub evidence: Option<Prose>,
    /// What it did to its effect.
    pub link: Option<LinkKind>,
    /// Further effects that it explains in the same way; the problem itself is `0`.
    #[serde(default)]
    pub also: Vec<CauseName>,
    /// One of the company's categories of causes.
    #[serde(default)]
    pub category: Option<Line>,
    /// Whether the company can change it, if the branch ends here.
    #[serde(default)]
    pub end: Option<BranchEnd>,
}

/// Changes a cause.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EditWhy {
    /// The review.
    pub review: ReviewRef,
    /// The number of the cause.
    pub number: WhyNumber,
    /// The version of the cause that the caller saw. Others may have answered other whys since.
    #[serde(default)]
    pub version: Option<String>,
    /// The answer.
    pub statement: Option<Statement>,
    /// What it is.
    pub kind: Option<CauseKind>,
    /// How sure one is.
    pub confidence: Option<Confidence>,
    /// What shows it.
    pub evidence: Option<Set<Prose>>,
    /// Whether it is the primary cause; as it is if unsaid.
    #[serde(default)]
    pub primary: Option<bool>,
    /// One of the company's categories of causes.
    #[serde(default)]
    pub category: Option<Set<Line>>,
    /// Whether the company can change it, if the branch ends here.
    #[serde(default)]
    pub end: Option<Set<BranchEnd>>,
}

/// Removes a cause with everything under it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RemoveWhy {
    /// The review.
    pub review: ReviewRef,
    /// The number of the cause.
    pub number: WhyNumber,
    /// The version of the cause with everything under it that the caller saw.
    #[serde(default)]
    pub version: Option<String>,
}

/// Moves a cause with everything under it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MoveWhy {
    /// The review.
    pub review: ReviewRef,
    /// The number of the cause.
    pub number: WhyNumber,
    /// The number of the cause that it is to explain; the problem if none.
    pub under: Option<WhyNumber>,
    /// Its place among the answers there, from 0; the last if unsaid.
    pub position: Option<usize>,
}

step!(AddWhy, "add_why" as "add_cause", |unit, input, causes| {
    let above = match (input.of_problem, input.under) {
        (true, _) => None,
        (false, Some(number)) => Some(numbered(causes, number)?),
        (false, None) => end_of_first_branch(causes),
    };
    let id = unit.moment.id();
    let also = input.also.iter().map(|name| effect(causes, name)).collect::<Result<Vec<_>, _>>()?;
    let category = input.category.as_ref().map(|category| known_category(unit, category, None)).transpose()?;
    causes.ask_why(
        above,
        NewCause {
            id,
            statement: input.statement.clone(),
            kind: input.kind.unwrap_or(CauseKind::Condition),
            confidence: input.confidence.unwrap_or(Confidence::Likely),
            support: Support { note: input.evidence.clone(), ..Support::default() },
            link: input.link.unwrap_or(LinkKind::MadePossible),
            category,
            end: input.end.clone(),
        },
    )?;
    for effect in also {
        causes.link(id, effect, LinkEdit { kind: input.link, ..LinkEdit::default() })?;
    }
    Ok(())
});

step!(EditWhy, "edit_why" as "edit_cause", |unit, input, causes| {
    let id = as_seen(causes, input.number, input.version.as_deref(), cause_version)?;
    let before = causes.cause(id);
    let evidence = before.map(|cause| cause.support.evidence.clone()).unwrap_or_default();
    let category = match &input.category {
        Some(Set::To(category)) => {
            let old = before.and_then(|cause| cause.category.as_ref());
            Some(Some(known_category(unit, category, old)?))
        }
        Some(Set::Clear) => Some(None),
        None => None,
    };
    causes.edit(
        id,
        CauseEdit {
            statement: input.statement.clone(),
            kind: input.kind,
            confidence: input.confidence,
            support: input.evidence.clone().map(|note| Support { note: note.into_option(), evidence }),
            category,
            end: input.end.clone().map(Set::into_option),
        },
    )?;
    let is_primary = causes.cause(id).is_some_and(|cause| cause.primary);
    match input.primary {
        Some(true) => causes.set_primary(Some(id))?,
        Some(false) if is_primary => causes.set_primary(None)?,
        _ => {}
    }
    Ok(())
});

step!(RemoveWhy, "remove_why" as "remove_cause", |_, input, causes| {
    let seen = input.version.as_deref();
    let id = as_seen(causes, input.number, seen, |cause| branch_version(causes, cause))?;
    causes.remove_branch(id)?;
    Ok(())
});

step!(MoveWhy, "move_why" as "move_cause", |_, input, causes| {
    let id = numbered(causes, input.number)?;
    let effect = input.under.map(|number| numbered(causes, number)).transpose()?;
    causes.move_to(id, effect, input.position)?;
    Ok(())
});

/// A category in the company's own spelling. What stands there already may stay, whatever became of the list since.
fn known_category(unit: &mut Unit<'_>, category: &Line, old: Option<&Line>) -> Result<Line, ServiceError> {
    if old == Some(category) {
        return Ok(category.clone());
    }
    let known = settings::get(unit.tx)?.cause_categories;
    let wanted = fold(category.as_str());
    known.iter().find(|one| fold(one.as_str()) == wanted).cloned().ok_or_else(|| {
        let names: Vec<&str> = known.iter().map(Line::as_str).collect();
        let message = format!("{category} is no category of causes; expected one of: {}", names.join(", "));
        ServiceError::invalid("category", "cause.unknown_category", message)
    })
}

fn end_of_first_branch(causes: &CauseGraph) -> Option<CauseId> {
    causes.branches().first().and_then(|branch| branch.rungs.last()).map(|rung| rung.cause.id)
}
