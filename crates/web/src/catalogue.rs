//! What cases are about: AI assets and suppliers.

mod verbs;

use axum::extract::State;
use maud::{Markup, html};
use nevertwice_domain::text::Line;
use nevertwice_service::ServiceError;
use nevertwice_service::catalogue::{ListAssets, ListSuppliers, ShowAsset, ShowSupplier};

use crate::app::App;
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::prose::{prose_of, reference};
use crate::text;
use crate::ui::{self, Crumb, Facts};
use crate::viewer::Viewer;

pub(crate) use verbs::{ChangeAsset, ChangeSupplier, EnterAsset, EnterAssetVersion, EnterSupplier};

/// Shows the AI assets.
pub(crate) async fn assets(
    _: paths::Assets,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Markup, Problem> {
    let list = app.call(&viewer.identity, ListAssets {}).await?;
    let content = html! {
        (ui::head(None, "AI assets", html! {}, html! { @if viewer.is_any_of(&["manager"]) { a .button .primary href=(paths::NewAsset) { "Enter an AI asset" } } }))
        @if list.is_empty() { (ui::empty("No AI asset is registered. Datasets, models, prompts, agents: what cases will point to.", html! {})) }
        @else {
            section .scroll tabindex="0" aria-label="AI assets" { table .rows data-rows {
                thead { tr { th scope="col" { "Asset" } th scope="col" { "Name" } th scope="col" { "Kind" } th scope="col" { "Owner" } th scope="col" { "Versions" } } }
                tbody { @for asset in &list { tr {
                    td data-label="Asset" .ref { (reference(&asset.reference)) }
                    td data-label="Name" .what { (asset.name) }
                    td data-label="Kind" { (text::title(&asset.kind)) }
                    td data-label="Owner" { (asset.owner.as_deref().unwrap_or("–")) }
                    td data-label="Versions" { (asset.versions.len()) }
                } } }
            } }
        }
    };
    Ok(page::show(&viewer, "AI assets", content))
}

/// Shows an AI asset.
pub(crate) async fn asset(
    path: paths::AssetPage,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Markup, Problem> {
    let asset = app.call(&viewer.identity, ShowAsset { asset: named(&path.asset.to_string())? }).await?;
    let crumb = Crumb { href: paths::Assets.to_string(), words: "AI assets".to_owned() };
    let facts = Facts::default()
        .with("Kind", html! { (text::title(&asset.kind)) })
        .with_text("Owner", asset.owner.as_deref())
        .with_text("Supplier", asset.supplier.as_deref());
    let versions = html! {
        @if asset.versions.is_empty() { p .fine { "No version is written down." } }
        ul .lines { @for version in &asset.versions { li {
            strong { (version.label) }
            @if let Some(at) = &version.released { " " (ui::when(at)) }
            @if let Some(hash) = &version.sha256 { p .fine { "SHA-256 " code .hash { (hash) } } }
            @if let Some(note) = &version.note { p { (note) } }
        } } }
    };
    let content = html! {
        (ui::head(Some(crumb), &asset.name, html! { p .head-facts { span .ref { (asset.reference) } } }, html! { @if viewer.is_any_of(&["manager"]) { a .button href=(paths::AssetFacts { asset: path.asset }) { "Change" } a .button href=(paths::AssetVersions { asset: path.asset }) { "Enter a version" } } }))
        div .case {
            div .case-story {
                (ui::section("about", "About it", None, html! {}, prose_of(asset.description.as_deref())))
                (ui::section("versions", "Versions", Some(asset.versions.len()), html! {}, versions))
            }
            aside .case-beside aria-label="Facts" { (ui::section("facts", "Facts", None, html! {}, ui::facts(facts))) }
        }
        p { a href={ (paths::Cases) "?q=" (text::in_query(&format!("asset:{}", asset.reference))) } { "Cases with this asset" } }
    };
    Ok(page::show(&viewer, &asset.name, content))
}

/// Shows the suppliers.
pub(crate) async fn suppliers(
    _: paths::Suppliers,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Markup, Problem> {
    let list = app.call(&viewer.identity, ListSuppliers {}).await?;
    let content = html! {
        (ui::head(None, "Suppliers", html! {}, html! { @if viewer.is_any_of(&["manager"]) { a .button .primary href=(paths::NewSupplier) { "Enter a supplier" } } }))
        @if list.is_empty() { (ui::empty("No supplier is registered. Data, models, platforms, clouds: what comes from outside.", html! {})) }
        @else {
            section .scroll tabindex="0" aria-label="Suppliers" { table .rows data-rows {
                thead { tr { th scope="col" { "Supplier" } th scope="col" { "Name" } th scope="col" { "Provides" } th scope="col" { "Contact" } } }
                tbody { @for supplier in &list { tr {
                    td data-label="Supplier" .ref { (reference(&supplier.reference)) }
                    td data-label="Name" .what { (supplier.name) }
                    td data-label="Provides" { (supplier.provides.as_deref().unwrap_or("–")) }
                    td data-label="Contact" { (supplier.contact.as_deref().unwrap_or("–")) }
                } } }
            } }
        }
    };
    Ok(page::show(&viewer, "Suppliers", content))
}

/// Shows a supplier.
pub(crate) async fn supplier(
    path: paths::SupplierPage,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Markup, Problem> {
    let supplier =
        app.call(&viewer.identity, ShowSupplier { supplier: named(&path.supplier.to_string())? }).await?;
    let crumb = Crumb { href: paths::Suppliers.to_string(), words: "Suppliers".to_owned() };
    let facts = Facts::default()
        .with_text("Provides", supplier.provides.as_deref())
        .with_text("Contact", supplier.contact.as_deref());
    let content = html! {
        (ui::head(Some(crumb), &supplier.name, html! { p .head-facts { span .ref { (supplier.reference) } } }, html! { @if viewer.is_any_of(&["manager"]) { a .button href=(paths::SupplierFacts { supplier: path.supplier }) { "Change" } } }))
        (ui::section("facts", "Facts", None, html! {}, ui::facts(facts)))
        (ui::section("agreement", "Agreement", None, html! {}, prose_of(supplier.agreement.as_deref())))
        (ui::section("contingency", "If it fails us", None, html! {}, prose_of(supplier.contingency_plan.as_deref())))
        p { a href={ (paths::Cases) "?q=" (text::in_query(&format!("supplier:{}", supplier.reference))) } { "Cases with this supplier" } }
    };
    Ok(page::show(&viewer, &supplier.name, content))
}

fn named(text: &str) -> Result<Line, ServiceError> {
    Line::parse(text).map_err(ServiceError::internal)
}
