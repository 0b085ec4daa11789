//! Wording rules: deterministic patterns that find ways of writing which end understanding ("human error",
//! "should have", "be more careful") and ask a question instead.
//!
//! The rules are data (`data/wording_rules.toml`), each with texts that it must find and texts that it must leave
//! alone. They underline and ask while someone types; only those marked [`Severity::Block`] refuse, and only at
//! submission. Nothing here learns, guesses or calls out.

mod file;

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use serde::{Deserialize, Serialize};

pub use file::RuleFileError;
pub(crate) use file::compile;

crate::words! {
    /// Where a text stands.
    Field("wording field") {
        /// One-line title of a case, review or lesson.
        Title = "title",
        /// Running summary of a case or review.
        Summary = "summary",
        /// An entry of a timeline.
        Timeline = "timeline",
        /// A why that has further whys beneath it.
        Why = "why",
        /// The cause at which a branch ends.
        Cause = "cause",
        /// A lesson's internal text.
        Lesson = "lesson",
        /// A text that customers will read.
        CustomerText = "customer_text",
        /// What an action will do.
        Action = "action",
        /// A comment.
        Comment = "comment",
        /// What an effectiveness check will measure.
        Check = "check",
    }
}

crate::words! {
    /// How firmly a rule speaks; ordered, the firmest last.
    Severity("wording severity") {
        /// Asks.
        Hint = "hint",
        /// Asks, and reviewers see that it stood.
        Warn = "warn",
        /// Refuses at submission, never while typing.
        Block = "block",
    }
}

/// At most this many findings of one rule in one text: a pasted log must not drown the others.
const FINDINGS_PER_RULE: usize = 20;

/// One rule of a rule file.
#[derive(Debug, Clone)]
pub struct Rule {
    id: String,
    group: String,
    fields: Vec<Field>,
    severity: Severity,
    patterns: Vec<Regex>,
    exceptions: Vec<Regex>,
    message: String,
    question: String,
    source: String,
    hits: Vec<String>,
    passes: Vec<String>,
}

/// A set of rules, read from a rule file.
#[derive(Debug, Clone)]
pub struct WordingRules {
    version: u32,
    language: String,
    rules: Vec<Rule>,
}

/// A place in a text where a rule has something to ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Id of the rule, such as `human-error`.
    pub rule: String,
    /// How firmly it speaks.
    pub severity: Severity,
    /// Where: byte range of the text, on character borders.
    pub span: Range<usize>,
    /// What was noticed.
    pub message: String,
    /// What to think about instead.
    pub question: String,
}

/// An example of a rule that the rule does not honour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BrokenExample {
    /// Id of the rule.
    pub rule: String,
    /// The example.
    pub text: String,
    /// Whether the rule must find it (`true`) or leave it alone.
    pub must_hit: bool,
}

/// The rules that come with the program.
#[must_use]
pub fn rules() -> &'static WordingRules {
    &SHIPPED
}

/// What the shipped rules find in a text, in reading order; see [`WordingRules::check`].
#[must_use]
pub fn check(field: Field, text: &str) -> Vec<Finding> {
    SHIPPED.check(field, text)
}

#[expect(
    clippy::expect_used,
    reason = "the file is compiled in and a test reads it; there is no input to refuse"
)]
static SHIPPED: LazyLock<WordingRules> = LazyLock::new(|| {
    WordingRules::parse(include_str!("../data/wording_rules.toml"))
        .expect("the shipped wording rules are readable")
});

impl WordingRules {
    /// Version of the rule file.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.version
    }

    /// Language that the rules are written for (BCP 47).
    #[must_use]
    pub fn language(&self) -> &str {
        &self.language
    }

    /// Every rule, in the order of the file.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The rule of that id.
    #[must_use]
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id == id)
    }

    /// What the rules of a field find in a text: in reading order, then in the order of the file. Time grows
    /// linearly with the text. An empty text has no findings: that it is empty is for its type to say.
    #[must_use]
    pub fn check(&self, field: Field, text: &str) -> Vec<Finding> {
        if text.trim().is_empty() {
            return Vec::new();
        }
        let mut findings: Vec<Finding> = self
            .rules
            .iter()
            .filter(|rule| rule.fields.contains(&field))
            .flat_map(|rule| rule.spans(text).into_iter().map(|span| rule.finding(span)))
            .collect();
        findings.sort_by_key(|finding| finding.span.start);
        findings
    }

    /// Examples that their own rule does not honour; none, in a good file.
    #[must_use]
    pub fn broken_examples(&self) -> Vec<BrokenExample> {
        self.rules.iter().flat_map(Rule::broken_examples).collect()
    }
}

impl Rule {
    /// Stable id, such as `human-error`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Group, such as `counterfactual`.
    #[must_use]
    pub fn group(&self) -> &str {
        &self.group
    }

    /// Where the rule looks.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// How firmly it speaks.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.severity
    }

    /// What it says.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What it asks.
    #[must_use]
    pub fn question(&self) -> &str {
        &self.question
    }

    /// Where the idea comes from.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Texts that it finds.
    #[must_use]
    pub fn hits(&self) -> &[String] {
        &self.hits
    }

    /// Texts that it leaves alone.
    #[must_use]
    pub fn passes(&self) -> &[String] {
        &self.passes
    }

    fn finding(&self, span: Range<usize>) -> Finding {
        Finding {
            rule: self.id.clone(),
            severity: self.severity,
            span,
            message: self.message.clone(),
            question: self.question.clone(),
        }
    }

    /// Where the rule matches: in order, without overlaps, exceptions taken out.
    fn spans(&self, text: &str) -> Vec<Range<usize>> {
        let mut found = all_matches(&self.patterns, text);
        if found.is_empty() {
            return found;
        }
        let excepted = all_matches(&self.exceptions, text);
        found.retain(|span| !excepted.iter().any(|exception| overlap(span, exception)));
        found.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        let mut spans: Vec<Range<usize>> = Vec::new();
        for span in found {
            if spans.last().is_none_or(|last| span.start >= last.end) {
                spans.push(span);
            }
        }
        spans.truncate(FINDINGS_PER_RULE);
        spans
    }

    fn broken_examples(&self) -> Vec<BrokenExample> {
        let missed = self.hits.iter().filter(|text| self.spans(text).is_empty()).map(|text| (text, true));
        let caught = self.passes.iter().filter(|text| !self.spans(text).is_empty()).map(|text| (text, false));
        missed
            .chain(caught)
            .map(|(text, must_hit)| BrokenExample { rule: self.id.clone(), text: text.clone(), must_hit })
            .collect()
    }
}

fn all_matches(patterns: &[Regex], text: &str) -> Vec<Range<usize>> {
    patterns.iter().flat_map(|pattern| pattern.find_iter(text).map(|found| found.range())).collect()
}

fn overlap(a: &Range<usize>, b: &Range<usize>) -> bool {
    a.start < b.end && b.start < a.end
}

#[cfg(test)]
mod tests;
