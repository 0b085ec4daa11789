//! Putting a graph together from stored or received parts.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::error::effect_words;
use super::{Cause, CauseError, CauseGraph, Link, MAX_CAUSES, MAX_DEPTH, MAX_LINKS, Statement};
use crate::id::CauseId;

/// The parts of a graph, in any order: what the store keeps in rows and what JSON carries.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CauseGraphParts {
    /// The problem statement.
    pub problem: Statement,
    /// The nodes.
    #[serde(default)]
    pub causes: Vec<Cause>,
    /// The edges.
    #[serde(default)]
    pub links: Vec<Link>,
}

impl TryFrom<CauseGraphParts> for CauseGraph {
    type Error = CauseError;

    /// # Errors
    /// Parts that no sequence of operations could have made: a link to a cause that is not there, a cause without
    /// its one place on the ladder, a cycle, several primary causes, places with gaps, too many or too deep.
    fn try_from(parts: CauseGraphParts) -> Result<Self, CauseError> {
        let mut graph = Self { problem: parts.problem, causes: parts.causes, links: parts.links };
        graph.check_sizes()?;
        graph.check_causes()?;
        graph.check_links()?;
        graph.check_ladder()?;
        graph.check_places()?;
        graph.arrange();
        Ok(graph)
    }
}

impl CauseGraph {
    fn check_sizes(&self) -> Result<(), CauseError> {
        if self.causes.len() > MAX_CAUSES {
            return Err(CauseError::TooManyCauses);
        }
        if self.links.len() > MAX_LINKS {
            return Err(CauseError::TooManyLinks);
        }
        Ok(())
    }

    fn check_causes(&self) -> Result<(), CauseError> {
        let mut ids = BTreeSet::new();
        if let Some(twice) = self.causes.iter().find(|cause| !ids.insert(cause.id)) {
            return Err(CauseError::Duplicate(twice.id));
        }
        match self.causes.iter().filter(|cause| cause.primary).count() {
            0 | 1 => Ok(()),
            several => Err(CauseError::SeveralPrimary(several)),
        }
    }

    fn check_links(&self) -> Result<(), CauseError> {
        let mut pairs = BTreeSet::new();
        for link in &self.links {
            self.must_know(Some(link.cause))?;
            self.must_know(link.effect)?;
            if !pairs.insert((link.cause, link.effect)) {
                return Err(CauseError::AlreadyLinked {
                    cause: link.cause,
                    effect: effect_words(link.effect),
                });
            }
            self.must_not_cycle(link.cause, link.effect)?;
        }
        Ok(())
    }

    /// Without cycles, one ladder link per cause is enough for every cause to lead to the problem.
    fn check_ladder(&self) -> Result<(), CauseError> {
        for cause in &self.causes {
            let found = self.links.iter().filter(|link| link.on_ladder && link.cause == cause.id).count();
            if found != 1 {
                return Err(CauseError::Adrift { id: cause.id, found });
            }
        }
        match self.depth() {
            found if found > MAX_DEPTH => Err(CauseError::TooDeep { found }),
            _ => Ok(()),
        }
    }

    fn check_places(&self) -> Result<(), CauseError> {
        let effects: BTreeSet<Option<CauseId>> =
            self.links.iter().filter(|link| link.on_ladder).map(|link| link.effect).collect();
        for effect in effects {
            let mut places = self.whys(effect).into_iter().map(|cause| cause.position).zip(0..);
            if places.any(|(found, expected)| found != expected) {
                return Err(CauseError::Places { effect: effect_words(effect) });
            }
        }
        Ok(())
    }
}
