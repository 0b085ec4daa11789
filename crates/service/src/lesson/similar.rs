//! "This lesson is there already": approved lessons with words like those of a case or of a draft.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::id::LessonId;
use nevertwice_domain::lesson::Lesson;
use nevertwice_domain::reference::CaseRef;
use nevertwice_domain::text::{Line, fold};
use nevertwice_store::lesson as lessons;
use serde::{Deserialize, Serialize};

use crate::case::readable;
use crate::error::ServiceError;
use crate::search::{LessonRow, lesson_rows, lessons_with_any};
use crate::use_case::{Asked, UseCase};

/// How many words are looked for, the first that tell something.
const WORDS: usize = 16;
/// Words shorter than this tell nothing.
const SHORTEST: usize = 4;
/// So many letters make two words the same: their ends differ by grammar.
const STEM: usize = 5;
/// How many lessons are looked at more closely.
const LOOKED_AT: usize = 30;

/// Finds approved lessons that say something like a text, other than those that the case has already.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FindSimilarLessons {
    /// The case that something was learned from.
    pub case: CaseRef,
    /// The lesson as it would be written; the title of the case if unsaid.
    #[serde(default)]
    pub text: Option<Line>,
    /// How many at most.
    pub limit: usize,
}

impl UseCase for FindSimilarLessons {
    type Output = Vec<LessonRow>;
    const NAME: &'static str = "find_similar_lessons";

    fn run(self, asked: &Asked<'_>) -> Result<Vec<LessonRow>, ServiceError> {
        let (words, linked) = asked.service.read(asked.identity, |unit| {
            let case = readable(unit, self.case)?;
            let text = self.text.as_ref().unwrap_or(&case.title);
            let linked: BTreeSet<LessonId> =
                lessons::of_case(unit.tx, case.id)?.iter().map(|lesson| lesson.id).collect();
            Ok((telling_words(text.as_str()), linked))
        })?;
        if words.is_empty() {
            return Ok(Vec::new());
        }
        let found: Vec<LessonId> = lessons_with_any(asked, &words, LOOKED_AT)?
            .into_iter()
            .filter(|id| !linked.contains(id))
            .collect();
        asked.service.read(asked.identity, |unit| {
            let shared: BTreeMap<LessonId, usize> = lessons::several(unit.tx, &found)?
                .iter()
                .filter(|lesson| lesson.state.is_in_force())
                .map(|lesson| (lesson.id, shared(&words, lesson)))
                .collect();
            // One word in common is chance, unless there was only one.
            let enough = words.len().min(2);
            let mut close: Vec<LessonId> =
                found.into_iter().filter(|id| shared.get(id).is_some_and(|count| *count >= enough)).collect();
            close.sort_by_key(|id| std::cmp::Reverse(shared.get(id).copied()));
            close.truncate(self.limit.min(LOOKED_AT));
            Ok(lesson_rows(unit, &close)?.into_iter().map(|(_, row)| row).collect())
        })
    }
}

/// The words of a text that tell something, folded, each once.
fn telling_words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut words: Vec<String> = Vec::new();
    for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= SHORTEST) {
        if !words.iter().any(|known| stem(known) == stem(word)) {
            words.push(word.to_owned());
        }
    }
    words.truncate(WORDS);
    words
}

fn stem(word: &str) -> String {
    word.chars().take(STEM).collect()
}

/// How many of the words a lesson has too.
fn shared(words: &[String], lesson: &Lesson) -> usize {
    let detail = lesson.detail.as_ref().map_or("", |detail| detail.as_str());
    let text = fold(&format!("{} {detail}", lesson.statement));
    let stems: BTreeSet<String> = text.split(|c: char| !c.is_alphanumeric()).map(stem).collect();
    words.iter().filter(|word| stems.contains(&stem(word))).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_that_tell_something_are_looked_for_each_once() {
        assert_eq!(telling_words("A key in a notebook; keys in Notebooks!"), ["notebook", "keys"]);
        assert!(telling_words("so it is").is_empty());
        assert_eq!(telling_words(&"abcd efgh ".repeat(40)).len(), 2);
    }
}
