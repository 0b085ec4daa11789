//! Names in a file become people, teams and suppliers of the register: known ones by name, new ones unconfirmed.

use std::collections::BTreeMap;

use nevertwice_domain::field::FieldValues;
use nevertwice_domain::id::{AssetId, PersonId, SupplierId};
use nevertwice_domain::person::{Person, PersonStatus};
use nevertwice_domain::reference::SupplierRef;
use nevertwice_domain::supplier::Supplier;
use nevertwice_domain::text::{Line, fold};
use nevertwice_exchange::planned::Mention;
use nevertwice_store::{catalogue, counter, person as people};

use crate::error::ServiceError;
use crate::service::Unit;

/// Names that this run has looked up already.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    people: BTreeMap<String, PersonId>,
    suppliers: BTreeMap<String, SupplierId>,
    assets: BTreeMap<String, Option<AssetId>>,
}

impl Known {
    /// The person or team of a name; a new one is unconfirmed.
    pub(super) fn person(
        &mut self,
        unit: &mut Unit<'_>,
        mention: &Mention,
    ) -> Result<PersonId, ServiceError> {
        let folded = fold(mention.name.as_str());
        if let Some(id) = self.people.get(&folded) {
            return Ok(*id);
        }
        let id = match people::by_name(unit.tx, mention.name.as_str())?.first() {
            Some(person) => person.id,
            None => {
                let id: PersonId = unit.moment.id();
                let name = mention.name.clone();
                let person = Person::new(id, mention.kind, PersonStatus::Unconfirmed, name, unit.moment.at)
                    .with_email(mention.email.clone());
                people::insert(unit.tx, &person)?;
                id
            }
        };
        self.people.insert(folded, id);
        Ok(id)
    }

    /// The supplier of a name; a new one knows nothing but its name.
    pub(super) fn supplier(&mut self, unit: &mut Unit<'_>, name: &Line) -> Result<SupplierId, ServiceError> {
        let folded = fold(name.as_str());
        if let Some(id) = self.suppliers.get(&folded) {
            return Ok(*id);
        }
        let id = match catalogue::suppliers_by_name(unit.tx, name.as_str())?.first() {
            Some(supplier) => supplier.id,
            None => {
                let supplier = Supplier {
                    fields: FieldValues::new(),
                    id: unit.moment.id(),
                    version: 0,
                    reference: counter::next::<SupplierRef>(unit.tx, 0)?,
                    name: name.clone(),
                    provides: None,
                    contact: None,
                    agreement: None,
                    contingency_plan: None,
                    created_at: unit.moment.at,
                };
                catalogue::insert_supplier(unit.tx, &supplier)?;
                supplier.id
            }
        };
        self.suppliers.insert(folded, id);
        Ok(id)
    }

    /// The asset of a name, if the register knows one: what kind of asset a mere name is, nobody can tell.
    pub(super) fn asset(
        &mut self,
        unit: &mut Unit<'_>,
        name: &Line,
    ) -> Result<Option<AssetId>, ServiceError> {
        let folded = fold(name.as_str());
        if let Some(id) = self.assets.get(&folded) {
            return Ok(*id);
        }
        let id = catalogue::assets_by_name(unit.tx, name.as_str())?.first().map(|asset| asset.id);
        self.assets.insert(folded, id);
        Ok(id)
    }
}
