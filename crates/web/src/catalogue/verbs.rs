//! Entering and changing suppliers and AI assets.

use nevertwice_domain::asset::AssetKind;
use nevertwice_domain::reference::AssetRef;
use nevertwice_domain::text::Line;
use nevertwice_service::ServiceError;
use nevertwice_service::catalogue::{
    AssetView, EditAsset, EditSupplier, ListAssets, ListSuppliers, NewAsset, NewAssetVersion, NewSupplier,
    ShowAsset, ShowSupplier,
};

use super::named;
use crate::app::App;
use crate::form::{Reader, form, shown};
use crate::help::Help;
use crate::paths::{
    self, AssetFacts, AssetVersions, NewAsset as NewAssetPath, NewSupplier as NewSupplierPath, SupplierFacts,
};
use crate::ui::{Crumb, Field, FieldKind, choices};
use crate::verb::{Form, VERSION, verb};
use crate::viewer::Viewer;

form! {
    /// A supplier.
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
    /// Changes of a supplier. What is absent stays, what is empty is cleared.
    partial SupplierFactsForm {
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
        /// The version that was seen.
        version,
    }
}

form! {
    /// Changes of an AI asset. What is absent stays, what is empty is cleared; what kind it is stays.
    partial AssetFactsForm {
        /// Its name.
        name,
        /// More about it.
        description,
        /// Who answers for it.
        owner,
        /// Who supplies it.
        supplier,
        /// The version that was seen.
        version,
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

/// What both forms ask of a supplier: name, what it provides, contact, agreement, contingency plan.
fn of_supplier([name, provides, contact, agreement, plan]: [&str; 5]) -> Vec<Field<'_>> {
    vec![
        Field::new("name", "Name", name).required(),
        Field::new("provides", "What it provides", provides),
        Field::new("contact", "Whom to reach there", contact).hint("For an incident, at any hour"),
        Field::new("agreement", "What the agreement says", agreement)
            .hint("About security, and within how many hours they tell us of an incident")
            .kind(FieldKind::Prose { rows: 4 }),
        Field::new("contingency_plan", "If it fails us", plan)
            .hint("What we do without it")
            .kind(FieldKind::Prose { rows: 4 }),
    ]
}

impl Form for SupplierForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        of_supplier([&self.name, &self.provides, &self.contact, &self.agreement, &self.contingency_plan])
    }
}

impl Form for SupplierFactsForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        let all = [&self.name, &self.provides, &self.contact, &self.agreement, &self.contingency_plan];
        let mut fields = of_supplier(all.map(shown));
        fields.push(Field::hidden(VERSION, shown(&self.version)));
        fields
    }
}

/// What both forms ask of an AI asset: name, description, owner, supplier.
fn of_asset<'a>([name, description, owner, supplier]: [&'a str; 4], help: &'a Help) -> Vec<Field<'a>> {
    vec![
        Field::new("name", "Name", name).required(),
        Field::new("description", "More about it", description).kind(FieldKind::Prose { rows: 4 }),
        Field::new("owner", "Who answers for it", owner)
            .kind(FieldKind::Suggested { suggestions: &help.people }),
        Field::new("supplier", "Who supplies it", supplier).hint("The name of a supplier"),
    ]
}

impl Form for AssetForm {
    fn fields<'a>(&'a self, help: &'a Help) -> Vec<Field<'a>> {
        let mut fields = of_asset([&self.name, &self.description, &self.owner, &self.supplier], help);
        let kind = Field::new("kind", "What is it", &self.kind)
            .kind(FieldKind::Select { choices: choices::<AssetKind>(), none: None })
            .required();
        fields.insert(1, kind);
        fields
    }
}

impl Form for AssetFactsForm {
    fn fields<'a>(&'a self, help: &'a Help) -> Vec<Field<'a>> {
        let all = [&self.name, &self.description, &self.owner, &self.supplier];
        let mut fields = of_asset(all.map(shown), help);
        fields.push(Field::hidden(VERSION, shown(&self.version)));
        fields
    }
}

impl Form for AssetVersionForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("label", "Label", &self.label).hint("Such as v3").kind(FieldKind::When).required(),
            Field::new("sha256", "SHA-256 of its content", &self.sha256),
            Field::new("released", "In use since", &self.released)
                .hint("Such as 2026-03 or 2026-03-17")
                .kind(FieldKind::When),
            Field::new("note", "Note", &self.note).kind(FieldKind::Prose { rows: 3 }),
        ]
    }
}

