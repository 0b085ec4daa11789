//! A store with rows in every trailed table: together they fill every column, and leave empty whatever may be.

use nevertwice_domain::account::Account;
use nevertwice_domain::action::{Action, ActionRecord, DueMove, EffectivenessCheck};
use nevertwice_domain::asset::{Asset, AssetVersion};
use nevertwice_domain::awareness::{Acknowledgement, AwarenessItem, AwarenessRecord};
use nevertwice_domain::case::{Case, CaseRecord, ControlPerformance, CostLine, Declaration, TimelineEntry};
use nevertwice_domain::control::{Control, ControlChange, ControlRecord, OwnControlRef};
use nevertwice_domain::evidence::{Comment, Evidence};
use nevertwice_domain::field::Field;
use nevertwice_domain::id::{PersonId, RequestId};
use nevertwice_domain::import::{Gap, ImportRun};
use nevertwice_domain::lesson::{Lesson, LessonConfirmation, LessonCoverage, LessonRecord};
use nevertwice_domain::person::{Person, PersonRecord, Token};
use nevertwice_domain::procedure::{Procedure, ProcedureRecord, shipped};
use nevertwice_domain::reference::{
    ActionRef, AssetRef, AwarenessRef, CaseRef, ImportRef, LessonRef, ProcedureRef, ReviewRef, RiskRef,
    SupplierRef,
};
use nevertwice_domain::review::{Review, ReviewRecord};
use nevertwice_domain::risk::{Risk, RiskAssessment, RiskRecord};
use nevertwice_domain::settings::Settings;
use nevertwice_domain::supplier::Supplier;
use nevertwice_testkit::TestDatabase;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::engine::tests::quick;
use crate::review::ReviewWithCauses;
use crate::settings::StoreInfo;
use crate::trail::{self, Act};
use crate::{
    Db, StoreError, Tx, account, action, awareness, case, catalogue, control, counter, import, lesson,
    person, procedure, review, risk, settings,
};

/// What the seeded store holds. The first of each kind is full, the last sparse.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Seed {
    pub(crate) info: StoreInfo,
    pub(crate) settings: Settings,
    pub(crate) people: Vec<Person>,
    pub(crate) tokens: Vec<Token>,
    pub(crate) accounts: Vec<Account>,
    pub(crate) fields: Vec<Field>,
    pub(crate) suppliers: Vec<Supplier>,
    pub(crate) assets: Vec<Asset>,
    pub(crate) versions: Vec<AssetVersion>,
    pub(crate) controls: Vec<Control>,
    pub(crate) cases: Vec<Case>,
    pub(crate) timeline: Vec<TimelineEntry>,
    pub(crate) costs: Vec<CostLine>,
    pub(crate) comments: Vec<Comment>,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) reviews: Vec<Json>,
    pub(crate) procedures: Vec<Procedure>,
    pub(crate) lessons: Vec<Lesson>,
    pub(crate) actions: Vec<Action>,
    pub(crate) moves: Vec<DueMove>,
    pub(crate) checks: Vec<EffectivenessCheck>,
    pub(crate) coverages: Vec<LessonCoverage>,
    pub(crate) confirmations: Vec<LessonConfirmation>,
    pub(crate) awareness: Vec<AwarenessItem>,
    pub(crate) acknowledgements: Vec<Acknowledgement>,
    pub(crate) performances: Vec<ControlPerformance>,
    pub(crate) changes: Vec<ControlChange>,
    pub(crate) declarations: Vec<Declaration>,
    pub(crate) risks: Vec<Risk>,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) runs: Vec<ImportRun>,
}

/// Opens the database as a store and fills it.
pub(crate) fn seeded(database: &TestDatabase) -> Db {
    seeded_in(database, 1)
}

/// The same in the `nth` unit of a test: the same rows, other salts.
pub(crate) fn seeded_in(database: &TestDatabase, nth: u8) -> Db {
    let db = crate::open(&database.url().parse().unwrap(), quick()).unwrap();
    db.write(move |tx| -> Result<(), StoreError> {
        trail::begin(tx, act(nth));
        seed().write(tx)
    })
    .unwrap();
    db
}

