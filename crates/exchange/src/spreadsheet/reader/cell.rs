//! One cell of a table, whatever the file format.

use std::borrow::Cow;

use jiff::civil::DateTime;
use nevertwice_domain::formula::unguard;

/// The content of one cell. Formulas are never evaluated: a workbook's stored value stands for them.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing.
    #[default]
    Empty,
    /// Text as the file holds it.
    Text(String),
    /// A number that the workbook keeps as a number.
    Number(f64),
    /// A date or a time of day that the workbook keeps as such, by its wall clock.
    Moment(DateTime),
    /// A truth value.
    Bool(bool),
    /// An error value such as `#REF!`, or a formula without a stored value.
    Error(String),
}

/// What a cell says that holds a formula whose value the workbook does not store.
pub(in crate::spreadsheet) const NOT_COMPUTED: &str = "formula without a stored value";

/// Error values of spreadsheet programs, as they write them to CSV.
const ERROR_VALUES: [&str; 10] =
    ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", NOT_COMPUTED];

impl Cell {
    /// True for an empty cell and for one that holds only white space.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Empty => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// The cell of a CSV file: an error value stays one, so that both formats and a file of rejected rows say the same.
    pub(super) fn of_csv(text: String) -> Self {
        match text.trim() {
            error if ERROR_VALUES.contains(&error) => Self::Error(error.to_owned()),
            _ => Self::Text(text),
        }
    }

    /// Bytes of its text in memory.
    pub(super) fn text_bytes(&self) -> usize {
        match self {
            Self::Text(text) | Self::Error(text) => text.len(),
            _ => size_of::<Self>(),
        }
    }

    /// The cell as text: trimmed, line ends as LF, without the text mark (see [`unguard`]), numbers in their shortest
    /// form, moments as ISO 8601. The same content gives the same text from CSV and from a workbook.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => unguard(&plain_lines(text.trim())).to_owned(),
            Self::Number(number) => format!("{number}"),
            Self::Moment(at) if at.time() == jiff::civil::Time::midnight() => at.date().to_string(),
            Self::Moment(at) => at.to_string(),
            Self::Bool(true) => "true".to_owned(),
            Self::Bool(false) => "false".to_owned(),
            Self::Error(text) => text.clone(),
        }
    }
}

/// Line ends as LF; the vertical tab and form feed that word processors leave behind are line ends too.
fn plain_lines(text: &str) -> Cow<'_, str> {
    if !text.contains(['\r', '\u{b}', '\u{c}']) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace(['\r', '\u{b}', '\u{c}'], "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_and_workbook_cells_give_the_same_text() {
        assert_eq!(Cell::Number(3.0).text(), "3");
        assert_eq!(Cell::Number(46000.75).text(), "46000.75");
        assert_eq!(Cell::Moment(jiff::civil::datetime(2025, 3, 1, 0, 0, 0, 0)).text(), "2025-03-01");
        assert_eq!(
            Cell::Moment(jiff::civil::datetime(2025, 3, 1, 14, 5, 0, 0)).text(),
            "2025-03-01T14:05:00"
        );
        assert_eq!(Cell::Text(" a\r\nb ".to_owned()).text(), "a\nb");
        assert_eq!(Cell::Text("'=HYPERLINK()".to_owned()).text(), "=HYPERLINK()");
        assert_eq!(Cell::Text("' \"＝1\" ".to_owned()).text(), " \"＝1\"");
        assert_eq!(Cell::Text("'quoted'".to_owned()).text(), "'quoted'");
    }
}
