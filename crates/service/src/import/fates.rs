//! The fates of a run as files: every row with its reason, and the rejected rows to be mended.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use nevertwice_domain::id::CaseId;
use nevertwice_domain::import::{Fate, ImportRow, ImportRun};
use nevertwice_domain::reference::CaseRef;
use nevertwice_exchange::fates::{FateLine, FateWriter};
use nevertwice_exchange::planned::{GapPlaces, Outcome};
use nevertwice_store::{case as cases, import as imports};

use super::source::{Source, create, unwritable};
use super::update::was_applied;
use crate::error::ServiceError;
use crate::folder::{cannot, make_private};
use crate::use_case::Asked;

/// Cases looked at at once.
const PORTION: usize = 512;

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
    let fates = read_fates(asked, run)?;
    let fates_file = folder.join(format!("{}-fates.csv", run.reference));
    write_fates(asked, &fates_file, &fates)?;
    let rejected_file = folder.join(format!("{}-rejected.{}", run.reference, source.rejected_ending()));
    let gaps = match counted {
        Some(gaps) if run.rejected_count == 0 => gaps,
        _ => pass_once_more(source, &fates, (run.rejected_count > 0).then_some(&rejected_file))?,
    };
    Ok(Written {
        gaps,
        not_applied: fates.values().filter(|row| row.fate == Fate::Changed && !was_applied(row)).count()
            as u64,
        fates_file: fates_file.display().to_string(),
        rejected_file: (run.rejected_count > 0).then(|| rejected_file.display().to_string()),
    })
}

fn read_fates(asked: &Asked<'_>, run: &ImportRun) -> Result<BTreeMap<u64, ImportRow>, ServiceError> {
    asked.service.read(asked.identity, |unit| {
        let mut fates = BTreeMap::new();
        imports::rows(unit.tx, run.id, |row| {
            fates.insert(row.row_number, row);
            Ok::<_, ServiceError>(())
        })?;
        Ok(fates)
    })
}

fn write_fates(asked: &Asked<'_>, path: &Path, fates: &BTreeMap<u64, ImportRow>) -> Result<(), ServiceError> {
    let references = references(asked, fates)?;
    let mut out = FateWriter::csv(create(path)?).map_err(unwritable)?;
    for row in fates.values() {
        out.write(&FateLine {
            row: row.row_number,
            origin_reference: row.origin_reference.clone(),
            fate: row.fate,
            reason: row.reason.clone(),
            case: row.case_id.and_then(|id| references.get(&id)).map(ToString::to_string),
        })
        .map_err(unwritable)?;
    }
    out.finish().map_err(unwritable).map(drop)
}

/// References of the cases behind the rows: of those that the caller may know of.
fn references(
    asked: &Asked<'_>,
    fates: &BTreeMap<u64, ImportRow>,
) -> Result<BTreeMap<CaseId, CaseRef>, ServiceError> {
    let (created, met): (Vec<&ImportRow>, Vec<&ImportRow>) =
        fates.values().filter(|row| row.case_id.is_some()).partition(|row| row.fate == Fate::Created);
    let ids = |rows: &[&ImportRow]| rows.iter().filter_map(|row| row.case_id).collect::<Vec<CaseId>>();
    asked.service.read(asked.identity, |unit| {
        let mut references = cases::references(unit.tx, &ids(&created))?;
        // What an earlier run made may have been restricted since.
        for portion in ids(&met).chunks(PORTION) {
            let known = cases::several(unit.tx, portion)?;
            let visible = known.iter().filter(|case| !case.shuts_out(unit.caller.id()));
            references.extend(visible.map(|case| (case.id, case.reference)));
        }
        Ok(references)
    })
}

/// Counts the gaps of the rows that became cases, and writes the rejected ones back.
fn pass_once_more(
    source: &mut dyn Source,
    fates: &BTreeMap<u64, ImportRow>,
    rejected: Option<&PathBuf>,
) -> Result<Gaps, ServiceError> {
    let mut gaps = Gaps::default();
    let mut out = rejected.map(|path| source.rejected(path)).transpose()?;
    for row in source.rows()? {
        let row = row?;
        let Some(fate) = fates.get(&row.row_number) else { continue };
        gaps.count(&row.outcome, fate);
        if let (Fate::Rejected, Some(out)) = (fate.fate, &mut out) {
            out.write(&row.original, &fate.reason)?;
        }
    }
    if let Some(out) = out {
        out.finish()?;
    }
    Ok(gaps)
}
