//! References of controls: `A.8.9` of the standard, `C-12` of the company's own. Neither ever changes.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use thiserror::Error;

use crate::reference::{Reference, ReferenceError};
use crate::text::Line;

words! {
    /// What a control is about: the parts of Annex A, and what the company added.
    Theme("theme") {
        /// Clause 5 of Annex A.
        Organizational = "organizational",
        /// Clause 6 of Annex A.
        People = "people",
        /// Clause 7 of Annex A.
        Physical = "physical",
        /// Clause 8 of Annex A.
        Technological = "technological",
        /// The company's own.
        Own = "own",
    }
}

/// A text that is not the reference of a control.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{found:?} is not a control; expected one of Annex A such as A.8.9, or of your own such as C-12")]
pub struct ControlRefError {
    /// What was found.
    pub found: String,
}

/// A number of Annex A: the clause and the place in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AnnexNumber {
    clause: u8,
    place: u8,
}

/// The reference of a control of the company's own: `C-12`, given out one after the other over the register's whole life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnControlRef {
    number: u32,
}

/// The reference of a control; those of the standard come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ControlRef {
    /// Of Annex A of ISO/IEC 27001:2022.
    Annex(AnnexNumber),
    /// Of the company's own.
    Own(OwnControlRef),
}

/// A control as the standard names it: number and title.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnnexControl {
    /// Its number.
    pub reference: ControlRef,
    /// Its title.
    pub title: Line,
}

/// The 93 controls of Annex A of ISO/IEC 27001:2022, in order.
#[must_use]
pub fn annex_a() -> &'static [AnnexControl] {
    static CONTROLS: LazyLock<Vec<AnnexControl>> = LazyLock::new(|| {
        let lines = include_str!("../../data/annex_a.tsv").lines();
        lines.filter(|line| !line.starts_with('#')).filter_map(control_of_line).collect()
    });
    &CONTROLS
}

/// A number and a title with a tab between them; a test counts that none is lost here.
fn control_of_line(line: &str) -> Option<AnnexControl> {
    let (number, title) = line.split_once('\t')?;
    let reference = ControlRef::Annex(AnnexNumber::read(number)?);
    Some(AnnexControl { reference, title: Line::parse(title).ok()? })
}

impl ControlRef {
    /// What the control is about.
    #[must_use]
    pub fn theme(self) -> Theme {
        match self {
            Self::Annex(number) => match number.clause {
                5 => Theme::Organizational,
                6 => Theme::People,
                7 => Theme::Physical,
                _ => Theme::Technological,
            },
            Self::Own(_) => Theme::Own,
        }
    }

    /// What the standard says, if it is of the standard.
    #[must_use]
    pub fn of_the_standard(self) -> Option<&'static AnnexControl> {
        annex_a().iter().find(|control| control.reference == self)
    }
}

impl AnnexNumber {
    /// `A.8.9`, whether the standard has one of that number or not.
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        if !parts.next()?.eq_ignore_ascii_case("A") {
            return None;
        }
        let mut number = || {
            let digits = parts.next()?;
            let is_plain =
                (1..=2).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
            is_plain.then(|| digits.parse::<u8>().ok()).flatten()
        };
        let (clause, place) = (number()?, number()?);
        parts.next().is_none().then_some(Self { clause, place })
    }
}

impl FromStr for ControlRef {
    type Err = ControlRefError;

    fn from_str(text: &str) -> Result<Self, ControlRefError> {
        let text = text.trim();
        let unknown = || ControlRefError { found: text.to_owned() };
        if let Some(number) = AnnexNumber::read(text) {
            let reference = Self::Annex(number);
            return reference.of_the_standard().map(|_| reference).ok_or_else(unknown);
        }
        text.parse().map(Self::Own).map_err(|_| unknown())
    }
}

impl fmt::Display for ControlRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Annex(AnnexNumber { clause, place }) => write!(f, "A.{clause}.{place}"),
            Self::Own(own) => own.fmt(f),
        }
    }
}

impl serde::Serialize for ControlRef {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for ControlRef {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl Reference for OwnControlRef {
    const PREFIX: &'static str = "C";

    fn from_parts(_year: i16, number: u32) -> Self {
        Self { number }
    }

    fn year(self) -> i16 {
        0
    }

    fn number(self) -> u32 {
        self.number
    }
}

impl fmt::Display for OwnControlRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "C-{}", self.number)
    }
}

impl FromStr for OwnControlRef {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        crate::reference::parse_lifelong(text, Self::PREFIX).map(|number| Self { number }).ok_or_else(|| {
            ReferenceError { kind: "control of your own", found: text.to_owned(), example: "C-12" }
        })
    }
}
