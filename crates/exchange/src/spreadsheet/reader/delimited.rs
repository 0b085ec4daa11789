//! CSV: records read field by field, so that one record bounds the memory, whatever the file holds.

use std::io::{Read, Seek};

use super::encoding::{Decoded, Encoding};
use super::error::ReadError;
use super::{Cell, Limits, RawRow};

/// What separates the cells of a CSV file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Delimiter {
    /// `,`
    #[serde(rename = ",")]
    Comma,
    /// `;`, what spreadsheet programs write where the comma is the decimal mark.
    #[serde(rename = ";")]
    Semicolon,
    /// A tab.
    #[serde(rename = "tab", alias = "\t")]
    Tab,
    /// `|`
    #[serde(rename = "|")]
    Pipe,
}

impl Delimiter {
    /// Every delimiter that is read, the most common first.
    pub const ALL: [Self; 4] = [Self::Comma, Self::Semicolon, Self::Tab, Self::Pipe];

    /// The byte in the file.
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Comma => b',',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
            Self::Pipe => b'|',
        }
    }

    /// The delimiter that a file declares in a first line such as `sep=;`.
    pub(super) fn declared(first_line: &str) -> Option<Self> {
        let sign = first_line.trim_end_matches(['\r', '\n']).trim_matches('"').strip_prefix("sep=")?;
        Self::ALL.into_iter().find(|d| sign.as_bytes() == [d.byte()])
    }
}

/// The rows of a CSV file that hold something. Empty lines are left out but count in the row numbers.
pub(super) struct DelimitedRows<'a, R> {
    text: Decoded<'a, R>,
    piece: String,
    at: usize,
    records: Records,
    limits: Limits,
    /// Row number of the last record.
    row: u64,
}

impl<'a, R: Read + Seek> DelimitedRows<'a, R> {
    pub(super) fn new(
        input: &'a mut R,
        encoding: Encoding,
        delimiter: Delimiter,
        limits: Limits,
    ) -> Result<Self, ReadError> {
        let text = Decoded::new(input, encoding)?;
        Ok(Self { text, piece: String::new(), at: 0, records: Records::new(delimiter), limits, row: 0 })
    }

    pub(super) fn next_row(&mut self) -> Result<Option<RawRow>, ReadError> {
        loop {
            if self.at == self.piece.len() {
                self.text.next_piece(&mut self.piece)?;
                self.at = 0;
                if self.piece.is_empty() {
                    return self.last_row();
                }
            }
            let input = &self.piece.as_bytes()[self.at..];
            let (done, read) = self.records.feed(input);
            self.at += read;
            self.check_size()?;
            if done {
                return Ok(Some(self.take_row()));
            }
        }
    }

    /// The file has ended: a line end closes a record without one, unless a quotation mark is still open.
    fn last_row(&mut self) -> Result<Option<RawRow>, ReadError> {
        if !self.records.begun {
            return Ok(None);
        }
        let mut input: &[u8] = b"\n";
        while !input.is_empty() {
            let (done, read) = self.records.feed(input);
            if done {
                return Ok(Some(self.take_row()));
            }
            input = &input[read..];
        }
        Err(ReadError::UnclosedQuote { row: self.row + 1 + self.records.blank_lines })
    }

    fn check_size(&self) -> Result<(), ReadError> {
        let row = self.row + 1 + self.records.blank_lines;
        if self.records.size() > self.limits.row_bytes {
            return Err(ReadError::RowTooLarge { row, limit: self.limits.row_bytes });
        }
        let limit = self.limits.columns;
        let beyond = self.records.fields.iter().skip(limit).position(|field| !field.is_empty());
        match beyond {
            Some(at) => Err(ReadError::TooManyColumns { row, found: limit + at + 1, limit }),
            None => Ok(()),
        }
    }

    fn take_row(&mut self) -> RawRow {
        let (fields, blank_lines) = self.records.take();
        self.row += 1 + blank_lines;
        let cells = fields.into_iter().take(self.limits.columns).map(|field| match field {
            empty if empty.is_empty() => Cell::Empty,
            // The pieces were decoded, and a delimiter never lies inside a character.
            bytes => Cell::of_csv(String::from_utf8(bytes).unwrap_or_default()),
        });
        RawRow { number: self.row, cells: cells.collect(), formulas: 0, flaw: None }
    }
}

/// Builds records out of pieces of text. The syntax is RFC 4180, read leniently.
pub(super) struct Records {
    core: csv_core::Reader,
    fields: Vec<Vec<u8>>,
    field: Vec<u8>,
    total: usize,
    /// Something other than a line end was read since the last record.
    begun: bool,
    blank_lines: u64,
    /// The last line ended with CR: an LF that follows belongs to it.
    after_cr: bool,
}

impl Records {
    pub(super) fn new(delimiter: Delimiter) -> Self {
        let core = csv_core::ReaderBuilder::new().delimiter(delimiter.byte()).build();
        Self {
            core,
            fields: Vec::new(),
            field: Vec::new(),
            total: 0,
            begun: false,
            blank_lines: 0,
            after_cr: false,
        }
    }

    /// Reads on; returns whether a record is complete, and how many bytes of `input` were used.
    pub(super) fn feed(&mut self, input: &[u8]) -> (bool, usize) {
        let mut used = 0;
        let mut output = [0; 4096];
        while used < input.len() {
            let (result, read, written) = self.core.read_field(&input[used..], &mut output);
            let eaten = &input[used..used + read];
            self.count_blank_lines(eaten);
            used += read;
            self.field.extend_from_slice(&output[..written]);
            self.total += written;
            match result {
                csv_core::ReadFieldResult::Field { record_end } => {
                    self.fields.push(std::mem::take(&mut self.field));
                    if record_end {
                        self.after_cr = eaten.last() == Some(&b'\r');
                        return (true, used);
                    }
                }
                csv_core::ReadFieldResult::OutputFull => {}
                csv_core::ReadFieldResult::InputEmpty | csv_core::ReadFieldResult::End => break,
            }
        }
        (false, used)
    }

    /// The fields of the complete record, and how many empty lines stood before it.
    pub(super) fn take(&mut self) -> (Vec<Vec<u8>>, u64) {
        self.begun = false;
        self.total = 0;
        (std::mem::take(&mut self.fields), std::mem::take(&mut self.blank_lines))
    }

    /// The core skips empty lines without a word; the row numbers need them.
    fn count_blank_lines(&mut self, eaten: &[u8]) {
        for byte in eaten {
            if self.begun {
                return;
            }
            match byte {
                b'\n' if self.after_cr => self.after_cr = false,
                b'\n' => self.blank_lines += 1,
                b'\r' => {
                    self.blank_lines += 1;
                    self.after_cr = true;
                }
                _ => self.begun = true,
            }
        }
    }

    /// Bytes in memory, the overhead of many small fields included.
    fn size(&self) -> usize {
        self.total + self.fields.len() * size_of::<Vec<u8>>()
    }
}

#[cfg(test)]
mod tests;
