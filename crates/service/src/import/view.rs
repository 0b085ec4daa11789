//! What an import did, or would do.

use std::collections::BTreeMap;

use nevertwice_domain::import::ImportRun;
use nevertwice_exchange::planned::{Counts, GapPlaces};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::fates::Written;

/// Places that are named.
const PLACES: usize = 20;

/// What an import did, or would do.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct ImportView {
    /// Reference of the run; none for a preview.
    pub run: Option<String>,
    /// Rows read, blank ones included.
    pub read: u64,
    /// Rows that became cases.
    pub created: u64,
    /// Rows that differ from an earlier file.
    pub changed: u64,
    /// Those of them that changed nothing: all of them unless the import was to update.
    #[serde(default)]
    pub not_applied: u64,
    /// Whether it was to apply rows that differ.
    #[serde(default)]
    pub update: bool,
    /// Rows that were there already, and blank ones.
    pub skipped: u64,
    /// Rows that could not be used.
    pub rejected: u64,
    /// Gaps by kind, of the rows that became cases; with `duplicate_reference` and `blank_row`, which no case has and no
    /// query finds. Kinds that there are none of are left out.
    pub gaps: BTreeMap<String, u64>,
    /// The places with the most gaps, the most first: at most 20.
    #[serde(default)]
    pub gap_places: Vec<GapPlaceView>,
    /// The fate of every row, CSV.
    pub fates_file: Option<String>,
    /// The rejected rows, to be mended and imported again: CSV of a spreadsheet, JSON lines of records.
    pub rejected_file: Option<String>,
    /// The mapping that was used, TOML; empty where nothing is mapped.
    pub mapping: String,
    /// What was guessed and is worth a look.
    pub notes: Vec<String>,
    /// What a preview found in detail.
    #[schema(value_type = Option<Object>)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub preview: Option<serde_json::Value>,
}

/// A place of the source and how many gaps of a kind it left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GapPlaceView {
    /// The column, or the path with `[]` for every element of a list.
    pub place: String,
    /// The kind of gap.
    pub kind: String,
    /// How many.
    pub count: u64,
}

impl ImportView {
    /// What a finished run did.
    pub(super) fn of_run(run: &ImportRun, update: bool, written: Written) -> Self {
        Self {
            run: Some(run.reference.to_string()),
            read: run.read_count,
            created: run.created_count,
            changed: run.changed_count,
            not_applied: written.not_applied,
            update,
            skipped: run.skipped_count,
            rejected: run.rejected_count,
            gap_places: places(&written.gaps.places),
            gaps: written.gaps.kinds,
            fates_file: Some(written.fates_file),
            rejected_file: written.rejected_file,
            ..Self::default()
        }
    }

    /// What a preview counted.
    pub(super) fn count(&mut self, counts: Counts, gaps: &GapPlaces) {
        self.created = counts.cases;
        self.changed = counts.changed;
        self.not_applied = counts.not_applied;
        self.skipped = counts.blank + counts.repeated_rows + counts.there_already;
        self.read = self.created + self.changed + self.skipped + counts.rejected;
        self.rejected = counts.rejected;
        self.gaps = counts.gaps;
        let of_rows = [("duplicate_reference", counts.duplicate_references), ("blank_row", counts.blank)];
        self.gaps.extend(of_rows.into_iter().filter(|(_, n)| *n > 0).map(|(kind, n)| (kind.to_owned(), n)));
        self.gap_places = places(gaps);
    }
}

fn places(gaps: &GapPlaces) -> Vec<GapPlaceView> {
    let top = gaps.top(PLACES).into_iter();
    top.map(|top| GapPlaceView { place: top.place, kind: top.kind.to_string(), count: top.count }).collect()
}
