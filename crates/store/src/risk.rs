//! Risks with what they are linked to and the looks that were taken at them.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::id::{AssessmentId, CaseId, ControlId, LessonId, PersonId, RiskId};
use nevertwice_domain::reference::RiskRef;
use nevertwice_domain::risk::{Rating, Risk, RiskAssessment, RiskRecord, RiskState, Treatment};
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::Timestamp;
use uuid::Uuid;

use crate::control::listed;
use crate::engine::{ToValue, Tx, Value};
use crate::error::StoreError;
use crate::record::{self, Record, RecordDef};

statements! {
    /// The id of a reference.
    ID_OF = "SELECT id FROM risks WHERE reference = $1";
    /// The id of every risk.
    EVERY = "SELECT id FROM risks ORDER BY reference";
    /// The risks of an owner.
    OF_OWNER = "SELECT id FROM risks WHERE owner_id = $1 ORDER BY reference";
    /// The risks that are linked to a control.
    OF_CONTROL = "SELECT risk_id AS id FROM risk_controls WHERE control_id = $1 ORDER BY risk_id";
    /// The risks that are linked to cases.
    OF_CASES = "SELECT risk_id AS id FROM risk_cases WHERE case_id IN ($*) ORDER BY risk_id";
    /// The looks that cases asked for.
    ASSESSMENTS_OF_CASES = "SELECT id, risk_id, number, likelihood_before, impact_before, likelihood_after, impact_after, why,
                            assessed_by, assessed_at, case_id, lesson_id, accepted_by, accepted_at
                            FROM risk_assessments WHERE case_id IN ($*) ORDER BY risk_id, number";
    /// Looks that cases asked for which do not shut out a person, from a moment back.
    ASSESSMENTS_BEFORE = "SELECT a.id, a.risk_id, a.number, a.likelihood_before, a.impact_before, a.likelihood_after,
                          a.impact_after, a.why, a.assessed_by, a.assessed_at, a.case_id, a.lesson_id, a.accepted_by,
                          a.accepted_at FROM risk_assessments a JOIN cases c ON c.id = a.case_id
                          WHERE (NOT c.restricted OR c.readers LIKE $1)
                          AND (a.assessed_at < $2 OR (a.assessed_at = $2 AND a.id < $3))
                          ORDER BY a.assessed_at DESC, a.id DESC LIMIT $4";
    /// The risks that hang on a case which shuts out a person.
    TOUCHED_BY_HIDDEN = "SELECT k.risk_id AS id FROM risk_cases k JOIN cases c ON c.id = k.case_id
                         WHERE c.restricted AND c.readers NOT LIKE $1
                         UNION SELECT a.risk_id AS id FROM risk_assessments a JOIN cases c ON c.id = a.case_id
                         WHERE c.restricted AND c.readers NOT LIKE $1";
}

/// A row of `risks`; the links are rows of their own.
struct RiskRow {
    id: RiskId,
    version: u64,
    reference: RiskRef,
    title: Line,
    description: Option<Prose>,
    owner_id: PersonId,
    treatment: Treatment,
    state: RiskState,
    closed_reason: Option<Prose>,
    created_at: Timestamp,
    created_by: PersonId,
}

record!(RiskRow as "risks" of Risk by id [] {
    id: RiskId, version: u64, reference: RiskRef, title: Line, description: Option<Prose>, owner_id: PersonId,
    treatment: Treatment, state: RiskState, closed_reason: Option<Prose>, created_at: Timestamp, created_by: PersonId,
});

/// A row of `risk_controls`.
struct RiskControl {
    risk_id: RiskId,
    control_id: ControlId,
}

record!(RiskControl as "risk_controls" of Risk by risk_id [control_id] { risk_id: RiskId, control_id: ControlId });

/// A row of `risk_cases`.
struct RiskCase {
    risk_id: RiskId,
    case_id: CaseId,
}

record!(RiskCase as "risk_cases" of Risk by risk_id [case_id] { risk_id: RiskId, case_id: CaseId });

record!(RiskAssessment as "risk_assessments" of Risk by risk_id [number] {
    id: AssessmentId, risk_id: RiskId, number: u32, likelihood_before: Option<Rating>, impact_before: Option<Rating>,
    likelihood_after: Rating, impact_after: Rating, why: Prose, assessed_by: PersonId, assessed_at: Timestamp,
    case_id: Option<CaseId>, lesson_id: Option<LessonId>, accepted_by: Option<PersonId>,
    accepted_at: Option<Timestamp>,
});