/// Who does what in the `nth` unit of a test.
pub(crate) fn act(nth: u8) -> Act {
    Act {
        actor: PersonId::new(id(1)),
        action: "seed",
        at: "2026-03-01T10:00:00Z".parse().unwrap(),
        request: RequestId::new(id(u32::from(nth) + 9_000)),
        seed: [nth; 32],
    }
}

/// An id made of a number.
pub(crate) fn id(number: u32) -> Uuid {
    Uuid::from_u128(0x0195_5000_0000_7000_8000_0000_0000_0000 | u128::from(number))
}

pub(crate) fn reviews(seed: &Seed) -> Vec<ReviewWithCauses> {
    seed.reviews
        .iter()
        .map(|both| ReviewWithCauses {
            review: Review::restore(of::<ReviewRecord>(&both["review"])),
            causes: of(&both["causes"]),
            also: of(&both["also"]),
            dismissals: all(&both["dismissals"]),
            look: of(&both["look"]),
        })
        .collect()
}

impl Seed {
    fn write(&self, tx: &mut Tx) -> Result<(), StoreError> {
        self.reserve_references(tx)?;
        settings::found(tx, self.info, self.settings.clone())?;
        self.people.iter().try_for_each(|row| person::insert(tx, row))?;
        self.tokens.iter().try_for_each(|row| person::insert_token(tx, &self.people[0], row))?;
        self.people
            .iter()
            .zip(&self.accounts)
            .try_for_each(|(person, row)| account::insert(tx, person, row))?;
        self.fields.iter().try_for_each(|row| catalogue::insert_field(tx, row))?;
        self.suppliers.iter().try_for_each(|row| catalogue::insert_supplier(tx, row))?;
        self.assets.iter().try_for_each(|row| catalogue::insert_asset(tx, row))?;
        self.versions.iter().try_for_each(|row| catalogue::insert_asset_version(tx, &self.assets[0], row))?;
        self.controls.iter().try_for_each(|row| control::insert(tx, row))?;
        // The sparse case is the one that the full case is a part of.
        case::insert(tx, &[self.cases[1].clone(), self.cases[0].clone()])?;
        let revision = self.cases[0].version;
        case::add_timeline(tx, &self.timeline, revision)?;
        case::add_costs(tx, &self.costs, revision)?;
        case::add_comments(tx, &self.comments, revision)?;
        case::add_gaps(tx, &self.gaps, revision)?;
        review::insert(tx, &reviews(self))?;
        let drafts: Vec<Lesson> = self.lessons.iter().map(drafted).collect();
        lesson::insert(tx, &drafts)?;
        self.procedures.iter().try_for_each(|row| procedure::insert(tx, row))?;
        action::insert(tx, &self.actions)?;
        // Once something carries it.
        lesson::save(tx, &drafts[0], &self.lessons[0])?;
        let revision = self.actions[0].version;
        self.moves.iter().try_for_each(|row| action::add_move(tx, row, revision))?;
        self.checks.iter().try_for_each(|row| action::add_check(tx, row, revision))?;
        let revision = self.cases[0].version;
        self.performances.iter().try_for_each(|row| control::add_performance(tx, row, revision))?;
        self.changes.iter().try_for_each(|row| control::add_change(tx, row, revision))?;
        self.declarations.iter().try_for_each(|row| case::add_declaration(tx, row, revision))?;
        self.risks.iter().try_for_each(|row| risk::insert(tx, row))?;
        self.write_lessons(tx)?;
        case::add_evidence(tx, &self.evidence, self.cases[0].version)?;
        self.runs.iter().try_for_each(|row| import::insert_run(tx, row))
    }

