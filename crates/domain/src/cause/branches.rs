//! Reading the ladder: branches, numbers, lines.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Cause, CauseGraph, CauseKind, Confidence, LinkKind};
use crate::id::CauseId;

/// The number of a why: its level, and the branch if it is not the first. `3` is the third why of the first branch,
/// `3.1` the third why of the next branch that leaves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct WhyNumber {
    level: usize,
    branch: usize,
}

/// A text that is not the number of a why.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0:?} is not the number of a why; expected one such as 2 or 2.1")]
pub struct WhyNumberError(pub String);

/// One way from the problem to a cause at which it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Branch<'g> {
    /// 0 for the first branch.
    pub index: usize,
    /// From the first why to the last; those above a fork belong to several branches and keep one number.
    pub rungs: Vec<Rung<'g>>,
}

/// One why of a branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rung<'g> {
    /// Its number.
    pub number: WhyNumber,
    /// The answer.
    pub cause: &'g Cause,
}

/// One line of the ladder, ready to be printed or serialised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LadderLine {
    /// Number of the why.
    pub number: WhyNumber,
    /// Level, from 1.
    pub depth: usize,
    /// The cause.
    pub cause: CauseId,
    /// What "why?" was asked of: the statement of the effect.
    pub asked_of: String,
    /// Whether that effect stands on the line before.
    pub continues: bool,
    /// The answer.
    pub statement: String,
    /// What the cause is.
    pub kind: CauseKind,
    /// What it did to the effect.
    pub link: LinkKind,
    /// How sure one is.
    pub confidence: Confidence,
    /// Whether it rests on a note or a piece of evidence.
    pub has_evidence: bool,
    /// Whether it is marked primary.
    pub primary: bool,
    /// Whether a branch ends here.
    pub ends_branch: bool,
    /// Numbers of the causes that it explains beside the one above; the problem itself is `0`.
    pub also_explains: Vec<WhyNumber>,
}

/// What a statement begins with where "because" can lower its first letter without spoiling a name.
const LOWERED: [&str; 34] = [
    "A", "An", "The", "Our", "Its", "Their", "This", "That", "These", "Those", "There", "It", "They", "We",
    "No", "Nobody", "Somebody", "Someone", "Nothing", "All", "Every", "Each", "Some", "One", "Two", "Three",
    "Several", "Many", "Most", "Both", "Only", "When", "After", "During",
];

impl WhyNumber {
    /// The problem itself: level 0.
    pub const PROBLEM: Self = Self { level: 0, branch: 0 };

    /// Level, from 1; 0 is the problem.
    #[must_use]
    pub fn level(self) -> usize {
        self.level
    }

    /// Branch, from 0.
    #[must_use]
    pub fn branch(self) -> usize {
        self.branch
    }
}

