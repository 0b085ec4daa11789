//! Rules as they are shown and as they are entered: line by line, in the notation of the procedure.

use nevertwice_domain::procedure::{
    Calendar, DaysBySeverity, Escalation, Holiday, ReviewRule, Rules, Target, Trend, Weekday,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What the program enforces.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RulesView {
    /// Which case needs which review; the first that fits counts.
    pub reviews: Vec<String>,
    /// Within how many working days an action is due, for severity 1 to 5.
    pub action_days: String,
    /// How many days behind its due date an action's effect is looked at, for severity 1 to 5.
    pub check_days: String,
    /// How many working days before something is due its owner is reminded.
    pub remind_before: u16,
    /// Every how many working days once it is overdue.
    pub remind_every: u16,
    /// Who else is told of what stays undone.
    pub escalations: Vec<String>,
    /// The days of the week on which people work.
    pub workdays: Vec<String>,
    /// The days on which they do not.
    pub holidays: Vec<String>,
    /// What the company wants to reach.
    pub targets: Vec<String>,
    /// What opens a trend review.
    pub trends: Vec<String>,
}

/// Changes of the rules; what is absent stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct RulesInput {
    /// Which case needs which review; the first that fits counts.
    pub reviews: Option<Vec<ReviewRule>>,
    /// Within how many working days an action is due.
    pub action_days: Option<DaysBySeverity>,
    /// How many days behind its due date an action's effect is looked at.
    pub check_days: Option<DaysBySeverity>,
    /// How many working days before something is due its owner is reminded.
    pub remind_before: Option<u16>,
    /// Every how many working days once it is overdue.
    pub remind_every: Option<u16>,
    /// Who else is told of what stays undone.
    pub escalations: Option<Vec<Escalation>>,
    /// The days of the week on which people work.
    pub workdays: Option<Vec<Weekday>>,
    /// The days on which they do not.
    pub holidays: Option<Vec<Holiday>>,
    /// What the company wants to reach.
    pub targets: Option<Vec<Target>>,
    /// What opens a trend review.
    pub trends: Option<Vec<Trend>>,
}

impl RulesInput {
    /// The rules with these changes.
    #[must_use]
    pub fn applied_to(self, rules: &Rules) -> Rules {
        let old = rules.clone();
        Rules {
            reviews: self.reviews.unwrap_or(old.reviews),
            action_days: self.action_days.unwrap_or(old.action_days),
            check_days: self.check_days.unwrap_or(old.check_days),
            remind_before: self.remind_before.unwrap_or(old.remind_before),
            remind_every: self.remind_every.unwrap_or(old.remind_every),
            escalations: self.escalations.unwrap_or(old.escalations),
            calendar: Calendar {
                workdays: self.workdays.map_or(old.calendar.workdays, |days| days.into_iter().collect()),
                holidays: self.holidays.unwrap_or(old.calendar.holidays),
            },
            targets: self.targets.unwrap_or(old.targets),
            trends: self.trends.unwrap_or(old.trends),
        }
    }
}

impl From<&Rules> for RulesView {
    fn from(rules: &Rules) -> Self {
        fn lines<T: ToString>(all: &[T]) -> Vec<String> {
            all.iter().map(ToString::to_string).collect()
        }
        Self {
            reviews: lines(&rules.reviews),
            action_days: rules.action_days.to_string(),
            check_days: rules.check_days.to_string(),
            remind_before: rules.remind_before,
            remind_every: rules.remind_every,
            escalations: lines(&rules.escalations),
            workdays: rules.calendar.workdays.iter().map(ToString::to_string).collect(),
            holidays: lines(&rules.calendar.holidays),
            targets: lines(&rules.targets),
            trends: lines(&rules.trends),
        }
    }
}
