//! Awareness items.

use std::io::{self, Write};

use nevertwice_service::awareness::{AwarenessList, AwarenessRow, AwarenessView};

use super::table::{fact, heading, indented, table};

/// An awareness item, and who has acknowledged it as far as the caller may know.
pub(crate) fn awareness(item: &AwarenessView, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}  {}", item.reference, item.title)?;
    fact("state", Some(&item.state), out)?;
    fact("lesson", item.lesson.as_deref(), out)?;
    fact("for", Some(&audience(item)), out)?;
    fact("until", Some(&item.due_on), out)?;
    fact("published by", Some(&item.published_by), out)?;
    fact("withdrawn", item.withdrawn_reason.as_deref(), out)?;
    fact("you", item.acknowledged_at.as_ref().map(|at| format!("acknowledged {at}")).as_deref(), out)?;
    fact("acknowledged", counts(item.acknowledged_count, item.audience_count).as_deref(), out)?;
    writeln!(out)?;
    indented(&item.text, 2, out)?;
    if !item.acknowledged.is_empty() {
        heading("Acknowledged", out)?;
    }
    for reader in &item.acknowledged {
        writeln!(out, "  {}  {}", reader.acknowledged_at, reader.name)?;
    }
    if !item.missing.is_empty() {
        heading("Not yet", out)?;
    }
    item.missing.iter().try_for_each(|name| writeln!(out, "  {name}"))
}

fn audience(item: &AwarenessView) -> String {
    match item.audience.as_str() {
        "roles" => format!("roles: {}", item.roles.join(", ")),
        "people" => "some people by name".to_owned(),
        _ => "everybody".to_owned(),
    }
}

fn counts(read: Option<u64>, of: Option<u64>) -> Option<String> {
    read.zip(of).map(|(read, of)| format!("{read} of {of}"))
}

/// A page of awareness items.
pub(crate) fn awareness_list(list: &AwarenessList, out: &mut dyn Write) -> io::Result<()> {
    let row = |row: &AwarenessRow| {
        let mine = match (row.is_for_me, row.is_acknowledged) {
            (_, true) => "acknowledged",
            (true, false) if row.state == "published" => "to read",
            _ => "",
        };
        let due = if row.overdue { format!("{} !", row.due_on) } else { row.due_on.clone() };
        let counts = counts(row.acknowledged_count, row.audience_count).unwrap_or_default();
        vec![row.reference.clone(), row.state.clone(), due, mine.to_owned(), counts, row.title.clone()]
    };
    let rows: Vec<Vec<String>> = list.items.iter().map(row).collect();
    table(&["reference", "state", "until", "you", "acknowledged", "title"], &rows, out)?;
    match &list.next {
        Some(next) => writeln!(out, "there are more: --after {next}"),
        None => Ok(()),
    }
}
