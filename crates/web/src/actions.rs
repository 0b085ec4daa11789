//! Actions: what is owed, by whom and by when.

mod again;
mod list;
mod show;
pub(crate) mod verbs;

pub(crate) use again::decide_again;
pub(crate) use list::list;
pub(crate) use show::show;
