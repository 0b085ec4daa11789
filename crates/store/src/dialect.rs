//! The little that differs between the two engines.

pub(crate) mod archive;
pub mod backup;
pub mod health;
pub(crate) mod lock;
