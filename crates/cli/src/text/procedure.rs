//! The incident management procedure, and whether what it says is done.

use std::io::{self, Write};

use nevertwice_service::procedure::{ProcedureRow, ProcedureView, SayDoView};

use super::table::{fact, heading, indented, table};

/// A version of the procedure.
pub(crate) fn procedure(view: &ProcedureView, out: &mut dyn Write) -> io::Result<()> {
    let reference = view.reference.as_deref().unwrap_or("shipped");
    writeln!(out, "{reference}  Incident management procedure · {}", view.standing.replace('_', " "))?;
    fact("written by", Some(&view.authors.join(", ")), out)?;
    fact("approved by", view.approved_by.as_deref(), out)?;
    fact("counts from", view.effective_on.as_deref(), out)?;
    fact("because of", Some(&view.lessons.join(", ")), out)?;
    fact("given up because", view.withdrawn_reason.as_deref(), out)?;
    heading("What changed, and why", out)?;
    indented(&view.summary, 2, out)?;
    if let Some(changes) = &view.changes {
        for text in &changes.gone {
            writeln!(out, "  - {text}")?;
        }
        for text in &changes.new {
            writeln!(out, "  + {text}")?;
        }
    }
    heading("What people read", out)?;
    indented(&view.text, 2, out)?;
    heading("What the program enforces", out)?;
    for sentence in &view.sentences {
        writeln!(out, "  · {}", sentence.text)?;
    }
    for holiday in &view.rules.holidays {
        writeln!(out, "    {holiday}")?;
    }
    Ok(())
}

/// The versions of the procedure.
pub(crate) fn procedures(rows: &[ProcedureRow], out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            vec![
                row.reference.clone().unwrap_or_else(|| "shipped".to_owned()),
                row.standing.replace('_', " "),
                row.effective_on.clone().unwrap_or_else(|| "–".to_owned()),
                row.approved_by.clone().unwrap_or_else(|| "–".to_owned()),
                row.summary.clone(),
            ]
        })
        .collect();
    table(&["version", "standing", "counts from", "approved by", "what changed"], &rows, out)
}

/// What became of every promise.
pub(crate) fn say_do(view: &SayDoView, out: &mut dyn Write) -> io::Result<()> {
    let version = view.procedure.as_deref().unwrap_or("the procedure that comes with the program");
    writeln!(out, "What we say, what we do · {version} · as of {}", view.as_of)?;
    let rows: Vec<Vec<String>> = view
        .promises
        .iter()
        .map(|promise| {
            let figures = [promise.kept, promise.broken, promise.ahead, promise.waived];
            let mut row = vec![promise.verdict.replace('_', " ")];
            row.extend(figures.map(|figure| figure.to_string()));
            row.push(promise.text.clone());
            row
        })
        .collect();
    table(&["verdict", "kept", "broken", "ahead", "waived", "promise"], &rows, out)?;
    for promise in &view.promises {
        let broken: Vec<&str> = promise
            .records
            .iter()
            .filter(|one| one.outcome == "broken")
            .map(|one| one.reference.as_str())
            .collect();
        if !broken.is_empty() {
            heading(&promise.text, out)?;
            writeln!(out, "  broken: {}", broken.join(", "))?;
        }
    }
    if !view.late_reviews.is_empty() {
        heading("Reviews that were not held in time", out)?;
        writeln!(out, "  {}", view.late_reviews.join(", "))?;
    }
    Ok(())
}
