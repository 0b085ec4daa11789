//! What a server finds in a register to which something was done.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use super::client::Client;
use super::known::{Known, evidence_content, new_case};

/// How every complaint about acknowledged evidence that is lost or damaged begins.
pub(crate) const EVIDENCE_LOST: &str = "the acknowledged evidence";

/// Looks whether everything known is there and whole, whether the numbers are gapless, the trail verifies, the doctor
/// is content, and a new case gets the next number.
///
/// # Errors
/// What is not so.
pub(crate) fn look(client: &Client, data: &Path, known: &Known) -> anyhow::Result<()> {
    let cases = client.every("list_cases")?;
    let numbers: BTreeSet<u64> = cases
        .iter()
        .filter_map(|case| case["reference"].as_str()?.rsplit('-').next()?.parse().ok())
        .collect();
    let highest = numbers.last().copied().unwrap_or_default();
    if numbers.len() as u64 != highest || numbers.len() != cases.len() {
        bail!("{} cases, but the highest number is {highest}: there is a gap", cases.len());
    }
    for (reference, title) in &known.cases {
        let found = cases.iter().find(|case| case["reference"] == reference.as_str());
        let found = found.with_context(|| format!("{reference} was acknowledged and is lost"))?;
        if found["title"] != title.as_str() {
            bail!("{reference}: expected the title {title:?}, found {}", found["title"]);
        }
    }
    look_at_actions(client, known)?;
    look_at_evidence(client, data, known)?;
    let health = client.get("doctor", &json!({}))?;
    expect_ok(&health)?;
    expect_ok(&client.get("verify_trail", &json!({}))?)?;
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
        let found = found.with_context(|| format!("{reference} was acknowledged and is lost"))?;
        if *completed && found["state"] != "done" {
            bail!("{reference} was acknowledged as done, and is {}", found["state"]);
        }
    }
    Ok(())
}

/// Every file byte by byte; that its record is there, by the case that got the latest one.
fn look_at_evidence(client: &Client, data: &Path, known: &Known) -> anyhow::Result<()> {
    for (sha256, name) in &known.evidence {
        let path = data.join("evidence").join(sha256);
        let found = fs::read(&path).with_context(|| format!("{EVIDENCE_LOST} {name:?} is lost"))?;
        if found != evidence_content(name) {
            bail!("{EVIDENCE_LOST} {name:?} is damaged: {} bytes", found.len());
        }
    }
    let Some((case, sha256)) = &known.latest else { return Ok(()) };
    let shown = client.get("show_case", &json!({ "case": case }))?;
    if !shown.to_string().contains(sha256) {
        bail!("{case} does not name the evidence {sha256}, which was acknowledged");
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
