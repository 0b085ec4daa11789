//! A bundle as its lines, to be taken apart and put together again.

use std::ops::Range;

use nevertwice_trail::{Frontier, Hash, leaf_hash};

/// Where the checkpoint stands, and how many lines the seal has.
pub(crate) const CHECKPOINT: Range<usize> = 2..7;
pub(crate) const SEAL_LINES: usize = 4;

/// The lines of a bundle, without their line feeds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bundle {
    pub(crate) lines: Vec<Vec<u8>>,
}

impl Bundle {
    /// Takes a bundle apart; none if it is too short to be one.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let lines: Vec<_> =
            bytes.strip_suffix(b"\n")?.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        (lines.len() >= CHECKPOINT.end + SEAL_LINES).then_some(Self { lines })
    }

    /// The file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.lines.iter().flat_map(|line| [&line[..], b"\n"]).flatten().copied().collect()
    }

    /// Where the leaves and their disclosures stand.
    pub(crate) fn body(&self) -> Range<usize> {
        let end = self.lines.len().saturating_sub(SEAL_LINES);
        CHECKPOINT.end.min(end)..end
    }

    /// The lines of the body that begin with a word.
    pub(crate) fn places(&self, word: &str) -> Vec<usize> {
        self.body().filter(|place| self.lines[*place].starts_with(word.as_bytes())).collect()
    }

    /// The JSON behind the word that a line begins with.
    pub(crate) fn json(&self, place: usize) -> Option<serde_json::Value> {
        let line = self.lines.get(place)?;
        serde_json::from_slice(line.get(5..)?).ok()
    }

    /// Puts JSON behind the word that a line begins with. Written in the order of names, as the format wants it.
    pub(crate) fn set_json(&mut self, place: usize, json: &serde_json::Value) -> Option<()> {
        let line = self.lines.get_mut(place)?;
        line.truncate(5);
        line.extend_from_slice(json.to_string().as_bytes());
        Some(())
    }

    /// The hash of each leaf; of a line that gives none, the hash of nothing.
    pub(crate) fn leaf_hashes(&self) -> Vec<Hash> {
        let hash_of = |line: &Vec<u8>| {
            let text = String::from_utf8_lossy(line);
            match (line.strip_prefix(b"leaf "), text.strip_prefix("hash ")) {
                (Some(leaf), _) => Some(leaf_hash(leaf)),
                (None, Some(hex)) => {
                    Some(hex.trim().to_lowercase().parse().unwrap_or_else(|_| leaf_hash(b"")))
                }
                (None, None) => None,
            }
        };
        self.lines.get(self.body()).unwrap_or_default().iter().filter_map(hash_of).collect()
    }

    /// The tree over the first `size` leaves.
    pub(crate) fn frontier(&self, size: usize) -> Frontier {
        let mut frontier = Frontier::new();
        self.leaf_hashes().into_iter().take(size).for_each(|hash| frontier.append(hash));
        frontier
    }
}
