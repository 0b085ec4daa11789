//! The AI impact block: what an incident did to data, models and their suppliers.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::vocabulary::{AiStage, ImpactDecision, SupplyLayer};
use crate::text::{Line, Prose};
use crate::when::When;

/// What an incident did to data, models and their suppliers. Every part is optional.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AiImpact {
    /// Stages of the AI life cycle touched.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<AiStage>,
    /// What was exposed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidentiality: Option<Confidentiality>,
    /// What may have been tampered with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub integrity: Option<Integrity>,
    /// How much worse the output became.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// What came through a supplier.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supply_chain: Option<SupplyChain>,
    /// What was decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<ImpactDecision>,
    /// What shows that the decision was carried out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision_proof: Option<Prose>,
}

/// What was exposed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Confidentiality {
    /// Datasets exposed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub datasets: Vec<DatasetExposure>,
    /// Model weights left our hands.
    pub weights: bool,
    /// Prompts were seen.
    pub prompts: bool,
    /// Embeddings were seen.
    pub embeddings: bool,
}

/// One exposed dataset.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatasetExposure {
    /// Name or reference of the dataset.
    pub dataset: Line,
    /// Its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Line>,
    /// Records exposed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<u64>,
    /// People whose data it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<u64>,
    /// Licences or customer contracts touched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contracts: Option<Prose>,
}

/// What may have been tampered with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Integrity {
    /// Poisoned data is suspected.
    pub poisoning_suspected: bool,
    /// A backdoor is suspected.
    pub backdoor_suspected: bool,
    /// Share of the data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub share_basis_points: Option<BasisPoints>,
    /// Beginning of the window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<When>,
    /// End of the window.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<When>,
    /// Hash of the checkpoint before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkpoint_before: Option<Line>,
    /// Hash of the checkpoint after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checkpoint_after: Option<Line>,
    /// Evaluation metric, with its values before and after, as written by the evaluation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric: Option<Line>,
    /// Its value before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric_before: Option<Line>,
    /// Its value after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric_after: Option<Line>,
}

/// How much worse the output became.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Quality {
    /// Degraded since.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<When>,
    /// Degraded until.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<When>,
    /// What is measured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric: Option<Line>,
    /// The value below or above which it counts as degraded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Line>,
}

/// What came through a supplier.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SupplyChain {
    /// Which layer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<SupplyLayer>,
    /// When the supplier knew.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supplier_knew: Option<When>,
    /// When the supplier told us.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supplier_told: Option<When>,
    /// When the supplier had it mended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supplier_fixed: Option<When>,
    /// Within how many hours the contract says they tell us.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract_hours: Option<u32>,
    /// The contingency plan was used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contingency_plan_used: Option<bool>,
}

/// A share in hundredths of a percent: 0 to 10 000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u16", into = "u16")]
pub struct BasisPoints(u16);

/// More than all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("expected 0 to 10000, hundredths of a percent, found {0}")]
pub struct BasisPointsError(u16);

impl TryFrom<u16> for BasisPoints {
    type Error = BasisPointsError;

    fn try_from(value: u16) -> Result<Self, BasisPointsError> {
        if value <= 10_000 { Ok(Self(value)) } else { Err(BasisPointsError(value)) }
    }
}

impl From<BasisPoints> for u16 {
    fn from(share: BasisPoints) -> Self {
        share.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_no_more_than_all() {
        assert!(BasisPoints::try_from(10_000).is_ok());
        let error = serde_json::from_str::<BasisPoints>("10001").unwrap_err().to_string();
        assert!(error.contains("expected 0 to 10000"), "{error}");
    }
}
