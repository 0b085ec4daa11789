//! Suppliers, AI assets and company-defined fields.

use std::collections::BTreeSet;

use nevertwice_domain::asset::{Asset, AssetKind, AssetVersion, Sha256Text};
use nevertwice_domain::field::{Field, FieldKey, FieldSubject, FieldType, FieldValues};
use nevertwice_domain::id::{AssetId, AssetVersionId, FieldId, PersonId, SupplierId};
use nevertwice_domain::reference::{AssetRef, SupplierRef};
use nevertwice_domain::supplier::Supplier;
use nevertwice_domain::text::{Line, Prose, fold};
use nevertwice_domain::time::Timestamp;
use nevertwice_domain::when::When;

use crate::engine::Tx;
use crate::error::StoreError;
use crate::record;

statements! {
    /// A supplier by reference.
    SUPPLIER = "SELECT id, version, reference, name, provides, contact, agreement, contingency_plan, created_at, fields,
                name_folded FROM suppliers WHERE reference = $1";
    /// Suppliers by name, folded.
    SUPPLIERS_BY_NAME = "SELECT id, version, reference, name, provides, contact, agreement, contingency_plan,
                         created_at, fields, name_folded FROM suppliers WHERE name_folded = $1 ORDER BY reference";
    /// Every supplier.
    SUPPLIERS = "SELECT id, version, reference, name, provides, contact, agreement, contingency_plan, created_at, fields,
                 name_folded FROM suppliers ORDER BY name_folded, id";
    /// An asset by reference.
    ASSET = "SELECT id, version, reference, kind, name, description, owner_id, supplier_id, created_at, fields, name_folded
             FROM assets WHERE reference = $1";
    /// Assets by name, folded.
    ASSETS_BY_NAME = "SELECT id, version, reference, kind, name, description, owner_id, supplier_id, created_at, fields,
                      name_folded FROM assets WHERE name_folded = $1 ORDER BY reference";
    /// Every asset.
    ASSETS = "SELECT id, version, reference, kind, name, description, owner_id, supplier_id, created_at, fields, name_folded
              FROM assets ORDER BY name_folded, id";
    /// Every field.
    FIELDS = "SELECT id, version, subject, key, label, kind, choices, created_at FROM fields ORDER BY subject, key";
    /// A field by its short name.
    FIELD = "SELECT id, version, subject, key, label, kind, choices, created_at
             FROM fields WHERE subject = $1 AND key = $2";
}

record!(Supplier as "suppliers" of Supplier by id [] {
    id: SupplierId, version: u64, reference: SupplierRef, name: Line, provides: Option<Line>, contact: Option<Line>,
    agreement: Option<Prose>, contingency_plan: Option<Prose>, created_at: Timestamp, fields: FieldValues;
    name_folded = |supplier| fold(supplier.name.as_str()),
});

record!(Asset as "assets" of Asset by id [] {
    id: AssetId, version: u64, reference: AssetRef, kind: AssetKind, name: Line, description: Option<Prose>,
    owner_id: Option<PersonId>, supplier_id: Option<SupplierId>, created_at: Timestamp, fields: FieldValues;
    name_folded = |asset| fold(asset.name.as_str()),
});

record!(AssetVersion as "asset_versions" of Asset by asset_id [id] {
    id: AssetVersionId, asset_id: AssetId, label: Line, sha256: Option<Sha256Text>, released: Option<When>,
    note: Option<Prose>,
});

record!(Field as "fields" of Field by id [] {
    id: FieldId, version: u64, subject: FieldSubject, key: FieldKey, label: Line, kind: FieldType,
    choices: BTreeSet<Line>, created_at: Timestamp,
});

/// A supplier by id.
///
/// # Errors
/// What the database reports.
pub fn supplier(tx: &mut Tx, id: SupplierId) -> Result<Option<Supplier>, StoreError> {
    Ok(record::of_object(tx, id.uuid())?.pop())
}

/// Several suppliers by id.
///
/// # Errors
/// What the database reports.
pub fn suppliers_by_ids(tx: &mut Tx, ids: &[SupplierId]) -> Result<Vec<Supplier>, StoreError> {
    let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    record::of_objects(tx, &ids)
}

/// Several assets by id.
///
/// # Errors
/// What the database reports.
pub fn assets_by_ids(tx: &mut Tx, ids: &[AssetId]) -> Result<Vec<Asset>, StoreError> {
    let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    record::of_objects(tx, &ids)
}

/// A supplier by reference.
///
/// # Errors
/// What the database reports.
pub fn supplier_by_reference(tx: &mut Tx, reference: SupplierRef) -> Result<Option<Supplier>, StoreError> {
    record::select_opt(tx, SUPPLIER, &params![reference])
}

