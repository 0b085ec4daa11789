//! Bringing an old register in: every row has a fate, what the source did not say becomes a gap to work off.

mod batch;
mod earlier;
mod fates;
mod numbers;
mod people;
mod records;
mod run;
mod sheet;
mod spreadsheet;
mod undo;
mod update;

pub use spreadsheet::{DateOrderInput, ImportSpreadsheet, ImportView, WorstInput};
pub use undo::{ImportRunView, ListImports, UndoImport};
