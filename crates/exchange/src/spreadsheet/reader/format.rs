//! What a file is, by its first bytes.

use std::io::{Read, Seek, SeekFrom};

use super::error::ReadError;

/// How the file is read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// An archive that may hold a workbook.
    Workbook,
    /// Text.
    Text,
}

/// Formats that are not read, by their first bytes.
const OTHERS: [(&[u8], &str, &str); 5] = [
    (b"%PDF", "a PDF document", "Export the table from where it came as .xlsx or CSV"),
    (b"\x1f\x8b", "compressed with gzip", "Unpack it first"),
    (b"{\\rtf", "a rich text document", "Save the table as .xlsx or CSV"),
    (b"<html", "a web page", "Open it in a spreadsheet program and save it as .xlsx"),
    (b"<?xml", "an XML document", "Open it in a spreadsheet program and save it as .xlsx"),
];

const COMPOUND_FILE: [u8; 8] = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];

/// Detects the format.
///
/// # Errors
/// Empty, encrypted, or a format that is not read, each by name.
pub(super) fn detect<R: Read + Seek>(input: &mut R) -> Result<Format, ReadError> {
    input.seek(SeekFrom::Start(0))?;
    let mut start = Vec::new();
    input.by_ref().take(512).read_to_end(&mut start)?;
    input.seek(SeekFrom::Start(0))?;
    if start.is_empty() {
        return Err(ReadError::Empty);
    }
    if start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06") {
        return Ok(Format::Workbook);
    }
    if start.starts_with(&COMPOUND_FILE) {
        return Err(compound_file(input)?);
    }
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start).trim_ascii_start();
    let lower = text[..text.len().min(16)].to_ascii_lowercase();
    match OTHERS.iter().find(|(magic, _, _)| lower.starts_with(&magic.to_ascii_lowercase())) {
        Some((_, found, fix)) => Err(ReadError::OtherFormat { found, fix }),
        None => Ok(Format::Text),
    }
}

/// The container of Excel 97–2003 files, and of encrypted workbooks: the names in its directory tell them apart.
fn compound_file<R: Read + Seek>(input: &mut R) -> Result<ReadError, ReadError> {
    let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut window = vec![0; 64 * 1024];
    let mut kept = 0;
    loop {
        let read = input.read(&mut window[kept..])?;
        let end = kept + read;
        if window[..end].windows(encrypted.len()).any(|bytes| bytes == encrypted) {
            return Ok(ReadError::Encrypted);
        }
        if read == 0 {
            let fix = "Open it in a spreadsheet program and save it as .xlsx";
            return Ok(ReadError::OtherFormat { found: "an Excel 97-2003 file (.xls)", fix });
        }
        kept = end.min(encrypted.len() - 1);
        window.copy_within(end - kept..end, 0);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    fn found(bytes: &[u8]) -> String {
        match detect(&mut Cursor::new(bytes)) {
            Ok(format) => format!("{format:?}"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn known_formats_that_are_not_read_are_named() {
        let cases: [(&[u8], &str); 5] = [
            (b"%PDF-1.7", "a PDF document"),
            (b"  <HTML><table>", "a web page"),
            (b"\xef\xbb\xbf<?xml version", "an XML document"),
            (b"\x1f\x8b\x08", "gzip"),
            (&COMPOUND_FILE, "Excel 97-2003"),
        ];
        for (bytes, expected) in cases {
            assert!(found(bytes).contains(expected), "{}", found(bytes));
        }
    }

    #[test]
    fn an_encrypted_workbook_is_not_taken_for_an_old_one() {
        let name = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes);
        let bytes: Vec<u8> = COMPOUND_FILE.into_iter().chain(vec![0; 65_520]).chain(name).collect();
        assert!(found(&bytes).contains("encrypted"), "{}", found(&bytes));
    }

    #[test]
    fn text_and_archives_are_read() {
        assert_eq!(found(b"a;b\n"), "Text");
        assert_eq!(found(b"PK\x03\x04"), "Workbook");
        assert!(matches!(detect(&mut Cursor::new(b"")), Err(ReadError::Empty)));
    }
}
