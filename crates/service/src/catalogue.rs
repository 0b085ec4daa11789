//! Suppliers, AI assets and company-defined fields.

mod asset;
mod field;
mod set_fields;
mod supplier;

pub use asset::{AssetVersionView, AssetView, EditAsset, ListAssets, NewAsset, NewAssetVersion, ShowAsset};
pub(crate) use asset::{asset_named, asset_version_labelled};
pub use field::{FieldInput, FieldView, ListFields, NewField};
pub(crate) use field::{by_key, checked_fields, field_values};
pub use set_fields::{FieldOwner, FieldValuesView, SetFields};
pub(crate) use supplier::supplier_named;
pub use supplier::{EditSupplier, ListSuppliers, NewSupplier, ShowSupplier, SupplierView};
