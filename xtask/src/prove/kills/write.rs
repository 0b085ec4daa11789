//! One write: what the server is asked for, and what has to be there afterwards.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::writers::Desk;
use crate::prove::chance::Chance;

/// Something that a writer wants written. Every text is used once, so that it tells the writes apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Write {
    /// A case.
    Report { title: String, summary: String },
    /// Another title and another summary, which belong together.
    Edit { case: String, title: String, summary: String },
    /// A comment.
    Comment { case: String, text: String },
    /// An action with the check of its effect: rows of two tables that belong together.
    Plan { case: String, title: String, measure: String },
    /// A file.
    Attach { case: String, name: String, content: Content },
}

/// What a file says. An error names its hash, as the register does.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Content(pub(crate) String);

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&sha256(self.0.as_bytes()))
    }
}

impl Write {
    /// The next write of a writer: something about `case`, or a new case.
    pub(crate) fn draw(chance: &mut Chance, case: Option<&str>, tag: &str) -> Write {
        let Some(case) = case else { return Write::report(chance, tag) };
        let case = case.to_owned();
        match chance.below(6) {
            0 => Write::report(chance, tag),
            1 => Write::Edit { case, title: format!("Edited {tag}"), summary: text(chance, tag) },
            2 => Write::Plan { case, title: format!("Action {tag}"), measure: format!("Measured by {tag}") },
            3 => Write::Attach { case, name: format!("{tag}.txt"), content: Content(letters(chance, 1024)) },
            _ => Write::Comment { case, text: text(chance, tag) },
        }
    }

    fn report(chance: &mut Chance, tag: &str) -> Write {
        Write::Report { title: format!("Case {tag}"), summary: text(chance, tag) }
    }

    /// The use case and its input.
    ///
    /// # Errors
    /// When the file to hand in cannot be written.
    pub(crate) fn request(&self, desk: &Desk) -> anyhow::Result<(&'static str, Value)> {
        Ok(match self {
            Write::Report { title, summary } => {
                ("report_case", json!({"title": title, "summary": summary, "class": "event"}))
            }
            Write::Edit { case, title, summary } => {
                ("edit_case", json!({"case": case, "title": title, "summary": {"to": summary}}))
            }
            Write::Comment { case, text } => ("add_comment", json!({"case": case, "text": text})),
            Write::Plan { case, title, measure } => (
                "new_action",
                json!({"case": case, "title": title, "purpose": "corrective", "kind": "technical",
                    "owner": desk.owner, "due_on": "2036-12-31", "due_reason": "parts are late",
                    "check_measure": measure}),
            ),
            Write::Attach { case, name, content } => {
                let paper = desk.papers().join(name);
                std::fs::write(&paper, &content.0)?;
                ("add_evidence", json!({"case": case, "source": {"file": paper}, "legal_hold": false}))
            }
        })
    }

    /// Whether it hands in a file.
    pub(crate) fn is_file(&self) -> bool {
        matches!(self, Write::Attach { .. })
    }

    /// The reference of the case that it is about; none if it is a new one.
    pub(crate) fn case(&self) -> Option<&str> {
        match self {
            Write::Report { .. } => None,
            Write::Edit { case, .. }
            | Write::Comment { case, .. }
            | Write::Plan { case, .. }
            | Write::Attach { case, .. } => Some(case),
        }
    }
}

/// The hash that the register has to name for a file.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn text(chance: &mut Chance, tag: &str) -> String {
    format!("Text of {tag}: {}", letters(chance, 64))
}

/// Some letters and digits, between one and `longest` times sixteen.
fn letters(chance: &mut Chance, longest: usize) -> String {
    (0..=chance.below(longest)).map(|_| format!("{:016x}", chance.number())).collect()
}