impl CauseGraph {
    /// Every branch, in ladder order.
    #[must_use]
    pub fn branches(&self) -> Vec<Branch<'_>> {
        let numbered = self.numbered();
        let number = |id: CauseId| numbered.iter().find(|rung| rung.cause.id == id).copied();
        let upwards =
            |rung: &Rung<'_>| self.ladder_link(rung.cause.id).and_then(|link| link.effect).and_then(number);
        numbered
            .iter()
            .filter(|rung| self.is_leaf(rung.cause.id))
            .enumerate()
            .map(|(index, leaf)| {
                let mut rungs: Vec<Rung<'_>> = std::iter::successors(Some(*leaf), upwards).collect();
                rungs.reverse();
                Branch { index, rungs }
            })
            .collect()
    }

    /// The numbers of all causes.
    #[must_use]
    pub fn numbers(&self) -> BTreeMap<CauseId, WhyNumber> {
        self.numbered().into_iter().map(|rung| (rung.cause.id, rung.number)).collect()
    }

    /// The number of a cause.
    #[must_use]
    pub fn number_of(&self, id: CauseId) -> Option<WhyNumber> {
        self.numbered().into_iter().find(|rung| rung.cause.id == id).map(|rung| rung.number)
    }

    /// The cause of a number.
    #[must_use]
    pub fn numbered_cause(&self, number: WhyNumber) -> Option<&Cause> {
        self.numbered().into_iter().find(|rung| rung.number == number).map(|rung| rung.cause)
    }

    /// The ladder as lines: each branch to its end before the next one begins.
    #[must_use]
    pub fn lines(&self) -> Vec<LadderLine> {
        let numbered = self.numbered();
        let mut before = None;
        numbered
            .iter()
            .map(|rung| {
                let line = self.line(rung, before, &numbered);
                before = Some(rung.cause.id);
                line
            })
            .collect()
    }

    /// A cause belongs to the first branch that runs through it: the number of branches that ended before it.
    pub(super) fn numbered(&self) -> Vec<Rung<'_>> {
        let mut branch = 0;
        self.causes
            .iter()
            .map(|cause| {
                let number = WhyNumber { level: self.depth_of(cause.id), branch };
                branch += usize::from(self.is_leaf(cause.id));
                Rung { number, cause }
            })
            .collect()
    }

    fn line(&self, rung: &Rung<'_>, before: Option<CauseId>, numbered: &[Rung<'_>]) -> LadderLine {
        let cause = rung.cause;
        let ladder_link = self.ladder_link(cause.id);
        let effect = ladder_link.and_then(|link| link.effect);
        let number = |effect: Option<CauseId>| {
            effect
                .and_then(|id| numbered.iter().find(|rung| rung.cause.id == id))
                .map_or(WhyNumber::PROBLEM, |rung| rung.number)
        };
        LadderLine {
            number: rung.number,
            depth: rung.number.level,
            cause: cause.id,
            asked_of: effect
                .and_then(|id| self.cause(id))
                .map_or(&self.problem, |above| &above.statement)
                .to_string(),
            continues: effect == before,
            statement: cause.statement.to_string(),
            kind: cause.kind,
            link: ladder_link.map_or(LinkKind::MadePossible, |link| link.kind),
            confidence: cause.confidence,
            has_evidence: !cause.support.is_empty(),
            primary: cause.primary,
            ends_branch: self.is_leaf(cause.id),
            also_explains: self
                .links
                .iter()
                .filter(|link| !link.on_ladder && link.cause == cause.id)
                .map(|link| number(link.effect))
                .collect(),
        }
    }
}

impl fmt::Display for LadderLine {
    /// `2. Why? Because the filter let it pass`; the first why of a further branch repeats what it asks of.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.continues {
            write!(f, "{}. Why? {}", self.number, because(&self.statement))
        } else {
            write!(f, "{}. Why “{}”? {}", self.number, self.asked_of, because(&self.statement))
        }
    }
}

fn because(statement: &str) -> String {
    let first = statement.split(' ').next().unwrap_or_default();
    if first.eq_ignore_ascii_case("because") {
        return statement.to_owned();
    }
    match statement.strip_prefix(first) {
        Some(rest) if LOWERED.contains(&first) => format!("Because {}{rest}", first.to_lowercase()),
        _ => format!("Because {statement}"),
    }
}

impl fmt::Display for WhyNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.branch {
            0 => write!(f, "{}", self.level),
            branch => write!(f, "{}.{branch}", self.level),
        }
    }
}

impl FromStr for WhyNumber {
    type Err = WhyNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || WhyNumberError(text.to_owned());
        let number = |part: &str| part.parse::<u16>().map(usize::from).map_err(|_| refused());
        let trimmed = text.trim();
        match trimmed.split_once('.') {
            Some((level, branch)) => Ok(Self { level: number(level)?, branch: number(branch)? }),
            None => Ok(Self { level: number(trimmed)?, branch: 0 }),
        }
    }
}

impl From<WhyNumber> for String {
    fn from(number: WhyNumber) -> Self {
        number.to_string()
    }
}

impl TryFrom<String> for WhyNumber {
    type Error = WhyNumberError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}
