//! Texts that hold nothing but words, as most moments of a timeline do: one paragraph, written at once as the renderer and
//! the wall would write it together. A fifth of the time that a case with hundreds of moments took went into these.

use super::reference::references;

/// Longest such text in bytes.
const LONGEST: usize = 2048;

/// The text as HTML, if every character of it can only mean itself.
pub(super) fn paragraph(text: &str) -> Option<String> {
    is_simple(text).then(|| format!("<p>{text}</p>\n"))
}

fn is_simple(text: &str) -> bool {
    text.len() <= LONGEST
        // What begins with a letter is no list, no heading and no quotation.
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && !text.ends_with(' ')
        && text.chars().all(means_itself)
        && !leads_somewhere(text)
}

/// Nothing that stresses, links, quotes, escapes, divides or is written otherwise in HTML.
fn means_itself(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, ' ' | ',' | '.' | ';' | ':' | '?' | '(' | ')' | '%' | '/' | '-' | '\'' | '’' | '–')
}

/// Whether a link would be made of a part of it.
fn leads_somewhere(text: &str) -> bool {
    let has_address =
        text.contains(":/") || text.as_bytes().windows(4).any(|part| part.eq_ignore_ascii_case(b"www."));
    has_address || references(text).next().is_some()
}
