//! Reviews: where the causes are looked for.

mod ladder;
mod list;
mod picture;
mod show;
pub(crate) mod verbs;

pub(crate) use list::list;
pub(crate) use show::{how_it_went, show};
