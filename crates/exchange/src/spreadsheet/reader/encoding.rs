//! The encoding of a text file: guessed from all its bytes, then decoded piece by piece.

use std::io::{Read, Seek, SeekFrom};

use super::error::ReadError;

/// How a text file writes its characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-16, low byte first.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16, high byte first.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// Windows-1252, the western European encoding of older Windows programs; a superset of ISO 8859-1.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

impl Encoding {
    /// Every encoding that is read.
    pub const ALL: [Self; 4] = [Self::Utf8, Self::Utf16Le, Self::Utf16Be, Self::Windows1252];

    /// Its name in a mapping file.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1252 => "windows-1252",
        }
    }
}

impl std::fmt::Display for Encoding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

const CHUNK: usize = 64 * 1024;
/// Bytes that Windows-1252 does not assign.
const UNASSIGNED_1252: [u8; 5] = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

/// Finds the encoding: by the byte order mark, by the NUL bytes of UTF-16, otherwise by reading every byte as UTF-8.
/// A file without a single UTF-8 sequence beyond ASCII, and with bytes that Windows-1252 has, is Windows-1252.
///
/// # Errors
/// [`ReadError::Malformed`] when a UTF-8 file has broken places, [`ReadError::Empty`], or the file cannot be read.
pub fn guess_encoding<R: Read + Seek>(input: &mut R) -> Result<Encoding, ReadError> {
    input.seek(SeekFrom::Start(0))?;
    let mut chunk = vec![0; CHUNK];
    let mut filled = fill(input, &mut chunk)?;
    if filled == 0 {
        return Err(ReadError::Empty);
    }
    if let Some(encoding) = by_mark(&chunk[..filled]).or_else(|| by_nul_bytes(&chunk[..filled])) {
        return Ok(encoding);
    }
    // A mark promises UTF-8: broken places are then errors, not another encoding.
    let mut census = Census { not_1252: chunk.starts_with(b"\xef\xbb\xbf"), ..Census::default() };
    let mut carried = 0;
    while filled > 0 {
        let rest = census.add(&chunk[..carried + filled]);
        let end = carried + filled;
        chunk.copy_within(end - rest..end, 0);
        carried = rest;
        chunk.resize(CHUNK + carried, 0);
        filled = fill(input, &mut chunk[carried..])?;
    }
    census.finish(&chunk[..carried]);
    census.verdict()
}

/// Decodes a file from its start, without its byte order mark.
pub(super) struct Decoded<'a, R> {
    input: &'a mut R,
    encoding: Encoding,
    decoder: encoding_rs::Decoder,
    raw: Vec<u8>,
    start: usize,
    end: usize,
    consumed: u64,
    finished: bool,
}

impl<'a, R: Read + Seek> Decoded<'a, R> {
    pub(super) fn new(input: &'a mut R, encoding: Encoding) -> Result<Self, ReadError> {
        input.seek(SeekFrom::Start(0))?;
        let decoder = engine(encoding).new_decoder_with_bom_removal();
        Ok(Self {
            input,
            encoding,
            decoder,
            raw: vec![0; CHUNK],
            start: 0,
            end: 0,
            consumed: 0,
            finished: false,
        })
    }

    /// Replaces `text` by the next piece; an empty piece is the end.
    pub(super) fn next_piece(&mut self, text: &mut String) -> Result<(), ReadError> {
        text.clear();
        text.reserve(CHUNK * 3);
        while text.is_empty() && !self.finished {
            if self.start == self.end {
                self.start = 0;
                self.end = fill(self.input, &mut self.raw)?;
            }
            let last = self.end == 0;
            let source = &self.raw[self.start..self.end];
            let (result, read) = self.decoder.decode_to_string_without_replacement(source, text, last);
            self.start += read;
            self.consumed += read as u64;
            match result {
                encoding_rs::DecoderResult::Malformed(length, after) => {
                    let behind = u64::from(length) + u64::from(after);
                    return Err(malformed(
                        self.encoding,
                        String::new(),
                        self.consumed.saturating_sub(behind),
                    ));
                }
                encoding_rs::DecoderResult::InputEmpty => self.finished = last,
                encoding_rs::DecoderResult::OutputFull => {}
            }
        }
        Ok(())
    }
}

