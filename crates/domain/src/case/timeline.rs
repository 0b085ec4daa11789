//! The timeline: dated facts with their source.

use serde::{Deserialize, Serialize};

use crate::id::{CaseId, PersonId, TimelineId};
use crate::text::{Line, Prose};
use crate::time::Timestamp;
use crate::when::When;

words! {
    /// What kind of moment an entry records.
    TimelineKind("kind of timeline entry") {
        /// It happened.
        Occurred = "occurred",
        /// It was noticed.
        Detected = "detected",
        /// It was understood.
        Diagnosed = "diagnosed",
        /// It could do no more harm.
        Contained = "contained",
        /// Service was as before.
        Recovered = "recovered",
        /// Another moment that matters to the story.
        KeyMoment = "key_moment",
    }
}

/// A dated fact. Both when it happened and when it was written down are kept; neither changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineEntry {
    /// Identity.
    pub id: TimelineId,
    /// The case.
    pub case_id: CaseId,
    /// What kind of moment.
    pub kind: TimelineKind,
    /// When it happened.
    pub occurred: When,
    /// What happened.
    pub text: Prose,
    /// Where we know it from: a log, a person, a message.
    pub source: Option<Line>,
    /// When it was written down; set by the store.
    pub recorded_at: Timestamp,
    /// Who wrote it down.
    pub recorded_by: PersonId,
}