fn suppliers() -> Crumb {
    Crumb { href: paths::Suppliers.to_string(), words: "Suppliers".to_owned() }
}

fn assets() -> Crumb {
    Crumb { href: paths::Assets.to_string(), words: "AI assets".to_owned() }
}

fn asset_page(asset: AssetRef) -> Crumb {
    Crumb { href: paths::AssetPage { asset }.to_string(), words: asset.to_string() }
}

/// The AI asset as it stands.
fn asset_of(app: &App, viewer: &Viewer, asset: AssetRef) -> Result<AssetView, ServiceError> {
    app.run(&viewer.identity, ShowAsset { asset: named(&asset.to_string())? })
}

verb! {
    /// Enters a supplier.
    EnterSupplier: NewSupplierPath, SupplierForm => NewSupplier, "Enter a supplier", "Enter it", "",
    back: |_| suppliers(),
    begin: |app, viewer, _| app.run(&viewer.identity, ListSuppliers {}).map(|_| SupplierForm::default()),
    parse: |_, form| {
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
    },
}

verb! {
    /// Changes a supplier.
    ChangeSupplier: SupplierFacts, SupplierFactsForm => EditSupplier, "Change the supplier", "Save", "",
    back: |path| Crumb {
        href: paths::SupplierPage { supplier: path.supplier }.to_string(),
        words: path.supplier.to_string(),
    },
    begin: |app, viewer, path| {
        let supplier = ShowSupplier { supplier: named(&path.supplier.to_string())? };
        let supplier = app.run(&viewer.identity, supplier)?;
        Ok(SupplierFactsForm {
            name: Some(supplier.name),
            provides: Some(supplier.provides.unwrap_or_default()),
            contact: Some(supplier.contact.unwrap_or_default()),
            agreement: Some(supplier.agreement.unwrap_or_default()),
            contingency_plan: Some(supplier.contingency_plan.unwrap_or_default()),
            version: Some(supplier.version.to_string()),
        })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let supplier = read.required("supplier", &path.supplier.to_string(), "name it");
        let name = read.given("name", &form.name, "say what it is called");
        let provides = read.set("provides", &form.provides);
        let contact = read.set("contact", &form.contact);
        let agreement = read.set("agreement", &form.agreement);
        let contingency_plan = read.set("contingency_plan", &form.contingency_plan);
        let version = read.version(shown(&form.version));
        read.done()?;
        Ok(EditSupplier {
            supplier: supplier?,
            version: version?,
            name: name?,
            provides: provides?,
            contact: contact?,
            agreement: agreement?,
            contingency_plan: contingency_plan?,
        })
    },
}

verb! {
    /// Enters an AI asset.
    EnterAsset: NewAssetPath, AssetForm => NewAsset, "Enter an AI asset", "Enter it", "",
    back: |_| assets(),
    begin: |app, viewer, _| {
        app.run(&viewer.identity, ListAssets {})?;
        Ok(AssetForm { kind: AssetKind::Model.as_str().to_owned(), ..AssetForm::default() })
    },
    parse: |_, form| {
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
    },
}

verb! {
    /// Changes an AI asset.
    ChangeAsset: AssetFacts, AssetFactsForm => EditAsset, "Change the AI asset", "Save", "",
    back: |path| asset_page(path.asset),
    begin: |app, viewer, path| {
        let asset = asset_of(app, viewer, path.asset)?;
        Ok(AssetFactsForm {
            name: Some(asset.name),
            description: Some(asset.description.unwrap_or_default()),
            owner: Some(asset.owner.unwrap_or_default()),
            supplier: Some(asset.supplier.unwrap_or_default()),
            version: Some(asset.version.to_string()),
        })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let asset = read.required("asset", &path.asset.to_string(), "name it");
        let name = read.given("name", &form.name, "say what it is called");
        let description = read.set("description", &form.description);
        let owner = read.set("owner", &form.owner);
        let supplier = read.set("supplier", &form.supplier);
        let version = read.version(shown(&form.version));
        read.done()?;
        Ok(EditAsset {
            asset: asset?,
            version: version?,
            name: name?,
            description: description?,
            owner: owner?,
            supplier: supplier?,
        })
    },
}

verb! {
    /// Enters a version of an AI asset.
    EnterAssetVersion: AssetVersions, AssetVersionForm => NewAssetVersion, "Enter a version", "Enter it", "",
    back: |path| asset_page(path.asset),
    begin: |app, viewer, path| asset_of(app, viewer, path.asset).map(|_| AssetVersionForm::default()),
    parse: |path, form| {
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
    },
}
