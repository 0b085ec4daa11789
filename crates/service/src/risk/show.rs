//! The list of risks with its picture, and one risk.

use nevertwice_domain::control::ControlRef;
use nevertwice_domain::permission::{Relation, Scope, Verb};
use nevertwice_domain::reference::RiskRef;
use nevertwice_domain::risk::{Band, Rating, Risk, RiskState};
use nevertwice_domain::text::Line;
use nevertwice_store::{control as controls, risk as risks};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::heat::HeatView;
use super::view::view_of;
use super::{RiskOutline, RiskView, outlines, readable};
use crate::error::ServiceError;
use crate::person::named;
use crate::service::Unit;
use crate::use_case::{Asked, UseCase};

/// Lists risks, in order of their references: every one for whoever reads risks, one's own otherwise.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct ListRisks {
    /// How many at most, up to 1,000.
    pub limit: usize,
    /// Where the list goes on: `next` of the page before.
    #[serde(default)]
    pub after: Option<RiskRef>,
    /// Those that are open, or closed.
    #[serde(default)]
    pub state: Option<RiskState>,
    /// Those of a band.
    #[serde(default)]
    pub band: Option<Band>,
    /// Those that somebody answers for.
    #[serde(default)]
    pub owner: Option<Line>,
    /// Those that are so likely.
    #[serde(default)]
    pub likelihood: Option<Rating>,
    /// Those that are so bad.
    #[serde(default)]
    pub impact: Option<Rating>,
    /// Those that a control keeps small.
    #[serde(default)]
    pub control: Option<ControlRef>,
    /// Those of which their owner accepted what remains, or those that wait for it.
    #[serde(default)]
    pub accepted: Option<bool>,
    /// Likelihood and impact are as they were at the first look, as in the picture of before.
    #[serde(default)]
    pub at_first: bool,
}

/// A page of risks.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RiskList {
    /// How many there are in all, of those that the caller may see and asked for.
    pub total: u64,
    /// This page.
    pub items: Vec<RiskOutline>,
    /// What the next page is asked for with; none at the end.
    pub next: Option<String>,
    /// Every open risk that the caller may see, by likelihood and impact.
    pub heat: HeatView,
}

/// Shows a risk.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowRisk {
    /// Its reference.
    pub risk: RiskRef,
}

impl UseCase for ShowRisk {
    type Output = RiskView;
    const NAME: &'static str = "show_risk";

    fn run(self, asked: &Asked<'_>) -> Result<RiskView, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            let risk = readable(unit, self.risk)?;
            view_of(unit, &risk)
        })
    }
}

impl UseCase for ListRisks {
    type Output = RiskList;
    const NAME: &'static str = "list_risks";

    fn run(self, asked: &Asked<'_>) -> Result<RiskList, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            unit.caller.within(Scope::Read)?;
            if !(1..=1_000).contains(&self.limit) {
                let message = format!("expected 1 to 1000 rows, found {}", self.limit);
                return Err(ServiceError::invalid("limit", "risks.limit", message));
            }
            let mut found = known_risks(unit)?;
            let heat = HeatView::of(unit, &found)?;
            self.keep_wanted(unit, &mut found)?;
            let total = found.len() as u64;
            found.retain(|risk| self.after.is_none_or(|after| risk.reference > after));
            let is_more = found.len() > self.limit;
            found.truncate(self.limit);
            let next = found.last().filter(|_| is_more).map(|last| last.reference.to_string());
            Ok(RiskList { total, items: outlines(unit, &found)?, next, heat })
        })
    }
}

/// Every risk that the caller may know of.
fn known_risks(unit: &mut Unit<'_>) -> Result<Vec<Risk>, ServiceError> {
    let every = unit.caller.roles_allow(Verb::ReadRisk, Relation::default(), "risk").is_ok();
    if every {
        return Ok(risks::list(unit.tx)?);
    }
    let mut own = risks::of_owner(unit.tx, unit.caller.id())?;
    own.retain(|risk| super::may_know(&unit.caller, risk));
    Ok(own)
}

impl ListRisks {
    fn keep_wanted(&self, unit: &mut Unit<'_>, found: &mut Vec<Risk>) -> Result<(), ServiceError> {
        let owner = match &self.owner {
            Some(name) => Some(named(unit, name, "owner")?.id),
            None => None,
        };
        // A control of which nothing was said is linked to nothing.
        let control = match self.control {
            Some(reference) => Some(controls::find(unit.tx, reference)?.map(|control| control.id)),
            None => None,
        };
        found.retain(|risk| {
            let exposure = match self.at_first {
                true => risk.assessments().next().map_or(risk.exposure(), |first| first.after_exposure()),
                false => risk.exposure(),
            };
            self.state.is_none_or(|state| risk.state == state)
                && self.band.is_none_or(|band| exposure.band() == band)
                && self.accepted.is_none_or(|accepted| risk.is_accepted() == accepted)
                && self.likelihood.is_none_or(|likelihood| exposure.likelihood == likelihood)
                && self.impact.is_none_or(|impact| exposure.impact == impact)
                && owner.is_none_or(|owner| risk.owner_id == owner)
                && control.is_none_or(|control| control.is_some_and(|id| risk.controls.contains(&id)))
        });
        Ok(())
    }
}
