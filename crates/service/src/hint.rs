//! What the wording rules ask of a text where it is written and read. They ask; only what blocks refuses, and only when
//! a lesson is approved.

use std::collections::BTreeSet;

use nevertwice_domain::wording::{self, Field, Severity};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Something to think about in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HintView {
    /// The wording rule.
    pub rule: String,
    /// `hint`, `warn`, or `block`, which refuses the approval.
    pub severity: String,
    /// The words that it is about.
    pub words: String,
    /// What was noticed.
    pub message: String,
    /// What to think about instead.
    pub question: String,
}

impl HintView {
    /// Whether it refuses the approval.
    #[must_use]
    pub fn blocks(&self) -> bool {
        self.severity == Severity::Block.as_str()
    }
}

/// What the rules ask of some texts of one kind, each rule once.
pub(crate) fn hints<'t>(field: Field, texts: impl IntoIterator<Item = &'t str>) -> Vec<HintView> {
    let mut said = BTreeSet::new();
    let mut hints = Vec::new();
    for text in texts {
        for finding in wording::check(field, text) {
            if said.insert(finding.rule.clone()) {
                hints.push(HintView {
                    words: text.get(finding.span).unwrap_or_default().to_owned(),
                    rule: finding.rule,
                    severity: finding.severity.to_string(),
                    message: finding.message,
                    question: finding.question,
                });
            }
        }
    }
    hints
}

/// What refuses the approval of a text, in words that begin with what the text is.
pub(crate) fn refusals<'t>(
    what: &str,
    field: Field,
    texts: impl IntoIterator<Item = &'t str>,
) -> Vec<String> {
    let hints = hints(field, texts);
    hints
        .iter()
        .filter(|hint| hint.blocks())
        .map(|hint| format!("{what}: {} {}", hint.message, hint.question))
        .collect()
}
