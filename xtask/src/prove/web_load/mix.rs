//! What is asked how often.

use std::fmt;

use crate::prove::chance::Chance;

/// A part of the mix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Pages and lists: 70 of 100.
    Pages,
    /// Results as somebody types, and the counts beside them: 15 of 100.
    Live,
    /// What programs read: 10 of 100.
    Programs,
    /// Reports, comments and moments of the timeline: 5 of 100.
    Writes,
}

impl Part {
    /// The part that a request belongs to.
    pub(super) fn of(chance: &mut Chance) -> Part {
        match chance.below(100) {
            ..70 => Part::Pages,
            70..85 => Part::Live,
            85..95 => Part::Programs,
            _ => Part::Writes,
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Part::Pages => "pages and lists",
            Part::Live => "typing and counts",
            Part::Programs => "reads of programs",
            Part::Writes => "reports, comments, moments",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mix_is_as_it_is_said_to_be() {
        let mut counts = [0_u32; 4];
        for number in 0..10_000 {
            counts[Part::of(&mut Chance::new(number)) as usize] += 1;
        }
        let near = |count: u32, percent: u32| count.abs_diff(percent * 100) < 150;
        assert!(
            counts.iter().zip([70, 15, 10, 5]).all(|(count, percent)| near(*count, percent)),
            "{counts:?}"
        );
    }
}
