//! Cases: the register, a case from its report to its lesson, and what people do to it.

pub(crate) mod activity;
mod columns;
pub(crate) mod evidence;
mod export;
mod facets;
mod filter;
mod list;
mod list_view;
mod over_time;
mod show;
pub(crate) mod verbs;
mod view;

pub(crate) use export::export;
pub(crate) use facets::facets;
pub(crate) use list::list;
pub(crate) use over_time::show as over_time;
pub(crate) use show::{show, similar};
pub(crate) use view::{actions_table, rung};
