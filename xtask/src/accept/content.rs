//! Everything a register tells about its cases, without what may differ between two equal registers.

use anyhow::Context as _;
use serde_json::Value;

use crate::program::Register;

/// Every case as `case show --json` tells it, in the order of references.
///
/// # Errors
/// When the program fails.
pub(crate) fn cases(register: &Register<'_>) -> anyhow::Result<Vec<Value>> {
    let mut list = register.json(&["case", "list", "--limit", "1000"])?;
    let items = list["items"].as_array_mut().context("a list without items")?;
    let mut references: Vec<String> =
        items.iter().filter_map(|case| Some(case["reference"].as_str()?.to_owned())).collect();
    references.sort();
    references.iter().map(|reference| register.json(&["case", "show", reference])).collect()
}

/// A register's content: cases, actions, persons, suppliers, without ids and recorded times.
///
/// # Errors
/// When the program fails.
pub(crate) fn of(register: &Register<'_>) -> anyhow::Result<Value> {
    let mut content = vec![Value::Array(cases(register)?)];
    content.push(register.json(&["action", "list", "--limit", "1000"])?);
    for noun in ["person", "supplier"] {
        content.push(register.json(&[noun, "list"])?);
    }
    for list in &mut content {
        sort(list);
    }
    let mut content = Value::Array(content);
    blur(&mut content);
    Ok(content)
}

/// Puts a list into the order of its references or names: what was made in the same millisecond has no other order.
fn sort(list: &mut Value) {
    let items = if list.is_object() { &mut list["items"] } else { list };
    let key = |item: &Value| [&item["reference"], &item["name"]].map(|text| text.as_str().map(str::to_owned));
    if let Some(items) = items.as_array_mut() {
        items.sort_by_key(key);
    }
}

/// Removes ids and the times at which the program did something; what a case says about itself stays.
fn blur(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| {
                !name.ends_with("_at") && name != "at" && name != "sequence" && name != "next"
            });
            fields.values_mut().for_each(blur);
        }
        Value::Array(items) => items.iter_mut().for_each(blur),
        // A version of a cause begins with its id.
        Value::String(text) if is_id(text.split('.').next().unwrap_or_default()) => {
            *value = Value::String("id".to_owned());
        }
        _ => {}
    }
}

fn is_id(text: &str) -> bool {
    text.len() == 36
        && text.char_indices().all(|(at, letter)| match at {
            8 | 13 | 18 | 23 => letter == '-',
            _ => letter.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn ids_and_recorded_times_are_left_out_and_nothing_else() {
        let mut value = json!({
            "id": "0198c1f4-7a3e-7c11-9d20-0a1b2c3d4e5f",
            "recorded_at": "2026-03-01T10:00:00.000Z",
            "occurred": "2026-03",
            "entries": [{ "at": "2026-03-01T10:00:00.000Z", "text": "0198c1f4" }],
        });
        blur(&mut value);
        assert_eq!(value, json!({ "id": "id", "occurred": "2026-03", "entries": [{ "text": "0198c1f4" }] }));
    }
}
