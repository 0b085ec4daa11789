//! Lessons: what was learned, from which cases, and whether it holds.

mod list;
mod show;
pub(crate) mod verbs;

pub(crate) use list::list;
pub(crate) use show::show;