    fn write_lessons(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let revision = self.lessons[0].version;
        self.coverages.iter().try_for_each(|row| lesson::add_coverage(tx, row, revision))?;
        self.confirmations.iter().try_for_each(|row| lesson::add_confirmation(tx, row, revision))?;
        self.awareness.iter().try_for_each(|row| awareness::insert(tx, row))?;
        let revision = self.awareness[0].version;
        self.acknowledgements.iter().try_for_each(|row| awareness::acknowledge(tx, row, revision))
    }

    fn reserve_references(&self, tx: &mut Tx) -> Result<(), StoreError> {
        counter::reserve::<CaseRef>(tx, 2026, 2)?;
        counter::reserve::<ReviewRef>(tx, 2026, 2)?;
        counter::reserve::<LessonRef>(tx, 2026, 2)?;
        counter::reserve::<ActionRef>(tx, 2026, 3)?;
        counter::reserve::<ImportRef>(tx, 2026, 2)?;
        counter::reserve::<AwarenessRef>(tx, 2026, 2)?;
        counter::reserve::<AssetRef>(tx, 0, 2)?;
        counter::reserve::<ProcedureRef>(tx, 0, 2)?;
        counter::reserve::<SupplierRef>(tx, 0, 2)?;
        counter::reserve::<OwnControlRef>(tx, 0, 1)?;
        counter::reserve::<RiskRef>(tx, 0, 2).map(drop)
    }
}

/// A lesson before anybody approved it.
fn drafted(lesson: &Lesson) -> Lesson {
    if lesson.approved_by.is_none() {
        return lesson.clone();
    }
    Lesson::restore(LessonRecord {
        version: lesson.version - 1,
        state: nevertwice_domain::lesson::LessonState::Draft,
        approved_by: None,
        approved_at: None,
        retired_reason: None,
        ..(**lesson).clone()
    })
}

/// From JSON, the shortest form in which a test can write down a record.
fn of<T: DeserializeOwned>(json: &Json) -> T {
    serde_json::from_value(json.clone()).unwrap_or_else(|error| panic!("{error}: {json}"))
}

fn all<T: DeserializeOwned>(json: &Json) -> Vec<T> {
    json.as_array().unwrap().iter().map(of).collect()
}

