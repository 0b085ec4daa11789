//! Files of lines: one JSON object a line, each with a sum of its own, so that a changed line is found by its number.

use std::io::{BufRead, BufReader, Read, Write};

use nevertwice_domain::asset::Sha256Text;
use sha2::{Digest, Sha256};

use super::error::ArchiveError;

/// The longest line that is read, in bytes: more than the largest leaf of a trail with the largest disclosures needs,
/// each byte escaped.
pub const MAX_LINE_BYTES: usize = 64 << 20;

/// What stands before the digits of a line's sum.
const BEFORE: &[u8] = b",\"sum\":\"";
/// What stands behind them.
const BEHIND: &[u8] = b"\"}";
/// How many hexadecimal digits of SHA-256 a line carries.
const DIGITS: usize = 8;
/// The length of all of it.
const SUFFIX: usize = BEFORE.len() + DIGITS + BEHIND.len();

/// What a file of lines amounts to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// Its lines.
    pub rows: u64,
    /// Its bytes.
    pub bytes: u64,
    /// Its hash.
    pub sha256: Sha256Text,
}

/// Writes a file of lines.
pub struct LineWriter<W: Write> {
    out: W,
    hash: Sha256,
    rows: u64,
    bytes: u64,
}

impl<W: Write> LineWriter<W> {
    /// A writer into `out`, which should be buffered.
    pub fn new(out: W) -> Self {
        Self { out, hash: Sha256::new(), rows: 0, bytes: 0 }
    }

    /// Writes a line. `object` is the text of a JSON object with at least one member; it is used up.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn write(&mut self, object: &mut Vec<u8>) -> std::io::Result<()> {
        let sum = sum_of(object);
        object.pop();
        object.extend_from_slice(BEFORE);
        object.extend_from_slice(&sum);
        object.extend_from_slice(BEHIND);
        object.push(b'\n');
        self.hash.update(&object);
        self.rows += 1;
        self.bytes += object.len() as u64;
        self.out.write_all(object)
    }

    /// Ends the file; gives back `out`, flushed.
    ///
    /// # Errors
    /// What `out` reports.
    pub fn finish(mut self) -> std::io::Result<(W, Measured)> {
        self.out.flush()?;
        Ok((self.out, measured(self.rows, self.bytes, self.hash)))
    }
}

/// Reads a file of lines without holding more than one.
pub struct LineReader<R: Read> {
    file: String,
    input: BufReader<R>,
    hash: Sha256,
    rows: u64,
    bytes: u64,
    line: Vec<u8>,
}

impl<R: Read> LineReader<R> {
    /// A reader of `input`; `file` is its name for messages.
    pub fn new(file: &str, input: R) -> Self {
        Self {
            file: file.to_owned(),
            input: BufReader::with_capacity(1 << 16, input),
            hash: Sha256::new(),
            rows: 0,
            bytes: 0,
            line: Vec::new(),
        }
    }

    /// The next line's object, without its sum; nothing at the end of the file.
    ///
    /// # Errors
    /// [`ArchiveError`] naming file and line.
    pub fn next_object(&mut self) -> Result<Option<&[u8]>, ArchiveError> {
        self.line.clear();
        let mut limited = (&mut self.input).take(MAX_LINE_BYTES as u64 + 1);
        let read = limited.read_until(b'\n', &mut self.line);
        let read = read.map_err(|source| ArchiveError::Io { file: self.file.clone(), source })?;
        if read == 0 {
            return Ok(None);
        }
        self.rows += 1;
        self.bytes += read as u64;
        self.hash.update(&self.line);
        let (file, line) = (self.file.clone(), self.rows);
        if self.line.pop() != Some(b'\n') {
            return Err(if read > MAX_LINE_BYTES {
                ArchiveError::TooLong { file, line }
            } else {
                ArchiveError::CutOff { file, line }
            });
        }
        self.strip_sum()?;
        Ok(Some(&self.line))
    }

    /// An error about the line that was read last.
    pub fn wrong(&self, detail: impl std::fmt::Display) -> ArchiveError {
        ArchiveError::Line { file: self.file.clone(), line: self.rows, detail: detail.to_string() }
    }

    /// Compares the file, read to its end, with what the manifest says of it.
    ///
    /// # Errors
    /// [`ArchiveError::Differs`].
    pub fn finish(self, expected: &Measured) -> Result<(), ArchiveError> {
        let found = measured(self.rows, self.bytes, self.hash);
        if found == *expected {
            return Ok(());
        }
        Err(ArchiveError::Differs {
            file: self.file,
            expected_rows: expected.rows,
            expected_bytes: expected.bytes,
            expected: expected.sha256.clone(),
            rows: found.rows,
            bytes: found.bytes,
            found: found.sha256,
        })
    }

    /// Takes the sum from the line and compares it with what is left.
    fn strip_sum(&mut self) -> Result<(), ArchiveError> {
        let no_sum = || self.wrong("expected a line that ends with ,\"sum\":\"<8 hexadecimal digits>\"}");
        let start = self.line.len().checked_sub(SUFFIX).ok_or_else(no_sum)?;
        let suffix = &self.line[start..];
        let (before, rest) = suffix.split_at(BEFORE.len());
        let (carried, behind) = rest.split_at(DIGITS);
        if before != BEFORE || behind != BEHIND || !carried.is_ascii() {
            return Err(no_sum());
        }
        let carried = String::from_utf8_lossy(carried).into_owned();
        self.line.truncate(start);
        self.line.push(b'}');
        let found = String::from_utf8_lossy(&sum_of(&self.line)).into_owned();
        if found == carried {
            return Ok(());
        }
        Err(ArchiveError::Changed { file: self.file.clone(), line: self.rows, carried, found })
    }
}

fn measured(rows: u64, bytes: u64, hash: Sha256) -> Measured {
    Measured { rows, bytes, sha256: Sha256Text::from_digest(&hash.finalize().into()) }
}

/// The first digits of the hash of a line's object.
fn sum_of(object: &[u8]) -> [u8; DIGITS] {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let digest = Sha256::digest(object);
    let mut digits = [0; DIGITS];
    for (pair, byte) in digits.chunks_exact_mut(2).zip(digest) {
        pair[0] = HEX[usize::from(byte >> 4)];
        pair[1] = HEX[usize::from(byte & 15)];
    }
    digits
}
