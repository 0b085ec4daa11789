//! AI assets and their versions.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::asset::{Asset, AssetKind, AssetVersion, Sha256Text};
use nevertwice_domain::field::{Field, FieldValues};
use nevertwice_domain::permission::Verb;
use nevertwice_domain::reference::AssetRef;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::when::When;
use nevertwice_store::{catalogue, counter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{by_key, supplier_named};
use crate::case::{Names, same_version};
use crate::error::ServiceError;
use crate::person::named;
use crate::service::Unit;
use crate::set::Set;
use crate::use_case::{Asked, Change, UseCase};

/// An AI asset.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AssetView {
    /// Its reference.
    pub reference: String,
    /// Its version, to be named by a change.
    pub version: u64,
    /// `dataset`, `model`, `checkpoint`, `adapter`, `index`, `prompt`, `tool`, `agent`, `pipeline` or `service`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// More about it.
    pub description: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Who supplies it.
    pub supplier: Option<String>,
    /// Values of the company's own fields, by their short names.
    pub fields: BTreeMap<String, String>,
    /// Its versions.
    pub versions: Vec<AssetVersionView>,
}

/// A version of an AI asset.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AssetVersionView {
    /// Its label.
    pub label: String,
    /// SHA-256 of its content, 64 hexadecimal digits.
    pub sha256: Option<String>,
    /// When it came into use, at its known precision.
    pub released: Option<String>,
    /// Anything worth knowing.
    pub note: Option<String>,
}

/// Adds an asset.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewAsset {
    /// What it is.
    pub kind: AssetKind,
    /// Its name.
    pub name: Line,
    /// More about it.
    pub description: Option<Prose>,
    /// Who answers for it.
    pub owner: Option<Line>,
    /// Who supplies it.
    pub supplier: Option<Line>,
}

/// Adds a version of an asset.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewAssetVersion {
    /// The asset.
    pub asset: Line,
    /// The version's label.
    pub label: Line,
    /// Hash of its content.
    pub sha256: Option<Sha256Text>,
    /// When it came into use.
    pub released: Option<When>,
    /// Anything worth knowing.
    pub note: Option<Prose>,
}

/// Lists assets by name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListAssets {}

/// Shows an asset.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowAsset {
    /// Its reference or name.
    pub asset: Line,
}

/// Changes an asset; what is absent stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EditAsset {
    /// Its reference or name.
    pub asset: Line,
    /// The version that the caller saw.
    #[serde(default)]
    pub version: Option<u64>,
    /// Another name.
    pub name: Option<Line>,
    /// More about it.
    pub description: Option<Set<Prose>>,
    /// Who answers for it.
    pub owner: Option<Set<Line>>,
    /// Who supplies it.
    pub supplier: Option<Set<Line>>,
}

impl Change for NewAsset {
    type Output = AssetView;
    const NAME: &'static str = "new_asset";
    const ACTION: &'static str = "create_asset";

    fn change(&self, unit: &mut Unit<'_>) -> Result<AssetView, ServiceError> {
        unit.caller.may(Verb::EditCatalogue)?;
        if !catalogue::assets_by_name(unit.tx, self.name.as_str())?.is_empty() {
            let message = format!("{} is there already; change that one instead", self.name);
            return Err(ServiceError::invalid("name", "asset.name_taken", message));
        }
        let owner = self.owner.as_ref().map(|name| named(unit, name, "owner")).transpose()?;
        let supplier = self.supplier.as_ref().map(|name| supplier_named(unit, name)).transpose()?;
        let asset = Asset {
            fields: FieldValues::new(),
            id: unit.moment.id(),
            version: 0,
            reference: counter::next::<AssetRef>(unit.tx, 0)?,
            kind: self.kind,
            name: self.name.clone(),
            description: self.description.clone(),
            owner_id: owner.map(|person| person.id),
            supplier_id: supplier.map(|supplier| supplier.id),
            created_at: unit.moment.at,
        };
        catalogue::insert_asset(unit.tx, &asset)?;
        view(unit, &asset)
    }
}

impl Change for NewAssetVersion {
    type Output = AssetView;
    const NAME: &'static str = "new_asset_version";
    const ACTION: &'static str = "create_asset_version";

    fn change(&self, unit: &mut Unit<'_>) -> Result<AssetView, ServiceError> {
        unit.caller.may(Verb::EditCatalogue)?;
        let asset = asset_named(unit, &self.asset)?;
        if asset_version_labelled(unit, &asset, &self.label).is_ok() {
            let message = format!("{} has a version {} already", asset.name, self.label);
            return Err(ServiceError::invalid("label", "asset.version_taken", message));
        }
        let version = AssetVersion {
            id: unit.moment.id(),
            asset_id: asset.id,
            label: self.label.clone(),
            sha256: self.sha256.clone(),
            released: self.released,
            note: self.note.clone(),
        };
        catalogue::insert_asset_version(unit.tx, &asset, &version)?;
        view(unit, &asset)
    }
}

impl UseCase for ListAssets {
    type Output = Vec<AssetView>;
    const NAME: &'static str = "list_assets";

    fn run(self, asked: &Asked<'_>) -> Result<Vec<AssetView>, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            unit.caller.may(Verb::ReadCatalogue)?;
            let assets = catalogue::assets(unit.tx)?;
            let known = Known::read(unit, &assets)?;
            Ok(assets.iter().map(|asset| known.view(asset)).collect())
        })
    }
}