/// The seed itself.
pub(crate) fn seed() -> Seed {
    Seed {
        info: StoreInfo { id: id(900), created_at: "2026-01-01T00:00:00Z".parse().unwrap(), is_sample: true },
        settings: of(&json!({"version": 3, "company": "Örtli & Söhne", "time_zone": "Europe/Zurich",
            "currency": "CHF", "severity_words": ["a", "b", "c", "d", "e"], "categories": ["phishing", "Ärger"],
            "sample": true, "open_reporting": true, "likelihood_words": ["1", "2", "3", "4", "5"],
            "impact_words": ["i", "ii", "iii", "iv", "v"], "cause_categories": ["Supplier", "Ändern"]})),
        people: all::<PersonRecord>(&people()).into_iter().map(Person::restore).collect(),
        tokens: all(&json!([
            {"id": id(11), "person_id": id(1), "label": "laptop", "secret_sha256": "ab".repeat(32),
             "created_at": AT, "expires_at": LATER, "revoked_at": LATER},
            {"id": id(12), "person_id": id(1), "label": "ci", "secret_sha256": "cd".repeat(32), "created_at": AT,
             "expires_at": LATER, "scopes": ["read", "report"]}])),
        accounts: all(&json!([
            {"person_id": id(1), "email": "Ä@example.org", "invited_at": AT, "password_set_at": AT,
             "totp_since": LATER},
            {"person_id": id(2)}])),
        fields: all(&json!([
            {"id": id(21), "version": 2, "subject": "case", "key": "ticket", "label": "Ticket", "kind": "choice",
             "choices": ["one", "two"], "created_at": AT},
            {"id": id(22), "version": 1, "subject": "asset", "key": "site", "label": "Site", "kind": "text",
             "choices": [], "created_at": AT}])),
        suppliers: all(&json!([
            {"id": id(31), "version": 2, "reference": "SUP-0001", "name": "ÄCME", "provides": "cloud",
             "contact": "x@example.org", "agreement": "24 h", "contingency_plan": "another", "created_at": AT,
             "fields": {id(21).to_string(): "one"}},
            {"id": id(32), "version": 1, "reference": "SUP-0002", "name": "b", "created_at": AT, "fields": {}}])),
        assets: all(&json!([
            {"id": id(41), "version": 2, "reference": "AST-0001", "kind": "model", "name": "Élan",
             "description": "a model", "owner_id": id(1), "supplier_id": id(31), "created_at": AT,
             "fields": {id(21).to_string(): "one"}},
            {"id": id(42), "version": 1, "reference": "AST-0002", "kind": "prompt", "name": "p",
             "created_at": AT, "fields": {}}])),
        versions: all(&json!([
            {"id": id(51), "asset_id": id(41), "label": "1.0", "sha256": "ef".repeat(32), "released": "2025-12",
             "note": "first"},
            {"id": id(52), "asset_id": id(41), "label": "1.1"}])),
        cases: all::<CaseRecord>(&cases()).into_iter().map(Case::restore).collect(),
        timeline: all(&json!([
            {"id": id(71), "case_id": id(61), "kind": "detected", "occurred": "2026-02-03T04:05Z",
             "text": "seen\non the console", "source": "SIEM", "recorded_at": AT, "recorded_by": id(1)},
            {"id": id(72), "case_id": id(61), "kind": "key_moment", "occurred": "2026", "text": "x",
             "recorded_at": AT, "recorded_by": id(2)}])),
        costs: all(&json!([
            {"id": id(81), "case_id": id(61), "kind": "response_labour", "basis": "actual",
             "amount_minor": 9_007_199_254_740_993_i64, "currency": "CHF", "minimum_minor": 1, "maximum_minor": 2,
             "labour_minutes": 90, "hourly_rate_minor": 12_000, "incurred_on": "2026-02-04", "note": "night"},
            {"id": id(82), "case_id": id(61), "kind": "legal", "basis": "estimate", "amount_minor": 0,
             "currency": "EUR"}])),
        comments: all(&json!([
            {"id": id(91), "case_id": id(61), "author_id": id(1), "text": "👍", "written_at": AT},
            {"id": id(92), "case_id": id(61), "author_id": id(1), "text": "where?", "written_at": AT,
             "correspondence": "to_reporter"}])),
        gaps: all(&json!([
            {"id": id(101), "case_id": id(61), "kind": "no_owner", "place": "row 7", "detail": "action",
             "state": "resolved", "settlement": "named", "settled_by": id(1), "settled_at": LATER},
            {"id": id(102), "case_id": id(61), "kind": "no_date", "state": "open"}])),
        reviews: with_causes(),
        procedures: all::<ProcedureRecord>(&procedures()).into_iter().map(Procedure::restore).collect(),
        lessons: all::<LessonRecord>(&lessons()).into_iter().map(Lesson::restore).collect(),
        actions: all::<ActionRecord>(&actions()).into_iter().map(Action::restore).collect(),
        moves: all(&json!([
            {"number": 1, "action_id": id(141), "from_on": "2026-04-01", "to_on": "2026-05-01",
             "reason": "supplier late", "moved_at": AT, "moved_by": id(1)}])),
        checks: all(&json!([
            {"id": id(151), "action_id": id(141), "measure": "no alarm for 90 days", "planned_on": "2026-08-01", "judge_id": id(2),
             "outcome": "effective", "evidence": "none seen", "judged_by": id(2), "judged_at": LATER,
             "early_reason": "the bucket is gone"},
            {"id": id(152), "action_id": id(141), "measure": "m", "planned_on": "2026-09-01", "late_reason": "a quarter is needed"}])),
        coverages: all(&json!([
            {"id": id(181), "lesson_id": id(131), "kind": "existing_action", "action_id": id(142),
             "reason": "it does the same", "declared_by": id(1), "declared_at": AT, "approved_by": id(2),
             "approved_at": LATER},
            {"id": id(182), "lesson_id": id(131), "kind": "accepted_risk", "risk_id": id(211),
             "reason": "the room is locked", "declared_by": id(2), "declared_at": AT},
            {"id": id(184), "lesson_id": id(131), "kind": "control_change", "control_change_id": id(191),
             "reason": "it is watched", "declared_by": id(2), "declared_at": AT}])),
        confirmations: all(&json!([
            {"id": id(191), "lesson_id": id(131), "next_review_on": "2028-02-01", "confirmed_by": id(2),
             "confirmed_at": LATER}])),
        awareness: all::<AwarenessRecord>(&awareness_items())
            .into_iter()
            .map(AwarenessItem::restore)
            .collect(),
        acknowledgements: all(&json!([
            {"item_id": id(201), "person_id": id(1), "acknowledged_at": LATER},
            {"item_id": id(201), "person_id": id(2), "acknowledged_at": LATER}])),
        controls: all::<ControlRecord>(&controls()).into_iter().map(Control::restore).collect(),
        performances: all(&json!([
            {"case_id": id(61), "control_id": id(181), "performance": "failed", "note": "nobody looked",
             "noted_by": id(1), "noted_at": AT},
            {"case_id": id(61), "control_id": id(182), "performance": "absent", "noted_by": id(2),
             "noted_at": AT}])),
        changes: all(&json!([
            {"id": id(191), "case_id": id(61), "control_id": id(181), "lesson_id": id(131), "action_id": id(141),
             "before": "by hand", "after": "by itself", "changed_on": "2026-04-30", "recorded_by": id(1),
             "recorded_at": AT},
            {"id": id(192), "case_id": id(61), "control_id": id(182), "before": "one", "after": "two",
             "changed_on": "2026-05-01", "recorded_by": id(1), "recorded_at": LATER}])),
        declarations: all(&json!([
            {"id": id(201), "case_id": id(61), "link": "risks", "reason": "looked at", "declared_by": id(1),
             "declared_at": AT, "approved_by": id(2), "approved_at": LATER},
            {"id": id(202), "case_id": id(61), "link": "similar", "reason": "the first of its kind",
             "declared_by": id(1), "declared_at": AT}])),
        risks: risks(),
        evidence: all(&json!([
            {"id": id(161), "case_id": id(61), "action_id": id(141), "name": "disk.img",
             "sha256": "09".repeat(32), "size_bytes": 7, "custody": "sealed", "collected_by": id(1),
             "collected": "2026-02-03", "legal_hold": true, "recorded_at": AT},
            {"id": id(162), "case_id": id(61), "name": "wiki", "link": "https://example.org/",
             "collected_by": id(1), "collected": "2026-02", "legal_hold": false, "recorded_at": AT}])),
        runs: all(&json!([
            {"id": id(171), "version": 2, "reference": "IMP-2026-0001", "source": "spreadsheet", "profile": "log",
             "file_name": "old.csv", "file_sha256": "0a".repeat(32), "started_at": AT, "finished_at": LATER,
             "started_by": id(1), "read_count": 5, "created_count": 1, "changed_count": 2, "skipped_count": 3,
             "rejected_count": 4, "undone_reason": "wrong file", "undone_at": LATER},
            {"id": id(172), "version": 1, "reference": "IMP-2026-0002", "source": "spreadsheet", "profile": "log",
             "file_name": "x", "file_sha256": "0b".repeat(32), "started_at": AT, "started_by": id(1),
             "read_count": 0, "created_count": 0, "changed_count": 0, "skipped_count": 0, "rejected_count": 0}])),
    }
}

