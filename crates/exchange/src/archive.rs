//! The archive: everything that a register knows, as plain files that can be read without this program.
//!
//! `docs/reference/archive.md` describes it byte by byte. A file of [lines](LineWriter) for each kind of row, a
//! [manifest](Manifest) that says what there must be, a [list of sums](sums) that common tools can check, and beside
//! them [pages](Page) and [sheets](Sheet) for people, which an import ignores. Nothing in it tells when, where, on which
//! database engine or by which release it was written: the same register gives the same bytes.

mod error;
mod lines;
mod manifest;
mod page;
mod sheet;
mod sums;

pub use error::ArchiveError;
pub use lines::{LineReader, LineWriter, MAX_LINE_BYTES, Measured};
pub use manifest::{
    EvidenceTotals, KindOfRow, MANIFEST, MAX_MANIFEST_BYTES, Manifest, StoreIdentity, TrailEnd,
};
pub use page::{Page, Section};
pub use sheet::Sheet;
pub use sums::{SUMS, compare_sums, sums};

/// The folder of the evidence files, each named by the SHA-256 of its content.
pub const EVIDENCE: &str = "evidence";

/// The folder of what is only for people to read.
pub const VIEWS: &str = "views";

#[cfg(test)]
mod tests;
