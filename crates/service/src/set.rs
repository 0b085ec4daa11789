//! A new value for a fact, or none any more.

use serde::{Deserialize, Serialize};

/// A new value for a fact, or none to clear it. What is not spoken of at all is an outer `None` and stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Set<T> {
    /// The new value.
    To(T),
    /// No value any more.
    Clear,
}

impl<T> Set<T> {
    /// The value from now on.
    pub(crate) fn into_option(self) -> Option<T> {
        match self {
            Self::To(value) => Some(value),
            Self::Clear => None,
        }
    }
}
