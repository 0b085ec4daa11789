//! What a version of the procedure is called.

use std::fmt;
use std::str::FromStr;

use super::notation::text_form;
use crate::reference::{ProcedureRef, Reference as _, ReferenceError};

/// A version of the procedure by its name: `PRC-0003`, or `shipped` for the one that comes with the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VersionName {
    /// The one that comes with the program.
    Shipped,
    /// One of the company's own.
    Own(ProcedureRef),
}

const SHIPPED: &str = "shipped";

impl VersionName {
    /// The version of a number; 0 is the one that comes with the program.
    #[must_use]
    pub fn of(number: u32) -> Self {
        match number {
            0 => Self::Shipped,
            number => Self::Own(ProcedureRef::from_parts(0, number)),
        }
    }
}

impl fmt::Display for VersionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shipped => f.write_str(SHIPPED),
            Self::Own(reference) => reference.fmt(f),
        }
    }
}

impl FromStr for VersionName {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        match text {
            SHIPPED => Ok(Self::Shipped),
            reference => reference.parse().map(Self::Own),
        }
    }
}

text_form!(VersionName);
