//! Importing an old register from a spreadsheet: CSV or a workbook in, planned cases out.
//!
//! The steps, each its own type: [`Spreadsheet`] opens a file, [`survey`] reads every row once and counts what the
//! columns hold, [`guess`] maps columns to facts and asks what it cannot know, [`plan`] turns each row into a
//! [`PlannedRow`]. Nothing is guessed silently: a [`Guess`] lists its decisions, questions and notes.

pub mod header;
pub mod reader;
pub mod synonyms;
pub mod target;
pub mod value;
