//! The fate of every row, as a file.

use std::io::Write;

use nevertwice_domain::formula::guard;
use nevertwice_domain::import::Fate;

/// What became of one row.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FateLine {
    /// The row in the file, from 1.
    pub row: u64,
    /// The number of the case in the old register.
    pub origin_reference: Option<String>,
    /// What became of it.
    pub fate: Fate,
    /// Why.
    pub reason: String,
    /// The reference of the case that it became or belongs to.
    pub case: Option<String>,
}

/// Writes fates as CSV or as JSON lines.
pub struct FateWriter<W: Write>(Form<W>);

enum Form<W: Write> {
    Csv(Box<csv::Writer<W>>),
    JsonLines(W),
}

impl<W: Write> FateWriter<W> {
    /// CSV with the columns `row, origin_reference, fate, reason, case`; formula-like texts begin with an apostrophe.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn csv(output: W) -> std::io::Result<Self> {
        let mut csv = csv::Writer::from_writer(output);
        csv.write_record(["row", "origin_reference", "fate", "reason", "case"])
            .map_err(std::io::Error::other)?;
        Ok(Self(Form::Csv(Box::new(csv))))
    }

    /// One JSON object per line with the same names.
    #[must_use]
    pub fn json_lines(output: W) -> Self {
        Self(Form::JsonLines(output))
    }

    /// Writes one fate.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn write(&mut self, line: &FateLine) -> std::io::Result<()> {
        match &mut self.0 {
            Form::Csv(csv) => {
                let (row, fate) = (line.row.to_string(), line.fate.as_str());
                let reference = guard(line.origin_reference.as_deref().unwrap_or_default());
                let case = line.case.as_deref().unwrap_or_default();
                csv.write_record([row.as_str(), &reference, fate, &guard(&line.reason), case])
                    .map_err(std::io::Error::other)
            }
            Form::JsonLines(output) => {
                serde_json::to_writer(&mut *output, line)?;
                output.write_all(b"\n")
            }
        }
    }

    /// Ends the file and gives back the output.
    ///
    /// # Errors
    /// The output cannot be written.
    pub fn finish(self) -> std::io::Result<W> {
        match self.0 {
            Form::Csv(csv) => csv.into_inner().map_err(|error| std::io::Error::other(error.to_string())),
            Form::JsonLines(mut output) => {
                output.flush()?;
                Ok(output)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> FateLine {
        FateLine {
            row: 7,
            origin_reference: Some("=1".to_owned()),
            fate: Fate::Rejected,
            reason: "Title: found nothing, expected what happened".to_owned(),
            case: None,
        }
    }

    #[test]
    fn fates_are_written_as_csv_without_formulas() {
        let mut writer = FateWriter::csv(Vec::new()).unwrap();
        writer.write(&line()).unwrap();
        let text = String::from_utf8(writer.finish().unwrap()).unwrap();
        assert_eq!(
            text,
            "row,origin_reference,fate,reason,case\n7,'=1,rejected,\"Title: found nothing, expected what happened\",\n"
        );
    }

    #[test]
    fn fates_are_written_as_json_lines() {
        let mut writer = FateWriter::json_lines(Vec::new());
        writer.write(&line()).unwrap();
        let text = String::from_utf8(writer.finish().unwrap()).unwrap();
        let read: serde_json::Value = serde_json::from_str(text.trim_end()).unwrap();
        assert_eq!(
            (&read["row"], &read["fate"], &read["case"]),
            (&7.into(), &"rejected".into(), &serde_json::Value::Null)
        );
    }
}
