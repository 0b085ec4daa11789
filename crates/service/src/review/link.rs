//! Links between causes: what one did to another beside the one above it on the ladder.

use nevertwice_domain::cause::{Confidence, LinkEdit, LinkKind, Support};
use nevertwice_domain::reference::ReviewRef;
use nevertwice_domain::text::Prose;
use serde::{Deserialize, Serialize};

use super::name::{CauseName, cause, effect, link_as_seen};
use super::step::step;
use crate::set::Set;

/// Says that a cause also explains another effect.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LinkCauses {
    /// The review.
    pub review: ReviewRef,
    /// The cause.
    pub cause: CauseName,
    /// The effect; the problem itself is `0`.
    pub effect: CauseName,
    /// What the one did to the other; `made_possible` if unsaid.
    pub kind: Option<LinkKind>,
    /// How sure one is of the connection, where that differs from the cause's own confidence.
    pub confidence: Option<Confidence>,
    /// What shows it.
    pub evidence: Option<Prose>,
}

/// Changes what a link says, be it on the ladder or not; what is absent stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EditCauseLink {
    /// The review.
    pub review: ReviewRef,
    /// The cause.
    pub cause: CauseName,
    /// The effect; the problem itself is `0`.
    pub effect: CauseName,
    /// The version of the link that the caller saw.
    #[serde(default)]
    pub version: Option<String>,
    /// What the one did to the other.
    pub kind: Option<LinkKind>,
    /// How sure one is of the connection.
    pub confidence: Option<Set<Confidence>>,
    /// What shows it.
    pub evidence: Option<Set<Prose>>,
}

/// Takes a link away that is not a cause's place on the ladder.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RemoveCauseLink {
    /// The review.
    pub review: ReviewRef,
    /// The cause.
    pub cause: CauseName,
    /// The effect; the problem itself is `0`.
    pub effect: CauseName,
    /// The version of the link that the caller saw.
    #[serde(default)]
    pub version: Option<String>,
}

step!(LinkCauses, "link_causes", |_, input, causes| {
    let (from, to) = (cause(causes, &input.cause)?, effect(causes, &input.effect)?);
    let support = input.evidence.clone().map(|note| Support { note: Some(note), ..Support::default() });
    causes.link(from, to, LinkEdit { kind: input.kind, confidence: input.confidence.map(Some), support })?;
    Ok(())
});

step!(EditCauseLink, "edit_cause_link", |_, input, causes| {
    let link = link_as_seen(causes, (&input.cause, &input.effect), input.version.as_deref())?;
    let (from, to, evidence) = (link.cause, link.effect, link.support.evidence.clone());
    let edit = LinkEdit {
        kind: input.kind,
        confidence: input.confidence.clone().map(Set::into_option),
        support: input.evidence.clone().map(|note| Support { note: note.into_option(), evidence }),
    };
    causes.edit_link(from, to, edit)?;
    Ok(())
});

step!(RemoveCauseLink, "remove_cause_link", |_, input, causes| {
    let link = link_as_seen(causes, (&input.cause, &input.effect), input.version.as_deref())?;
    let (from, to) = (link.cause, link.effect);
    causes.unlink(from, to)?;
    Ok(())
});
