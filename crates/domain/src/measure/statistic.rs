//! Exact order statistics.

/// The median: the middle value, or the mean of the two middle ones, rounded half to even. `None` without values.
///
/// The order of `values` changes.
#[must_use]
pub fn median(values: &mut [i64]) -> Option<i64> {
    if values.is_empty() {
        return None;
    }
    let odd = values.len() % 2 == 1;
    let (below, upper, _) = values.select_nth_unstable(values.len() / 2);
    let upper = *upper;
    if odd { Some(upper) } else { below.iter().max().map(|lower| mean(*lower, upper)) }
}

/// The mean of two values, rounded half to even.
fn mean(left: i64, right: i64) -> i64 {
    let sum = i128::from(left) + i128::from(right);
    let floor = sum.div_euclid(2);
    let mean = if sum.rem_euclid(2) == 1 && floor.rem_euclid(2) == 1 { floor + 1 } else { floor };
    i64::try_from(mean).unwrap_or(left)
}

/// The `percent`-th percentile by nearest rank: the smallest value that at least that share of the values does not
/// exceed, so always a value that occurred. `percent` is cut to 1 to 100. `None` without values.
///
/// The order of `values` changes.
#[must_use]
pub fn percentile(values: &mut [i64], percent: u8) -> Option<i64> {
    let rank = (values.len() * usize::from(percent.clamp(1, 100))).div_ceil(100);
    let index = rank.checked_sub(1).filter(|index| *index < values.len())?;
    Some(*values.select_nth_unstable(index).1)
}
