//! What is shown of the causes of a review, and by what a change names what it saw.

use std::collections::BTreeMap;

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::cause::{Cause, CauseGraph, Confidence, Link, WhyNumber};
use nevertwice_domain::id::CauseId;
use nevertwice_domain::text::{Line, Prose};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

/// A cause as a line of the ladder.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CauseLineView {
    /// Identity.
    pub id: String,
    /// Its version, to be named by a change: another as soon as anything of it changes.
    pub version: String,
    /// The version of it with everything under it, to be named when it is taken away.
    pub branch_version: String,
    /// Its number: how many whys deep, with the branch behind a point.
    pub number: String,
    /// How many whys deep, from 1.
    pub depth: usize,
    /// The cause.
    pub statement: String,
    /// What it is.
    pub kind: String,
    /// `confirmed`, `likely` or `assumed`.
    pub confidence: String,
    /// What shows it.
    pub evidence: Option<String>,
    /// Whether it is the primary cause.
    pub primary: bool,
    /// One of the company's categories of causes.
    #[serde(default)]
    pub category: Option<String>,
    /// Whether a branch ends here.
    #[serde(default)]
    pub ends_branch: bool,
    /// Whether the company can change it, where that was said of the end of a branch.
    #[serde(default)]
    pub changeable: Option<bool>,
    /// What would be changed; or why it is accepted as it is.
    #[serde(default)]
    pub changeable_note: Option<String>,
    /// What it explains, the effect above it on the ladder first.
    #[serde(default)]
    pub links: Vec<CauseLinkView>,
}

/// What a cause did to an effect.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CauseLinkView {
    /// Its version, to be named by a change.
    pub version: String,
    /// The number of the effect; the problem itself is `0`.
    pub effect: String,
    /// `made_possible`, `made_more_likely`, `made_worse`, `delayed_detection` or `limited`.
    pub kind: String,
    /// How sure one is of the connection, where that differs from the cause's own confidence.
    pub confidence: Option<String>,
    /// What shows it.
    pub evidence: Option<String>,
    /// Whether it is the cause's place on the ladder, which goes only with the cause.
    pub on_ladder: bool,
}

/// The causes of a review as lines of the ladder.
pub(crate) fn cause_lines(graph: &CauseGraph) -> Vec<CauseLineView> {
    let numbers = graph.numbers();
    graph
        .causes()
        .iter()
        .map(|cause| CauseLineView {
            id: cause.id.to_string(),
            version: cause_version(cause),
            branch_version: branch_version(graph, cause),
            number: numbers.get(&cause.id).map(ToString::to_string).unwrap_or_default(),
            depth: numbers.get(&cause.id).map_or(0, |number| number.level()),
            statement: cause.statement.to_string(),
            kind: cause.kind.to_string(),
            confidence: cause.confidence.to_string(),
            evidence: text(&cause.support.note),
            primary: cause.primary,
            category: text(&cause.category),
            ends_branch: graph.is_leaf(cause.id),
            changeable: cause.end.as_ref().map(|end| end.changeable),
            changeable_note: cause.end.as_ref().map(|end| end.note.to_string()),
            links: link_views(graph, cause, &numbers),
        })
        .collect()
}

fn link_views(
    graph: &CauseGraph,
    cause: &Cause,
    numbers: &BTreeMap<CauseId, WhyNumber>,
) -> Vec<CauseLinkView> {
    let number = |effect: Option<CauseId>| {
        effect.and_then(|id| numbers.get(&id)).copied().unwrap_or(WhyNumber::PROBLEM)
    };
    let own = graph.links().iter().filter(|link| link.cause == cause.id);
    own.map(|link| CauseLinkView {
        version: link_version(link),
        effect: number(link.effect).to_string(),
        kind: link.kind.to_string(),
        confidence: link.confidence.map(|confidence| confidence.to_string()),
        evidence: text(&link.support.note),
        on_ladder: link.on_ladder,
    })
    .collect()
}

/// A cause has no version of its own, as others may answer other whys of the review in the meantime: which one it is and
/// all that it says are one.
pub(crate) fn cause_version(cause: &Cause) -> String {
    version_of(cause, [cause])
}

/// The same of a cause with everything under it.
pub(crate) fn branch_version(graph: &CauseGraph, cause: &Cause) -> String {
    let branch = graph.branch_of(cause.id);
    version_of(cause, graph.causes().iter().filter(|other| branch.contains(&other.id)))
}

fn version_of<'c>(cause: &Cause, all: impl IntoIterator<Item = &'c Cause>) -> String {
    let mut digest = Sha256::new();
    for cause in all {
        let note = cause.support.note.as_ref().map_or("", Prose::as_str);
        let primary = if cause.primary { "primary" } else { "" };
        let category = cause.category.as_ref().map_or("", Line::as_str);
        let end =
            cause.end.as_ref().map(|end| format!("{} {}", end.changeable, end.note)).unwrap_or_default();
        let told = [
            cause.statement.as_str(),
            cause.kind.as_str(),
            cause.confidence.as_str(),
            note,
            primary,
            category,
            &end,
        ];
        digest.update(format!("{}\n{}\n", cause.id, told.join("\n")));
    }
    format!("{}.{}", cause.id, short(digest))
}

/// A link is named by what it joins, and by all that it says.
pub(crate) fn link_version(link: &Link) -> String {
    let effect = link.effect.map_or_else(|| "problem".to_owned(), |id| id.to_string());
    let note = link.support.note.as_ref().map_or("", Prose::as_str);
    let confidence = link.confidence.map_or("", Confidence::as_str);
    let told = [link.kind.as_str(), confidence, note];
    let digest = Sha256::new().chain_update(told.join("\n"));
    format!("{}/{effect}.{}", link.cause, short(digest))
}

fn short(digest: Sha256) -> String {
    let digest = Sha256Text::from_digest(&digest.finalize().into());
    digest.as_str().chars().take(16).collect()
}

fn text<T: ToString>(value: &Option<T>) -> Option<String> {
    value.as_ref().map(ToString::to_string)
}