const AT: &str = "2026-02-03T04:05:06.007Z";
const LATER: &str = "2026-02-28T23:59:59.999Z";

fn people() -> Json {
    json!([
        {"id": id(1), "version": 4, "kind": "person", "status": "confirmed", "name": "Ägidia Ünal",
         "email": "a@example.org", "os_user": "aegidia", "roles": ["manager", "administrator"], "created_at": AT},
        {"id": id(2), "version": 1, "kind": "team", "status": "unconfirmed", "name": "Ops", "roles": [],
         "created_at": AT}])
}

fn awareness_items() -> Json {
    json!([
        {"id": id(201), "version": 2, "reference": "AWR-2026-0001", "lesson_id": id(131), "title": "Call back",
         "text": "on a number that you know", "audience": "roles", "roles": ["reporter"], "people": [],
         "due_on": "2026-05-01", "state": "withdrawn", "published_by": id(1), "published_at": AT,
         "withdrawn_reason": "out of date", "withdrawn_by": id(2), "withdrawn_at": LATER},
        {"id": id(202), "version": 1, "reference": "AWR-2026-0002", "lesson_id": id(131), "title": "Look twice",
         "text": "before you send", "audience": "people", "roles": [], "people": [id(1)], "due_on": "2026-06-01",
         "state": "published", "published_by": id(1), "published_at": AT}])
}

