//! On which days who is told of something that is due: by the rules, in working days.

use jiff::ToSpan as _;

use super::measures::EscalateTo;
use super::rules::Rules;
use crate::time::Date;

/// Why somebody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reminder {
    /// It is due soon: its owner is told.
    Soon,
    /// It is overdue: its owner is told.
    Overdue,
    /// It is overdue for so long that others are told.
    Escalated(EscalateTo),
}

impl Rules {
    /// Who is told on a day of something that is due on another: nobody on a day on which nobody works.
    #[must_use]
    pub fn reminders(&self, due_on: Date, day: Date) -> Vec<Reminder> {
        if !self.calendar.is_workday(day) {
            return Vec::new();
        }
        if day <= due_on {
            let ahead = self.calendar.between(day, due_on);
            return if ahead == u32::from(self.remind_before) { vec![Reminder::Soon] } else { Vec::new() };
        }
        let late = self.calendar.between(due_on, day);
        let mut told = Vec::new();
        if late % u32::from(self.remind_every.max(1)) == 1 % u32::from(self.remind_every.max(1)) {
            told.push(Reminder::Overdue);
        }
        let steps = self.escalations.iter().filter(|step| u32::from(step.after_days) == late);
        told.extend(steps.map(|step| Reminder::Escalated(step.to)));
        told
    }

    /// Who has been told by a day that something is overdue: whoever sees it among what was escalated to them.
    #[must_use]
    pub fn escalated_to(&self, due_on: Date, day: Date) -> Vec<EscalateTo> {
        let late = self.calendar.between(due_on, day);
        let steps = self.escalations.iter().filter(|step| u32::from(step.after_days) <= late);
        steps.map(|step| step.to).collect()
    }

    /// The last due date of what may have to be told of on a day. What is due on days off that follow counts as due on the
    /// working day before them.
    #[must_use]
    pub fn reminds_until(&self, day: Date) -> Date {
        let next = self.calendar.after(day, self.remind_before.saturating_add(1));
        next.checked_sub(1.day()).unwrap_or(next)
    }
}
