//! How a command fails: a sentence on standard error and an exit code with a documented meaning.

use std::io::Write;
use std::process::ExitCode;

use nevertwice_domain::money::MoneyError;
use nevertwice_service::{Kind, ServiceError};

/// A failed command.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) ServiceError);

impl Failure {
    /// An error of this program's own making.
    pub(crate) fn new(kind: Kind, code: &str, message: impl std::fmt::Display) -> Self {
        Self(ServiceError::new(kind, code, message))
    }

    /// Says what happened and gives the exit code.
    pub(crate) fn report(&self, json: bool) -> ExitCode {
        let mut err = std::io::stderr().lock();
        // There is nowhere left to say that standard error is gone.
        let _ = if json {
            let body = serde_json::json!({ "error": self.0 });
            writeln!(err, "{body}")
        } else {
            writeln!(err, "error: {}", self.0.message)
        };
        ExitCode::from(exit_code(self.0.kind))
    }
}

/// 0 ok, 1 error, 2 usage or input, 3 not found, 4 denied, 5 conflict, 6 integrity, 7 temporary.
fn exit_code(kind: Kind) -> u8 {
    match kind {
        Kind::Internal => 1,
        Kind::Invalid => 2,
        Kind::NotFound => 3,
        Kind::Forbidden => 4,
        Kind::Conflict | Kind::Stale => 5,
        Kind::Integrity => 6,
        Kind::Unavailable | Kind::Unknown => 7,
    }
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        Self(error)
    }
}

impl From<MoneyError> for Failure {
    fn from(error: MoneyError) -> Self {
        Self::new(Kind::Invalid, "input.amount", error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Self::new(Kind::Unavailable, "io", error)
    }
}
