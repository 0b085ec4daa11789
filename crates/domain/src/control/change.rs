//! Changes of controls: what a case taught, as before and after.

use serde::{Deserialize, Serialize};

use super::ControlError;
use crate::id::{ActionId, CaseId, ControlChangeId, ControlId, LessonId, PersonId};
use crate::text::Prose;
use crate::time::{Date, Timestamp};

/// How a control was before and is after, and the case that it came from. It never changes; what was wrong about it is put
/// right by a new one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlChange {
    /// Identity.
    pub id: ControlChangeId,
    /// The case that it came from; whoever may not know of that does not know of the change.
    pub case_id: CaseId,
    /// The control.
    pub control_id: ControlId,
    /// The lesson that asked for it, of the same case.
    pub lesson_id: Option<LessonId>,
    /// The action by which it was made, of the same case.
    pub action_id: Option<ActionId>,
    /// How it was.
    pub before: Prose,
    /// How it is.
    pub after: Prose,
    /// The day since which it is so.
    pub changed_on: Date,
    /// Who wrote this down.
    pub recorded_by: PersonId,
    /// When.
    pub recorded_at: Timestamp,
}

impl ControlChange {
    /// Checks that something changed, and that it did so already; `today` is in the company's time zone.
    ///
    /// # Errors
    /// Before and after are the same, or the day is still to come.
    pub fn checked(self, today: Date) -> Result<Self, ControlError> {
        if self.before == self.after {
            return Err(ControlError::NothingChanged);
        }
        if self.changed_on > today {
            return Err(ControlError::NotYet { found: self.changed_on, today });
        }
        Ok(self)
    }
}
