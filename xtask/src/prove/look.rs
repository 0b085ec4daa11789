//! What a server finds in a register to which something was done.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use super::client::Client;
use super::known::{Evidence, Known, evidence_content, new_case};
use super::register::{gapless, references, sound};

/// How every complaint about acknowledged evidence that is lost or damaged begins.
pub(crate) const EVIDENCE_LOST: &str = "the acknowledged evidence";

/// How every complaint about an acknowledged record that is not there ends.
pub(crate) const RECORD_LOST: &str = "was acknowledged and is lost";

/// Looks whether everything known is there and whole, whether the numbers are gapless, the trail verifies, the doctor
/// is content, and a new case gets the next number.
///
/// # Errors
/// What is not so.
pub(crate) fn look(client: &Client, data: &Path, known: &Known) -> anyhow::Result<()> {
    let cases = client.every("list_cases")?;
    let highest = gapless("cases", references(&cases))?;
    for (reference, title) in &known.cases {
        let found = cases.iter().find(|case| case["reference"] == reference.as_str());
        let found = found.with_context(|| format!("{reference} {RECORD_LOST}"))?;
        if found["title"] != title.as_str() {
            bail!("{reference}: expected the title {title:?}, found {}", found["title"]);
        }
    }
    look_at_actions(client, known)?;
    look_at_evidence(client, data, known)?;
    sound(client)?;
    let next = client.get("report_case", &new_case("After the power cut"))?;
    let number = next["reference"].as_str().and_then(|reference| reference.rsplit('-').next()?.parse().ok());
    if number != Some(highest + 1) {
        bail!("after number {highest} a new case got {}", next["reference"]);
    }
    Ok(())
}

fn look_at_actions(client: &Client, known: &Known) -> anyhow::Result<()> {
    let actions = client.every("list_actions")?;
    for (reference, completed) in &known.actions {
        let found = actions.iter().find(|action| action["reference"] == reference.as_str());
        let found = found.with_context(|| format!("{reference} {RECORD_LOST}"))?;
        if *completed && found["state"] != "done" {
            bail!("{reference} was acknowledged as done, and is {}", found["state"]);
        }
    }
    Ok(())
}

/// Every file byte by byte, and every record of one.
fn look_at_evidence(client: &Client, data: &Path, known: &Known) -> anyhow::Result<()> {
    let mut shown: BTreeMap<&str, Value> = BTreeMap::new();
    for (sha256, Evidence { case, name }) in &known.evidence {
        let path = data.join("evidence").join(sha256);
        let found = fs::read(&path).with_context(|| format!("{EVIDENCE_LOST} {name:?} is lost"))?;
        if found != evidence_content(name) {
            bail!("{EVIDENCE_LOST} {name:?} is damaged: {} bytes", found.len());
        }
        if !shown.contains_key(case.as_str()) {
            shown.insert(case, client.get("show_case", &json!({ "case": case }))?);
        }
        let records = shown[case.as_str()]["evidence"].as_array();
        let is_it = |record: &Value| record["sha256"] == sha256.as_str() && record["name"] == name.as_str();
        if !records.is_some_and(|records| records.iter().any(is_it)) {
            bail!("{case} does not name the evidence {name:?}, which was acknowledged");
        }
    }
    Ok(())
}

/// Whether a report of the register on itself says that all is well.
///
/// # Errors
/// It does not: the report.
pub(crate) fn expect_ok(report: &Value) -> anyhow::Result<()> {
    if report["ok"] == true {
        return Ok(());
    }
    bail!("not all is well: {report}")
}
