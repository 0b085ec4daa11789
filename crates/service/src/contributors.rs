//! Who had a part in what is approved or judged: the trail tells it, of records that came with an archive too. Asked in one
//! place, so that every approval asks for the same.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::id::{ActionId, LessonId, PersonId, ReviewId};
use nevertwice_store::Tx;
use nevertwice_store::trail::read::{Hand, HandsOn, hands};
use uuid::Uuid;

use crate::error::ServiceError;

/// The people who had a part in each of some records.
pub(crate) type Contributors<Id> = BTreeMap<Id, BTreeSet<PersonId>>;

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
pub(crate) fn to_reviews(tx: &mut Tx, ids: &[ReviewId]) -> Result<Contributors<ReviewId>, ServiceError> {
    let mut leaders: BTreeMap<Uuid, PersonId> = BTreeMap::new();
    gathered(tx, HandsOn::Everything, ids, ReviewId::uuid, |hand| {
        let mut found: Vec<PersonId> = hand.person("reviews/drafted_by").into_iter().collect();
        if let Some(leader) = hand.person("reviews/facilitator_id") {
            leaders.insert(hand.object_id, leader);
        }
        // Whoever was only named for it and did nothing led nothing.
        if hand.changed("reviews", "state") && !hand.changed("reviews", "created_at") {
            found.extend(leaders.get(&hand.object_id));
        }
        let wrote = REVIEW_TABLES.iter().any(|table| hand.touched(table))
            || REVIEW_TEXTS.iter().any(|column| hand.changed("reviews", column));
        found.extend(wrote.then_some(hand.actor));
        found
    })
}

/// Of one review.
///
/// # Errors
/// What the store reports.
pub(crate) fn to_review(tx: &mut Tx, id: ReviewId) -> Result<BTreeSet<PersonId>, ServiceError> {
    Ok(to_reviews(tx, &[id])?.remove(&id).unwrap_or_default())
}

/// Of each lesson: who wrote its words or changed them.
///
/// # Errors
/// What the store reports.
pub(crate) fn to_lessons(tx: &mut Tx, ids: &[LessonId]) -> Result<Contributors<LessonId>, ServiceError> {
    gathered(tx, HandsOn::LessonWords, ids, LessonId::uuid, |hand| {
        let wrote = LESSON_TEXTS.iter().any(|column| hand.changed("lessons", column));
        wrote.then_some(hand.actor).into_iter().collect()
    })
}

/// Of one lesson.
///
/// # Errors
/// What the store reports.
pub(crate) fn to_lesson(tx: &mut Tx, id: LessonId) -> Result<BTreeSet<PersonId>, ServiceError> {
    Ok(to_lessons(tx, &[id])?.remove(&id).unwrap_or_default())
}

/// Of each action: everybody who ever owned it.
///
/// # Errors
/// What the store reports.
pub(crate) fn owners_of(tx: &mut Tx, ids: &[ActionId]) -> Result<Contributors<ActionId>, ServiceError> {
    gathered(tx, HandsOn::ActionOwners, ids, ActionId::uuid, |hand| {
        hand.person("actions/owner_id").into_iter().collect()
    })
}

/// Of one action.
///
/// # Errors
/// What the store reports.
pub(crate) fn owners(tx: &mut Tx, id: ActionId) -> Result<BTreeSet<PersonId>, ServiceError> {
    Ok(owners_of(tx, &[id])?.remove(&id).unwrap_or_default())
}

/// Whom `who` finds in the entries of each record, in their order.
fn gathered<Id: Copy + Ord>(
    tx: &mut Tx,
    on: HandsOn,
    ids: &[Id],
    uuid: fn(Id) -> Uuid,
    mut who: impl FnMut(&Hand) -> Vec<PersonId>,
) -> Result<Contributors<Id>, ServiceError> {
    let by_uuid: BTreeMap<Uuid, Id> = ids.iter().map(|id| (uuid(*id), *id)).collect();
    let objects: Vec<Uuid> = by_uuid.keys().copied().collect();
    let mut found: Contributors<Id> = BTreeMap::new();
    for hand in hands(tx, on, &objects)? {
        if let Some(id) = by_uuid.get(&hand.object_id) {
            found.entry(*id).or_default().extend(who(&hand));
        }
    }
    Ok(found)
}
