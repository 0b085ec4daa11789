//! What the cases of the sample changed in controls and risks: `consequences.toml`.

use serde::Deserialize;

use super::super::calendar::Moment;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct ConsequencesFile {
    pub(in super::super) control: Vec<OwnControlEntry>,
    pub(in super::super) said: Vec<SaidEntry>,
    pub(in super::super) performance: Vec<PerformanceEntry>,
    pub(in super::super) change: Vec<ChangeEntry>,
    pub(in super::super) risk: Vec<RiskEntry>,
    pub(in super::super) look: Vec<LookEntry>,
    pub(in super::super) declaration: Vec<DeclarationEntry>,
}

#[derive(Deserialize)]
pub(in super::super) struct OwnControlEntry {
    pub(in super::super) id: String,
    pub(in super::super) title: String,
    pub(in super::super) description: String,
    pub(in super::super) justification: Option<String>,
    pub(in super::super) status: String,
    pub(in super::super) owner: Option<String>,
    pub(in super::super) at: Moment,
    pub(in super::super) by: String,
    pub(in super::super) retired: Option<Moment>,
    pub(in super::super) retired_reason: Option<String>,
}

#[derive(Deserialize)]
pub(in super::super) struct SaidEntry {
    pub(in super::super) control: String,
    pub(in super::super) applicable: Option<bool>,
    pub(in super::super) justification: Option<String>,
    pub(in super::super) status: String,
    pub(in super::super) owner: Option<String>,
    pub(in super::super) at: Moment,
    pub(in super::super) by: String,
}

#[derive(Deserialize)]
pub(in super::super) struct PerformanceEntry {
    pub(in super::super) case: String,
    pub(in super::super) control: String,
    pub(in super::super) performance: String,
    pub(in super::super) note: String,
    pub(in super::super) at: Moment,
    pub(in super::super) by: String,
}

#[derive(Deserialize)]
pub(in super::super) struct ChangeEntry {
    pub(in super::super) case: String,
    pub(in super::super) control: String,
    pub(in super::super) lesson: Option<String>,
    pub(in super::super) action: Option<String>,
    pub(in super::super) before: String,
    pub(in super::super) after: String,
    pub(in super::super) at: Moment,
    pub(in super::super) by: String,
}

#[derive(Deserialize)]
pub(in super::super) struct RiskEntry {
    pub(in super::super) id: String,
    pub(in super::super) title: String,
    pub(in super::super) description: Option<String>,
    pub(in super::super) owner: String,
    pub(in super::super) treatment: String,
    pub(in super::super) likelihood: u8,
    pub(in super::super) impact: u8,
    pub(in super::super) why: String,
    pub(in super::super) case: Option<String>,
    pub(in super::super) controls: Vec<String>,
    pub(in super::super) at: Moment,
    pub(in super::super) by: String,
    pub(in super::super) accepted: Option<Moment>,
}

#[derive(Deserialize)]
pub(in super::super) struct LookEntry {
    pub(in super::super) risk: String,
    pub(in super::super) likelihood: u8,
    pub(in super::super) impact: u8,
    pub(in super::super) why: String,
    pub(in super::super) case: Option<String>,
    pub(in super::super) lesson: Option<String>,
    pub(in super::super) at: Moment,
    pub(in super::super) by: String,
    pub(in super::super) accepted: Option<Moment>,
}

#[derive(Deserialize)]
pub(in super::super) struct DeclarationEntry {
    pub(in super::super) case: String,
    pub(in super::super) link: String,
    pub(in super::super) reason: String,
    pub(in super::super) at: Moment,
    pub(in super::super) by: String,
    pub(in super::super) approved: Option<Moment>,
    pub(in super::super) approver: Option<String>,
}
