//! Versions of the incident management procedure.

use std::collections::BTreeSet;

use nevertwice_domain::id::{LessonId, PersonId, ProcedureId, ReviewId};
use nevertwice_domain::procedure::{Procedure, ProcedureRecord, ProcedureState, Rules};
use nevertwice_domain::reference::ProcedureRef;
use nevertwice_domain::text::Prose;
use nevertwice_domain::time::{Date, Timestamp};

use crate::engine::Tx;
use crate::error::StoreError;
use crate::record;

statements! {
    /// Every version, the newest first: a company has some dozens in its life.
    ALL_VERSIONS = "SELECT id, version, reference, state, rules, text, summary, lessons, author_id, authors, submitted_by,
                           approved_by, approved_at, effective_on, withdrawn_reason, created_at
                    FROM procedures ORDER BY created_at DESC, id DESC";
    /// A version by its reference.
    BY_REFERENCE = "SELECT id, version, reference, state, rules, text, summary, lessons, author_id, authors, submitted_by,
                        approved_by, approved_at, effective_on, withdrawn_reason, created_at
                 FROM procedures WHERE reference = $1";
    /// How the reviews under each rule went.
    REVIEW_TALLIES = "SELECT r.procedure_rule AS rule,
        sum(CASE WHEN r.state <> 'waived' AND r.held_on <= r.due_on THEN 1 ELSE 0 END) AS on_time,
        sum(CASE WHEN r.state <> 'waived' AND (r.held_on > r.due_on OR (r.held_on IS NULL AND r.due_on < $2))
            THEN 1 ELSE 0 END) AS late,
        sum(CASE WHEN r.state <> 'waived' AND r.held_on IS NULL AND r.due_on >= $2 THEN 1 ELSE 0 END) AS ahead,
        sum(CASE WHEN r.state = 'waived' THEN 1 ELSE 0 END) AS waived,
        sum(CASE WHEN r.state IN ('drafted', 'approved') THEN 1 ELSE 0 END) AS submitted,
        sum(CASE WHEN r.state = 'approved' THEN 1 ELSE 0 END) AS approved,
        sum(CASE WHEN r.scope = 'trend' THEN 1 ELSE 0 END) AS trends
        FROM reviews r JOIN cases c ON c.id = r.case_id
        WHERE r.procedure_number = $1 AND c.state <> 'void' GROUP BY r.procedure_rule ORDER BY r.procedure_rule";
    /// Reviews that were not held by the day that they were due.
    LATE_REVIEWS = "SELECT r.id FROM reviews r JOIN cases c ON c.id = r.case_id
        WHERE r.procedure_number = $1 AND c.state <> 'void' AND r.state <> 'waived'
        AND (r.held_on > r.due_on OR (r.held_on IS NULL AND r.due_on < $2)) ORDER BY r.due_on, r.id LIMIT $3";
}

record!(ProcedureRecord as "procedures" of Procedure by id [] {
    id: ProcedureId, version: u64, reference: ProcedureRef, state: ProcedureState, rules: Rules, text: Prose, summary: Prose,
    lessons: BTreeSet<LessonId>, author_id: PersonId, authors: BTreeSet<PersonId>, submitted_by: Option<PersonId>,
    approved_by: Option<PersonId>, approved_at: Option<Timestamp>, effective_on: Option<Date>,
    withdrawn_reason: Option<Prose>, created_at: Timestamp,
});

/// Every version, the newest first.
///
/// # Errors
/// What the database reports.
pub fn all(tx: &mut Tx) -> Result<Vec<Procedure>, StoreError> {
    Ok(record::select(tx, ALL_VERSIONS, &[])?.into_iter().map(Procedure::restore).collect())
}

/// A version by its reference.
///
/// # Errors
/// What the database reports.
pub fn find(tx: &mut Tx, reference: ProcedureRef) -> Result<Option<Procedure>, StoreError> {
    Ok(record::select_opt(tx, BY_REFERENCE, &params![reference])?.map(Procedure::restore))
}

/// Adds a version.
///
/// # Errors
/// What the database reports.
pub fn insert(tx: &mut Tx, procedure: &Procedure) -> Result<(), StoreError> {
    record::insert::<ProcedureRecord>(tx, &[(**procedure).clone()], procedure.version)
}

/// Changes a version.
///
/// # Errors
/// What the database reports.
pub fn save(tx: &mut Tx, before: &Procedure, after: &Procedure) -> Result<Procedure, StoreError> {
    let new = ProcedureRecord { version: before.version + 1, ..(**after).clone() };
    record::update::<ProcedureRecord>(tx, before, &new, new.version)?;
    Ok(Procedure::restore(new))
}

/// How the reviews under one rule of a version went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReviewTally {
    /// The place of the rule, from 1.
    pub rule: u32,
    /// Held by the day that they were due.
    pub on_time: u64,
    /// Held later, or not held and overdue.
    pub late: u64,
    /// Not due yet.
    pub ahead: u64,
    /// Waived.
    pub waived: u64,
    /// Submitted or approved: enough people took part, or it would have been refused.
    pub submitted: u64,
    /// Approved.
    pub approved: u64,
    /// Opened because of a trend.
    pub trends: u64,
}

/// How the reviews under each rule of a version went by a day, those of void cases left out.
///
/// # Errors
/// What the database reports.
pub fn review_tallies(tx: &mut Tx, procedure: u32, today: Date) -> Result<Vec<ReviewTally>, StoreError> {
    let tally = |row: &crate::engine::Row| -> Result<ReviewTally, StoreError> {
        Ok(ReviewTally {
            rule: row.get("rule")?,
            on_time: row.get("on_time")?,
            late: row.get("late")?,
            ahead: row.get("ahead")?,
            waived: row.get("waived")?,
            submitted: row.get("submitted")?,
            approved: row.get("approved")?,
            trends: row.get("trends")?,
        })
    };
    tx.query(REVIEW_TALLIES, &params![procedure, today])?.iter().map(tally).collect()
}

/// Reviews under a version that were not held by the day that they were due, the longest overdue first.
///
/// # Errors
/// What the database reports.
pub fn late_reviews(
    tx: &mut Tx,
    procedure: u32,
    today: Date,
    limit: u32,
) -> Result<Vec<ReviewId>, StoreError> {
    tx.query(LATE_REVIEWS, &params![procedure, today, limit])?.iter().map(|row| row.get("id")).collect()
}
