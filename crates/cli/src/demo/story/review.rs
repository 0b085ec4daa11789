//! A review: opened, held with its causes, submitted, approved.

use std::collections::BTreeMap;

use nevertwice_domain::cause::{BranchEnd, WhyNumber};
use nevertwice_service::review::{
    AddWhy, ApproveReview, EditWhy, EvaluateReview, HoldReview, NewReview, RecordSimilar, ScheduleReview,
    SubmitReview,
};
use nevertwice_service::set::Set;

use super::super::files::{CaseFile, CauseEntry, ReviewEntry};
use super::super::replay::Replay;
use super::super::{broken, line, parsed};
use super::{Order, Script};
use crate::failure::Failure;

/// Collects the facts of a review.
pub(super) fn script<'s>(
    replay: &Replay,
    script: &mut Script<'s>,
    case: &'s CaseFile,
    number: usize,
    entry: &'s ReviewEntry,
) -> Result<(), Failure> {
    script.add(replay, &entry.opened, None, Order::Review, &case.id, move |replay| {
        open(replay, case, number, entry)
    })?;
    if let Some(on) = &entry.scheduled {
        script.add(replay, &entry.opened, None, Order::Review, &case.id, move |replay| {
            let schedule = ScheduleReview {
                review: reference(replay, case, number)?,
                version: None,
                on: replay.calendar.date(on)?,
                questions: Vec::new(),
            };
            replay.run(&entry.facilitator, schedule).map(drop)
        })?;
    }
    let held = entry.held.as_ref().or(entry.drafted.as_ref());
    let when_causes = held.or((!entry.cause.is_empty()).then_some(&entry.opened));
    if let Some(moment) = when_causes {
        script.add(replay, moment, None, Order::Review, &case.id, move |replay| {
            hold(replay, case, number, entry)
        })?;
    }
    if let (Some(moment), Some(author)) = (&entry.drafted, &entry.author) {
        script.add(replay, moment, None, Order::Review, &case.id, move |replay| {
            let review = reference(replay, case, number)?;
            replay.run(author, SubmitReview { review }).map(drop)
        })?;
    }
    if let (Some(moment), Some(approver)) = (&entry.approved, &entry.approver) {
        script.add(replay, moment, None, Order::Review, &case.id, move |replay| {
            let review = reference(replay, case, number)?;
            replay.run(approver, ApproveReview { review, version: None }).map(drop)
        })?;
    }
    Ok(())
}

fn reference(
    replay: &Replay,
    case: &CaseFile,
    number: usize,
) -> Result<nevertwice_domain::reference::ReviewRef, Failure> {
    let known = replay.reviews.get(&(case.id.clone(), number)).copied();
    known.ok_or_else(|| broken(&case.id, format!("review {number} is not open yet")))
}

fn open(replay: &mut Replay, case: &CaseFile, number: usize, entry: &ReviewEntry) -> Result<(), Failure> {
    let participants = entry.participants.iter().map(|id| replay.person(id)).collect::<Result<_, _>>()?;
    let new = NewReview {
        case: Replay::known("case", &replay.cases, &case.id)?,
        kind: Some(parsed("kind", &entry.kind)?),
        problem: Some(parsed("problem", &entry.problem)?),
        facilitator: Some(replay.person(&entry.facilitator)?),
        participants,
        due_on: None,
        also: Vec::new(),
        is_trend: false,
    };
    let view = replay.run(&entry.opened_by, new)?;
    replay.reviews.insert((case.id.clone(), number), parsed("reference", &view.reference)?);
    Ok(())
}

