//! Lessons: drafted from the case of their first action, linked to the others, approved, retired.

use nevertwice_domain::time::Timestamp;
use nevertwice_service::lesson::{ApproveLesson, LinkLesson, NewLesson, RetireLesson};

use super::super::files::{CaseFile, LessonEntry, Sample};
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
    if let (Some(at), Some(by)) = (&lesson.approved, &lesson.approver) {
        script.add(replay, at, None, Order::Action, &lesson.id, move |replay| {
            let lesson = Replay::known("lesson", &replay.lessons, &lesson.id)?;
            replay.run(by, ApproveLesson { lesson }).map(drop)
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
