//! Cases with their timelines, costs, evidence, comments and gaps.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::case::{
    AiImpact, Case, CaseRecord, CaseState, Class, CostBasis, CostKind, CostLine, Decision, Declaration,
    DetectionSource, Impact, LoopLink, Origin, Severity, Tag, TimelineEntry, TimelineKind,
};
use nevertwice_domain::evidence::{Comment, Correspondence, Evidence};
use nevertwice_domain::id::{
    ActionId, AssetId, AssetVersionId, CaseId, CommentId, CostId, DeclarationId, EvidenceId, FieldId, GapId,
    PersonId, SupplierId, TimelineId,
};
use nevertwice_domain::import::{Gap, GapState};
use nevertwice_domain::money::Currency;
use nevertwice_domain::reference::CaseRef;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::{Date, Timestamp};
use nevertwice_domain::when::When;

use crate::engine::{ToValue, Tx, Value};
use crate::error::StoreError;
use crate::record;

/// What cases may have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InCommon {
    /// The category, word by word.
    Category(Line),
    /// A supplier.
    Supplier(SupplierId),
    /// An AI asset.
    Asset(AssetId),
}

statements! {
    /// Cases of a category since an instant, the newest first; those that only a few may know of are left out.
    OF_CATEGORY = "SELECT id FROM cases WHERE category = $1 AND registered_at >= $2 AND origin = 'native'
                   AND state <> 'void' AND NOT restricted ORDER BY registered_at DESC, id DESC LIMIT $3";
    /// Cases with a supplier.
    OF_SUPPLIER = "SELECT id FROM cases WHERE registered_at >= $2 AND suppliers LIKE $1 AND origin = 'native'
                   AND state <> 'void' AND NOT restricted ORDER BY registered_at DESC, id DESC LIMIT $3";
    /// Cases with an AI asset.
    OF_ASSET = "SELECT id FROM cases WHERE registered_at >= $2 AND assets LIKE $1 AND origin = 'native'
                AND state <> 'void' AND NOT restricted ORDER BY registered_at DESC, id DESC LIMIT $3";
    /// The id of a reference.
    ID_OF = "SELECT id FROM cases WHERE reference = $1";
    /// The ids of an original reference.
    IDS_OF_ORIGIN = "SELECT id FROM cases WHERE origin_reference = $1 ORDER BY reference";
    /// The parts of an incident.
    PARTS = "SELECT id FROM cases WHERE part_of = $1 ORDER BY reference";
    /// The parts of several incidents.
    PARTS_OF_SEVERAL = "SELECT id FROM cases WHERE part_of IN ($*) ORDER BY id";
    /// The references of ids.
    REFERENCES = "SELECT id, reference FROM cases WHERE id IN ($*)";
    /// The next cases after an id, for reading them all in portions.
    AFTER = "SELECT id FROM cases WHERE id > $1 ORDER BY id LIMIT $2";
    /// How many there are.
    COUNT = "SELECT count(*) AS n FROM cases";
    /// Evidence files of a hash.
    FILES = "SELECT count(*) AS n FROM evidence WHERE sha256 = $1";
    /// Which hashes of a list are referenced.
    KNOWN_FILES = "SELECT DISTINCT sha256 FROM evidence WHERE sha256 IN ($*)";
    /// Every evidence file.
    EVERY_FILE = "SELECT DISTINCT sha256, size_bytes FROM evidence WHERE sha256 IS NOT NULL ORDER BY sha256";
}

record!(CaseRecord as "cases" of Case by id [] {
    id: CaseId, version: u64, reference: CaseRef, origin: Origin, origin_reference: Option<Line>, title: Line,
    summary: Option<Prose>, class: Class, state: CaseState, decision: Decision, decision_criteria: Option<Prose>,
    decided_by: Option<PersonId>, decided_at: Option<Timestamp>, severity: Option<Severity>, category: Option<Line>,
    tags: BTreeSet<Tag>, occurred: Option<When>, detected: Option<When>, reported: Option<When>,
    acknowledged: Option<When>, contained: Option<When>, resolved: Option<When>, closed: Option<When>,
    detection: Option<DetectionSource>, detection_method: Option<Line>, impact_initial: Impact, impact_final: Impact,
    ai_impact: Option<AiImpact>, reporter: Option<PersonId>, responders: BTreeSet<PersonId>, part_of: Option<CaseId>,
    restricted: bool, readers: BTreeSet<PersonId>, suppliers: BTreeSet<SupplierId>,
    assets: BTreeMap<AssetId, Option<AssetVersionId>>, fields: BTreeMap<FieldId, Prose>, void_reason: Option<Prose>,
    reopened_count: u32, reopen_reason: Option<Prose>, reopened_at: Option<Timestamp>,
    registered_at: Timestamp, registered_by: PersonId,
});

record!(TimelineEntry as "timeline_entries" of Case by case_id [id] {
    id: TimelineId, case_id: CaseId, kind: TimelineKind, occurred: When, text: Prose, source: Option<Line>,
    recorded_at: Timestamp, recorded_by: PersonId,
});

