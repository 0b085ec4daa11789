//! Evidence and comments on a case.

use serde::{Deserialize, Serialize};

use crate::asset::Sha256Text;
use crate::id::{ActionId, CaseId, CommentId, EvidenceId, PersonId};
use crate::text::{Line, Prose};
use crate::time::Timestamp;
use crate::when::When;

/// A file or link kept as evidence. It never changes; only its legal hold can be set and lifted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Identity.
    pub id: EvidenceId,
    /// The case.
    pub case_id: CaseId,
    /// The action whose completion it shows, if any.
    pub action_id: Option<ActionId>,
    /// The file's name, or what the link is.
    pub name: Line,
    /// Hash of the file's bytes; a link has none.
    pub sha256: Option<Sha256Text>,
    /// Size of the file in bytes; a link has none.
    pub size_bytes: Option<u64>,
    /// Where it lies, for a link.
    pub link: Option<Line>,
    /// What it shows and how it was handled since it was collected.
    pub custody: Option<Prose>,
    /// Who collected it.
    pub collected_by: PersonId,
    /// When it was collected.
    pub collected: When,
    /// It must not be erased.
    pub legal_hold: bool,
    /// When it was put into the register.
    pub recorded_at: Timestamp,
}

words! {
    /// That a comment is between the register and somebody who reported without an account.
    Correspondence("correspondence") {
        /// A question to them: they see it by their receipt.
        ToReporter = "to_reporter",
        /// What they wrote.
        FromReporter = "from_reporter",
    }
}

/// A comment; it never changes, only its author can take it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// Identity.
    pub id: CommentId,
    /// The case.
    pub case_id: CaseId,
    /// Who wrote it.
    pub author_id: PersonId,
    /// What it says.
    pub text: Prose,
    /// When it was written.
    pub written_at: Timestamp,
    /// Whether somebody who reported without an account sees it or wrote it.
    #[serde(default)]
    pub correspondence: Option<Correspondence>,
}
