//! The order of a column's dates: what was said about it, held against what the dates show.

use super::question::OrderDoubt;
use super::{Answers, Basis, Guess, Note, Question};
use crate::spreadsheet::survey::{ColumnSurvey, Verdict};
use crate::spreadsheet::value::date::DateOrder;

/// Who said which order a column has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Said {
    /// The mapping file, of this column.
    Mapping,
    /// The flag, of every column.
    Flag,
    /// The mapping that was remembered.
    Before,
}

impl Said {
    const fn whence(self) -> &'static str {
        match self {
            Self::Mapping => "as the mapping file says",
            Self::Flag => "as --date-order says",
            Self::Before => "as in the last import of this kind",
        }
    }
}

/// What the mapping file says of the column, otherwise the flag, otherwise what was remembered, otherwise what the dates
/// show. Whatever was said and the dates contradict is asked for, or told with the dates that become gaps.
pub(super) fn date_order(
    chosen: Option<DateOrder>,
    basis: Basis,
    column: &ColumnSurvey,
    answers: &Answers,
    found: &mut Guess,
) -> Option<DateOrder> {
    let said = match (chosen, answers.date_order) {
        (Some(order), _) if basis == Basis::Given => Some((order, Said::Mapping)),
        (_, Some(order)) => Some((order, Said::Flag)),
        (Some(order), None) => Some((order, Said::Before)),
        (None, None) => None,
    };
    match (column.dates.verdict(), said) {
        // Nothing is read by the order; a flag replaces it for the next file all the same.
        (Verdict::NotNeeded, _) => chosen.and(said).map(|(order, _)| order),
        (verdict, Some((order, said))) => {
            hold_against(order, said, verdict, column, found);
            Some(order)
        }
        (Verdict::Decided(order), None) => {
            found.notes.push(Note::on(column, decided(order, column)));
            Some(order)
        }
        (Verdict::Ambiguous, None) => {
            found.questions.push(Question::date_order(column, OrderDoubt::Ambiguous));
            None
        }
        (Verdict::Contradictory, None) => {
            found.questions.push(Question::date_order(column, OrderDoubt::Contradictory));
            None
        }
    }
}

/// Says how the dates are read, or asks. Dates that no order explains are left out by a flag; those that another order
/// explains are not: then the flag is wrong, or the column has another order than the rest.
fn hold_against(order: DateOrder, said: Said, verdict: Verdict, column: &ColumnSurvey, found: &mut Guess) {
    let dates = &column.dates;
    let unfit = dates.unfit(order);
    let read = format!("{} dates are read with the {}, {}", dates.ordered, first(order), said.whence());
    let no_order_fits = verdict == Verdict::Contradictory && unfit.count < dates.ordered;
    match said {
        _ if unfit.count == 0 => found.notes.push(Note::on(column, format!("{read}."))),
        Said::Flag if !no_order_fits => {
            found.questions.push(Question::date_order(column, OrderDoubt::NotAsAnswered(order)));
        }
        Said::Mapping | Said::Flag => {
            found.notes.push(Note::on(column, format!("{read}; these do not fit and become gaps: {unfit}.")));
        }
        Said::Before => found.questions.push(Question::date_order(column, OrderDoubt::NotAsBefore(order))),
    }
}

fn decided(order: DateOrder, column: &ColumnSurvey) -> String {
    let dates = &column.dates;
    let examples = match order {
        DateOrder::Dmy => &dates.day_first,
        DateOrder::Mdy => &dates.month_first,
        DateOrder::Ymd => &dates.year_first,
    };
    let proof =
        examples.first().map_or(String::new(), |e| format!(", as {} in row {} shows", e.value, e.row));
    format!("{} dates are read with the {}{proof}.", dates.ordered, first(order))
}

/// What comes first.
pub(super) const fn first(order: DateOrder) -> &'static str {
    match order {
        DateOrder::Dmy => "day first",
        DateOrder::Mdy => "month first",
        DateOrder::Ymd => "year first",
    }
}