record!(CostLine as "cost_lines" of Case by case_id [id] {
    id: CostId, case_id: CaseId, kind: CostKind, basis: CostBasis, amount_minor: i64, currency: Currency,
    minimum_minor: Option<i64>, maximum_minor: Option<i64>, labour_minutes: Option<u32>,
    hourly_rate_minor: Option<i64>, incurred_on: Option<Date>, note: Option<Prose>,
});

record!(Evidence as "evidence" of Case by case_id [id] {
    id: EvidenceId, case_id: CaseId, action_id: Option<ActionId>, name: Line, sha256: Option<Sha256Text>,
    size_bytes: Option<u64>, link: Option<Line>, custody: Option<Prose>, collected_by: PersonId, collected: When,
    legal_hold: bool, recorded_at: Timestamp,
});

record!(Comment as "comments" of Case by case_id [id] {
    id: CommentId, case_id: CaseId, author_id: PersonId, text: Prose, written_at: Timestamp,
    correspondence: Option<Correspondence>,
});

record!(Gap as "gaps" of Case by case_id [id] {
    id: GapId, case_id: CaseId, kind: Line, place: Option<Line>, detail: Option<Prose>, state: GapState,
    settlement: Option<Prose>, settled_by: Option<PersonId>, settled_at: Option<Timestamp>,
});

record!(Declaration as "declarations" of Case by case_id [id] {
    id: DeclarationId, case_id: CaseId, link: LoopLink, reason: Prose, declared_by: PersonId, declared_at: Timestamp,
    approved_by: Option<PersonId>, approved_at: Option<Timestamp>,
});

/// A case by id.
///
/// # Errors
/// What the database reports.
pub fn get(tx: &mut Tx, id: CaseId) -> Result<Option<Case>, StoreError> {
    Ok(record::of_object(tx, id.uuid())?.pop().map(Case::restore))
}

/// A case by reference.
///
/// # Errors
/// What the database reports.
pub fn find(tx: &mut Tx, reference: CaseRef) -> Result<Option<Case>, StoreError> {
    let Some(row) = tx.query_opt(ID_OF, &params![reference])? else { return Ok(None) };
    get(tx, row.get("id")?)
}

/// Several cases by id.
///
/// # Errors
/// What the database reports.
pub fn several(tx: &mut Tx, ids: &[CaseId]) -> Result<Vec<Case>, StoreError> {
    Ok(record::of_objects(tx, &uuids(ids))?.into_iter().map(Case::restore).collect())
}

/// The cases that had an original reference.
///
/// # Errors
/// What the database reports.
pub fn by_origin_reference(tx: &mut Tx, reference: &str) -> Result<Vec<CaseId>, StoreError> {
    tx.query(IDS_OF_ORIGIN, &params![reference])?.iter().map(|row| row.get("id")).collect()
}

/// The cases that are a part of an incident.
///
/// # Errors
/// What the database reports.
pub fn parts_of(tx: &mut Tx, parent: CaseId) -> Result<Vec<CaseId>, StoreError> {
    tx.query(PARTS, &params![parent])?.iter().map(|row| row.get("id")).collect()
}

/// The cases that are a part of any of several incidents.
///
/// # Errors
/// What the database reports.
pub fn parts_of_several(tx: &mut Tx, parents: &[CaseId]) -> Result<Vec<CaseId>, StoreError> {
    let list: Vec<Value> = parents.iter().map(ToValue::to_value).collect();
    tx.query_list(PARTS_OF_SEVERAL, &list)?.iter().map(|row| row.get("id")).collect()
}

/// The references of cases, by id.
///
/// # Errors
/// What the database reports.
pub fn references(tx: &mut Tx, ids: &[CaseId]) -> Result<BTreeMap<CaseId, CaseRef>, StoreError> {
    let list: Vec<Value> = ids.iter().map(ToValue::to_value).collect();
    tx.query_list(REFERENCES, &list)?.iter().map(|row| Ok((row.get("id")?, row.get("reference")?))).collect()
}

/// Up to `limit` ids after `after`, in order: for reading all cases in portions.
///
/// # Errors
/// What the database reports.
pub fn ids_after(tx: &mut Tx, after: CaseId, limit: u32) -> Result<Vec<CaseId>, StoreError> {
    tx.query(AFTER, &params![after, limit])?.iter().map(|row| row.get("id")).collect()
}

/// How many cases there are.
///
/// # Errors
/// What the database reports.
pub fn count(tx: &mut Tx) -> Result<u64, StoreError> {
    tx.query_one(COUNT, &[])?.get("n")
}

/// Adds cases.
///
/// # Errors
/// What the database reports.
pub fn insert(tx: &mut Tx, cases: &[Case]) -> Result<(), StoreError> {
    record::insert_each(tx, cases.iter().map(|case| (&**case, case.version)))
}

/// Changes a case.
///
/// # Errors
/// What the database reports.
pub fn save(tx: &mut Tx, before: &Case, after: &Case) -> Result<Case, StoreError> {
    let new = CaseRecord { version: before.version + 1, ..(**after).clone() };
    record::update::<CaseRecord>(tx, before, &new, new.version)?;
    Ok(Case::restore(new))
}

