//! Rejected records as a file of JSON lines that can be mended and imported again.

use std::io::Write;

use serde_json::Value;

/// The key of the reason in a rejected record; an import ignores it.
pub(super) const REASON_KEY: &str = "_import_reason";

/// Writes rejected records, one per line, with the reason under the key `_import_reason`. What is no JSON object stands as it
/// was, on one line.
pub struct RejectedRecords<W: Write>(W);

impl<W: Write> RejectedRecords<W> {
    /// Nothing written yet.
    #[must_use]
    pub fn new(output: W) -> Self {
        Self(output)
    }

    /// Writes one record with its reason.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn write(&mut self, record: &str, reason: &str) -> std::io::Result<()> {
        match serde_json::from_str::<Value>(record) {
            Ok(Value::Object(mut fields)) => {
                fields.insert(REASON_KEY.to_owned(), Value::String(reason.to_owned()));
                serde_json::to_writer(&mut self.0, &fields)?;
            }
            _ => self.0.write_all(record.replace(['\n', '\r'], " ").as_bytes())?,
        }
        self.0.write_all(b"\n")
    }

    /// Ends the file and gives back the output.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn finish(mut self) -> std::io::Result<W> {
        self.0.flush()?;
        Ok(self.0)
    }
}
