//! What cases are about, entered and changed by programs.

use nevertwice_domain::text::Line;
use nevertwice_service::catalogue::{EditAsset, EditSupplier, NewAsset, NewAssetVersion, NewSupplier};

use crate::form::{Errors, Reader, form};
use crate::paths;
use crate::verb::Act;

/// Enters a supplier.
pub(crate) struct EnterSupplier;
/// Changes a supplier.
pub(crate) struct ChangeSupplier;
/// Enters an AI asset.
pub(crate) struct EnterAsset;
/// Changes an AI asset.
pub(crate) struct ChangeAsset;
/// Enters a version of an AI asset.
pub(crate) struct EnterAssetVersion;

form! {
    /// A supplier. In a change, what is empty stays.
    SupplierForm {
        /// Its name.
        name,
        /// What it provides.
        provides,
        /// Whom to reach there.
        contact,
        /// What the agreement says about security and incidents.
        agreement,
        /// What we do when it fails.
        contingency_plan,
    }
}

form! {
    /// An AI asset.
    AssetForm {
        /// `dataset`, `model`, `checkpoint`, `adapter`, `index`, `prompt`, `tool`, `agent`, `pipeline` or `service`.
        kind,
        /// Its name.
        name,
        /// More about it.
        description,
        /// Who answers for it.
        owner,
        /// Who supplies it.
        supplier,
    }
}

form! {
    /// What changes about an AI asset; what is empty stays.
    AssetEditForm {
        /// Another name.
        name,
        /// More about it.
        description,
        /// Who answers for it.
        owner,
        /// Who supplies it.
        supplier,
    }
}

form! {
    /// A version of an AI asset.
    AssetVersionForm {
        /// Its label, such as `v3`.
        label,
        /// SHA-256 of its content.
        sha256,
        /// When it came into use.
        released,
        /// Anything worth knowing.
        note,
    }
}

impl Act for EnterSupplier {
    type Path = paths::Suppliers;
    type Form = SupplierForm;
    type UseCase = NewSupplier;
    const TITLE: &'static str = "Enter a supplier";

    fn parse(_: &paths::Suppliers, form: &SupplierForm) -> Result<NewSupplier, Errors> {
        let mut read = Reader::default();
        let name = read.required("name", &form.name, "say what it is called");
        let provides = read.optional("provides", &form.provides);
        let contact = read.optional("contact", &form.contact);
        let agreement = read.optional("agreement", &form.agreement);
        let contingency_plan = read.optional("contingency_plan", &form.contingency_plan);
        read.done()?;
        Ok(NewSupplier {
            name: name?,
            provides: provides?,
            contact: contact?,
            agreement: agreement?,
            contingency_plan: contingency_plan?,
        })
    }
}

impl Act for ChangeSupplier {
    type Path = paths::SupplierPage;
    type Form = SupplierForm;
    type UseCase = EditSupplier;
    const TITLE: &'static str = "Change a supplier";

    fn parse(path: &paths::SupplierPage, form: &SupplierForm) -> Result<EditSupplier, Errors> {
        let mut read = Reader::default();
        let supplier = read.required::<Line>("supplier", &path.supplier.to_string(), "name it");
        let name = read.optional("name", &form.name);
        let provides = read.optional("provides", &form.provides);
        let contact = read.optional("contact", &form.contact);
        let agreement = read.optional("agreement", &form.agreement);
        let contingency_plan = read.optional("contingency_plan", &form.contingency_plan);
        read.done()?;
        Ok(EditSupplier {
            supplier: supplier?,
            name: name?,
            provides: provides?,
            contact: contact?,
            agreement: agreement?,
            contingency_plan: contingency_plan?,
        })
    }
}

impl Act for EnterAsset {
    type Path = paths::Assets;
    type Form = AssetForm;
    type UseCase = NewAsset;
    const TITLE: &'static str = "Enter an AI asset";

    fn parse(_: &paths::Assets, form: &AssetForm) -> Result<NewAsset, Errors> {
        let mut read = Reader::default();
        let kind = read.required("kind", &form.kind, "say what it is");
        let name = read.required("name", &form.name, "say what it is called");
        let description = read.optional("description", &form.description);
        let owner = read.optional("owner", &form.owner);
        let supplier = read.optional("supplier", &form.supplier);
        read.done()?;
        Ok(NewAsset {
            kind: kind?,
            name: name?,
            description: description?,
            owner: owner?,
            supplier: supplier?,
        })
    }
}

impl Act for ChangeAsset {
    type Path = paths::AssetPage;
    type Form = AssetEditForm;
    type UseCase = EditAsset;
    const TITLE: &'static str = "Change an AI asset";

    fn parse(path: &paths::AssetPage, form: &AssetEditForm) -> Result<EditAsset, Errors> {
        let mut read = Reader::default();
        let asset = read.required::<Line>("asset", &path.asset.to_string(), "name it");
        let name = read.optional("name", &form.name);
        let description = read.optional("description", &form.description);
        let owner = read.optional("owner", &form.owner);
        let supplier = read.optional("supplier", &form.supplier);
        read.done()?;
        Ok(EditAsset {
            asset: asset?,
            name: name?,
            description: description?,
            owner: owner?,
            supplier: supplier?,
        })
    }
}

impl Act for EnterAssetVersion {
    type Path = paths::AssetVersions;
    type Form = AssetVersionForm;
    type UseCase = NewAssetVersion;
    const TITLE: &'static str = "Enter a version of an AI asset";

    fn parse(path: &paths::AssetVersions, form: &AssetVersionForm) -> Result<NewAssetVersion, Errors> {
        let mut read = Reader::default();
        let asset = read.required::<Line>("asset", &path.asset.to_string(), "name it");
        let label = read.required("label", &form.label, "give it a label such as v3");
        let sha256 = read.optional("sha256", &form.sha256);
        let released = read.optional("released", &form.released);
        let note = read.optional("note", &form.note);
        read.done()?;
        Ok(NewAssetVersion {
            asset: asset?,
            label: label?,
            sha256: sha256?,
            released: released?,
            note: note?,
        })
    }
}