fn cases() -> Json {
    let level = json!({"confidentiality": "high", "integrity": "low", "availability": null});
    let none = json!({"confidentiality": null, "integrity": null, "availability": null});
    json!([
        {"id": id(61), "version": 7, "reference": "CASE-2026-0002", "origin": "import",
         "origin_reference": "INC/17", "title": "Weights copied", "summary": "line one\nline two",
         "class": "incident", "state": "void", "decision": "incident", "decision_criteria": "customer data",
         "decided_by": id(1), "decided_at": AT, "severity": 4, "category": "phishing", "tags": ["backup", "weights"],
         "occurred": "2025", "detected": "2026-02-03T04:05Z", "reported": "2026-02-03T05:00+01:00",
         "acknowledged": "2026-02-03T05:10+01:00", "contained": "2026-02-04", "resolved": "2026-02",
         "closed": "2026-02-28", "detection": "supplier", "detection_method": "mail", "impact_initial": none,
         "impact_final": level, "ai_impact": {"stages": ["train", "deploy"], "decision": "retrain",
         "confidentiality": {"weights": true, "datasets": [{"dataset": "d", "records": 5}]}},
         "reporter": id(2), "responders": [id(1), id(2)], "part_of": id(62), "restricted": true,
         "readers": [id(2)], "suppliers": [id(31)], "assets": {id(41).to_string(): id(51), id(42).to_string(): null},
         "fields": {id(21).to_string(): "one"}, "void_reason": "twice", "reopened_count": 2,
         "reopen_reason": "not over", "reopened_at": AT, "registered_at": AT, "registered_by": id(1)},
        {"id": id(62), "version": 1, "reference": "CASE-2026-0001", "origin": "native", "title": "x",
         "class": "event", "state": "reported", "decision": "undecided", "tags": [], "impact_initial": none,
         "impact_final": none, "responders": [], "restricted": false, "readers": [], "suppliers": [], "assets": {},
         "fields": {}, "reopened_count": 0, "registered_at": AT, "registered_by": id(1)}])
}

fn controls() -> Json {
    json!([
        {"id": id(181), "version": 3, "reference": "A.8.16", "title": "Monitoring activities", "applicable": true,
         "status": "partly_implemented", "owner_id": id(1), "created_at": AT},
        {"id": id(182), "version": 2, "reference": "C-1", "title": "Two release weights",
         "description": "never one alone", "applicable": false, "justification": "no weights leave",
         "status": "planned", "retired_at": LATER, "retired_reason": "A.8.4", "created_at": AT}])
}

