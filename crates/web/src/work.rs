//! My work: what I owe and by when, what waits for me, what I reported.

use axum::extract::State;
use maud::{Markup, html};
use nevertwice_service::ServiceError;
use nevertwice_service::draft::{DraftRow, ListDrafts};
use nevertwice_service::search::{CaseList, ListCases};
use nevertwice_service::work::{ShowWork, WorkPart, WorkRow, WorkView};

use crate::app::App;
use crate::drafts;
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::prose::reference;
use crate::text;
use crate::ui;
use crate::viewer::Viewer;

/// Rows of the lists of cases.
const ROWS: usize = 20;

/// Everything on the page, read at once.
struct Work {
    drafts: Vec<DraftRow>,
    waiting: WorkView,
    cases: CaseList,
    reports: CaseList,
}

/// Shows what the viewer owes.
pub(crate) async fn show(_: paths::Home, State(app): State<App>, viewer: Viewer) -> Result<Markup, Problem> {
    let (viewer, work) = app
        .blocking(move |app| {
            let work = Work::read(app, &viewer)?;
            Ok((viewer, work))
        })
        .await?;
    Ok(page::show(&viewer, "My work", whole(&viewer, &work)))
}

impl Work {
    fn read(app: &App, viewer: &Viewer) -> Result<Self, ServiceError> {
        let who = &viewer.identity;
        let cases = |query: &str| ListCases { query: query.to_owned(), limit: ROWS, after: None, sort: None };
        Ok(Self {
            drafts: app.run(who, ListDrafts {})?,
            waiting: app.run(who, ShowWork {})?,
            cases: app.run(who, cases("owner:me state:open"))?,
            reports: app.run(who, cases("reporter:me"))?,
        })
    }

    fn is_free(&self) -> bool {
        self.waiting.items.is_empty() && self.cases.items.is_empty()
    }
}

fn whole(viewer: &Viewer, work: &Work) -> Markup {
    html! {
        (ui::head(None, "My work", html! {}, html! {}))
        @if work.is_free() {
            @if viewer.may("report") {
                (ui::empty("You owe nothing today. Did something odd happen? A report takes a minute, and nobody is blamed.",
                    html! { a .button .primary href=(paths::Report) { "Report something" } }))
            } @else {
                (ui::empty("You owe nothing today.", html! { a .button href=(paths::Cases) { "Look at the register" } }))
            }
        }
        @if !work.drafts.is_empty() {
            (ui::section("drafts", "Begun and not sent", Some(work.drafts.len()), html! {}, drafts::list(&work.drafts, &viewer.me.time_zone)))
        }
        @for part in &work.waiting.parts { (waiting(part, &work.waiting.items)) }
        @if !work.cases.items.is_empty() {
            (ui::section("cases", "Cases I work on", count(work.cases.total), all(&paths::Cases.to_string(), "owner:me state:open"), cases(viewer, &work.cases)))
        }
        @if !work.reports.items.is_empty() {
            (ui::section("reports", "What I reported", count(work.reports.total), all(&paths::Cases.to_string(), "reporter:me"), cases(viewer, &work.reports)))
        }
    }
}

/// What is asked for of one kind.
fn waiting(part: &WorkPart, items: &[WorkRow]) -> Markup {
    let rows: Vec<&WorkRow> = items.iter().filter(|row| row.ask == part.ask).collect();
    let shown = rows.len() as u64;
    let more = html! { @if let Some(link) = &part.link { a href=(link) { "Show all" } } };
    let content = html! {
        ul .lines { @for row in rows { li {
            a .ref href=(row.link) { (row.reference) } " " @if let Some(words) = &row.words { (words) " " }
            span .fine { (row.to_do) @if let Some(day) = &row.due_on { " · due " (ui::day(day)) } }
            @if row.is_overdue { " " (ui::state("overdue")) }
        } } }
        @if part.is_more {
            p .fine { "These are the first " (shown) "; there are more." }
        } @else if part.count > shown {
            p .fine { "These are the first " (shown) " of " (part.count) "." }
        }
    };
    ui::section(&part.ask, &part.heading, count(part.count), more, content)
}

fn count(total: u64) -> Option<usize> {
    usize::try_from(total).ok()
}

fn all(path: &str, query: &str) -> Markup {
    html! { a href={ (path) "?q=" (text::in_query(query)) } { "Show all" } }
}

fn cases(viewer: &Viewer, list: &CaseList) -> Markup {
    html! {
        ul .lines {
            @for row in &list.items {
                li {
                    (reference(&row.reference)) " " (row.title) " " (ui::state(&row.state)) " "
                    @if row.severity.is_some() { (ui::severity(row.severity, &viewer.me.severity_words)) }
                }
            }
        }
    }
}
