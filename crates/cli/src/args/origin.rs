//! Where the settings of a command line come from.

use std::fmt;

use clap::ArgMatches;
use clap::parser::ValueSource;
use serde::Serialize;

/// Where a setting comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub(crate) enum Origin {
    /// Typed.
    #[serde(rename = "flag")]
    Flag,
    /// A variable of the environment.
    #[serde(rename = "environment")]
    Environment,
    /// The file in the data folder.
    #[serde(rename = "config.toml")]
    File,
    /// Nobody said anything.
    #[default]
    #[serde(rename = "default")]
    Default,
}

/// Where the settings that a command line can hold come from.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Origins {
    /// The data folder.
    pub(crate) data: Origin,
    /// The database.
    pub(crate) database: Origin,
    /// The signing key.
    pub(crate) signing_key: Origin,
}

impl Origins {
    /// The origins in a command line that was read.
    pub(super) fn of(matches: &ArgMatches) -> Self {
        let origin = |option| match matches.value_source(option) {
            Some(ValueSource::CommandLine) => Origin::Flag,
            Some(ValueSource::EnvVariable) => Origin::Environment,
            _ => Origin::Default,
        };
        Self { data: origin("data"), database: origin("database"), signing_key: origin("signing_key") }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Flag => "flag",
            Self::Environment => "environment",
            Self::File => "config.toml",
            Self::Default => "default",
        })
    }
}
