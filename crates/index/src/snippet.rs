//! The stretch of a text that shows why it was found.

use std::collections::BTreeSet;
use std::ops::Range;

use nevertwice_domain::query::{Filter, TextScope};
use tantivy::tokenizer::Token;

use crate::tokenizer;

/// How many words a snippet has at most.
const WORDS: usize = 30;
/// How many of them stand before the first word found.
const BEFORE: usize = 6;

/// Finds the words of a query in a text.
pub(crate) struct Marker {
    words: BTreeSet<String>,
    beginnings: Vec<String>,
}

impl Marker {
    /// For the words that a filter looks for; what it excludes is not looked for.
    pub(crate) fn of(filter: &Filter) -> Self {
        let mut marker = Self { words: BTreeSet::new(), beginnings: Vec::new() };
        marker.add(filter);
        marker
    }

    /// The best stretch of a text in pieces, each with whether it was found. The beginning of the text when no word
    /// stands in it.
    pub(crate) fn snippet(&self, text: &str) -> Vec<(String, bool)> {
        let tokens = tokenizer::terms(text);
        let found: Vec<bool> = tokens.iter().map(|token| self.finds(&token.text)).collect();
        let window = window(&tokens, &found);
        let (Some(first), Some(last)) = (tokens.get(window.start), tokens.get(window.end.wrapping_sub(1)))
        else {
            return Vec::new();
        };
        let from = if window.start == 0 { 0 } else { first.offset_from };
        let to = if window.end == tokens.len() { text.len() } else { last.offset_to };
        let mut pieces = Pieces::default();
        if from > 0 {
            pieces.add("… ", false);
        }
        let mut at = from;
        for (token, found) in tokens.iter().zip(found).skip(window.start).take(window.len()) {
            pieces.add(text.get(at..token.offset_from).unwrap_or_default(), false);
            pieces.add(text.get(token.offset_from..token.offset_to).unwrap_or_default(), found);
            at = token.offset_to;
        }
        pieces.add(text.get(at..to).unwrap_or_default(), false);
        if to < text.len() {
            pieces.add(" …", false);
        }
        pieces.0
    }

    fn add(&mut self, filter: &Filter) {
        match filter {
            Filter::All(parts) | Filter::Any(parts) => parts.iter().for_each(|part| self.add(part)),
            Filter::Text { scope, text, prefix } if *scope != TextScope::Title => {
                let mut words: Vec<String> =
                    tokenizer::terms(text).into_iter().map(|token| token.text).collect();
                self.beginnings.extend(words.pop_if(|_| *prefix));
                self.words.extend(words);
            }
            _ => {}
        }
    }

    fn finds(&self, word: &str) -> bool {
        self.words.contains(word)
            || self.beginnings.iter().any(|beginning| word.starts_with(beginning.as_str()))
    }
}

/// The stretch with the most different words found; the earliest of equals.
fn window(tokens: &[Token], found: &[bool]) -> Range<usize> {
    let places: Vec<usize> = (0..tokens.len()).filter(|at| found.get(*at) == Some(&true)).collect();
    let mut best = (0, 0);
    for (nth, start) in places.iter().enumerate() {
        let end = start + WORDS - BEFORE;
        let inside = places[nth..].iter().take_while(|at| **at < end);
        let words: BTreeSet<&str> =
            inside.filter_map(|at| tokens.get(*at)).map(|token| token.text.as_str()).collect();
        if words.len() > best.1 {
            best = (start.saturating_sub(BEFORE), words.len());
        }
    }
    best.0..(best.0 + WORDS).min(tokens.len())
}

/// Pieces of text; neighbours of one kind become one.
#[derive(Default)]
struct Pieces(Vec<(String, bool)>);

impl Pieces {
    fn add(&mut self, text: &str, found: bool) {
        if text.is_empty() {
            return;
        }
        match self.0.last_mut() {
            Some((last, kind)) if *kind == found => last.push_str(text),
            _ => self.0.push((text.to_owned(), found)),
        }
    }
}
