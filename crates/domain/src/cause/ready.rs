//! Whether the causes may be submitted: what stands in the way, and what is worth another question.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;

use super::{Cause, CauseGraph, CauseKind, Confidence, Standard, WhyNumber};
use crate::id::CauseId;
use crate::text::fold;
use crate::wording::{Field, Severity, WordingRules};

/// Fewer levels than this are worth a question. Five is custom, not a target.
const SHALLOW: usize = 3;
/// Two statements that share this part of their words, or more, say the same (Jaccard, in hundredths).
const SAME_WORDS: usize = 80;
/// Words too common to tell statements apart.
const COMMON_WORDS: [&str; 22] = [
    "a", "an", "the", "of", "to", "in", "on", "at", "by", "for", "and", "or", "was", "were", "is", "are",
    "it", "its", "that", "had", "because", "been",
];

/// Something to answer before, or at least beside, a submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Objection {
    /// Stable code, such as `cause.no_why`; `cause.wording` for a wording rule.
    pub code: &'static str,
    /// The wording rule, if it is one.
    pub rule: Option<String>,
    /// Whether it refuses or asks.
    pub severity: Severity,
    /// The cause that it is about; `None` for the whole graph.
    pub cause: Option<CauseId>,
    /// The number of that cause.
    pub number: Option<WhyNumber>,
    /// What was noticed.
    pub message: String,
    /// What to think about.
    pub question: String,
}

impl Objection {
    /// What it is dismissed by: the wording rule, or the code.
    #[must_use]
    pub fn key(&self) -> &str {
        self.rule.as_deref().unwrap_or(self.code)
    }

    /// Whether it refuses the submission.
    #[must_use]
    pub fn blocks(&self) -> bool {
        self.severity == Severity::Block
    }
}

impl fmt::Display for Objection {
    /// `why 5: “Human error” names … What made …?`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            Some(number) => write!(f, "why {number}: {} {}", self.message, self.question),
            None => write!(f, "{} {}", self.message, self.question),
        }
    }
}

/// What refuses a submission, in words; empty if nothing does.
#[must_use]
pub fn blocking(objections: &[Objection]) -> Vec<String> {
    objections.iter().filter(|objection| objection.blocks()).map(ToString::to_string).collect()
}

/// What is said about a place of the graph itself, as opposed to its wording.
pub(super) struct Remark {
    pub(super) code: &'static str,
    pub(super) severity: Severity,
    pub(super) message: &'static str,
    pub(super) question: &'static str,
}

const NO_WHY: Remark = Remark {
    code: "cause.no_why",
    severity: Severity::Block,
    message: "Nobody has asked why yet.",
    question: "What made the problem possible? Expected one answer at least.",
};
const SHALLOW_LADDER: Remark = Remark {
    code: "cause.shallow",
    severity: Severity::Hint,
    message: "No branch goes beyond two whys.",
    question: "Is its end something that the company can change, or is there a why left?",
};
const NO_PRIMARY: Remark = Remark {
    code: "cause.no_primary",
    severity: Severity::Hint,
    message: "There are several branches and none of their causes is marked primary.",
    question: "Which of them, once gone, would have spared the most harm?",
};
const LEAF_ASSUMED: Remark = Remark {
    code: "cause.leaf_assumed",
    severity: Severity::Hint,
    message: "The branch ends at an assumption.",
    question: "Which log, record or witness would confirm or refute it?",
};
const LEAF_IS_EVENT: Remark = Remark {
    code: "cause.leaf_is_event",
    severity: Severity::Hint,
    message: "The branch ends at something that happened.",
    question: "Which lasting condition, decision or safeguard of ours let it happen?",
};
const CONFIRMED_WITHOUT_EVIDENCE: Remark = Remark {
    code: "cause.confirmed_without_evidence",
    severity: Severity::Block,
    message: "Called confirmed, with nothing to rest on.",
    question: "Which evidence shows it? Add it, or call it likely.",
};
const RESTATES_EFFECT: Remark = Remark {
    code: "cause.restates_effect",
    severity: Severity::Warn,
    message: "Says the same as what it should explain.",
    question: "What had to be in place beforehand for that to come about?",
};
const TOO_SHORT: Remark = Remark {
    code: "cause.too_short",
    severity: Severity::Warn,
    message: "Says too little for somebody who was not there.",
    question: "What was how, where, since when? A whole sentence is expected, of four words at least.",
};
const NO_CATEGORY: Remark = Remark {
    code: "cause.no_category",
    severity: Severity::Hint,
    message: "The primary cause has no category.",
    question: "Which of the company's categories fits, so that the same cause is found when it returns?",
};
/// Fewer words than this are no statement.
const FEWEST_WORDS: usize = 4;

