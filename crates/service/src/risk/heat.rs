//! How many risks are how likely and how bad.

use nevertwice_domain::risk::{Exposure, Risk, RiskState};
use nevertwice_store::settings;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::ServiceError;
use crate::service::Unit;

/// Open risks by likelihood and impact, as they were at the first look and as they are now.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct HeatView {
    /// The company's words for likelihoods 1 to 5.
    pub likelihood_words: Vec<String>,
    /// The company's words for impacts 1 to 5.
    pub impact_words: Vec<String>,
    /// At the first look: five rows, likelihood 1 first, of five numbers, impact 1 first.
    pub before: Vec<Vec<u64>>,
    /// Now, in the same form.
    pub after: Vec<Vec<u64>>,
}

impl HeatView {
    pub(super) fn of(unit: &mut Unit<'_>, risks: &[Risk]) -> Result<Self, ServiceError> {
        let words = settings::get(unit.tx)?;
        let (mut before, mut after) = (vec![vec![0; 5]; 5], vec![vec![0; 5]; 5]);
        for risk in risks.iter().filter(|risk| risk.state == RiskState::Open) {
            if let Some(first) = risk.assessments().next() {
                count(&mut before, first.after_exposure());
            }
            count(&mut after, risk.exposure());
        }
        Ok(Self {
            likelihood_words: words.likelihood_words.iter().map(ToString::to_string).collect(),
            impact_words: words.impact_words.iter().map(ToString::to_string).collect(),
            before,
            after,
        })
    }
}

fn count(cells: &mut [Vec<u64>], exposure: Exposure) {
    cells[exposure.likelihood.place()][exposure.impact.place()] += 1;
}
