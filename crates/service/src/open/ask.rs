//! Asking beforehand.

use serde::{Deserialize, Serialize};

use super::is_allowed;
use crate::error::ServiceError;
use crate::use_case::{Asked, UseCase};

/// Asks whether whoever has no account may report; a refusal says that they may not. Run by nobody.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MayReportOpenly {}

impl UseCase for MayReportOpenly {
    type Output = ();
    const NAME: &'static str = "may_report_openly";

    fn run(self, asked: &Asked<'_>) -> Result<(), ServiceError> {
        asked.service.db().read(is_allowed)
    }
}
