//! Reading one cell as a typed value: dates, amounts, names, words, actions. Everything here is a pure function of the
//! cell and its column's rule.

pub mod actions;
pub mod date;
pub mod field;
pub mod money;
mod month;
pub mod name;
mod placeholder;
pub mod words;

pub use placeholder::is_placeholder;
