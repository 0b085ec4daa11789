//! What waits for somebody: short lists, the most urgent first, each off an index of its own.

use nevertwice_domain::id::{ActionId, AwarenessId, CaseId, LessonId, PersonId, ReviewId, RiskId};
use nevertwice_domain::time::Date;

use crate::engine::Tx;
use crate::error::StoreError;

statements! {
    /// Actions that a person owes.
    OWED_BY = "SELECT id FROM actions WHERE owner_id = $1 AND state IN ('open', 'in_progress')
               ORDER BY due_on, id LIMIT $2";
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
    /// Lessons that did not hold, and wait for somebody to agree to them again.
    FAILED = "SELECT id FROM lessons WHERE state IN ('overtaken', 'did_not_hold', 'regressed')
              ORDER BY created_at, id LIMIT $1";
    /// Lessons that await approval: something carries them already.
    DRAFTED = "SELECT l.id FROM lessons l WHERE l.state = 'draft'
               AND EXISTS (SELECT 1 FROM lesson_carriers k WHERE k.lesson_id = l.id)
               ORDER BY l.created_at, l.id LIMIT $1";
    /// Lessons in force of an author that were to be looked at again before a day.
    STALE_OF = "SELECT id FROM lessons
                WHERE author_id = $1 AND state IN ('approved', 'applied', 'proved') AND review_on < $2
                ORDER BY review_on, id LIMIT $3";
    /// Lessons of which somebody said what covers them, and nobody has approved it.
    COVERAGE_WAITS = "SELECT lesson_id FROM lesson_coverages WHERE approved_by IS NULL
                      ORDER BY declared_at, id LIMIT $1";
    /// Cases with links that are declared not needed, and nobody has agreed.
    DECLARATION_WAITS = "SELECT case_id FROM declarations WHERE approved_by IS NULL ORDER BY declared_at, id LIMIT $1";
    /// Open risks of an owner who has not accepted what remains since the last look.
    TO_ACCEPT = "SELECT r.id FROM risks r JOIN risk_assessments a ON a.risk_id = r.id
                 WHERE r.owner_id = $1 AND r.state = 'open' AND a.accepted_by IS NULL
                 AND NOT EXISTS (SELECT 1 FROM risk_assessments b WHERE b.risk_id = r.id AND b.number > a.number)
                 ORDER BY r.reference LIMIT $2";
    /// What is published and not acknowledged by a person, but for what names others.
    TO_READ = "SELECT i.id FROM awareness_items i
               WHERE i.state = 'published' AND (i.audience <> 'people' OR i.people LIKE $2)
               AND NOT EXISTS (SELECT 1 FROM acknowledgements a WHERE a.item_id = i.id AND a.person_id = $1)
               ORDER BY i.due_on, i.id LIMIT $3";
    /// What it was decided not to do until a day that has passed, the longest ago first.
    DECIDE_AGAIN = "SELECT id FROM actions WHERE state = 'not_doing' AND not_doing_until < $1
                    ORDER BY not_doing_until, id LIMIT $2";
    /// What those owe who have left: each thing with its person and, if it hangs on one, its case.
    ///
    /// `CROSS JOIN` has SQLite begin with the people, who are few, and not with everything that is open.
    OWED_BY_LEFT = "SELECT p.id AS person_id, a.case_id AS case_id FROM people p CROSS JOIN actions a
            WHERE a.owner_id = p.id AND p.status = 'disabled' AND a.state IN ('open', 'in_progress')
        UNION ALL SELECT k.person_id, k.case_id FROM (SELECT DISTINCT p.id AS person_id, a.id AS action_id, a.case_id AS case_id
            FROM people p CROSS JOIN checks c CROSS JOIN actions a
            WHERE c.judge_id = p.id AND a.id = c.action_id
            AND p.status = 'disabled' AND c.outcome IS NULL AND a.state IN ('open', 'in_progress', 'done')) k
        UNION ALL SELECT p.id, r.case_id FROM people p CROSS JOIN reviews r
            WHERE r.facilitator_id = p.id AND p.status = 'disabled' AND r.state NOT IN ('approved', 'waived')
        UNION ALL SELECT p.id, NULL FROM people p CROSS JOIN assets s WHERE s.owner_id = p.id AND p.status = 'disabled'
        UNION ALL SELECT p.id, NULL FROM people p CROSS JOIN risks k
            WHERE k.owner_id = p.id AND p.status = 'disabled' AND k.state = 'open'
        UNION ALL SELECT p.id, NULL FROM people p CROSS JOIN controls o
            WHERE o.owner_id = p.id AND p.status = 'disabled' AND o.retired_at IS NULL
        LIMIT $1";
    /// Completed actions whose effect a person is asked to judge.
    JUDGED_BY = "SELECT a.id FROM checks k JOIN actions a ON a.id = k.action_id
                 WHERE k.judge_id = $1 AND k.outcome IS NULL AND a.state = 'done' ORDER BY k.planned_on, k.action_id LIMIT $2";
    /// Completed actions whose effect nobody is asked to judge who could, by a day.
    JUDGED_BY_NOBODY = "SELECT a.id FROM checks k JOIN actions a ON a.id = k.action_id
                        WHERE (k.judge_id IS NULL OR k.judge_id = a.owner_id OR k.judge_id = a.completed_by)
                        AND k.outcome IS NULL AND a.state = 'done' AND k.planned_on <= $1
                        ORDER BY k.planned_on, a.id LIMIT $2";
    /// Completed actions for which no look at their effect is planned.
    UNCHECKED = "SELECT a.id FROM actions a WHERE a.state = 'done'
                 AND NOT EXISTS (SELECT 1 FROM checks k WHERE k.action_id = a.id AND k.outcome IS NULL)
                 ORDER BY a.completed_on, a.id LIMIT $1";
    /// Lessons in force that were to be looked at again before a day, of authors who have left.
    STALE_OF_LEFT = "SELECT l.id FROM lessons l JOIN people p ON p.id = l.author_id
                     WHERE p.status = 'disabled' AND l.state IN ('approved', 'applied', 'proved') AND l.review_on < $1
                     ORDER BY l.review_on, l.id LIMIT $2";
    /// Cases that nobody has looked at.
    UNTRIAGED = "SELECT id FROM cases WHERE state = 'reported' ORDER BY registered_at, id LIMIT $1";
    /// Actions that are overdue, the longest first.
    OVERDUE_ACTIONS = "SELECT id FROM actions WHERE state IN ('open', 'in_progress') AND due_on < $1
                       ORDER BY due_on, id LIMIT $2";
    /// Actions whose effect was to be judged, the longest ago first.
    OVERDUE_CHECKS = "SELECT a.id FROM checks k JOIN actions a ON a.id = k.action_id
                      WHERE k.outcome IS NULL AND a.state = 'done' AND k.planned_on < $1
                      ORDER BY k.planned_on, k.action_id LIMIT $2";
    /// Cases that are acted on and that nothing obvious keeps from being closed, the oldest first: no review that is not
    /// over, a lesson and none that is a draft, no action that is owed.
    ALMOST_CLOSED = "SELECT c.id FROM cases c WHERE c.state = 'acting'
                     AND EXISTS (SELECT 1 FROM reviews r WHERE r.case_id = c.id)
                     AND NOT EXISTS (SELECT 1 FROM reviews r WHERE r.case_id = c.id AND r.state NOT IN ('approved', 'waived'))
                     AND EXISTS (SELECT 1 FROM lesson_cases k WHERE k.case_id = c.id)
                     AND NOT EXISTS (SELECT 1 FROM lesson_cases k JOIN lessons l ON l.id = k.lesson_id
                         WHERE k.case_id = c.id AND l.state = 'draft')
                     AND NOT EXISTS (SELECT 1 FROM actions a WHERE a.case_id = c.id AND a.state IN ('open', 'in_progress'))
                     ORDER BY c.registered_at, c.id LIMIT $1";
    /// Reviews that are overdue, the longest first. `NOT IN`, for an index in the order of the days: with a list of states
    /// SQLite reads all of each state and sorts.
    OVERDUE_REVIEWS = "SELECT r.id FROM reviews r JOIN cases c ON c.id = r.case_id
                       WHERE r.state NOT IN ('approved', 'waived') AND r.due_on < $1 AND c.state <> 'void'
                       ORDER BY r.due_on, r.id LIMIT $2";
}

