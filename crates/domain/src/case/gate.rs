//! What is there of the loop of a case and what is missing, link by link: the gate before *closed*, and what the checklist
//! tells. Computed from the records, never ticked by hand.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{CaseState, LoopLink, Severity};
use crate::action::ActionState;
use crate::reference::{ActionRef, LessonRef, ReviewRef, RiskRef};
use crate::strength::{ActionStrength, is_answered_only_by_training};
use crate::time::Date;

/// What there is of the loop of a case. People stand in it by their names.
#[derive(Debug, Clone, Default)]
pub struct LoopFacts {
    /// Reviews of the case; a trend review of several cases has its own end and is none of them.
    pub reviews: Vec<ReviewInLoop>,
    /// How many causes the reviews found.
    pub cause_count: usize,
    /// Lessons of the case. A draft that was retired is none: nobody ever agreed to it.
    pub lessons: Vec<LessonInLoop>,
    /// Actions of the case.
    pub actions: Vec<ActionInLoop>,
    /// How many times it was said how a control did, or what the case changed in one.
    pub control_count: usize,
    /// How many looks at a risk the case asked for; "no change" is one.
    pub risk_look_count: usize,
    /// Open risks that are linked to it and were not looked at because of it.
    pub unseen_risks: Vec<RiskInLoop>,
    /// Risks that were looked at because of it and of which the owner has not accepted what remains.
    pub unaccepted_risks: Vec<RiskInLoop>,
    /// Links that are declared not needed, and whether somebody else agreed.
    pub declared: BTreeMap<LoopLink, bool>,
    /// How bad the case is.
    pub severity: Option<Severity>,
    /// Who works on the case.
    pub responders: Vec<String>,
}

/// A review as the loop sees it.
#[derive(Debug, Clone)]
pub struct ReviewInLoop {
    /// Its reference.
    pub reference: ReviewRef,
    /// Whether it is approved or waived.
    pub is_complete: bool,
    /// Whether it is waived.
    pub is_waived: bool,
    /// Whether it goes as deep as the procedure asks of the case as it is classified now.
    pub is_thorough: bool,
    /// Whether a look for similar cases belongs to it and nobody wrote one down.
    pub lacks_look: bool,
    /// Who leads it.
    pub facilitator: String,
    /// By when it is to be held.
    pub due_on: Date,
}

/// A lesson as the loop sees it.
#[derive(Debug, Clone)]
pub struct LessonInLoop {
    /// Its reference.
    pub reference: LessonRef,
    /// Whether somebody else approved it. One that was retired since was learned all the same: people change what they
    /// rely on without opening the cases again that taught it.
    pub is_approved: bool,
    /// Whether it was shown not to hold, and nobody approved it again since.
    pub has_failed: bool,
    /// Whether nobody relies on it any more; then nothing need put it to work.
    pub is_retired: bool,
    /// Who wrote it.
    pub author: String,
    /// Whether an action of this case puts it to work.
    pub is_acted_on: bool,
    /// Whether an action of another case that it was learned from puts it to work.
    pub is_acted_on_elsewhere: bool,
    /// Whether something covers it that is in force, and somebody else approved that.
    pub is_covered: bool,
}

/// An action as the loop sees it.
#[derive(Debug, Clone)]
pub struct ActionInLoop {
    /// Its reference.
    pub reference: ActionRef,
    /// Where it stands.
    pub state: ActionState,
    /// Name of its owner.
    pub owner: String,
    /// Its due date.
    pub due_on: Date,
    /// Its first due date, which never changes.
    pub original_due_on: Date,
    /// When its effect is to be looked at.
    pub check_on: Option<Date>,
    /// Who is asked to judge that.
    pub judge: Option<String>,
    /// Whether another action follows it, which did not work.
    pub is_followed: bool,
    /// Whether it was decided not to do it until a day that has passed.
    pub is_to_decide_again: bool,
    /// How strongly it works.
    pub strength: ActionStrength,
}

/// A risk as the loop sees it.
#[derive(Debug, Clone)]
pub struct RiskInLoop {
    /// Its reference.
    pub reference: RiskRef,
    /// Name of its owner.
    pub owner: String,
}

/// One thing that is missing, with what mends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// Stable code such as `review.missing`.
    pub code: String,
    /// What is missing and what to do, in one sentence.
    pub text: String,
}

impl Missing {
    fn new(code: &str, text: impl Into<String>) -> Self {
        Self { code: code.to_owned(), text: text.into() }
    }
}

/// The links without which a case is not closed. The others make it *learned*.
const BEFORE_CLOSED: [LoopLink; 5] =
    [LoopLink::Review, LoopLink::Causes, LoopLink::Similar, LoopLink::Lessons, LoopLink::Actions];

/// What stands between a case and *closed*, in the order of the loop; empty when nothing does. A link that was declared
/// not needed, and approved so, is not asked for.
#[must_use]
pub fn missing(state: CaseState, facts: &LoopFacts) -> Vec<Missing> {
    let mut missing = Vec::new();
    for link in BEFORE_CLOSED {
        missing.extend(facts.missing_in(link));
    }
    // A risk that the case is linked to is looked at again, or it is said why it is as it was.
    if !facts.is_not_needed(LoopLink::Risks) {
        missing.extend(facts.unseen_risks());
    }
    if missing.is_empty() {
        missing.extend(ahead(state, facts));
    }
    missing
}

