//! How the register looks.

use maud::{Markup, html};
use nevertwice_service::search::{CaseList, CaseRow};

use super::columns::{self, Column};
use super::filter::{self, Asked};
use crate::page;
use crate::paths;
use crate::text;
use crate::ui;
use crate::viewer::Viewer;

/// The whole page.
pub(super) fn page(viewer: &Viewer, asked: &Asked, found: Result<&CaseList, &str>) -> Markup {
    page::show(
        viewer,
        "Register",
        html! {
            (ui::head(None, "Register", html! {}, exports(asked)))
            (filter::bar(asked))
            div .register {
                div #results aria-live="polite" { (results(viewer, asked, found)) }
                aside #facets .facets aria-label="Counts" data-load={ (paths::CaseFacets) (asked.query_string()) } {
                    p { a href={ (paths::CaseFacets) (asked.query_string()) } { "Counts by class, state and more" } }
                }
            }
        },
    )
}

fn exports(asked: &Asked) -> Markup {
    html! {
        a .button .small data-asks href={ (paths::CasesOverTime) (asked.query_string()) } { "By month" }
        (columns::menu(asked))
        span .fine { "Export " }
        @for format in ["csv", "xlsx"] {
            a .button .small download data-asks
                href={ (paths::CasesExport { ending: format.to_owned() }) (asked.query_string()) } {
                (format.to_uppercase())
            }
        }
    }
}

/// What was found: the part that changes while somebody types.
pub(super) fn results(viewer: &Viewer, asked: &Asked, found: Result<&CaseList, &str>) -> Markup {
    let list = match found {
        Ok(list) => list,
        Err(why) => {
            return html! { p .error role="alert" { (crate::error_page::sentence(why)) } (filter::chips(asked)) };
        }
    };
    let first = (!asked.after.is_empty()).then(|| asked.going_on(""));
    html! {
        (filter::chips(asked))
        p .total data-total=(list.total) {
            strong { (text::count(list.total, "case", "cases")) } " in your view"
            @if asked.q.trim().is_empty() { "" } @else { ", filtered" }
        }
        (ui::notes(&list.notes))
        @if list.items.is_empty() {
            (nothing(asked))
        } @else {
            (table(viewer, asked, &list.items))
        }
        (ui::more(list.next.as_deref().map(|next| asked.going_on(next)), first))
    }
}

fn nothing(asked: &Asked) -> Markup {
    if asked.q.trim().is_empty() {
        let report = html! { a .button .primary href=(paths::Report) { "Report the first one" } };
        return ui::empty(
            "Nothing is registered yet. An odd mail, an open door, a bucket that was public: all of it counts.",
            report,
        );
    }
    let all = html! { a .button href=(asked.with_query("")) { "Show everything" } };
    ui::empty("Nothing in your view fits this filter.", all)
}

fn table(viewer: &Viewer, asked: &Asked, rows: &[CaseRow]) -> Markup {
    let columns = columns::chosen(&asked.column);
    html! {
        section .scroll tabindex="0" aria-label="Cases" {
            table .rows data-rows {
                thead { tr {
                    (heading(asked, "Reference", Some("reference")))
                    (heading(asked, "What happened", None))
                    @for column in &columns { (heading(asked, column.heading(), column.sort())) }
                } }
                tbody { @for row in rows { (line(viewer, &columns, row)) } }
            }
        }
    }
}

fn heading(asked: &Asked, words: &str, sort: Option<&str>) -> Markup {
    let Some(sort) = sort else { return html! { th scope="col" { (words) } } };
    let down = format!("-{sort}");
    let (direction, next) = match asked.sort.as_str() {
        current if current == down => (Some("descending"), sort.to_owned()),
        current if current == sort => (Some("ascending"), down),
        _ => (None, down),
    };
    html! {
        th scope="col" aria-sort=[direction] { a href=(asked.sorted(&next)) { (words) } }
    }
}

fn line(viewer: &Viewer, columns: &[Column], row: &CaseRow) -> Markup {
    let href = (!viewer.sees_outlines()).then(|| format!("{}/{}", paths::Cases, row.reference));
    html! {
        tr {
            td data-label="Reference" .ref {
                @match &href { Some(href) => a href=(href) { (row.reference) }, None => (row.reference) }
            }
            td data-label="What happened" .what {
                @match &href {
                    Some(href) => a .quiet href=(href) tabindex="-1" { (row.title) },
                    None => (row.title),
                }
                @if row.restricted { " " (ui::restricted()) }
                @if let Some(origin) = &row.origin_reference { " " span .fine { "was " (origin) } }
            }
            @for column in columns { (column.cell(viewer, row)) }
        }
    }
}
