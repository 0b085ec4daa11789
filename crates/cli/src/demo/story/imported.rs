//! The cases that the sample company brought from its old log: a spreadsheet, imported for real.

use std::io::Write;

use nevertwice_service::import::ImportSpreadsheet;

use super::super::files::{CaseFile, Sample};
use super::super::replay::Replay;
use super::super::{SECURITY_LEAD, broken};
use crate::failure::Failure;

const HEADINGS: [&str; 10] = [
    "Ref",
    "Date reported",
    "Date closed",
    "What happened",
    "Details",
    "Kind",
    "Severity",
    "Status",
    "Category",
    "Reported by",
];

/// Writes the old log and imports it.
pub(super) fn import(replay: &mut Replay, sample: &Sample) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("old-incident-log.csv");
    let mut text = HEADINGS.join(",");
    text.push('\n');
    for case in sample.cases.iter().filter(|case| case.origin == "import") {
        text.push_str(&row(replay, case)?);
    }
    std::fs::File::create(&path)?.write_all(text.as_bytes())?;
    let import = ImportSpreadsheet {
        file: path,
        map: None,
        sheet: None,
        date_order: None,
        severity_worst: Some("high".to_owned()),
        update: false,
        dry_run: false,
    };
    let view = replay.run(SECURITY_LEAD, import)?;
    if view.rejected > 0 {
        return Err(broken("the old log", format!("{} rows were rejected", view.rejected)));
    }
    Ok(())
}

fn row(replay: &Replay, case: &CaseFile) -> Result<String, Failure> {
    let date = |name: &str| -> Result<String, Failure> {
        let when = case.times.get(name).map(|moment| replay.calendar.when(moment)).transpose()?;
        Ok(when.map(|when| when.to_string()).unwrap_or_default())
    };
    let reporter = case.reporter.as_ref().and_then(|id| replay.people.get(id)).map(ToString::to_string);
    let cells = [
        case.origin_reference.clone().unwrap_or_default(),
        date("reported")?,
        date("closed")?,
        case.title.clone(),
        case.summary.clone(),
        case.class.replace('_', " "),
        case.severity.to_string(),
        case.state.clone(),
        case.category.clone(),
        reporter.unwrap_or_default(),
    ];
    let quoted = cells.map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")));
    Ok(format!("{}\n", quoted.join(",")))
}
