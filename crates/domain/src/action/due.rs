//! By when an action is due: what the procedure in force allowed when it was planned, and what was said.

use super::ActionError;
use crate::case::Severity;
use crate::text::Prose;
use crate::time::Date;

/// What the procedure in force allows of an action that is planned today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// The version, 0 for the one that comes with the program.
    pub procedure: u32,
    /// The severity whose days count.
    pub severity: Severity,
    /// The last day on which it may be due.
    pub latest_due_on: Date,
    /// How many days behind its due date its effect is to be judged, at the latest.
    pub check_days: u16,
}

/// By when an action is due, and under which version of the procedure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    pub(super) on: Date,
    pub(super) reason: Option<Prose>,
    pub(super) allowance: Option<Allowance>,
}

impl Due {
    /// As it was said elsewhere, such as in an import: no version of the procedure asked for it.
    #[must_use]
    pub fn as_said(on: Date) -> Self {
        Self { on, reason: None, allowance: None }
    }
}

impl Allowance {
    /// By when an action is due: on the last day that is allowed if nobody says when, later only for a reason.
    ///
    /// # Errors
    /// A later day without a reason.
    pub fn due(self, on: Option<Date>, reason: Option<Prose>) -> Result<Due, ActionError> {
        let latest = self.latest_due_on;
        let on = on.unwrap_or(latest);
        if on > latest && reason.is_none() {
            return Err(ActionError::TooLate { due_on: on, latest, procedure: self.procedure });
        }
        Ok(Due { on, reason, allowance: Some(self) })
    }

    /// The last day on which the effect of an action is to be judged that is due on a day.
    #[must_use]
    pub fn latest_check_on(self, due_on: Date) -> Date {
        due_on.saturating_add(jiff::Span::new().days(i64::from(self.check_days)))
    }
}