/// Suppliers of a name, without regard to case and accents.
///
/// # Errors
/// What the database reports.
pub fn suppliers_by_name(tx: &mut Tx, name: &str) -> Result<Vec<Supplier>, StoreError> {
    record::select(tx, SUPPLIERS_BY_NAME, &params![fold(name)])
}

/// Every supplier, by name.
///
/// # Errors
/// What the database reports.
pub fn suppliers(tx: &mut Tx) -> Result<Vec<Supplier>, StoreError> {
    record::select(tx, SUPPLIERS, &[])
}

/// Adds a supplier.
///
/// # Errors
/// What the database reports.
pub fn insert_supplier(tx: &mut Tx, supplier: &Supplier) -> Result<(), StoreError> {
    record::insert(tx, std::slice::from_ref(supplier), supplier.version)
}

/// Changes a supplier.
///
/// # Errors
/// What the database reports.
pub fn save_supplier(tx: &mut Tx, before: &Supplier, mut after: Supplier) -> Result<Supplier, StoreError> {
    after.version = before.version + 1;
    record::update(tx, before, &after, after.version)?;
    Ok(after)
}

/// An asset by id.
///
/// # Errors
/// What the database reports.
pub fn asset(tx: &mut Tx, id: AssetId) -> Result<Option<Asset>, StoreError> {
    Ok(record::of_object(tx, id.uuid())?.pop())
}

/// An asset by reference.
///
/// # Errors
/// What the database reports.
pub fn asset_by_reference(tx: &mut Tx, reference: AssetRef) -> Result<Option<Asset>, StoreError> {
    record::select_opt(tx, ASSET, &params![reference])
}

/// Assets of a name, without regard to case and accents.
///
/// # Errors
/// What the database reports.
pub fn assets_by_name(tx: &mut Tx, name: &str) -> Result<Vec<Asset>, StoreError> {
    record::select(tx, ASSETS_BY_NAME, &params![fold(name)])
}

/// Every asset, by name.
///
/// # Errors
/// What the database reports.
pub fn assets(tx: &mut Tx) -> Result<Vec<Asset>, StoreError> {
    record::select(tx, ASSETS, &[])
}

/// The versions of an asset.
///
/// # Errors
/// What the database reports.
pub fn asset_versions(tx: &mut Tx, asset: AssetId) -> Result<Vec<AssetVersion>, StoreError> {
    record::of_object(tx, asset.uuid())
}

/// The versions of several assets.
///
/// # Errors
/// What the database reports.
pub fn asset_versions_of(tx: &mut Tx, assets: &[AssetId]) -> Result<Vec<AssetVersion>, StoreError> {
    let ids: Vec<_> = assets.iter().map(|asset| asset.uuid()).collect();
    record::of_objects(tx, &ids)
}

/// Adds an asset.
///
/// # Errors
/// What the database reports.
pub fn insert_asset(tx: &mut Tx, asset: &Asset) -> Result<(), StoreError> {
    record::insert(tx, std::slice::from_ref(asset), asset.version)
}

/// Changes an asset.
///
/// # Errors
/// What the database reports.
pub fn save_asset(tx: &mut Tx, before: &Asset, mut after: Asset) -> Result<Asset, StoreError> {
    after.version = before.version + 1;
    record::update(tx, before, &after, after.version)?;
    Ok(after)
}

/// Adds a version of an asset.
///
/// # Errors
/// What the database reports; a second version of one label is refused by the schema.
pub fn insert_asset_version(tx: &mut Tx, asset: &Asset, version: &AssetVersion) -> Result<(), StoreError> {
    record::insert(tx, std::slice::from_ref(version), asset.version)
}

/// Every field.
///
/// # Errors
/// What the database reports.
pub fn fields(tx: &mut Tx) -> Result<Vec<Field>, StoreError> {
    record::select(tx, FIELDS, &[])
}

/// A field by its short name.
///
/// # Errors
/// What the database reports.
pub fn field(tx: &mut Tx, subject: FieldSubject, key: &FieldKey) -> Result<Option<Field>, StoreError> {
    record::select_opt(tx, FIELD, &params![subject, key])
}

/// Adds a field.
///
/// # Errors
/// What the database reports; a second field of one name is refused by the schema.
pub fn insert_field(tx: &mut Tx, field: &Field) -> Result<(), StoreError> {
    record::insert(tx, std::slice::from_ref(field), field.version)
}

/// Changes a field.
///
/// # Errors
/// What the database reports.
pub fn save_field(tx: &mut Tx, before: &Field, mut after: Field) -> Result<Field, StoreError> {
    after.version = before.version + 1;
    record::update(tx, before, &after, after.version)?;
    Ok(after)
}
