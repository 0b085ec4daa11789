//! The register for programs: JSON under `/api/v1`, the same use cases and the same forms as the pages.

mod body;
mod describe;
mod docs;
mod evidence;
mod narrow;
mod read;
mod reads;
mod report;
mod write;

pub(crate) use describe::Described;
pub use describe::document;
pub(crate) use docs::{openapi, page};
pub(crate) use evidence::{add_evidence, evidence_file};
pub(crate) use read::{Read, read};
pub(crate) use reads::{
    Action, Actions, Activity, Asset, Assets, Case, CaseCounts, Cases, Changes, Control, Controls,
    Everything, Fields, Lesson, Lessons, Myself, People, Review, Reviews, Risk, Risks, Settings, Similar,
    Supplier, Suppliers, Volume,
};
pub(crate) use report::Report;
pub(crate) use write::write;

/// Where the API is.
pub(crate) const PREFIX: &str = "/api/v1";