/// Actions that a person owes, the most urgent first.
///
/// # Errors
/// What the database reports.
pub fn actions_owed_by(tx: &mut Tx, person: PersonId, limit: u32) -> Result<Vec<ActionId>, StoreError> {
    tx.query(OWED_BY, &params![person, limit])?.iter().map(|row| row.get("id")).collect()
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

/// Lessons that await approval and that an action or an approved coverage carries.
///
/// # Errors
/// What the database reports.
pub fn lessons_drafted(tx: &mut Tx, limit: u32) -> Result<Vec<LessonId>, StoreError> {
    tx.query(DRAFTED, &params![limit])?.iter().map(|row| row.get("id")).collect()
}

/// Lessons that were shown not to hold, the oldest first.
///
/// # Errors
/// What the database reports.
pub fn lessons_failed(tx: &mut Tx, limit: u32) -> Result<Vec<LessonId>, StoreError> {
    tx.query(FAILED, &params![limit])?.iter().map(|row| row.get("id")).collect()
}

/// Lessons in force that a person wrote and that were to be looked at again before a day, the longest ago first.
///
/// # Errors
/// What the database reports.
pub fn lessons_stale_of(
    tx: &mut Tx,
    person: PersonId,
    day: Date,
    limit: u32,
) -> Result<Vec<LessonId>, StoreError> {
    tx.query(STALE_OF, &params![person, day, limit])?.iter().map(|row| row.get("id")).collect()
}

/// Lessons of which somebody said what covers them, and nobody has approved it; once for each time that it was said.
///
/// # Errors
/// What the database reports.
pub fn coverages_waiting(tx: &mut Tx, limit: u32) -> Result<Vec<LessonId>, StoreError> {
    tx.query(COVERAGE_WAITS, &params![limit])?.iter().map(|row| row.get("lesson_id")).collect()
}

/// Cases with links that are declared not needed, and nobody has agreed; once for each link.
///
/// # Errors
/// What the database reports.
pub fn declarations_waiting(tx: &mut Tx, limit: u32) -> Result<Vec<CaseId>, StoreError> {
    tx.query(DECLARATION_WAITS, &params![limit])?.iter().map(|row| row.get("case_id")).collect()
}

/// Open risks of an owner who has not accepted what remains since the last look.
///
/// # Errors
/// What the database reports.
pub fn risks_to_accept(tx: &mut Tx, owner: PersonId, limit: u32) -> Result<Vec<RiskId>, StoreError> {
    tx.query(TO_ACCEPT, &params![owner, limit])?.iter().map(|row| row.get("id")).collect()
}

/// What is published and not acknowledged by a person, the most urgent first. What is for roles is among it, whether they
/// have them or not.
///
/// # Errors
/// What the database reports.
pub fn awareness_to_read(tx: &mut Tx, person: PersonId, limit: u32) -> Result<Vec<AwarenessId>, StoreError> {
    // People are a list of ids in JSON.
    let listed = format!("%\"{person}\"%");
    tx.query(TO_READ, &params![person, listed, limit])?.iter().map(|row| row.get("id")).collect()
}

/// What it was decided not to do until a day that has passed, the longest ago first.
///
/// # Errors
/// What the database reports.
pub fn actions_to_decide_again(tx: &mut Tx, day: Date, limit: u32) -> Result<Vec<ActionId>, StoreError> {
    tx.query(DECIDE_AGAIN, &params![day, limit])?.iter().map(|row| row.get("id")).collect()
}

/// What those owe who have left, one row for each thing: the person and the case that it hangs on, if any.
///
/// # Errors
/// What the database reports.
pub fn owed_by_left(tx: &mut Tx, limit: u32) -> Result<Vec<(PersonId, Option<CaseId>)>, StoreError> {
    tx.query(OWED_BY_LEFT, &params![limit])?
        .iter()
        .map(|row| Ok((row.get("person_id")?, row.get("case_id")?)))
        .collect()
}

/// Completed actions whose effect a person is asked to judge.
///
/// # Errors
/// What the database reports.
pub fn actions_judged_by(tx: &mut Tx, person: PersonId, limit: u32) -> Result<Vec<ActionId>, StoreError> {
    tx.query(JUDGED_BY, &params![person, limit])?.iter().map(|row| row.get("id")).collect()
}

/// Completed actions whose effect was to be judged by a day, and nobody was asked to who could.
///
/// # Errors
/// What the database reports.
pub fn actions_judged_by_nobody(tx: &mut Tx, day: Date, limit: u32) -> Result<Vec<ActionId>, StoreError> {
    tx.query(JUDGED_BY_NOBODY, &params![day, limit])?.iter().map(|row| row.get("id")).collect()
}

/// Completed actions for which no look at their effect is planned, the longest completed first.
///
/// # Errors
/// What the database reports.
pub fn actions_unchecked(tx: &mut Tx, limit: u32) -> Result<Vec<ActionId>, StoreError> {
    tx.query(UNCHECKED, &params![limit])?.iter().map(|row| row.get("id")).collect()
}

/// Lessons in force that were to be looked at again before a day and whose author has left, the longest ago first.
///
/// # Errors
/// What the database reports.
pub fn lessons_stale_of_left(tx: &mut Tx, day: Date, limit: u32) -> Result<Vec<LessonId>, StoreError> {
    tx.query(STALE_OF_LEFT, &params![day, limit])?.iter().map(|row| row.get("id")).collect()
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

/// Actions whose effect was to be judged before a day, the longest overdue first.
///
/// # Errors
/// What the database reports.
pub fn checks_overdue(tx: &mut Tx, day: Date, limit: u32) -> Result<Vec<ActionId>, StoreError> {
    tx.query(OVERDUE_CHECKS, &params![day, limit])?.iter().map(|row| row.get("id")).collect()
}

/// Cases that are acted on and that nothing obvious keeps from being closed, the oldest first. Whether they can be is told
/// by the gate.
///
/// # Errors
/// What the database reports.
pub fn cases_almost_closed(tx: &mut Tx, limit: u32) -> Result<Vec<CaseId>, StoreError> {
    tx.query(ALMOST_CLOSED, &params![limit])?.iter().map(|row| row.get("id")).collect()
}

/// Reviews that were to be held before a day, the longest overdue first.
///
/// # Errors
/// What the database reports.
pub fn reviews_overdue(tx: &mut Tx, day: Date, limit: u32) -> Result<Vec<ReviewId>, StoreError> {
    tx.query(OVERDUE_REVIEWS, &params![day, limit])?.iter().map(|row| row.get("id")).collect()
}
