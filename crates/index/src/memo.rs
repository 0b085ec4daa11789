//! What was counted on one snapshot, kept as long as the snapshot is the latest: people look at the same list again and
//! again between two changes of the register.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use nevertwice_domain::query::Filter;

use crate::access::Access;
use crate::error::IndexError;
use crate::facet::Facet;

/// Answers kept at most; then all are dropped, which costs one count each.
const CAPACITY: usize = 256;

/// Answers to questions about one snapshot.
#[derive(Debug)]
pub(crate) struct Memo<T>(Mutex<HashMap<String, T>>);

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self(Mutex::new(HashMap::new()))
    }
}

impl<T: Clone> Memo<T> {
    /// The answer given before, or the one that `count` finds now. Two that ask at once may both count.
    pub(crate) fn get_or(
        &self,
        question: String,
        count: impl FnOnce() -> Result<T, IndexError>,
    ) -> Result<T, IndexError> {
        if let Some(known) = locked(&self.0).get(&question) {
            return Ok(known.clone());
        }
        let counted = count()?;
        let mut answers = locked(&self.0);
        if answers.len() >= CAPACITY {
            answers.clear();
        }
        answers.insert(question, counted.clone());
        Ok(counted)
    }
}

/// What is kept; a panic elsewhere leaves whole answers only.
pub(crate) fn locked<T>(kept: &Mutex<T>) -> MutexGuard<'_, T> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Names a question by everything that its answer depends on besides the snapshot: what is asked for, and by whom.
pub(crate) fn question(filter: &Filter, access: &Access, facets: &[Facet], limit: usize) -> String {
    format!("{filter:?} {access:?} {facets:?} {limit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(memo: &Memo<u64>, question: &str, answer: u64) -> u64 {
        memo.get_or(question.to_owned(), || Ok(answer)).expect("counting does not fail")
    }

    #[test]
    fn the_same_question_is_counted_once() {
        let memo = Memo::default();
        assert_eq!(counted(&memo, "a", 1), 1);
        assert_eq!(counted(&memo, "a", 2), 1);
        assert_eq!(counted(&memo, "b", 2), 2);
    }

    #[test]
    fn a_failure_is_not_kept() {
        let memo = Memo::default();
        assert!(memo.get_or("a".to_owned(), || Err(IndexError::Cursor)).is_err());
        assert_eq!(counted(&memo, "a", 2), 2);
    }

    #[test]
    fn only_so_many_answers_are_kept() {
        let memo = Memo::default();
        for number in 0..=CAPACITY as u64 {
            counted(&memo, &number.to_string(), number);
        }
        assert_eq!(locked(&memo.0).len(), 1);
    }

    #[test]
    fn what_differs_in_who_asks_is_another_question() {
        let one = Access::all(None);
        let other = Access { lessons: false, ..one };
        let ask = |access: &Access| question(&Filter::Everything, access, &[], 0);
        assert_ne!(ask(&one), ask(&other));
    }
}
