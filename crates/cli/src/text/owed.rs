//! What people owe, and what became of handing it over.

use std::io::{self, Write};

use nevertwice_service::person::{HandedOver, OwedView};

use super::table::heading;

/// What each person owes.
pub(crate) fn owed(views: &[OwedView], out: &mut dyn Write) -> io::Result<()> {
    if views.is_empty() {
        return writeln!(out, "Nobody who has left owes anything that you may know of.");
    }
    for view in views {
        writeln!(out, "{} ({}) owes {}", view.name, view.status, view.count)?;
        for row in &view.items {
            let due = row.due_on.as_ref().map(|due| format!(", due {due}")).unwrap_or_default();
            writeln!(out, "  {:<7} {}  {}{due}", row.kind, row.reference, row.title)?;
        }
    }
    Ok(())
}

/// What was handed over, and what was not.
pub(crate) fn handed_over(told: &HandedOver, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} owes from now on: {}", told.to, listed(&told.done))?;
    if !told.refused.is_empty() {
        heading("Not handed over", out)?;
    }
    told.refused.iter().try_for_each(|one| writeln!(out, "  {}  {}", one.reference, one.reason))
}

fn listed(references: &[String]) -> String {
    if references.is_empty() { "nothing".to_owned() } else { references.join(", ") }
}
