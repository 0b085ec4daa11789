//! One case with about as much on it as a case ever has: the one that a page has to be fast for.

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::web::{Ask, Connection, Credential, Request, Site};

/// Entries of its timeline.
const ENTRIES: usize = 200;
/// Branches of its causes, each of [`DEPTH`]; the first why is of all of them.
const BRANCHES: usize = 8;
const DEPTH: usize = 5;
/// Its actions.
const ACTIONS: usize = 30;

/// The references of a full case and of its review.
pub(super) struct Full {
    pub(super) case: String,
    pub(super) review: String,
}

impl Full {
    /// Makes one as a program does; its actions are owed by somebody.
    ///
    /// # Errors
    /// When the server takes any of it for something else than it is.
    pub(super) fn make(site: &Site, who: &Credential, owner: &str) -> anyhow::Result<Full> {
        let mut told = Told { connection: site.connection(), who };
        let report = json!({ "title": "Files on the build servers were encrypted", "class": "incident" });
        let case = told.made("/api/v1/cases", &report)?;
        let at = |part: &str| format!("/api/v1/cases/{case}/{part}");
        told.it(
            &at("classification"),
            &json!({ "class": "incident", "severity": "4", "category": "malicious_code" }),
        )?;
        let decision = json!({ "decision": "incident", "criteria": "The build servers stood still." });
        told.it(&at("decision"), &decision)?;
        for number in 0..ENTRIES {
            let (day, hour) = (1 + number / 24, number % 24);
            let text =
                format!("Host {number} was taken off the net, and its disk kept for those who look at it.");
            let entry = json!({ "kind": "contained", "occurred": format!("2026-02-{day:02}T{hour:02}:00:00Z"), "text": text, "source": "log" });
            told.it(&at("timeline"), &entry)?;
        }
        told.it(&at("response"), &json!({ "responder": owner }))?;
        // Then the procedure opens its review.
        told.it(&at("resolution"), &json!({}))?;
        let shown = told.shown(&format!("/api/v1/cases/{case}"))?;
        let review = reference(&shown["reviews"][0])?;
        told.causes(&review)?;
        for number in 0..ACTIONS {
            let action = json!({
                "title": format!("Move build server {number} behind the gateway"), "purpose": "corrective",
                "kind": "technical", "owner": owner,
            });
            told.it(&at("actions"), &action)?;
        }
        Ok(Full { case, review })
    }
}

struct Told<'t> {
    connection: Connection,
    who: &'t Credential,
}

impl Told<'_> {
    fn it(&mut self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let response = self.connection.ask(&Ask::json(Request::json(path, body), "\""), self.who)?;
        Ok(serde_json::from_slice(&response.body)?)
    }

    fn made(&mut self, path: &str, body: &Value) -> anyhow::Result<String> {
        reference(&self.it(path, body)?)
    }

    fn shown(&mut self, path: &str) -> anyhow::Result<Value> {
        let response = self.connection.ask(&Ask::json(Request::get(path), "\""), self.who)?;
        Ok(serde_json::from_slice(&response.body)?)
    }

    fn causes(&mut self, review: &str) -> anyhow::Result<()> {
        for branch in 0..BRANCHES {
            for level in 1..=DEPTH {
                // The first branch goes down from the problem, each other one from its first why.
                let (number, above) = match (branch, level) {
                    (0, _) => (level, (level > 1).then(|| format!("{}", level - 1))),
                    (_, 1) => (2, Some("1".to_owned())),
                    _ => (level + 1, Some(format!("{level}.{branch}"))),
                };
                let why = json!({
                    "statement": format!("The gateway had no rule {number} for what branch {branch} ran into"),
                    "evidence": "configuration of that day", "confidence": "confirmed", "under": above.unwrap_or_default(),
                });
                self.it(&format!("/api/v1/reviews/{review}/whys"), &why)?;
            }
        }
        Ok(())
    }
}

fn reference(record: &Value) -> anyhow::Result<String> {
    record["reference"].as_str().map(str::to_owned).with_context(|| format!("no reference in {record}"))
}
