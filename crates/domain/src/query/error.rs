//! Where a query could not be understood, and what would have been.

use std::fmt;

use thiserror::Error;

/// A stretch of the query text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Span {
    /// Its first byte, from 0.
    pub byte: usize,
    /// Its first character, from 0 (Unicode scalar values).
    pub character: usize,
    /// Its length in characters; 0 where something is missing.
    pub length: usize,
}

/// A query that could not be understood.
#[derive(Debug, Clone, PartialEq, Eq, Error, serde::Serialize)]
pub struct QueryError {
    /// Where.
    pub at: Span,
    /// What was found and what was expected.
    pub message: String,
    /// Texts that could stand there, the likeliest first; may be empty.
    pub expected: Vec<String>,
}

impl fmt::Display for QueryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at character {}: {}", self.at.character + 1, self.message)
    }
}

/// The candidates nearest to what was typed: those at most two typing errors away or beginning alike, best first.
pub(super) fn nearest<'a>(typed: &str, candidates: impl Iterator<Item = &'a str>) -> Vec<String> {
    let typed: String = typed.to_lowercase().chars().take(40).collect();
    let mut found: Vec<(usize, &str)> = candidates
        .filter_map(|candidate| {
            // Two characters in each other's place are one error.
            let distance = strsim::osa_distance(&typed, candidate);
            let close = distance <= 2 && distance < candidate.chars().count();
            let begins = typed.len() >= 2 && (candidate.starts_with(&typed) || typed.starts_with(candidate));
            (close || begins).then_some((distance, candidate))
        })
        .collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().take(3).map(|(_, candidate)| candidate.to_owned()).collect()
}
