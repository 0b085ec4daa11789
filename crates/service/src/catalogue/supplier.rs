//! Suppliers.

use std::collections::BTreeMap;

use nevertwice_domain::field::{Field, FieldValues};
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::SupplierRef;
use nevertwice_domain::supplier::Supplier;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_store::{catalogue, counter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::by_key;
use crate::case::same_version;
use crate::error::ServiceError;
use crate::service::Unit;
use crate::set::Set;
use crate::use_case::{Asked, Change, UseCase};

/// A supplier.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SupplierView {
    /// Its reference.
    pub reference: String,
    /// Its version, to be named by a change.
    pub version: u64,
    /// Its name.
    pub name: String,
    /// What it provides.
    pub provides: Option<String>,
    /// Whom to reach there.
    pub contact: Option<String>,
    /// What the agreement says about security and incidents.
    pub agreement: Option<String>,
    /// What we do when it fails.
    pub contingency_plan: Option<String>,
    /// Values of the company's own fields, by their short names.
    pub fields: BTreeMap<String, String>,
}

/// Adds a supplier.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewSupplier {
    /// Its name.
    pub name: Line,
    /// What it provides.
    pub provides: Option<Line>,
    /// Whom to reach there.
    pub contact: Option<Line>,
    /// What the agreement says.
    pub agreement: Option<Prose>,
    /// What we do when it fails.
    pub contingency_plan: Option<Prose>,
}

/// Lists suppliers by name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListSuppliers {}

/// Shows a supplier.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowSupplier {
    /// Its reference or name.
    pub supplier: Line,
}

/// Changes a supplier; what is absent stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EditSupplier {
    /// Its reference or name.
    pub supplier: Line,
    /// The version that the caller saw.
    #[serde(default)]
    pub version: Option<u64>,
    /// Another name.
    pub name: Option<Line>,
    /// What it provides.
    pub provides: Option<Set<Line>>,
    /// Whom to reach there.
    pub contact: Option<Set<Line>>,
    /// What the agreement says.
    pub agreement: Option<Set<Prose>>,
    /// What we do when it fails.
    pub contingency_plan: Option<Set<Prose>>,
}

impl Change for NewSupplier {
    type Output = SupplierView;
    const NAME: &'static str = "new_supplier";
    const ACTION: &'static str = "create_supplier";

    fn change(&self, unit: &mut Unit<'_>) -> Result<SupplierView, ServiceError> {
        unit.caller.may(Verb::EditCatalogue)?;
        if !catalogue::suppliers_by_name(unit.tx, self.name.as_str())?.is_empty() {
            let message = format!("{} is there already; change that one instead", self.name);
            return Err(ServiceError::invalid("name", "supplier.name_taken", message));
        }
        let supplier = Supplier {
            fields: FieldValues::new(),
            id: unit.moment.id(),
            version: 0,
            reference: counter::next::<SupplierRef>(unit.tx, 0)?,
            name: self.name.clone(),
            provides: self.provides.clone(),
            contact: self.contact.clone(),
            agreement: self.agreement.clone(),
            contingency_plan: self.contingency_plan.clone(),
            created_at: unit.moment.at,
        };
        catalogue::insert_supplier(unit.tx, &supplier)?;
        view(unit, &supplier)
    }
}

impl UseCase for ListSuppliers {
    type Output = Vec<SupplierView>;
    const NAME: &'static str = "list_suppliers";

    fn run(self, asked: &Asked<'_>) -> Result<Vec<SupplierView>, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            unit.caller.may(Verb::ReadCatalogue)?;
            let fields = catalogue::fields(unit.tx)?;
            let suppliers = catalogue::suppliers(unit.tx)?;
            Ok(suppliers.iter().map(|supplier| SupplierView::of(supplier, &fields)).collect())
        })
    }
}

impl UseCase for ShowSupplier {
    type Output = SupplierView;
    const NAME: &'static str = "show_supplier";

    fn run(self, asked: &Asked<'_>) -> Result<SupplierView, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            unit.caller.may(Verb::ReadCatalogue)?;
            let supplier = supplier_named(unit, &self.supplier)?;
            view(unit, &supplier)
        })
    }
}

impl Change for EditSupplier {
    type Output = SupplierView;
    const NAME: &'static str = "edit_supplier";

    fn change(&self, unit: &mut Unit<'_>) -> Result<SupplierView, ServiceError> {
        unit.caller.may(Verb::EditCatalogue)?;
        let before = supplier_named(unit, &self.supplier)?;
        same_version(&before.reference, before.version, self.version)?;
        let change = self.clone();
        let after = Supplier {
            name: change.name.unwrap_or_else(|| before.name.clone()),
            provides: change.provides.map_or_else(|| before.provides.clone(), Set::into_option),
            contact: change.contact.map_or_else(|| before.contact.clone(), Set::into_option),
            agreement: change.agreement.map_or_else(|| before.agreement.clone(), Set::into_option),
            contingency_plan: change
                .contingency_plan
                .map_or_else(|| before.contingency_plan.clone(), Set::into_option),
            ..before.clone()
        };
        let saved = catalogue::save_supplier(unit.tx, &before, after)?;
        view(unit, &saved)
    }
}

fn view(unit: &mut Unit<'_>, supplier: &Supplier) -> Result<SupplierView, ServiceError> {
    Ok(SupplierView::of(supplier, &catalogue::fields(unit.tx)?))
}

impl SupplierView {
    fn of(supplier: &Supplier, fields: &[Field]) -> Self {
        let text = |t: &Option<Line>| t.as_ref().map(ToString::to_string);
        let prose = |t: &Option<Prose>| t.as_ref().map(ToString::to_string);
        Self {
            reference: supplier.reference.to_string(),
            version: supplier.version,
            name: supplier.name.to_string(),
            provides: text(&supplier.provides),
            contact: text(&supplier.contact),
            agreement: prose(&supplier.agreement),
            contingency_plan: prose(&supplier.contingency_plan),
            fields: by_key(fields, &supplier.fields),
        }
    }
}

/// The supplier of a reference or name.
///
/// # Errors
/// There is none, or several.
pub(crate) fn supplier_named(unit: &mut Unit<'_>, name: &Line) -> Result<Supplier, ServiceError> {
    if let Ok(reference) = name.as_str().parse::<SupplierRef>() {
        return catalogue::supplier_by_reference(unit.tx, reference)?
            .ok_or_else(|| ServiceError::not_found(format!("supplier {reference}")));
    }
    let mut found = catalogue::suppliers_by_name(unit.tx, name.as_str())?;
    match (found.len(), found.pop()) {
        (1, Some(supplier)) => Ok(supplier),
        (0, _) | (_, None) => {
            let message =
                format!("no supplier is called {name}; look at the list of suppliers, or enter it first");
            Err(ServiceError::invalid("supplier", "supplier.unknown", message))
        }
        (count, _) => {
            let message =
                format!("{count} suppliers are called {name}; use the reference that supplier list shows");
            Err(ServiceError::invalid("supplier", "supplier.ambiguous", message))
        }
    }
}
