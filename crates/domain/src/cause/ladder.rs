//! Changing the ladder: ask why, edit, move, remove, mark.

use std::collections::BTreeSet;

use super::error::effect_words;
use super::{
    BranchEnd, Cause, CauseError, CauseGraph, CauseKind, Confidence, Link, LinkKind, MAX_CAUSES, MAX_DEPTH,
    MAX_LINKS, Statement, Support,
};
use crate::id::CauseId;
use crate::text::Line;

/// An answer to a "why?".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCause {
    /// Identity.
    pub id: CauseId,
    /// The answer.
    pub statement: Statement,
    /// What it is.
    pub kind: CauseKind,
    /// How sure one is.
    pub confidence: Confidence,
    /// What that rests on.
    pub support: Support,
    /// What it did to its effect.
    pub link: LinkKind,
    /// One of the company's categories of causes.
    pub category: Option<Line>,
    /// Whether the company can change it, if the branch ends here.
    pub end: Option<BranchEnd>,
}

/// A change to a cause; `None` leaves as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CauseEdit {
    /// The answer.
    pub statement: Option<Statement>,
    /// What it is.
    pub kind: Option<CauseKind>,
    /// How sure one is.
    pub confidence: Option<Confidence>,
    /// What that rests on.
    pub support: Option<Support>,
    /// Its category, or none.
    pub category: Option<Option<Line>>,
    /// What is said of it as the end of a branch, or nothing.
    pub end: Option<Option<BranchEnd>>,
}

impl CauseGraph {
    /// Words the problem anew.
    pub fn restate_problem(&mut self, problem: Statement) {
        self.problem = problem;
    }

    /// Asks "why?" of a cause, or of the problem (`None`), and adds the answer behind those already given.
    ///
    /// # Errors
    /// Unknown effect, an id that is in use, too deep, too many.
    pub fn ask_why(&mut self, effect: Option<CauseId>, answer: NewCause) -> Result<(), CauseError> {
        self.must_know(effect)?;
        if self.cause(answer.id).is_some() {
            return Err(CauseError::Duplicate(answer.id));
        }
        if self.causes.len() >= MAX_CAUSES {
            return Err(CauseError::TooManyCauses);
        }
        if self.links.len() >= MAX_LINKS {
            return Err(CauseError::TooManyLinks);
        }
        self.must_fit(effect, 1)?;
        let NewCause { id, statement, kind, confidence, support, link, category, end } = answer;
        let (primary, position) = (false, place(self.whys(effect).len()));
        self.causes.push(Cause {
            id,
            statement,
            kind,
            confidence,
            support,
            primary,
            position,
            category,
            end,
        });
        self.links.push(Link {
            cause: id,
            effect,
            kind: link,
            on_ladder: true,
            confidence: None,
            support: Support::default(),
        });
        self.arrange();
        Ok(())
    }

    /// Changes what a cause says.
    ///
    /// # Errors
    /// Unknown cause.
    pub fn edit(&mut self, id: CauseId, edit: CauseEdit) -> Result<(), CauseError> {
        let cause = self.causes.iter_mut().find(|cause| cause.id == id).ok_or(CauseError::Unknown(id))?;
        let CauseEdit { statement, kind, confidence, support, category, end } = edit;
        cause.statement = statement.unwrap_or_else(|| cause.statement.clone());
        cause.kind = kind.unwrap_or(cause.kind);
        cause.confidence = confidence.unwrap_or(cause.confidence);
        cause.support = support.unwrap_or_else(|| cause.support.clone());
        cause.category = category.unwrap_or_else(|| cause.category.clone());
        cause.end = end.unwrap_or_else(|| cause.end.clone());
        Ok(())
    }

    /// Marks one cause as primary, or none.
    ///
    /// # Errors
    /// Unknown cause.
    pub fn set_primary(&mut self, id: Option<CauseId>) -> Result<(), CauseError> {
        self.must_know(id)?;
        for cause in &mut self.causes {
            cause.primary = Some(cause.id) == id;
        }
        Ok(())
    }

