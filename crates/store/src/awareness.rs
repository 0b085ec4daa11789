//! Awareness items with who has acknowledged them.

use std::collections::BTreeSet;

use nevertwice_domain::awareness::{
    Acknowledgement, AudienceKind, AwarenessItem, AwarenessRecord, AwarenessState,
};
use nevertwice_domain::id::{AwarenessId, LessonId, PersonId};
use nevertwice_domain::permission::Role;
use nevertwice_domain::reference::AwarenessRef;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::{Date, Timestamp};

use crate::engine::{ToValue, Tx, Value};
use crate::error::StoreError;
use crate::record;

statements! {
    /// The id of a reference.
    ID_OF = "SELECT id FROM awareness_items WHERE reference = $1";
    /// The latest items before an id.
    BEFORE = "SELECT id FROM awareness_items WHERE id < $1 ORDER BY id DESC LIMIT $2";
    /// The items of several lessons.
    OF_LESSONS = "SELECT id FROM awareness_items WHERE lesson_id IN ($*) ORDER BY id";
    /// What is published and to be acknowledged by a day, the most urgent first.
    DUE_BY = "SELECT id FROM awareness_items WHERE state = 'published' AND due_on <= $1 ORDER BY due_on, id";
    /// What is published and not acknowledged by a person, the most urgent first.
    OPEN_FOR = "SELECT i.id FROM awareness_items i
        WHERE i.state = 'published'
        AND NOT EXISTS (SELECT 1 FROM acknowledgements a WHERE a.item_id = i.id AND a.person_id = $1)
        ORDER BY i.due_on, i.id";
}

record!(AwarenessRecord as "awareness_items" of AwarenessItem by id [] {
    id: AwarenessId, version: u64, reference: AwarenessRef, lesson_id: LessonId, title: Line, text: Prose,
    audience: AudienceKind, roles: BTreeSet<Role>, people: BTreeSet<PersonId>, due_on: Date, state: AwarenessState,
    published_by: PersonId, published_at: Timestamp, withdrawn_reason: Option<Prose>, withdrawn_by: Option<PersonId>,
    withdrawn_at: Option<Timestamp>,
});

record!(Acknowledgement as "acknowledgements" of AwarenessItem by item_id [person_id] {
    item_id: AwarenessId, person_id: PersonId, acknowledged_at: Timestamp,
});

/// An item by id.
///
/// # Errors
/// What the database reports.
pub fn get(tx: &mut Tx, id: AwarenessId) -> Result<Option<AwarenessItem>, StoreError> {
    Ok(record::of_object(tx, id.uuid())?.pop().map(AwarenessItem::restore))
}

/// An item by reference.
///
/// # Errors
/// What the database reports.
pub fn find(tx: &mut Tx, reference: AwarenessRef) -> Result<Option<AwarenessItem>, StoreError> {
    let Some(row) = tx.query_opt(ID_OF, &params![reference])? else { return Ok(None) };
    get(tx, row.get("id")?)
}

/// What is published and to be acknowledged by a day, the most urgent first; also what everybody has acknowledged.
///
/// # Errors
/// What the database reports.
pub fn due_by(tx: &mut Tx, day: Date) -> Result<Vec<AwarenessItem>, StoreError> {
    let ids: Vec<AwarenessId> =
        tx.query(DUE_BY, &params![day])?.iter().map(|row| row.get("id")).collect::<Result<_, _>>()?;
    several(tx, &ids)
}

/// Several items, in the order of `ids`.
///
/// # Errors
/// What the database reports.
pub fn several(tx: &mut Tx, ids: &[AwarenessId]) -> Result<Vec<AwarenessItem>, StoreError> {
    let list: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    let mut items: Vec<AwarenessItem> =
        record::of_objects(tx, &list)?.into_iter().map(AwarenessItem::restore).collect();
    items.sort_by_key(|item| ids.iter().position(|id| *id == item.id));
    Ok(items)
}

/// Up to `limit` items, the latest first; those before `before`, if that is given.
///
/// # Errors
/// What the database reports.
pub fn before(
    tx: &mut Tx,
    before: Option<AwarenessId>,
    limit: u32,
) -> Result<Vec<AwarenessItem>, StoreError> {
    let before = before.unwrap_or_else(|| AwarenessId::new(uuid::Uuid::max()));
    let ids = tx
        .query(BEFORE, &params![before, limit])?
        .iter()
        .map(|row| row.get("id"))
        .collect::<Result<Vec<_>, _>>()?;
    several(tx, &ids)
}

/// The items that tell of lessons, in the order of publishing.
///
/// # Errors
/// What the database reports.
pub fn of_lessons(tx: &mut Tx, lessons: &[LessonId]) -> Result<Vec<AwarenessItem>, StoreError> {
    let list: Vec<Value> = lessons.iter().map(ToValue::to_value).collect();
    let rows = tx.query_list(OF_LESSONS, &list)?;
    let ids = rows.iter().map(|row| row.get("id")).collect::<Result<Vec<_>, _>>()?;
    several(tx, &ids)
}

/// What is published and not acknowledged by a person, for them or not, the most urgent first.
///
/// # Errors
/// What the database reports.
pub fn not_acknowledged_by(tx: &mut Tx, person: PersonId) -> Result<Vec<AwarenessItem>, StoreError> {
    let ids = tx
        .query(OPEN_FOR, &params![person])?
        .iter()
        .map(|row| row.get("id"))
        .collect::<Result<Vec<_>, _>>()?;
    several(tx, &ids)
}

/// Adds an item.
///
/// # Errors
/// What the database reports.
pub fn insert(tx: &mut Tx, item: &AwarenessItem) -> Result<(), StoreError> {
    record::insert::<AwarenessRecord>(tx, std::slice::from_ref(item), item.version)
}

/// Changes an item.
///
/// # Errors
/// What the database reports.
pub fn save(tx: &mut Tx, before: &AwarenessItem, after: &AwarenessItem) -> Result<AwarenessItem, StoreError> {
    let new = AwarenessRecord { version: before.version + 1, ..(**after).clone() };
    record::update::<AwarenessRecord>(tx, before, &new, new.version)?;
    Ok(AwarenessItem::restore(new))
}

/// Who has acknowledged items.
///
/// # Errors
/// What the database reports.
pub fn acknowledgements(tx: &mut Tx, items: &[AwarenessId]) -> Result<Vec<Acknowledgement>, StoreError> {
    let ids: Vec<_> = items.iter().map(|id| id.uuid()).collect();
    record::of_objects(tx, &ids)
}

/// Adds that somebody has acknowledged an item; `revision` is its version.
///
/// # Errors
/// What the database reports.
pub fn acknowledge(tx: &mut Tx, read: &Acknowledgement, revision: u64) -> Result<(), StoreError> {
    record::insert(tx, std::slice::from_ref(read), revision)
}
