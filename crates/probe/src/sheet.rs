//! Everything that an import does with a file.

use std::io::{Cursor, Read, Seek};

use nevertwice_exchange::planned::{Outcome, PlannedRow};
use nevertwice_exchange::spreadsheet::{
    Answers, DateOrder, Guess, Limits, Mapping, Preview, RejectedWriter, Spreadsheet, Survey, Worst, guess,
    plan, survey,
};

/// Small bounds, so that a probe is quick; what is beyond them is an error all the same.
const LIMITS: Limits = Limits {
    cell_bytes: 4 * 1024,
    row_bytes: 64 * 1024,
    columns: 64,
    rows: 5_000,
    blank_rows: 500,
    unpacked_bytes: 16 * 1024 * 1024,
    strings_bytes: 4 * 1024 * 1024,
    structure_bytes: 1024 * 1024,
    ratio: 300,
    ratio_from_bytes: 1024 * 1024,
};

/// Imports a file as far as the plan and, if it can be planned, holds the plan against itself: every row of the file
/// is in it once, and the rejected rows come back from their file as they were.
pub(crate) fn import(bytes: &[u8], mapping: Option<Mapping>) {
    let Some(first) = planned(Cursor::new(bytes), mapping) else { return };
    for pair in first.rows.windows(2) {
        assert!(pair[0].row_number < pair[1].row_number, "rows come once and in order");
    }
    let Some(file) = rejected_file(&first) else { return };
    // Of the rejected rows alone another layout, or other meanings of the columns, may be guessed; under the mapping
    // that was used they read as they did.
    let again = planned(Cursor::new(&file[..]), Some(first.guess.mapping.clone().without_layout()));
    let Some(again) = again else { return };
    let rejected = first.rows.iter().filter(|row| matches!(row.outcome, Outcome::Rejected(_)));
    let hashes: Vec<_> = again.rows.iter().map(|row| row.row_hash).collect();
    if first.survey.header.cells == again.survey.header.cells[..first.survey.header.cells.len()] {
        for row in rejected {
            assert!(
                hashes.contains(&row.row_hash),
                "row {} does not come back: {:?}",
                row.row_number,
                row.original.cells()
            );
        }
    }
}

/// What is guessed of a file.
pub(crate) fn guessed(bytes: &[u8]) -> Option<Guess> {
    Some(planned(Cursor::new(bytes), None)?.guess)
}

struct Planned {
    survey: Survey,
    guess: Guess,
    rows: Vec<PlannedRow>,
}

fn planned(input: impl Read + Seek, mapping: Option<Mapping>) -> Option<Planned> {
    let layout = mapping.as_ref().map(|mapping| mapping.layout.clone()).unwrap_or_default();
    let mut sheet = Spreadsheet::open(input, &layout, LIMITS).ok()?;
    let survey = survey(&mut sheet, &layout).ok()?;
    let answers = Answers {
        mapping,
        date_order: Some(DateOrder::Dmy),
        severity_worst: Some(Worst::High),
        ..Answers::default()
    };
    let guess = guess(&survey, &answers).ok()?;
    // The preview counts the same rows.
    let preview = Preview::new(&mut sheet, &survey, &guess, 3);
    let rows = plan(&mut sheet, &survey, &guess).ok()?.collect::<Result<Vec<_>, _>>();
    assert_eq!(rows.is_ok(), preview.is_ok(), "preview and plan differ on whether the file can be read");
    Some(Planned { survey, guess, rows: rows.ok()? })
}

fn rejected_file(planned: &Planned) -> Option<Vec<u8>> {
    let Planned { survey, rows, .. } = planned;
    let mut writer = RejectedWriter::new(Vec::new(), &survey.header, survey.layout.delimiter);
    let mut any = false;
    for row in rows {
        if let Outcome::Rejected(rejection) = &row.outcome {
            let written = writer.write(row.original.cells(), &rejection.to_string());
            assert!(written.is_ok(), "row {}: {written:?}", row.row_number);
            any = true;
        }
    }
    if any { writer.finish().ok() } else { None }
}
