//! Causes of a case: the cause graph of a review, read and edited as a 5 Whys ladder.
//!
//! The problem statement is the root. Every cause answers one "why?", either of the problem or of another cause: that
//! is its *ladder link*, so the ladder is a tree with any number of branches. Further links ("also explains") turn
//! the tree into a graph without cycles. A [`CauseGraph`] upholds this whatever is done to it: an operation that
//! would break it is refused and changes nothing.

mod branches;
mod dismissal;
mod error;
mod ladder;
mod link;
mod parts;
mod questions;
mod ready;
mod standard;
mod statement;
mod told;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use branches::{Branch, LadderLine, Rung, WhyNumber, WhyNumberError};
pub use dismissal::{Dismissal, Sorted};
pub use error::CauseError;
pub use ladder::{CauseEdit, NewCause};
pub use link::LinkEdit;
pub use parts::CauseGraphParts;
pub use questions::{Place, Question, next_questions, questions};
pub use ready::{Objection, blocking};
pub use standard::Standard;
pub use statement::{STATEMENT_LIMIT, Statement};
pub use told::Told;

use crate::id::{CauseId, EvidenceId};
use crate::text::{Line, Prose};

/// Most levels of a ladder. Five is custom, three to seven are usual; beyond this a ladder has lost its subject.
pub const MAX_DEPTH: usize = 12;
/// Most causes of one review.
pub const MAX_CAUSES: usize = 200;
/// Most links of one review, ladder links included.
pub const MAX_LINKS: usize = 400;

words! {
    /// What a cause is.
    CauseKind("kind of cause") {
        /// Something that happened.
        Event = "event",
        /// A state of affairs that lasted.
        Condition = "condition",
        /// A choice that someone made, with what they knew.
        Decision = "decision",
        /// A safeguard: absent, not used, bypassed or not enough.
        Control = "control",
        /// How it was noticed, or was not.
        Detection = "detection",
        /// How it was answered.
        Response = "response",
        /// What kept the harm smaller.
        Mitigator = "mitigator",
        /// How the company plans, pays, staffs, rewards or buys.
        OrganisationalFactor = "organisational_factor",
    }
}

words! {
    /// What a cause did to its effect.
    LinkKind("kind of link") {
        /// Without it, no effect.
        MadePossible = "made_possible",
        /// The effect became likelier.
        MadeMoreLikely = "made_more_likely",
        /// The effect became worse.
        MadeWorse = "made_worse",
        /// The effect stayed unseen for longer.
        DelayedDetection = "delayed_detection",
        /// The effect stayed smaller.
        Limited = "limited",
    }
}

words! {
    /// How sure one is.
    Confidence("confidence") {
        /// Shown by evidence.
        Confirmed = "confirmed",
        /// More likely than not.
        Likely = "likely",
        /// Not looked into.
        Assumed = "assumed",
    }
}

/// What a cause or a link rests on: words, pieces of evidence, both, or (by default) nothing yet.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Support {
    /// In words: who saw it, which log line.
    #[serde(default)]
    pub note: Option<Prose>,
    /// Pieces of evidence in the register.
    #[serde(default)]
    pub evidence: BTreeSet<EvidenceId>,
}

impl Support {
    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.note.is_none() && self.evidence.is_empty()
    }
}

/// What is said of the end of a branch: whether it lies in the company's hands. There a search for causes may stop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BranchEnd {
    /// Whether the company can change it.
    pub changeable: bool,
    /// What would be changed; or why it cannot be and is accepted.
    pub note: Prose,
}

/// A node of the graph: one answer to a "why?".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cause {
    /// Identity.
    pub id: CauseId,
    /// The answer, in a sentence or two.
    pub statement: Statement,
    /// What it is.
    pub kind: CauseKind,
    /// How sure one is that it was so.
    pub confidence: Confidence,
    /// What that rests on.
    pub support: Support,
    /// Whether it is the one marked primary; at most one of a graph is.
    pub primary: bool,
    /// Place among the answers to the same "why?", from 0 without gaps.
    pub position: u32,
    /// One of the company's categories of causes. Older causes, and those that nobody sorted, have none.
    #[serde(default)]
    pub category: Option<Line>,
    /// What was said of it as the end of a branch; it counts only as long as it is one.
    #[serde(default)]
    pub end: Option<BranchEnd>,
}

