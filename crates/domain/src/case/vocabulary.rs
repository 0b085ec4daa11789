//! The closed vocabularies of a case.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

words! {
    /// What a case is (ISO/IEC 27035-1, ISO/IEC 27001 A.5.24–A.6.8).
    Class("class") {
        /// A possible breach.
        Event = "event",
        /// A flaw that could lead to one.
        Weakness = "weakness",
        /// Stopped before harm was done.
        NearMiss = "near_miss",
        /// Harm or compromise occurred or is confirmed.
        Incident = "incident",
    }
}

words! {
    /// Where a case stands.
    CaseState("case state") {
        /// Somebody told us.
        Reported = "reported",
        /// Class and severity are decided.
        Triaged = "triaged",
        /// People are at work on it.
        Responding = "responding",
        /// Service is as before.
        Resolved = "resolved",
        /// Its causes are looked for.
        InReview = "in_review",
        /// Its lessons are being acted on.
        Acting = "acting",
        /// Response, review, causes, lessons and actions are complete.
        Closed = "closed",
        /// Entered by mistake; stays visible with its reason.
        Void = "void",
    }
}

words! {
    /// Event decision (A.5.25).
    Decision("event decision") {
        /// Not decided yet.
        Undecided = "undecided",
        /// An information security incident.
        Incident = "incident",
        /// Not an incident.
        NotAnIncident = "not_an_incident",
    }
}

words! {
    /// Where a record comes from.
    Origin("origin") {
        /// Entered here.
        Native = "native",
        /// Brought in from another register.
        Import = "import",
    }
}

words! {
    /// How much harm was done.
    ImpactLevel("impact level") {
        /// None.
        None = "none",
        /// Low.
        Low = "low",
        /// Moderate.
        Moderate = "moderate",
        /// High.
        High = "high",
    }
}

words! {
    /// Who noticed.
    DetectionSource("detection source") {
        /// Somebody or something of ours.
        Internal = "internal",
        /// A customer, a researcher, an authority, the press.
        External = "external",
        /// A supplier told us.
        Supplier = "supplier",
    }
}

words! {
    /// Where in the life of an AI system it happened.
    AiStage("AI stage") {
        /// Collecting data.
        Collect = "collect",
        /// Labelling data.
        Label = "label",
        /// Training.
        Train = "train",
        /// Fine-tuning.
        FineTune = "fine_tune",
        /// Evaluating.
        Evaluate = "evaluate",
        /// Deploying.
        Deploy = "deploy",
        /// Inference.
        Infer = "infer",
        /// Retrieval.
        Retrieve = "retrieve",
        /// An agent acting through tools.
        Agent = "agent",
    }
}

words! {
    /// Which supplier layer an AI incident came through.
    SupplyLayer("supplier layer") {
        /// Data.
        Data = "data",
        /// A model.
        Model = "model",
        /// A platform.
        Platform = "platform",
        /// Cloud or hardware.
        Cloud = "cloud",
        /// A software library.
        Library = "library",
    }
}

words! {
    /// What was decided about the model or data.
    ImpactDecision("impact decision") {
        /// Went back to an earlier version.
        RollBack = "roll_back",
        /// Trained again.
        Retrain = "retrain",
        /// Removed what was learned.
        Unlearn = "unlearn",
        /// Accepted as it is.
        Accept = "accept",
    }
}

/// Severity: 1 to 5, where 5 is worst. The company words the five.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Severity(u8);

/// A severity outside 1 to 5.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{found:?} is not a severity; expected 1 (least) to 5 (worst), or one of: info, low, medium, high, critical"
)]
pub struct SeverityError {
    /// What was found.
    pub found: String,
}

/// The words that stand for 1 to 5 where the company has not chosen its own.
const SEVERITY_WORDS: [&str; 5] = ["info", "low", "medium", "high", "critical"];

impl Severity {
    /// The middle: what counts for a case whose severity nobody has set.
    pub const MIDDLE: Self = Self(3);

    /// Takes a number from 1 to 5.
    ///
    /// # Errors
    /// Any other number.
    pub fn new(level: u8) -> Result<Self, SeverityError> {
        if (1..=5).contains(&level) {
            Ok(Self(level))
        } else {
            Err(SeverityError { found: level.to_string() })
        }
    }

    /// 1 to 5.
    #[must_use]
    pub fn level(self) -> u8 {
        self.0
    }

    /// Whether it is one of the two worst: then one thread of causes is not believed, and training alone is no answer.
    #[must_use]
    pub fn is_serious(self) -> bool {
        self.0 >= 4
    }

    /// The default word: info, low, medium, high, critical.
    #[must_use]
    pub fn word(self) -> &'static str {
        SEVERITY_WORDS[usize::from(self.0 - 1)]
    }
}

impl TryFrom<u8> for Severity {
    type Error = SeverityError;

    fn try_from(level: u8) -> Result<Self, SeverityError> {
        Self::new(level)
    }
}

impl From<Severity> for u8 {
    fn from(severity: Severity) -> u8 {
        severity.0
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for Severity {
    type Err = SeverityError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let folded = text.trim().to_ascii_lowercase();
        let by_word =
            SEVERITY_WORDS.iter().zip(1u8..).find(|(word, _)| **word == folded).map(|(_, level)| level);
        by_word
            .or_else(|| folded.parse().ok())
            .and_then(|level| Self::new(level).ok())
            .ok_or_else(|| SeverityError { found: text.to_owned() })
    }
}

/// A tag: one word of letters, digits and `. _ - : /`, at most 100 characters, compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Tag(String);

/// A text that cannot be a tag.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{found:?} is not a tag; expected one word of letters, digits and . _ - : / such as phishing or AML.T0051"
)]
pub struct TagError {
    /// What was found.
    pub found: String,
}

impl Tag {
    /// Reads a tag; inner spaces become hyphens, letters lower case.
    ///
    /// # Errors
    /// Empty, too long, or with other characters.
    pub fn parse(text: &str) -> Result<Self, TagError> {
        let word = text.split_whitespace().collect::<Vec<_>>().join("-").to_lowercase();
        let good = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | ':' | '/');
        if word.is_empty() || word.chars().count() > 100 || !word.chars().all(good) {
            return Err(TagError { found: text.to_owned() });
        }
        Ok(Self(word))
    }

    /// The tag.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Tag {
    type Err = TagError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl<'de> Deserialize<'de> for Tag {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}