fn hold(replay: &mut Replay, case: &CaseFile, number: usize, entry: &ReviewEntry) -> Result<(), Failure> {
    let review = reference(replay, case, number)?;
    let mut ids: BTreeMap<&str, String> = BTreeMap::new();
    for cause in &entry.cause {
        let id = add_cause(replay, review, entry, cause, &ids)?;
        ids.insert(&cause.id, id);
    }
    if let Some(said) = &entry.evaluation {
        let prose =
            |text: &Option<String>| text.as_deref().map(|text| parsed("evaluation", text)).transpose();
        let evaluate = EvaluateReview {
            review,
            version: None,
            went_well: parsed("went_well", &said.went_well)?,
            was_lucky: prose(&said.was_lucky)?,
            surprised: prose(&said.surprised)?,
            followed: parsed("followed", &said.followed)?,
            deviations: prose(&said.deviations)?,
        };
        replay.run(&entry.facilitator, evaluate)?;
    }
    if let Some(similar) = &entry.similar {
        let searched = similar.searched.as_deref().map(|words| parsed("searched", words)).transpose()?;
        let finding = parsed("finding", &similar.finding)?;
        let look = RecordSimilar { review, version: None, searched, hits: Vec::new(), finding };
        replay.run(&entry.facilitator, look)?;
    }
    let Some(held) = &entry.held else { return Ok(()) };
    let hold = HoldReview {
        review,
        on: Some(replay.calendar.date(held)?),
        version: None,
        participants: None,
        minutes: entry.minutes.as_deref().map(|text| parsed("minutes", text)).transpose()?.map(Set::To),
    };
    replay.run(&entry.facilitator, hold).map(drop)
}

/// Adds a cause; gives its id in the register. Numbers of whys shift as branches grow, ids do not.
fn add_cause(
    replay: &mut Replay,
    review: nevertwice_domain::reference::ReviewRef,
    entry: &ReviewEntry,
    cause: &CauseEntry,
    ids: &BTreeMap<&str, String>,
) -> Result<String, Failure> {
    let who = entry.facilitator.as_str();
    let view = replay.run(who, nevertwice_service::review::ShowReview { review })?;
    let number_of = |id: &str| -> Result<WhyNumber, Failure> {
        let found = view.causes.iter().find(|line| line.id == id);
        parsed("number", &found.ok_or_else(|| broken("cause", format!("{id} is gone")))?.number)
    };
    let under = match &cause.effect {
        None => None,
        Some(effect) => {
            let id = ids
                .get(effect.as_str())
                .ok_or_else(|| broken("cause", format!("{effect} is not there yet")))?;
            Some(number_of(id)?)
        }
    };
    let after = replay.run(
        who,
        AddWhy {
            review,
            under,
            of_problem: under.is_none(),
            statement: parsed("statement", &cause.statement)?,
            kind: Some(parsed("kind", &cause.kind)?),
            confidence: Some(parsed("confidence", &cause.confidence)?),
            evidence: support(cause)?,
            link: Some(parsed("link", &cause.link)?),
            also: Vec::new(),
            category: cause.category.as_deref().map(|category| parsed("category", category)).transpose()?,
            end: end(cause)?,
        },
    )?;
    let added = after.causes.iter().find(|line| !view.causes.iter().any(|old| old.id == line.id));
    let added = added.ok_or_else(|| broken("cause", "was not added"))?;
    if cause.primary {
        let number = parsed("number", &added.number)?;
        let (statement, kind, confidence, evidence, category, end) = (None, None, None, None, None, None);
        let edit = EditWhy {
            review,
            number,
            version: None,
            statement,
            kind,
            confidence,
            evidence,
            category,
            end,
            primary: Some(true),
        };
        replay.run(who, edit)?;
    }
    Ok(added.id.clone())
}

/// What is said of the end of a branch.
fn end(cause: &CauseEntry) -> Result<Option<BranchEnd>, Failure> {
    let said = match (&cause.changeable, &cause.accepted) {
        (Some(what), _) => Some((true, what)),
        (None, Some(why)) => Some((false, why)),
        (None, None) => None,
    };
    said.map(|(changeable, note)| Ok(BranchEnd { changeable, note: parsed("end", note)? })).transpose()
}

/// What a cause rests on: words, or the names of pieces of evidence.
fn support(cause: &CauseEntry) -> Result<Option<nevertwice_domain::text::Prose>, Failure> {
    let mut parts: Vec<String> = cause.support.clone().into_iter().collect();
    if !cause.evidence.is_empty() {
        parts.push(format!("Evidence: {}", cause.evidence.join(", ")));
    }
    if parts.is_empty() {
        return Ok(None);
    }
    // One line each would be lost in a ladder; a sentence reads better.
    let text = line(&parts.join(". ")).map(|text| text.to_string()).unwrap_or_else(|_| parts.join("\n"));
    parsed("support", &text).map(Some)
}
