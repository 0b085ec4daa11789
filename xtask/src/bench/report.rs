//! What the bench printed.

use serde::Deserialize;

/// Everything measured on one engine at one size.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Report {
    pub(crate) engine: String,
    pub(crate) cases: u64,
    pub(crate) records: u64,
    pub(crate) figures: Vec<Figure>,
    /// How many runs the figures are medians of.
    #[serde(skip)]
    pub(crate) runs: usize,
    /// What does the same work beside it.
    #[serde(skip)]
    pub(crate) beside: Beside,
}

/// What figures are set beside.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Beside {
    /// The database or the search engine, called directly.
    #[default]
    Engine,
    /// A page of fixed text.
    Page,
}

/// One figure.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Figure {
    pub(crate) name: String,
    pub(crate) unit: String,
    pub(crate) value: f64,
    pub(crate) p99: Option<f64>,
    pub(crate) bare: Option<f64>,
    pub(crate) target: Option<Target>,
}

/// What a figure should be.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Target {
    pub(crate) text: String,
    pub(crate) bound: Bound,
}

/// How a target is checked.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Bound {
    /// The slowest in a hundred takes less.
    P99Below(f64),
    /// The value is less.
    Below(f64),
    /// The value is no less.
    AtLeast(f64),
    /// The value is at least this share of the bare engine's.
    ShareAtLeast(f64),
}

impl Report {
    /// The medians of several runs of the same bench; nothing if there was none.
    pub(crate) fn median(runs: &[Report]) -> Option<Report> {
        let mut median = runs.first()?.clone();
        median.runs = runs.len();
        for (index, figure) in median.figures.iter_mut().enumerate() {
            let of_each = |value: fn(&Figure) -> Option<f64>| {
                middle(runs.iter().filter_map(|run| value(run.figures.get(index)?)).collect())
            };
            figure.value = of_each(|figure| Some(figure.value)).unwrap_or(figure.value);
            figure.p99 = of_each(|figure| figure.p99);
            figure.bare = of_each(|figure| figure.bare);
        }
        Some(median)
    }
}

impl Figure {
    /// A figure without a target.
    pub(crate) fn new(name: impl Into<String>, unit: &str, value: f64) -> Figure {
        let (name, unit) = (name.into(), unit.to_owned());
        Figure { name, unit, value, p99: None, bare: None, target: None }
    }

    /// What it should be.
    pub(crate) fn target(self, text: &str, bound: Bound) -> Figure {
        Figure { target: Some(Target { text: text.to_owned(), bound }), ..self }
    }

    /// How the figure stands to the bare engine's: above 1 is better for rates, worse for durations.
    pub(crate) fn share(&self) -> Option<f64> {
        Some(self.value / self.bare?)
    }

    /// Whether the target is met; nothing if there is none.
    pub(crate) fn is_met(&self) -> Option<bool> {
        Some(match self.target.as_ref()?.bound {
            Bound::P99Below(limit) => self.p99? < limit,
            Bound::Below(limit) => self.value < limit,
            Bound::AtLeast(limit) => self.value >= limit,
            Bound::ShareAtLeast(limit) => self.share()? >= limit,
        })
    }
}

/// The one in the middle, or the mean of the two in the middle.
fn middle(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = values.len() / 2;
    let lower = values.len().checked_sub(1)? / 2;
    Some(f64::midpoint(*values.get(lower)?, *values.get(upper)?))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A report with one figure.
    pub(crate) fn report(cases: u64, value: f64) -> Report {
        let target = Some(Target { text: "p99 < 10 ms".to_owned(), bound: Bound::P99Below(10.0) });
        let figure = Figure {
            name: "one case".to_owned(),
            unit: "ms".to_owned(),
            value,
            p99: Some(value * 2.0),
            bare: Some(1.0),
            target,
        };
        let engine = "SQLite".to_owned();
        Report { engine, cases, records: cases * 4, figures: vec![figure], runs: 1, beside: Beside::Engine }
    }

    #[test]
    fn several_runs_become_their_medians() {
        let median = Report::median(&[report(1_000, 9.0), report(1_000, 2.0), report(1_000, 3.0)]);
        let figure = median.expect("there are runs").figures.remove(0);
        assert_eq!((figure.value, figure.p99, figure.share()), (3.0, Some(6.0), Some(3.0)));
        assert!(Report::median(&[]).is_none());
    }

    #[test]
    fn of_an_even_number_of_runs_the_two_in_the_middle_are_averaged() {
        let runs = [9.0, 2.0, 4.0, 3.0].map(|value| report(1_000, value));
        let figure = Report::median(&runs).expect("there are runs").figures.remove(0);
        assert_eq!((figure.value, figure.p99), (3.5, Some(7.0)));
    }

    #[test]
    fn a_target_is_checked_against_what_it_names() {
        let mut figure = report(1_000, 6.0).figures.remove(0);
        let mut is_met = |bound| {
            figure.target = Some(Target { text: String::new(), bound });
            figure.is_met()
        };
        assert_eq!(is_met(Bound::P99Below(12.0)), Some(false));
        assert_eq!(is_met(Bound::P99Below(12.1)), Some(true));
        assert_eq!(is_met(Bound::Below(6.1)), Some(true));
        assert_eq!(is_met(Bound::AtLeast(6.1)), Some(false));
        assert_eq!(is_met(Bound::ShareAtLeast(6.0)), Some(true));
        figure.target = None;
        assert_eq!(figure.is_met(), None);
    }
}
