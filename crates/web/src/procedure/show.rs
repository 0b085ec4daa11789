//! The procedure as a document: what people read, what the program enforces, what a version changes.

use axum::extract::State;
use maud::{Markup, html};
use nevertwice_service::procedure::{
    ListProcedures, ProcedureRow, ProcedureView, ShowProcedure, ShowProcedureVersion,
};

use crate::app::App;
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::prose::{self, prose_of, reference};
use crate::text;
use crate::ui::{self, Crumb, Facts};
use crate::viewer::Viewer;

/// The title of every version.
const TITLE: &str = "Incident management procedure";

/// The parts of the rules, in the order of the document, with their headings.
const PARTS: [(&str, &str); 6] = [
    ("reviews", "Reviews"),
    ("actions", "Actions and whether they work"),
    ("reminders", "Reminders and escalation"),
    ("trends", "Trends"),
    ("targets", "Targets"),
    ("calendar", "Working days"),
];

/// Shows the version that is in force.
pub(crate) async fn in_force(
    _: paths::Procedure,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Markup, Problem> {
    let procedure = app.call(&viewer.identity, ShowProcedure {}).await?;
    Ok(page::show(&viewer, TITLE, document(&viewer, &procedure, None)))
}

/// Shows a version.
pub(crate) async fn version(
    path: paths::ProcedureVersion,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Markup, Problem> {
    let procedure = ShowProcedureVersion { procedure: path.procedure };
    let procedure = app.call(&viewer.identity, procedure).await?;
    let crumb = Crumb { href: paths::ProcedureVersions.to_string(), words: "Versions".to_owned() };
    let title = format!("{} {TITLE}", path.procedure);
    Ok(page::show(&viewer, &title, document(&viewer, &procedure, Some(crumb))))
}

/// Lists the versions.
pub(crate) async fn list(
    _: paths::ProcedureVersions,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Markup, Problem> {
    let rows = app.call(&viewer.identity, ListProcedures {}).await?;
    let crumb = Crumb { href: paths::Procedure.to_string(), words: TITLE.to_owned() };
    let content = html! {
        (ui::head(Some(crumb), "Versions of the procedure", html! {}, html! {}))
        section .scroll tabindex="0" aria-label="Versions" { table .rows data-rows {
            thead { tr { th scope="col" { "Version" } th scope="col" { "What changed" } th scope="col" { "Standing" } th scope="col" { "Counts from" } th scope="col" { "Approved by" } } }
            tbody { @for row in &rows { (listed(row)) } }
        } }
    };
    Ok(page::show(&viewer, "Versions of the procedure", content))
}

fn listed(row: &ProcedureRow) -> Markup {
    html! { tr {
        td data-label="Version" .ref { @match &row.reference {
            Some(version) => (reference(version)),
            None => "shipped",
        } }
        td data-label="What changed" .what { (text::plain(&row.summary)) }
        td data-label="Standing" { (ui::state(&row.standing)) }
        td data-label="Counts from" { @match &row.effective_on { Some(day) => (ui::day(day)), None => "–" } }
        td data-label="Approved by" { (row.approved_by.as_deref().unwrap_or("–")) }
    } }
}

fn document(viewer: &Viewer, procedure: &ProcedureView, crumb: Option<Crumb>) -> Markup {
    html! {
        (ui::head(crumb, TITLE, html! {
            p .head-facts {
                span .ref { (procedure.reference.as_deref().unwrap_or("shipped")) }
                (ui::state(&procedure.standing))
            }
        }, doing(procedure)))
        div .case {
            div .case-story {
                @if let Some(changes) = procedure.changes.as_ref().filter(|_| procedure.standing != "superseded") {
                    (ui::section("changes", "What it changes", None, html! {}, html! {
                        (prose_of(Some(&procedure.summary)))
                        p .fine { "Compared with " @match &changes.since {
                            Some(since) => (reference(since)),
                            None => "the procedure that comes with the program",
                        } "." @if changes.text_changed { " The text was rewritten." } }
                        @if changes.gone.is_empty() && changes.new.is_empty() { p { "No rule changes." } }
                        ul .lines .changes {
                            @for text in &changes.gone { li { del { (text) } } }
                            @for text in &changes.new { li { ins { (text) } } }
                        }
                    }))
                }
                (ui::section("text", "What people read", None, html! {}, prose::document(&procedure.text)))
                @for (part, heading) in PARTS {
                    (ui::section(part, heading, None, html! {}, html! {
                        ul .lines { @for sentence in procedure.sentences.iter().filter(|one| one.part == part) { li { (sentence.text) } } }
                        @if part == "calendar" && !procedure.rules.holidays.is_empty() {
                            ul .lines { @for holiday in &procedure.rules.holidays { li { (holiday) } } }
                        }
                    }))
                }
            }
            aside .case-beside aria-label="Facts" { (facts(viewer, procedure)) }
        }
    }
}

fn facts(viewer: &Viewer, procedure: &ProcedureView) -> Markup {
    let mut facts = Facts::default();
    if let Some(day) = &procedure.effective_on {
        facts = facts.with("Counts from", ui::day(day));
    }
    if !procedure.authors.is_empty() {
        facts = facts.with_list("Written by", &procedure.authors);
    }
    facts = facts
        .with_text("Submitted by", procedure.submitted_by.as_deref())
        .with_text("Approved by", procedure.approved_by.as_deref());
    if let Some(at) = &procedure.approved_at {
        facts = facts.with("Approved", ui::instant(at, &viewer.me.time_zone));
    }
    if !procedure.lessons.is_empty() {
        facts = facts.with(
            "Because of",
            html! {
                @for lesson in &procedure.lessons { (reference(lesson)) " " }
            },
        );
    }
    facts = facts.with_text("Given up because", procedure.withdrawn_reason.as_deref());
    let leads = html! {
        p { a .button .small href=(paths::ProcedureVersions) { "All versions" } }
        @if viewer.may("read_register") { p { a .button .small href=(paths::SayDo) { "Is it done?" } } }
        @if procedure.reference.is_none() {
            p .fine { "It comes with the program, and is in force until the company approves its own." }
        }
    };
    html! { (ui::section("facts", "Facts", None, html! {}, html! { (ui::facts(facts)) (leads) })) }
}

/// What may be done now: nobody is shown a way that ends at a refusal.
fn doing(view: &ProcedureView) -> Markup {
    let may = |verb: &str| view.may.iter().any(|one| one == verb);
    let Some(procedure) = view.reference.as_ref().and_then(|reference| reference.parse().ok()) else {
        return html! { @if may("edit_procedure") { a .button .primary href=(paths::NewProcedure) { "Write our own" } } };
    };
    let all: Vec<(&str, &str, String)> = match view.standing.as_str() {
        "draft" => vec![
            ("edit_procedure", "Write on it", paths::ProcedureText { procedure }.to_string()),
            ("edit_procedure", "Submit for approval", paths::ProcedureSubmission { procedure }.to_string()),
            ("edit_procedure", "Give it up", paths::ProcedureWithdrawal { procedure }.to_string()),
        ],
        "in_review" => vec![
            ("approve_procedure", "Approve", paths::ProcedureApproval { procedure }.to_string()),
            ("edit_procedure", "Send it back", paths::ProcedureReturn { procedure }.to_string()),
            ("edit_procedure", "Give it up", paths::ProcedureWithdrawal { procedure }.to_string()),
        ],
        "published" => vec![("edit_procedure", "Begin a new version", paths::NewProcedure.to_string())],
        _ => Vec::new(),
    };
    let steps: Vec<_> = all.into_iter().filter(|(verb, ..)| may(verb)).collect();
    html! {
        @for (place, (_, words, href)) in steps.iter().enumerate() {
            a .button .primary[place == 0] href=(href) { (words) }
        }
    }
}
