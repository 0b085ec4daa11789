//! Importing an old register from a spreadsheet: CSV or a workbook in, planned cases out.
//!
//! The steps, each its own type: [`Spreadsheet`] opens a file, [`survey()`] reads every row once and counts what the
//! columns hold, [`guess()`] maps columns to facts and asks what it cannot know, [`plan()`] turns each row into a
//! [`PlannedRow`]. Nothing is guessed silently: a [`Guess`] lists its decisions, questions and notes. Beside the plan,
//! [`Preview`] shows what an import would do, [`FateWriter`] and [`RejectedWriter`] write what became of the rows.

mod fates;
mod gap;
mod guess;
pub mod header;
pub mod mapping;
mod plan;
mod preview;
pub mod reader;
#[cfg(test)]
mod reference_page;
mod rejected;
mod survey;
pub mod synonyms;
mod target;
pub mod value;

pub use fates::{FateLine, FateWriter};
pub use gap::{Gap, GapKind};
pub use guess::{Answers, Basis, Guess, Note, OpenQuestions, Question, QuestionKind, guess};
pub use mapping::{Mapping, MappingError};
pub use plan::{
    Moments, Outcome, Plan, PlanError, PlannedAction, PlannedCase, PlannedCost, PlannedField, PlannedRow,
    Rejection, Said, plan,
};
pub use preview::{CasePreview, ColumnPreview, Counts, Preview, RejectionPreview};
pub use reader::{Layout, Limits, ReadError, Spreadsheet};
pub use rejected::RejectedWriter;
pub use survey::{
    AmountSurvey, CellErrors, ColumnSurvey, DateSurvey, Example, SharedSign, Survey, Unfit, Verdict, survey,
};
pub use target::{Moment, Target};
pub use value::date::DateOrder;
pub use value::name::Mention;
pub use value::words::{Standing, Worst};
