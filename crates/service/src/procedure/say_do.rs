//! The say–do page: each promise of a version of the procedure, and whether it was kept.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::object::ObjectKind;
use nevertwice_domain::permission::{Relation, Verb};
use nevertwice_domain::procedure::{
    Indicator, Measured, Outcome, Promise, Rules, Subject, Target, VersionName, in_force, shipped,
};
use nevertwice_domain::time::Date;
use nevertwice_store::procedure::{self as procedures, ReviewTally};
use nevertwice_store::promised::{self, Promised};
use nevertwice_store::{review as reviews, visibility};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::today;
use crate::error::ServiceError;
use crate::search::learned_and_open;
use crate::service::Unit;
use crate::use_case::{Asked, UseCase};

/// Most records that are named beside a figure; the lists have them all.
const NAMED: u32 = 20;

/// Holds a version of the procedure against what was done.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SayDo {
    /// The version, `shipped` for the one that comes with the program; the one in force if unsaid.
    pub procedure: Option<VersionName>,
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
    /// Why it cannot be told, what makes it sure, or what is counted.
    pub because: Option<String>,
    /// What the figures are made of, the longest due first: of each outcome at most 20, those that the caller may know of.
    #[serde(default)]
    pub records: Vec<PromisedRecord>,
}

/// A record that a promise was kept or broken with.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct PromisedRecord {
    /// Its reference: an action, a review or a case.
    pub reference: String,
    /// `kept`, `broken`, `ahead` or `waived`.
    pub outcome: String,
}

impl UseCase for SayDo {
    type Output = SayDoView;
    const NAME: &'static str = "say_do";

