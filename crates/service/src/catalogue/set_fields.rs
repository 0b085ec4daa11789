//! Values of the company's own fields, on whatever has some.

use std::collections::BTreeMap;

use nevertwice_domain::asset::Asset;
use nevertwice_domain::field::{FieldChange, FieldSubject, FieldValues, change_values};
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::{ActionRef, AssetRef, CaseRef, LessonRef, SupplierRef};
use nevertwice_domain::supplier::Supplier;
use nevertwice_domain::text::Line;
use nevertwice_store::{action as actions, case as cases, catalogue, lesson as lessons};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{FieldInput, asset_named, checked_fields, field_values, supplier_named};
use crate::error::ServiceError;
use crate::service::Unit;
use crate::use_case::Change;
use crate::{action, case, lesson};

/// What has values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldOwner {
    /// A case.
    Case(CaseRef),
    /// A lesson.
    Lesson(LessonRef),
    /// An action.
    Action(ActionRef),
    /// An AI asset.
    Asset(AssetRef),
    /// A supplier.
    Supplier(SupplierRef),
}

/// Sets values of the company's own fields.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetFields {
    /// On what.
    pub owner: FieldOwner,
    /// The values.
    pub values: Vec<FieldInput>,
}

/// The values of a record.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FieldValuesView {
    /// The record.
    pub reference: String,
    /// Its values by the short names of their fields.
    pub fields: BTreeMap<String, String>,
}

impl FieldOwner {
    /// Reads a reference of anything that has values.
    ///
    /// # Errors
    /// It is none, in words for people.
    pub fn parse(text: &str) -> Result<Self, String> {
        None.or_else(|| text.parse().ok().map(Self::Case))
            .or_else(|| text.parse().ok().map(Self::Lesson))
            .or_else(|| text.parse().ok().map(Self::Action))
            .or_else(|| text.parse().ok().map(Self::Asset))
            .or_else(|| text.parse().ok().map(Self::Supplier))
            .ok_or_else(|| {
                format!("expected the reference of a case, lesson, action, asset or supplier, found {text:?}")
            })
    }

    fn subject(self) -> FieldSubject {
        match self {
            Self::Case(_) => FieldSubject::Case,
            Self::Lesson(_) => FieldSubject::Lesson,
            Self::Action(_) => FieldSubject::Action,
            Self::Asset(_) => FieldSubject::Asset,
            Self::Supplier(_) => FieldSubject::Supplier,
        }
    }
}

impl Change for SetFields {
    type Output = FieldValuesView;
    const NAME: &'static str = "set_fields";

    fn change(&self, unit: &mut Unit<'_>) -> Result<FieldValuesView, ServiceError> {
        let target = Target::find(unit, self.owner)?;
        let changes = checked_fields(unit, self.owner.subject(), &self.values)?;
        let (reference, values) = target.change(unit, changes)?;
        Ok(FieldValuesView { reference, fields: field_values(unit, &values)? })
    }
}

/// A record that the caller may change.
enum Target {
    Case(nevertwice_domain::case::Case),
    Lesson(nevertwice_domain::lesson::Lesson),
    Action(nevertwice_domain::action::Action),
    Asset(Asset),
    Supplier(Supplier),
}

impl Target {
    fn find(unit: &mut Unit<'_>, owner: FieldOwner) -> Result<Self, ServiceError> {
        Ok(match owner {
            FieldOwner::Case(reference) => Self::Case(case::editable(unit, reference, None)?),
            FieldOwner::Lesson(reference) => Self::Lesson(lesson::allowed(unit, reference, Verb::EditCase)?),
            FieldOwner::Action(reference) => {
                Self::Action(action::allowed(unit, reference, Verb::EditCase)?.0)
            }
            FieldOwner::Asset(reference) => {
                unit.caller.may(Verb::EditCatalogue)?;
                Self::Asset(asset_named(unit, &name(reference)?)?)
            }
            FieldOwner::Supplier(reference) => {
                unit.caller.may(Verb::EditCatalogue)?;
                Self::Supplier(supplier_named(unit, &name(reference)?)?)
            }
        })
    }

    /// Writes the values, unless they are there already; gives the reference and all values.
    fn change(
        self,
        unit: &mut Unit<'_>,
        changes: Vec<FieldChange>,
    ) -> Result<(String, FieldValues), ServiceError> {
        let mut values = self.values().clone();
        change_values(&mut values, changes.clone());
        if values == *self.values() {
            return Ok((self.reference(), values));
        }
        match &self {
            Self::Case(before) => {
                let after = before.clone().edit(nevertwice_domain::case::CaseEdit {
                    fields: changes,
                    ..nevertwice_domain::case::CaseEdit::default()
                })?;
                cases::save(unit.tx, before, &after)?;
            }
            Self::Lesson(before) => {
                lessons::save(unit.tx, before, &before.clone().with_values(changes))?;
            }
            Self::Action(before) => {
                actions::save(unit.tx, before, &before.clone().with_values(changes))?;
            }
            Self::Asset(before) => {
                let after = Asset { fields: values.clone(), ..before.clone() };
                catalogue::save_asset(unit.tx, before, after)?;
            }
            Self::Supplier(before) => {
                let after = Supplier { fields: values.clone(), ..before.clone() };
                catalogue::save_supplier(unit.tx, before, after)?;
            }
        }
        Ok((self.reference(), values))
    }

    fn values(&self) -> &FieldValues {
        match self {
            Self::Case(case) => &case.fields,
            Self::Lesson(lesson) => &lesson.fields,
            Self::Action(action) => &action.fields,
            Self::Asset(asset) => &asset.fields,
            Self::Supplier(supplier) => &supplier.fields,
        }
    }

    fn reference(&self) -> String {
        match self {
            Self::Case(case) => case.reference.to_string(),
            Self::Lesson(lesson) => lesson.reference.to_string(),
            Self::Action(action) => action.reference.to_string(),
            Self::Asset(asset) => asset.reference.to_string(),
            Self::Supplier(supplier) => supplier.reference.to_string(),
        }
    }
}

fn name(reference: impl std::fmt::Display) -> Result<Line, ServiceError> {
    Line::parse(&reference.to_string()).map_err(ServiceError::internal)
}
