//! Bringing an old register in: every row has a fate, what the source did not say becomes a gap to work off.

mod batch;
mod course;
mod earlier;
mod fates;
mod foresee;
mod numbers;
mod people;
mod records;
mod rules;
mod run;
mod sheet;
mod source;
mod spreadsheet;
mod undo;
mod update;
mod veris;
mod view;

pub use spreadsheet::{DateOrderInput, ImportSpreadsheet, WorstInput};
pub use undo::{ImportRunView, ListImports, UndoImport};
pub use veris::ImportVeris;
pub use view::{GapPlaceView, ImportView};
