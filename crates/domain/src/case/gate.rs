//! The gate before *closed*: what is missing in the loop of a case.

use serde::{Deserialize, Serialize};

use super::CaseState;
use crate::action::ActionState;
use crate::reference::{ActionRef, LessonRef, ReviewRef};

/// What is there: computed from the records, never ticked by hand.
#[derive(Debug, Clone, Default)]
pub struct LoopFacts {
    /// Reviews of the case with whether each is approved or waived.
    pub reviews: Vec<(ReviewRef, bool)>,
    /// How many causes the reviews found.
    pub cause_count: usize,
    /// Lessons of the case with whether each is past *draft*.
    pub lessons: Vec<(LessonRef, bool)>,
    /// Actions of the case.
    pub actions: Vec<ActionInLoop>,
    /// Whether something that was there already covers each of its lessons, and somebody approved that: then no action
    /// need be planned.
    pub is_covered: bool,
}

/// An action as the gate sees it.
#[derive(Debug, Clone)]
pub struct ActionInLoop {
    /// Its reference.
    pub reference: ActionRef,
    /// Where it stands.
    pub state: ActionState,
    /// Name of its owner.
    pub owner: String,
    /// Its due date.
    pub due_on: crate::time::Date,
}

/// One missing link, with what mends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// Stable code such as `review.missing`.
    pub code: String,
    /// What is missing and what to do, in one sentence.
    pub text: String,
}

/// What stands between a case and *closed*, in the order of the loop; empty when nothing does.
#[must_use]
pub fn missing(state: CaseState, facts: &LoopFacts) -> Vec<Missing> {
    let mut missing = Vec::new();
    let mut say = |code: &str, text: String| missing.push(Missing { code: code.to_owned(), text });
    if facts.reviews.is_empty() {
        say("review.missing", "there is no review; open one and look for the causes".to_owned());
    }
    for (reference, complete) in &facts.reviews {
        if !complete {
            say(
                "review.not_approved",
                format!("review {reference} is not approved; somebody else has to approve it"),
            );
        }
    }
    if facts.cause_count == 0 {
        say(
            "cause.missing",
            "no cause is written down; ask why until something the company can change".to_owned(),
        );
    }
    if facts.lessons.is_empty() {
        say("lesson.missing", "no lesson is drawn; say what the next team has to know".to_owned());
    }
    for (reference, approved) in &facts.lessons {
        if !approved {
            say(
                "lesson.not_approved",
                format!("lesson {reference} is a draft; somebody else has to approve it"),
            );
        }
    }
    if facts.actions.is_empty() && !facts.is_covered {
        say(
            "action.missing",
            "no action is planned; a lesson without an owner and a date changes nothing".to_owned(),
        );
    }
    for action in &facts.actions {
        if !action.state.is_finished() {
            let ActionInLoop { reference, state, owner, due_on } = action;
            say(
                "action.unfinished",
                format!(
                    "action {reference} is {}; {owner} owes it by {due_on}",
                    state.as_str().replace('_', " ")
                ),
            );
        }
    }
    if missing.is_empty() {
        missing.extend(ahead(state));
    }
    missing
}

/// What lies ahead of a case whose records are complete but which was opened again.
fn ahead(state: CaseState) -> Option<Missing> {
    let (code, text) = match state {
        CaseState::Acting | CaseState::Closed | CaseState::Void => return None,
        CaseState::Reported | CaseState::Triaged | CaseState::Responding => {
            ("response.not_over", "the response is not over; resolve the case, then review it")
        }
        CaseState::Resolved | CaseState::InReview => {
            ("review.none_since", "it was opened again; open a review of what is new and have it approved")
        }
    };
    Some(Missing { code: code.to_owned(), text: text.to_owned() })
}
