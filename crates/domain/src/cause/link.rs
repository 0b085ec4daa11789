//! Further links: a cause that also explains another effect than the one on its ladder.

use super::error::effect_words;
use super::{CauseError, CauseGraph, Confidence, Link, LinkKind, MAX_LINKS, Support};
use crate::id::CauseId;

/// What a link says, or a change to it; `None` leaves as it is (for a new link: "made possible", no confidence of its
/// own, no support).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LinkEdit {
    /// What the cause did to the effect.
    pub kind: Option<LinkKind>,
    /// How sure one is of the connection, or nothing of its own.
    pub confidence: Option<Option<Confidence>>,
    /// What that rests on.
    pub support: Option<Support>,
}

impl CauseGraph {
    /// Says that a cause also explains another effect (`None`: the problem).
    ///
    /// # Errors
    /// Unknown cause or effect, linked already, a cycle, too many links.
    pub fn link(
        &mut self,
        cause: CauseId,
        effect: Option<CauseId>,
        link: LinkEdit,
    ) -> Result<(), CauseError> {
        self.must_know(Some(cause))?;
        self.must_know(effect)?;
        if self.link_index(cause, effect).is_some() {
            return Err(CauseError::AlreadyLinked { cause, effect: effect_words(effect) });
        }
        self.must_not_cycle(cause, effect)?;
        if self.links.len() >= MAX_LINKS {
            return Err(CauseError::TooManyLinks);
        }
        self.links.push(Link {
            cause,
            effect,
            kind: link.kind.unwrap_or(LinkKind::MadePossible),
            on_ladder: false,
            confidence: link.confidence.flatten(),
            support: link.support.unwrap_or_default(),
        });
        self.arrange();
        Ok(())
    }

    /// Changes what a link says, be it on the ladder or not.
    ///
    /// # Errors
    /// The two are not linked.
    pub fn edit_link(
        &mut self,
        cause: CauseId,
        effect: Option<CauseId>,
        edit: LinkEdit,
    ) -> Result<(), CauseError> {
        let not_linked = || CauseError::NotLinked { cause, effect: effect_words(effect) };
        let link = self
            .link_index(cause, effect)
            .and_then(|index| self.links.get_mut(index))
            .ok_or_else(not_linked)?;
        link.kind = edit.kind.unwrap_or(link.kind);
        link.confidence = edit.confidence.unwrap_or(link.confidence);
        link.support = edit.support.unwrap_or_else(|| link.support.clone());
        Ok(())
    }

    /// Takes a further link away.
    ///
    /// # Errors
    /// The two are not linked, or the link is the cause's place on the ladder.
    pub fn unlink(&mut self, cause: CauseId, effect: Option<CauseId>) -> Result<Link, CauseError> {
        let index = self
            .link_index(cause, effect)
            .ok_or_else(|| CauseError::NotLinked { cause, effect: effect_words(effect) })?;
        if self.links.get(index).is_some_and(|link| link.on_ladder) {
            return Err(CauseError::OnLadder(cause));
        }
        Ok(self.links.remove(index))
    }

    /// The link of a cause to an effect (`None`: the problem).
    #[must_use]
    pub fn link_of(&self, cause: CauseId, effect: Option<CauseId>) -> Option<&Link> {
        self.links.iter().find(|link| link.cause == cause && link.effect == effect)
    }

    pub(super) fn link_index(&self, cause: CauseId, effect: Option<CauseId>) -> Option<usize> {
        self.links.iter().position(|link| link.cause == cause && link.effect == effect)
    }
}
