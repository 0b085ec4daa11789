//! References: how people name a record. Gapless per year of registration (cases, reviews, lessons, actions) or
//! over the register's whole life (assets, suppliers). A reference never changes.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A text that is not a reference of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{found:?} is not a reference of a {kind}; expected one such as {example}")]
pub struct ReferenceError {
    /// What the reference should name, such as `case`.
    pub kind: &'static str,
    /// What was found.
    pub found: String,
    /// A reference that would do.
    pub example: &'static str,
}

/// A reference with a year: what the counters and the store work with.
pub trait Reference: Copy + fmt::Display + FromStr<Err = ReferenceError> {
    /// The letters before the first hyphen, such as `CASE`.
    const PREFIX: &'static str;
    /// Builds a reference; `year` is ignored where the kind has none.
    fn from_parts(year: i16, number: u32) -> Self;
    /// The year of registration, or 0 where the kind has none.
    fn year(self) -> i16;
    /// The number, from 1.
    fn number(self) -> u32;
}

macro_rules! yearly {
    ($( $(#[$meta:meta])* $name:ident $prefix:literal $kind:literal $example:literal ),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name { year: i16, number: u32 }

        impl Reference for $name {
            const PREFIX: &'static str = $prefix;
            fn from_parts(year: i16, number: u32) -> Self { Self { year, number } }
            fn year(self) -> i16 { self.year }
            fn number(self) -> u32 { self.number }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "-{:04}-{:04}"), self.year, self.number)
            }
        }

        impl FromStr for $name {
            type Err = ReferenceError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                parse_yearly(text, $prefix)
                    .map(|(year, number)| Self { year, number })
                    .ok_or_else(|| ReferenceError { kind: $kind, found: text.to_owned(), example: $example })
            }
        }

        text_serde!($name);
    )+};
}

macro_rules! lifelong {
    ($( $(#[$meta:meta])* $name:ident $prefix:literal $kind:literal $example:literal ),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name { number: u32 }

        impl Reference for $name {
            const PREFIX: &'static str = $prefix;
            fn from_parts(_year: i16, number: u32) -> Self { Self { number } }
            fn year(self) -> i16 { 0 }
            fn number(self) -> u32 { self.number }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "-{:04}"), self.number)
            }
        }

        impl FromStr for $name {
            type Err = ReferenceError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                parse_lifelong(text, $prefix)
                    .map(|number| Self { number })
                    .ok_or_else(|| ReferenceError { kind: $kind, found: text.to_owned(), example: $example })
            }
        }

        text_serde!($name);
    )+};
}

macro_rules! text_serde {
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

yearly! {
    /// A case: `CASE-2026-0042`.
    CaseRef "CASE" "case" "CASE-2026-0042",
    /// A post-incident review: `PIR-2026-0007`.
    ReviewRef "PIR" "review" "PIR-2026-0007",
    /// A lesson: `LSN-2026-0003`.
    LessonRef "LSN" "lesson" "LSN-2026-0003",
    /// An action: `ACT-2026-0031`.
    ActionRef "ACT" "action" "ACT-2026-0031",
    /// An awareness item: `AWR-2026-0001`.
    AwarenessRef "AWR" "awareness item" "AWR-2026-0001",
    /// An import run: `IMP-2026-0001`.
    ImportRef "IMP" "import run" "IMP-2026-0001",
}

lifelong! {
    /// An AI asset: `AST-0019`.
    AssetRef "AST" "asset" "AST-0019",
    /// A version of the incident management procedure: `PRC-0003`.
    ProcedureRef "PRC" "version of the procedure" "PRC-0003",
    /// A risk: `RSK-0007`.
    RiskRef "RSK" "risk" "RSK-0007",
    /// A supplier: `SUP-0004`.
    SupplierRef "SUP" "supplier" "SUP-0004",
}

fn parse_yearly(text: &str, prefix: &str) -> Option<(i16, u32)> {
    let (year, number) = after_prefix(text, prefix)?.split_once('-')?;
    let four_digits = year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
    Some((four_digits.then(|| year.parse().ok()).flatten()?, parse_number(number)?))
}

pub(crate) fn parse_lifelong(text: &str, prefix: &str) -> Option<u32> {
    parse_number(after_prefix(text, prefix)?)
}

fn after_prefix<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let text = text.trim();
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then(|| text.get(prefix.len()..)?.strip_prefix('-')).flatten()
}

fn parse_number(text: &str) -> Option<u32> {
    let digits = (1..=9).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten().filter(|&n| n > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_written_as_they_were_read() {
        assert_eq!("case-2026-42".parse::<CaseRef>().unwrap().to_string(), "CASE-2026-0042");
        assert_eq!("ACT-2026-123456".parse::<ActionRef>().unwrap().to_string(), "ACT-2026-123456");
        assert_eq!("SUP-4".parse::<SupplierRef>().unwrap().to_string(), "SUP-0004");
    }

    #[test]
    fn what_is_not_a_reference_is_refused_with_an_example() {
        for text in [
            "",
            "CASE",
            "CASE-2026",
            "CASE-26-1",
            "CASE-2026-0",
            "CASE-2026-x",
            "ACT-2026-0001",
            "CASE-2026-1-2",
            "é",
        ] {
            let error = text.parse::<CaseRef>().unwrap_err();
            assert!(error.to_string().contains("CASE-2026-0042"), "{error}");
        }
    }
}
