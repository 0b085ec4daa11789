//! Numbers that are the same for the same seed: an attack that succeeds can be repeated.

/// SplitMix64 (Steele, Lea, Flood 2014).
pub(crate) struct Random(u64);

impl Random {
    /// The numbers of one attempt.
    pub(crate) fn of(seed: u64, bundle: usize, kind: usize, attempt: usize) -> Self {
        let parts = [seed, bundle as u64, kind as u64, attempt as u64];
        Self(parts.into_iter().fold(0, |state, part| Self(state ^ part).next()))
    }

    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; none if there is none.
    pub(crate) fn below(&mut self, end: usize) -> Option<usize> {
        let end = u64::try_from(end).ok().filter(|end| *end > 0)?;
        usize::try_from(self.next() % end).ok()
    }

    /// One of the items, if there are any.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len())?)
    }
}
