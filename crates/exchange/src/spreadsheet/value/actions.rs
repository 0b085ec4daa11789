//! Several actions in one cell.

use super::is_placeholder;
use super::name;
use crate::planned::Mention;

/// One action as a cell writes it, with what it says about itself in brackets at its end:
/// `Rotate the keys (owner: A. Keller, due: 2025-03-01)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What is to be done.
    pub text: String,
    /// Its own owners.
    pub owners: Vec<Mention>,
    /// Its own date, as written.
    pub due: Option<String>,
}

/// Cuts a cell into its actions: at numbers (`1)`, `2.`, `(3)`, `a)`), at bullets, at line breaks, or, in a single line
/// without any of these, at semicolons. A line that begins with a small letter continues the one above it.
#[must_use]
pub fn read(text: &str) -> Vec<Written> {
    split(text).into_iter().filter(|action| !is_placeholder(action)).map(|action| written(&action)).collect()
}

/// Cuts a cell into its entries as [`read`] does, so that owners and dates that are numbered like the actions can be
/// matched with them.
#[must_use]
pub fn split(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let marked = lines.iter().any(|line| marker(line).is_some());
    let mut entries: Vec<String> = Vec::new();
    for line in lines {
        let inner = numbered_inside(line);
        match (marker(line), entries.last_mut()) {
            (Some(_), _) if inner.len() > 1 => entries.extend(inner),
            (Some(after), _) => entries.push(after.to_owned()),
            (None, Some(above)) if marked || continues(line) => {
                above.push(' ');
                above.push_str(line);
            }
            (None, _) => entries.push(line.to_owned()),
        }
    }
    if let ([only], false) = (entries.as_slice(), marked) {
        return at_semicolons(only);
    }
    entries
}

/// What follows a number or bullet at the start of a line.
pub(in crate::spreadsheet) fn marker(line: &str) -> Option<&str> {
    let bullet = line.strip_prefix(['-', '*', '•', '–', '·', '▪', '→']);
    if let Some(rest) = bullet {
        return rest.starts_with(char::is_whitespace).then(|| rest.trim());
    }
    let opened = line.strip_prefix('(').unwrap_or(line);
    let digits = opened.trim_start_matches(|c: char| c.is_ascii_digit());
    let length = opened.len() - digits.len();
    let rest = match length {
        1 | 2 => digits,
        0 => opened.strip_prefix(|c: char| c.is_ascii_lowercase()).filter(|rest| rest.starts_with(')'))?,
        _ => return None,
    };
    // A letter or a space behind the sign: "2.5 hours" and "3.4.2025" are no numbering.
    let rest = rest.strip_prefix([')', '.', ':'])?;
    let separated = rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace() || c.is_alphabetic());
    separated.then(|| rest.trim())
}

/// `1) one 2) two 3) three` in one line: cut where the next number follows.
fn numbered_inside(line: &str) -> Vec<String> {
    let mut entries = Vec::new();
    let mut rest = line;
    for next in 2..100 {
        let Some(after) = marker(rest) else { break };
        let sign =
            rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '(').chars().next().unwrap_or(')');
        let Some(at) = after.find(&format!(" {next}{sign} ")) else {
            entries.push(after.to_owned());
            break;
        };
        entries.push(after[..at].trim().trim_end_matches([';', ',']).to_owned());
        rest = after[at..].trim_start();
    }
    entries
}

fn continues(line: &str) -> bool {
    line.starts_with(char::is_lowercase)
}

/// A semicolon separates actions if every part has two words or more.
fn at_semicolons(line: &str) -> Vec<String> {
    let parts: Vec<&str> = line.split(';').map(str::trim).filter(|part| !part.is_empty()).collect();
    if parts.len() > 1 && parts.iter().all(|part| part.contains(' ')) {
        return parts.into_iter().map(str::to_owned).collect();
    }
    vec![line.to_owned()]
}

fn written(text: &str) -> Written {
    let plain = || Written { text: text.to_owned(), owners: Vec::new(), due: None };
    let Some((action, remark)) = text.strip_suffix(')').and_then(|open| open.rsplit_once('(')) else {
        return plain();
    };
    let mut found = Written { text: action.trim().to_owned(), owners: Vec::new(), due: None };
    for part in remark.split([',', ';']) {
        let Some((word, value)) = part.split_once(':') else { return plain() };
        match word.trim().to_lowercase().as_str() {
            "owner" | "who" | "responsible" | "verantwortlich" | "wer" => found.owners = name::read(value),
            "due" | "by" | "until" | "deadline" | "frist" | "bis" => {
                found.due = Some(value.trim().to_owned());
            }
            _ => return plain(),
        }
    }
    if found.text.is_empty() { plain() } else { found }
}

#[cfg(test)]
mod tests;
