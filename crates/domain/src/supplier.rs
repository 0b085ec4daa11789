//! Suppliers of data, models, platforms, cloud and services.

use serde::{Deserialize, Serialize};

use crate::field::FieldValues;
use crate::id::SupplierId;
use crate::reference::SupplierRef;
use crate::text::{Line, Prose};
use crate::time::Timestamp;

/// What is written down about a supplier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supplier {
    /// Identity.
    pub id: SupplierId,
    /// Counts the changes; a change must name the version that it saw.
    pub version: u64,
    /// The reference.
    pub reference: SupplierRef,
    /// The name.
    pub name: Line,
    /// What it provides.
    pub provides: Option<Line>,
    /// Whom to reach there, and how.
    pub contact: Option<Line>,
    /// What the agreement says about security and incidents.
    pub agreement: Option<Prose>,
    /// What we do when it fails.
    pub contingency_plan: Option<Prose>,
    /// When it became known to the register.
    pub created_at: Timestamp,
    /// Values of the company's own fields.
    pub fields: FieldValues,
}