impl CauseGraph {
    /// What stands in the way of submitting the causes, and what is worth another question; objections that block
    /// come with the others, see [`Objection::blocks`]. The whole graph first, then cause by cause in ladder order.
    #[must_use]
    pub fn ready_for_submission(&self, rules: &WordingRules, standard: Standard) -> Vec<Objection> {
        if self.causes.is_empty() {
            return vec![NO_WHY.objection(None)];
        }
        let mut objections = Vec::new();
        if self.depth() < SHALLOW {
            objections.push(SHALLOW_LADDER.objection(None));
        }
        if self.primary().is_none() && self.leaves().len() > 1 {
            objections.push(NO_PRIMARY.objection(None));
        }
        objections.extend(self.whole_remarks(standard).into_iter().map(|remark| remark.objection(None)));
        let main = self.main_leaves();
        for cause in &self.causes {
            objections.extend(self.wording_objections(cause, rules));
            objections.extend(self.remarks(cause).into_iter().map(|remark| remark.objection(Some(cause.id))));
            objections.extend(self.open_end(cause, &main, standard));
        }
        let numbers: BTreeMap<CauseId, WhyNumber> =
            self.numbered().iter().map(|rung| (rung.cause.id, rung.number)).collect();
        for objection in &mut objections {
            objection.number = objection.cause.and_then(|id| numbers.get(&id).copied());
        }
        objections
    }

    fn wording_objections(&self, cause: &Cause, rules: &WordingRules) -> Vec<Objection> {
        let field = if self.is_leaf(cause.id) { Field::Cause } else { Field::Why };
        let mut said = BTreeSet::new();
        let mut findings = rules.check(field, cause.statement.as_str());
        findings.retain(|finding| said.insert(finding.rule.clone()));
        findings
            .into_iter()
            .map(|finding| Objection {
                code: "cause.wording",
                rule: Some(finding.rule),
                severity: finding.severity,
                cause: Some(cause.id),
                number: None,
                message: finding.message,
                question: finding.question,
            })
            .collect()
    }

    fn remarks(&self, cause: &Cause) -> Vec<&'static Remark> {
        let leaf = self.is_leaf(cause.id);
        [
            (leaf && cause.confidence == Confidence::Assumed, &LEAF_ASSUMED),
            (leaf && cause.kind == CauseKind::Event, &LEAF_IS_EVENT),
            (self.is_bare(cause), &CONFIRMED_WITHOUT_EVIDENCE),
            (self.restates_effect(cause), &RESTATES_EFFECT),
            (cause.statement.as_str().split_whitespace().count() < FEWEST_WORDS, &TOO_SHORT),
            (cause.primary && cause.category.is_none(), &NO_CATEGORY),
        ]
        .into_iter()
        .filter_map(|(applies, remark)| applies.then_some(remark))
        .collect()
    }

    /// Whether a cause, or what it did to an effect, is called confirmed and rests on nothing.
    fn is_bare(&self, cause: &Cause) -> bool {
        let is_link_bare = self.links.iter().any(|link| {
            link.cause == cause.id
                && link.confidence == Some(Confidence::Confirmed)
                && link.support.is_empty()
        });
        cause.support.is_empty() && (cause.confidence == Confidence::Confirmed || is_link_bare)
    }

    fn restates_effect(&self, cause: &Cause) -> bool {
        let effect = self.ladder_link(cause.id).and_then(|link| link.effect).and_then(|id| self.cause(id));
        let effect = effect.map_or(&self.problem, |above| &above.statement);
        say_the_same(cause.statement.as_str(), effect.as_str())
    }
}

impl Remark {
    pub(super) fn objection(&self, cause: Option<CauseId>) -> Objection {
        Objection {
            code: self.code,
            rule: None,
            severity: self.severity,
            cause,
            number: None,
            message: self.message.to_owned(),
            question: self.question.to_owned(),
        }
    }
}

fn say_the_same(a: &str, b: &str) -> bool {
    let (a, b) = (words(a), words(b));
    let shared = a.intersection(&b).count();
    let all = a.union(&b).count();
    all > 0 && shared * 100 >= all * SAME_WORDS
}

fn words(text: &str) -> BTreeSet<String> {
    fold(text)
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty() && !COMMON_WORDS.contains(word))
        .map(ToOwned::to_owned)
        .collect()
}
