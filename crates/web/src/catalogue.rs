//! What cases are about: AI assets and suppliers; and who the company is: people and settings.

use axum::extract::State;
use maud::{Markup, html};
use nevertwice_domain::text::Line;
use nevertwice_service::ServiceError;
use nevertwice_service::catalogue::{ListAssets, ListSuppliers, ShowAsset, ShowSupplier};
use nevertwice_service::person::ListPeople;
use nevertwice_service::settings::ShowSettings;

use crate::app::App;
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::prose::{prose_of, reference};
use crate::text;
use crate::ui::{self, Crumb, Facts};
use crate::viewer::Viewer;

/// Shows the AI assets.
pub(crate) async fn assets(
    _: paths::Assets,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Markup, Problem> {
    let list = app.call(&viewer.identity, ListAssets {}).await?;
    let content = html! {
        (ui::head(None, "AI assets", html! {}, html! {}))
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
        (ui::head(Some(crumb), &asset.name, html! { p .head-facts { span .ref { (asset.reference) } } }, html! {}))
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
        (ui::head(None, "Suppliers", html! {}, html! {}))
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
        (ui::head(Some(crumb), &supplier.name, html! { p .head-facts { span .ref { (supplier.reference) } } }, html! {}))
        (ui::section("facts", "Facts", None, html! {}, ui::facts(facts)))
        (ui::section("agreement", "Agreement", None, html! {}, prose_of(supplier.agreement.as_deref())))
        (ui::section("contingency", "If it fails us", None, html! {}, prose_of(supplier.contingency_plan.as_deref())))
        p { a href={ (paths::Cases) "?q=" (text::in_query(&format!("supplier:{}", supplier.reference))) } { "Cases with this supplier" } }
    };
    Ok(page::show(&viewer, &supplier.name, content))
}

/// Shows people and their roles.
pub(crate) async fn people(
    _: paths::People,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Markup, Problem> {
    let list = app.call(&viewer.identity, ListPeople { status: None }).await?;
    let content = html! {
        (ui::head(None, "People", html! {}, html! {}))
        section .scroll tabindex="0" aria-label="People" { table .rows data-rows {
            thead { tr { th scope="col" { "Name" } th scope="col" { "Status" } th scope="col" { "Roles" } th scope="col" { "E-mail" } } }
            tbody { @for person in &list { tr {
                td data-label="Name" .what { (person.name) @if person.kind == "team" { " " span .fine { "team" } } }
                td data-label="Status" { (ui::state(&person.status)) }
                td data-label="Roles" { (person.roles.join(", ")) }
                td data-label="E-mail" { (person.email.as_deref().unwrap_or("–")) }
            } } }
        } }
    };
    Ok(page::show(&viewer, "People", content))
}

/// Shows the company's settings.
pub(crate) async fn settings(
    _: paths::CompanySettings,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Markup, Problem> {
    let settings = app.call(&viewer.identity, ShowSettings {}).await?;
    let facts = Facts::default()
        .with("Company", html! { (settings.company) })
        .with("Time zone", html! { (settings.time_zone) })
        .with("Currency", html! { (settings.currency) })
        .with_list("Severity, least to worst", &settings.severity_words)
        .with_list("Categories", &settings.categories)
        .with("Register", html! { code { (settings.store) } });
    let content = html! {
        (ui::head(None, "Settings", html! {}, html! {}))
        (ui::section("company", "The company", None, html! {}, ui::facts(facts)))
    };
    Ok(page::show(&viewer, "Settings", content))
}

fn named(text: &str) -> Result<Line, ServiceError> {
    Line::parse(text).map_err(ServiceError::internal)
}
