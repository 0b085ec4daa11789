//! The question bank that stands beside the field: how and what, rarely why.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::{CauseError, CauseGraph, CauseKind, Confidence};
use crate::id::CauseId;

/// Most questions shown at once: more are not read.
const SHOWN: usize = 5;
/// Levels that count as the opening of a ladder.
const OPENING_LEVELS: usize = 1;
/// From this level on a branch is deep.
const DEEP_LEVEL: usize = 4;

words! {
    /// Where on the ladder a question is asked.
    Place("place on the ladder") {
        /// Of the problem, before the first why.
        Problem = "problem",
        /// Of the first why.
        Opening = "opening",
        /// Of the second and third.
        Middle = "middle",
        /// Of the fourth and further: is this something the company can change?
        Deep = "deep",
        /// Of anything that has an answer already: what else had to be true?
        Answered = "answered",
    }
}

/// A question of the bank. An empty list means "any".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Stable id.
    pub id: String,
    /// The question.
    pub text: String,
    /// Kinds of cause that it suits; the problem has none.
    #[serde(default)]
    pub kinds: Vec<CauseKind>,
    /// Places that it suits.
    #[serde(default)]
    pub places: Vec<Place>,
    /// Confidence that it suits.
    #[serde(default)]
    pub confidence: Vec<Confidence>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BankForm {
    question: Vec<Question>,
}

#[expect(
    clippy::expect_used,
    reason = "the file is compiled in and a test reads it; there is no input to refuse"
)]
static BANK: LazyLock<Vec<Question>> = LazyLock::new(|| {
    let bank: BankForm =
        toml::from_str(include_str!("../../data/questions.toml")).expect("the question bank is readable");
    bank.question
});

/// The whole bank, in the order of its file.
#[must_use]
pub fn questions() -> &'static [Question] {
    &BANK
}

/// What to ask next of a cause, or of the problem (`None`): at most five, those for its kind first, then those for
/// its place and confidence, each in the order of the bank.
///
/// # Errors
/// A cause that is not of this graph.
pub fn next_questions(
    graph: &CauseGraph,
    node: Option<CauseId>,
) -> Result<Vec<&'static Question>, CauseError> {
    let cause = match node {
        Some(id) => Some(graph.cause(id).ok_or(CauseError::Unknown(id))?),
        None => None,
    };
    let (kind, confidence) = (cause.map(|cause| cause.kind), cause.map(|cause| cause.confidence));
    let place = place_of(graph, node);
    let mut suitable: Vec<&Question> = BANK
        .iter()
        .filter(|question| suits(&question.kinds, kind))
        .filter(|question| suits(&question.places, Some(place)))
        .filter(|question| suits(&question.confidence, confidence))
        .collect();
    suitable.sort_by_key(|question| question.kinds.is_empty());
    suitable.truncate(SHOWN);
    Ok(suitable)
}

fn place_of(graph: &CauseGraph, node: Option<CauseId>) -> Place {
    let answered = !graph.whys(node).is_empty();
    match node.map_or(0, |id| graph.depth_of(id)) {
        _ if answered => Place::Answered,
        0 => Place::Problem,
        level if level <= OPENING_LEVELS => Place::Opening,
        level if level < DEEP_LEVEL => Place::Middle,
        _ => Place::Deep,
    }
}

fn suits<T: PartialEq>(wanted: &[T], found: Option<T>) -> bool {
    wanted.is_empty() || found.is_some_and(|found| wanted.contains(&found))
}
