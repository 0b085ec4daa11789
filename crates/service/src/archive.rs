//! The archive: everything that a register knows written to plain files, and such files made a register again.
//!
//! An archive is filled under another name and renamed when it is whole; an import is one transaction, or a file that
//! is renamed when it is whole. Neither is in the trail: an archive of what was imported is the same to the byte. Both
//! are noted in the log of checkpoints.

mod evidence;
mod export;
mod import;
mod pages;
mod place;
mod views;

pub use export::{ArchiveView, ExportArchive};
pub use import::{ImportedView, Wish, import};
