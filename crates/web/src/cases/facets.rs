//! How many cases there are of each kind, beside the register. They arrive after the rows.

use axum::extract::State;
use axum_extra::extract::Query;
use maud::{Markup, html};
use nevertwice_service::search::{FacetView, Facets};

use super::filter::{Asked, toggled};
use crate::app::App;
use crate::fragment::Fragment;
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::text;
use crate::ui;
use crate::viewer::Viewer;

/// Values shown of each facet.
const VALUES: usize = 8;

/// Shows the counts.
pub(crate) async fn facets(
    _: paths::CaseFacets,
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
    Fragment(is_part): Fragment,
) -> Result<Markup, Problem> {
    let asked = asked.settled();
    let use_case = Facets { query: asked.q.clone(), limit: VALUES };
    let facets = app.call(&viewer.identity, use_case).await?;
    let shown = show(&viewer, &asked, &facets);
    if is_part {
        return Ok(shown);
    }
    let crumb = ui::Crumb { href: asked.with_query(&asked.q), words: "Register".to_owned() };
    let head = ui::head(Some(crumb), "Counts", html! {}, html! {});
    Ok(page::show(&viewer, "Counts", html! { (head) div .facets { (shown) } }))
}

fn show(viewer: &Viewer, asked: &Asked, facets: &[FacetView]) -> Markup {
    html! {
        @for facet in facets.iter().filter(|facet| facet.values.iter().any(|one| one.value.is_some())) {
            section {
                h2 { (text::title(&facet.facet)) }
                ul { @for one in &facet.values { (line(viewer, asked, &facet.facet, one.value.as_deref(), one.count)) } }
            }
        }
    }
}

fn line(viewer: &Viewer, asked: &Asked, facet: &str, value: Option<&str>, count: u64) -> Markup {
    if facet == "year" {
        return html! { li { span { span { (words(viewer, facet, value)) } span .count { (text::grouped(count)) } } } };
    }
    let (query, is_on) = toggled(&asked.q, &part(facet, value));
    html! {
        li { a href=(asked.with_query(&query)) aria-current=[is_on.then_some("true")] {
            span { (words(viewer, facet, value)) }
            span .count { (text::grouped(count)) }
        } }
    }
}

/// The part of a query that a value stands for.
fn part(facet: &str, value: Option<&str>) -> String {
    match (facet, value) {
        (facet, None) => format!("no:{facet}"),
        (facet, Some(value)) if value.contains(|c: char| !c.is_alphanumeric() && !"_-.".contains(c)) => {
            format!("{facet}:\"{}\"", value.replace('"', "\\\""))
        }
        (facet, Some(value)) => format!("{facet}:{value}"),
    }
}

fn words(viewer: &Viewer, facet: &str, value: Option<&str>) -> Markup {
    let Some(value) = value else { return html! { em { "none" } } };
    match facet {
        "severity" => ui::severity(value.parse().ok(), &viewer.me.severity_words),
        "class" | "state" => html! { (text::title(value)) },
        _ => html! { (value) },
    }
}
