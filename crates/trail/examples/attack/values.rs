//! What is disclosed beside the entries: values and salts exchanged, changed, added, taken away.

use serde_json::{Value, json};

use crate::attempt::Case;
use crate::bundle::Bundle;
use crate::random::Random;

/// A disclosure: its line, its field, its content.
struct Place {
    line: usize,
    field: String,
    content: Value,
}

/// A disclosure, open only if `open`.
fn pick(random: &mut Random, bundle: &Bundle, open: bool) -> Option<Place> {
    let lines = bundle.places("open ");
    let start = random.below(lines.len())?;
    // Entries without values are passed over.
    for line in lines.iter().cycle().skip(start).take(lines.len()) {
        let json = bundle.json(*line)?;
        let fields: Vec<_> =
            json.as_object()?.iter().filter(|(_, content)| content.is_array() == open).collect();
        if let Some((field, content)) = random.pick(&fields) {
            return Some(Place { line: *line, field: (*field).clone(), content: (*content).clone() });
        }
    }
    None
}

fn put(bundle: &mut Bundle, place: &Place, content: Value) -> Option<()> {
    let mut json = bundle.json(place.line)?;
    *json.get_mut(&place.field)? = content;
    bundle.set_json(place.line, &json)
}

/// Two values with their salts in each other's place, in one entry or in two.
pub(crate) fn disclosures_exchanged(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let (one, other) = (pick(random, bundle, true)?, pick(random, bundle, true)?);
    put(bundle, &one, other.content.clone())?;
    put(bundle, &other, one.content.clone())
}

/// Two values in each other's place, their salts where they were.
pub(crate) fn values_exchanged(case: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    exchanged(case, random, bundle, 1)
}

/// Two salts in each other's place.
pub(crate) fn salts_exchanged(case: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    exchanged(case, random, bundle, 0)
}

fn exchanged(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle, part: usize) -> Option<()> {
    let (one, other) = (pick(random, bundle, true)?, pick(random, bundle, true)?);
    let (mut first, mut second) = (one.content.clone(), other.content.clone());
    std::mem::swap(first.get_mut(part)?, second.get_mut(part)?);
    // One and the same place would be written twice.
    if one.line == other.line && one.field == other.field {
        return None;
    }
    put(bundle, &one, first)?;
    put(bundle, &other, second)
}

/// Another value under the same salt.
pub(crate) fn value_changed(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let place = pick(random, bundle, true)?;
    let mut content = place.content.clone();
    let value = content.get_mut(1)?;
    *value = match value.take() {
        Value::Null => json!(""),
        Value::Bool(truth) => json!(!truth),
        Value::Number(number) => json!(number.as_i64().map_or(0, |number| number.saturating_add(1))),
        Value::String(text) => match random.below(4)? {
            0 => json!(format!("{text} ")),
            1 => json!([text]),
            2 => json!(text.to_uppercase() + "x"),
            _ => Value::Null,
        },
        Value::Array(items) => json!({ "items": items }),
        Value::Object(members) => json!([members]),
    };
    put(bundle, &place, content)
}

/// Another salt over the same value.
pub(crate) fn salt_changed(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let place = pick(random, bundle, true)?;
    let mut content = place.content.clone();
    let salt = content.get_mut(0)?;
    let text = salt.as_str()?.to_owned();
    *salt = match random.below(4)? {
        0 => json!(format!("{:032x}", random.next())),
        1 => json!(text.chars().rev().chain(['0']).take(32).collect::<String>().replacen('0', "1", 1)),
        2 => json!(text.get(2..)?),
        _ => json!(format!("{text}00")),
    };
    put(bundle, &place, content)
}

/// A value that was erased given another, or one that is open given none.
pub(crate) fn erased_restored(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let place = pick(random, bundle, false)?;
    let guesses = [json!("secret"), Value::Null, json!(3), json!("erased"), json!("")];
    let guess = random.pick(&guesses)?.clone();
    put(bundle, &place, json!([format!("{:032x}", random.next()), guess]))
}

/// A member gone, added, or under the name of another field.
pub(crate) fn member_changed(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let place = pick(random, bundle, true)?;
    let mut json = bundle.json(place.line)?;
    let members = json.as_object_mut()?;
    match random.below(4)? {
        0 => drop(members.remove(&place.field)),
        1 => drop(members.insert(format!("{}x", place.field), place.content.clone())),
        2 => drop(members.insert("a".to_owned(), json!("erased"))),
        _ => {
            let content = members.remove(&place.field)?;
            members.insert(format!("{}x", place.field), content);
        }
    }
    bundle.set_json(place.line, &json)
}

/// Commitments of an entry exchanged, or one of them another's.
pub(crate) fn commitments_exchanged(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let (one, other) = (*random.pick(&bundle.places("leaf "))?, *random.pick(&bundle.places("leaf "))?);
    let (mut first, second) = (bundle.json(one)?, bundle.json(other)?);
    let value = random.pick(second.get("values")?.as_array()?)?.get("commitment")?.clone();
    let values = first.get_mut("values")?.as_array_mut()?;
    let place = random.below(values.len())?;
    *values.get_mut(place)?.get_mut("commitment")? = value;
    bundle.set_json(one, &first)
}

/// The marker of an erased value in the place of a value: that it is withheld cannot be seen.
pub(crate) fn value_withheld(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    withhold(random, bundle)
}

/// What erasing a value leaves behind.
pub(crate) fn withhold(random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let place = pick(random, bundle, true)?;
    put(bundle, &place, json!("erased"))
}
