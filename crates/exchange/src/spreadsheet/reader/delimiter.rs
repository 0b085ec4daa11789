//! Guessing the delimiter of a CSV file from its beginning.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use super::Limits;
use super::delimited::{Delimiter, Records};
use super::encoding::{Decoded, Encoding};
use super::error::ReadError;
use crate::spreadsheet::header;

/// How much of the file is looked at, in bytes of UTF-8.
const SAMPLE: usize = 256 * 1024;

/// The delimiter, and whether the first line declares it (`sep=;`) and is no row of the table.
///
/// The best delimiter is the one that cuts most rows into the same number of cells, and among them the column names.
///
/// # Errors
/// The beginning cannot be decoded.
pub(super) fn guess<R: Read + Seek>(
    input: &mut R,
    encoding: Encoding,
    limits: Limits,
) -> Result<(Delimiter, bool), ReadError> {
    let sample = sample(input, encoding)?;
    let first_line = sample.split_inclusive(['\n', '\r']).next().unwrap_or_default();
    if let Some(declared) = Delimiter::declared(first_line) {
        return Ok((declared, true));
    }
    let mut best = (Delimiter::Comma, 0.0);
    for delimiter in Delimiter::ALL {
        let score = score(&sample, delimiter, limits);
        if score > best.1 {
            best = (delimiter, score);
        }
    }
    Ok((best.0, false))
}

fn sample<R: Read + Seek>(input: &mut R, encoding: Encoding) -> Result<String, ReadError> {
    let mut decoded = Decoded::new(input, encoding)?;
    let (mut sample, mut piece) = (String::new(), String::new());
    loop {
        decoded.next_piece(&mut piece)?;
        if piece.is_empty() || sample.len() > SAMPLE {
            return Ok(sample);
        }
        sample.push_str(&piece);
    }
}

/// Cells in the usual row × share of such rows, plus what the header row adds; 0 when nothing is cut.
fn score(sample: &str, delimiter: Delimiter, limits: Limits) -> f64 {
    let mut records = Records::new(delimiter);
    let mut at = 0;
    let mut widths: BTreeMap<usize, u32> = BTreeMap::new();
    let mut rows = 0u32;
    let mut recognised = 0;
    while at < sample.len() {
        let (done, read) = records.feed(&sample.as_bytes()[at..]);
        at += read;
        if !done {
            break;
        }
        let (fields, _) = records.take();
        *widths.entry(fields.len()).or_default() += 1;
        if rows < header::LOOKED_AT && fields.len() <= limits.columns {
            let names = fields.iter().map(|field| String::from_utf8_lossy(field));
            recognised = recognised.max(header::recognised(names));
        }
        rows += 1;
    }
    let usual = widths.iter().max_by_key(|(width, count)| (**count, **width));
    let Some((width, count)) = usual else { return 0.0 };
    let cut = if *width > 1 { f64::from(*count) / f64::from(rows) * narrow(*width) } else { 0.0 };
    if cut > 0.0 || recognised > 1 { cut + 3.0 * narrow(recognised) } else { 0.0 }
}

fn narrow(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn guessed(text: &str) -> (Delimiter, bool) {
        guess(&mut Cursor::new(text.as_bytes()), Encoding::Utf8, Limits::default()).unwrap()
    }

    #[test]
    fn each_delimiter_is_found_by_regular_rows() {
        for delimiter in Delimiter::ALL {
            let sign = char::from(delimiter.byte());
            let text = ["ref,date,title", "1,2025-01-02,a; b | c", "2,2025-01-03,d"]
                .join("\n")
                .replace(',', &sign.to_string());
            assert_eq!(guessed(&text), (delimiter, false));
        }
    }

    #[test]
    fn decimal_commas_do_not_win_over_semicolons() {
        let text = "Ref;What happened;Cost\n1;a, b, c;1,50\n2;d, e;2,50\n3;f;3,50\n";
        assert_eq!(guessed(text).0, Delimiter::Semicolon);
    }

    #[test]
    fn title_rows_above_the_table_do_not_matter() {
        let text = "Incident log, confidential, 2025\n\nRef;Date;Title;Status\n1;2.1.2025;x;Open\n";
        assert_eq!(guessed(text).0, Delimiter::Semicolon);
    }

    #[test]
    fn a_declared_delimiter_is_taken() {
        assert_eq!(guessed("sep=|\na|b\n"), (Delimiter::Pipe, true));
    }

    #[test]
    fn one_column_is_comma_separated() {
        assert_eq!(guessed("Title\na\nb\n"), (Delimiter::Comma, false));
    }
}
