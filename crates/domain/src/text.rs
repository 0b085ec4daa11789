//! Bounded texts. A text that a person typed is kept as typed, only its ends are trimmed.

use std::fmt;

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

/// Longest one-line text, in characters.
pub const LINE_LIMIT: usize = 300;
/// Longest running text (Markdown), in bytes.
pub const PROSE_LIMIT: usize = 64 * 1024;

/// A text that cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TextError {
    /// Nothing but white space.
    #[error("is empty; expected at least one character")]
    Empty,
    /// Longer than the limit.
    #[error("has {found} {unit}; expected at most {limit}")]
    TooLong {
        /// Its length.
        found: usize,
        /// The limit.
        limit: usize,
        /// `characters` or `bytes`.
        unit: &'static str,
    },
    /// A line break in a one-line text, or a control character.
    #[error("contains the control character U+{code:04X}; expected plain text")]
    Control {
        /// Its code point.
        code: u32,
    },
}

/// One line: a title, a name. 1 to [`LINE_LIMIT`] characters, no control characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct Line(String);

/// Running text in Markdown: 1 byte to [`PROSE_LIMIT`], no control characters but line breaks and tabs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
pub struct Prose(String);

impl Line {
    /// Takes a line; white space at its ends is dropped, inner line breaks become spaces.
    ///
    /// # Errors
    /// Empty, too long, or with control characters.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let joined: String =
            text.trim().chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c }).collect();
        if joined.is_empty() {
            return Err(TextError::Empty);
        }
        refuse_control(&joined, &[])?;
        let found = joined.chars().count();
        if found > LINE_LIMIT {
            return Err(TextError::TooLong { found, limit: LINE_LIMIT, unit: "characters" });
        }
        Ok(Self(joined))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Line {
    /// A line that stands in the program itself.
    pub(crate) fn of_the_program(text: &'static str) -> Self {
        Self(text.to_owned())
    }
}

impl Prose {
    /// Takes running text; white space at its ends is dropped, CR LF becomes LF.
    ///
    /// # Errors
    /// Empty, too long, or with control characters.
    pub fn parse(text: &str) -> Result<Self, TextError> {
        let unix = text.trim().replace("\r\n", "\n").replace('\r', "\n");
        if unix.is_empty() {
            return Err(TextError::Empty);
        }
        refuse_control(&unix, &['\n', '\t'])?;
        if unix.len() > PROSE_LIMIT {
            return Err(TextError::TooLong { found: unix.len(), limit: PROSE_LIMIT, unit: "bytes" });
        }
        Ok(Self(unix))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn refuse_control(text: &str, allowed: &[char]) -> Result<(), TextError> {
    match text.chars().find(|c| c.is_control() && !allowed.contains(c)) {
        Some(c) => Err(TextError::Control { code: u32::from(c) }),
        None => Ok(()),
    }
}

/// Folds a text for comparing and sorting: compatibility-decomposed, marks dropped, lower case, white space joined.
///
/// Done here and stored beside the text so that both database engines agree (`lower('Ä')` differs between them).
#[must_use]
pub fn fold(text: &str) -> String {
    let lower: String = text
        .nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect();
    lower.split_whitespace().collect::<Vec<_>>().join(" ")
}

macro_rules! text_type {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
        impl std::str::FromStr for $name {
            type Err = TextError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }
        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
            }
        }
    };
}

text_type!(Line);
text_type!(Prose);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_trimmed_and_bounded() {
        assert_eq!(Line::parse("  a\nb ").unwrap().as_str(), "a b");
        assert_eq!(Line::parse(" \n"), Err(TextError::Empty));
        assert_eq!(Line::parse("a\u{0}b"), Err(TextError::Control { code: 0 }));
        assert!(Line::parse(&"ä".repeat(300)).is_ok());
        assert!(matches!(Line::parse(&"ä".repeat(301)), Err(TextError::TooLong { found: 301, .. })));
    }

    #[test]
    fn prose_keeps_line_breaks() {
        assert_eq!(Prose::parse("a\r\nb\rc\n").unwrap().as_str(), "a\nb\nc");
        assert!(matches!(Prose::parse(&"x".repeat(PROSE_LIMIT + 1)), Err(TextError::TooLong { .. })));
    }

    #[test]
    fn folding_is_the_same_for_every_spelling() {
        assert_eq!(fold("  MÜLLER \u{a0}Ärzte"), "muller arzte");
        assert_eq!(fold("Mu\u{308}ller arzte"), "muller arzte");
        assert_eq!(fold("ﬁle"), "file");
    }
}
