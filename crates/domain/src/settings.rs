//! What a company sets once: its name, time zone, currency, and its own words.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::money::Currency;
use crate::refusal::Refusal;
use crate::text::Line;

/// The company's settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Counts the changes.
    pub version: u64,
    /// The company's name.
    pub company: Line,
    /// IANA time zone: borders of days, months and years, and the year in references.
    pub time_zone: TimeZoneName,
    /// Currency of amounts without one.
    pub currency: Currency,
    /// The company's words for severity 1 to 5.
    pub severity_words: [Line; 5],
    /// The company's categories.
    pub categories: Vec<Line>,
    /// The company's categories of causes.
    #[serde(default = "default_cause_categories")]
    pub cause_categories: Vec<Line>,
    /// The register holds invented sample data only: every output says so.
    pub sample: bool,
    /// Whoever has no account may report.
    #[serde(default)]
    pub open_reporting: bool,
    /// The company's words for how likely a risk is, 1 to 5.
    #[serde(default = "likelihood_words")]
    pub likelihood_words: [Line; 5],
    /// The company's words for how bad a risk is, 1 to 5.
    #[serde(default = "impact_words")]
    pub impact_words: [Line; 5],
}

/// What likelihoods are called as long as the company says nothing else.
#[must_use]
pub fn likelihood_words() -> [Line; 5] {
    ["Rare", "Unlikely", "Possible", "Likely", "Almost certain"].map(Line::of_the_program)
}

/// What impacts are called as long as the company says nothing else.
#[must_use]
pub fn impact_words() -> [Line; 5] {
    ["Negligible", "Minor", "Moderate", "Major", "Severe"].map(Line::of_the_program)
}

/// The categories of causes of a company that has not chosen its own.
const CAUSE_CATEGORIES: [&str; 13] = [
    "Access management",
    "Change management",
    "Configuration",
    "Data handling",
    "Documentation",
    "Human–machine interface",
    "Model and training pipeline",
    "Monitoring and detection",
    "Physical",
    "Roles and responsibilities",
    "Software defect",
    "Supplier",
    "Workload and staffing",
];

/// The categories of causes of a company that has not chosen its own, in order of the alphabet.
#[must_use]
pub fn default_cause_categories() -> Vec<Line> {
    CAUSE_CATEGORIES.iter().filter_map(|name| Line::parse(name).ok()).collect()
}

/// The name of an IANA time zone that this program knows, such as `Europe/Berlin`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct TimeZoneName(String);

/// A text that is not a time zone.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{found:?} is not a time zone; expected an IANA name such as Europe/Berlin or UTC")]
pub struct TimeZoneError {
    /// What was found.
    pub found: String,
}

impl Refusal for TimeZoneError {
    fn code(&self) -> &'static str {
        "settings.time_zone"
    }

    fn field(&self) -> Option<&'static str> {
        Some("time_zone")
    }
}

impl TimeZoneName {
    /// Reads a name.
    ///
    /// # Errors
    /// Not a known zone.
    pub fn parse(text: &str) -> Result<Self, TimeZoneError> {
        let name = text.trim();
        match jiff::tz::TimeZone::get(name) {
            Ok(_) => Ok(Self(name.to_owned())),
            Err(_) => Err(TimeZoneError { found: text.to_owned() }),
        }
    }

    /// The zone.
    #[must_use]
    pub fn zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::get(&self.0).unwrap_or(jiff::tz::TimeZone::UTC)
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for TimeZoneName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

impl std::str::FromStr for TimeZoneName {
    type Err = TimeZoneError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl<'de> Deserialize<'de> for TimeZoneName {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_of_causes_that_comes_with_the_program_can_be_chosen() {
        let categories = default_cause_categories();
        assert_eq!(categories.len(), CAUSE_CATEGORIES.len());
        assert!(categories.is_sorted());
    }
}
