//! Rules are written as lines that read like the procedure itself, the same on the page, in a file, in JSON and in the
//! store. Here is what all of them share.

use std::str::FromStr;

use thiserror::Error;

use crate::refusal::Refusal;

/// A line that is no rule.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{found:?} cannot be read; expected {expected}")]
pub struct NotationError {
    /// What was found.
    pub found: String,
    /// What would do.
    pub expected: &'static str,
}

impl NotationError {
    pub(super) fn new(found: &str, expected: &'static str) -> Self {
        Self { found: found.trim().to_owned(), expected }
    }
}

impl Refusal for NotationError {
    fn code(&self) -> &'static str {
        "procedure.notation"
    }
}

/// Everything that stands on lines of their own; empty lines are left out.
pub(super) fn one_a_line<T: FromStr<Err = NotationError>>(text: &str) -> Result<Vec<T>, NotationError> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::parse).collect()
}

/// A whole number from a word.
pub(super) fn number(word: &str, line: &str, expected: &'static str) -> Result<u16, NotationError> {
    word.trim().parse().map_err(|_| NotationError::new(line, expected))
}

/// Serializes a type as its line.
macro_rules! text_form {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

pub(super) use text_form;