/// An edge of the graph: what a cause did to an effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// The cause.
    pub cause: CauseId,
    /// The effect: another cause, or the problem (`None`).
    pub effect: Option<CauseId>,
    /// What the one did to the other.
    pub kind: LinkKind,
    /// Whether this is the cause's place on the ladder; exactly one link of a cause is.
    pub on_ladder: bool,
    /// How sure one is of the connection, where that differs from the cause's own confidence.
    #[serde(default)]
    pub confidence: Option<Confidence>,
    /// What that rests on.
    #[serde(default)]
    pub support: Support,
}

/// The causes of one review. Causes stand in ladder order: each before the answers to its own "why?".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "CauseGraphParts")]
pub struct CauseGraph {
    problem: Statement,
    causes: Vec<Cause>,
    links: Vec<Link>,
}

impl CauseGraph {
    /// A graph of the problem alone.
    #[must_use]
    pub fn new(problem: Statement) -> Self {
        Self { problem, causes: Vec::new(), links: Vec::new() }
    }

    /// The problem statement: the root.
    #[must_use]
    pub fn problem(&self) -> &Statement {
        &self.problem
    }

    /// Every cause, in ladder order.
    #[must_use]
    pub fn causes(&self) -> &[Cause] {
        &self.causes
    }

    /// Every link, in the order of its causes, the ladder link of each first.
    #[must_use]
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// The cause of that id.
    #[must_use]
    pub fn cause(&self, id: CauseId) -> Option<&Cause> {
        self.causes.iter().find(|cause| cause.id == id)
    }

    /// The cause marked primary.
    #[must_use]
    pub fn primary(&self) -> Option<&Cause> {
        self.causes.iter().find(|cause| cause.primary)
    }

    /// The answers to "why?" of a cause, or of the problem (`None`), in order.
    #[must_use]
    pub fn whys(&self, effect: Option<CauseId>) -> Vec<&Cause> {
        let mut whys: Vec<&Cause> = self
            .links
            .iter()
            .filter(|link| link.on_ladder && link.effect == effect)
            .filter_map(|link| self.cause(link.cause))
            .collect();
        whys.sort_by_key(|cause| cause.position);
        whys
    }

    /// The place of a cause on the ladder; `None` for a cause that is not of this graph.
    #[must_use]
    pub fn ladder_link(&self, id: CauseId) -> Option<&Link> {
        self.links.iter().find(|link| link.on_ladder && link.cause == id)
    }

    /// The causes at which branches end, in ladder order.
    #[must_use]
    pub fn leaves(&self) -> Vec<&Cause> {
        self.causes.iter().filter(|cause| self.is_leaf(cause.id)).collect()
    }

    /// Whether nobody has answered "why?" of this cause on the ladder.
    #[must_use]
    pub fn is_leaf(&self, id: CauseId) -> bool {
        !self.links.iter().any(|link| link.on_ladder && link.effect == Some(id))
    }

    /// How many whys lead from the problem to this cause, 1 for an answer to the problem; 0 for a cause that is not
    /// of this graph.
    #[must_use]
    pub fn depth_of(&self, id: CauseId) -> usize {
        let upwards = |id: &CauseId| self.ladder_link(*id).and_then(|link| link.effect);
        match self.ladder_link(id) {
            Some(_) => std::iter::successors(Some(id), upwards).take(self.causes.len()).count(),
            None => 0,
        }
    }

    /// Levels of the deepest branch; 0 for a problem without causes.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.causes.iter().map(|cause| self.depth_of(cause.id)).max().unwrap_or(0)
    }

    /// Whether `effect` is among the effects of `cause`, however far away.
    fn leads_to(&self, cause: CauseId, effect: CauseId) -> bool {
        let mut open = vec![cause];
        let mut seen = BTreeSet::new();
        while let Some(id) = open.pop() {
            if id == effect {
                return true;
            }
            if seen.insert(id) {
                open.extend(self.links.iter().filter(|link| link.cause == id).filter_map(|link| link.effect));
            }
        }
        false
    }

    /// Puts causes and links into their order after a change.
    fn arrange(&mut self) {
        let order: Vec<CauseId> = self.ladder_order();
        let place = |id: CauseId| order.iter().position(|other| *other == id);
        self.causes.sort_by_key(|cause| place(cause.id));
        self.links.sort_by_key(|link| (place(link.cause), !link.on_ladder, link.effect));
    }

    fn ladder_order(&self) -> Vec<CauseId> {
        let mut order = Vec::with_capacity(self.causes.len());
        let mut open: Vec<CauseId> = self.whys(None).iter().rev().map(|cause| cause.id).collect();
        while let Some(id) = open.pop() {
            order.push(id);
            open.extend(self.whys(Some(id)).iter().rev().map(|cause| cause.id));
        }
        order
    }
}

#[cfg(test)]
mod tests;
