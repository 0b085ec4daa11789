//! What an import did, or would do.

use std::io::{self, Write};

use nevertwice_service::import::{ImportRunView, ImportView};

use super::table::{heading, indented, table};

/// An import, or the preview of one.
pub(crate) fn import(view: &ImportView, out: &mut dyn Write) -> io::Result<()> {
    match &view.run {
        Some(run) => writeln!(out, "{run}: {} rows read", view.read)?,
        None => writeln!(out, "Preview; nothing was changed. {} rows read", view.read)?,
    }
    for (count, what) in [
        (view.created, if view.run.is_some() { "created" } else { "would be created" }),
        (view.changed, "changed"),
        (view.skipped, "skipped"),
        (view.rejected, "rejected"),
    ] {
        writeln!(out, "  {count:>8} {what}")?;
    }
    let gaps: Vec<_> = view.gaps.iter().filter(|(_, count)| **count > 0).collect();
    if !gaps.is_empty() {
        heading("Gaps to work off (case list --query gap:KIND)", out)?;
    }
    for (kind, count) in gaps {
        writeln!(out, "  {count:>8} {}", kind.replace('_', " "))?;
    }
    if !view.notes.is_empty() {
        heading("Worth a look", out)?;
    }
    for note in &view.notes {
        writeln!(out, "  – {note}")?;
    }
    if view.preview.is_some() {
        heading("Mapping (save it, change it, give it back with --map)", out)?;
        indented(&view.mapping, 2, out)?;
    }
    if let Some(file) = &view.fates_file {
        writeln!(out, "\nThe fate of every row: {file}")?;
    }
    if let Some(file) = &view.rejected_file {
        writeln!(out, "Rejected rows, to be mended and imported again: {file}")?;
    }
    Ok(())
}

/// Import runs.
pub(crate) fn import_runs(runs: &[ImportRunView], out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Vec<String>> = runs
        .iter()
        .map(|run| {
            let state = match (&run.undone_at, &run.finished_at) {
                (Some(_), _) => "taken back",
                (None, Some(_)) => "finished",
                (None, None) => "cut off: import the file again",
            };
            vec![
                run.reference.clone(),
                run.file_name.clone(),
                run.started_at.get(..16).unwrap_or_default().to_owned(),
                state.to_owned(),
                run.created.to_string(),
                run.changed.to_string(),
                run.skipped.to_string(),
                run.rejected.to_string(),
            ]
        })
        .collect();
    table(&["run", "file", "started", "state", "created", "changed", "skipped", "rejected"], &rows, out)
}