/// What lies ahead of a case whose records are complete but which was opened again.
fn ahead(state: CaseState, facts: &LoopFacts) -> Option<Missing> {
    match state {
        CaseState::Acting | CaseState::Closed | CaseState::Void => None,
        CaseState::Reported | CaseState::Triaged | CaseState::Responding => Some(response_missing()),
        CaseState::Resolved | CaseState::InReview => {
            (!facts.is_not_needed(LoopLink::Review)).then(review_of_what_is_new)
        }
    }
}

pub(super) fn response_missing() -> Missing {
    Missing::new("response.not_over", "the response is not over; resolve the case, then review it")
}

pub(super) fn review_of_what_is_new() -> Missing {
    Missing::new(
        "review.none_since",
        "no review is of what happened since the last one; open a review of what is new and have it approved",
    )
}

fn review_too_light() -> Missing {
    Missing::new(
        "review.too_light",
        "no review is as thorough as the procedure asks of a case of this class and severity; open one that is",
    )
}

impl LoopFacts {
    /// Whether a link is declared not needed and somebody else agreed.
    #[must_use]
    pub fn is_not_needed(&self, link: LoopLink) -> bool {
        self.declared.get(&link).copied().unwrap_or(false)
    }

    /// What is missing in a link; nothing in one that is not needed.
    pub(super) fn missing_in(&self, link: LoopLink) -> Vec<Missing> {
        if self.is_not_needed(link) {
            return Vec::new();
        }
        match link {
            LoopLink::Review => self.reviews_missing(),
            LoopLink::Causes => self.causes_missing(),
            LoopLink::Similar => self.looks_missing(),
            LoopLink::Lessons => self.lessons_missing(),
            LoopLink::Actions => self.actions_missing(),
            LoopLink::Effectiveness => self.judgements_missing(),
            LoopLink::Controls => self.controls_missing(),
            LoopLink::Risks => self.risks_missing(),
        }
    }

    fn reviews_missing(&self) -> Vec<Missing> {
        if self.reviews.is_empty() {
            return vec![Missing::new(
                "review.missing",
                "there is no review; open one and look for the causes",
            )];
        }
        let open = self.reviews.iter().filter(|review| !review.is_complete);
        let said = open.map(|review| {
            let reference = review.reference;
            let text = format!("review {reference} is not approved; somebody else has to approve it");
            Missing::new("review.not_approved", text)
        });
        let missing: Vec<Missing> = said.collect();
        let is_too_light = missing.is_empty() && !self.reviews.iter().any(|review| review.is_thorough);
        if is_too_light { vec![review_too_light()] } else { missing }
    }

    fn causes_missing(&self) -> Vec<Missing> {
        let text = "no cause is written down; ask why until something the company can change";
        some_if(self.cause_count == 0, "cause.missing", text)
    }

    fn looks_missing(&self) -> Vec<Missing> {
        if self.reviews.is_empty() {
            let text = "nobody looked for similar cases; the review asks for it";
            return vec![Missing::new("similar.missing", text)];
        }
        let lacking = self.reviews.iter().filter(|review| review.lacks_look);
        let said = lacking.map(|review| {
            let text = format!(
                "nobody looked for similar cases in review {}; write down what was found, none is an answer too",
                review.reference
            );
            Missing::new("similar.missing", text)
        });
        said.collect()
    }

    /// What was learned turned out not to hold: somebody agrees to it again, or it is retired.
    fn lessons_failed(&self) -> impl Iterator<Item = Missing> {
        self.lessons.iter().filter(|lesson| lesson.has_failed).map(|lesson| {
            let text = format!(
                "lesson {} did not hold; approve it again once something else is done for it, or retire it",
                lesson.reference
            );
            Missing::new("lesson.did_not_hold", text)
        })
    }

    fn lessons_missing(&self) -> Vec<Missing> {
        if self.lessons.is_empty() {
            return vec![Missing::new(
                "lesson.missing",
                "no lesson is drawn; say what the next team has to know",
            )];
        }
        let drafts = self.lessons.iter().filter(|lesson| !lesson.is_approved);
        let said = drafts.map(|lesson| {
            let text = format!("lesson {} is a draft; somebody else has to approve it", lesson.reference);
            Missing::new("lesson.not_approved", text)
        });
        said.chain(self.lessons_failed()).collect()
    }

    /// Whether each of its lessons is covered, so that no action of its own need be carried out.
    pub(super) fn is_covered(&self) -> bool {
        !self.lessons.is_empty() && self.lessons.iter().all(|lesson| lesson.is_covered)
    }

    /// Whether a lesson is carried by what covers it alone, or an action is not done: nothing is missing then, but an
    /// auditor asks.
    pub(super) fn has_exception(&self) -> bool {
        self.lessons.iter().any(|lesson| lesson.is_covered && !lesson.is_acted_on)
            || self.actions.iter().any(|action| !action.state.is_wanted())
    }

