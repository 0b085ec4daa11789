//! What the trail knows of secrets, and an archive must not.
//!
//! A token's row is left out of an archive. Its values stand beside the trail's entries too, so they are withheld
//! there: value and salt give way to the marker of an erased value. The leaf stays as it is, and with it the tree.

use nevertwice_trail::Disclosures;

use crate::engine::{Row, Value};
use crate::error::StoreError;

/// How fields of a token begin.
const TOKENS: &str = "tokens/";

/// Whether an archive has the marker of an erased value in place of this field's value.
pub(crate) fn is_withheld(field: &str) -> bool {
    field.starts_with(TOKENS)
}

/// The values of an entry's row with the secrets among its disclosures withheld.
pub(super) fn without_secrets(row: &Row) -> Result<Vec<Value>, StoreError> {
    let mut values = row.values().to_vec();
    let place = row.columns().iter().position(|column| column == "disclosures");
    let Some(Value::Text(blob)) = place.and_then(|at| values.get_mut(at)) else { return Ok(values) };
    // Most entries have none: looking for the text spares taking the blob apart.
    if blob.contains(TOKENS) {
        let withheld = withheld(blob).map_err(|detail| row.corrupt("disclosures", detail))?;
        *blob = withheld;
    }
    Ok(values)
}

fn withheld(blob: &str) -> Result<String, String> {
    let mut disclosures = Disclosures::decode(blob.as_bytes()).map_err(|error| error.to_string())?;
    let fields: Vec<String> = disclosures
        .iter()
        .map(|(field, _)| field)
        .filter(|field| is_withheld(field))
        .map(str::to_owned)
        .collect();
    for field in &fields {
        disclosures.erase(field).map_err(|error| error.to_string())?;
    }
    let bytes = disclosures.encode().map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|error| error.to_string())
}
