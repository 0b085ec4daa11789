//! How many cases, by what.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use serde::ser::{Serialize, SerializeMap, Serializer};

use super::{Dimension, Row};
use crate::case::{CaseState, Class};
use crate::read_model::LeftOut;
use crate::text::fold;
use crate::word::Word;

/// A group smaller than this never contains a record that whoever asks may not see.
const SMALLEST_GROUP: u64 = 3;

/// How many cases there are in each group.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Volume {
    /// How many cases were counted.
    pub n: u64,
    /// The groups, in the order of their keys, unknown last.
    pub groups: Vec<Group>,
    /// How many of the counted cases lack at least one of the values that they are grouped by.
    pub missing: u64,
    /// How many cases were not counted, and why.
    pub left_out: BTreeMap<LeftOut, u64>,
    /// How many of the counted cases are in no group because the group would be so small that it gave them away.
    pub withheld: u64,
}

/// Cases that are alike in every dimension asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Their value in each dimension, in the order asked for.
    pub key: Vec<(Dimension, KeyValue)>,
    /// How many they are.
    pub count: u64,
}

/// The value of a dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyValue {
    /// A year or a severity.
    Number(i16),
    /// A month of a year.
    Month(i16, i8),
    /// A word.
    Word(String),
    /// Not known.
    Unknown,
}

/// Counts rows by the given dimensions. Without dimensions there is one group, unless there are no cases.
#[must_use]
pub fn volume(by: &[Dimension], rows: impl IntoIterator<Item = Row>) -> Volume {
    let mut seen = Volume { n: 0, groups: Vec::new(), missing: 0, left_out: BTreeMap::new(), withheld: 0 };
    let mut groups: Vec<(Group, u64)> = Vec::new();
    let mut places: BTreeMap<Vec<KeyValue>, usize> = BTreeMap::new();
    for row in rows {
        if let Some(reason) = row.left_out {
            *seen.left_out.entry(reason).or_default() += row.count;
            continue;
        }
        seen.n += row.count;
        let key: Vec<KeyValue> = by.iter().map(|dimension| row.value(*dimension)).collect();
        if key.contains(&KeyValue::Unknown) {
            seen.missing += row.count;
        }
        let place = *places.entry(key).or_insert_with_key(|key| {
            groups.push((Group { key: by.iter().copied().zip(key.iter().cloned()).collect(), count: 0 }, 0));
            groups.len() - 1
        });
        if let Some((group, hidden)) = groups.get_mut(place) {
            group.count += row.count;
            *hidden += if row.hidden { row.count } else { 0 };
        }
    }
    for (mut group, hidden) in groups {
        if hidden > 0 && group.count < SMALLEST_GROUP {
            group.count -= hidden;
            seen.withheld += hidden;
        }
        if group.count > 0 {
            seen.groups.push(group);
        }
    }
    seen.groups.sort_by(|a, b| compare(&a.key, &b.key));
    seen
}

impl Row {
    fn value(&self, dimension: Dimension) -> KeyValue {
        let word = |word: &Option<String>| word.clone().map_or(KeyValue::Unknown, KeyValue::Word);
        match dimension {
            Dimension::Year => self.period.map_or(KeyValue::Unknown, |period| KeyValue::Number(period.year)),
            Dimension::Month => match self.period.and_then(|p| Some((p.year, p.month?))) {
                Some((year, month)) => KeyValue::Month(year, month),
                None => KeyValue::Unknown,
            },
            Dimension::Severity => self
                .severity
                .map_or(KeyValue::Unknown, |severity| KeyValue::Number(i16::from(severity.level()))),
            Dimension::Class => word(&self.class),
            Dimension::Category => word(&self.category),
            Dimension::State => word(&self.state),
            Dimension::Origin => word(&self.origin),
            Dimension::Decision => word(&self.decision),
        }
    }
}

fn compare(left: &[(Dimension, KeyValue)], right: &[(Dimension, KeyValue)]) -> Ordering {
    let pairs = left.iter().zip(right);
    pairs
        .map(|((dimension, l), (_, r))| compare_values(*dimension, l, r))
        .find(|o| o.is_ne())
        .unwrap_or(Ordering::Equal)
}

fn compare_values(dimension: Dimension, left: &KeyValue, right: &KeyValue) -> Ordering {
    match (left, right) {
        (KeyValue::Word(l), KeyValue::Word(r)) => {
            (rank(dimension, l), fold(l), l).cmp(&(rank(dimension, r), fold(r), r))
        }
        _ => left.cmp(right),
    }
}

/// Words of a closed vocabulary come in its natural order.
fn rank(dimension: Dimension, word: &str) -> usize {
    fn place<W: Word>(word: &str) -> usize {
        W::ALL.iter().position(|member| member.as_str() == word).unwrap_or(usize::MAX)
    }
    match dimension {
        Dimension::Class => place::<Class>(word),
        Dimension::State => place::<CaseState>(word),
        _ => 0,
    }
}

impl PartialOrd for KeyValue {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Numbers, months and words in their order; unknown comes last.
impl Ord for KeyValue {
    fn cmp(&self, other: &Self) -> Ordering {
        fn rank(value: &KeyValue) -> u8 {
            match value {
                KeyValue::Number(_) => 0,
                KeyValue::Month(..) => 1,
                KeyValue::Word(_) => 2,
                KeyValue::Unknown => 3,
            }
        }
        match (self, other) {
            (Self::Number(l), Self::Number(r)) => l.cmp(r),
            (Self::Month(ly, lm), Self::Month(ry, rm)) => (ly, lm).cmp(&(ry, rm)),
            (Self::Word(l), Self::Word(r)) => l.cmp(r),
            (l, r) => rank(l).cmp(&rank(r)),
        }
    }
}

impl Serialize for KeyValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Number(number) => serializer.serialize_i16(*number),
            Self::Month(year, month) => serializer.collect_str(&format_args!("{year:04}-{month:02}")),
            Self::Word(word) => serializer.serialize_str(word),
            Self::Unknown => serializer.serialize_none(),
        }
    }
}

impl Serialize for Group {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Key<'a>(&'a [(Dimension, KeyValue)]);
        impl Serialize for Key<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_map(self.0.iter().map(|(dimension, value)| (dimension.as_str(), value)))
            }
        }
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("key", &Key(&self.key))?;
        map.serialize_entry("count", &self.count)?;
        map.end()
    }
}