    /// Whether something was done about it, or is there already. A case of which everything planned was decided not to be
    /// done has changed nothing.
    fn is_answered(&self) -> bool {
        self.is_covered() || self.actions.iter().any(|action| action.state.is_carried_out())
    }

    fn actions_missing(&self) -> Vec<Missing> {
        let mut missing = self.actions_unfinished();
        if self.actions.is_empty() && !self.is_answered() {
            let text = "no action is planned; a lesson without an owner and a date changes nothing";
            missing.push(Missing::new("action.missing", text));
        } else if missing.is_empty() && !self.is_answered() {
            let text =
                "no action was carried out; plan one, or name what covers each lesson and have that approved";
            missing.push(Missing::new("action.none_carried_out", text));
        }
        missing.extend(self.lessons_not_at_work());
        missing.extend(self.only_training());
        missing
    }

    /// Actions that are owed, or of which the decision not to do them holds no longer.
    fn actions_unfinished(&self) -> Vec<Missing> {
        let mut missing = Vec::new();
        for action in self.actions.iter().filter(|action| !action.state.is_finished()) {
            let ActionInLoop { reference, state, owner, due_on, .. } = action;
            let state = state.as_str().replace('_', " ");
            missing.push(Missing::new(
                "action.unfinished",
                format!("action {reference} is {state}; {owner} owes it by {due_on}"),
            ));
        }
        for action in self.actions.iter().filter(|action| action.is_to_decide_again) {
            let text = format!(
                "the decision not to do {} holds no longer; decide again, or take it up after all",
                action.reference
            );
            missing.push(Missing::new("action.decide_again", text));
        }
        missing
    }

    /// Lessons that the list of orphans would show too.
    fn lessons_not_at_work(&self) -> Vec<Missing> {
        let at_work =
            |lesson: &LessonInLoop| lesson.is_acted_on || lesson.is_acted_on_elsewhere || lesson.is_covered;
        let idle = self.lessons.iter().filter(|lesson| lesson.is_approved && !lesson.is_retired);
        let said = idle.filter(|lesson| !at_work(lesson)).map(|lesson| {
            let text = format!(
                "nothing in force puts lesson {} to work; plan an action for it, or name what covers it and have that \
                 approved",
                lesson.reference
            );
            Missing::new("lesson.not_at_work", text)
        });
        said.collect()
    }

    fn only_training(&self) -> Vec<Missing> {
        let done = self.actions.iter().filter(|action| action.state.is_wanted());
        some_if(
            is_answered_only_by_training(self.severity, done.map(|action| action.strength)),
            "action.only_training",
            "a serious case is answered by training alone; change something that does not depend on people remembering",
        )
    }

    /// Of every action that was carried out, somebody said whether it works; what did not work is followed by another.
    fn judgements_missing(&self) -> Vec<Missing> {
        let text = "no action is there whose effect could be judged";
        let nothing = !self.is_covered() && !self.actions.iter().any(|action| action.state.is_wanted());
        let mut missing = some_if(nothing, "check.nothing", text);
        for action in &self.actions {
            let reference = action.reference;
            let (code, text) = match action.state {
                ActionState::Effective | ActionState::NotDoing => continue,
                ActionState::NotEffective if action.is_followed => continue,
                ActionState::NotEffective => {
                    ("check.not_followed", format!("action {reference} did not work; plan what follows it"))
                }
                ActionState::Done => {
                    ("check.missing", format!("nobody has judged yet whether action {reference} works"))
                }
                ActionState::Open | ActionState::InProgress => {
                    ("check.not_yet", format!("action {reference} is judged once it is done"))
                }
            };
            missing.push(Missing::new(code, text));
        }
        missing
    }

    fn controls_missing(&self) -> Vec<Missing> {
        let text =
            "no control is named; say which one worked, failed or was absent, and what was changed in it";
        some_if(self.control_count == 0, "control.missing", text)
    }

    fn risks_missing(&self) -> Vec<Missing> {
        let text =
            "no risk was looked at because of it; assess one again, \"no change\" with its reason counts";
        let nothing = self.risk_look_count == 0 && self.unseen_risks.is_empty();
        let mut missing = some_if(nothing, "risk.missing", text);
        missing.extend(self.unseen_risks());
        missing.extend(self.unaccepted_risks.iter().map(|risk| {
            let RiskInLoop { reference, owner } = risk;
            let text = format!("{owner} has not accepted yet what remains of risk {reference}");
            Missing::new("risk.not_accepted", text)
        }));
        missing
    }

    fn unseen_risks(&self) -> Vec<Missing> {
        let said = self.unseen_risks.iter().map(|risk| {
            let text = format!(
                "risk {} is linked to it and was not looked at since; assess it again, or say why it is as it was",
                risk.reference
            );
            Missing::new("risk.not_looked_at", text)
        });
        said.collect()
    }
}

fn some_if(is_so: bool, code: &str, text: &str) -> Vec<Missing> {
    if is_so { vec![Missing::new(code, text)] } else { Vec::new() }
}
