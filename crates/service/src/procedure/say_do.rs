//! The say–do page: each promise of a version of the procedure, and whether it was kept.

use std::collections::BTreeMap;

use nevertwice_domain::permission::Verb;
use nevertwice_domain::procedure::{Promise, Rules, Subject, in_force, shipped};
use nevertwice_domain::reference::ProcedureRef;
use nevertwice_domain::time::Date;
use nevertwice_store::procedure::{self as procedures, ReviewTally};
use nevertwice_store::{review as reviews, visibility};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::today;
use crate::error::ServiceError;
use crate::service::Unit;
use crate::use_case::{Asked, UseCase};

/// Most records that are named beside a figure; the lists have them all.
const NAMED: u32 = 20;

/// Holds a version of the procedure against what was done.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SayDo {
    /// The version; the one in force if unsaid.
    pub procedure: Option<ProcedureRef>,
}

nevertwice_domain::words! {
    /// What became of a promise.
    Verdict("verdict on a promise") {
        /// Kept, as often as it was due.
        Kept = "kept",
        /// Broken at least once.
        Broken = "broken",
        /// Nothing was due yet.
        NothingDue = "nothing_due",
        /// The program refuses otherwise.
        Enforced = "enforced",
        /// Nothing that is kept tells.
        NotMeasurable = "not_measurable",
    }
}

/// The say–do page.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SayDoView {
    /// The version; none for the one that comes with the program.
    pub procedure: Option<String>,
    /// The day that the figures are of.
    pub as_of: String,
    /// Each promise, in the order of the document.
    pub promises: Vec<PromiseView>,
    /// The reviews that were not held in time, the longest overdue first: at most 20, those that the caller may know of.
    pub late_reviews: Vec<String>,
}

/// A promise and what became of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PromiseView {
    /// `reviews`, `actions`, `reminders`, `trends`, `targets` or `calendar`.
    pub part: String,
    /// The promise.
    pub text: String,
    /// `kept`, `broken`, `nothing_due`, `enforced` or `not_measurable`.
    pub verdict: String,
    /// How often it was kept.
    pub kept: u64,
    /// How often it was broken.
    pub broken: u64,
    /// How often it is still ahead.
    pub ahead: u64,
    /// How often it was waived, with a reason and an approver.
    pub waived: u64,
    /// Why it cannot be told, or what makes it sure.
    pub because: Option<String>,
}

impl UseCase for SayDo {
    type Output = SayDoView;
    const NAME: &'static str = "say_do";

    fn run(self, asked: &Asked<'_>) -> Result<SayDoView, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            unit.caller.may(Verb::ReadRegister)?;
            let today = today(unit)?;
            let all = procedures::all(unit.tx)?;
            let found = match self.procedure {
                Some(reference) => Some(super::view::readable(unit, reference)?),
                None => in_force(&all, today).cloned(),
            };
            let (number, rules) = match &found {
                Some(procedure) => (procedure.number(), &procedure.rules),
                None => (0, &shipped().rules),
            };
            Ok(SayDoView {
                procedure: found.as_ref().map(|procedure| procedure.reference.to_string()),
                as_of: today.to_string(),
                promises: held(unit, number, rules, today)?,
                late_reviews: late_reviews(unit, number, today)?,
            })
        })
    }
}

fn held(
    unit: &mut Unit<'_>,
    number: u32,
    rules: &Rules,
    today: Date,
) -> Result<Vec<PromiseView>, ServiceError> {
    let tallies = procedures::review_tallies(unit.tx, number, today)?;
    let tallies: BTreeMap<u32, ReviewTally> = tallies.into_iter().map(|tally| (tally.rule, tally)).collect();
    Ok(rules.promises().into_iter().map(|promise| verdict(promise, &tallies)).collect())
}

fn verdict(promise: Promise, tallies: &BTreeMap<u32, ReviewTally>) -> PromiseView {
    let of = |rule: u32| tallies.get(&rule).copied().unwrap_or_default();
    let (verdict, figures, because) = match promise.subject {
        Subject::ReviewHeld(rule) => {
            let tally = of(rule);
            (None, (tally.on_time, tally.late, tally.ahead, tally.waived), None)
        }
        Subject::ReviewPeople(rule) => {
            (Some(Verdict::Enforced), (of(rule).submitted, 0, 0, 0), Some("a review with fewer is not taken"))
        }
        Subject::ReviewApproved(rule) => {
            (Some(Verdict::Enforced), (of(rule).approved, 0, 0, 0), Some("nobody else's approval is taken"))
        }
        Subject::TrendReviewed(_) => {
            let opened = tallies.values().map(|tally| tally.trends).sum();
            (Some(Verdict::Enforced), (opened, 0, 0, 0), Some("the program opens it"))
        }
        Subject::Days => (Some(Verdict::Enforced), (0, 0, 0, 0), Some("says how days are counted")),
        Subject::ActionDue(_)
        | Subject::EffectJudged(_)
        | Subject::Reminded
        | Subject::Escalated(_)
        | Subject::TargetReached(_) => (
            Some(Verdict::NotMeasurable),
            (0, 0, 0, 0),
            Some("nothing that is kept tells which version it was promised under"),
        ),
    };
    let (kept, broken, ahead, waived) = figures;
    let told = verdict.unwrap_or(match (kept, broken) {
        (_, 1..) => Verdict::Broken,
        (1.., 0) => Verdict::Kept,
        (0, 0) => Verdict::NothingDue,
    });
    PromiseView {
        part: promise.part.to_string(),
        text: promise.text,
        verdict: told.to_string(),
        kept,
        broken,
        ahead,
        waived,
        because: because.map(str::to_owned),
    }
}

/// The reviews that were not held in time, as far as the caller may know of them.
fn late_reviews(unit: &mut Unit<'_>, number: u32, today: Date) -> Result<Vec<String>, ServiceError> {
    let ids = procedures::late_reviews(unit.tx, number, today, NAMED)?;
    let uuids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    let me = unit.caller.id();
    let hidden = visibility::shut_out(unit.tx, nevertwice_domain::object::ObjectKind::Review, &uuids, me)?;
    let mut late = reviews::several(unit.tx, &ids)?;
    late.retain(|one| !hidden.contains(&one.review.id.uuid()));
    late.sort_by_key(|one| (one.review.due_on, one.review.reference));
    Ok(late.iter().map(|one| one.review.reference.to_string()).collect())
}
