//! What waits for whoever asks.

use std::io::{self, Write};

use nevertwice_service::work::{WorkPart, WorkView};

use super::table::{heading, table};

/// What waits for somebody, by what is asked for.
pub(crate) fn work(view: &WorkView, out: &mut dyn Write) -> io::Result<()> {
    if view.items.is_empty() {
        return writeln!(out, "Nothing waits for you.");
    }
    for part in &view.parts {
        let of_part = view.items.iter().filter(|row| row.ask == part.ask);
        let rows: Vec<Vec<String>> = of_part
            .map(|row| {
                let due = row.due_on.clone().unwrap_or_else(|| "–".to_owned());
                let due = if row.is_overdue { format!("{due} overdue") } else { due };
                let words = row.words.clone().unwrap_or_default();
                vec![row.to_do.clone(), row.reference.clone(), due, words]
            })
            .collect();
        heading(&titled(part), out)?;
        table(&["to do", "reference", "by", "what"], &rows, out)?;
        if part.count > rows.len() as u64 {
            writeln!(out, "  … the first {} of these", rows.len())?;
        }
    }
    Ok(())
}

fn titled(part: &WorkPart) -> String {
    let more = if part.is_more { " or more" } else { "" };
    let overdue = match part.overdue {
        0 => String::new(),
        overdue => format!(", {overdue} overdue"),
    };
    format!("{} ({}{more}{overdue})", part.heading, part.count)
}

#[cfg(test)]
mod tests {
    use nevertwice_service::work::WorkRow;

    use super::*;

    fn told(view: &WorkView) -> String {
        let mut out = Vec::new();
        work(view, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn part(ask: &str, heading: &str, count: u64, overdue: u64) -> WorkPart {
        let (ask, heading) = (ask.to_owned(), heading.to_owned());
        WorkPart { ask, heading, count, overdue, is_more: count >= 200, link: None }
    }

    fn row(ask: &str, reference: &str, words: Option<&str>, due_on: Option<&str>) -> WorkRow {
        WorkRow {
            ask: ask.to_owned(),
            to_do: format!("{ask} it"),
            reference: reference.to_owned(),
            words: words.map(str::to_owned),
            due_on: due_on.map(str::to_owned),
            is_overdue: due_on.is_some_and(|day| day < "2026-04-01"),
            link: "/".to_owned(),
        }
    }

    fn view(parts: Vec<WorkPart>, items: Vec<WorkRow>) -> WorkView {
        WorkView { as_of: "2026-04-01".to_owned(), parts, items }
    }

    #[test]
    fn nothing_is_told_as_nothing() {
        assert_eq!(told(&view(Vec::new(), Vec::new())), "Nothing waits for you.\n");
    }

    #[test]
    fn each_thing_says_what_is_to_be_done_with_what_and_by_when() {
        let parts =
            vec![part("complete", "Actions I owe", 2, 1), part("escalated", "Overdue, told to me", 250, 0)];
        let items = vec![
            row("complete", "ACT-2026-0001", Some("Mend the lock"), Some("2026-03-30")),
            row("complete", "ACT-2026-0002", Some("Change the key"), None),
            row("escalated", "ACT-2026-0003", None, Some("2026-05-01")),
        ];
        let text = told(&view(parts, items));
        let line = |of: &str| text.lines().find(|line| line.contains(of)).unwrap().to_owned();
        assert!(text.contains("Actions I owe (2, 1 overdue)"), "{text}");
        assert!(text.contains("Overdue, told to me (250 or more)"), "{text}");
        let first = line("ACT-2026-0001");
        assert!(first.contains("complete it") && first.contains("2026-03-30 overdue"), "{first}");
        assert!(first.contains("Mend the lock"), "{first}");
        assert!(line("ACT-2026-0002").contains('–'), "{text}");
        assert!(!line("ACT-2026-0003").contains("overdue"), "{text}");
        assert!(text.contains("the first 1 of these"), "{text}");
    }
}
