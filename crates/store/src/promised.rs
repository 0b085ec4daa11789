//! What became of what the versions of the procedure promised: how often it was kept, and of what.
//!
//! Only what names a version counts for it: a later version says nothing about what was planned before. What hangs on a
//! void case is left out.

use nevertwice_domain::procedure::{Measured, Outcome};
use nevertwice_domain::time::Date;
use uuid::Uuid;

use crate::engine::{Row, Tx};
use crate::error::StoreError;

statements! {
    /// The actions that were planned under a version: their dates, whether they were kept, the judgements, and the figures
    /// with a target. What was decided not to be done is waived.
    ACTIONS = "WITH held AS (
            SELECT a.id, a.reference, a.procedure_severity AS severity, a.latest_due_on, a.latest_check_on, a.original_due_on,
            CASE WHEN a.state = 'not_doing' THEN 'waived' WHEN a.due_on <= a.latest_due_on THEN 'kept'
                ELSE 'broken' END AS due,
            CASE WHEN a.state = 'not_doing' THEN 'waived' WHEN a.completed_on <= a.latest_due_on THEN 'kept'
                WHEN a.completed_on IS NOT NULL OR a.latest_due_on < $2 THEN 'broken' ELSE 'ahead' END AS done,
            CASE WHEN a.state = 'not_doing' THEN 'waived' WHEN a.judged_on <= a.latest_check_on THEN 'kept'
                WHEN a.judged_on IS NOT NULL OR a.latest_check_on < $2 THEN 'broken' ELSE 'ahead' END AS judged,
            CASE WHEN a.state = 'not_doing' THEN 'waived' WHEN a.completed_on <= a.original_due_on THEN 'kept'
                WHEN a.completed_on IS NOT NULL OR a.original_due_on < $2 THEN 'broken' ELSE 'ahead' END AS on_time,
            CASE a.state WHEN 'not_doing' THEN 'waived' WHEN 'effective' THEN 'kept' WHEN 'not_effective' THEN 'broken'
                ELSE 'ahead' END AS works,
            CASE WHEN a.state = 'not_doing' THEN 'waived' WHEN a.strength IN ('eliminate', 'engineer', 'detect') THEN 'kept'
                ELSE 'broken' END AS strong
            FROM actions a JOIN cases c ON c.id = a.case_id WHERE a.procedure_number = $1 AND c.state <> 'void')
        SELECT subject, place, outcome, id, reference, total FROM (
            SELECT subject, place, outcome, id, reference,
                count(*) OVER (PARTITION BY subject, place, outcome) AS total,
                row_number() OVER (PARTITION BY subject, place, outcome ORDER BY day, id) AS turn
            FROM (
                SELECT 'action_due' AS subject, severity AS place, due AS outcome, id, reference, latest_due_on AS day FROM held
                UNION ALL SELECT 'action_done', severity, done, id, reference, latest_due_on FROM held
                UNION ALL SELECT 'effect_judged', severity, judged, id, reference, latest_check_on FROM held
                UNION ALL SELECT 'actions_on_time', 0, on_time, id, reference, original_due_on FROM held
                UNION ALL SELECT 'actions_effective', 0, works, id, reference, latest_check_on FROM held
                UNION ALL SELECT 'strong_actions', 0, strong, id, reference, latest_due_on FROM held
            ) AS every) AS counted
        WHERE turn <= $3 ORDER BY subject, place, outcome, turn";
    /// The reviews that were opened under a version, by their rule and all together. No rule asks for a trend review: it is
    /// among all reviews alone.
    REVIEWS = "WITH held AS (
            SELECT r.id, r.reference, coalesce(r.procedure_rule, 0) AS rule, r.due_on, coalesce(r.scope, 'single') AS scope,
            CASE WHEN r.state = 'waived' THEN 'waived' WHEN r.held_on <= r.due_on THEN 'kept'
                WHEN r.held_on IS NOT NULL OR r.due_on < $2 THEN 'broken' ELSE 'ahead' END AS held
            FROM reviews r JOIN cases c ON c.id = r.case_id WHERE r.procedure_number = $1 AND c.state <> 'void')
        SELECT subject, place, outcome, id, reference, total FROM (
            SELECT subject, place, outcome, id, reference,
                count(*) OVER (PARTITION BY subject, place, outcome) AS total,
                row_number() OVER (PARTITION BY subject, place, outcome ORDER BY day, id) AS turn
            FROM (
                SELECT 'review_held' AS subject, rule AS place, held AS outcome, id, reference, due_on AS day FROM held
                    WHERE scope <> 'trend'
                UNION ALL SELECT 'reviews_on_time', 0, held, id, reference, due_on FROM held
            ) AS every) AS counted
        WHERE turn <= $3 ORDER BY subject, place, outcome, turn";
    /// The cases that were to be reviewed under a version: whether they have been, and whether a cause is known. A case is
    /// as good as the worst of its reviews; one of a trend is none of them.
    CASES = "WITH asked AS (
            SELECT r.id, r.state, r.due_on, r.case_id FROM reviews r
                WHERE r.procedure_number = $1 AND coalesce(r.scope, 'single') <> 'trend'
            UNION ALL SELECT r.id, r.state, r.due_on, k.case_id FROM reviews r JOIN review_cases k ON k.review_id = r.id
                WHERE r.procedure_number = $1 AND coalesce(r.scope, 'single') <> 'trend'),
        held AS (
            SELECT c.id, c.reference, min(q.due_on) AS day,
            max(CASE WHEN q.state IN ('approved', 'waived') THEN 0 WHEN q.due_on < $2 THEN 2 ELSE 1 END) AS worst,
            max(CASE WHEN q.state = 'approved' THEN 1 ELSE 0 END) AS reviewed,
            max(CASE WHEN q.state = 'approved' AND EXISTS (SELECT 1 FROM causes x WHERE x.review_id = q.id
                AND x.confidence IN ('confirmed', 'likely')) THEN 1 ELSE 0 END) AS known
            FROM asked q JOIN cases c ON c.id = q.case_id WHERE c.state <> 'void' GROUP BY c.id, c.reference)
        SELECT subject, place, outcome, id, reference, total FROM (
            SELECT subject, place, outcome, id, reference,
                count(*) OVER (PARTITION BY subject, place, outcome) AS total,
                row_number() OVER (PARTITION BY subject, place, outcome ORDER BY day, id) AS turn
            FROM (
                SELECT 'review_coverage' AS subject, CAST(0 AS bigint) AS place,
                    CASE worst WHEN 0 THEN 'kept' WHEN 1 THEN 'ahead' ELSE 'broken' END AS outcome, id, reference, day FROM held
                UNION ALL SELECT 'causes_known', CAST(0 AS bigint), CASE known WHEN 1 THEN 'kept' ELSE 'broken' END, id,
                    reference, day FROM held WHERE reviewed = 1
            ) AS every) AS counted
        WHERE turn <= $3 ORDER BY subject, place, outcome, turn";
}

