//! Commands that a fault or a kill strikes at one of the calls with which they change files, and what is left.

mod bench;
mod job;
mod operation;
mod outcome;

pub(crate) use bench::{Bench, Place, calls_in};
pub(crate) use job::{Counted, Job, Tally, sample, side_by_side};
pub(crate) use operation::Operation;
pub(crate) use outcome::{Outcome, clear, clear_of_server, outcome};
