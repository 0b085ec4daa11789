//! What the server acknowledged, by the answers that left it.

use std::collections::HashMap;

use serde_json::Value;

use super::log::{Event, Log};
use crate::prove::known::Known;

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
