//! Cuts a file into records: a JSON array, one object per line, or a single object over several lines. Memory is bounded
//! by one record; a record that is broken does not take the others with it.

use std::io::{self, BufRead};

use serde::de::IgnoredAny;

use super::json::{self, Json};
use super::path::literal;

/// How large a record may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a record.
    pub record_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { record_bytes: 1024 * 1024 }
    }
}

/// One record as it stands in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawRecord {
    /// Its number in the source, from 1.
    pub number: u64,
    /// Where it begins: `line 7`.
    pub place: String,
    /// Its text; what can be kept of it where it is broken.
    pub text: String,
    /// Why it cannot be read.
    pub flaw: Option<Flaw>,
}

/// Why a record cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// What was found.
    pub found: String,
    /// What was expected.
    pub expected: &'static str,
}

/// The records of one file; ends after the first error of reading.
pub struct Records<R: BufRead> {
    bytes: Bytes<R>,
    form: Option<Form>,
    limits: Limits,
    number: u64,
    /// Stands before the line: the name of a file in a folder.
    name: Option<String>,
    /// Lines that were read to find the form.
    ahead: Vec<Piece>,
}

/// How records stand in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// `[{…}, {…}]`; inside the list.
    List,
    /// Behind the end of the list.
    Behind,
    /// One object per line.
    Lines,
    /// Objects over several lines.
    Objects,
    /// An empty file: not even it disappears silently.
    Nothing,
    /// Nothing more.
    End,
}

/// A part of a file.
#[derive(Debug, Clone, Default)]
struct Piece {
    line: u64,
    bytes: Vec<u8>,
    /// The bytes beside those that were kept.
    beyond: usize,
}

impl<R: BufRead> Records<R> {
    /// Reads from `input`. The first record has the number `first`; `name` is the file's name where there are several.
    pub fn new(input: R, name: Option<String>, first: u64, limits: Limits) -> Self {
        let bytes = Bytes { input, line: 1 };
        Self { bytes, form: None, limits, number: first, name, ahead: Vec::new() }
    }

    fn read(&mut self) -> io::Result<Option<RawRecord>> {
        let form = match self.form {
            Some(form) => form,
            None => self.begin()?,
        };
        self.form = Some(form);
        match form {
            Form::List => self.element(),
            Form::Behind => self.behind(),
            Form::Lines => self.line(),
            Form::Objects => self.object(),
            Form::Nothing => {
                self.form = Some(Form::End);
                let flaw = Flaw { found: "an empty file".to_owned(), expected: "a record" };
                Ok(Some(self.record(Piece { line: 1, ..Piece::default() }, Some(flaw))))
            }
            Form::End => Ok(None),
        }
    }

    /// Finds out how the records stand by the first line or two.
    fn begin(&mut self) -> io::Result<Form> {
        self.bytes.skip_byte_order_mark()?;
        self.bytes.skip(|byte| byte.is_ascii_whitespace())?;
        if self.bytes.peek()? == Some(b'[') {
            self.bytes.next()?;
            return Ok(Form::List);
        }
        if self.bytes.peek()?.is_none() {
            return Ok(Form::Nothing);
        }
        let first = self.bytes.line(self.limits.record_bytes)?;
        self.bytes.skip(|byte| byte.is_ascii_whitespace())?;
        let begins_anew = matches!(self.bytes.peek()?, None | Some(b'{'));
        let form = if begins_anew || !goes_on(&first) { Form::Lines } else { Form::Objects };
        self.ahead.push(first);
        Ok(form)
    }

    fn element(&mut self) -> io::Result<Option<RawRecord>> {
        self.bytes.skip(|byte| byte.is_ascii_whitespace() || byte == b',')?;
        match self.bytes.peek()? {
            Some(b']') => {
                self.bytes.next()?;
                self.form = Some(Form::Behind);
                self.behind()
            }
            None => {
                self.form = Some(Form::End);
                let flaw = Flaw { found: "the end of the file".to_owned(), expected: "the end of the list" };
                let end = Piece { line: self.bytes.line, ..Piece::default() };
                Ok(Some(self.record(end, Some(flaw))))
            }
            Some(_) => {
                let piece = self.bytes.value(Piece::default(), self.limits.record_bytes)?;
                Ok(Some(self.record(piece, None)))
            }
        }
    }

