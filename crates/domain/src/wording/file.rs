//! Reading a rule file (TOML) into compiled rules.

use std::collections::{BTreeMap, BTreeSet};

use regex::{Regex, RegexBuilder};
use serde::Deserialize;
use thiserror::Error;

use super::{Field, Rule, Severity, WordingRules};

/// Pieces may hold pieces; this many levels are filled in.
const PIECE_LEVELS: usize = 3;

/// A rule file that cannot be used.
#[derive(Debug, Clone, Error)]
pub enum RuleFileError {
    /// Not TOML, or not of the shape of a rule file.
    #[error("the rule file cannot be read: {0}")]
    Shape(#[from] toml::de::Error),
    /// A pattern is not a regular expression, or names a piece that does not exist.
    #[error("rule {rule:?}: the pattern {pattern:?} cannot be compiled: {reason}")]
    Pattern {
        /// Id of the rule.
        rule: String,
        /// The pattern as written.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A rule lacks something that it needs to be useful.
    #[error("rule {rule:?} has no {lacks}; expected at least one")]
    Incomplete {
        /// Id of the rule.
        rule: String,
        /// What it lacks.
        lacks: &'static str,
    },
    /// Two rules of one id.
    #[error("two rules have the id {0:?}; expected every id once")]
    Twice(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    version: u32,
    language: String,
    #[serde(default)]
    pieces: BTreeMap<String, PieceForm>,
    rule: Vec<RuleForm>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum PieceForm {
    One(String),
    AnyOf(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleForm {
    id: String,
    group: String,
    fields: Vec<Field>,
    severity: Severity,
    #[serde(rename = "match")]
    patterns: Vec<String>,
    #[serde(default, rename = "unless")]
    exceptions: Vec<String>,
    message: String,
    question: String,
    source: String,
    hits: Vec<String>,
    passes: Vec<String>,
}

impl WordingRules {
    /// Reads a rule file.
    ///
    /// # Errors
    /// [`RuleFileError`]: not of the right shape, a pattern that does not compile, a rule without fields, patterns
    /// or examples, or two rules of one id.
    pub fn parse(toml: &str) -> Result<Self, RuleFileError> {
        let file: FileForm = toml::from_str(toml)?;
        let mut ids = BTreeSet::new();
        if let Some(twice) = file.rule.iter().find(|rule| !ids.insert(rule.id.as_str())) {
            return Err(RuleFileError::Twice(twice.id.clone()));
        }
        let pieces = file.pieces.into_iter().map(|(name, piece)| (name, piece.into_pattern())).collect();
        let rules = file.rule.into_iter().map(|form| form.into_rule(&pieces)).collect::<Result<_, _>>()?;
        Ok(Self { version: file.version, language: file.language, rules })
    }
}

impl PieceForm {
    fn into_pattern(self) -> String {
        match self {
            Self::One(pattern) => pattern,
            Self::AnyOf(patterns) => format!("(?:{})", patterns.join("|")),
        }
    }
}

impl RuleForm {
    fn into_rule(self, pieces: &BTreeMap<String, String>) -> Result<Rule, RuleFileError> {
        let needed: [(bool, &'static str); 5] = [
            (self.fields.is_empty(), "field"),
            (self.patterns.is_empty(), "pattern to match"),
            (self.question.is_empty(), "question"),
            (self.hits.is_empty(), "example that it hits"),
            (self.passes.is_empty(), "example that passes"),
        ];
        if let Some((_, lacks)) = needed.into_iter().find(|(missing, _)| *missing) {
            return Err(RuleFileError::Incomplete { rule: self.id, lacks });
        }
        let patterns = compile(&self.id, &self.patterns, pieces)?;
        let exceptions = compile(&self.id, &self.exceptions, pieces)?;
        Ok(Rule {
            id: self.id,
            group: self.group,
            fields: self.fields,
            severity: self.severity,
            patterns,
            exceptions,
            message: self.message,
            question: self.question,
            source: self.source,
            hits: self.hits,
            passes: self.passes,
        })
    }
}

/// Fills in the pieces and compiles the patterns of a rule, ignoring case.
pub(crate) fn compile(
    rule: &str,
    patterns: &[String],
    pieces: &BTreeMap<String, String>,
) -> Result<Vec<Regex>, RuleFileError> {
    patterns
        .iter()
        .map(|pattern| {
            RegexBuilder::new(&fill_in(pattern, pieces)).case_insensitive(true).build().map_err(|error| {
                RuleFileError::Pattern {
                    rule: rule.to_owned(),
                    pattern: pattern.clone(),
                    reason: error.to_string(),
                }
            })
        })
        .collect()
}

/// A name that is no piece stays as `{name}`, which is no valid regular expression and so is reported.
fn fill_in(pattern: &str, pieces: &BTreeMap<String, String>) -> String {
    let mut filled = pattern.to_owned();
    for _ in 0..PIECE_LEVELS {
        for (name, piece) in pieces {
            filled = filled.replace(&format!("{{{name}}}"), piece);
        }
    }
    filled
}
