//! Actions.

use std::io::{self, Write};

use nevertwice_service::action::{ActionView, ActionsToDecide};
use nevertwice_service::case::ActionOutline;
use nevertwice_service::search::{ActionList, ActionRow};

use super::table::{fact, heading, list_end, table, values};

/// The actions of a case or a lesson, a line each.
pub(crate) fn actions(actions: &[ActionOutline], out: &mut dyn Write) -> io::Result<()> {
    if !actions.is_empty() {
        heading("Actions", out)?;
    }
    for action in actions {
        let state = action.state.replace('_', " ");
        let ActionOutline { reference, title, owner, due_on, strength, .. } = action;
        writeln!(out, "  {reference}  {state:<13} {title}  ({owner}, due {due_on}, {strength})")?;
        if let (Some(on), Some(shown)) = (&action.completed_on, &action.completion) {
            writeln!(out, "{:17}completed {on}: {shown}", "")?;
        }
        if let (Some(by), Some(shown)) = (&action.judged_by, &action.judged) {
            writeln!(out, "{:17}judged by {by}: {shown}", "")?;
        }
        if let Some(reason) = &action.not_doing_reason {
            let by = action.not_doing_by.as_ref().map_or(String::new(), |by| format!(" ({by})"));
            let until =
                action.not_doing_until.as_ref().map_or(String::new(), |until| format!(", until {until}"));
            writeln!(out, "{:17}not done because: {reason}{by}{until}", "")?;
        }
    }
    Ok(())
}

/// An action with its moves and checks.
pub(crate) fn action(action: &ActionView, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}  {}", action.reference, action.title)?;
    let overdue = if action.overdue { " (overdue)" } else { "" };
    fact("state", Some(&action.state.replace('_', " ")), out)?;
    fact("owner", Some(&action.owner), out)?;
    fact("due", Some(&format!("{}{overdue}", action.due_on)), out)?;
    if action.original_due_on != action.due_on {
        fact("due at first", Some(&action.original_due_on), out)?;
    }
    by_the_procedure(action, out)?;
    fact("case", Some(&action.case), out)?;
    fact("lesson", action.lesson.as_deref(), out)?;
    fact("purpose", Some(&action.purpose), out)?;
    fact("kind", Some(&action.kind), out)?;
    fact("strength", Some(&action.strength), out)?;
    fact("because", action.strength_reason.as_deref(), out)?;
    fact("completed", action.completed_on.as_deref(), out)?;
    fact("by", action.completed_by.as_deref(), out)?;
    fact("evidence", action.completion.as_deref(), out)?;
    let shown: Vec<&str> =
        action.evidence.iter().filter(|one| one.shows_completion).map(|one| one.name.as_str()).collect();
    if !shown.is_empty() {
        fact("shown by", Some(&shown.join(", ")), out)?;
    }
    fact("planned cost", action.planned_cost.as_deref(), out)?;
    fact("actual cost", action.actual_cost.as_deref(), out)?;
    fact("follows", action.successor_of.as_deref(), out)?;
    if !action.successors.is_empty() {
        fact("followed by", Some(&action.successors.join(", ")), out)?;
    }
    fact("not doing", action.not_doing_reason.as_deref(), out)?;
    let passed = if action.decide_again { " (passed: decide again)" } else { "" };
    let until = action.not_doing_until.as_ref().map(|until| format!("{until}{passed}"));
    fact("until", until.as_deref(), out)?;
    fact("approved by", action.not_doing_by.as_deref(), out)?;
    values(&action.fields, out)?;
    if !action.moves.is_empty() {
        heading("Moves of the date", out)?;
    }
    for moved in &action.moves {
        writeln!(out, "  {} → {}  {} ({})", moved.from_on, moved.to_on, moved.reason, moved.moved_by)?;
    }
    if !action.checks.is_empty() {
        heading("Effectiveness", out)?;
    }
    for check in &action.checks {
        let outcome = check.outcome.as_deref().unwrap_or("planned").replace('_', " ");
        let later = if check.later_than_allowed { " (later than the procedure allows)" } else { "" };
        writeln!(out, "  {}  {outcome}: {}{later}", check.planned_on, check.measure)?;
        if let Some(reason) = &check.late_reason {
            writeln!(out, "              then because: {reason}")?;
        }
        if let Some(reason) = &check.early_reason {
            writeln!(out, "              judged before that day because: {reason}")?;
        }
        if let (Some(evidence), Some(by)) = (&check.evidence, &check.judged_by) {
            writeln!(out, "              {evidence} ({by})")?;
        } else if let Some(judge) = &check.judge {
            writeln!(out, "              to be judged by {judge}")?;
        }
    }
    Ok(())
}

/// What the procedure asked for when the action was planned.
fn by_the_procedure(action: &ActionView, out: &mut dyn Write) -> io::Result<()> {
    let later = if action.later_than_allowed { ": later than it allows" } else { "" };
    let allowed = action.latest_due_on.as_ref().zip(action.procedure.as_ref());
    let allowed = allowed.map(|(latest, version)| format!("until {latest}, version {version}{later}"));
    fact("by the procedure", allowed.as_deref(), out)?;
    fact("due then because", action.due_reason.as_deref(), out)?;
    fact("judged by then", action.latest_check_on.as_deref(), out)
}

/// A page of actions to decide on again.
pub(crate) fn actions_to_decide(list: &ActionsToDecide, out: &mut dyn Write) -> io::Result<()> {
    let row = |row: &ActionRow| {
        let until = row.not_doing_until.clone().unwrap_or_default();
        vec![row.reference.clone(), until, row.owner.clone(), row.case.clone(), row.title.clone()]
    };
    let rows: Vec<Vec<String>> = list.items.iter().map(row).collect();
    table(&["reference", "until", "owner", "case", "title"], &rows, out)?;
    match &list.next {
        Some(next) => writeln!(out, "there are more: --after {next}"),
        None => Ok(()),
    }
}

/// A list of actions.
pub(crate) fn action_list(list: &ActionList, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Vec<String>> = list
        .items
        .iter()
        .map(|row| {
            let due = if row.overdue { format!("{} !", row.due_on) } else { row.due_on.clone() };
            vec![
                row.reference.clone(),
                row.state.clone(),
                due,
                row.owner.clone(),
                row.case.clone(),
                row.title.clone(),
            ]
        })
        .collect();
    table(&["reference", "state", "due", "owner", "case", "title"], &rows, out)?;
    list_end(&list.notes, (rows.len(), list.total), list.next.as_deref(), out)
}
