//! The text of a cause or of a problem.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

use crate::text::TextError;

/// Longest statement, in characters.
pub const STATEMENT_LIMIT: usize = 1000;

/// A statement of one problem or one cause: 1 to [`STATEMENT_LIMIT`] characters on one line, no control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Statement(String);

impl Statement {
    /// Takes a statement; white space at its ends is dropped, inner line breaks and runs of spaces become one space.
    ///
    /// # Errors
    /// Empty, too long, or with control characters.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if joined.is_empty() {
            return Err(TextError::Empty);
        }
        if let Some(control) = joined.chars().find(|c| c.is_control()) {
            return Err(TextError::Control { code: u32::from(control) });
        }
        let found = joined.chars().count();
        if found > STATEMENT_LIMIT {
            return Err(TextError::TooLong { found, limit: STATEMENT_LIMIT, unit: "characters" });
        }
        Ok(Self(joined))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Statement {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl AsRef<str> for Statement {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl<'de> Deserialize<'de> for Statement {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
