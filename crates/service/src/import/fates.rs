//! The fates of a run as files: every row with its reason, and the rejected rows to be mended.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use nevertwice_domain::id::{CaseId, ImportRunId};
use nevertwice_domain::import::{Fate, ImportRow, ImportRun};
use nevertwice_domain::object::ObjectKind;
use nevertwice_domain::reference::CaseRef;
use nevertwice_exchange::fates::{FateLine, FateWriter};
use nevertwice_exchange::planned::{GapPlaces, Outcome};
use nevertwice_store::{case as cases, import as imports, visibility};
use uuid::Uuid;

use super::source::{Source, create, unwritable};
use super::update::{was_applied, without_case};
use crate::error::ServiceError;
use crate::folder::{cannot, make_private};
use crate::use_case::Asked;

/// Rows read at once: a run may have a million.
const PORTION: u32 = 512;

/// What was written.
pub(super) struct Written {
    /// Gaps by kind and place.
    pub(super) gaps: Gaps,
    /// Changed rows that changed nothing.
    pub(super) not_applied: u64,
    /// The file of fates.
    pub(super) fates_file: String,
    /// The file of rejected rows, if there are any.
    pub(super) rejected_file: Option<String>,
}

/// Gaps by kind, of the rows that became cases; with `duplicate_reference` and `blank_row`. Kinds that there are none of are
/// left out.
#[derive(Debug, Clone, Default)]
pub(super) struct Gaps {
    /// By kind.
    pub(super) kinds: BTreeMap<String, u64>,
    /// By column or path.
    pub(super) places: GapPlaces,
}

impl Gaps {
    /// Counts those of a row.
    pub(super) fn count(&mut self, outcome: &Outcome, fate: &ImportRow) {
        match (outcome, fate.fate) {
            (Outcome::Blank, _) => self.add("blank_row", 1),
            (Outcome::Case(planned), Fate::Created) => {
                for gap in &planned.gaps {
                    self.add(gap.kind.as_str(), 1);
                    self.places.add(gap);
                }
                if fate.reason.starts_with("duplicate reference") {
                    self.add("duplicate_reference", 1);
                }
            }
            _ => {}
        }
    }

    /// Adds those of another batch.
    pub(super) fn merge(&mut self, other: &Gaps) {
        other.kinds.iter().for_each(|(kind, count)| self.add(kind, *count));
        self.places.merge(&other.places);
    }

    fn add(&mut self, kind: &str, count: u64) {
        *self.kinds.entry(kind.to_owned()).or_default() += count;
    }
}

/// Writes the fates of a finished run from what the store knows; and from the file once more, if rows were rejected or the
/// gaps were not counted because the run had been cut off.
pub(super) fn write(
    asked: &Asked<'_>,
    source: &mut dyn Source,
    run: &ImportRun,
    counted: Option<Gaps>,
) -> Result<Written, ServiceError> {
    let folder = asked.service.folder().imports();
    make_private(&folder).map_err(|error| cannot("make the folder", &folder, &error))?;
    let fates_file = folder.join(format!("{}-fates.csv", run.reference));
    let not_applied = write_fates(asked, &fates_file, run)?;
    let rejected_file = folder.join(format!("{}-rejected.{}", run.reference, source.rejected_ending()));
    let gaps = match counted {
        Some(gaps) if run.rejected_count == 0 => gaps,
        _ => pass_once_more(asked, source, run, (run.rejected_count > 0).then_some(&rejected_file))?,
    };
    Ok(Written {
        gaps,
        not_applied,
        fates_file: fates_file.display().to_string(),
        rejected_file: (run.rejected_count > 0).then(|| rejected_file.display().to_string()),
    })
}

/// Writes every row with its fate; gives how many changed rows changed nothing.
fn write_fates(asked: &Asked<'_>, path: &Path, run: &ImportRun) -> Result<u64, ServiceError> {
    let mut not_applied = 0;
    let mut out = FateWriter::csv(create(path)?).map_err(unwritable)?;
    for told in Fates::of(asked, run) {
        let (row, case) = told?;
        not_applied += u64::from(row.fate == Fate::Changed && !was_applied(&row));
        out.write(&FateLine {
            row: row.row_number,
            origin_reference: row.origin_reference,
            fate: row.fate,
            reason: row.reason,
            case: case.map(|reference| reference.to_string()),
        })
        .map_err(unwritable)?;
    }
    out.finish().map_err(unwritable)?;
    Ok(not_applied)
}

/// The rows of a run in order, each with the reference of its case if the caller may know of that.
struct Fates<'a> {
    asked: &'a Asked<'a>,
    run: ImportRunId,
    /// The last row that was read.
    after: u64,
    portion: std::vec::IntoIter<Told>,
}

/// A row, and the reference of its case.
type Told = (ImportRow, Option<CaseRef>);

impl<'a> Fates<'a> {
    fn of(asked: &'a Asked<'a>, run: &ImportRun) -> Self {
        Self { asked, run: run.id, after: 0, portion: Vec::new().into_iter() }
    }

    fn next_portion(&self) -> Result<Vec<Told>, ServiceError> {
        self.asked.service.read(self.asked.identity, |unit| {
            let rows = imports::rows_after(unit.tx, self.run, self.after, PORTION)?;
            // Whatever a row became or met may have been restricted since.
            let ids: Vec<Uuid> = rows.iter().filter_map(|row| row.case_id).map(CaseId::uuid).collect();
            let hidden = visibility::shut_out(unit.tx, ObjectKind::Case, &ids, unit.caller.id())?;
            let known: Vec<CaseId> =
                ids.iter().filter(|id| !hidden.contains(id)).copied().map(CaseId::from).collect();
            let references = cases::references(unit.tx, &known)?;
            let told = |mut row: ImportRow| {
                let is_hidden = row.case_id.is_some_and(|id| hidden.contains(&id.uuid()));
                if is_hidden {
                    row.reason = without_case(row.reason);
                }
                let case = row.case_id.and_then(|id| references.get(&id).copied());
                (row, case)
            };
            Ok(rows.into_iter().map(told).collect())
        })
    }
}

impl Iterator for Fates<'_> {
    type Item = Result<Told, ServiceError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.portion.as_slice().is_empty() {
            match self.next_portion() {
                Ok(rows) => self.portion = rows.into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
        let (row, case) = self.portion.next()?;
        self.after = row.row_number;
        Some(Ok((row, case)))
    }
}

/// Counts the gaps of the rows that became cases, and writes the rejected ones back.
fn pass_once_more(
    asked: &Asked<'_>,
    source: &mut dyn Source,
    run: &ImportRun,
    rejected: Option<&PathBuf>,
) -> Result<Gaps, ServiceError> {
    let mut gaps = Gaps::default();
    let mut out = rejected.map(|path| source.rejected(path)).transpose()?;
    // Both are in the order of rows.
    let mut fates = Fates::of(asked, run).peekable();
    for row in source.rows()? {
        let row = row?;
        let is_before =
            |told: &Result<Told, _>| matches!(told, Ok((fate, _)) if fate.row_number < row.row_number);
        while fates.next_if(is_before).is_some() {}
        let is_later =
            |told: &Result<Told, _>| matches!(told, Ok((fate, _)) if fate.row_number > row.row_number);
        let Some(told) = fates.next_if(|told| !is_later(told)) else { continue };
        let (fate, _) = told?;
        gaps.count(&row.outcome, &fate);
        if let (Fate::Rejected, Some(out)) = (fate.fate, &mut out) {
            out.write(&row.original, &fate.reason)?;
        }
    }
    if let Some(out) = out {
        out.finish()?;
    }
    Ok(gaps)
}
