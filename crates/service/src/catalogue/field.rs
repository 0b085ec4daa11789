//! Company-defined fields.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::field::{Field, FieldChange, FieldKey, FieldSubject, FieldType, FieldValues};
use nevertwice_domain::permission::Verb;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_store::catalogue;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::ServiceError;
use crate::person::named;
use crate::service::Unit;
use crate::use_case::{Asked, Change, UseCase};

/// A company-defined field.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct FieldView {
    /// What it belongs to: `case`, `lesson`, `action`, `asset` or `supplier`.
    pub subject: String,
    /// Its short name in queries: `field.KEY`.
    pub key: String,
    /// Its label.
    pub label: String,
    /// `text`, `number`, `date`, `choice`, `person` or `link`.
    pub kind: String,
    /// What may be chosen.
    pub choices: Vec<String>,
}

/// Defines a field.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewField {
    /// What it belongs to.
    pub subject: FieldSubject,
    /// Its label.
    pub label: Line,
    /// Its short name; made of the label if absent.
    pub key: Option<FieldKey>,
    /// What it holds.
    pub kind: FieldType,
    /// What may be chosen.
    pub choices: BTreeSet<Line>,
}

/// Lists the fields.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListFields {}

/// A value for a field; none clears it.
pub type FieldInput = (FieldKey, Option<Prose>);

impl Change for NewField {
    type Output = FieldView;
    const NAME: &'static str = "new_field";
    const ACTION: &'static str = "create_field";

    fn change(&self, unit: &mut Unit<'_>) -> Result<FieldView, ServiceError> {
        unit.caller.may(Verb::EditCatalogue)?;
        let key = self.key.clone().unwrap_or_else(|| FieldKey::from_label(self.label.as_str()));
        if catalogue::field(unit.tx, self.subject, &key)?.is_some() {
            let message = format!("there is a field {key} on {} already; choose another name", self.subject);
            return Err(ServiceError::invalid("key", "field.key_taken", message));
        }
        let field = Field {
            id: unit.moment.id(),
            version: 0,
            subject: self.subject,
            key,
            label: self.label.clone(),
            kind: self.kind,
            choices: self.choices.clone(),
            created_at: unit.moment.at,
        }
        .checked()?;
        catalogue::insert_field(unit.tx, &field)?;
        Ok(FieldView::of(&field))
    }
}

impl UseCase for ListFields {
    type Output = Vec<FieldView>;
    const NAME: &'static str = "list_fields";

    fn run(self, asked: &Asked<'_>) -> Result<Vec<FieldView>, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            unit.caller.may(Verb::ReadCatalogue)?;
            Ok(catalogue::fields(unit.tx)?.iter().map(FieldView::of).collect())
        })
    }
}

impl FieldView {
    fn of(field: &Field) -> Self {
        Self {
            subject: field.subject.to_string(),
            key: field.key.to_string(),
            label: field.label.to_string(),
            kind: field.kind.to_string(),
            choices: field.choices.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Checks values for the fields of `subject` and brings them into their written form.
///
/// # Errors
/// There is no such field, or a value does not fit.
pub(crate) fn checked_fields(
    unit: &mut Unit<'_>,
    subject: FieldSubject,
    values: &[FieldInput],
) -> Result<Vec<FieldChange>, ServiceError> {
    let mut checked = Vec::new();
    for (key, value) in values {
        let field = catalogue::field(unit.tx, subject, key)?.ok_or_else(|| {
            let message =
                format!("no {subject} has a field {key}; look at the list of fields, or define it first");
            ServiceError::invalid("fields", "field.unknown", message)
        })?;
        let value = value.as_ref().map(|text| field.value(text.as_str())).transpose()?;
        if field.kind == FieldType::Person
            && let Some(name) = value.as_ref().and_then(|text| Line::parse(text.as_str()).ok())
        {
            named(unit, &name, "fields")?;
        }
        checked.push((field.id, value));
    }
    Ok(checked)
}

/// Values by the short names of their fields, for people and programs.
///
/// # Errors
/// What the store reports.
pub(crate) fn field_values(
    unit: &mut Unit<'_>,
    values: &FieldValues,
) -> Result<BTreeMap<String, String>, ServiceError> {
    if values.is_empty() {
        return Ok(BTreeMap::new());
    }
    Ok(by_key(&catalogue::fields(unit.tx)?, values))
}

/// The same with the fields at hand.
pub(crate) fn by_key(fields: &[Field], values: &FieldValues) -> BTreeMap<String, String> {
    let value = |field: &Field| Some((field.key.to_string(), values.get(&field.id)?.to_string()));
    fields.iter().filter_map(value).collect()
}