/// Numbers with room between them and none twice, for tests that put a row where it does not belong.
fn risks() -> Vec<Risk> {
    let full = json!({"id": id(211), "version": 4, "reference": "RSK-0001", "title": "Weights leave",
        "description": "by whatever way", "owner_id": id(1), "treatment": "mitigate", "state": "closed",
        "closed_reason": "no weights are kept", "controls": [id(181), id(182)], "cases": [id(61), id(62)],
        "created_at": AT, "created_by": id(2)});
    let looks = json!([
        {"id": id(221), "risk_id": id(211), "number": 1, "likelihood_after": 4, "impact_after": 5, "why": "at first",
         "assessed_by": id(2), "assessed_at": AT},
        {"id": id(222), "risk_id": id(211), "number": 3, "likelihood_before": 4, "impact_before": 5,
         "likelihood_after": 2, "impact_after": 5, "why": "it is watched", "assessed_by": id(2), "assessed_at": AT,
         "case_id": id(61), "lesson_id": id(131), "accepted_by": id(1), "accepted_at": LATER}]);
    let sparse = json!({"id": id(212), "version": 0, "reference": "RSK-0002", "title": "Power is away",
        "owner_id": id(2), "treatment": "accept", "state": "open", "controls": [], "cases": [], "created_at": AT,
        "created_by": id(1)});
    let look = json!([{"id": id(223), "risk_id": id(212), "number": 5, "likelihood_before": 2,
        "impact_before": 2, "likelihood_after": 1, "impact_after": 1, "why": "there is a second line", "assessed_by": id(1), "assessed_at": AT}]);
    let risk = |record, looks| Risk::restore(of::<RiskRecord>(record), all::<RiskAssessment>(looks)).unwrap();
    vec![risk(&full, &looks), risk(&sparse, &look)]
}

fn with_causes() -> Vec<Json> {
    let full = json!({
        "review": {"id": id(111), "version": 5, "reference": "PIR-2026-0001", "case_id": id(61), "kind": "five_whys",
            "state": "approved", "trigger": "severity", "problem": "The server was encrypted",
            "scope": "batch", "procedure_number": 1, "procedure_rule": 2, "scheduled_on": "2026-02-19", "taken_up_at": AT,
            "questions": ["What did you see?"], "asked_at": AT,
            "evaluation": {"went_well": "the alarm", "was_lucky": "it was Monday", "surprised": "the speed",
                "followed": "partly", "deviations": "nobody was on call"},
            "facilitator_id": id(1), "participants": [id(2)], "due_on": "2026-03-01", "held_on": "2026-02-20",
            "minutes": "short", "drafted_by": id(1), "first_approved_by": id(1), "approved_version": 4,
            "approved_by": id(2), "approved_at": LATER,
            "waived_reason": "none", "created_at": AT, "created_by": id(1)},
        "also": [id(62)],
        "causes": {"problem": "The server was encrypted", "causes": [
            {"id": id(121), "statement": "A link was followed", "kind": "event", "confidence": "confirmed",
             "support": {"note": "log", "evidence": [id(161)]}, "primary": false, "position": 0,
             "category": "Supplier", "end": {"changeable": true, "note": "another filter"}},
            {"id": id(122), "statement": "The filter was three days old", "kind": "control",
             "confidence": "assumed", "support": {}, "primary": true, "position": 0}],
         "links": [
            {"cause": id(121), "effect": null, "kind": "made_possible", "on_ladder": true},
            {"cause": id(122), "effect": id(121), "kind": "made_more_likely", "on_ladder": true,
             "confidence": "likely", "support": {"note": "vendor"}},
            {"cause": id(122), "effect": null, "kind": "made_worse", "on_ladder": false}]},
        "dismissals": [
            {"review_id": id(111), "cause_id": id(121), "rule": "chance", "statement_sha256": "0c".repeat(32),
             "reason": "a proper name", "dismissed_by": id(1), "dismissed_at": AT},
            {"review_id": id(111), "cause_id": id(122), "rule": "chance", "statement_sha256": "0d".repeat(32),
             "reason": "a product", "dismissed_by": id(2), "dismissed_at": LATER}],
        "look": {"review_id": id(111), "looked_at": AT, "looked_by": id(1), "searched": "ransomware", "hits": [
            {"case": id(62), "verdict": "unrelated"}], "finding": "none"}});
    let sparse = json!({
        "review": {"id": id(112), "version": 1, "reference": "PIR-2026-0002", "case_id": id(62), "kind": "light",
            "state": "due", "trigger": "t", "problem": "It was slow", "facilitator_id": id(1), "participants": [],
            "due_on": "2026-03-01", "created_at": AT, "created_by": id(1)},
        "also": [], "causes": {"problem": "It was slow", "causes": [], "links": []}, "dismissals": [], "look": null});
    vec![full, sparse]
}

