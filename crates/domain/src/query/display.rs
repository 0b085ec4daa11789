//! The normal form of a query: what it prints parses to the same query.

use std::fmt::{self, Display};

use super::field::Field;
use super::parser::searches_for;
use super::scanner::{is_bare, is_quote};
use super::{Comparison, Node, Query, Test, Text, Value};

impl Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.root {
            Some(root) => root.fmt(f),
            None => Ok(()),
        }
    }
}

impl Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All(parts) => write_joined(f, parts, " "),
            Self::Any(parts) => write_joined(f, parts, " OR "),
            Self::Not(part) => {
                f.write_str("-")?;
                part.write_inner(f)
            }
            Self::Text(text) => text.fmt(f),
            Self::Field { field, test } => write_test(f, field, test),
        }
    }
}

impl Node {
    /// As a part of something else: groups in parentheses.
    fn write_inner(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if matches!(self, Self::All(_) | Self::Any(_)) { write!(f, "({self})") } else { self.fmt(f) }
    }
}

fn write_joined(f: &mut fmt::Formatter<'_>, parts: &[Node], between: &str) -> fmt::Result {
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            f.write_str(between)?;
        }
        part.write_inner(f)?;
    }
    Ok(())
}

fn write_test(f: &mut fmt::Formatter<'_>, field: &Field, test: &Test) -> fmt::Result {
    write!(f, "{}:", field.name())?;
    match test {
        Test::AnyOf(values) => {
            write_equals(f, values.first())?;
            for (i, value) in values.iter().enumerate() {
                write!(f, "{}{value}", if i > 0 { "," } else { "" })?;
            }
            Ok(())
        }
        Test::Compare(comparison, value) => write!(f, "{comparison}{value}"),
        Test::Range(low, high) => {
            write_equals(f, low.as_ref())?;
            if let Some(low) = low {
                low.fmt(f)?;
            }
            f.write_str("..")?;
            high.as_ref().map_or(Ok(()), |high| high.fmt(f))
        }
    }
}

/// The sign that may be left out, where a value begins with what would be read as a sign.
fn write_equals(f: &mut fmt::Formatter<'_>, first: Option<&Value>) -> fmt::Result {
    match first {
        Some(Value::Text(text)) if !text.quoted && text.text.starts_with(['=', '<', '>']) => f.write_str("="),
        _ => Ok(()),
    }
}

impl Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::AtLeast => ">=",
            Self::Greater => ">",
        })
    }
}

impl Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Word(word) => f.write_str(word),
            Self::Level(level) => level.fmt(f),
            Self::Date(date) => date.fmt(f),
            Self::Text(text) => text.fmt(f),
            Self::Me => f.write_str("me"),
        }
    }
}

impl Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let star = if self.prefix { "*" } else { "" };
        if !self.quoted {
            return write!(f, "{}{star}", self.text);
        }
        let escaped: String = self
            .text
            .chars()
            .flat_map(|c| (c == '\\' || is_quote(c)).then_some('\\').into_iter().chain([c]))
            .collect();
        write!(f, "\"{escaped}\"{star}")
    }
}

/// Whether a text can stand without quotes and still be read as one plain word.
pub(super) fn stands_bare(text: &str) -> bool {
    searches_for(text)
        && text.chars().all(|c| is_bare(c) && !matches!(c, ',' | '*' | ':' | '=' | '<' | '>'))
        && !text.starts_with('-')
        && !text.contains("..")
        && !matches!(text, "AND" | "OR" | "NOT" | "me")
}
