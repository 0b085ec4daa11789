//! What writers were told, to be held against what the register has in the end.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// One writer's notes, or those of several together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ledger {
    /// References that the register gave, by title, of cases and of actions.
    pub(crate) written: BTreeMap<String, String>,
    /// Titles that it said are not written.
    pub(crate) refused: BTreeSet<String>,
    /// Titles of which it said that their outcome is unknown, and nobody asked later.
    pub(crate) unknown: BTreeSet<String>,
    /// Cases whose class it said is a weakness.
    pub(crate) classified: BTreeSet<String>,
    /// Cases whose class may be one.
    pub(crate) perhaps_classified: BTreeSet<String>,
    /// Cases that it said have evidence.
    pub(crate) files: u64,
    /// Files that it may have kept beside those.
    pub(crate) perhaps_files: u64,
    /// Unknown outcomes that turned out to be written.
    pub(crate) turned_out_written: u64,
    /// Unknown outcomes that turned out not to be, and were repeated.
    pub(crate) turned_out_lost: u64,
    /// How often what was just written was found through the same server.
    pub(crate) read_here: u64,
    /// How often through the other one.
    pub(crate) read_there: u64,
    /// The longest that the other one took to show it.
    pub(crate) slowest_there: Duration,
    /// The longest that all writers at one server were without an acknowledged case.
    pub(crate) longest_gap: Duration,
    /// Answers other than "done", with how often they came.
    pub(crate) answers: BTreeMap<String, u64>,
    /// What must not happen.
    pub(crate) broken: Vec<String>,
}

impl Ledger {
    /// Adds another's notes.
    pub(crate) fn add(&mut self, other: Ledger) {
        self.written.extend(other.written);
        self.refused.extend(other.refused);
        self.unknown.extend(other.unknown);
        self.classified.extend(other.classified);
        self.perhaps_classified.extend(other.perhaps_classified);
        self.files += other.files;
        self.perhaps_files += other.perhaps_files;
        self.turned_out_written += other.turned_out_written;
        self.turned_out_lost += other.turned_out_lost;
        self.read_here += other.read_here;
        self.read_there += other.read_there;
        self.slowest_there = self.slowest_there.max(other.slowest_there);
        self.longest_gap = self.longest_gap.max(other.longest_gap);
        for (answer, count) in other.answers {
            *self.answers.entry(answer).or_default() += count;
        }
        self.broken.extend(other.broken);
    }

    /// The same promises, where what another was told may be so or not.
    pub(crate) fn and_perhaps(&self, other: &Ledger) -> Ledger {
        let mut all = self.clone();
        all.perhaps_classified.extend(other.classified.iter().chain(&other.perhaps_classified).cloned());
        all.perhaps_files += other.files + other.perhaps_files;
        all
    }

    /// Counts an answer other than "done".
    pub(crate) fn heard(&mut self, answer: &str) {
        *self.answers.entry(answer.to_owned()).or_default() += 1;
    }

    /// In a few words.
    pub(crate) fn summary(&self) -> String {
        let answers: Vec<String> =
            self.answers.iter().map(|(answer, count)| format!("{count} x {answer}")).collect();
        let answers = if answers.is_empty() { "none".to_owned() } else { answers.join(", ") };
        format!(
            "{} cases and actions acknowledged, {} classifications, {} files; found at once through the same server {} \
             times, through the other {} times (slowest after {} ms); at most {:.1} s without an acknowledged case; unknown outcomes: {} written, {} not written and \
             repeated; other answers: {answers}",
            self.written.len(),
            self.classified.len(),
            self.files,
            self.read_here,
            self.read_there,
            self.slowest_there.as_millis(),
            self.longest_gap.as_secs_f64(),
            self.turned_out_written,
            self.turned_out_lost,
        )
    }
}
