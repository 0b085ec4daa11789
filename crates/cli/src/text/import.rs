//! What an import did, or would do.

use std::io::{self, Write};

use nevertwice_service::import::{GapPlaceView, ImportRunView, ImportView};

use super::table::{heading, indented, table};

/// Figures about rows of the file that no case has and no query finds.
const OF_ROWS: [&str; 2] = ["blank_row", "duplicate_reference"];

/// Places of gaps that are named on a terminal.
const PLACES: usize = 10;
/// Rejected rows that a preview names on a terminal, and rows that differ.
const ROWS: usize = 10;

/// An import, or the preview of one.
pub(crate) fn import(view: &ImportView, out: &mut dyn Write) -> io::Result<()> {
    match &view.run {
        Some(run) => writeln!(out, "{run}: {} rows read", view.read)?,
        None => writeln!(out, "Preview; nothing was changed. {} rows read", view.read)?,
    }
    for (count, what) in [
        (view.created, if view.run.is_some() { "created" } else { "would be created" }),
        (
            view.changed.saturating_sub(view.not_applied),
            if view.run.is_some() { "changed" } else { "would be changed" },
        ),
        (view.skipped, "skipped"),
        (view.rejected, "rejected"),
    ] {
        writeln!(out, "  {count:>8} {what}")?;
    }
    let why = if view.update { "not applied; the fates say why" } else { "not applied; use --update" };
    match view.not_applied {
        0 => {}
        1 => writeln!(out, "  {:>8} differs from the register ({why})", 1)?,
        several => writeln!(out, "  {several:>8} differ from the register ({why})")?,
    }
    let (of_rows, of_cases): (Vec<_>, Vec<_>) =
        view.gaps.iter().partition(|(kind, _)| OF_ROWS.contains(&kind.as_str()));
    counts("Rows worth a look (the file of fates names them)", &of_rows, out)?;
    counts("Gaps to work off (case list --query gap:KIND)", &of_cases, out)?;
    places(&view.gap_places, out)?;
    if !view.notes.is_empty() {
        heading("Worth a look", out)?;
    }
    for note in &view.notes {
        writeln!(out, "  – {note}")?;
    }
    if let Some(preview) = &view.preview {
        changes(preview, out)?;
        rejections(preview, out)?;
    }
    if view.preview.is_some() && !view.mapping.is_empty() {
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

fn counts(title: &str, kinds: &[(&String, &u64)], out: &mut dyn Write) -> io::Result<()> {
    if !kinds.is_empty() {
        heading(title, out)?;
    }
    for (kind, count) in kinds {
        writeln!(out, "  {count:>8} {}", kind.replace('_', " "))?;
    }
    Ok(())
}

/// Where the gaps are; a single place per kind is named by the kind already.
fn places(places: &[GapPlaceView], out: &mut dyn Write) -> io::Result<()> {
    if !places.is_empty() {
        heading("Where most of them are", out)?;
    }
    for place in places.iter().take(PLACES) {
        writeln!(out, "  {:>8} {} ({})", place.count, place.place, place.kind.replace('_', " "))?;
    }
    Ok(())
}

/// The first rows that differ from the register, with what would become of them.
fn changes(preview: &serde_json::Value, out: &mut dyn Write) -> io::Result<()> {
    let changes = preview["changes"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !changes.is_empty() {
        heading("Differ from the register (--json shows more of them)", out)?;
    }
    for change in changes.iter().take(ROWS) {
        let (row, reason) = (&change["row"], change["reason"].as_str().unwrap_or_default());
        match change["origin_reference"].as_str() {
            Some(reference) => writeln!(out, "  row {row}, {reference}: {reason}")?,
            None => writeln!(out, "  row {row}: {reason}")?,
        }
    }
    Ok(())
}

/// The first rows that would be rejected, with the reason.
fn rejections(preview: &serde_json::Value, out: &mut dyn Write) -> io::Result<()> {
    let rejections = preview["rejections"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !rejections.is_empty() {
        heading("Would be rejected (--json shows more of them)", out)?;
    }
    for rejection in rejections.iter().take(ROWS) {
        let said = |name: &str| rejection["reason"][name].as_str().unwrap_or_default();
        let (row, place) = (&rejection["row"], said("column"));
        writeln!(out, "  row {row}: {place}: found {}, expected {}", said("found"), said("expected"))?;
    }
    Ok(())
}

/// A run that was taken back.
pub(crate) fn import_undone(run: &ImportRunView, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} is taken back: its {} cases are void.", run.reference, run.void.unwrap_or_default())?;
    match &run.advice {
        Some(advice) => writeln!(out, "Not taken back: {advice}."),
        None => Ok(()),
    }
}

/// Import runs.
pub(crate) fn import_runs(runs: &[ImportRunView], out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Vec<String>> = runs
        .iter()
        .map(|run| {
            let state = match (&run.undone_at, &run.finished_at) {
                (Some(_), _) => "taken back",
                (None, Some(_)) => "finished",
                (None, None) => "not through; if it does not run any more, import the file again",
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

#[cfg(test)]
mod tests {
    use super::*;

    fn told(view: &ImportView) -> String {
        let mut out = Vec::new();
        import(view, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn rows_that_were_not_applied_are_no_changes() {
        let run = Some("IMP-2026-0001".to_owned());
        let view = ImportView { run, changed: 3, not_applied: 1, ..ImportView::default() };
        let text = told(&view);
        assert!(text.contains("       2 changed"), "{text}");
        assert!(text.contains("1 differs from the register (not applied; use --update)"), "{text}");
        let text = told(&ImportView { update: true, ..view });
        assert!(text.contains("(not applied; the fates say why)"), "{text}");
    }

    #[test]
    fn a_preview_names_the_rows_that_would_be_changed() {
        let changes = serde_json::json!([
            { "row": 7, "origin_reference": "S-8", "reason": "differs from the register; would be applied" },
            { "row": 9, "origin_reference": null, "reason": "differs" },
        ]);
        let preview = Some(serde_json::json!({ "changes": changes }));
        let text = told(&ImportView { changed: 2, update: true, preview, ..ImportView::default() });
        assert!(text.contains("       2 would be changed"), "{text}");
        assert!(
            text.contains("  row 7, S-8: differs from the register; would be applied\n  row 9: differs\n"),
            "{text}"
        );
    }

    #[test]
    fn what_no_query_finds_stands_apart_from_the_gaps() {
        let gaps = [("blank_row", 2), ("class_assumed", 1), ("duplicate_reference", 3)];
        let gaps = gaps.into_iter().map(|(kind, count)| (kind.to_owned(), count)).collect();
        let text = told(&ImportView { gaps, ..ImportView::default() });
        let (rows, cases) = text.split_once("Gaps to work off").unwrap();
        assert!(rows.contains("2 blank row") && rows.contains("3 duplicate reference"), "{text}");
        assert!(cases.contains("1 class assumed") && !cases.contains("blank row"), "{text}");
    }
}
