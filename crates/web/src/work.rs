//! My work: what I owe and by when, what waits for me, what I reported.

use axum::extract::State;
use maud::{Markup, html};
use nevertwice_domain::risk::RiskState;
use nevertwice_domain::text::Line;
use nevertwice_service::ServiceError;
use nevertwice_service::draft::{DraftRow, ListDrafts};
use nevertwice_service::risk::{ListRisks, RiskOutline};
use nevertwice_service::search::{ActionList, CaseList, ListActions, ListCases, ListReviews, ReviewList};

use crate::actions::table;
use crate::app::App;
use crate::drafts;
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::prose::reference;
use crate::risks;
use crate::text;
use crate::ui;
use crate::viewer::Viewer;

/// Rows of each list.
const ROWS: usize = 20;

/// Everything on the page, read at once.
struct Work {
    drafts: Vec<DraftRow>,
    owed: ActionList,
    cases: CaseList,
    reports: CaseList,
    reviews: Option<ReviewList>,
    triage: Option<CaseList>,
    risks: Vec<RiskOutline>,
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
        let actions = ListActions { query: "owner:me state:open".to_owned(), limit: ROWS, after: None };
        let reviews = ListReviews { query: "owner:me state:open".to_owned(), limit: ROWS, after: None };
        let risks = ListRisks {
            limit: ROWS,
            state: Some(RiskState::Open),
            accepted: Some(false),
            owner: Some(Line::parse("me").map_err(ServiceError::internal)?),
            ..ListRisks::default()
        };
        Ok(Self {
            risks: app.run(who, risks)?.items,
            drafts: app.run(who, ListDrafts {})?,
            owed: app.run(who, actions)?,
            cases: app.run(who, cases("owner:me state:open"))?,
            reports: app.run(who, cases("reporter:me"))?,
            reviews: match viewer.is_any_of(&["responder", "manager"]) {
                true => Some(app.run(who, reviews)?),
                false => None,
            },
            triage: match viewer.is_any_of(&["manager"]) {
                true => Some(app.run(who, cases("state:reported"))?),
                false => None,
            },
        })
    }

    fn is_free(&self) -> bool {
        self.owed.items.is_empty()
            && self.risks.is_empty()
            && self.cases.items.is_empty()
            && self.reviews.as_ref().is_none_or(|list| list.items.is_empty())
            && self.triage.as_ref().is_none_or(|list| list.items.is_empty())
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
        @if !work.owed.items.is_empty() {
            (ui::section("owed", "Actions I owe", count(work.owed.total), all(&paths::Actions.to_string(), "owner:me state:open"),
                html! { section .scroll tabindex="0" aria-label="Actions I owe" { (table(&work.owed.items)) } }))
        }
        @if !work.risks.is_empty() {
            (ui::section("risks", "Risks that wait for me", Some(work.risks.len()), html! {}, html! {
                ul .lines { @for risk in &work.risks {
                    li { (reference(&risk.reference)) " " (risk.title) " " (risks::band(&risk.band)) " " span .fine { "accept what remains, or have it looked at again" } }
                } }
            }))
        }
        @if let Some(list) = work.triage.as_ref().filter(|list| !list.items.is_empty()) {
            (ui::section("triage", "Reports to triage", count(list.total), all(&paths::Cases.to_string(), "state:reported"), cases(viewer, list)))
        }
        @if let Some(list) = work.reviews.as_ref().filter(|list| !list.items.is_empty()) {
            (ui::section("reviews", "Reviews I lead", count(list.total), all(&paths::Reviews.to_string(), "owner:me state:open"), html! {
                ul .lines { @for row in &list.items {
                    li { (reference(&row.reference)) " " (row.problem) " " (ui::state(&row.state)) " " span .fine { "due " (ui::day(&row.due_on)) } }
                } }
            }))
        }
        @if !work.cases.items.is_empty() {
            (ui::section("cases", "Cases I work on", count(work.cases.total), all(&paths::Cases.to_string(), "owner:me state:open"), cases(viewer, &work.cases)))
        }
        @if !work.reports.items.is_empty() {
            (ui::section("reports", "What I reported", count(work.reports.total), all(&paths::Cases.to_string(), "reporter:me"), cases(viewer, &work.reports)))
        }
    }
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
