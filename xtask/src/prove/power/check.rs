//! What the real program finds in a folder that a power cut left.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use super::super::client::Client;
use super::super::server::Serving;
use super::known::{Known, evidence_content};
use super::load::new_case;
use crate::program::{Program, output};

/// Opens the register in `data` and looks whether everything known is there and whole, whether the numbers are
/// gapless, the trail verifies, the doctor is content, and a new case gets the next number.
///
/// # Errors
/// What is not so.
pub(crate) fn check(program: &Program, data: &Path, known: &Known) -> anyhow::Result<()> {
    if !known.founded && begins_again(program, data)? {
        return Ok(());
    }
    let serving = Serving::of(&mut command(program, data, &["serve"]))?;
    let result = look(&Client::of(data), data, known);
    serving.kill()?;
    result
}

/// The program on a folder.
pub(crate) fn command(program: &Program, data: &Path, words: &[&str]) -> Command {
    let mut command = program.command();
    command.arg("--data").arg(data).args(words);
    command
}

/// Before `init` has answered there is either a register or room for one: then it is made now.
fn begins_again(program: &Program, data: &Path) -> anyhow::Result<bool> {
    if output(&mut command(program, data, &["case", "list", "--json"])).is_ok() {
        return Ok(false);
    }
    output(&mut command(program, data, &["init", "--person", "proof"]))
        .context("a register whose setting up was cut off cannot be set up again")?;
    let report = output(&mut command(program, data, &["trail", "verify", "--json"]))?;
    expect_ok(&serde_json::from_str(&report)?)?;
    Ok(true)
}

fn look(client: &Client, data: &Path, known: &Known) -> anyhow::Result<()> {
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
        let found = fs::read(&path).with_context(|| format!("the acknowledged evidence {name:?} is lost"))?;
        if found != evidence_content(name) {
            bail!("the acknowledged evidence {name:?} is damaged: {} bytes", found.len());
        }
    }
    let Some((case, sha256)) = &known.latest else { return Ok(()) };
    let shown = client.get("show_case", &json!({ "case": case }))?;
    if !shown.to_string().contains(sha256) {
        bail!("{case} does not name the acknowledged evidence {sha256}");
    }
    Ok(())
}

fn expect_ok(report: &Value) -> anyhow::Result<()> {
    if report["ok"] == true {
        return Ok(());
    }
    bail!("not all is well: {report}")
}
