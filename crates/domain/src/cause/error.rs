//! What can stand in the way of a change to the causes.

use thiserror::Error;

use super::{MAX_CAUSES, MAX_DEPTH, MAX_LINKS};
use crate::id::CauseId;
use crate::refusal::Refusal;

/// A change to the causes that is refused, or causes that cannot be put together.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CauseError {
    /// No cause of that id in this graph.
    #[error(
        "there is no cause {0} in this review; expected one of its causes, or none for the problem itself"
    )]
    Unknown(CauseId),
    /// A cause of that id is there already.
    #[error("the cause {0} is already in this review; expected a new id")]
    Duplicate(CauseId),
    /// The ladder would have more than [`MAX_DEPTH`] levels.
    #[error(
        "the ladder would have {found} levels; expected at most {MAX_DEPTH}: begin a branch higher up instead"
    )]
    TooDeep {
        /// Levels that it would have.
        found: usize,
    },
    /// More than [`MAX_CAUSES`] causes.
    #[error("the review has {MAX_CAUSES} causes, the most it can hold; remove one or begin another review")]
    TooManyCauses,
    /// More than [`MAX_LINKS`] links.
    #[error("the review has {MAX_LINKS} links, the most it can hold; remove one first")]
    TooManyLinks,
    /// A cause would explain itself.
    #[error("{cause} would explain itself by way of {effect}; choose an effect that does not lead to it")]
    Cycle {
        /// The cause.
        cause: CauseId,
        /// The effect that it was to be given.
        effect: CauseId,
    },
    /// A cause with whys beneath it cannot be removed alone.
    #[error(
        "the cause {id} has {count} answers to its why; move or remove them first, or remove the whole branch"
    )]
    HasWhys {
        /// The cause.
        id: CauseId,
        /// How many answers.
        count: usize,
    },
    /// A further link joins what would be removed with what would stay.
    #[error("{cause} also explains {effect} in another branch; remove that link first")]
    LinkedElsewhere {
        /// The cause of the link.
        cause: CauseId,
        /// Its effect, in words.
        effect: String,
    },
    /// The two are linked already.
    #[error("{cause} already explains {effect}; change that link instead")]
    AlreadyLinked {
        /// The cause.
        cause: CauseId,
        /// The effect, in words.
        effect: String,
    },
    /// The two are not linked.
    #[error("{cause} is not linked to {effect}; there is nothing to change")]
    NotLinked {
        /// The cause.
        cause: CauseId,
        /// The effect, in words.
        effect: String,
    },
    /// A cause's place on the ladder is not a link that can be taken away.
    #[error("this link is the place of {0} on the ladder; move or remove the cause instead")]
    OnLadder(CauseId),
    /// A place beyond the end.
    #[error("place {found} does not exist; expected 0 to {last}")]
    NoSuchPlace {
        /// The place.
        found: usize,
        /// The last one.
        last: usize,
    },
    /// A finding that refuses the submission cannot be set aside.
    #[error("{0} cannot be dismissed: it stands in the way of the submission until the words are changed")]
    BlocksAlways(String),
    /// There is no such finding about the cause.
    #[error("nothing called {0} is asked of this cause; show the review, and name what is asked there")]
    NoFinding(String),
    /// Stored causes without exactly one place on the ladder each.
    #[error(
        "the cause {id} has {found} places on the ladder; expected exactly one that leads to the problem"
    )]
    Adrift {
        /// The cause.
        id: CauseId,
        /// How many were found.
        found: usize,
    },
    /// Stored causes of which several are primary.
    #[error("{0} causes are marked primary; expected at most one")]
    SeveralPrimary(usize),
    /// Stored answers whose places are not 0, 1, 2 …
    #[error("the answers to the why of {effect} do not stand at 0, 1, 2 and so on")]
    Places {
        /// The effect, in words.
        effect: String,
    },
}

impl Refusal for CauseError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unknown(_) => "cause.unknown",
            Self::Duplicate(_) => "cause.duplicate",
            Self::TooDeep { .. } => "cause.too_deep",
            Self::TooManyCauses => "cause.too_many",
            Self::TooManyLinks => "cause.too_many_links",
            Self::Cycle { .. } => "cause.cycle",
            Self::HasWhys { .. } => "cause.has_whys",
            Self::LinkedElsewhere { .. } => "cause.linked_elsewhere",
            Self::AlreadyLinked { .. } => "cause.already_linked",
            Self::NotLinked { .. } => "cause.not_linked",
            Self::OnLadder(_) => "cause.on_ladder",
            Self::NoSuchPlace { .. } => "cause.no_such_place",
            Self::BlocksAlways(_) => "cause.blocks_always",
            Self::NoFinding(_) => "cause.no_finding",
            Self::Adrift { .. } => "cause.adrift",
            Self::SeveralPrimary(_) => "cause.several_primary",
            Self::Places { .. } => "cause.places",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Unknown(_) | Self::TooDeep { .. } | Self::Cycle { .. } => Some("effect"),
            Self::Duplicate(_) => Some("id"),
            Self::NoSuchPlace { .. } => Some("position"),
            Self::BlocksAlways(_) | Self::NoFinding(_) => Some("rule"),
            _ => None,
        }
    }
}

/// An effect in words, for messages.
pub(super) fn effect_words(effect: Option<CauseId>) -> String {
    effect.map_or_else(|| "the problem".to_owned(), |id| id.to_string())
}
