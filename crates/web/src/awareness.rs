//! Awareness items: what lessons tell people, to be read and acknowledged.

mod list;
mod show;
pub(crate) mod verbs;

pub(crate) use list::list;
pub(crate) use show::show;
