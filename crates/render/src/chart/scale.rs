//! From values to places, with ticks at round numbers.

/// Ticks that are aimed at; there are two to eight.
const AIM: f64 = 5.0;

/// Numbers are shown with two digits after the point: closer ticks would look alike.
const SMALLEST_STEP: f64 = 0.01;

/// Beyond this arithmetic has no meaning and overflows.
const LARGEST: f64 = 1e100;

/// A straight scale that contains zero and begins and ends at a tick.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scale {
    ticks: Vec<f64>,
}

impl Scale {
    /// A scale for such values. Where all are whole, so are the ticks.
    pub(super) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let (mut low, mut high, mut whole) = (0.0_f64, 0.0_f64, true);
        for value in values {
            let value = value.clamp(-LARGEST, LARGEST);
            low = low.min(value);
            high = high.max(value);
            whole &= value.fract() == 0.0;
        }
        if low == high {
            high = 1.0;
        }
        let smallest = if whole { 1.0 } else { SMALLEST_STEP };
        let step = round_step((high - low) / AIM).max(smallest);
        let (first, last) = ((low / step).floor(), (high / step).ceil());
        let ticks = std::iter::successors(Some(first), |at| Some(at + 1.0)).take_while(|at| *at <= last);
        Self { ticks: ticks.take(16).map(|at| at * step).collect() }
    }

    /// The ticks from the lowest to the highest; at least two.
    pub(super) fn ticks(&self) -> &[f64] {
        &self.ticks
    }

    /// Where a value lies between the places of the lowest and the highest tick.
    pub(super) fn place(&self, value: f64, from: f64, to: f64) -> f64 {
        let (low, high) =
            (self.ticks.first().copied().unwrap_or(0.0), self.ticks.last().copied().unwrap_or(1.0));
        from + (value.clamp(low, high) - low) / (high - low) * (to - from)
    }
}

/// The next of 1, 2, 5, 10, 20, 50, … and their decimal parts that is not below a number. Without logarithms, which
/// differ in their last digits between systems.
fn round_step(at_least: f64) -> f64 {
    let mut power = 1.0;
    while power < at_least {
        power *= 10.0;
    }
    while power > SMALLEST_STEP / 10.0 && power / 10.0 >= at_least {
        power /= 10.0;
    }
    [power / 5.0, power / 2.0].into_iter().find(|step| *step >= at_least).unwrap_or(power)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ticks_are_round_and_contain_zero() {
        let cases: [(&[f64], &[f64]); 9] = [
            (&[], &[0.0, 1.0]),
            (&[0.0], &[0.0, 1.0]),
            (&[1.0], &[0.0, 1.0]),
            (&[3.0], &[0.0, 1.0, 2.0, 3.0]),
            (&[7.0, 2.0], &[0.0, 2.0, 4.0, 6.0, 8.0]),
            (&[42.0], &[0.0, 10.0, 20.0, 30.0, 40.0, 50.0]),
            (&[1200.0], &[0.0, 500.0, 1000.0, 1500.0]),
            (&[-3.0, 4.0], &[-4.0, -2.0, 0.0, 2.0, 4.0]),
            (&[0.5], &[0.0, 0.1, 0.2, 0.30000000000000004, 0.4, 0.5]),
        ];
        for (values, ticks) in cases {
            assert_eq!(Scale::of(values.iter().copied()).ticks(), ticks, "{values:?}");
        }
    }

    #[test]
    fn places_go_from_end_to_end() {
        let scale = Scale::of([50.0]);
        assert_eq!(
            [0.0, 25.0, 50.0, 99.0].map(|value| scale.place(value, 100.0, 200.0)),
            [100.0, 150.0, 200.0, 200.0]
        );
        assert_eq!(scale.place(50.0, 200.0, 100.0), 100.0, "upwards in a drawing is downwards in numbers");
    }

    fn finite() -> impl Strategy<Value = f64> {
        any::<f64>().prop_filter("finite", |value| value.is_finite())
    }

    proptest! {
        #[test]
        fn whatever_the_values_are_the_ticks_are_few_and_enclose_them(
            values in proptest::collection::vec(prop_oneof![finite(), -1e6..1e6], 0..6)
        ) {
            let scale = Scale::of(values.iter().copied());
            let ticks = scale.ticks();
            prop_assert!((2..=9).contains(&ticks.len()), "{:?}", ticks);
            prop_assert!(ticks.windows(2).all(|pair| pair[0] < pair[1]));
            let (low, high) = (ticks[0], ticks[ticks.len() - 1]);
            for value in values.iter().map(|value| value.clamp(-LARGEST, LARGEST)) {
                let rounding = (high - low) * 1e-12;
                prop_assert!(low <= value + rounding && value - rounding <= high, "{:?}", ticks);
                prop_assert!((0.0..=1.0).contains(&scale.place(value, 0.0, 1.0)));
            }
        }
    }
}
