//! Pages for whoever has no account: reporting, and the way back by a receipt. Whoever asks is nobody here, also when a
//! browser is signed in: no cookie is looked at. A receipt comes in the body of a form alone, so that it stands in no
//! address, no history and no log.

mod receipt;
mod report;

pub(crate) use receipt::{answer, ask, show};
pub(crate) use report::{create, new};
