//! My work: what I owe and by when, what waits for me, what I reported.

use axum::extract::State;
use maud::{Markup, html};
use nevertwice_domain::risk::RiskState;
use nevertwice_domain::text::Line;
use nevertwice_service::ServiceError;
use nevertwice_service::action::{ActionsToDecide, ListDecideAgain};
use nevertwice_service::awareness::{AwarenessList, ListAwareness};
use nevertwice_service::draft::{DraftRow, ListDrafts};
use nevertwice_service::person::{ListOwed, OwedView};
use nevertwice_service::risk::{ListRisks, RiskOutline};
use nevertwice_service::search::{CaseList, ListCases};
use nevertwice_service::work::{ShowWork, WorkRow, WorkView};

use crate::actions::to_decide;
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
    waiting: WorkView,
    cases: CaseList,
    reports: CaseList,
    to_read: AwarenessList,
    decide_again: Option<ActionsToDecide>,
    left: Option<Vec<OwedView>>,
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
            waiting: app.run(who, ShowWork {})?,
            cases: app.run(who, cases("owner:me state:open"))?,
            reports: app.run(who, cases("reporter:me"))?,
            to_read: app.run(who, ListAwareness { open: true, limit: ROWS, after: None })?,
            decide_again: match viewer.is_any_of(&["manager"]) {
                true => Some(app.run(who, ListDecideAgain { limit: ROWS, after: None })?),
                false => None,
            },
            left: match viewer.is_any_of(&["manager"]) {
                true => Some(app.run(who, ListOwed { person: None })?),
                false => None,
            },
        })
    }

    fn is_free(&self) -> bool {
        self.waiting.items.is_empty()
            && self.risks.is_empty()
            && self.cases.items.is_empty()
            && self.to_read.items.is_empty()
            && self.decide_again.as_ref().is_none_or(|list| list.items.is_empty())
            && self.left.as_ref().is_none_or(Vec::is_empty)
    }
}

/// What is asked for, with the heading of its part and where there is more of it.
const ASKS: [(&str, &str, Option<(&str, &str)>); 9] = [
    ("complete", "Actions I owe", Some(("/actions", "owner:me state:open"))),
    ("triage", "Reports to triage", Some(("/cases", "state:reported"))),
    ("lead", "Reviews I lead", Some(("/reviews", "owner:me state:open"))),
    ("attend", "Reviews I take part in", None),
    ("approve_review", "Reviews to approve", Some(("/reviews", "state:drafted"))),
    ("approve_lesson", "Lessons to approve", Some(("/lessons", "state:draft"))),
    ("approve_procedure", "The procedure, to approve", None),
    ("judge", "Does it work? To be judged", None),
    ("escalated", "Overdue, told to me by the procedure", None),
];

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
        @for (ask, heading, more) in ASKS {
            @let rows: Vec<&WorkRow> = work.waiting.items.iter().filter(|row| row.ask == ask).collect();
            @if !rows.is_empty() {
                (ui::section(ask, heading, Some(rows.len()), html! { @if let Some((path, query)) = more { (all(path, query)) } }, waiting(&rows)))
            }
        }
        @if !work.risks.is_empty() {
            (ui::section("risks", "Risks that wait for me", Some(work.risks.len()), html! {}, html! {
                ul .lines { @for risk in &work.risks {
                    li { (reference(&risk.reference)) " " (risk.title) " " (risks::band(&risk.band)) " " span .fine { "accept what remains, or have it looked at again" } }
                } }
            }))
        }
        @if !work.to_read.items.is_empty() {
            (ui::section("to-read", "Read and acknowledge", Some(work.to_read.items.len()), html! { a href=(paths::AwarenessItems) { "Show all" } }, html! {
                ul .lines { @for row in &work.to_read.items {
                    li { (reference(&row.reference)) " " (row.title) " " span .fine { "until " (ui::day(&row.due_on)) } @if row.overdue { " " (ui::state("overdue")) } }
                } }
            }))
        }
        (left_behind(work))
        @if !work.cases.items.is_empty() {
            (ui::section("cases", "Cases I work on", count(work.cases.total), all(&paths::Cases.to_string(), "owner:me state:open"), cases(viewer, &work.cases)))
        }
        @if !work.reports.items.is_empty() {
            (ui::section("reports", "What I reported", count(work.reports.total), all(&paths::Cases.to_string(), "reporter:me"), cases(viewer, &work.reports)))
        }
    }
}

fn waiting(rows: &[&WorkRow]) -> Markup {
    html! {
        ul .lines { @for row in rows { li {
            (reference(&row.reference)) " " @if let Some(words) = &row.words { (words) " " }
            @if let Some(day) = &row.due_on {
                span .fine .late[row.is_overdue] { @if row.is_overdue { "overdue since " } @else { "due " } (ui::day(day)) }
            }
        } } }
    }
}

/// What nobody looks after any more, for those who run the register.
fn left_behind(work: &Work) -> Markup {
    html! {
        @if let Some(list) = work.decide_again.as_ref().filter(|list| !list.items.is_empty()) {
            (ui::section("decide-again", "Actions to decide on again", Some(list.items.len()), html! { a href=(paths::DecideAgain) { "Show all" } },
                html! { section .scroll tabindex="0" aria-label="Actions to decide on again" { (to_decide(&list.items)) } }))
        }
        @if let Some(views) = work.left.as_ref().filter(|views| !views.is_empty()) {
            (ui::section("left", "Owed by people who have left", Some(views.len()), html! { a href=(paths::OwedByLeft) { "Show all" } }, html! {
                ul .lines { @for view in views {
                    li { a href=(paths::PersonHandOver { person: view.person.clone() }) { (view.name) } " " span .fine { (text::count(view.count, "thing", "things")) } }
                } }
            }))
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