fn procedures() -> Json {
    let rules = serde_json::to_value(&shipped().rules).unwrap();
    json!([
        {"id": id(281), "version": 4, "reference": "PRC-0001", "state": "approved", "rules": rules, "text": "Why", "summary": "first",
         "lessons": [id(131)], "author_id": id(1), "authors": [id(1)], "submitted_by": id(1), "approved_by": id(2),
         "approved_at": AT, "effective_on": "2026-03-01", "created_at": AT},
        {"id": id(282), "version": 1, "reference": "PRC-0002", "state": "withdrawn", "rules": rules, "text": "Why not",
         "summary": "second", "lessons": [], "author_id": id(1), "authors": [id(1)],
         "withdrawn_reason": "too long", "created_at": AT}])
}

fn lessons() -> Json {
    json!([
        {"id": id(131), "version": 3, "reference": "LSN-2026-0001", "statement": "Watch the update server",
         "detail": "d", "state": "retired", "tags": ["filter"], "cases": [id(61), id(62)],
         "review_on": "2027-02-01", "author_id": id(1), "approved_by": id(2), "approved_at": LATER,
         "retired_reason": "server gone", "created_at": AT, "fields": {id(21).to_string(): "one"}},
        {"id": id(132), "version": 1, "reference": "LSN-2026-0002", "statement": "s", "state": "draft", "tags": [],
         "cases": [], "author_id": id(1), "created_at": AT, "fields": {}}])
}

fn actions() -> Json {
    json!([
        {"id": id(141), "version": 6, "reference": "ACT-2026-0001", "case_id": id(61), "lesson_id": id(131),
         "title": "Monitor it", "description": "with alarms", "purpose": "corrective", "kind": "technical",
         "strength": "detect", "strength_reason": "cheap", "owner_id": id(1), "due_on": "2026-05-01",
         "original_due_on": "2026-04-01", "move_count": 1, "state": "effective", "completion": "installed",
         "completed_on": "2026-04-30", "completed_by": id(1), "created_at": AT, "created_by": id(2),
         "fields": {id(21).to_string(): "one"}, "shown_by": [id(161)],
         "planned_cost_minor": 100_000, "planned_cost_currency": "CHF", "actual_cost_minor": 90_000,
         "actual_cost_currency": "EUR", "procedure_number": 1, "procedure_severity": 4, "latest_due_on": "2026-03-25",
         "due_reason": "parts are late", "latest_check_on": "2026-07-30", "judged_on": "2026-07-29"},
        {"id": id(142), "version": 2, "reference": "ACT-2026-0002", "case_id": id(61), "title": "t",
         "purpose": "improvement", "kind": "people", "strength": "train", "owner_id": id(1),
         "due_on": "2026-04-01", "original_due_on": "2026-04-01", "move_count": 0, "state": "not_doing",
         "not_doing_reason": "too dear", "not_doing_by": id(2), "not_doing_until": "2027-01-01", "created_at": AT,
         "created_by": id(1), "fields": {}},
        {"id": id(143), "version": 1, "reference": "ACT-2026-0003", "case_id": id(62), "title": "u",
         "purpose": "correction", "kind": "procedural", "strength": "procedure", "owner_id": id(2),
         "due_on": "2026-04-01", "original_due_on": "2026-04-01", "move_count": 0, "state": "open", "successor_of": id(141),
         "created_at": AT, "created_by": id(1), "fields": {}}])
}
