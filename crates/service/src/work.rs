//! My work: what waits for the caller, whatever their role, the most urgent first. Page, API and command line tell the
//! same.

mod approvals;
mod ask;
mod list;
mod mine;
mod register;

pub use ask::Ask;

use nevertwice_domain::permission::Verb;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::ServiceError;
use crate::procedure::today;
use crate::use_case::{Asked, UseCase};
use list::List;

/// Shows what waits for the caller.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowWork {}

/// What waits for somebody.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WorkView {
    /// The day that it is of.
    pub as_of: String,
    /// What is asked for at all, with how much of it there is; in the order of `items`.
    pub parts: Vec<WorkPart>,
    /// What waits, by what is asked for, the most urgent first; at most 50 of each kind.
    pub items: Vec<WorkRow>,
}

/// One kind of what waits for somebody.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WorkPart {
    /// What is asked for: one of the words of `ask` in the rows.
    pub ask: String,
    /// The same as a heading.
    pub heading: String,
    /// How many there are of those that were looked at, 200 at most.
    pub count: u64,
    /// How many of them are overdue.
    pub overdue: u64,
    /// Whether there may be more than these.
    pub is_more: bool,
    /// The page that lists all of them, if there is one.
    pub link: Option<String>,
}

/// One thing that waits for somebody.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct WorkRow {
    /// What is asked for: `complete`, `triage`, `lead`, `attend`, `judge`, `read`, `approve_review`, `approve_lesson`,
    /// `approve_coverage`, `approve_declaration`, `approve_procedure`, `confirm_lesson`, `accept_risk`, `decide_again`,
    /// `hand_over` or `escalated`.
    pub ask: String,
    /// What is to be done, in words.
    pub to_do: String,
    /// The record that it is about; the name of whoever left and still owes something.
    pub reference: String,
    /// What it is about; nothing where only the reference is for the reader.
    pub words: Option<String>,
    /// By when.
    pub due_on: Option<String>,
    /// Whether that has passed.
    pub is_overdue: bool,
    /// The page on which it is done.
    pub link: String,
}

impl UseCase for ShowWork {
    type Output = WorkView;
    const NAME: &'static str = "show_work";

    fn run(self, asked: &Asked<'_>) -> Result<WorkView, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            unit.caller.within(Verb::ReadCase.scope())?;
            let mut list = List::new(today(unit)?);
            list.mine(unit)?;
            list.approvals(unit)?;
            list.register(unit)?;
            Ok(list.view())
        })
    }
}