/// The lists of cases that hang on them one by one.
macro_rules! lists {
    ($( $(#[$meta:meta])* $read:ident, $read_several:ident, $add:ident: $type:ty; )+) => {$(
        $(#[$meta])*
        ///
        /// # Errors
        /// What the database reports.
        pub fn $read(tx: &mut Tx, case: CaseId) -> Result<Vec<$type>, StoreError> {
            record::of_object(tx, case.uuid())
        }

        /// The same of several cases.
        ///
        /// # Errors
        /// What the database reports.
        pub fn $read_several(tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<$type>, StoreError> {
            record::of_objects(tx, &uuids(cases))
        }

        /// Adds to them; `revision` is the case's version.
        ///
        /// # Errors
        /// What the database reports.
        pub fn $add(tx: &mut Tx, rows: &[$type], revision: u64) -> Result<(), StoreError> {
            record::insert(tx, rows, revision)
        }
    )+};
}

lists! {
    /// The timeline of a case.
    timeline, timelines, add_timeline: TimelineEntry;
    /// The cost lines of a case.
    costs, costs_of, add_costs: CostLine;
    /// The evidence of a case.
    evidence, evidence_of, add_evidence: Evidence;
    /// The comments of a case.
    comments, comments_of, add_comments: Comment;
    /// The gaps of a case.
    gaps, gaps_of, add_gaps: Gap;
}

/// The links of a case's loop that are declared not needed.
///
/// # Errors
/// What the database reports.
pub fn declarations(tx: &mut Tx, case: CaseId) -> Result<Vec<Declaration>, StoreError> {
    record::of_object(tx, case.uuid())
}

/// The same of several cases.
///
/// # Errors
/// What the database reports.
pub fn declarations_of(tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<Declaration>, StoreError> {
    record::of_objects(tx, &uuids(cases))
}

/// Adds a declaration; `revision` is the case's version.
///
/// # Errors
/// What the database reports; a second one of a link is refused by the schema.
pub fn add_declaration(tx: &mut Tx, row: &Declaration, revision: u64) -> Result<(), StoreError> {
    record::insert(tx, std::slice::from_ref(row), revision)
}

/// Changes a declaration.
///
/// # Errors
/// What the database reports.
pub fn save_declaration(
    tx: &mut Tx,
    before: &Declaration,
    after: &Declaration,
    revision: u64,
) -> Result<(), StoreError> {
    record::update(tx, before, after, revision)
}

/// Takes a declaration back.
///
/// # Errors
/// What the database reports.
pub fn remove_declaration(tx: &mut Tx, row: &Declaration, revision: u64) -> Result<(), StoreError> {
    record::delete(tx, row, revision)
}

/// Changes a gap.
///
/// # Errors
/// What the database reports.
pub fn save_gap(tx: &mut Tx, before: &Gap, after: &Gap, revision: u64) -> Result<(), StoreError> {
    record::update(tx, before, after, revision)
}

/// Whether any evidence refers to a file.
///
/// # Errors
/// What the database reports.
pub fn is_file_known(tx: &mut Tx, sha256: &Sha256Text) -> Result<bool, StoreError> {
    Ok(tx.query_one(FILES, &params![sha256])?.get::<u64>("n")? > 0)
}

/// Those of a list of files that some evidence refers to.
///
/// # Errors
/// What the database reports.
pub fn known_files(tx: &mut Tx, files: &[Sha256Text]) -> Result<BTreeSet<Sha256Text>, StoreError> {
    let list: Vec<Value> = files.iter().map(ToValue::to_value).collect();
    tx.query_list(KNOWN_FILES, &list)?.iter().map(|row| row.get("sha256")).collect()
}

/// Every file that some evidence refers to, with its size in bytes.
///
/// # Errors
/// What the database reports.
pub fn every_file(tx: &mut Tx) -> Result<Vec<(Sha256Text, u64)>, StoreError> {
    tx.query(EVERY_FILE, &[])?.iter().map(|row| Ok((row.get("sha256")?, row.get("size_bytes")?))).collect()
}

fn uuids(ids: &[CaseId]) -> Vec<uuid::Uuid> {
    ids.iter().map(|id| id.uuid()).collect()
}

/// Cases that were entered here since an instant and have something in common, the newest first; those that only a few may
/// know of are left out.
///
/// # Errors
/// What the database reports.
pub fn open_with_in_common(
    tx: &mut Tx,
    common: &InCommon,
    since: Timestamp,
    limit: u32,
) -> Result<Vec<CaseId>, StoreError> {
    // Suppliers and assets are lists of ids in JSON.
    let rows = match common {
        InCommon::Category(category) => tx.query(OF_CATEGORY, &params![category.clone(), since, limit])?,
        InCommon::Supplier(id) => tx.query(OF_SUPPLIER, &params![format!("%\"{id}\"%"), since, limit])?,
        InCommon::Asset(id) => tx.query(OF_ASSET, &params![format!("%\"{id}\"%"), since, limit])?,
    };
    rows.iter().map(|row| row.get("id")).collect()
}
