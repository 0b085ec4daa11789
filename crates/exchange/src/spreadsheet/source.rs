//! A file that is imported, opened once and read as often as needed.

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom};
use std::path::Path;

use super::header::{self, Header};
use super::mapping::Mapping;
use super::reader::{Layout, Limits, ReadError, Rows, Spreadsheet};

/// An opened spreadsheet. A CSV file is streamed; of a workbook only the string table is held in memory.
pub struct Source {
    sheet: Spreadsheet<Input>,
    options: Layout,
}

/// Where the bytes come from.
pub(super) enum Input {
    File(BufReader<File>),
    Bytes(Cursor<Vec<u8>>),
}

impl Source {
    /// Opens a file.
    ///
    /// # Errors
    /// It cannot be read, is of another format, damaged, or larger than the limits allow.
    pub fn open(path: &Path, options: &Layout) -> Result<Self, ReadError> {
        Self::of(Input::File(BufReader::new(File::open(path)?)), options)
    }

    /// Takes the bytes of a file.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn from_bytes(bytes: Vec<u8>, options: &Layout) -> Result<Self, ReadError> {
        Self::of(Input::Bytes(Cursor::new(bytes)), options)
    }

    /// Opens a file for a mapping that was written for it or for an earlier file of the same columns. Where the
    /// mapping's sheet, delimiter or encoding do not lead to its columns, as with a file of rejected rows, they are
    /// guessed.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_for(path: &Path, mapping: &Mapping) -> Result<Self, ReadError> {
        let named = Self::open(path, &mapping.read_options()).and_then(|mut source| {
            let fits = source.header_for(mapping).is_ok_and(|header| mapping.fits(&header.names()));
            Ok((source, fits))
        });
        if let Ok((source, true)) = named {
            return Ok(source);
        }
        let mut guessed = Self::open(path, &Layout::default())?;
        let fits = guessed.header_for(mapping).is_ok_and(|header| mapping.fits(&header.names()));
        if fits { Ok(guessed) } else { named.map(|(source, _)| source) }
    }

    fn of(input: Input, options: &Layout) -> Result<Self, ReadError> {
        let sheet = Spreadsheet::open(input, options, Limits::default())?;
        Ok(Self { sheet, options: options.clone() })
    }

    /// The sheets of a workbook, the visible ones first; none for CSV.
    #[must_use]
    pub fn sheets(&self) -> &[String] {
        self.sheet.sheets()
    }

    /// Sheet, delimiter and encoding as named or found.
    #[must_use]
    pub fn layout(&self) -> Layout {
        self.sheet.layout()
    }

    /// Finds the header row; on the first sheet that has one, unless a sheet was named.
    pub(super) fn header(&mut self) -> Result<Header, ReadError> {
        let first = header::find(&mut self.sheet, self.options.header_row);
        if first.is_ok() || self.options.sheet.is_some() {
            return first;
        }
        for name in self.sheet.sheets().to_vec().iter().skip(1) {
            self.sheet.select_sheet(name);
            if let Ok(found) = header::find(&mut self.sheet, self.options.header_row) {
                return Ok(found);
            }
        }
        first
    }

    /// The header row that a mapping names, or the one that holds its columns.
    pub(super) fn header_for(&mut self, mapping: &Mapping) -> Result<Header, ReadError> {
        if let Some(sheet) = &mapping.sheet {
            self.sheet.select_sheet(sheet);
        }
        if mapping.header_row.is_some()
            && let Ok(named) = header::find(&mut self.sheet, mapping.header_row)
            && mapping.fits(&named.names())
        {
            return Ok(named);
        }
        self.header()
    }

    pub(super) fn rows(&mut self) -> Result<Rows<'_, Input>, ReadError> {
        self.sheet.rows()
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Bytes(bytes) => bytes.read(buffer),
        }
    }
}

impl Seek for Input {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::File(file) => file.seek(to),
            Self::Bytes(bytes) => bytes.seek(to),
        }
    }
}
