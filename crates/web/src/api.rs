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
    Action, Actions, Activity, Asset, Assets, Awareness, AwarenessItems, Case, CaseCounts, Cases, Changes,
    Control, Controls, DecideAgain, Everything, Fields, Lesson, Lessons, Loop, Myself, OrphanLessons, Owed,
    OwedByLeft, People, Procedure, ProcedureVersion, Procedures, Review, Reviews, Risk, Risks, SayDo,
    Settings, Similar, SimilarLessons, StaleLessons, Supplier, Suppliers, Volume, Work,
};
pub(crate) use report::Report;
pub(crate) use write::write;

/// Where the API is.
pub(crate) const PREFIX: &str = "/api/v1";
