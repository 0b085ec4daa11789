//! Lessons: what was learned, from which cases, and whether it holds.

mod gaps;
mod list;
mod show;
mod similar;
pub(crate) mod verbs;

pub(crate) use gaps::{orphans, stale};
pub(crate) use list::list;
pub(crate) use show::show;
