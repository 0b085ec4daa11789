//! Who had a part in what is approved or judged: the trail tells it, of records that came with an archive too. Asked in one
//! place, so that every approval asks for the same.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::id::{ActionId, LessonId, PersonId, ReviewId};
use nevertwice_store::Tx;
use nevertwice_store::trail::read::{Hand, HandsOn, hands, hands_of};
use uuid::Uuid;

use crate::error::ServiceError;

/// Tables whose rows are a part of what is approved with a review, whoever wrote them.
const REVIEW_TABLES: [&str; 4] = ["causes", "cause_links", "dismissed_findings", "similar_looks"];
/// What is written into the review itself.
const REVIEW_TEXTS: [&str; 2] = ["minutes", "evaluation"];
/// The words of a lesson.
const LESSON_TEXTS: [&str; 2] = ["statement", "detail"];

/// Of each review: who led it when it went on, submitted it, or wrote a part of it. Whoever opened it, sat in the meeting or
/// sent it back did not.
///
/// # Errors
/// What the store reports.
pub(crate) fn to_reviews(
    tx: &mut Tx,
    ids: &[ReviewId],
) -> Result<BTreeMap<ReviewId, BTreeSet<PersonId>>, ServiceError> {
    let objects: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let mut leaders: BTreeMap<Uuid, PersonId> = BTreeMap::new();
    let mut found: BTreeMap<ReviewId, BTreeSet<PersonId>> = BTreeMap::new();
    for hand in hands(tx, HandsOn::Everything, &objects)? {
        let people = found.entry(hand.object_id.into()).or_default();
        people.extend(hand.person("reviews/drafted_by"));
        if let Some(leader) = hand.person("reviews/facilitator_id") {
            leaders.insert(hand.object_id, leader);
        }
        // Whoever was only named for it and did nothing led nothing.
        if hand.changed("reviews", "state") && !hand.changed("reviews", "created_at") {
            people.extend(leaders.get(&hand.object_id));
        }
        let wrote = REVIEW_TABLES.iter().any(|table| hand.touched(table))
            || REVIEW_TEXTS.iter().any(|column| hand.changed("reviews", column));
        people.extend(wrote.then_some(hand.actor));
    }
    Ok(found)
}

/// Of one review.
///
/// # Errors
/// What the store reports.
pub(crate) fn to_review(tx: &mut Tx, id: ReviewId) -> Result<BTreeSet<PersonId>, ServiceError> {
    Ok(to_reviews(tx, &[id])?.remove(&id).unwrap_or_default())
}

/// Of one lesson: who wrote its words or changed them.
///
/// # Errors
/// What the store reports.
pub(crate) fn to_lesson(tx: &mut Tx, id: LessonId) -> Result<BTreeSet<PersonId>, ServiceError> {
    let entries = hands(tx, HandsOn::LessonWords, &[id.uuid()])?;
    Ok(entries.iter().filter_map(writer).collect())
}

/// Those of some lessons whose words a person wrote or changed.
///
/// # Errors
/// What the store reports.
pub(crate) fn lessons_of(
    tx: &mut Tx,
    person: PersonId,
    ids: &[LessonId],
) -> Result<BTreeSet<LessonId>, ServiceError> {
    let objects: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let entries = hands_of(tx, HandsOn::LessonWords, person, &objects)?;
    let theirs = entries.iter().filter(|hand| writer(hand) == Some(person));
    Ok(theirs.map(|hand| hand.object_id.into()).collect())
}

fn writer(hand: &Hand) -> Option<PersonId> {
    LESSON_TEXTS.iter().any(|column| hand.changed("lessons", column)).then_some(hand.actor)
}

/// Of one action: everybody who ever owned it.
///
/// # Errors
/// What the store reports.
pub(crate) fn owners(tx: &mut Tx, id: ActionId) -> Result<BTreeSet<PersonId>, ServiceError> {
    let entries = hands(tx, HandsOn::ActionOwners, &[id.uuid()])?;
    Ok(entries.iter().filter_map(owner).collect())
}

/// Those of some actions that a person ever owned.
///
/// # Errors
/// What the store reports.
pub(crate) fn actions_of(
    tx: &mut Tx,
    person: PersonId,
    ids: &[ActionId],
) -> Result<BTreeSet<ActionId>, ServiceError> {
    let objects: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let entries = hands_of(tx, HandsOn::ActionOwners, person, &objects)?;
    let theirs = entries.iter().filter(|hand| owner(hand) == Some(person));
    Ok(theirs.map(|hand| hand.object_id.into()).collect())
}

fn owner(hand: &Hand) -> Option<PersonId> {
    hand.person("actions/owner_id")
}
