//! What must hold of a register, whatever was done to the server.

use std::collections::BTreeSet;

use anyhow::{Context as _, bail};
use serde_json::json;

use super::client::Client;
use crate::program::{Register, output};

/// Every acknowledged case is there, no number is missing between the first and the last, and the trail verifies.
///
/// # Errors
/// When that is not so.
pub(crate) fn check_register(register: &Register<'_>, acknowledged: &BTreeSet<String>) -> anyhow::Result<()> {
    let mut next: Option<String> = None;
    let mut found = BTreeSet::new();
    loop {
        let mut words = vec!["case", "list", "--limit", "1000"];
        if let Some(next) = &next {
            words.extend(["--after", next]);
        }
        let page = register.json(&words)?;
        let items = page["items"].as_array().context("a list without items")?;
        found.extend(items.iter().filter_map(|case| Some(case["reference"].as_str()?.to_owned())));
        match page["next"].as_str() {
            Some(more) => next = Some(more.to_owned()),
            None => break,
        }
    }
    if let Some(lost) = acknowledged.difference(&found).next() {
        bail!("{lost} was acknowledged and is lost");
    }
    let numbers: BTreeSet<u64> =
        found.iter().filter_map(|reference| reference.rsplit('-').next()?.parse().ok()).collect();
    if numbers.last().is_some_and(|last| *last != numbers.len() as u64) {
        bail!("{} cases, but the highest number is {:?}: there is a gap", numbers.len(), numbers.last());
    }
    output(&mut register.command(&["trail", "verify"]))?;
    Ok(())
}

/// `doctor` finds nothing and the trail verifies, as a running server says; gives the number of the trail's entries.
///
/// # Errors
/// When that is not so.
pub(crate) fn sound(server: &Client) -> anyhow::Result<u64> {
    let trail = server.get("verify_trail", &json!({}))?;
    if trail["ok"] != true {
        bail!("trail verify: {}", trail["findings"]);
    }
    let health = server.get("doctor", &json!({}))?;
    if health["ok"] != true {
        bail!("doctor: {}", health["checks"]);
    }
    trail["entries"].as_u64().context("`verify_trail` counts no entries")
}