    /// Whatever stands behind the list is one record that is none.
    fn behind(&mut self) -> io::Result<Option<RawRecord>> {
        self.bytes.skip(|byte| byte.is_ascii_whitespace())?;
        self.form = Some(Form::End);
        if self.bytes.peek()?.is_none() {
            return Ok(None);
        }
        let piece = self.bytes.rest(self.limits.record_bytes)?;
        let flaw = Flaw { found: "text behind the list".to_owned(), expected: "the end of the file" };
        Ok(Some(self.record(piece, Some(flaw))))
    }

    fn line(&mut self) -> io::Result<Option<RawRecord>> {
        loop {
            let piece = match self.ahead.pop() {
                Some(piece) => piece,
                None if self.bytes.peek()?.is_none() => return Ok(None),
                None => self.bytes.line(self.limits.record_bytes)?,
            };
            if !piece.bytes.trim_ascii().is_empty() || piece.beyond > 0 {
                return Ok(Some(self.record(piece, None)));
            }
        }
    }

    fn object(&mut self) -> io::Result<Option<RawRecord>> {
        self.bytes.skip(|byte| byte.is_ascii_whitespace())?;
        let begun = self.ahead.pop();
        if begun.is_none() && self.bytes.peek()?.is_none() {
            return Ok(None);
        }
        let piece = self.bytes.value(begun.unwrap_or_default(), self.limits.record_bytes)?;
        Ok(Some(self.record(piece, None)))
    }

    fn record(&mut self, piece: Piece, flaw: Option<Flaw>) -> RawRecord {
        let number = self.number;
        self.number += 1;
        let place = match &self.name {
            Some(name) => format!("{name}, line {}", piece.line),
            None => format!("line {}", piece.line),
        };
        let size = piece.bytes.len() + piece.beyond;
        let large = (piece.beyond > 0).then(|| Flaw {
            found: format!("a record of {size} bytes"),
            expected: "a smaller record; the limit is in the documentation",
        });
        let (text, broken) = match String::from_utf8(piece.bytes) {
            Ok(text) => (text, None),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let found = format!("bytes that are no UTF-8 behind the first {at}");
                let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
                (text, Some(Flaw { found, expected: "UTF-8" }))
            }
        };
        RawRecord { number, place, text: text.trim().to_owned(), flaw: flaw.or(large).or(broken) }
    }
}

impl<R: BufRead> Iterator for Records<R> {
    type Item = io::Result<RawRecord>;

    fn next(&mut self) -> Option<Self::Item> {
        let read = self.read();
        if read.is_err() {
            self.form = Some(Form::End);
        }
        read.transpose()
    }
}

/// Bytes with the line that they stand on.
struct Bytes<R> {
    input: R,
    line: u64,
}

