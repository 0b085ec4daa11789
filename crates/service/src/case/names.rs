//! Names behind ids, fetched once for everything that a page shows.

use std::collections::BTreeMap;

use nevertwice_domain::id::{AssetId, AssetVersionId, PersonId, SupplierId};
use nevertwice_domain::person::Person;
use nevertwice_store::{Tx, catalogue, person as people};

use crate::error::ServiceError;

/// Names of people, suppliers and assets by their ids.
#[derive(Debug, Default)]
pub(crate) struct Names {
    people: BTreeMap<PersonId, String>,
    suppliers: BTreeMap<SupplierId, String>,
    assets: BTreeMap<AssetId, String>,
    versions: BTreeMap<AssetVersionId, String>,
}

impl Names {
    /// The names of people.
    pub(crate) fn of_people(tx: &mut Tx, ids: &[PersonId]) -> Result<Self, ServiceError> {
        let mut names = Self::default();
        names.add_people(tx, ids.iter().copied())?;
        Ok(names)
    }

    /// The names of people, of whom one is known already.
    pub(crate) fn beside(known: &Person, tx: &mut Tx, ids: &[PersonId]) -> Result<Self, ServiceError> {
        let mut names = Self::default();
        names.people.insert(known.id, known.name.to_string());
        names.add_people(tx, ids.iter().copied())?;
        Ok(names)
    }

    /// Every name that the register has.
    pub(crate) fn all(tx: &mut Tx) -> Result<Self, ServiceError> {
        let mut names = Self::default();
        names.people.extend(people::list(tx)?.into_iter().map(|person| (person.id, person.name.to_string())));
        let suppliers = catalogue::suppliers(tx)?;
        names
            .suppliers
            .extend(suppliers.into_iter().map(|supplier| (supplier.id, supplier.name.to_string())));
        let assets = catalogue::assets(tx)?;
        let ids: Vec<AssetId> = assets.iter().map(|asset| asset.id).collect();
        names.assets.extend(assets.into_iter().map(|asset| (asset.id, asset.name.to_string())));
        names.add_versions(tx, &ids)?;
        Ok(names)
    }

    /// Fetches the names of more people.
    pub(crate) fn add_people(
        &mut self,
        tx: &mut Tx,
        ids: impl IntoIterator<Item = PersonId>,
    ) -> Result<(), ServiceError> {
        let mut unknown: Vec<PersonId> = ids.into_iter().filter(|id| !self.people.contains_key(id)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        for person in people::several(tx, &unknown)? {
            self.people.insert(person.id, person.name.to_string());
        }
        Ok(())
    }

    /// Fetches the names of suppliers and assets.
    pub(crate) fn add_catalogue(
        &mut self,
        tx: &mut Tx,
        suppliers: impl IntoIterator<Item = SupplierId>,
        assets: impl IntoIterator<Item = AssetId>,
    ) -> Result<(), ServiceError> {
        let suppliers: Vec<SupplierId> = suppliers.into_iter().collect();
        for supplier in catalogue::suppliers_by_ids(tx, &suppliers)? {
            self.suppliers.insert(supplier.id, supplier.name.to_string());
        }
        let assets: Vec<AssetId> = assets.into_iter().collect();
        for asset in catalogue::assets_by_ids(tx, &assets)? {
            self.assets.insert(asset.id, asset.name.to_string());
        }
        Ok(())
    }

    /// Fetches the labels of the versions of assets.
    pub(crate) fn add_versions(&mut self, tx: &mut Tx, assets: &[AssetId]) -> Result<(), ServiceError> {
        let versions = catalogue::asset_versions_of(tx, assets)?;
        self.versions.extend(versions.into_iter().map(|version| (version.id, version.label.to_string())));
        Ok(())
    }

    /// A person's name.
    pub(crate) fn person(&self, id: PersonId) -> String {
        self.people.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }

    /// A supplier's name.
    pub(crate) fn supplier(&self, id: SupplierId) -> String {
        self.suppliers.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }

    /// An asset's name, with the version of it: `Reader@v3`.
    pub(crate) fn asset_version(&self, id: AssetId, version: Option<AssetVersionId>) -> String {
        match version.and_then(|version| self.versions.get(&version)) {
            Some(label) => format!("{}@{label}", self.asset(id)),
            None => self.asset(id),
        }
    }

    /// An asset's name.
    pub(crate) fn asset(&self, id: AssetId) -> String {
        self.assets.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }
}