impl UseCase for ShowAsset {
    type Output = AssetView;
    const NAME: &'static str = "show_asset";

    fn run(self, asked: &Asked<'_>) -> Result<AssetView, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            unit.caller.may(Verb::ReadCatalogue)?;
            let asset = asset_named(unit, &self.asset)?;
            view(unit, &asset)
        })
    }
}

impl Change for EditAsset {
    type Output = AssetView;
    const NAME: &'static str = "edit_asset";

    fn change(&self, unit: &mut Unit<'_>) -> Result<AssetView, ServiceError> {
        unit.caller.may(Verb::EditCatalogue)?;
        let before = asset_named(unit, &self.asset)?;
        same_version(&before.reference, before.version, self.version)?;
        let owner_id = match &self.owner {
            None => before.owner_id,
            Some(Set::Clear) => None,
            Some(Set::To(name)) => Some(named(unit, name, "owner")?.id),
        };
        let supplier_id = match &self.supplier {
            None => before.supplier_id,
            Some(Set::Clear) => None,
            Some(Set::To(name)) => Some(supplier_named(unit, name)?.id),
        };
        let description = self.description.clone();
        let after = Asset {
            name: self.name.clone().unwrap_or_else(|| before.name.clone()),
            description: description.map_or_else(|| before.description.clone(), Set::into_option),
            owner_id,
            supplier_id,
            ..before.clone()
        };
        let saved = catalogue::save_asset(unit.tx, &before, after)?;
        view(unit, &saved)
    }
}

fn view(unit: &mut Unit<'_>, asset: &Asset) -> Result<AssetView, ServiceError> {
    let known = Known::read(unit, std::slice::from_ref(asset))?;
    Ok(known.view(asset))
}

/// What the views of some assets need beside them, read at once.
struct Known {
    fields: Vec<Field>,
    names: Names,
    versions: Vec<AssetVersion>,
}

impl Known {
    fn read(unit: &mut Unit<'_>, assets: &[Asset]) -> Result<Self, ServiceError> {
        let owners: Vec<_> = assets.iter().filter_map(|asset| asset.owner_id).collect();
        let mut names = Names::of_people(unit.tx, &owners)?;
        let suppliers: BTreeSet<_> = assets.iter().filter_map(|asset| asset.supplier_id).collect();
        names.add_catalogue(unit.tx, suppliers, [])?;
        let ids: Vec<_> = assets.iter().map(|asset| asset.id).collect();
        let mut versions = catalogue::asset_versions_of(unit.tx, &ids)?;
        // Their ids are in the order in which they were entered.
        versions.sort_unstable_by_key(|version| version.id);
        Ok(Self { fields: catalogue::fields(unit.tx)?, names, versions })
    }

    fn view(&self, asset: &Asset) -> AssetView {
        let versions = self.versions.iter().filter(|version| version.asset_id == asset.id);
        AssetView {
            reference: asset.reference.to_string(),
            version: asset.version,
            kind: asset.kind.to_string(),
            name: asset.name.to_string(),
            description: asset.description.as_ref().map(ToString::to_string),
            owner: asset.owner_id.map(|id| self.names.person(id)),
            supplier: asset.supplier_id.map(|id| self.names.supplier(id)),
            fields: by_key(&self.fields, &asset.fields),
            versions: versions.map(version_view).collect(),
        }
    }
}

fn version_view(version: &AssetVersion) -> AssetVersionView {
    AssetVersionView {
        label: version.label.to_string(),
        sha256: version.sha256.as_ref().map(ToString::to_string),
        released: version.released.map(|when| when.to_string()),
        note: version.note.as_ref().map(ToString::to_string),
    }
}

/// The asset of a reference or name.
///
/// # Errors
/// There is none, or several.
pub(crate) fn asset_named(unit: &mut Unit<'_>, name: &Line) -> Result<Asset, ServiceError> {
    if let Ok(reference) = name.as_str().parse::<AssetRef>() {
        return catalogue::asset_by_reference(unit.tx, reference)?
            .ok_or_else(|| ServiceError::not_found(format!("asset {reference}")));
    }
    let mut found = catalogue::assets_by_name(unit.tx, name.as_str())?;
    match (found.len(), found.pop()) {
        (1, Some(asset)) => Ok(asset),
        (0, _) | (_, None) => {
            let message =
                format!("no asset is called {name}; look at the list of AI assets, or enter it first");
            Err(ServiceError::invalid("asset", "asset.unknown", message))
        }
        (count, _) => {
            let message =
                format!("{count} assets are called {name}; use the reference that asset list shows");
            Err(ServiceError::invalid("asset", "asset.ambiguous", message))
        }
    }
}

/// The version of an asset by its label.
///
/// # Errors
/// There is none.
pub(crate) fn asset_version_labelled(
    unit: &mut Unit<'_>,
    asset: &Asset,
    label: &Line,
) -> Result<AssetVersion, ServiceError> {
    let versions = catalogue::asset_versions(unit.tx, asset.id)?;
    let labels = versions.iter().map(|v| v.label.to_string()).collect::<Vec<_>>().join(", ");
    versions.into_iter().find(|version| version.label == *label).ok_or_else(|| {
        let message = format!("{} has no version {label}; expected one of: {labels}", asset.name);
        ServiceError::invalid("asset", "asset.unknown_version", message)
    })
}