impl<R: BufRead> Bytes<R> {
    fn peek(&mut self) -> io::Result<Option<u8>> {
        loop {
            match self.input.fill_buf() {
                Ok(bytes) => return Ok(bytes.first().copied()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn next(&mut self) -> io::Result<Option<u8>> {
        let byte = self.peek()?;
        if let Some(byte) = byte {
            self.input.consume(1);
            self.line += u64::from(byte == b'\n');
        }
        Ok(byte)
    }

    fn skip(&mut self, is_skipped: impl Fn(u8) -> bool) -> io::Result<()> {
        while self.peek()?.is_some_and(&is_skipped) {
            self.next()?;
        }
        Ok(())
    }

    fn skip_byte_order_mark(&mut self) -> io::Result<()> {
        for expected in [0xEF, 0xBB, 0xBF] {
            if self.peek()? != Some(expected) {
                break;
            }
            self.next()?;
        }
        Ok(())
    }

    /// Up to the end of the line, which is left out.
    fn line(&mut self, limit: usize) -> io::Result<Piece> {
        let mut piece = Piece { line: self.line, ..Piece::default() };
        while let Some(byte) = self.next()? {
            if byte == b'\n' {
                break;
            }
            piece.keep(byte, limit);
        }
        Ok(piece)
    }

    fn rest(&mut self, limit: usize) -> io::Result<Piece> {
        let mut piece = Piece { line: self.line, ..Piece::default() };
        while let Some(byte) = self.next()? {
            piece.keep(byte, limit);
        }
        Ok(piece)
    }

    /// One value, which may have begun: an object or list up to its last bracket, anything else up to a comma, a bracket
    /// or a line's end.
    fn value(&mut self, begun: Piece, limit: usize) -> io::Result<Piece> {
        let mut nesting = Nesting::default();
        begun.bytes.iter().for_each(|byte| nesting.see(*byte));
        let mut piece = begun;
        if piece.bytes.is_empty() {
            piece.line = self.line;
        } else {
            // The line's end behind what was read ahead.
            piece.keep(b'\n', limit);
            nesting.see(b'\n');
        }
        while !nesting.is_closed {
            let Some(byte) = self.peek()? else { break };
            let is_begun = !piece.bytes.is_empty() || piece.beyond > 0;
            if is_begun && nesting.depth == 0 && !nesting.in_string && matches!(byte, b',' | b']' | b'\n') {
                break;
            }
            self.next()?;
            nesting.see(byte);
            piece.keep(byte, limit);
        }
        Ok(piece)
    }
}

impl Piece {
    fn keep(&mut self, byte: u8, limit: usize) {
        if self.bytes.len() < limit {
            self.bytes.push(byte);
        } else {
            self.beyond += 1;
        }
    }
}

/// Whether a first line is the beginning of an object over several lines. It may end in a bracket that closes only a part of
/// it; a line that is broken before its end may end in one as well, and nothing will mend it further down.
fn goes_on(first: &Piece) -> bool {
    let line = first.bytes.trim_ascii_end();
    if !line.starts_with(b"{") || first.beyond > 0 {
        return false;
    }
    // A text of JSON has no line break: with it, a quotation mark that is missing is a mistake, and not an end too soon.
    let with_end = [line, b"\n"].concat();
    let is_unfinished = || serde_json::from_slice::<IgnoredAny>(&with_end).is_err_and(|error| error.is_eof());
    !line.ends_with(b"}") || is_unfinished()
}

/// How deep in brackets, outside texts.
#[derive(Default)]
struct Nesting {
    depth: usize,
    in_string: bool,
    is_escaped: bool,
    is_closed: bool,
}

impl Nesting {
    fn see(&mut self, byte: u8) {
        if self.in_string {
            match byte {
                _ if self.is_escaped => self.is_escaped = false,
                b'\\' => self.is_escaped = true,
                // A text of JSON has no line break: a quotation mark is missing.
                b'"' | b'\n' => self.in_string = false,
                _ => {}
            }
            return;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                self.is_closed = self.depth == 0;
            }
            _ => {}
        }
    }
}

impl RawRecord {
    /// The record as a JSON value.
    ///
    /// # Errors
    /// It is broken, is no object, or has a member twice: one of the two would be lost.
    pub(super) fn value(&self) -> Result<serde_json::Value, Flaw> {
        if let Some(flaw) = &self.flaw {
            return Err(flaw.clone());
        }
        match json::read(&self.text) {
            Ok(Json { value: value @ serde_json::Value::Object(_), displaced, more }) => {
                match twice(&displaced, more) {
                    Some(flaw) => Err(flaw),
                    None => Ok(value),
                }
            }
            Ok(other) => Err(Flaw { found: shortened(&literal(&other.value)), expected: "an object" }),
            Err(error) => {
                Err(Flaw { found: format!("text that is no JSON: {error}"), expected: "an object" })
            }
        }
    }
}

/// Which members stand twice, if any do.
fn twice(displaced: &[(String, serde_json::Value)], more: usize) -> Option<Flaw> {
    const NAMED: usize = 5;
    let count = displaced.len() + more;
    let named: Vec<String> = displaced.iter().take(NAMED).map(|(path, _)| shortened(path)).collect();
    let more = match count.saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    let found = format!("{}{more} more than once", named.join(", "));
    (count > 0).then_some(Flaw { found, expected: "every member of an object once" })
}

/// The first characters of a text.
pub(super) fn shortened(text: &str) -> String {
    const SHOWN: usize = 80;
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    text.chars().take(SHOWN).chain(['…']).collect()
}

#[cfg(test)]
mod tests;