    fn run(self, asked: &Asked<'_>) -> Result<SayDoView, ServiceError> {
        asked.service.read(asked.identity, |unit| unit.caller.may(Verb::ReadRegister))?;
        let (learned, open) = learned_and_open(asked)?;
        asked.service.read(asked.identity, |unit| {
            unit.caller.may(Verb::ReadRegister)?;
            let today = today(unit)?;
            let all = procedures::all(unit.tx)?;
            let found = match self.procedure {
                // What ran under it is held against it whatever came later.
                Some(VersionName::Shipped) => None,
                Some(VersionName::Own(reference)) => Some(super::view::readable(unit, reference)?),
                None => in_force(&all, today).cloned(),
            };
            let (number, rules) = match &found {
                Some(procedure) => (procedure.number(), &procedure.rules),
                None => (0, &shipped().rules),
            };
            Ok(SayDoView {
                procedure: found.as_ref().map(|procedure| procedure.reference.to_string()),
                as_of: today.to_string(),
                promises: held(unit, number, rules, today, (learned, open, 0, 0))?,
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
    loop_score: Figures,
) -> Result<Vec<PromiseView>, ServiceError> {
    let tallies = procedures::review_tallies(unit.tx, number, today)?;
    let tallies: BTreeMap<u32, ReviewTally> = tallies.into_iter().map(|tally| (tally.rule, tally)).collect();
    let found = Found { loop_score, ..Found::read(unit, number, today)? };
    Ok(rules.promises().into_iter().map(|promise| verdict(promise, &tallies, &found)).collect())
}

/// What became of what is counted.
#[derive(Default)]
struct Found {
    /// By what it is and where.
    promised: BTreeMap<(Measured, u32), Counted>,
    /// Of the cases whose every link is due, those that are learned and the others.
    loop_score: Figures,
}

/// How often something was kept, broken, is ahead or waived, with the first records of each that the caller may know of.
#[derive(Clone, Default)]
struct Counted {
    figures: Figures,
    records: Vec<PromisedRecord>,
}

/// Kept, broken, ahead, waived.
type Figures = (u64, u64, u64, u64);

impl Found {
    fn read(unit: &mut Unit<'_>, number: u32, today: Date) -> Result<Self, ServiceError> {
        let mut found = Self::default();
        let actions = promised::actions(unit.tx, number, today, NAMED)?;
        found.add(unit, ObjectKind::Action, actions)?;
        let reviews = promised::reviews(unit.tx, number, today, NAMED)?;
        found.add(unit, ObjectKind::Review, reviews)?;
        let cases = promised::cases(unit.tx, number, today, NAMED)?;
        found.add(unit, ObjectKind::Case, cases)?;
        Ok(found)
    }

    fn add(
        &mut self,
        unit: &mut Unit<'_>,
        kind: ObjectKind,
        promised: Vec<Promised>,
    ) -> Result<(), ServiceError> {
        let ids: BTreeSet<_> = promised.iter().map(|one| one.id).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let hidden = visibility::shut_out(unit.tx, kind, &ids, unit.caller.id())?;
        let reads = reads_records(unit);
        for one in promised {
            let counted = self.promised.entry((one.subject, one.place)).or_default();
            match one.outcome {
                Outcome::Kept => counted.figures.0 = one.total,
                Outcome::Broken => counted.figures.1 = one.total,
                Outcome::Ahead => counted.figures.2 = one.total,
                Outcome::Waived => counted.figures.3 = one.total,
            }
            if reads && !hidden.contains(&one.id) {
                let (reference, outcome) = (one.reference, one.outcome.to_string());
                counted.records.push(PromisedRecord { reference, outcome });
            }
        }
        Ok(())
    }

    fn of(&self, subject: Subject) -> Counted {
        if let Subject::TargetReached(Target { indicator: Indicator::LoopScore, .. }) = subject {
            return Counted { figures: self.loop_score, records: Vec::new() };
        }
        subject.measured().and_then(|place| self.promised.get(&place)).cloned().unwrap_or_default()
    }
}

fn verdict(promise: Promise, tallies: &BTreeMap<u32, ReviewTally>, found: &Found) -> PromiseView {
    let of = |rule: u32| tallies.get(&rule).copied().unwrap_or_default();
    let Counted { figures, records } = found.of(promise.subject);
    let (told, figures, because) = match promise.subject {
        Subject::ReviewHeld(_)
        | Subject::ActionDue(_)
        | Subject::ActionDone(_)
        | Subject::EffectJudged(_) => (by_count(figures), figures, None),
        Subject::TargetReached(target) => by_target(target, figures),
        Subject::ReviewLed(rule) => (
            Verdict::Enforced,
            (of(rule).submitted, 0, 0, 0),
            Some("a review that nobody fit leads is not taken"),
        ),
        Subject::ReviewPeople(rule) => {
            (Verdict::Enforced, (of(rule).submitted, 0, 0, 0), Some("a review with fewer is not taken"))
        }
        Subject::ReviewApproved(rule) => {
            (Verdict::Enforced, (of(rule).approved, 0, 0, 0), Some("nobody else's approval is taken"))
        }
        Subject::TrendReviewed(_) => {
            let opened = tallies.values().map(|tally| tally.trends).sum();
            (Verdict::Enforced, (opened, 0, 0, 0), Some("the program opens it"))
        }
        Subject::Days => (Verdict::Enforced, (0, 0, 0, 0), Some("says how days are counted")),
        Subject::Reminded | Subject::Escalated(_) => (
            Verdict::NotMeasurable,
            (0, 0, 0, 0),
            Some("the program tells them where mail is set up; whom it told of what is not kept"),
        ),
    };
    let (kept, broken, ahead, waived) = figures;
    PromiseView {
        part: promise.part.to_string(),
        text: promise.text,
        verdict: told.to_string(),
        kept,
        broken,
        ahead,
        waived,
        because: because.map(str::to_owned),
        records,
    }
}

/// A promise of every single one: broken by the first that broke it.
fn by_count((kept, broken, _, _): Figures) -> Verdict {
    match (kept, broken) {
        (_, 1..) => Verdict::Broken,
        (1.., 0) => Verdict::Kept,
        (0, 0) => Verdict::NothingDue,
    }
}

/// A target: kept by enough of those of which it can be told.
fn by_target(target: Target, figures: Figures) -> (Verdict, Figures, Option<&'static str>) {
    let because = match target.indicator {
        Indicator::LoopScore => {
            "all cases whose every link is due today, whichever version they began under; the loop page has them"
        }
        Indicator::ReviewCoverage => "cases that were to be reviewed under this version",
        Indicator::ReviewsOnTime => "reviews that were opened under this version",
        Indicator::CausesKnown => {
            "cases with an approved review under this version; known is a cause that is confirmed or likely"
        }
        Indicator::ActionsOnTime | Indicator::ActionsEffective => {
            "actions that were planned under this version"
        }
        Indicator::StrongActions => {
            "actions that were planned under this version; strong is what eliminates, engineers or detects"
        }
    };
    let verdict = match target.is_reached(figures.0, figures.1) {
        None => Verdict::NothingDue,
        Some(true) => Verdict::Kept,
        Some(false) => Verdict::Broken,
    };
    (verdict, figures, Some(because))
}

/// Whether the caller reads cases and what hangs on them; whoever reads the figures of the register need not.
fn reads_records(unit: &Unit<'_>) -> bool {
    unit.caller.roles_allow(Verb::ReadCase, Relation::default(), "case").is_ok()
}

/// The reviews that were not held in time, as far as the caller may know of them.
fn late_reviews(unit: &mut Unit<'_>, number: u32, today: Date) -> Result<Vec<String>, ServiceError> {
    if !reads_records(unit) {
        return Ok(Vec::new());
    }
    let ids = procedures::late_reviews(unit.tx, number, today, NAMED)?;
    let uuids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    let me = unit.caller.id();
    let hidden = visibility::shut_out(unit.tx, ObjectKind::Review, &uuids, me)?;
    let mut late = reviews::several(unit.tx, &ids)?;
    late.retain(|one| !hidden.contains(&one.review.id.uuid()));
    late.sort_by_key(|one| (one.review.due_on, one.review.reference));
    Ok(late.iter().map(|one| one.review.reference.to_string()).collect())
}
