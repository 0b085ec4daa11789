//! What a column says about the order of its dates.

use std::fmt;

use crate::spreadsheet::reader::Cell;
use crate::spreadsheet::value::date::{self, DateOrder, Orders, Reading};

/// How many examples of each kind are kept.
const EXAMPLES: usize = 3;

/// A value and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Example {
    /// The row, from 1.
    pub row: u64,
    /// The cell as text.
    pub value: String,
}

impl fmt::Display for Example {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} (row {})", self.value, self.row)
    }
}

/// The dates of a column by what they say about the order.
#[derive(Debug, Clone, Default)]
pub struct DateSurvey {
    /// Dates that read one way only: ISO 8601, names of months, dates of a workbook, `05/05/2025`.
    pub plain: u64,
    /// Dates that are possible with the day first only, such as `18/06/2025`.
    pub day_first: Vec<Example>,
    /// Dates that are possible with the month first only, such as `06/18/2025`.
    pub month_first: Vec<Example>,
    /// Dates that are possible with a two-digit year first only, such as `25/06/18` with a day above 12.
    pub year_first: Vec<Example>,
    /// Dates that are possible with the day and with the month first, such as `03/04/2025`.
    pub ambiguous: Vec<Example>,
    /// How many dates need the column's order.
    pub ordered: u64,
    /// Dates that an order does not allow: day first, month first, year first.
    unfit: [Unfit; 3],
}

/// Dates that an order does not allow.
#[derive(Debug, Clone, Default)]
pub struct Unfit {
    /// How many.
    pub count: u64,
    /// The first of them.
    pub examples: Vec<Example>,
}

/// What the evidence of a column says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// No date needs an order.
    NotNeeded,
    /// One order explains every date.
    Decided(DateOrder),
    /// Every date is possible in two orders.
    Ambiguous,
    /// Some dates are possible in one order only, others in the other only.
    Contradictory,
}

impl DateSurvey {
    pub(super) fn add(&mut self, cell: &Cell, text: &str, row: u64) {
        match date::read(cell) {
            Reading::Plain(_) => self.plain += 1,
            Reading::Ordered(Orders { dmy, mdy, .. }) if dmy.is_some() && dmy == mdy => self.plain += 1,
            Reading::Ordered(orders) => {
                self.ordered += 1;
                for (unfit, reading) in self.unfit.iter_mut().zip([orders.dmy, orders.mdy, orders.ymd]) {
                    if reading.is_none() {
                        unfit.add(text, row);
                    }
                }
                let kind = match orders {
                    Orders { dmy: Some(_), mdy: Some(_), .. } => &mut self.ambiguous,
                    Orders { dmy: Some(_), mdy: None, .. } => &mut self.day_first,
                    Orders { dmy: None, mdy: Some(_), .. } => &mut self.month_first,
                    Orders { dmy: None, mdy: None, .. } => &mut self.year_first,
                };
                if kind.len() < EXAMPLES {
                    kind.push(Example { row, value: text.to_owned() });
                }
            }
            Reading::Unreadable => {}
        }
    }

    /// How many cells read as a date.
    #[must_use]
    pub fn readable(&self) -> u64 {
        self.plain + self.ordered
    }

    /// The dates that an order does not allow.
    #[must_use]
    pub fn unfit(&self, order: DateOrder) -> &Unfit {
        let [dmy, mdy, ymd] = &self.unfit;
        match order {
            DateOrder::Dmy => dmy,
            DateOrder::Mdy => mdy,
            DateOrder::Ymd => ymd,
        }
    }

    /// What the dates say about their order: the order that every one of them allows. A two-digit year is taken to come
    /// first only where neither of the other orders is possible.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        if self.ordered == 0 {
            return Verdict::NotNeeded;
        }
        match self.unfit.each_ref().map(|unfit| unfit.count > 0) {
            [false, false, _] => Verdict::Ambiguous,
            [false, true, _] => Verdict::Decided(DateOrder::Dmy),
            [true, false, _] => Verdict::Decided(DateOrder::Mdy),
            [true, true, false] => Verdict::Decided(DateOrder::Ymd),
            [true, true, true] => Verdict::Contradictory,
        }
    }
}

impl Unfit {
    fn add(&mut self, text: &str, row: u64) {
        self.count += 1;
        if self.examples.len() < EXAMPLES {
            self.examples.push(Example { row, value: text.to_owned() });
        }
    }
}

impl fmt::Display for Unfit {
    /// `04/18/2025 (row 3), 04/19/2025 (row 7) and 4 more`
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named: Vec<String> = self.examples.iter().map(ToString::to_string).collect();
        out.write_str(&named.join(", "))?;
        match self.count.saturating_sub(named.len() as u64) {
            0 => Ok(()),
            more => write!(out, " and {more} more"),
        }
    }
}