fn fill<R: Read>(input: &mut R, buffer: &mut [u8]) -> Result<usize, ReadError> {
    loop {
        match input.read(buffer) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            other => return Ok(other?),
        }
    }
}

fn engine(encoding: Encoding) -> &'static encoding_rs::Encoding {
    match encoding {
        Encoding::Utf8 => encoding_rs::UTF_8,
        Encoding::Utf16Le => encoding_rs::UTF_16LE,
        Encoding::Utf16Be => encoding_rs::UTF_16BE,
        Encoding::Windows1252 => encoding_rs::WINDOWS_1252,
    }
}

fn by_mark(start: &[u8]) -> Option<Encoding> {
    match start {
        [0xff, 0xfe, ..] => Some(Encoding::Utf16Le),
        [0xfe, 0xff, ..] => Some(Encoding::Utf16Be),
        _ => None,
    }
}

/// Western text in UTF-16 has a NUL in every other byte; text in the other encodings has none.
fn by_nul_bytes(start: &[u8]) -> Option<Encoding> {
    let nul_at = |parity: usize| start.iter().skip(parity).step_by(2).filter(|b| **b == 0).count();
    let (even, odd) = (nul_at(0), nul_at(1));
    let half = start.len() / 2;
    if half == 0 || (even + odd) * 10 < half * 3 {
        return None;
    }
    Some(if odd > even { Encoding::Utf16Le } else { Encoding::Utf16Be })
}

/// What the bytes of a file say about its encoding.
#[derive(Default)]
struct Census {
    offset: u64,
    lines: u64,
    sequences: u64,
    broken: u64,
    first_broken: Option<(u64, u64)>,
    not_1252: bool,
}

impl Census {
    /// Counts `bytes`; returns how many at their end are an unfinished sequence, to be given again with more.
    fn add(&mut self, bytes: &[u8]) -> usize {
        let mut rest = bytes;
        loop {
            match std::str::from_utf8(rest) {
                Ok(valid) => {
                    self.count(valid);
                    return 0;
                }
                Err(error) => {
                    let (valid, after) = rest.split_at(error.valid_up_to());
                    self.count(std::str::from_utf8(valid).unwrap_or_default());
                    let Some(length) = error.error_len() else { return after.len() };
                    self.count_broken(&after[..length]);
                    rest = &after[length..];
                }
            }
        }
    }

    fn count(&mut self, valid: &str) {
        self.offset += valid.len() as u64;
        self.lines += valid.bytes().filter(|b| *b == b'\n').count() as u64;
        if !valid.is_ascii() {
            self.sequences += valid.chars().filter(|c| !c.is_ascii() && *c != '\u{feff}').count() as u64;
            self.not_1252 |= valid.bytes().any(|b| UNASSIGNED_1252.contains(&b));
        }
        self.not_1252 |= valid.bytes().any(|b| b == 0);
    }

    fn count_broken(&mut self, bytes: &[u8]) {
        self.first_broken.get_or_insert((self.offset, self.lines + 1));
        self.broken += bytes.len() as u64;
        self.offset += bytes.len() as u64;
        self.not_1252 |= bytes.iter().any(|b| UNASSIGNED_1252.contains(b));
    }

    fn finish(&mut self, unfinished: &[u8]) {
        if !unfinished.is_empty() {
            self.count_broken(unfinished);
        }
    }

    fn verdict(&self) -> Result<Encoding, ReadError> {
        match self.first_broken {
            None => Ok(Encoding::Utf8),
            // A western text forms a valid UTF-8 sequence only by rare accident.
            Some(_) if !self.not_1252 && self.sequences * 20 <= self.broken => Ok(Encoding::Windows1252),
            Some((offset, line)) => Err(malformed(Encoding::Utf8, format!("line {line}, "), offset)),
        }
    }
}

fn malformed(encoding: Encoding, place: String, offset: u64) -> ReadError {
    let others: Vec<_> = Encoding::ALL.iter().filter(|e| **e != encoding).map(|e| e.as_str()).collect();
    ReadError::Malformed { encoding, place, offset, others: others.join(", ") }
}

#[cfg(test)]
mod tests;
