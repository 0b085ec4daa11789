//! What waits for somebody: short lists, the most urgent first, each off an index of its own.

use nevertwice_domain::id::{ActionId, CaseId, LessonId, PersonId, ReviewId};
use nevertwice_domain::time::Date;

use crate::engine::Tx;
use crate::error::StoreError;

statements! {
    /// Reviews that a person leads and that are not submitted yet.
    LED_BY = "SELECT r.id FROM reviews r JOIN cases c ON c.id = r.case_id
              WHERE r.facilitator_id = $1 AND r.state IN ('due', 'scheduled', 'held') AND c.state <> 'void'
              ORDER BY r.due_on, r.id LIMIT $2";
    /// Reviews with a day that a person takes part in.
    ATTENDED_BY = "SELECT r.id FROM reviews r JOIN cases c ON c.id = r.case_id
                   WHERE r.state = 'scheduled' AND r.participants LIKE $1 AND c.state <> 'void'
                   ORDER BY r.due_on, r.id LIMIT $2";
    /// Reviews that await approval.
    SUBMITTED = "SELECT id FROM reviews WHERE state = 'drafted' ORDER BY due_on, id LIMIT $1";
    /// Lessons that await approval: something puts them to work already.
    DRAFTED = "SELECT l.id FROM lessons l WHERE l.state = 'draft'
               AND EXISTS (SELECT 1 FROM actions a WHERE a.lesson_id = l.id) ORDER BY l.created_at, l.id LIMIT $1";
    /// Completed actions whose effect a person is asked to judge.
    JUDGED_BY = "SELECT a.id FROM checks k JOIN actions a ON a.id = k.action_id
                 WHERE k.judge_id = $1 AND k.outcome IS NULL AND a.state = 'done' ORDER BY k.planned_on, a.id LIMIT $2";
    /// Completed actions whose effect nobody in particular is asked to judge, by a day.
    JUDGED_BY_NOBODY = "SELECT a.id FROM checks k JOIN actions a ON a.id = k.action_id
                        WHERE k.judge_id IS NULL AND k.outcome IS NULL AND a.state = 'done' AND k.planned_on <= $1
                        ORDER BY k.planned_on, a.id LIMIT $2";
    /// Cases that nobody has looked at.
    UNTRIAGED = "SELECT id FROM cases WHERE state = 'reported' ORDER BY registered_at, id LIMIT $1";
    /// Actions that are overdue, the longest first.
    OVERDUE_ACTIONS = "SELECT id FROM actions WHERE state IN ('open', 'in_progress') AND due_on < $1
                       ORDER BY due_on, id LIMIT $2";
    /// Reviews that are overdue, the longest first.
    OVERDUE_REVIEWS = "SELECT r.id FROM reviews r JOIN cases c ON c.id = r.case_id
                       WHERE r.state IN ('due', 'scheduled') AND r.due_on < $1 AND c.state <> 'void'
                       ORDER BY r.due_on, r.id LIMIT $2";
}

/// Reviews that a person leads and that are not submitted yet.
///
/// # Errors
/// What the database reports.
pub fn reviews_led_by(tx: &mut Tx, person: PersonId, limit: u32) -> Result<Vec<ReviewId>, StoreError> {
    tx.query(LED_BY, &params![person, limit])?.iter().map(|row| row.get("id")).collect()
}

/// Reviews with a day that a person takes part in.
///
/// # Errors
/// What the database reports.
pub fn reviews_attended_by(tx: &mut Tx, person: PersonId, limit: u32) -> Result<Vec<ReviewId>, StoreError> {
    // Participants are a list of ids in JSON.
    let listed = format!("%\"{person}\"%");
    tx.query(ATTENDED_BY, &params![listed, limit])?.iter().map(|row| row.get("id")).collect()
}

/// Reviews that await approval.
///
/// # Errors
/// What the database reports.
pub fn reviews_submitted(tx: &mut Tx, limit: u32) -> Result<Vec<ReviewId>, StoreError> {
    tx.query(SUBMITTED, &params![limit])?.iter().map(|row| row.get("id")).collect()
}

/// Lessons that await approval and that an action puts to work.
///
/// # Errors
/// What the database reports.
pub fn lessons_drafted(tx: &mut Tx, limit: u32) -> Result<Vec<LessonId>, StoreError> {
    tx.query(DRAFTED, &params![limit])?.iter().map(|row| row.get("id")).collect()
}

/// Completed actions whose effect a person is asked to judge.
///
/// # Errors
/// What the database reports.
pub fn actions_judged_by(tx: &mut Tx, person: PersonId, limit: u32) -> Result<Vec<ActionId>, StoreError> {
    tx.query(JUDGED_BY, &params![person, limit])?.iter().map(|row| row.get("id")).collect()
}

/// Completed actions whose effect was to be judged by a day, and nobody in particular was asked to.
///
/// # Errors
/// What the database reports.
pub fn actions_judged_by_nobody(tx: &mut Tx, day: Date, limit: u32) -> Result<Vec<ActionId>, StoreError> {
    tx.query(JUDGED_BY_NOBODY, &params![day, limit])?.iter().map(|row| row.get("id")).collect()
}

/// Cases that nobody has looked at, the longest waiting first.
///
/// # Errors
/// What the database reports.
pub fn cases_untriaged(tx: &mut Tx, limit: u32) -> Result<Vec<CaseId>, StoreError> {
    tx.query(UNTRIAGED, &params![limit])?.iter().map(|row| row.get("id")).collect()
}

/// Actions that were due before a day, the longest overdue first.
///
/// # Errors
/// What the database reports.
pub fn actions_overdue(tx: &mut Tx, day: Date, limit: u32) -> Result<Vec<ActionId>, StoreError> {
    tx.query(OVERDUE_ACTIONS, &params![day, limit])?.iter().map(|row| row.get("id")).collect()
}

/// Reviews that were to be held before a day, the longest overdue first.
///
/// # Errors
/// What the database reports.
pub fn reviews_overdue(tx: &mut Tx, day: Date, limit: u32) -> Result<Vec<ReviewId>, StoreError> {
    tx.query(OVERDUE_REVIEWS, &params![day, limit])?.iter().map(|row| row.get("id")).collect()
}
