//! Where the gaps of an import are: a column or a path that many rows leave open is one thing to look at.

use std::collections::BTreeMap;

use super::{Gap, GapKind};

/// Distinct places that are counted one by one; a hostile file can name as many as it has bytes.
const PLACES: usize = 10_000;

/// Counts gaps by place and kind.
#[derive(Debug, Clone, Default)]
pub struct GapPlaces(BTreeMap<(String, GapKind), u64>);

/// A place and how many gaps of a kind it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapPlace {
    /// The column, or the path with `[]` for every element of a list.
    pub place: String,
    /// What is missing or unclear.
    pub kind: GapKind,
    /// How many gaps.
    pub count: u64,
}

impl GapPlaces {
    /// Counts a gap.
    pub fn add(&mut self, gap: &Gap) {
        self.count((without_numbers(&gap.column), gap.kind), 1);
    }

    /// Adds what another part of the same source left.
    pub fn merge(&mut self, other: &Self) {
        other.0.iter().for_each(|(place, count)| self.count(place.clone(), *count));
    }

    /// The places with the most gaps, the most first.
    #[must_use]
    pub fn top(&self, most: usize) -> Vec<GapPlace> {
        let mut places: Vec<GapPlace> = self
            .0
            .iter()
            .map(|((place, kind), count)| GapPlace { place: place.clone(), kind: *kind, count: *count })
            .collect();
        places.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.place.cmp(&b.place)));
        places.truncate(most);
        places
    }

    fn count(&mut self, place: (String, GapKind), count: u64) {
        if self.0.len() < PLACES || self.0.contains_key(&place) {
            *self.0.entry(place).or_default() += count;
        }
    }
}

/// `variety[2]` and `variety[3]` are one place.
fn without_numbers(place: &str) -> String {
    let mut joined = String::with_capacity(place.len());
    let mut parts = place.split('[');
    joined.extend(parts.next());
    for part in parts {
        joined.push('[');
        let number = part.bytes().take_while(u8::is_ascii_digit).count();
        joined.push_str(if part[number..].starts_with(']') { &part[number..] } else { part });
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_of_a_list_are_one_place() {
        let mut places = GapPlaces::default();
        for column in
            ["action.hacking.variety[2]", "action.hacking.variety[13]", "victim.country", "a[\"x\"]"]
        {
            places.add(&Gap::new(GapKind::ValueUnknown, column, "x"));
        }
        let mut again = places.clone();
        again.merge(&places);
        let top = again.top(2);
        assert_eq!((top[0].place.as_str(), top[0].count), ("action.hacking.variety[]", 4));
        assert_eq!((top[1].place.as_str(), top[1].count), ("a[\"x\"]", 2));
    }
}
