//! What an action costs.

use nevertwice_domain::money::Money;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::ActionRef;
use serde::{Deserialize, Serialize};

use super::ActionView;
use super::step::{allowed, finish};
use crate::case::same_version;
use crate::error::ServiceError;
use crate::service::Unit;
use crate::set::Set;
use crate::use_case::Change;

/// Says what an action is thought to cost, and what it did cost; what is absent stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetActionCost {
    /// The action.
    pub action: ActionRef,
    /// The version that the caller saw.
    #[serde(default)]
    pub version: Option<u64>,
    /// What it is thought to cost.
    pub planned: Option<Set<Money>>,
    /// What it did cost.
    pub actual: Option<Set<Money>>,
}

impl Change for SetActionCost {
    type Output = ActionView;
    const NAME: &'static str = "set_action_cost";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ActionView, ServiceError> {
        let (before, _) = allowed(unit, self.action, Verb::EditCase)?;
        same_version(&self.action, before.version, self.version)?;
        let planned = self.planned.clone().map(Set::into_option);
        let actual = self.actual.clone().map(Set::into_option);
        let after = before.clone().with_cost(planned, actual)?;
        finish(unit, &before, &after)
    }
}
