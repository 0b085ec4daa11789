//! Lessons: drafted from the case of their first action, linked to the others, approved, retired.

use nevertwice_domain::awareness::AudienceKind;
use nevertwice_domain::time::Timestamp;
use nevertwice_service::awareness::{AcknowledgeAwareness, PublishAwareness};
use nevertwice_service::lesson::{ApproveLesson, CoverLesson, LinkLesson, NewLesson, RetireLesson};

use super::super::files::{AwarenessEntry, CaseFile, LessonEntry, Sample};
use super::super::replay::Replay;
use super::super::{broken, line, parsed};
use super::{Order, Script};
use crate::failure::Failure;

/// Collects the facts of every lesson.
pub(super) fn script<'s>(
    replay: &Replay,
    script: &mut Script<'s>,
    sample: &'s Sample,
) -> Result<(), Failure> {
    for lesson in &sample.lessons {
        one(replay, script, sample, lesson)?;
    }
    Ok(())
}

fn one<'s>(
    replay: &Replay,
    script: &mut Script<'s>,
    sample: &'s Sample,
    lesson: &'s LessonEntry,
) -> Result<(), Failure> {
    let origins = origins(replay, sample, lesson)?;
    let (first, others) =
        origins.split_first().ok_or_else(|| broken(&lesson.id, "no case names this lesson"))?;
    let first = first.1;
    script.add(replay, &lesson.drafted, None, Order::Lesson, &lesson.id, move |replay| {
        draft(replay, first, lesson)
    })?;
    let drafted = replay.calendar.instant(&lesson.drafted)?;
    for (at, case) in others {
        let case: &'s CaseFile = case;
        let moment = case
            .action
            .iter()
            .filter(|action| action.lesson.as_deref() == Some(&lesson.id))
            .min_by_key(|action| replay.calendar.instant(&action.created).unwrap_or(*at));
        let moment = match moment {
            Some(action) => &action.created,
            None => case
                .review
                .first()
                .map_or(&lesson.drafted, |review| review.held.as_ref().unwrap_or(&review.opened)),
        };
        script.add(replay, moment, Some(drafted), Order::Lesson, &lesson.id, move |replay| {
            let link = LinkLesson {
                lesson: Replay::known("lesson", &replay.lessons, &lesson.id)?,
                case: Replay::known("case", &replay.cases, &case.id)?,
            };
            replay.run(super::super::SECURITY_LEAD, link).map(drop)
        })?;
    }
    let approvals = [&lesson.approved, &lesson.approved_again].into_iter().flatten();
    for (at, by) in approvals.zip(std::iter::repeat(&lesson.approver)) {
        let Some(by) = by else { break };
        script.add(replay, at, None, Order::Action, &lesson.id, move |replay| {
            let lesson = Replay::known("lesson", &replay.lessons, &lesson.id)?;
            replay.run(by, ApproveLesson { lesson, version: None }).map(drop)
        })?;
    }
    if let Some(coverage) = &lesson.coverage {
        script.add(replay, &coverage.at, None, Order::Action, &lesson.id, move |replay| {
            let cover = CoverLesson {
                lesson: Replay::known("lesson", &replay.lessons, &lesson.id)?,
                kind: parsed("kind", &coverage.kind)?,
                covered_by: line(&coverage.covered_by)?,
                reason: parsed("reason", &coverage.reason)?,
            };
            replay.run(&coverage.by, cover).map(drop)
        })?;
    }
    if let Some(item) = &lesson.awareness {
        script.add(replay, &item.at, None, Order::Action, &lesson.id, move |replay| {
            publish(replay, lesson, item)
        })?;
    }
    if let Some(retired) = &lesson.retired {
        script.add(replay, &retired.at, None, Order::Action, &lesson.id, move |replay| {
            let lesson = Replay::known("lesson", &replay.lessons, &lesson.id)?;
            replay
                .run(&retired.by, RetireLesson { lesson, reason: parsed("reason", &retired.reason)? })
                .map(drop)
        })?;
    }
    Ok(())
}

/// Publishes what a lesson tells everybody; some have read it at once.
fn publish(replay: &mut Replay, lesson: &LessonEntry, item: &AwarenessEntry) -> Result<(), Failure> {
    let published = PublishAwareness {
        lesson: Replay::known("lesson", &replay.lessons, &lesson.id)?,
        title: line(&item.title)?,
        text: parsed("text", &item.text)?,
        audience: AudienceKind::Everybody,
        roles: std::collections::BTreeSet::new(),
        people: Vec::new(),
        due_on: replay.calendar.date(&item.until)?,
    };
    let view = replay.run(&item.by, published)?;
    for reader in &item.read_by {
        let read = AcknowledgeAwareness { item: parsed("reference", &view.reference)? };
        replay.run(reader, read)?;
    }
    Ok(())
}

/// The cases of a lesson, the one of its first action first.
fn origins<'s>(
    replay: &Replay,
    sample: &'s Sample,
    lesson: &LessonEntry,
) -> Result<Vec<(Timestamp, &'s CaseFile)>, Failure> {
    let mut origins = Vec::new();
    for case in sample.cases.iter().filter(|case| case.lessons.contains(&lesson.id)) {
        let mut first = Timestamp::MAX;
        for action in case.action.iter().filter(|action| action.lesson.as_deref() == Some(&lesson.id)) {
            first = first.min(replay.calendar.instant(&action.created)?);
        }
        origins.push((first, case));
    }
    origins.sort_by_key(|(first, _)| *first);
    Ok(origins)
}

fn draft(replay: &mut Replay, case: &CaseFile, lesson: &LessonEntry) -> Result<(), Failure> {
    let new = NewLesson {
        case: Replay::known("case", &replay.cases, &case.id)?,
        statement: line(&lesson.statement)?,
        detail: Some(parsed("detail", &lesson.detail)?),
        tags: std::collections::BTreeSet::new(),
        review_on: lesson.review_on.as_ref().map(|moment| replay.calendar.date(moment)).transpose()?,
    };
    let view = replay.run(&lesson.author, new)?;
    replay.lessons.insert(lesson.id.clone(), parsed("reference", &view.reference)?);
    Ok(())
}
