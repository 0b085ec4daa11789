//! The incident management procedure: what it says, what it changed, and whether what it says is done.

mod say_do;
mod show;
mod verbs;

pub(crate) use say_do::show as say_do;
pub(crate) use show::{in_force, list, version};
pub(crate) use verbs::{Approve, Begin, SendBack, Submit, Withdraw, Write};
