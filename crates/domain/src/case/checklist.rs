//! The loop checklist of a case: for each link whether it is there, who owes it and by when; whether the case is *learned*.

use std::collections::BTreeSet;

use super::gate::{response_missing, review_of_what_is_new};
use super::{CaseState, LoopFacts, LoopLink, Missing, Origin, Severity};
use crate::procedure::Rules;
use crate::time::Date;

words! {
    /// Where a link of the loop stands.
    LinkState("state of a link") {
        /// It is there.
        Done = "done",
        /// It is not there, and it should be.
        Missing = "missing",
        /// It is not there, and need not be yet.
        NotYetDue = "not_yet_due",
        /// It was declared not needed, and somebody else agreed.
        NotNeeded = "not_needed",
    }
}

/// One line of a checklist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChecklistLine {
    /// The link; none is the response, which nobody can declare not needed.
    pub link: Option<LoopLink>,
    /// Where it stands.
    pub state: LinkState,
    /// What is missing in it.
    pub missing: Vec<Missing>,
    /// Names of those who owe what is missing.
    pub owed_by: BTreeSet<String>,
    /// By when it is due under the version of the procedure that the review pinned; none before there is a review.
    pub due_on: Option<Date>,
}

/// The checklist of a case, in the order of the loop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checklist {
    /// The lines; none of a case that is void.
    pub lines: Vec<ChecklistLine>,
    /// When the last link is due: from the day after, the case counts for the loop score.
    pub due_on: Option<Date>,
    /// Whether it was closed elsewhere, before this register asked for anything: out of the score until somebody takes it up.
    pub is_before_the_loop: bool,
    /// Whether the case is closed and every link of its loop is in place.
    pub is_learned: bool,
    /// Whether a link was declared not needed, something that was there already is all that covers one of its lessons, or
    /// an action is not done by decision: shown beside every figure of the loop.
    pub is_exception: bool,
}

/// What a checklist is made from.
#[derive(Debug, Clone, Copy)]
pub struct LoopOf<'c> {
    /// Where the case stands.
    pub state: CaseState,
    /// Where it came from.
    pub origin: Origin,
    /// How bad it is.
    pub severity: Option<Severity>,
    /// The rules of the version of the procedure that its reviews run under.
    pub rules: &'c Rules,
}

/// By when the parts of a loop are due.
struct DueDates {
    review: Option<Date>,
    actions: Option<Date>,
    effect: Option<Date>,
}

const LINKS: [LoopLink; 8] = [
    LoopLink::Review,
    LoopLink::Causes,
    LoopLink::Similar,
    LoopLink::Lessons,
    LoopLink::Actions,
    LoopLink::Effectiveness,
    LoopLink::Controls,
    LoopLink::Risks,
];

impl LoopLink {
    /// Every link, in the order of the loop.
    #[must_use]
    pub fn all() -> [Self; 8] {
        LINKS
    }
}

impl ChecklistLine {
    /// The word for the link: `response`, or that of [`LoopLink`].
    #[must_use]
    pub fn word(&self) -> &'static str {
        self.link.map_or("response", LoopLink::as_str)
    }

    /// Whether nothing is asked for any more.
    #[must_use]
    pub fn is_in_place(&self) -> bool {
        matches!(self.state, LinkState::Done | LinkState::NotNeeded)
    }
}

impl Checklist {
    /// The checklist of a case on a day.
    #[must_use]
    pub fn of(case: LoopOf<'_>, facts: &LoopFacts, today: Date) -> Self {
        if case.state == CaseState::Void {
            return Self {
                lines: Vec::new(),
                due_on: None,
                is_before_the_loop: false,
                is_learned: false,
                is_exception: false,
            };
        }
        let due = DueDates::of(case, facts);
        let mut lines = vec![response(case.state, facts)];
        lines.extend(LINKS.into_iter().map(|link| line(case.state, link, facts, &due, today)));
        let (is_closed, is_whole) =
            (case.state == CaseState::Closed, lines.iter().all(ChecklistLine::is_in_place));
        Self {
            due_on: lines.iter().filter_map(|line| line.due_on).max(),
            is_exception: facts.has_exception()
                || lines.iter().any(|line| line.state == LinkState::NotNeeded),
            is_before_the_loop: case.origin == Origin::Import && is_closed && !is_whole,
            is_learned: is_closed && is_whole,
            lines,
        }
    }

    /// How many links are in place.
    #[must_use]
    pub fn in_place(&self) -> usize {
        self.lines.iter().filter(|line| line.is_in_place()).count()
    }
}

