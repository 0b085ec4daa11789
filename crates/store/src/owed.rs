//! What a person owes, and who has left and still owes something.

use std::collections::BTreeSet;

use nevertwice_domain::id::{ActionId, AssetId, CaseId, ControlId, PersonId, ReviewId, RiskId};

use crate::engine::Tx;
use crate::error::StoreError;

statements! {
    /// The actions whose effect a person is asked to judge.
    TO_JUDGE = "SELECT DISTINCT a.id, a.reference FROM checks c JOIN actions a ON a.id = c.action_id
        WHERE c.judge_id = $1 AND c.outcome IS NULL AND a.state IN ('open', 'in_progress', 'done')
        ORDER BY a.reference";
    /// The reviews that a person leads and that are not over.
    TO_LEAD = "SELECT id FROM reviews
        WHERE facilitator_id = $1 AND state NOT IN ('approved', 'waived') ORDER BY reference";
    /// The cases in response with who responds to them.
    RESPONDING = "SELECT id, responders FROM cases WHERE state = 'responding' ORDER BY id LIMIT $1";
    /// Those who have left.
    LEFT = "SELECT id FROM people WHERE status = 'disabled'";
    /// The AI assets that a person answers for.
    ASSETS = "SELECT id FROM assets WHERE owner_id = $1 ORDER BY reference";
    /// The open risks that a person answers for.
    RISKS = "SELECT id FROM risks WHERE owner_id = $1 AND state = 'open' ORDER BY reference";
    /// The controls in use that a person answers for.
    CONTROLS = "SELECT id FROM controls WHERE owner_id = $1 AND retired_at IS NULL ORDER BY reference";
    /// Those who have left and still owe something.
    LEFT_OWING = "SELECT p.id FROM people p WHERE p.status = 'disabled' AND (
            EXISTS (SELECT 1 FROM actions a WHERE a.owner_id = p.id AND a.state IN ('open', 'in_progress'))
            OR EXISTS (SELECT 1 FROM checks c JOIN actions a ON a.id = c.action_id
                WHERE c.judge_id = p.id AND c.outcome IS NULL AND a.state IN ('open', 'in_progress', 'done'))
            OR EXISTS (SELECT 1 FROM reviews r
                WHERE r.facilitator_id = p.id AND r.state NOT IN ('approved', 'waived'))
            OR EXISTS (SELECT 1 FROM assets s WHERE s.owner_id = p.id)
            OR EXISTS (SELECT 1 FROM risks k WHERE k.owner_id = p.id AND k.state = 'open')
            OR EXISTS (SELECT 1 FROM controls o WHERE o.owner_id = p.id AND o.retired_at IS NULL))
        ORDER BY p.name_folded, p.id";
}

/// How many cases in response are looked through: who responds is told by the case alone, and no company responds to more.
const RESPONSES: u32 = 5_000;

/// The actions whose effect a person is asked to judge, in order of their references.
///
/// # Errors
/// What the database reports.
pub fn to_judge(tx: &mut Tx, person: PersonId) -> Result<Vec<ActionId>, StoreError> {
    tx.query(TO_JUDGE, &params![person])?.iter().map(|row| row.get("id")).collect()
}

/// The reviews that a person leads and that are not over, in order of their references.
///
/// # Errors
/// What the database reports.
pub fn to_lead(tx: &mut Tx, person: PersonId) -> Result<Vec<ReviewId>, StoreError> {
    tx.query(TO_LEAD, &params![person])?.iter().map(|row| row.get("id")).collect()
}

/// The cases that a person responds to and that are not resolved, in the order in which they were registered.
///
/// # Errors
/// What the database reports.
pub fn to_respond(tx: &mut Tx, person: PersonId) -> Result<Vec<CaseId>, StoreError> {
    let all = responses_of(tx, &BTreeSet::from([person]))?;
    Ok(all.into_iter().map(|(_, case)| case).collect())
}

/// The cases in response that somebody responds to who has left, with who that is.
///
/// # Errors
/// What the database reports.
pub fn responses_of_left(tx: &mut Tx) -> Result<Vec<(PersonId, CaseId)>, StoreError> {
    let left = tx.query(LEFT, &[])?.iter().map(|row| row.get("id")).collect::<Result<_, _>>()?;
    responses_of(tx, &left)
}

fn responses_of(tx: &mut Tx, people: &BTreeSet<PersonId>) -> Result<Vec<(PersonId, CaseId)>, StoreError> {
    let mut found = Vec::new();
    if people.is_empty() {
        return Ok(found);
    }
    for row in tx.query(RESPONDING, &params![RESPONSES])? {
        let (case, responders): (CaseId, BTreeSet<PersonId>) = (row.get("id")?, row.get("responders")?);
        found.extend(responders.intersection(people).map(|person| (*person, case)));
    }
    Ok(found)
}

/// The AI assets that a person answers for, in order of their references.
///
/// # Errors
/// What the database reports.
pub fn assets(tx: &mut Tx, person: PersonId) -> Result<Vec<AssetId>, StoreError> {
    tx.query(ASSETS, &params![person])?.iter().map(|row| row.get("id")).collect()
}

/// The open risks that a person answers for, in order of their references.
///
/// # Errors
/// What the database reports.
pub fn risks(tx: &mut Tx, person: PersonId) -> Result<Vec<RiskId>, StoreError> {
    tx.query(RISKS, &params![person])?.iter().map(|row| row.get("id")).collect()
}

/// The controls in use that a person answers for, in order of their references.
///
/// # Errors
/// What the database reports.
pub fn controls(tx: &mut Tx, person: PersonId) -> Result<Vec<ControlId>, StoreError> {
    tx.query(CONTROLS, &params![person])?.iter().map(|row| row.get("id")).collect()
}

/// Those who have left and still owe something, by name.
///
/// # Errors
/// What the database reports.
pub fn left_owing(tx: &mut Tx) -> Result<Vec<PersonId>, StoreError> {
    tx.query(LEFT_OWING, &[])?.iter().map(|row| row.get("id")).collect()
}
