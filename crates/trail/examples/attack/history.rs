//! Another history: entries changed, invented, left out or in another order, each as well made as its maker can.

use serde_json::{Value, json};

use crate::attempt::Case;
use crate::bundle::{Bundle, CHECKPOINT};
use crate::random::Random;

/// One member of an entry changed; the entry keeps every rule.
pub(crate) fn entry_changed(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let place = *random.pick(&bundle.places("leaf "))?;
    let mut entry = bundle.json(place)?;
    let id = format!("00000000-0000-4000-8000-{:012x}", random.next() >> 16);
    match random.below(7)? {
        0 => entry["action"] = json!("edit_other"),
        1 => entry["actor"] = json!(id),
        2 => entry["object"]["id"] = json!(id),
        3 => entry["object"]["kind"] = json!("other"),
        4 => entry["request"] = json!(id),
        5 => entry["result"] = json!(if entry["result"] == "ok" { "refused" } else { "ok" }),
        _ => entry["revision"] = json!(entry["revision"].as_u64()? + 1),
    }
    bundle.set_json(place, &entry)
}

/// A value changed with its commitment, as if it had been entered so.
pub(crate) fn value_rewritten(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let leaves = bundle.places("leaf ");
    let start = random.below(leaves.len())?;
    for place in leaves.iter().cycle().skip(start).take(leaves.len()) {
        let (mut entry, mut open) = (bundle.json(*place)?, bundle.json(place + 1)?);
        let values = entry.get_mut("values")?.as_array_mut()?;
        let Some(at) = random.below(values.len()) else { continue };
        let field = values[at]["field"].as_str()?.to_owned();
        let salt = [7; 16];
        let value = json!("rewritten");
        values[at]["commitment"] = json!(nevertwice_trail::commit(&field, &salt, &value).ok()?.to_string());
        open[&field] = json!(["07".repeat(16), value]);
        bundle.set_json(*place, &entry)?;
        return bundle.set_json(place + 1, &open);
    }
    None
}

/// An entry left out, the later ones numbered anew.
pub(crate) fn entry_left_out(case: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    crate::lines::entry_dropped(case, random, bundle)?;
    number_anew(bundle)
}

/// An entry invented, the later ones numbered anew.
pub(crate) fn entry_invented(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let place = *random.pick(&bundle.places("leaf "))?;
    let pair = bundle.lines.get(place..place + 2)?.to_vec();
    bundle.lines.splice(place..place, pair);
    let mut entry = bundle.json(place)?;
    entry["action"] = json!("invented");
    bundle.set_json(place, &entry)?;
    number_anew(bundle)
}

/// Two entries in each other's place, numbered and dated anew.
pub(crate) fn entries_exchanged(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let leaves = bundle.places("leaf ");
    let (one, other) = (*random.pick(&leaves)?, *random.pick(&leaves)?);
    for (upper, lower) in [(one, other), (one + 1, other + 1)] {
        bundle.lines.swap(upper, lower);
    }
    number_anew(bundle)
}

/// The history ends earlier.
pub(crate) fn end_cut_off(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let starts = [bundle.places("leaf "), bundle.places("hash ")].concat();
    let place = *random.pick(&starts)?;
    bundle.lines.drain(place..bundle.body().end);
    Some(())
}

/// An entry out of scope replaced: by another hash, or by an entry made up.
pub(crate) fn hidden_replaced(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let place = *random.pick(&bundle.places("hash "))?;
    let digits = format!("{:016x}{:016x}", random.next(), random.next());
    bundle.lines[place] = format!("hash {digits}{digits}").into_bytes();
    Some(())
}

/// An entry dated later or earlier.
pub(crate) fn entry_dated_otherwise(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let place = *random.pick(&bundle.places("leaf "))?;
    let mut entry = bundle.json(place)?;
    let at = entry["at"].as_str()?;
    let digit = at.len().checked_sub(2)?;
    let changed = if at[digit..].starts_with('9') { "8Z" } else { "9Z" };
    entry["at"] = json!(format!("{}{changed}", &at[..digit]));
    bundle.set_json(place, &entry)
}

/// The size in the checkpoint another, as text or as the number that a verifier would count to.
pub(crate) fn size_changed(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let size: u64 = std::str::from_utf8(&bundle.lines[CHECKPOINT.start + 1]).ok()?.parse().ok()?;
    let forms = [
        (size + 1).to_string(),
        size.saturating_sub(1).to_string(),
        "0".to_owned(),
        "1000000000".to_owned(),
        u64::MAX.to_string(),
        format!("0{size}"),
        format!("+{size}"),
        format!("{size}.0"),
        "9007199254740993".to_owned(),
    ];
    bundle.lines[CHECKPOINT.start + 1] = random.pick(&forms)?.clone().into_bytes();
    Some(())
}

/// An older checkpoint of the same history, signed by the true key, in the place of the new one.
pub(crate) fn older_checkpoint(case: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let size = random.below(bundle.leaf_hashes().len())?;
    let frontier = bundle.frontier(size);
    case.pen.sign_checkpoint_of(bundle, &frontier, frontier.size());
    Some(())
}

/// A checkpoint that the true key signed over another root or another size.
pub(crate) fn wrong_checkpoint(case: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let count = bundle.leaf_hashes().len();
    let size = u64::try_from(count).ok()?;
    match random.below(3)? {
        0 => case.pen.sign_checkpoint_of(bundle, &bundle.frontier(random.below(count)?), size),
        1 => case.pen.sign_checkpoint_of(bundle, &bundle.frontier(count), size + 1),
        _ => case.pen.sign_checkpoint_of(bundle, &bundle.frontier(count), 1_000_000_000),
    }
    Some(())
}

/// The same key, but another trail's name on header, checkpoint and seal.
pub(crate) fn other_origin(case: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let pen = case.pen.named("example.com/other");
    if random.next() & 1 == 0 {
        let mut header: Value = serde_json::from_slice(&bundle.lines[1]).ok()?;
        header["origin"] = json!(pen.origin);
        bundle.lines[1] = header.to_string().into_bytes();
    }
    pen.sign_checkpoint(bundle);
    if random.next() & 1 == 0 {
        pen.sign_seal(bundle);
    }
    Some(())
}

/// The header says something else.
pub(crate) fn header_changed(_: &Case<'_>, random: &mut Random, bundle: &mut Bundle) -> Option<()> {
    let mut header: Value = serde_json::from_slice(&bundle.lines[1]).ok()?;
    match random.below(4)? {
        0 => header["scope"] = json!("everything"),
        1 => header["store"] = json!("00000000-0000-4000-8000-000000000000"),
        2 => header["exported_at"] = json!("2020-01-01T00:00:00.000Z"),
        _ => header["origin"] = json!("example.com/other"),
    }
    bundle.lines[1] = header.to_string().into_bytes();
    Some(())
}

/// Gives every entry in scope the number of its place, and no time before that of an earlier one.
fn number_anew(bundle: &mut Bundle) -> Option<()> {
    let mut seq = 0_u64;
    let mut last = String::new();
    for place in bundle.body() {
        let line = &bundle.lines[place];
        seq += u64::from(line.starts_with(b"leaf ") || line.starts_with(b"hash "));
        if line.starts_with(b"leaf ") {
            let mut entry = bundle.json(place)?;
            entry["seq"] = json!(seq);
            // RFC 3339 with a fixed number of digits sorts as text.
            if entry["at"].as_str()? < last.as_str() {
                entry["at"] = json!(last);
            }
            entry["at"].as_str()?.clone_into(&mut last);
            bundle.set_json(place, &entry)?;
        }
    }
    Some(())
}
