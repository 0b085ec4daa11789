//! What the fields of a form take, for the description of the API: said once, by the fields themselves as pages show them.

use serde_json::{Value, json};

use crate::ui::{Choice, Field, FieldKind};

/// A day.
const DAY: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";
/// A day, or nothing.
pub(super) const DAY_OR_NONE: &str = "^([0-9]{4}-[0-9]{2}-[0-9]{2})?$";

/// Narrows the schema of a form to what its fields take.
pub(super) fn narrow(schema: &mut Value, fields: &[Field<'_>]) {
    let mut required = Vec::new();
    for field in fields {
        let Some(property) = schema.pointer_mut(&format!("/properties/{}", field.name)) else { continue };
        // What may be left as it is may be left out, however it is marked on the page.
        let is_partial = property["type"].is_array();
        let is_required = field.is_required && !is_partial;
        if let Some(values) = values(field, is_required, is_partial) {
            property["enum"] = values;
        }
        match field.kind {
            FieldKind::Day => property["pattern"] = if is_required { DAY } else { DAY_OR_NONE }.into(),
            FieldKind::Line | FieldKind::Prose { .. } if is_required => property["minLength"] = 1.into(),
            _ => {}
        }
        if is_required {
            required.push(field.name);
        }
    }
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
}

/// The texts that a field takes, if they are few.
fn values(field: &Field<'_>, is_required: bool, is_partial: bool) -> Option<Value> {
    let of = |choices: &[Choice]| choices.iter().map(|choice| json!(choice.value)).collect::<Vec<_>>();
    let mut values = match &field.kind {
        FieldKind::Select { choices, .. } | FieldKind::Radio { choices } => of(choices),
        FieldKind::Check => vec![json!("yes"), json!("no")],
        _ => return None,
    };
    if !is_required {
        values.push(json!(""));
    }
    if is_partial {
        values.push(Value::Null);
    }
    Some(Value::Array(values))
}
