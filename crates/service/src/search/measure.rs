//! Counting: figures over what the caller may see, or over the whole register.

use std::collections::BTreeMap;

use nevertwice_domain::measure::{DateBasis, Dimension};
use nevertwice_domain::permission::Verb;
use nevertwice_index::{Facet, Scope};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::query::{prepare, refuse_without_cases};
use crate::error::ServiceError;
use crate::use_case::{Asked, UseCase};

/// Counts cases by year, month, class, …
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MeasureVolume {
    /// By what, in this order.
    pub by: Vec<Dimension>,
    /// Under which date a case is counted.
    pub date: DateBasis,
    /// Which cases; all if empty.
    pub query: String,
    /// Over the whole register instead of what the caller may see.
    pub register: bool,
}

/// Counts of cases.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct VolumeView {
    /// Whose cases: `viewer`, what the caller may see, or `register`, all of them.
    pub scope: String,
    /// How many cases were counted.
    pub n: u64,
    /// The groups, in the order of their keys, unknown last.
    pub groups: Vec<GroupView>,
    /// How many of the counted cases lack at least one of the values that they are grouped by.
    pub missing: u64,
    /// How many cases were not counted, by reason: `void`, `part_of`.
    pub left_out: BTreeMap<String, u64>,
    /// How many of the counted cases are in no group because the group would be so small that it gave them away.
    pub withheld: u64,
}

/// A group of cases.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct GroupView {
    /// The value of each dimension; null stands for unknown.
    #[schema(value_type = Object)]
    pub key: serde_json::Map<String, serde_json::Value>,
    /// How many.
    pub count: u64,
}

/// Counts values of fields beside a list.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Facets {
    /// Which records; all cases if empty.
    pub query: String,
    /// How many values of each at most.
    pub limit: usize,
}

/// The values of one field.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FacetView {
    /// The field.
    pub facet: String,
    /// Values with their counts, the most frequent first.
    pub values: Vec<FacetValue>,
}

/// A value of a field.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FacetValue {
    /// The value; none stands for "unknown".
    pub value: Option<String>,
    /// How many records have it.
    pub count: u64,
}

impl UseCase for MeasureVolume {
    type Output = VolumeView;
    const NAME: &'static str = "measure_volume";

    fn run(self, asked: &Asked<'_>) -> Result<VolumeView, ServiceError> {
        let prepared = prepare(asked, &self.query, "kind:case")?;
        refuse_without_cases(&prepared.access)?;
        let scope = if self.register {
            asked.service.read(asked.identity, |unit| unit.caller.may(Verb::ReadRegister))?;
            Scope::Register
        } else {
            Scope::Viewer
        };
        let volume =
            prepared.index.volume(&prepared.compiled, &prepared.access, scope, &self.by, self.date)?;
        let mut json = serde_json::to_value(&volume).map_err(ServiceError::internal)?;
        json["scope"] = if self.register { "register" } else { "viewer" }.into();
        serde_json::from_value(json).map_err(ServiceError::internal)
    }
}

impl UseCase for Facets {
    type Output = Vec<FacetView>;
    const NAME: &'static str = "facets";

    fn run(self, asked: &Asked<'_>) -> Result<Vec<FacetView>, ServiceError> {
        let prepared = prepare(asked, &self.query, "kind:case")?;
        let facets = [Facet::Class, Facet::State, Facet::Severity, Facet::Category, Facet::Year, Facet::Tag];
        let counts = prepared.index.facets(&prepared.compiled, &prepared.access, &facets, self.limit)?;
        Ok(counts
            .into_iter()
            .map(|counts| FacetView {
                facet: format!("{:?}", counts.facet).to_lowercase(),
                values: counts.values.into_iter().map(|(value, count)| FacetValue { value, count }).collect(),
            })
            .collect())
    }
}
