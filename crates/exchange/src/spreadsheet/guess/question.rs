//! What is asked, and what is only said.

use super::dates::first;
use crate::spreadsheet::survey::{ColumnSurvey, Survey};
use crate::spreadsheet::value::date::DateOrder;

nevertwice_domain::words! {
    /// What a question is about.
    QuestionKind("kind of import question") {
        /// Which number of a date is the day.
        DateOrder = "date_order",
        /// Which end of a numeric severity scale is the worst.
        SeverityDirection = "severity_direction",
        /// The currency of amounts without one.
        Currency = "currency",
        /// Which column says what happened.
        TitleColumn = "title_column",
    }
}

/// Something that the file does not say.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Question {
    /// What it is about.
    pub kind: QuestionKind,
    /// The column, if it is about one.
    pub column: Option<String>,
    /// The question.
    pub text: String,
    /// Values that show it.
    pub examples: Vec<String>,
    /// How to answer: a flag or a line of the mapping file.
    pub answer: String,
    /// Without an answer nothing can be imported. Otherwise the values become gaps.
    pub blocking: bool,
}

/// Why the order of a column's dates has to be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OrderDoubt {
    /// Every date is possible in two orders.
    Ambiguous,
    /// No order explains every date.
    Contradictory,
    /// Some dates are not possible in the order that was remembered.
    NotAsBefore(DateOrder),
    /// Some dates are not possible in the order that the flag says.
    NotAsAnswered(DateOrder),
}

/// Something decided that is worth knowing.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Note {
    /// The column, if it is about one.
    pub column: Option<String>,
    /// What was decided, and why.
    pub text: String,
}

impl Note {
    pub(super) fn on(column: &ColumnSurvey, text: String) -> Self {
        Self { column: Some(column.name.clone()), text }
    }
}

impl Question {
    pub(super) fn date_order(column: &ColumnSurvey, doubt: OrderDoubt) -> Self {
        let examples = doubt.examples(column);
        Self {
            kind: QuestionKind::DateOrder,
            column: Some(column.name.clone()),
            text: format!("Column {:?} {}: {}.", column.name, doubt.why(), examples.join(", ")),
            examples,
            answer: doubt.answer().to_owned(),
            blocking: true,
        }
    }

    pub(super) fn severity_direction(column: &ColumnSurvey, examples: Vec<String>) -> Self {
        Self {
            kind: QuestionKind::SeverityDirection,
            column: Some(column.name.clone()),
            text: format!(
                "Column {:?} holds numbers ({}): is the highest or the lowest the worst? Until then each becomes a gap.",
                column.name,
                examples.join(", ")
            ),
            examples,
            answer:
                "Answer with --severity-worst high or low, or with worst at the column in a mapping file."
                    .to_owned(),
            blocking: false,
        }
    }

    pub(super) fn currency(column: &ColumnSurvey, count: u64, examples: Vec<String>) -> Self {
        Self {
            kind: QuestionKind::Currency,
            column: Some(column.name.clone()),
            text: format!(
                "Column {:?} holds {count} amounts whose currency is not known ({}). Until it is named each becomes a gap.",
                column.name,
                examples.join(", ")
            ),
            examples,
            answer: "Answer with currency = \"EUR\", for example, at the column in a mapping file."
                .to_owned(),
            blocking: false,
        }
    }

    pub(super) fn title_column(survey: &Survey) -> Self {
        let names: Vec<String> = survey.columns.iter().map(|column| column.name.clone()).collect();
        Self {
            kind: QuestionKind::TitleColumn,
            column: None,
            text: format!("No column says what happened; the file has: {}.", names.join(", ")),
            examples: names,
            answer: "Name it with target = \"title\" in a mapping file.".to_owned(),
            blocking: true,
        }
    }
}

impl OrderDoubt {
    fn why(self) -> String {
        match self {
            Self::Ambiguous => {
                "holds only dates that are possible with the day first and with the month first".to_owned()
            }
            Self::Contradictory => "holds dates that speak against each other".to_owned(),
            Self::NotAsBefore(order) => format!(
                "was read with the {} by the last import of this kind, and now holds dates that are not possible so",
                first(order)
            ),
            Self::NotAsAnswered(order) => {
                format!("holds dates that are not possible with the {}, as --date-order says", first(order))
            }
        }
    }

    const fn answer(self) -> &'static str {
        match self {
            Self::Ambiguous | Self::NotAsBefore(_) => {
                "Answer with --date-order dmy or mdy, or with date_order at the column in a mapping file."
            }
            Self::Contradictory => {
                "Mend the cells, or answer with --date-order dmy or mdy: dates that do not fit become gaps."
            }
            Self::NotAsAnswered(_) => {
                "Mend the cells, or name the order that fits. Where columns differ, date_order at the column in a \
                 mapping file decides, and dates that do not fit become gaps."
            }
        }
    }

    /// The dates that show it: where an order was said, those against it.
    fn examples(self, column: &ColumnSurvey) -> Vec<String> {
        let dates = &column.dates;
        if let Self::NotAsBefore(order) | Self::NotAsAnswered(order) = self {
            return dates.unfit(order).examples.iter().map(ToString::to_string).collect();
        }
        [&dates.day_first, &dates.month_first, &dates.year_first, &dates.ambiguous]
            .into_iter()
            .flatten()
            .take(6)
            .map(ToString::to_string)
            .collect()
    }
}

/// What is worth knowing about the file as a whole.
pub(super) fn file_notes(survey: &Survey) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut say = |text: String| notes.push(Note { column: None, text });
    if !survey.other_sheets.is_empty() {
        let read = survey.layout.sheet.as_deref().unwrap_or_default();
        say(format!("Sheet {read:?} is read; not read: {}.", survey.other_sheets.join(", ")));
    }
    if survey.formula_count > 0 {
        say(format!("{} cells hold formulas; their stored values are used.", survey.formula_count));
    }
    if survey.formula_like_count > 0 {
        say(format!("{} texts begin like a formula and are kept as text.", survey.formula_like_count));
    }
    notes
}