    /// Makes a cause, with everything beneath it, an answer to another "why?" (`None`: of the problem), at the place
    /// `at` among the answers, or behind them (`None`). The same effect with another place changes the order.
    ///
    /// # Errors
    /// Unknown cause or effect, a cycle, too deep, a place that does not exist, or a cause that explains that effect
    /// already by a further link.
    pub fn move_to(
        &mut self,
        id: CauseId,
        effect: Option<CauseId>,
        at: Option<usize>,
    ) -> Result<(), CauseError> {
        let from = self.ladder_link(id).ok_or(CauseError::Unknown(id))?.effect;
        self.must_know(effect)?;
        self.must_not_cycle(id, effect)?;
        if from != effect && self.link_index(id, effect).is_some() {
            return Err(CauseError::AlreadyLinked { cause: id, effect: effect_words(effect) });
        }
        self.must_fit(effect, self.height(id))?;
        let others: Vec<CauseId> =
            self.whys(effect).iter().map(|cause| cause.id).filter(|other| *other != id).collect();
        let at = at.unwrap_or(others.len());
        if at > others.len() {
            return Err(CauseError::NoSuchPlace { found: at, last: others.len() });
        }
        for link in self.links.iter_mut().filter(|link| link.on_ladder && link.cause == id) {
            link.effect = effect;
        }
        self.close_gaps(from);
        let mut order = others;
        order.insert(at, id);
        self.put_in_order(&order);
        self.arrange();
        Ok(())
    }

    /// Removes a cause of which nobody asked "why?".
    ///
    /// # Errors
    /// Unknown cause, one with answers to its why, or one that a further link joins to another branch.
    pub fn remove_leaf(&mut self, id: CauseId) -> Result<Cause, CauseError> {
        let count = self.whys(Some(id)).len();
        if count > 0 {
            return Err(CauseError::HasWhys { id, count });
        }
        self.remove_branch(id)?.pop().ok_or(CauseError::Unknown(id))
    }

    /// Removes a cause with everything beneath it; what was removed comes back in ladder order.
    ///
    /// # Errors
    /// Unknown cause, or a further link that joins the branch to another: it would vanish silently.
    pub fn remove_branch(&mut self, id: CauseId) -> Result<Vec<Cause>, CauseError> {
        let from = self.ladder_link(id).ok_or(CauseError::Unknown(id))?.effect;
        let gone = self.branch_of(id);
        let within = |end: Option<CauseId>| end.is_some_and(|end| gone.contains(&end));
        let joins = |link: &&Link| !link.on_ladder && within(Some(link.cause)) != within(link.effect);
        if let Some(link) = self.links.iter().find(joins) {
            return Err(CauseError::LinkedElsewhere { cause: link.cause, effect: effect_words(link.effect) });
        }
        self.links.retain(|link| !gone.contains(&link.cause));
        let (removed, kept) = self.causes.drain(..).partition(|cause| gone.contains(&cause.id));
        self.causes = kept;
        self.close_gaps(from);
        self.arrange();
        Ok(removed)
    }

    pub(super) fn must_know(&self, id: Option<CauseId>) -> Result<(), CauseError> {
        match id {
            Some(id) if self.cause(id).is_none() => Err(CauseError::Unknown(id)),
            _ => Ok(()),
        }
    }

    pub(super) fn must_not_cycle(&self, cause: CauseId, effect: Option<CauseId>) -> Result<(), CauseError> {
        match effect {
            Some(effect) if self.leads_to(effect, cause) => Err(CauseError::Cycle { cause, effect }),
            _ => Ok(()),
        }
    }

    /// Whether `levels` fit beneath an effect.
    fn must_fit(&self, effect: Option<CauseId>, levels: usize) -> Result<(), CauseError> {
        let found = effect.map_or(0, |id| self.depth_of(id)) + levels;
        if found > MAX_DEPTH { Err(CauseError::TooDeep { found }) } else { Ok(()) }
    }

    /// A cause and everything beneath it on the ladder.
    #[must_use]
    pub fn branch_of(&self, id: CauseId) -> BTreeSet<CauseId> {
        let mut branch = BTreeSet::new();
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            branch.insert(id);
            open.extend(self.whys(Some(id)).iter().map(|cause| cause.id));
        }
        branch
    }

    /// Levels of a branch, its top included.
    fn height(&self, id: CauseId) -> usize {
        let deepest = self.branch_of(id).into_iter().map(|below| self.depth_of(below)).max().unwrap_or(0);
        (deepest + 1).saturating_sub(self.depth_of(id))
    }

    fn close_gaps(&mut self, effect: Option<CauseId>) {
        let order: Vec<CauseId> = self.whys(effect).iter().map(|cause| cause.id).collect();
        self.put_in_order(&order);
    }

    fn put_in_order(&mut self, order: &[CauseId]) {
        for cause in &mut self.causes {
            if let Some(at) = order.iter().position(|id| *id == cause.id) {
                cause.position = place(at);
            }
        }
    }
}

/// [`MAX_CAUSES`] keeps every place far below the limit of its type.
fn place(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
