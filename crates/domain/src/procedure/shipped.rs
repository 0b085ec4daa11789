//! The procedure that comes with the program, in force until the company approves its own.

use std::sync::LazyLock;

use serde::Deserialize;

use super::rules::Rules;
use crate::text::Prose;

/// The procedure that comes with the program.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shipped {
    /// What people read.
    pub text: Prose,
    /// What the program enforces.
    pub rules: Rules,
}

/// The procedure that comes with the program. Reviews that ran under it name version 0, so its rules never change: a
/// better default is one more file.
#[must_use]
pub fn shipped() -> &'static Shipped {
    &SHIPPED
}

#[expect(
    clippy::expect_used,
    reason = "the file is compiled in and a test reads it; there is no input to refuse"
)]
static SHIPPED: LazyLock<Shipped> = LazyLock::new(|| {
    toml::from_str(include_str!("../../data/procedure.toml")).expect("the shipped procedure is readable")
});