/// The trailed table of risks.
pub(crate) const RISKS: &RecordDef = <RiskRow as Record>::DEF;
/// The trailed table of the controls that risks are linked to.
pub(crate) const CONTROLS: &RecordDef = <RiskControl as Record>::DEF;
/// The trailed table of the cases that risks are linked to.
pub(crate) const CASES: &RecordDef = <RiskCase as Record>::DEF;

impl RiskRow {
    fn of(risk: &RiskRecord) -> Self {
        let r = risk.clone();
        Self {
            id: r.id,
            version: r.version,
            reference: r.reference,
            title: r.title,
            description: r.description,
            owner_id: r.owner_id,
            treatment: r.treatment,
            state: r.state,
            closed_reason: r.closed_reason,
            created_at: r.created_at,
            created_by: r.created_by,
        }
    }

    fn with(self, controls: BTreeSet<ControlId>, cases: BTreeSet<CaseId>) -> RiskRecord {
        RiskRecord {
            id: self.id,
            version: self.version,
            reference: self.reference,
            title: self.title,
            description: self.description,
            owner_id: self.owner_id,
            treatment: self.treatment,
            state: self.state,
            closed_reason: self.closed_reason,
            controls,
            cases,
            created_at: self.created_at,
            created_by: self.created_by,
        }
    }
}

/// A risk by reference.
///
/// # Errors
/// What the database reports.
pub fn find(tx: &mut Tx, reference: RiskRef) -> Result<Option<Risk>, StoreError> {
    let Some(row) = tx.query_opt(ID_OF, &params![reference])? else { return Ok(None) };
    Ok(several(tx, &[row.get("id")?])?.pop())
}

/// Several risks by id, in order of their references.
///
/// # Errors
/// What the database reports; [`StoreError::Corrupt`] for a risk without an assessment.
pub fn several(tx: &mut Tx, ids: &[RiskId]) -> Result<Vec<Risk>, StoreError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let mut controls: BTreeMap<RiskId, BTreeSet<ControlId>> = BTreeMap::new();
    for link in record::of_objects::<RiskControl>(tx, &ids)? {
        controls.entry(link.risk_id).or_default().insert(link.control_id);
    }
    let mut cases: BTreeMap<RiskId, BTreeSet<CaseId>> = BTreeMap::new();
    for link in record::of_objects::<RiskCase>(tx, &ids)? {
        cases.entry(link.risk_id).or_default().insert(link.case_id);
    }
    let mut looks: BTreeMap<RiskId, Vec<RiskAssessment>> = BTreeMap::new();
    for look in record::of_objects::<RiskAssessment>(tx, &ids)? {
        looks.entry(look.risk_id).or_default().push(look);
    }
    let mut risks = Vec::new();
    for row in record::of_objects::<RiskRow>(tx, &ids)? {
        let (id, reference) = (row.id, row.reference);
        let record =
            row.with(controls.remove(&id).unwrap_or_default(), cases.remove(&id).unwrap_or_default());
        let mut own = looks.remove(&id).unwrap_or_default();
        own.sort_by_key(|look| look.number);
        let risk = Risk::restore(record, own).ok_or_else(|| {
            StoreError::corrupt("risks", reference.to_string(), "id", "has no assessment".to_owned())
        })?;
        risks.push(risk);
    }
    risks.sort_by_key(|risk| risk.reference);
    Ok(risks)
}

/// Every risk, in order of their references.
///
/// # Errors
/// As [`several`].
pub fn list(tx: &mut Tx) -> Result<Vec<Risk>, StoreError> {
    let rows = tx.query(EVERY, &[])?;
    let ids = rows.iter().map(|row| row.get("id")).collect::<Result<Vec<RiskId>, _>>()?;
    several(tx, &ids)
}

/// The risks of an owner, in order of their references.
///
/// # Errors
/// As [`several`].
pub fn of_owner(tx: &mut Tx, owner: PersonId) -> Result<Vec<Risk>, StoreError> {
    let rows = tx.query(OF_OWNER, &params![owner])?;
    let ids = rows.iter().map(|row| row.get("id")).collect::<Result<Vec<RiskId>, _>>()?;
    several(tx, &ids)
}

/// The risks that are linked to a control, in order of their references.
///
/// # Errors
/// As [`several`].
pub fn of_control(tx: &mut Tx, control: ControlId) -> Result<Vec<Risk>, StoreError> {
    let rows = tx.query(OF_CONTROL, &params![control])?;
    let ids = rows.iter().map(|row| row.get("id")).collect::<Result<Vec<RiskId>, _>>()?;
    several(tx, &ids)
}