/// One of the records that a promise was kept or broken with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promised {
    /// What is measured.
    pub subject: Measured,
    /// The severity of an action, the place of the rule of a review; 0 for a figure with a target.
    pub place: u32,
    /// What became of it.
    pub outcome: Outcome,
    /// The record.
    pub id: Uuid,
    /// Its reference.
    pub reference: String,
    /// How many there are of the same subject, place and outcome.
    pub total: u64,
}

/// What became of the actions that were planned under a version, by a day: of each kind the first `limit`, and how many
/// there are.
///
/// # Errors
/// What the database reports.
pub fn actions(tx: &mut Tx, procedure: u32, today: Date, limit: u32) -> Result<Vec<Promised>, StoreError> {
    tx.query(ACTIONS, &params![procedure, today, limit])?.iter().map(promised).collect()
}

/// The same of reviews.
///
/// # Errors
/// What the database reports.
pub fn reviews(tx: &mut Tx, procedure: u32, today: Date, limit: u32) -> Result<Vec<Promised>, StoreError> {
    tx.query(REVIEWS, &params![procedure, today, limit])?.iter().map(promised).collect()
}

/// The same of cases that were to be reviewed.
///
/// # Errors
/// What the database reports.
pub fn cases(tx: &mut Tx, procedure: u32, today: Date, limit: u32) -> Result<Vec<Promised>, StoreError> {
    tx.query(CASES, &params![procedure, today, limit])?.iter().map(promised).collect()
}

fn promised(row: &Row) -> Result<Promised, StoreError> {
    Ok(Promised {
        subject: row.get("subject")?,
        place: row.get("place")?,
        outcome: row.get("outcome")?,
        id: row.get("id")?,
        reference: row.get("reference")?,
        total: row.get("total")?,
    })
}
