//! Importing incidents written in VERIS (Vocabulary for Event Recording and Incident Sharing): JSON in, planned cases out.
//!
//! The steps: [`Records`] cuts a file into records, [`Standard`] knows the fields and values of version 1.4.1, [`plan`]
//! turns a record into a [`crate::planned::PlannedRow`]. A record that the standard does not know in some place is kept
//! verbatim and leaves a gap with the path of that place; only [`Strictness::Strict`] rejects it. The same case comes
//! out of the simplified form of 2018 and of versions 1.3 and 1.4.

mod amounts;
mod case;
mod dates;
mod discovery;
mod json;
mod kept;
mod look;
mod path;
mod plan;
pub mod reader;
mod rejected;
mod standard;
mod tags;
mod title;

pub use plan::{Strictness, plan, says};
pub use reader::{Limits, RawRecord, Records};
pub use rejected::RejectedRecords;
pub use standard::{Standard, StandardError};

/// A key that is no part of a record: the identity that a document store gave it, or the reason of a rejection.
fn is_foreign(key: &str) -> bool {
    key == "_id" || key == rejected::REASON_KEY
}

#[cfg(test)]
mod reference_page;
#[cfg(test)]
mod tests;
