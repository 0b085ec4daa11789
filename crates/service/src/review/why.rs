//! Asking why: the ladder of a review.

use nevertwice_domain::cause::{
    Cause, CauseEdit, CauseGraph, CauseKind, Confidence, LinkKind, NewCause, Statement, Support, WhyNumber,
};
use nevertwice_domain::id::CauseId;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::ReviewRef;
use nevertwice_domain::text::Prose;
use serde::{Deserialize, Serialize};

use super::ReviewView;
use super::asked::begin;
use super::open::{allowed, save_review};
use crate::case::{branch_version, cause_version};
use crate::error::{Kind, ServiceError};
use crate::service::Unit;
use crate::set::Set;
use crate::use_case::Change;

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

/// Declares a use case that changes the causes of a review in one step.
macro_rules! step {
    ($type:ty, $name:literal $(as $action:literal)?, $step:expr) => {
        impl Change for $type {
            type Output = ReviewView;
            const NAME: &'static str = $name;
            $(const ACTION: &'static str = $action;)?

            fn change(&self, unit: &mut Unit<'_>) -> Result<ReviewView, ServiceError> {
                let step: fn(&mut Unit<'_>, &Self, &mut CauseGraph) -> Result<(), ServiceError> = $step;
                let (before, case) = allowed(unit, self.review, Verb::EditCase)?;
                before.review.may_change_causes()?;
                begin(unit, &case)?;
                let mut causes = before.causes.clone();
                step(unit, self, &mut causes)?;
                save_review(unit, &before, &before.with_causes(causes))
            }
        }
    };
}

step!(AddWhy, "add_why" as "add_cause", |unit, input, causes| {
    let effect = match (input.of_problem, input.under) {
        (true, _) => None,
        (false, Some(number)) => Some(numbered(causes, number)?),
        (false, None) => end_of_first_branch(causes),
    };
    causes.ask_why(
        effect,
        NewCause {
            id: unit.moment.id(),
            statement: input.statement.clone(),
            kind: input.kind.unwrap_or(CauseKind::Condition),
            confidence: input.confidence.unwrap_or(Confidence::Likely),
            support: Support { note: input.evidence.clone(), ..Support::default() },
            link: input.link.unwrap_or(LinkKind::MadePossible),
        },
    )?;
    Ok(())
});

step!(EditWhy, "edit_why" as "edit_cause", |_, input, causes| {
    let id = as_seen(causes, input.number, input.version.as_deref(), cause_version)?;
    let evidence = causes.cause(id).map(|cause| cause.support.evidence.clone()).unwrap_or_default();
    causes.edit(
        id,
        CauseEdit {
            statement: input.statement.clone(),
            kind: input.kind,
            confidence: input.confidence,
            support: input.evidence.clone().map(|note| Support { note: note.into_option(), evidence }),
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

fn numbered(causes: &CauseGraph, number: WhyNumber) -> Result<CauseId, ServiceError> {
    causes.numbered_cause(number).map(|cause| cause.id).ok_or_else(|| {
        let message = format!("there is no why {number}; review show lists them with their numbers");
        ServiceError::invalid("number", "cause.unknown_number", message)
    })
}

/// The cause that the caller saw, if it is still as they saw it: numbers move when others answer or remove, so that a
/// version names it better than they do. Without a version it is the one that has the number now.
fn as_seen(
    causes: &CauseGraph,
    number: WhyNumber,
    seen: Option<&str>,
    version: impl Fn(&Cause) -> String,
) -> Result<CauseId, ServiceError> {
    let Some(seen) = seen else { return numbered(causes, number) };
    let id = seen.split_once('.').and_then(|(id, _)| id.parse::<CauseId>().ok()).ok_or_else(|| {
        let message = "is no version of an answer; show the review, and name the one that it has there";
        ServiceError::invalid("version", "cause.version", message)
    })?;
    let Some(cause) = causes.cause(id) else {
        let message = format!("what you saw as why {number} was taken away since; look at the review again");
        return Err(ServiceError::new(Kind::Conflict, "cause.gone", message));
    };
    if version(cause) == seen {
        return Ok(id);
    }
    match causes.number_of(id) {
        Some(now) if now != number => {
            let message =
                format!("what you saw as why {number} was changed since, and is why {now} now; look there");
            Err(ServiceError::new(Kind::Conflict, "cause.moved", message))
        }
        _ => {
            let message = format!("why {number} was changed since you read it; look at it again");
            Err(ServiceError::new(Kind::Stale, "stale", message))
        }
    }
}

fn end_of_first_branch(causes: &CauseGraph) -> Option<CauseId> {
    causes.branches().first().and_then(|branch| branch.rungs.last()).map(|rung| rung.cause.id)
}
