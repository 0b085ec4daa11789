//! A running server whose disk fails.

use std::fs;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use crate::prove::client::{Answer, Client};
use crate::prove::known::{Known, completion, evidence_content, new_action, new_case, new_evidence};
use crate::prove::look::look;
use crate::prove::server::Serving;
use crate::prove::shim::Blow;
use crate::prove::strike::{Bench, Counted, Place, calls_in, clear_of_server};

/// What the server was asked for, and what it said.
#[derive(Default)]
struct Talk {
    known: Known,
    asked_cases: usize,
    refused: u32,
}

/// How many calls a server makes that change files, from its start to its end, when it is asked for everything here.
///
/// # Errors
/// It refuses something.
pub(crate) fn calls(bench: &Bench<'_>) -> anyhow::Result<u32> {
    let place = bench.place(None, usize::MAX)?;
    let mut command = bench.program.on(&place.data(), &["serve"]);
    bench.shim.count(&mut command, &place.disk, &place.log());
    let serving = Serving::of(&mut command)?;
    let talk = ask_for_everything(bench, &place)?;
    serving.stop()?;
    if talk.refused > 0 {
        bail!("nothing strikes, and yet the server refuses something");
    }
    calls_in(&place.log())
}

/// Strikes once, and looks at what is left.
///
/// # Errors
/// An answer is neither success nor a clear error, the server does not go on after one fault, or something is lost.
pub(crate) fn strike(bench: &Bench<'_>, number: usize, blow: Blow, call: u32) -> anyhow::Result<Counted> {
    let place = bench.place(None, number)?;
    let mut command = bench.program.on(&place.data(), &["serve"]);
    bench.shim.strike(&mut command, &place.disk, &place.log(), blow, call);
    let mut talk = Talk { known: bench.known.clone(), ..Talk::default() };
    let mut counted = Counted::Done;
    match Serving::of_or_refused(&mut command).with_context(|| struck(&place))? {
        Ok(serving) => {
            talk = ask_for_everything(bench, &place).with_context(|| struck(&place))?;
            if talk.refused > 0 {
                counted = Counted::Refused;
            }
            if matches!(blow, Blow::Fail { lasting: false, .. }) {
                goes_on(&place, &mut talk).with_context(|| struck(&place))?;
            }
            // It ends; with an error if the fault stays.
            serving.stop().ok();
        }
        Err(refused) => {
            clear_of_server(refused.code, &refused.words).with_context(|| struck(&place))?;
            counted = Counted::Refused;
        }
    }
    if struck(&place).is_empty() {
        return Ok(Counted::Missed);
    }
    afterwards(bench, &place, &talk).with_context(|| struck(&place))?;
    Ok(counted)
}

/// The call that was struck.
fn struck(place: &Place) -> String {
    fs::read_to_string(place.log()).unwrap_or_default().trim().to_owned()
}

/// After a fault that passed, at the latest the second case is taken in again.
fn goes_on(place: &Place, talk: &mut Talk) -> anyhow::Result<()> {
    let client = Client::of(&place.data());
    for _ in 0..2 {
        if talk.ask(&client, "report_case", &new_case("After the fault"))?.is_some() {
            return Ok(());
        }
    }
    bail!("the fault has passed, and the server still refuses to report a case")
}

/// With the disk in order, everything acknowledged is there, and nothing that nobody asked for.
fn afterwards(bench: &Bench<'_>, place: &Place, talk: &Talk) -> anyhow::Result<()> {
    let data = place.data();
    let serving = Serving::of(&mut bench.program.on(&data, &["serve"]))?;
    let client = Client::of(&data);
    let (found, most) = (client.every("list_cases")?.len(), bench.known.cases.len() + talk.asked_cases);
    if found > most {
        bail!("{found} cases, but only {most} were asked for");
    }
    look(&client, &data, &talk.known)?;
    serving.kill().map(drop)
}

fn ask_for_everything(bench: &Bench<'_>, place: &Place) -> anyhow::Result<Talk> {
    let client = Client::of(&place.data());
    let mut talk = Talk { known: bench.known.clone(), ..Talk::default() };
    for number in 0..3 {
        let Some(case) = talk.ask(&client, "report_case", &new_case(&format!("Fault {number}")))? else {
            continue;
        };
        let case = case["reference"].as_str().context("a case without a reference")?;
        let name = format!("{case} while the disk fails");
        let file = place.folder().join(format!("paper-{number}"));
        fs::write(&file, evidence_content(&name))?;
        talk.ask(&client, "add_evidence", &new_evidence(case, &name, &file))?;
        let action = talk.ask(&client, "new_action", &new_action(case, "Get another disk"))?;
        if let Some(action) = action.as_ref().and_then(|action| action["reference"].as_str()) {
            talk.ask(&client, "complete_action", &completion(action))?;
        }
        let search = json!({"query": "fault", "limit": 5, "after": null, "sort": null});
        talk.ask(&client, "list_cases", &search)?;
    }
    talk.ask(&client, "make_checkpoint", &json!({}))?;
    talk.ask(&client, "rebuild_index", &json!({}))?;
    let backup = json!({"out": place.disk.join("backup"), "with_keys": false});
    talk.ask(&client, "create_backup", &backup)?;
    let bundle = json!({"cases": [], "out": place.disk.join("bundle")});
    talk.ask(&client, "export_bundle", &bundle)?;
    Ok(talk)
}

impl Talk {
    /// Asks, and remembers the answer; nothing if it is refused.
    fn ask(&mut self, client: &Client, name: &str, input: &Value) -> anyhow::Result<Option<Value>> {
        self.asked_cases += usize::from(name == "report_case");
        match client.ask(name, input) {
            Answer::Done(outcome) => {
                self.known.learn(&outcome);
                return Ok(Some(outcome));
            }
            Answer::Refused(kind, message) => {
                if kind.starts_with("internal") || kind == "no server" || message.is_empty() {
                    bail!("{name}: no clear error: {kind}: {message}");
                }
            }
            Answer::Unknown(message) => {
                if message.starts_with("cut") {
                    bail!("{name}: the server went away: {message}");
                }
            }
        }
        self.refused += 1;
        Ok(None)
    }
}
