//! Typing errors: when nothing is found, the words of the index that are one or two errors away.
//!
//! Words come from the open half alone, and only those count that stand in a document the viewer may see: a
//! correction tells nothing that a search would not.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::query::{Compiled, Filter, TextScope};
use tantivy::Term;
use tantivy::collector::Count;
use tantivy::query::{FuzzyTermQuery, TermQuery};
use tantivy::schema::IndexRecordOption;

use crate::access::{Access, Depth};
use crate::compile::all;
use crate::error::IndexError;
use crate::folder::Half;
use crate::index::Index;
use crate::snapshot::Snapshot;
use crate::tokenizer;

/// Shorter words are not corrected: too many words are one error away.
const SHORTEST: usize = 4;
/// Words of this length may have two errors.
const TWO_ERRORS: usize = 8;
/// Longer words are not corrected.
const LONGEST: usize = 40;
/// How many of a query's words are looked at.
const MOST_WORDS: usize = 8;
/// How many neighbours of a word are counted; the rest is rarer or further away.
const CANDIDATES: usize = 20;

impl Index {
    /// The filter and text of the query that was probably meant, if it finds something.
    pub(crate) fn correction(
        &self,
        snapshot: &Snapshot,
        compiled: &Compiled,
        access: &Access,
    ) -> Result<Option<(Filter, String)>, IndexError> {
        let words: BTreeSet<String> = compiled.query.words().into_iter().collect();
        let mut replacements = BTreeMap::new();
        for word in words.into_iter().take(MOST_WORDS) {
            if let Some(better) = self.neighbour(snapshot, access, &word)? {
                replacements.insert(word, better);
            }
        }
        if replacements.is_empty() {
            return Ok(None);
        }
        let filter = replaced(&compiled.filter, &replacements);
        if self.total(snapshot, &filter, access)? == 0 {
            return Ok(None);
        }
        Ok(Some((filter, compiled.query.with_words(&replacements).to_string())))
    }

    /// The word that was probably meant; `None` for words that exist and for those with no neighbour.
    fn neighbour(
        &self,
        snapshot: &Snapshot,
        access: &Access,
        word: &str,
    ) -> Result<Option<String>, IndexError> {
        let mut tokens = tokenizer::terms(word);
        let Some(typed) = tokens.pop().filter(|_| tokens.is_empty()).map(|token| token.text) else {
            return Ok(None);
        };
        let length = typed.chars().count();
        if !(SHORTEST..=LONGEST).contains(&length) || self.seen(snapshot, access, &typed)? > 0 {
            return Ok(None);
        }
        for distance in 1..=(if length < TWO_ERRORS { 1 } else { 2 }) {
            let mut best: Option<(u64, String)> = None;
            for candidate in self.neighbours(snapshot, &typed, distance)? {
                let seen = self.seen(snapshot, access, &candidate)?;
                if seen > best.as_ref().map_or(0, |(most, _)| *most) {
                    best = Some((seen, candidate));
                }
            }
            if let Some((_, candidate)) = best {
                return Ok(Some(candidate));
            }
        }
        Ok(None)
    }

    /// Words of the open half so many errors away, the most frequent first.
    fn neighbours(&self, snapshot: &Snapshot, typed: &str, distance: u8) -> Result<Vec<String>, IndexError> {
        let query = FuzzyTermQuery::new(Term::from_field_text(self.fields.text, typed), distance, true);
        let mut found: BTreeMap<String, u64> = BTreeMap::new();
        for segment in snapshot.open.segment_readers() {
            let words = segment.inverted_index(self.fields.text)?;
            let mut stream =
                words.terms().search(query.automaton()?).into_stream().map_err(IndexError::engine)?;
            while stream.advance() {
                if let Ok(word) = std::str::from_utf8(stream.key()) {
                    *found.entry(word.to_owned()).or_default() += u64::from(stream.value().doc_freq);
                }
            }
        }
        let mut found: Vec<(String, u64)> = found.into_iter().collect();
        found.sort_by(|(a, a_count), (b, b_count)| b_count.cmp(a_count).then_with(|| a.cmp(b)));
        Ok(found.into_iter().take(CANDIDATES).map(|(word, _)| word).collect())
    }

    /// In how many open documents the viewer can find a word.
    fn seen(&self, snapshot: &Snapshot, access: &Access, word: &str) -> Result<u64, IndexError> {
        let term = Term::from_field_text(self.fields.text, word);
        let visible = access.query(&self.fields, Half::Open, &Filter::Everything, Depth::Full);
        let query = all(vec![Box::new(TermQuery::new(term, IndexRecordOption::Basic)), visible]);
        Ok(snapshot.open.search(&query, &Count)? as u64)
    }
}

/// The filter with mistyped words replaced.
fn replaced(filter: &Filter, replacements: &BTreeMap<String, String>) -> Filter {
    let each = |parts: &[Filter]| parts.iter().map(|part| replaced(part, replacements)).collect();
    match filter {
        Filter::All(parts) => Filter::All(each(parts)),
        Filter::Any(parts) => Filter::Any(each(parts)),
        Filter::Text { scope: TextScope::Anywhere, text, .. } => match replacements.get(text) {
            Some(better) => Filter::Text { scope: TextScope::Anywhere, text: better.clone(), prefix: false },
            None => filter.clone(),
        },
        other => other.clone(),
    }
}