impl DueDates {
    /// No later than the version of the procedure allows that the review runs under: who moves dates, plans later for a
    /// reason, or puts a judgement off, does not move the score.
    fn of(case: LoopOf<'_>, facts: &LoopFacts) -> Self {
        let review = facts.reviews.iter().map(|review| review.due_on).max();
        let latest = review.map(|day| case.rules.action_due_by(day, case.severity));
        let planned = facts.actions.iter().map(|action| action.original_due_on).max();
        let actions = no_later(planned, latest);
        let check = |due_on| case.rules.check_due_by(due_on, case.severity);
        let effects =
            facts.actions.iter().map(|action| action.check_on.unwrap_or(check(action.original_due_on)));
        let covered =
            if facts.actions.is_empty() && facts.is_covered() { actions } else { actions.map(check) };
        Self { review, actions, effect: no_later(effects.max(), covered) }
    }

    fn of_link(&self, link: LoopLink) -> Option<Date> {
        match link {
            LoopLink::Review | LoopLink::Causes | LoopLink::Similar | LoopLink::Lessons => self.review,
            LoopLink::Actions | LoopLink::Controls | LoopLink::Risks => self.actions,
            LoopLink::Effectiveness => self.effect,
        }
    }
}

/// A day, or the latest one that is allowed if there is none or a later one.
fn no_later(day: Option<Date>, latest: Option<Date>) -> Option<Date> {
    match (day, latest) {
        (Some(day), Some(latest)) => Some(day.min(latest)),
        (day, latest) => day.or(latest),
    }
}

fn response(state: CaseState, facts: &LoopFacts) -> ChecklistLine {
    let is_over = !matches!(state, CaseState::Reported | CaseState::Triaged | CaseState::Responding);
    let mut line = ChecklistLine {
        link: None,
        state: if is_over { LinkState::Done } else { LinkState::NotYetDue },
        missing: Vec::new(),
        owed_by: BTreeSet::new(),
        due_on: None,
    };
    if !is_over {
        line.missing.push(response_missing());
        line.owed_by.extend(facts.responders.iter().cloned());
    }
    line
}

fn line(state: CaseState, link: LoopLink, facts: &LoopFacts, due: &DueDates, today: Date) -> ChecklistLine {
    let due_on = due.of_link(link);
    let mut missing = facts.missing_in(link);
    let is_open_again = matches!(state, CaseState::Resolved | CaseState::InReview);
    if link == LoopLink::Review && is_open_again && missing.is_empty() && !facts.is_not_needed(link) {
        missing.push(review_of_what_is_new());
    }
    // A review is declared not needed by being waived.
    let is_waived = link == LoopLink::Review
        && missing.is_empty()
        && !facts.reviews.is_empty()
        && facts.reviews.iter().all(|review| review.is_waived);
    let state = match (is_waived || facts.is_not_needed(link), missing.is_empty(), due_on) {
        (true, ..) => LinkState::NotNeeded,
        (false, true, _) => LinkState::Done,
        (false, false, Some(due)) if due < today => LinkState::Missing,
        (false, false, _) => LinkState::NotYetDue,
    };
    let owed_by = if missing.is_empty() { BTreeSet::new() } else { facts.owed_by(link) };
    ChecklistLine { link: Some(link), state, missing, owed_by, due_on }
}

impl LoopFacts {
    /// Who owes what is missing in a link; where nobody in particular does, whoever leads the review, or works on the case.
    fn owed_by(&self, link: LoopLink) -> BTreeSet<String> {
        let open = || self.actions.iter().filter(|action| !action.state.is_finished());
        let named: BTreeSet<String> = match link {
            LoopLink::Review | LoopLink::Causes | LoopLink::Similar | LoopLink::Controls => BTreeSet::new(),
            LoopLink::Lessons => {
                let drafts = self.lessons.iter().filter(|lesson| !lesson.is_approved);
                drafts.map(|lesson| lesson.author.clone()).collect()
            }
            LoopLink::Actions => open().map(|action| action.owner.clone()).collect(),
            LoopLink::Effectiveness => {
                let judges = self.actions.iter().filter(|action| !action.state.is_judged());
                judges.filter_map(|action| action.judge.clone()).collect()
            }
            LoopLink::Risks => {
                let risks = self.unseen_risks.iter().chain(&self.unaccepted_risks);
                risks.map(|risk| risk.owner.clone()).collect()
            }
        };
        if !named.is_empty() {
            return named;
        }
        let open = self.reviews.iter().filter(|review| !review.is_complete);
        let leaders: BTreeSet<String> = open.map(|review| review.facilitator.clone()).collect();
        let all = || self.reviews.iter().map(|review| review.facilitator.clone()).collect::<BTreeSet<_>>();
        match (leaders.is_empty(), self.reviews.is_empty()) {
            (false, _) => leaders,
            (true, false) => all(),
            (true, true) => self.responders.iter().cloned().collect(),
        }
    }
}

#[cfg(test)]
mod tests;
