//! How likely, how bad, and what both come to.

use serde::{Deserialize, Serialize};
use thiserror::Error;

words! {
    /// What likelihood and impact come to.
    Band("band") {
        /// Score 1 to 4.
        Low = "low",
        /// Score 5 to 9.
        Medium = "medium",
        /// Score 10 to 15.
        High = "high",
        /// Score 16 to 25.
        VeryHigh = "very_high",
    }
}

/// A likelihood or an impact: 1 to 5, 5 is worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Rating(u8);

/// A number that is no rating.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{found} is not on the scale; expected 1 (least) to 5 (worst)")]
pub struct RatingError {
    /// What was found.
    pub found: String,
}

/// How likely and how bad a risk is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Exposure {
    /// How likely.
    pub likelihood: Rating,
    /// How bad.
    pub impact: Rating,
}

impl Rating {
    /// Every rating, the least first.
    pub const ALL: [Self; 5] = [Self(1), Self(2), Self(3), Self(4), Self(5)];

    /// Takes a number.
    ///
    /// # Errors
    /// Not 1 to 5.
    pub fn new(level: u8) -> Result<Self, RatingError> {
        if (1..=5).contains(&level) { Ok(Self(level)) } else { Err(RatingError { found: level.to_string() }) }
    }

    /// The number.
    #[must_use]
    pub fn level(self) -> u8 {
        self.0
    }

    /// Its place among the five, from 0: for the words of the company.
    #[must_use]
    pub fn place(self) -> usize {
        usize::from(self.0 - 1)
    }
}

impl Exposure {
    /// Likelihood times impact: 1 to 25.
    #[must_use]
    pub fn score(self) -> u8 {
        self.likelihood.0 * self.impact.0
    }

    /// What the score comes to.
    #[must_use]
    pub fn band(self) -> Band {
        match self.score() {
            0..=4 => Band::Low,
            5..=9 => Band::Medium,
            10..=15 => Band::High,
            _ => Band::VeryHigh,
        }
    }
}

impl std::fmt::Display for Rating {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl std::str::FromStr for Rating {
    type Err = RatingError;

    fn from_str(text: &str) -> Result<Self, RatingError> {
        let found = || RatingError { found: format!("{text:?}") };
        text.trim().parse().map_err(|_| found()).and_then(|level| Self::new(level).map_err(|_| found()))
    }
}

impl<'de> Deserialize<'de> for Rating {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(u8::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
