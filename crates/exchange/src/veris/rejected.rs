//! Rejected records as a file of JSON lines that can be mended and imported again.

use std::io::Write;

use serde_json::Value;

use super::json::{self, Json};

/// The key of the reason in a rejected record; an import ignores it.
pub(super) const REASON_KEY: &str = "_import_reason";

/// Writes rejected records, one per line, with the reason under the key `_import_reason`. What is no JSON object stands as it
/// was, on one line; so does what has a member twice, behind its reason.
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
        let line = |text: &str| text.replace(['\n', '\r'], " ");
        match json::read(record) {
            Ok(Json { value: Value::Object(mut fields), displaced, more: 0 }) if displaced.is_empty() => {
                fields.insert(REASON_KEY.to_owned(), Value::String(reason.to_owned()));
                serde_json::to_writer(&mut self.0, &fields)?;
            }
            // A member that stands twice does so in the text alone: the reason is written in front of it.
            Ok(Json { value: Value::Object(_), .. }) => {
                let text = record.trim_start();
                let members = text.strip_prefix('{').unwrap_or(text);
                let reason = Value::String(reason.to_owned());
                self.0.write_all(format!("{{\"{REASON_KEY}\":{reason},{}", line(members)).as_bytes())?;
            }
            _ => self.0.write_all(line(record).as_bytes())?,
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
