//! Importing an old register from a spreadsheet: CSV or a workbook in, planned cases out.
//!
//! The steps, each its own type: [`Spreadsheet`] opens a file, [`survey()`] reads every row once and counts what the
//! columns hold, [`guess()`] maps columns to facts and asks what it cannot know, [`plan()`] turns each row into a
//! [`crate::planned::PlannedRow`]. Nothing is guessed silently: a [`Guess`] lists its decisions, questions and notes. Beside the plan,
//! [`Preview`] shows what an import would do, [`crate::fates::FateWriter`] and [`RejectedWriter`] write what became of the rows.

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

pub use guess::{Answers, Basis, Guess, Note, OpenQuestions, Question, QuestionKind, guess};
pub use mapping::{Mapping, MappingError};
pub use plan::{Plan, PlanError, plan};
pub use preview::{ColumnPreview, Preview};
pub use reader::{Layout, Limits, ReadError, Spreadsheet};
pub use rejected::RejectedWriter;
pub use survey::{
    AmountSurvey, CellErrors, ColumnSurvey, DateSurvey, Example, SharedSign, Survey, Unfit, Verdict, survey,
};
pub use target::{Moment, Target};
pub use value::date::DateOrder;
pub use value::words::Worst;
