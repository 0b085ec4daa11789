//! Suppliers, AI assets and company-defined fields.

mod asset;
mod field;
mod supplier;

pub use asset::{AssetVersionView, AssetView, EditAsset, ListAssets, NewAsset, NewAssetVersion, ShowAsset};
pub(crate) use asset::{asset_named, asset_version_labelled};
pub(crate) use field::checked_fields;
pub use field::{FieldInput, FieldView, ListFields, NewField};
pub(crate) use supplier::supplier_named;
pub use supplier::{EditSupplier, ListSuppliers, NewSupplier, ShowSupplier, SupplierView};
