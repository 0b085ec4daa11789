//! Controls, how they did, and what changed.

use std::io::{self, Write};

use nevertwice_service::case::DeclarationView;
use nevertwice_service::control::{ChangeList, ControlChangeView, ControlRow, ControlView, PerformanceView};

use super::risk::look;
use super::table::{fact, heading, indented, table};

/// The Statement of Applicability.
pub(crate) fn controls(list: &[ControlRow], out: &mut dyn Write) -> io::Result<()> {
    let row = |control: &ControlRow| {
        vec![
            control.reference.clone(),
            if control.applicable { "yes" } else { "no" }.to_owned(),
            words(&control.status),
            control.owner.clone().unwrap_or_default(),
            control.title.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = list.iter().map(row).collect();
    table(&["control", "applicable", "status", "owner", "title"], &rows, out)
}

/// A control.
pub(crate) fn control(view: &ControlView, out: &mut dyn Write) -> io::Result<()> {
    let control = &view.control;
    writeln!(out, "{}  {}", control.reference, control.title)?;
    fact("applicable", Some(if control.applicable { "yes" } else { "no" }), out)?;
    fact("because", control.justification.as_deref(), out)?;
    fact("status", Some(&words(&control.status)), out)?;
    fact("owner", control.owner.as_deref(), out)?;
    fact("retired", control.retired_at.as_deref(), out)?;
    fact("because", control.retired_reason.as_deref(), out)?;
    if let Some(description) = &control.description {
        indented(description, 2, out)?;
    }
    if !view.cases.is_empty() {
        heading("On cases", out)?;
        for on in &view.cases {
            writeln!(out, "  {}  {:<9} {}", on.case, on.performance, on.title)?;
        }
    }
    for change in &view.changes {
        control_change(change, out)?;
    }
    if !view.risks.is_empty() {
        heading("Risks", out)?;
        for risk in &view.risks {
            writeln!(out, "  {}  {:<9} {}", risk.reference, words(&risk.band), risk.title)?;
        }
    }
    Ok(())
}

/// How controls did on a case.
pub(crate) fn performances(all: &[PerformanceView], out: &mut dyn Write) -> io::Result<()> {
    let row = |one: &PerformanceView| {
        let note = one.note.clone().unwrap_or_default().replace('\n', " ");
        vec![one.control.clone(), one.performance.clone(), one.title.clone(), note]
    };
    let rows: Vec<Vec<String>> = all.iter().map(row).collect();
    table(&["control", "did", "title", "note"], &rows, out)
}

/// What a case changed in a control.
pub(crate) fn control_change(change: &ControlChangeView, out: &mut dyn Write) -> io::Result<()> {
    heading(&format!("{}  {}, changed {}", change.control, change.title, change.changed_on), out)?;
    let because = [Some(&change.case), change.lesson.as_ref(), change.action.as_ref()];
    let because: Vec<&str> = because.into_iter().flatten().map(String::as_str).collect();
    fact("because of", Some(&because.join(" → ")), out)?;
    writeln!(out, "  before")?;
    indented(&change.before, 4, out)?;
    writeln!(out, "  after")?;
    indented(&change.after, 4, out)
}

/// What changed because of what.
pub(crate) fn changes(list: &ChangeList, out: &mut dyn Write) -> io::Result<()> {
    for item in &list.items {
        if let Some(change) = &item.control {
            control_change(change, out)?;
        }
        if let Some(risk) = &item.risk {
            heading(&format!("{}  {}", risk.risk, risk.title), out)?;
            look(risk, out)?;
        }
    }
    match &list.next {
        Some(next) => writeln!(out, "\nmore with --after {next}"),
        None => Ok(()),
    }
}

/// Links of a case's loop that are declared not needed.
pub(crate) fn declarations(all: &[DeclarationView], out: &mut dyn Write) -> io::Result<()> {
    for one in all {
        let approved = match &one.approved_by {
            Some(by) => format!("approved by {by}"),
            None => "not approved yet".to_owned(),
        };
        writeln!(out, "{} not needed, says {} ({approved})", one.link, one.declared_by)?;
        indented(&one.reason, 2, out)?;
    }
    if all.is_empty() {
        writeln!(out, "Nothing is declared not needed.")?;
    }
    Ok(())
}

/// A word of the program as words.
pub(super) fn words(word: &str) -> String {
    word.replace('_', " ")
}
