//! Why a file cannot be read as a table.

use thiserror::Error;

use super::encoding::Encoding;

/// A file, or a place in it, that cannot be read. Problems of a single row are not errors, see [`super::Flaw`].
#[derive(Debug, Error)]
pub enum ReadError {
    /// The operating system could not read the file.
    #[error("the file cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// Nothing in it.
    #[error("the file is empty; expected a header row and at least one row below it")]
    Empty,
    /// A known format that is not read.
    #[error("the file is {found}; expected CSV or a workbook (.xlsx). {fix}")]
    OtherFormat {
        /// What it is.
        found: &'static str,
        /// How to get a file that can be read.
        fix: &'static str,
    },
    /// A workbook behind a password.
    #[error("the workbook is encrypted; open it with its password and save a copy without one")]
    Encrypted,
    /// A workbook whose parts contradict each other.
    #[error("the workbook is damaged: {detail}; open it in a spreadsheet program and save it again")]
    Damaged {
        /// What is wrong, with the part's name where known.
        detail: String,
    },
    /// A workbook whose unpacked size exceeds the limit.
    #[error(
        "the workbook unpacks to {found} bytes in {part}; expected at most {limit}. Split it or save it as CSV"
    )]
    TooLargeInside {
        /// The part, or `all parts together`.
        part: String,
        /// Bytes claimed by its directory, or unpacked when the limit was passed.
        found: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// A part that unpacks to far more than a spreadsheet does.
    #[error(
        "{part} in the workbook unpacks to more than {limit} times its size, which no spreadsheet does; it is refused as a decompression bomb. Open a file that you trust in a spreadsheet program and save it again, or save it as CSV"
    )]
    Bomb {
        /// The part.
        part: String,
        /// The largest accepted ratio.
        limit: u64,
    },
    /// Bytes that the encoding does not have.
    #[error(
        "{place}byte offset {offset} is not valid {encoding}. Save the file as UTF-8, or name its encoding in a mapping file with encoding = \"…\" under [layout]: {others}"
    )]
    Malformed {
        /// The encoding that was expected.
        encoding: Encoding,
        /// `line 12, ` where known, otherwise empty.
        place: String,
        /// Offset of the first such byte in the file, from 0.
        offset: u64,
        /// The other encodings that can be named.
        others: String,
    },
    /// A quotation mark without its partner: everything below it would be one cell.
    #[error(
        "row {row} opens a quotation mark that is never closed; close it, or double a quotation mark that is part of the text"
    )]
    UnclosedQuote {
        /// The row, from 1.
        row: u64,
    },
    /// A row that does not fit into bounded memory.
    #[error(
        "row {row} has more than {limit} bytes; expected at most that. A quotation mark is probably missing there: close it, or shorten the row"
    )]
    RowTooLarge {
        /// The row, from 1.
        row: u64,
        /// The limit in bytes.
        limit: usize,
    },
    /// Too many columns.
    #[error(
        "row {row} reaches column {found}; expected at most {limit} columns. Delete the columns that the table does not need and save the file again"
    )]
    TooManyColumns {
        /// The row, from 1.
        row: u64,
        /// The column, from 1.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// Too many rows.
    #[error(
        "the table has more than {limit} rows; expected at most that. Split the file and import its parts"
    )]
    TooManyRows {
        /// The limit.
        limit: u64,
    },
    /// A row so far below the others that it is no part of the table.
    #[error(
        "row {row} holds something below {blank} blank rows; expected at most {limit} blank rows in succession. Delete what stands there, or the blank rows"
    )]
    FarRow {
        /// The row, from 1.
        row: u64,
        /// How many blank rows are above it.
        blank: u64,
        /// The limit.
        limit: u64,
    },
    /// No such sheet.
    #[error("the workbook has no sheet {wanted:?}; it has: {found}")]
    NoSheet {
        /// The sheet asked for.
        wanted: String,
        /// Its sheets, comma-separated.
        found: String,
    },
    /// No row reads like column names.
    #[error(
        "no header row among the first {looked} rows: none of them names a column such as \"Date\", \"Title\" or \"Status\"; the first row reads {found:?}. Name the row with header_row in a mapping file"
    )]
    NoHeader {
        /// How many rows were looked at.
        looked: u64,
        /// The first row, shortened.
        found: String,
    },
    /// A header row and nothing below it.
    #[error(
        "row {row} holds the column names ({columns}) and nothing stands below it; expected at least one row{elsewhere}"
    )]
    OnlyHeader {
        /// The row, from 1.
        row: u64,
        /// The column names, shortened.
        columns: String,
        /// The other sheets of a workbook and how to name one, otherwise empty.
        elsewhere: String,
    },
    /// The header row that was named holds nothing.
    #[error("row {row} was named as the header row and is empty or missing")]
    EmptyHeader {
        /// The row, from 1.
        row: u64,
    },
}

impl ReadError {
    pub(crate) fn damaged(detail: impl std::fmt::Display) -> Self {
        Self::Damaged { detail: detail.to_string() }
    }
}
