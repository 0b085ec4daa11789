//! Why an archive is refused.

use nevertwice_domain::asset::Sha256Text;
use thiserror::Error;

use super::lines::MAX_LINE_BYTES;

/// An archive is not what was written, or of a form that this program does not read. Texts name file and line; what to do
/// is the same for all, and said by who imports.
#[derive(Debug, Error)]
pub enum ArchiveError {
    /// A file cannot be read or written.
    #[error("{file}: {source}")]
    Io {
        /// The file, from the archive's folder.
        file: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// A line does not have the sum that it carries.
    #[error("{file} line {line}: the line was changed: its sum is {found}, it carries {carried}")]
    Changed {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// What the line carries.
        carried: String,
        /// What it should carry.
        found: String,
    },
    /// A line is not one of this format.
    #[error("{file} line {line}: {detail}")]
    Line {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
        /// Expected and found.
        detail: String,
    },
    /// A line is longer than any that a register writes.
    #[error("{file} line {line}: expected at most {MAX_LINE_BYTES} bytes in a line, found more")]
    TooLong {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
    },
    /// The last line has no end.
    #[error("{file} line {line}: the file was cut off: its last line does not end with a line feed")]
    CutOff {
        /// The file.
        file: String,
        /// The line, from 1.
        line: u64,
    },
    /// A file is not the one that the manifest tells of.
    #[error(
        "{file}: expected {expected_rows} lines, {expected_bytes} bytes with SHA-256 {expected}, found {rows} lines, \
         {bytes} bytes with {found}: lines were added, taken away or exchanged"
    )]
    Differs {
        /// The file.
        file: String,
        /// Lines by the manifest.
        expected_rows: u64,
        /// Bytes by the manifest.
        expected_bytes: u64,
        /// Hash by the manifest.
        expected: Sha256Text,
        /// Lines found.
        rows: u64,
        /// Bytes found.
        bytes: u64,
        /// Hash found.
        found: Sha256Text,
    },
    /// The manifest is none.
    #[error("manifest.json: {0}")]
    Manifest(String),
    /// The archive is of a version that this program does not know.
    #[error(
        "manifest.json: expected version {known} of the archive's format, found {found}; use a newer program"
    )]
    Version {
        /// What this program reads.
        known: u32,
        /// What the manifest says.
        found: u64,
    },
    /// The list of sums is not what manifest and evidence give.
    #[error("SHA256SUMS line {line}: expected {expected:?}, found {found:?}")]
    Sums {
        /// The line, from 1.
        line: usize,
        /// What it should say; empty behind the end.
        expected: String,
        /// What it says; empty behind the end.
        found: String,
    },
}