/// The risks that are linked to any of several cases, in order of their references.
///
/// # Errors
/// As [`several`].
pub fn of_cases(tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<Risk>, StoreError> {
    let list: Vec<Value> = cases.iter().map(ToValue::to_value).collect();
    let rows = tx.query_list(OF_CASES, &list)?;
    let ids = rows.iter().map(|row| row.get("id")).collect::<Result<BTreeSet<RiskId>, _>>()?;
    several(tx, &ids.into_iter().collect::<Vec<_>>())
}

/// The looks that a case asked for, risk by risk, in order.
///
/// # Errors
/// What the database reports.
pub fn assessments_of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<RiskAssessment>, StoreError> {
    assessments_of_cases(tx, &[case])
}

/// The looks that several cases asked for, risk by risk, in order.
///
/// # Errors
/// What the database reports.
pub fn assessments_of_cases(tx: &mut Tx, cases: &[CaseId]) -> Result<Vec<RiskAssessment>, StoreError> {
    let list: Vec<Value> = cases.iter().map(ToValue::to_value).collect();
    let rows = tx.query_list(ASSESSMENTS_OF_CASES, &list)?;
    rows.into_iter().map(|mut row| RiskAssessment::from_row(&mut row)).collect()
}

/// Up to `limit` looks that cases asked for which a person may know of, taken before a moment or, in that moment, with a
/// lesser id; the latest first.
///
/// # Errors
/// What the database reports.
pub fn assessments_before(
    tx: &mut Tx,
    person: PersonId,
    (moment, id): (Timestamp, Uuid),
    limit: u32,
) -> Result<Vec<RiskAssessment>, StoreError> {
    record::select(tx, ASSESSMENTS_BEFORE, &params![listed(person), moment, id, limit])
}

/// The risks that are linked to a case, or were looked at for one, that a person may not know of.
///
/// # Errors
/// What the database reports.
pub fn touched_by_hidden(tx: &mut Tx, person: PersonId) -> Result<BTreeSet<RiskId>, StoreError> {
    tx.query(TOUCHED_BY_HIDDEN, &params![listed(person)])?.iter().map(|row| row.get("id")).collect()
}

/// Adds a risk.
///
/// # Errors
/// What the database reports.
pub fn insert(tx: &mut Tx, risk: &Risk) -> Result<(), StoreError> {
    record::insert(tx, &[RiskRow::of(risk.record())], risk.version)?;
    let (controls, cases) = (control_links(risk, &BTreeSet::new()), case_links(risk, &BTreeSet::new()));
    record::insert(tx, &controls, risk.version)?;
    record::insert(tx, &cases, risk.version)?;
    record::insert_each(tx, risk.assessments().map(|look| (look, risk.version)))
}

/// Changes a risk. Looks are added, never taken away; of those that are there, only acceptance changes.
///
/// # Errors
/// What the database reports.
pub fn save(tx: &mut Tx, before: &Risk, after: &Risk) -> Result<Risk, StoreError> {
    let new = after.clone().with_version(before.version + 1);
    let revision = new.version;
    record::update(tx, &RiskRow::of(before.record()), &RiskRow::of(new.record()), revision)?;
    for gone in control_links(before, &new.controls) {
        record::delete(tx, &gone, revision)?;
    }
    record::insert(tx, &control_links(&new, &before.controls), revision)?;
    for gone in case_links(before, &new.cases) {
        record::delete(tx, &gone, revision)?;
    }
    record::insert(tx, &case_links(&new, &before.cases), revision)?;
    for (old, look) in before.assessments().zip(new.assessments()) {
        record::update(tx, old, look, revision)?;
    }
    let added = new.assessments().skip(before.assessments().count());
    record::insert_each(tx, added.map(|look| (look, revision)))?;
    Ok(new)
}

/// The controls of a risk that are not among others.
fn control_links(risk: &Risk, others: &BTreeSet<ControlId>) -> Vec<RiskControl> {
    let link = |control: &ControlId| RiskControl { risk_id: risk.id, control_id: *control };
    risk.controls.difference(others).map(link).collect()
}

/// The cases of a risk that are not among others.
fn case_links(risk: &Risk, others: &BTreeSet<CaseId>) -> Vec<RiskCase> {
    let link = |case: &CaseId| RiskCase { risk_id: risk.id, case_id: *case };
    risk.cases.difference(others).map(link).collect()
}
