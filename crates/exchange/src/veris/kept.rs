//! What a record says that has no place of its own: kept word for word, with its path, as comments of the case.

use nevertwice_domain::text::{PROSE_LIMIT, Prose, TextError};

use super::path::escaped;

/// Begins the first comment.
const HEAD: &str = "Kept from the VERIS record:";

/// Bytes of a comment, below the limit of a text.
const PART: usize = PROSE_LIMIT - 1024;

/// Lines to keep.
#[derive(Debug, Default)]
pub(super) struct Kept(Vec<String>);

impl Kept {
    /// Keeps a value with its path. Control characters that no text may have are escaped: one would cost the whole comment.
    pub(super) fn add(&mut self, path: &str, text: &str) {
        let mut rest = escaped(&format!("- {path}: {text}"), &['\n', '\r', '\t']).into_owned();
        while rest.len() > PART {
            let at = seam(&rest);
            let behind = rest.split_off(at);
            self.0.push(std::mem::replace(&mut rest, behind));
        }
        self.0.push(rest);
    }

    /// As few comments as hold everything.
    ///
    /// # Errors
    /// A comment cannot be kept: never, as lines are added. It would be the record's fate, and not silence.
    pub(super) fn comments(self) -> Result<Vec<Prose>, TextError> {
        let mut parts: Vec<String> = Vec::new();
        let mut part = HEAD.to_owned() + "\n";
        if self.0.is_empty() {
            return Ok(Vec::new());
        }
        for line in self.0 {
            if part.len() + line.len() + 1 > PROSE_LIMIT {
                parts.push(std::mem::take(&mut part));
            }
            if !part.is_empty() {
                part.push('\n');
            }
            part.push_str(&line);
        }
        parts.push(part);
        // White space alone, of a text with more than a comment's worth of it, is no comment.
        parts.iter().filter(|part| !part.trim().is_empty()).map(|part| Prose::parse(part)).collect()
    }
}

/// Where a long text is cut: between two characters neither of which is white space, so that none is lost.
fn seam(text: &str) -> usize {
    let mut at = PART;
    for _ in 0..PART {
        let is_inside = text.is_char_boundary(at)
            && !text[at..].starts_with(char::is_whitespace)
            && !text[..at].ends_with(char::is_whitespace);
        if is_inside {
            return at;
        }
        at -= 1;
    }
    // Nothing but white space: any place will do.
    (1..=PART).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_any_length_is_kept_whole() {
        let long = "ä b".repeat(60_000);
        let mut kept = Kept::default();
        kept.add("plus.a", "short");
        kept.add("plus.b", &long);
        let comments = kept.comments().unwrap();
        assert!(comments.len() > 2 && comments[0].as_str().contains("- plus.a: short"));
        let joined: String = comments.iter().map(Prose::as_str).collect::<Vec<_>>().concat();
        assert!(joined.replace('\n', "").contains(&long));
    }

    #[test]
    fn nothing_to_keep_is_no_comment() {
        assert!(Kept::default().comments().unwrap().is_empty());
    }

    #[test]
    fn nothing_that_is_added_costs_what_else_is_kept() {
        let mut kept = Kept::default();
        kept.add("plus.a", "short");
        kept.add("plus.b", "a\u{1}b\u{85}c\nd\r\te");
        kept.add("plus.c", &" ".repeat(3 * PROSE_LIMIT));
        let comments = kept.comments().unwrap();
        let first = comments[0].as_str();
        assert!(first.contains("- plus.a: short\n- plus.b: a\\u0001b\\u0085c\nd\n\te"), "{first:?}");
        assert!(comments.iter().any(|comment| comment.as_str().contains("plus.c")));
    }
}
