//! What people owe, and handing it to somebody else.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Form;
use maud::{Markup, html};
use nevertwice_domain::text::Line;
use nevertwice_service::ServiceError;
use nevertwice_service::person::{HandOverEverything, HandedOver, ListOwed, OwedView};

use super::crumb;
use crate::app::App;
use crate::form::{Errors, Reader, form};
use crate::help::Help;
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::prose::reference;
use crate::text;
use crate::ui::{self, Crumb, Field, FieldKind};
use crate::verb::Act;
use crate::viewer::Viewer;

form! {
    /// Who owes it from now on.
    HandOverAllForm {
        /// Name or id.
        to,
    }
}

/// Hands everything that a person owes to another one.
pub(crate) struct HandOverAll;

impl Act for HandOverAll {
    type Path = paths::PersonHandOver;
    type Form = HandOverAllForm;
    type UseCase = HandOverEverything;
    const TITLE: &'static str = "Hand everything over";
    const LEAD: &'static str = "What can be handed over is, and what cannot is told with its reason.";

    fn parse(path: &paths::PersonHandOver, form: &HandOverAllForm) -> Result<HandOverEverything, Errors> {
        let mut read = Reader::default();
        let person = read.required("person", &path.person, "name the person");
        let to = read.required("to", &form.to, "name the person who owes it from now on");
        read.done()?;
        Ok(HandOverEverything { person: person?, to: to? })
    }
}

/// What a person owes, as far as the viewer may know.
///
/// # Errors
/// There is no such person; what the use case reports.
pub(super) fn owed_of(app: &App, viewer: &Viewer, person: &str) -> Result<OwedView, ServiceError> {
    let not_found = || ServiceError::not_found("such person");
    let name = Line::parse(person).map_err(|_| not_found())?;
    let found = app.run(&viewer.identity, ListOwed { person: Some(name) })?;
    found.into_iter().find(|view| view.person == person).ok_or_else(not_found)
}

/// Shows what a person owes, with the form that hands it over.
pub(crate) async fn owed(
    path: paths::PersonHandOver,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Markup, Problem> {
    let (viewer, view, help) = read(&app, viewer, path).await?;
    Ok(asked(&viewer, &view, &help, &HandOverAllForm::default(), &Errors::default()))
}

async fn read(
    app: &App,
    viewer: Viewer,
    path: paths::PersonHandOver,
) -> Result<(Viewer, OwedView, Help), ServiceError> {
    app.blocking(move |app| {
        // Whoever is not there owes nothing.
        super::find(app, &viewer, &path.person)?;
        let view = owed_of(app, &viewer, &path.person)?;
        let help = Help::load(app, &viewer)?;
        Ok((viewer, view, help))
    })
    .await
}

fn asked(viewer: &Viewer, view: &OwedView, help: &Help, form: &HandOverAllForm, errors: &Errors) -> Markup {
    let title = format!("What {} owes", view.name);
    let at = paths::PersonHandOver { person: view.person.clone() };
    let fields = [Field::new("to", "Who owes it from now on", &form.to)
        .hint("One person, not a team")
        .kind(FieldKind::Suggested { suggestions: &help.people })
        .required()];
    let content = html! {
        (ui::head(Some(person_crumb(view)), &title, html! {}, html! {}))
        (items(view))
        @if view.count > 0 && viewer.is_any_of(&["manager"]) {
            form .sheet method="post" action=(at) novalidate {
                p .lead { (HandOverAll::LEAD) }
                (ui::error_summary(errors, &fields))
                @for field in &fields { (field.show(errors)) }
                div .buttons { button .button .primary type="submit" { "Hand everything over" } }
            }
        }
    };
    page::show(viewer, &title, content)
}

fn person_crumb(view: &OwedView) -> Crumb {
    Crumb { href: paths::Person { person: view.person.clone() }.to_string(), words: view.name.clone() }
}

/// What somebody owes, as lines.
pub(crate) fn items(view: &OwedView) -> Markup {
    let hidden = view.count.saturating_sub(view.items.len() as u64);
    html! {
        @if view.count == 0 { p .fine { (view.name) " owes nothing that you may know of." } }
        ul .lines {
            @for row in &view.items {
                li {
                    (reference(&row.reference)) " " (row.title) " " span .fine { (what(&row.kind)) }
                    @if let Some(due) = &row.due_on { " " span .fine { "due " (ui::day(due)) } }
                }
            }
        }
        @if hidden > 0 {
            p .fine { (text::count(hidden, "more thing", "more things")) " of cases that you do not read; a manager hands them over." }
        }
    }
}

fn what(kind: &str) -> &'static str {
    match kind {
        "case" => "to be responded to",
        "action" => "to be done",
        "check" => "its effect to be judged",
        "review" => "to be led",
        _ => "to be answered for",
    }
}

/// Hands everything over, and tells what could not be.
pub(crate) async fn hand_over(
    path: paths::PersonHandOver,
    State(app): State<App>,
    viewer: Viewer,
    Form(form): Form<HandOverAllForm>,
) -> Result<Response, Problem> {
    let outcome = match HandOverAll::parse(&path, &form) {
        Ok(use_case) => app.call(&viewer.identity, use_case).await.map_err(Into::into),
        Err(errors) => Err(Refused::Form(errors)),
    };
    let errors = match outcome {
        Ok(told) => return Ok(page::show(&viewer, HandOverAll::TITLE, done(&path, &told)).into_response()),
        Err(Refused::Form(errors)) => errors,
        Err(Refused::Service(error)) => Errors::of_service(error)?,
    };
    let (viewer, view, help) = read(&app, viewer, path).await?;
    let status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
    Ok((status, asked(&viewer, &view, &help, &form, &errors)).into_response())
}

/// Why nothing was handed over.
enum Refused {
    Form(Errors),
    Service(ServiceError),
}

impl From<ServiceError> for Refused {
    fn from(error: ServiceError) -> Self {
        Self::Service(error)
    }
}

fn done(path: &paths::PersonHandOver, told: &HandedOver) -> Markup {
    let back = paths::Person { person: path.person.clone() };
    html! {
        (ui::head(Some(crumb()), HandOverAll::TITLE, html! {}, html! {}))
        p .lead { (told.to) " owes from now on what " (told.person) " owed." }
        (ui::section("done", "Handed over", Some(told.done.len()), html! {}, html! {
            ul .lines { @for one in &told.done { li { (reference(one)) } } }
        }))
        @if !told.refused.is_empty() {
            (ui::section("refused", "Not handed over", Some(told.refused.len()), html! {}, html! {
                ul .lines { @for one in &told.refused { li { (reference(&one.reference)) " " (one.reason) } } }
            }))
        }
        p { a .button .primary href=(back) { "Done" } }
    }
}

/// Shows what those owe who have left.
pub(crate) async fn owed_by_left(
    _: paths::OwedByLeft,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Markup, Problem> {
    let views = app.call(&viewer.identity, ListOwed { person: None }).await?;
    let content = html! {
        (ui::head(None, "Owed by people who have left", html! {}, html! {}))
        @if views.is_empty() { (ui::empty("Nobody who has left owes anything that you may know of.", html! {})) }
        @for view in &views { (of_somebody(view)) }
    };
    Ok(page::show(&viewer, "Owed by people who have left", content))
}

/// What one person owes, with the way to hand it over.
fn of_somebody(view: &OwedView) -> Markup {
    let id = format!("owed-{}", view.person);
    let hand_over = html! { a .button .small href=(paths::PersonHandOver { person: view.person.clone() }) { "Hand over" } };
    ui::section(&id, &view.name, usize::try_from(view.count).ok(), hand_over, items(view))
}
