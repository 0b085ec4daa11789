//! A lesson.

use std::io::{self, Write};

use nevertwice_service::lesson::{LessonGapList, LessonView};
use nevertwice_service::search::{LessonList, LessonRow};

use super::action::actions;
use super::table::{fact, heading, indented, list_end, table, values};

/// A lesson with the actions that put it to work.
pub(crate) fn lesson(lesson: &LessonView, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}  {}", lesson.reference, lesson.statement)?;
    fact("state", Some(&lesson.state.replace('_', " ")), out)?;
    fact("from", Some(&lesson.cases.join(", ")), out)?;
    fact("author", Some(&lesson.author), out)?;
    fact("approved by", lesson.approved_by.as_deref(), out)?;
    let stale = if lesson.is_stale { " (passed)" } else { "" };
    let look = lesson.review_on.as_ref().map(|on| format!("{on}{stale}"));
    fact("look again on", look.as_deref(), out)?;
    if lesson.is_exception {
        fact("exception", Some("no action of its own; by coverage alone"), out)?;
    }
    fact("tags", Some(&lesson.tags.join(", ")), out)?;
    values(&lesson.fields, out)?;
    fact("retired because", lesson.retired_reason.as_deref(), out)?;
    if let Some(detail) = &lesson.detail {
        writeln!(out)?;
        indented(detail, 2, out)?;
    }
    if !lesson.coverages.is_empty() {
        heading("Covered by", out)?;
    }
    for one in &lesson.coverages {
        let kind = one.kind.replace('_', " ");
        let approved = match &one.approved_by {
            Some(by) => format!("approved by {by}"),
            None => "waits for approval".to_owned(),
        };
        writeln!(out, "  {kind} {}: {} ({}, {approved})", one.covered_by, one.reason, one.declared_by)?;
        if let Some(why) = &one.no_longer {
            writeln!(out, "    covers nothing now: {why}")?;
        }
    }
    if !lesson.confirmations.is_empty() {
        heading("Still true", out)?;
    }
    for one in &lesson.confirmations {
        writeln!(out, "  {} by {}, until {}", one.confirmed_at, one.confirmed_by, one.next_review_on)?;
    }
    actions(&lesson.actions, out)
}

/// Lessons, a line each.
pub(crate) fn lesson_rows(rows: &[LessonRow], out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Vec<String>> = rows.iter().map(cells).collect();
    table(&["reference", "state", "author", "from", "lesson"], &rows, out)
}

/// A page of lessons that need somebody.
pub(crate) fn lesson_gaps(list: &LessonGapList, out: &mut dyn Write) -> io::Result<()> {
    lesson_rows(&list.items, out)?;
    match &list.next {
        Some(next) => writeln!(out, "there are more: --after {next}"),
        None => Ok(()),
    }
}

fn cells(row: &LessonRow) -> Vec<String> {
    let exception = if row.is_exception { " (exception)" } else { "" };
    vec![
        row.reference.clone(),
        format!("{}{exception}", row.state.replace('_', " ")),
        row.author.clone(),
        row.cases.join(", "),
        row.statement.clone(),
    ]
}

/// A page of lessons.
pub(crate) fn lesson_list(list: &LessonList, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Vec<String>> = list.items.iter().map(cells).collect();
    table(&["reference", "state", "author", "from", "lesson"], &rows, out)?;
    list_end(&list.notes, (rows.len(), list.total), list.next.as_deref(), out)
}
