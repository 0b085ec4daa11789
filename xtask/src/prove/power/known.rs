//! What the register acknowledged: what must be there whatever happens.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::log::{Event, Log};

/// Everything that was acknowledged up to a point of the log.
#[derive(Debug, Clone, Default)]
pub(crate) struct Known {
    /// Whether `init` said that the register is set up.
    pub(crate) founded: bool,
    /// Titles of cases by their reference.
    pub(crate) cases: BTreeMap<String, String>,
    /// Actions, and whether they are completed.
    pub(crate) actions: BTreeMap<String, bool>,
    /// Names of evidence files by their SHA-256.
    pub(crate) evidence: BTreeMap<String, String>,
    /// The case of the latest evidence, and its SHA-256.
    pub(crate) latest: Option<(String, String)>,
    /// Answers in all.
    pub(crate) answers: usize,
}

/// Learns from the answers that left the server.
#[derive(Default)]
pub(crate) struct Listener {
    /// Answers that have not left as a whole, by their socket.
    begun: HashMap<u64, Vec<u8>>,
    /// What was acknowledged.
    pub(crate) known: Known,
}

impl Listener {
    /// Hears what happened; tells whether that completed an answer that acknowledges something.
    pub(crate) fn hear(&mut self, event: &Event, log: &Log) -> bool {
        let Event::Sent { socket, bytes } = event else { return false };
        let begun = self.begun.entry(*socket).or_default();
        begun.extend_from_slice(log.bytes(bytes));
        let mut learnt = false;
        while let Some(end) = begun.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = begun.drain(..=end).collect();
            // What is no JSON is not an answer of the server: another socket.
            if let Ok(frame) = serde_json::from_slice::<Value>(&line) {
                learnt |= self.known.learn(&frame["outcome"]);
            }
        }
        learnt
    }
}

impl Known {
    fn learn(&mut self, outcome: &Value) -> bool {
        let text = |name: &str| outcome[name].as_str().unwrap_or_default().to_owned();
        let reference = text("reference");
        if outcome["founded"] == true {
            self.founded = true;
        } else if reference.starts_with("CASE-") {
            self.cases.insert(reference, text("title"));
        } else if reference.starts_with("ACT-") {
            *self.actions.entry(reference).or_default() |= outcome["state"] == "done";
        } else if !text("sha256").is_empty() {
            let case = text("name").split(' ').next().unwrap_or_default().to_owned();
            self.latest = Some((case, text("sha256")));
            self.evidence.insert(text("sha256"), text("name"));
        } else {
            return false;
        }
        self.answers += 1;
        true
    }
}

/// The content of an evidence file by its name: so that whoever knows the name knows every byte.
pub(crate) fn evidence_content(name: &str) -> Vec<u8> {
    let times = 1 + name.bytes().map(usize::from).sum::<usize>() * 7 % 900;
    format!("{name}\n").repeat(times).into_bytes()
}
