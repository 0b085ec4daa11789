//! Actions: what is owed, by whom and by when.

mod list;
mod show;
pub(crate) mod verbs;

pub(crate) use list::list;
pub(crate) use show::show;
