//! An action: planned, moved, started, completed, checked, or decided not to be done.

use nevertwice_domain::text::Prose;
use nevertwice_service::action::{
    CheckAction, CompleteAction, MoveAction, NewAction, NotDoingAction, PlanCheck, StartAction,
};

use super::super::files::{ActionEntry, CaseFile, CompletionEntry, Sample};
use super::super::replay::Replay;
use super::super::{SECURITY_LEAD, line, parsed};
use super::case::add_evidence;
use super::{Order, Script};
use crate::failure::Failure;

/// Collects the facts of an action.
pub(super) fn script<'s>(
    replay: &Replay,
    script: &mut Script<'s>,
    _sample: &'s Sample,
    case: &'s CaseFile,
    entry: &'s ActionEntry,
) -> Result<(), Failure> {
    let place = format!("{}, action {}", case.id, entry.id);
    script.add(replay, &entry.created, None, Order::Action, &place, move |replay| match entry.follows {
        // It is there since the one before it was judged.
        Some(_) => plan_first_check(replay, entry),
        None => plan(replay, case, entry),
    })?;
    if let Some(moment) = &entry.started {
        script.add(replay, moment, None, Order::Action, &place, move |replay| {
            let action = Replay::known("action", &replay.actions, &entry.id)?;
            replay.run(&entry.owner, StartAction { action }).map(drop)
        })?;
    }
    for moved in &entry.moves {
        script.add(replay, &moved.at, None, Order::Action, &place, move |replay| {
            let action = Replay::known("action", &replay.actions, &entry.id)?;
            let due_on = replay.calendar.date(&moved.to)?;
            replay
                .run(&moved.by, MoveAction { action, due_on, reason: parsed("reason", &moved.reason)? })
                .map(drop)
        })?;
    }
    if let Some(completion) = &entry.completion {
        script.add(replay, &completion.at, None, Order::Action, &place, move |replay| {
            complete(replay, case, entry, completion)
        })?;
    }
    if let Some(decision) = &entry.not_doing {
        script.add(replay, &decision.at, None, Order::Action, &place, move |replay| {
            let action = Replay::known("action", &replay.actions, &entry.id)?;
            let until = replay.calendar.date(&decision.until)?;
            let not_doing = NotDoingAction { action, reason: parsed("reason", &decision.reason)?, until };
            replay.run(&decision.approver, not_doing).map(drop)
        })?;
    }
    checks(replay, script, case, entry, &place)
}

fn checks<'s>(
    replay: &Replay,
    script: &mut Script<'s>,
    case: &'s CaseFile,
    entry: &'s ActionEntry,
    place: &str,
) -> Result<(), Failure> {
    for (number, check) in entry.check.iter().enumerate() {
        let (Some(at), Some(judge), Some(outcome), Some(evidence)) =
            (&check.judged, &check.judge, &check.outcome, &check.evidence)
        else {
            continue;
        };
        let next = case.action.iter().find(|other| other.follows.as_ref() == Some(&entry.id));
        let again = entry.check.get(number + 1).map(|next| &next.planned);
        script.add(replay, at, None, Order::Action, place, move |replay| {
            let judged = CheckAction {
                action: Replay::known("action", &replay.actions, &entry.id)?,
                outcome: parsed("outcome", outcome)?,
                evidence: parsed("evidence", evidence)?,
                early_reason: None,
                again_on: again.map(|moment| replay.calendar.date(moment)).transpose()?,
                next_title: next.map(|next| line(&next.title)).transpose()?,
                next_owner: next.map(|next| replay.person(&next.owner)).transpose()?,
                next_due_on: next.map(|next| replay.calendar.date(&next.due)).transpose()?,
                next_due_reason: next.and_then(|next| reason(next.due_reason.as_deref())).transpose()?,
            };
            let view = replay.run(judge, judged)?;
            if let (Some(next), Some(opened)) = (next, view.successors.last()) {
                replay.actions.insert(next.id.clone(), parsed("reference", opened)?);
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn plan(replay: &mut Replay, case: &CaseFile, entry: &ActionEntry) -> Result<(), Failure> {
    let lesson = match &entry.lesson {
        Some(id) => Some(Replay::known("lesson", &replay.lessons, id)?),
        None => None,
    };
    let first_check = entry.check.first();
    let new = NewAction {
        case: Replay::known("case", &replay.cases, &case.id)?,
        lesson,
        title: line(&entry.title)?,
        description: None,
        purpose: parsed("purpose", &entry.purpose)?,
        kind: parsed("kind", &entry.kind)?,
        owner: replay.person(&entry.owner)?,
        due_on: Some(replay.calendar.date(&entry.due)?),
        due_reason: reason(entry.due_reason.as_deref()).transpose()?,
        check_measure: first_check.map(|check| parsed("measure", &check.measure)).transpose()?,
        check_on: first_check.map(|check| replay.calendar.date(&check.planned)).transpose()?,
        check_reason: first_check.and_then(|check| reason(check.late_reason.as_deref())).transpose()?,
        check_by: first_check
            .and_then(|check| check.judge.as_ref())
            .map(|judge| replay.person(judge))
            .transpose()?,
    };
    let view = replay.run(&entry.created_by, new)?;
    replay.actions.insert(entry.id.clone(), parsed("reference", &view.reference)?);
    Ok(())
}

/// Why a day was chosen, where the sample says so.
fn reason(text: Option<&str>) -> Option<Result<Prose, Failure>> {
    text.map(|text| parsed("reason", text))
}

fn plan_first_check(replay: &mut Replay, entry: &ActionEntry) -> Result<(), Failure> {
    let Some(check) = entry.check.first() else { return Ok(()) };
    let plan = PlanCheck {
        action: Replay::known("action", &replay.actions, &entry.id)?,
        measure: parsed("measure", &check.measure)?,
        planned_on: Some(replay.calendar.date(&check.planned)?),
        reason: reason(check.late_reason.as_deref()).transpose()?,
        judge: check.judge.as_ref().map(|judge| replay.person(judge)).transpose()?,
    };
    replay.run(&entry.created_by, plan).map(drop)
}

fn complete(
    replay: &mut Replay,
    case: &CaseFile,
    entry: &ActionEntry,
    completion: &CompletionEntry,
) -> Result<(), Failure> {
    let complete = CompleteAction {
        action: Replay::known("action", &replay.actions, &entry.id)?,
        evidence: parsed("note", &completion.note)?,
        completed_on: Some(replay.calendar.date(&completion.at)?),
        shown_by: Vec::new(),
    };
    replay.run(&completion.by, complete)?;
    let (Some(name), Some(content)) = (&completion.evidence_name, &completion.evidence_content) else {
        return Ok(());
    };
    // Only who works on a case adds evidence to it; for other owners the security lead does.
    let by = if case.responders.contains(&completion.by) { &completion.by } else { SECURITY_LEAD };
    add_evidence(replay, case, by, name, content, Some(&entry.id))
}
