//! How strongly an action works, from a rule on its wording and kind.
//!
//! The classes follow the hierarchy of controls: taking a hazard away holds longer than a barrier, a barrier longer
//! than an alarm, an alarm longer than a text, a text longer than a memory. The rule only proposes; a person may rate
//! otherwise and says why (the action keeps both).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;

use crate::action::ActionKind;
use crate::case::Severity;
use crate::wording::{RuleFileError, compile};

words! {
    /// How strongly an action works, strongest first (hierarchy of controls).
    ActionStrength("action strength") {
        /// Takes the hazard away.
        Eliminate = "eliminate",
        /// Builds a barrier that works by itself.
        Engineer = "engineer",
        /// Makes it seen sooner.
        Detect = "detect",
        /// Writes down how to work.
        Procedure = "procedure",
        /// Tells people.
        Train = "train",
    }
}

/// One class of the rule: what speaks for it.
#[derive(Debug, Clone)]
pub struct StrengthRule {
    strength: ActionStrength,
    patterns: Vec<Regex>,
    reason: String,
    hits: Vec<String>,
}

impl ActionStrength {
    /// Whether it holds better than another.
    #[must_use]
    pub fn is_stronger_than(self, other: Self) -> bool {
        self < other
    }
}

/// The strength of an action and why, from its wording and kind. The first telling word decides ("train admins to
/// remove accounts" is training); without one the kind does. A barrier of words alone counts as a procedure.
#[must_use]
pub fn rate(title: &str, kind: ActionKind) -> (ActionStrength, &'static str) {
    let found = RULES
        .iter()
        .filter_map(|rule| rule.earliest(title).map(|(start, length)| ((start, usize::MAX - length), rule)))
        .min_by_key(|(place, rule)| (*place, std::cmp::Reverse(rule.strength)));
    match found {
        Some((_, rule)) if rule.strength == ActionStrength::Engineer && is_done_by_people(kind) => {
            (ActionStrength::Procedure, "speaks of a barrier, but people are the barrier")
        }
        Some((_, rule)) => (rule.strength, rule.reason.as_str()),
        None => by_kind(kind),
    }
}

/// The rule, class by class, strongest first: for help texts.
#[must_use]
pub fn rules() -> &'static [StrengthRule] {
    &RULES
}

/// The strongest of several; `None` of none.
#[must_use]
pub fn strongest(strengths: impl IntoIterator<Item = ActionStrength>) -> Option<ActionStrength> {
    strengths.into_iter().min()
}

/// Whether a case is serious and answered by nothing but training: people alone do not keep it from happening again. One
/// whose severity nobody has said is taken for serious: leaving it out is no way round. A strength is changed with a reason,
/// so that it is never so silently.
#[must_use]
pub fn is_answered_only_by_training(
    severity: Option<Severity>,
    strengths: impl IntoIterator<Item = ActionStrength>,
) -> bool {
    severity.is_none_or(Severity::is_serious) && is_only_training(strengths)
}

/// Whether there are actions and every one of them is training.
#[must_use]
pub fn is_only_training(strengths: impl IntoIterator<Item = ActionStrength>) -> bool {
    strongest(strengths) == Some(ActionStrength::Train)
}

impl StrengthRule {
    /// The class.
    #[must_use]
    pub fn strength(&self) -> ActionStrength {
        self.strength
    }

    /// Why an action of these words is of this class.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Actions that are of this class.
    #[must_use]
    pub fn examples(&self) -> &[String] {
        &self.hits
    }

    /// Where the rule first matches, and how long its longest match there is.
    fn earliest(&self, text: &str) -> Option<(usize, usize)> {
        self.patterns
            .iter()
            .filter_map(|pattern| pattern.find(text))
            .map(|found| (found.start(), found.len()))
            .min_by_key(|(start, length)| (*start, usize::MAX - length))
    }
}

fn is_done_by_people(kind: ActionKind) -> bool {
    matches!(kind, ActionKind::People | ActionKind::Procedural)
}

fn by_kind(kind: ActionKind) -> (ActionStrength, &'static str) {
    match kind {
        ActionKind::Technical | ActionKind::Physical => {
            (ActionStrength::Engineer, "a technical or physical barrier")
        }
        ActionKind::Procedural | ActionKind::Supplier => {
            (ActionStrength::Procedure, "a rule that people follow")
        }
        ActionKind::People => (ActionStrength::Train, "relies on people remembering"),
    }
}

#[expect(
    clippy::expect_used,
    reason = "the file is compiled in and a test reads it; there is no input to refuse"
)]
static RULES: LazyLock<Vec<StrengthRule>> = LazyLock::new(|| {
    read(include_str!("../data/strength_rules.toml")).expect("the shipped strength rules are readable")
});

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    #[serde(rename = "version")]
    _version: u32,
    pieces: BTreeMap<String, String>,
    rule: Vec<RuleForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleForm {
    strength: ActionStrength,
    #[serde(rename = "match")]
    patterns: Vec<String>,
    reason: String,
    hits: Vec<String>,
}

fn read(toml: &str) -> Result<Vec<StrengthRule>, RuleFileError> {
    let file: FileForm = toml::from_str(toml)?;
    file.rule
        .into_iter()
        .map(|form| {
            let patterns = compile(form.strength.as_str(), &form.patterns, &file.pieces)?;
            Ok(StrengthRule { strength: form.strength, patterns, reason: form.reason, hits: form.hits })
        })
        .collect()
}

#[cfg(test)]
mod tests;
