//! A lesson.

use std::io::{self, Write};

use nevertwice_service::lesson::LessonView;
use nevertwice_service::search::LessonList;

use super::action::actions;
use super::table::{fact, indented, list_end, table, values};

/// A lesson with the actions that put it to work.
pub(crate) fn lesson(lesson: &LessonView, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}  {}", lesson.reference, lesson.statement)?;
    fact("state", Some(&lesson.state.replace('_', " ")), out)?;
    fact("from", Some(&lesson.cases.join(", ")), out)?;
    fact("author", Some(&lesson.author), out)?;
    fact("approved by", lesson.approved_by.as_deref(), out)?;
    fact("look again on", lesson.review_on.as_deref(), out)?;
    fact("tags", Some(&lesson.tags.join(", ")), out)?;
    values(&lesson.fields, out)?;
    fact("retired because", lesson.retired_reason.as_deref(), out)?;
    if let Some(detail) = &lesson.detail {
        writeln!(out)?;
        indented(detail, 2, out)?;
    }
    actions(&lesson.actions, out)
}

/// A page of lessons.
pub(crate) fn lesson_list(list: &LessonList, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Vec<String>> = list
        .items
        .iter()
        .map(|row| {
            vec![
                row.reference.clone(),
                row.state.replace('_', " "),
                row.author.clone(),
                row.cases.join(", "),
                row.statement.clone(),
            ]
        })
        .collect();
    table(&["reference", "state", "author", "from", "lesson"], &rows, out)?;
    list_end(&list.notes, (rows.len(), list.total), list.next.as_deref(), out)
}
