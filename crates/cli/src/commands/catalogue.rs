//! Commands on suppliers, assets and fields.

use nevertwice_service::catalogue::{
    AssetView, EditAsset, EditSupplier, ListAssets, ListFields, ListSuppliers, NewAsset, NewAssetVersion,
    NewField, NewSupplier, SetFields, ShowAsset, ShowSupplier, SupplierView,
};
use nevertwice_service::set::Set;
use nevertwice_service::use_case::UseCase;

use crate::args::{AssetCommand, FieldCommand, SupplierCommand};
use crate::failure::Failure;
use crate::output::print;
use crate::session::Session;
use crate::text;

/// Runs a command on suppliers.
pub(super) fn run_supplier(session: &Session, command: SupplierCommand) -> Result<(), Failure> {
    use SupplierCommand as C;
    match command {
        C::New { name, provides, contact, agreement, contingency_plan } => {
            supplier(session, NewSupplier { name, provides, contact, agreement, contingency_plan })
        }
        C::List => {
            let list = session.call(ListSuppliers {})?;
            print(session.json, &list, |list, out| text::suppliers(list, out))
        }
        C::Show { supplier: name } => supplier(session, ShowSupplier { supplier: name }),
        C::Edit { supplier: of, name, provides, contact, agreement, contingency_plan } => supplier(
            session,
            EditSupplier {
                supplier: of,
                version: None,
                name,
                provides: provides.map(Set::To),
                contact: contact.map(Set::To),
                agreement: agreement.map(Set::To),
                contingency_plan: contingency_plan.map(Set::To),
            },
        ),
    }
}

fn supplier<U: UseCase<Output = SupplierView>>(session: &Session, use_case: U) -> Result<(), Failure> {
    let view = session.call(use_case)?;
    print(session.json, &view, text::supplier)
}

/// Runs a command on assets.
pub(super) fn run_asset(session: &Session, command: AssetCommand) -> Result<(), Failure> {
    use AssetCommand as C;
    match command {
        C::New { kind, name, description, owner, supplier } => {
            asset(session, NewAsset { kind, name, description, owner, supplier })
        }
        C::Version { asset: of, label, sha256, released, note } => {
            asset(session, NewAssetVersion { asset: of, label, sha256, released, note })
        }
        C::List => {
            let list = session.call(ListAssets {})?;
            print(session.json, &list, |list, out| text::assets(list, out))
        }
        C::Show { asset: name } => asset(session, ShowAsset { asset: name }),
        C::Edit { asset: of, name, description, owner, supplier } => {
            let (description, owner, supplier) =
                (description.map(Set::To), owner.map(Set::To), supplier.map(Set::To));
            asset(session, EditAsset { asset: of, version: None, name, description, owner, supplier })
        }
    }
}

fn asset<U: UseCase<Output = AssetView>>(session: &Session, use_case: U) -> Result<(), Failure> {
    let view = session.call(use_case)?;
    print(session.json, &view, text::asset)
}

/// Runs a command on fields.
pub(super) fn run_field(session: &Session, command: FieldCommand) -> Result<(), Failure> {
    match command {
        FieldCommand::New { subject, label, kind, key, choices } => {
            let choices = choices.into_iter().collect();
            let field = session.call(NewField { subject, label, key, kind, choices })?;
            print(session.json, &field, |field, out| text::fields(std::slice::from_ref(field), out))
        }
        FieldCommand::Set { owner, values } => {
            let values = session.call(SetFields { owner, values })?;
            print(session.json, &values, text::field_values)
        }
        FieldCommand::List => {
            let list = session.call(ListFields {})?;
            print(session.json, &list, |list, out| text::fields(list, out))
        }
    }
}
