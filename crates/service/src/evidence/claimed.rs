//! Whether a file is what its name says, by its first bytes: one that calls itself a picture and is none deceives whoever
//! opens it.

use std::fs::File;
use std::io::{Read as _, Seek as _};
use std::path::Path;

use super::Rules;
use crate::error::ServiceError;
use crate::folder::cannot;

/// Bytes that tell: past the marker of a tar archive, the farthest of them.
const TELLING: u64 = 512;

/// Endings whose files begin in a way of their own, and what is found at the beginning of such files.
const KNOWN: [(&str, &[&str]); 12] = [
    ("png", &["png"]),
    ("jpg", &["jpg"]),
    ("jpeg", &["jpg"]),
    ("gif", &["gif"]),
    ("webp", &["webp"]),
    ("pdf", &["pdf"]),
    ("zip", &["zip", "docx", "xlsx", "pptx", "jar", "odt", "ods", "odp", "epub"]),
    ("docx", &["docx", "zip"]),
    ("xlsx", &["xlsx", "zip"]),
    ("pptx", &["pptx", "zip"]),
    ("gz", &["gz"]),
    ("mp4", &["mp4", "m4v", "mov"]),
];

/// Letters of a name that are shown.
const SHOWN: usize = 80;

/// Reads the beginning of a file, and leaves it at its beginning.
///
/// # Errors
/// It cannot be read, or is not what its name says.
pub(super) fn check(file: &mut File, path: &Path, rules: &Rules<'_>) -> Result<(), ServiceError> {
    let mut first = Vec::new();
    let read = file.by_ref().take(TELLING).read_to_end(&mut first).and_then(|_| file.rewind());
    read.map_err(|error| cannot("read", path, &error))?;
    match contradiction(&first, rules.name) {
        Some(message) => {
            let name = rules.name.chars().take(SHOWN).collect::<String>();
            Err(ServiceError::invalid(rules.field, "evidence.not_its_name", format!("{name:?} {message}")))
        }
        None => Ok(()),
    }
}

fn contradiction(first: &[u8], name: &str) -> Option<String> {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase())?;
    let (_, kinds) = KNOWN.iter().find(|(known, _)| *known == ending)?;
    let found = infer::get(first).map(|kind| kind.extension());
    if found.is_some_and(|found| kinds.contains(&found)) {
        return None;
    }
    let found = found.map_or_else(|| "something else".to_owned(), |found| format!("of kind {found}"));
    Some(format!(
        "is called .{ending} but is {found} by its first bytes; give it the ending of what it is, or pack it into an archive"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_file_is_called_is_held_against_its_first_bytes() {
        const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
        for (first, name) in [
            (PNG, "shot.png"),
            (PNG, "SHOT.PNG"),
            (b"PK\x03\x04 and more", "report.docx"),
            (b"anything at all", "server.log"),
            (b"anything at all", "no ending"),
            (b"", "empty.txt"),
        ] {
            assert_eq!(contradiction(first, name), None, "{name}");
        }
        for (first, name, found) in [
            (b"MZ and no picture".as_slice(), "shot.png", "of kind exe"),
            (b"#!/bin/sh\n", "invoice.pdf", "of kind sh"),
            (b"words", "shot.jpg", "something else"),
            (PNG, "shot.jpg", "of kind png"),
            (b"", "empty.pdf", "something else"),
        ] {
            assert!(contradiction(first, name).unwrap().contains(found), "{name}");
        }
    }
}
