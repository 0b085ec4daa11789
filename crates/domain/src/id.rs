//! Identifiers: one type per kind of record, so that an owner can never be passed where an action is meant.
//!
//! Values are UUID version 7 (time-ordered, RFC 9562), made at the edge and passed in.

use uuid::Uuid;

/// Declares an identifier type over [`Uuid`].
macro_rules! ids {
    ($( $(#[$meta:meta])* $name:ident ),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID.
            #[must_use]
            pub const fn new(uuid: Uuid) -> Self { Self(uuid) }
            /// The UUID itself.
            #[must_use]
            pub const fn uuid(self) -> Uuid { self.0 }
        }

        impl From<Uuid> for $name { fn from(uuid: Uuid) -> Self { Self(uuid) } }
        impl From<$name> for Uuid { fn from(id: $name) -> Uuid { id.0 } }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { text.parse().map(Self) }
        }
    )+};
}

ids! {
    /// A case.
    CaseId,
    /// An entry of a case's timeline.
    TimelineId,
    /// A cost line of a case.
    CostId,
    /// A piece of evidence.
    EvidenceId,
    /// A comment.
    CommentId,
    /// A person or team.
    PersonId,
    /// A supplier.
    SupplierId,
    /// An AI asset.
    AssetId,
    /// A version of an AI asset.
    AssetVersionId,
    /// A company-defined field.
    FieldId,
    /// A post-incident review.
    ReviewId,
    /// A node of a review's cause graph.
    CauseId,
    /// A lesson.
    LessonId,
    /// What covers a lesson.
    CoverageId,
    /// That a lesson is still true.
    ConfirmationId,
    /// An awareness item.
    AwarenessId,
    /// An action.
    ActionId,
    /// An effectiveness check.
    CheckId,
    /// A version of the procedure.
    ProcedureId,
    /// A control.
    ControlId,
    /// A change of a control.
    ControlChangeId,
    /// A risk.
    RiskId,
    /// An assessment of a risk.
    AssessmentId,
    /// A declaration that a link of a case's loop is not needed.
    DeclarationId,
    /// An import run.
    ImportRunId,
    /// A gap that an import left.
    GapId,
    /// An access token of a person.
    TokenId,
    /// A session of a person.
    SessionId,
    /// A job.
    JobId,
    /// One request: everything a person set off with one call.
    RequestId,
}
