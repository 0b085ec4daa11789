//! The little that differs between the two engines.

pub mod backup;
pub(crate) mod lock;
