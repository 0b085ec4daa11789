//! Who is shut out of a record, told from the restricted cases that it hangs on and nothing else.
//!
//! A record that somebody is shut out of is not loaded for them: that would take longer than finding that there is none,
//! and so tell that it is there.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::id::PersonId;
use nevertwice_domain::object::ObjectKind;
use nevertwice_domain::reference::{ActionRef, CaseRef, LessonRef, ReviewRef};
use uuid::Uuid;

use crate::engine::{Row, ToValue, Tx, Value};
use crate::error::StoreError;
use crate::statement::Statement;

statements! {
    /// A case, by its reference, that does not shut out a person.
    CASE = "SELECT 1 FROM cases c WHERE c.reference = $1 AND (NOT c.restricted OR c.readers LIKE $2)";
    /// A review of such a case.
    REVIEW = "SELECT 1 FROM reviews r JOIN cases c ON c.id = r.case_id
        WHERE r.reference = $1 AND (NOT c.restricted OR c.readers LIKE $2)";
    /// An action of such a case.
    ACTION = "SELECT 1 FROM actions a JOIN cases c ON c.id = a.case_id
        WHERE a.reference = $1 AND (NOT c.restricted OR c.readers LIKE $2)";
    /// A lesson of such a case, or of none.
    LESSON = "SELECT 1 FROM lessons l LEFT JOIN lesson_cases k ON k.lesson_id = l.id LEFT JOIN cases c ON c.id = k.case_id
        WHERE l.reference = $1 AND (c.id IS NULL OR NOT c.restricted OR c.readers LIKE $2) LIMIT 1";
    /// Several cases.
    CASES = "SELECT id, restricted, readers FROM cases WHERE id IN ($*)";
    /// The cases of several reviews.
    REVIEWS = "SELECT r.id, c.restricted, c.readers FROM reviews r JOIN cases c ON c.id = r.case_id WHERE r.id IN ($*)";
    /// The cases of several actions.
    ACTIONS = "SELECT a.id, c.restricted, c.readers FROM actions a JOIN cases c ON c.id = a.case_id WHERE a.id IN ($*)";
    /// The cases of several lessons.
    LESSONS = "SELECT l.id, c.restricted, c.readers FROM lessons l LEFT JOIN lesson_cases k ON k.lesson_id = l.id
        LEFT JOIN cases c ON c.id = k.case_id WHERE l.id IN ($*)";
}

/// A record that hangs on cases, by its reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// A case itself.
    Case(CaseRef),
    /// A review.
    Review(ReviewRef),
    /// A lesson.
    Lesson(LessonRef),
    /// An action.
    Action(ActionRef),
}

/// Whether there is a record of a reference that a person is not shut out of. What else they may do is another question.
/// The database decides it: the answer is the same nothing for what is hidden and for what never was, so that there is no
/// row to read for the one and not for the other.
///
/// # Errors
/// What the database reports.
pub fn is_known(tx: &mut Tx, named: Named, person: PersonId) -> Result<bool, StoreError> {
    // Readers are a list of ids in JSON.
    let listed = format!("%\"{person}\"%");
    let row = match named {
        Named::Case(reference) => tx.query_opt(CASE, &params![reference, listed])?,
        Named::Review(reference) => tx.query_opt(REVIEW, &params![reference, listed])?,
        Named::Lesson(reference) => tx.query_opt(LESSON, &params![reference, listed])?,
        Named::Action(reference) => tx.query_opt(ACTION, &params![reference, listed])?,
    };
    Ok(row.is_some())
}

/// Those of some records of a kind that a person is shut out of: a lesson if they are of every case of it. Of kinds that
/// hang on no case there are none.
///
/// # Errors
/// What the database reports.
pub fn shut_out(
    tx: &mut Tx,
    kind: ObjectKind,
    ids: &[Uuid],
    person: PersonId,
) -> Result<BTreeSet<Uuid>, StoreError> {
    let Some(statement) = of_several(kind) else { return Ok(BTreeSet::new()) };
    let list: Vec<Value> = ids.iter().map(ToValue::to_value).collect();
    let rows = tx.query_list(statement, &list)?;
    Ok(known(&rows, person)?.into_iter().filter(|(_, known)| !known).map(|(id, _)| id).collect())
}

fn of_several(kind: ObjectKind) -> Option<&'static Statement> {
    match kind {
        ObjectKind::Case => Some(CASES),
        ObjectKind::Review => Some(REVIEWS),
        ObjectKind::Action => Some(ACTIONS),
        ObjectKind::Lesson => Some(LESSONS),
        _ => None,
    }
}

/// Of each record whether at least one of its cases does not shut the person out.
fn known(rows: &[Row], person: PersonId) -> Result<BTreeMap<Uuid, bool>, StoreError> {
    let mut known: BTreeMap<Uuid, bool> = BTreeMap::new();
    for row in rows {
        let restricted = row.get::<Option<bool>>("restricted")?.unwrap_or(false);
        let open = !restricted || row.get::<BTreeSet<PersonId>>("readers")?.contains(&person);
        *known.entry(row.get("id")?).or_default() |= open;
    }
    Ok(known)
}
