//! What the procedure promises beside reviews: days by severity, escalation, targets, what opens a trend review.

use std::fmt;
use std::str::FromStr;

use super::notation::{NotationError, number, text_form};
use super::review_rule::{DAYS_LIMIT, or_middle, plural};
use crate::case::Severity;
use crate::word::Word;

/// Working or calendar days for severity 1 to 5: `90, 60, 45, 30, 15`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DaysBySeverity([u16; 5]);

const BY_SEVERITY: &str =
    "five whole numbers of days from 1 to 1000 for severity 1 to 5, such as 90, 60, 45, 30, 15";

impl DaysBySeverity {
    /// The days for a severity; for one that nobody has set, those of the middle.
    #[must_use]
    pub fn of(self, severity: Option<Severity>) -> u16 {
        self.0[usize::from(or_middle(severity)) - 1]
    }

    /// The days for severity 1 to 5.
    #[must_use]
    pub fn all(self) -> [u16; 5] {
        self.0
    }
}

impl fmt::Display for DaysBySeverity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d, e] = self.0;
        write!(f, "{a}, {b}, {c}, {d}, {e}")
    }
}

impl FromStr for DaysBySeverity {
    type Err = NotationError;

    fn from_str(text: &str) -> Result<Self, NotationError> {
        let days: Vec<u16> =
            text.split(',').map(|part| number(part, text, BY_SEVERITY)).collect::<Result<_, _>>()?;
        let fit = |days: &[u16; 5]| days.iter().all(|days| (1..=DAYS_LIMIT).contains(days));
        let days = <[u16; 5]>::try_from(days).ok().filter(fit);
        days.map(Self).ok_or_else(|| NotationError::new(text, BY_SEVERITY))
    }
}

text_form!(DaysBySeverity);

words! {
    /// Who is told when something stays undone.
    EscalateTo("who is told") {
        /// Whoever leads the review, or works on the case that the action came from.
        Case = "case",
        /// Every manager.
        Manager = "manager",
        /// The board, in figures and references.
        Board = "board",
    }
}

/// One step of the escalation: `after 10 days: manager`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Escalation {
    /// So many working days behind the due date.
    pub after_days: u16,
    /// Who is told.
    pub to: EscalateTo,
}

const ESCALATION: &str =
    "a line such as \"after 10 days: manager\", with case, manager or board behind the colon";

impl fmt::Display for Escalation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "after {}: {}", plural(self.after_days, "day"), self.to)
    }
}

impl FromStr for Escalation {
    type Err = NotationError;

    fn from_str(line: &str) -> Result<Self, NotationError> {
        let error = || NotationError::new(line, ESCALATION);
        let (after, to) = line.split_once(':').ok_or_else(error)?;
        let words: Vec<&str> = after.split_whitespace().collect();
        let ["after", days, "day" | "days"] = words.as_slice() else { return Err(error()) };
        let after_days = number(days, line, ESCALATION)?;
        if !(1..=DAYS_LIMIT).contains(&after_days) {
            return Err(error());
        }
        Ok(Self { after_days, to: EscalateTo::parse(to).map_err(|_| error())? })
    }
}

text_form!(Escalation);

words! {
    /// A figure that the company sets itself a target for.
    Indicator("figure with a target") {
        /// Share of cases in scope whose review is complete.
        ReviewCoverage = "review_coverage",
        /// Share of reviews held by their due date.
        ReviewsOnTime = "reviews_on_time",
        /// Share of reviewed cases with a known cause.
        CausesKnown = "causes_known",
        /// Share of actions completed by their original due date.
        ActionsOnTime = "actions_on_time",
        /// Share of judged actions that work.
        ActionsEffective = "actions_effective",
        /// Share of actions that do not depend on people remembering.
        StrongActions = "strong_actions",
        /// Share of cases whose loop is complete, of those whose every link is due.
        LoopScore = "loop_score",
    }
}

impl Indicator {
    /// What it measures, in a few words.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::ReviewCoverage => "cases whose review is due have been reviewed, or the review was waived",
            Self::ReviewsOnTime => "reviews are held by the day that they were due at first",
            Self::CausesKnown => "reviewed cases have a known cause",
            Self::ActionsOnTime => "actions are completed by their original due date",
            Self::ActionsEffective => "judged actions were found effective",
            Self::StrongActions => "actions do not depend on people remembering",
            Self::LoopScore => "cases whose every link is due have taught what they had to",
        }
    }
}

impl Target {
    /// Whether it is reached by so many of so many; none if there were none.
    #[must_use]
    pub fn is_reached(self, kept: u64, broken: u64) -> Option<bool> {
        let all = kept.saturating_add(broken);
        let wanted = all.saturating_mul(u64::from(self.percent));
        (all > 0).then(|| kept.saturating_mul(100) >= wanted)
    }
}

/// A target: `reviews_on_time: 90 %`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// The figure.
    pub indicator: Indicator,
    /// At least so many of a hundred.
    pub percent: u8,
}

const TARGET: &str = "a line such as \"reviews_on_time: 90 %\", with one of review_coverage, reviews_on_time, causes_known, \
     actions_on_time, actions_effective, strong_actions, loop_score and a whole number from 0 to 100";

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} %", self.indicator, self.percent)
    }
}

impl FromStr for Target {
    type Err = NotationError;

    fn from_str(line: &str) -> Result<Self, NotationError> {
        let error = || NotationError::new(line, TARGET);
        let (indicator, percent) = line.split_once(':').ok_or_else(error)?;
        let percent = percent.trim().trim_end_matches('%').trim().parse().map_err(|_| error())?;
        if percent > 100 {
            return Err(error());
        }
        Ok(Self { indicator: Indicator::parse(indicator).map_err(|_| error())?, percent })
    }
}

text_form!(Target);

words! {
    /// What cases have in common that make a trend.
    TrendOf("what cases have in common") {
        /// The category.
        Category = "category",
        /// A supplier.
        Supplier = "supplier",
        /// An AI asset.
        Asset = "asset",
    }
}

/// What opens a trend review: `3 cases of one category within 180 days`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Trend {
    /// So many cases.
    pub cases: u16,
    /// What they have in common.
    pub of: TrendOf,
    /// Reported within so many calendar days.
    pub within_days: u16,
}

const TREND: &str = "a line such as \"3 cases of one category within 180 days\", with category, supplier or asset, from 2 to 100 cases";

impl fmt::Display for Trend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cases of one {} within {}", self.cases, self.of, plural(self.within_days, "day"))
    }
}

impl FromStr for Trend {
    type Err = NotationError;

    fn from_str(line: &str) -> Result<Self, NotationError> {
        let error = || NotationError::new(line, TREND);
        let words: Vec<&str> = line.split_whitespace().collect();
        let [cases, "cases", "of", "one", of, "within", days, "day" | "days"] = words.as_slice() else {
            return Err(error());
        };
        let trend = Self {
            cases: number(cases, line, TREND)?,
            of: TrendOf::parse(of).map_err(|_| error())?,
            within_days: number(days, line, TREND)?,
        };
        let fits = (2..=100).contains(&trend.cases) && (1..=DAYS_LIMIT).contains(&trend.within_days);
        if fits { Ok(trend) } else { Err(error()) }
    }
}

text_form!(Trend);
