//! People: who they are, what they may do, and how they come in.

mod owed;
mod verbs;

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Form;
use maud::{Markup, html};
use nevertwice_service::ServiceError;
use nevertwice_service::account::Invite;
use nevertwice_service::person::{ListPeople, PersonView};

use crate::app::App;
use crate::form::{Errors, Reader, form};
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::ui::{self, Crumb, Facts};
use crate::verb::Act;
use crate::viewer::Viewer;

pub(crate) use owed::{HandOverAll, hand_over, owed, owed_by_left};
pub(crate) use verbs::{Add, ChangeRoles, Disable};

/// Shows people and their roles.
pub(crate) async fn list(
    _: paths::People,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Markup, Problem> {
    let list = app.call(&viewer.identity, ListPeople { status: None }).await?;
    let runs = viewer.is_any_of(&["administrator"]);
    let add = html! {
        @if runs { a .button .primary href=(paths::NewPerson) { "Add a person" } }
        a .button href=(paths::OwedByLeft) { "Owed by those who have left" }
    };
    let content = html! {
        (ui::head(None, "People", html! {}, add))
        section .scroll tabindex="0" aria-label="People" { table .rows data-rows {
            thead { tr { th scope="col" { "Name" } th scope="col" { "Status" } th scope="col" { "Roles" } th scope="col" { "E-mail" } } }
            tbody { @for person in &list { (line(person, runs)) } }
        } }
    };
    Ok(page::show(&viewer, "People", content))
}

fn line(person: &PersonView, runs: bool) -> Markup {
    html! {
        tr {
            td data-label="Name" .what {
                @if runs { a href=(paths::Person { person: person.id.clone() }) { (person.name) } } @else { (person.name) }
                @if person.kind == "team" { " " span .fine { "team" } }
            }
            td data-label="Status" { (ui::state(&person.status)) }
            td data-label="Roles" { (person.roles.join(", ")) }
            td data-label="E-mail" { (person.email.as_deref().unwrap_or("–")) }
        }
    }
}

/// Shows a person.
pub(crate) async fn show(
    path: paths::Person,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Markup, Problem> {
    let (viewer, person, owed) = app
        .blocking(move |app| {
            let person = find(app, &viewer, &path.person)?;
            let owed = owed::owed_of(app, &viewer, &path.person)?;
            Ok((viewer, person, owed))
        })
        .await?;
    let doing = doing(&viewer, &person, app.service().sends_mails());
    let beside = html! { p .head-facts { (ui::state(&person.status)) } };
    let facts = Facts::default()
        .with_list("Roles", &person.roles)
        .with_text("E-mail address", person.email.as_deref())
        .with_text("User of the server", person.os_user.as_deref())
        .with("Known since", ui::instant(&person.created_at, &viewer.me.time_zone));
    let content = html! {
        (ui::head(Some(crumb()), &person.name, beside, doing))
        (ui::section("facts", "Facts", None, html! {}, ui::facts(facts)))
        @if owed.count > 0 {
            (ui::section("owed", "Owes", usize::try_from(owed.count).ok(), html! {
                a .button .small href=(paths::PersonHandOver { person: person.id.clone() }) { "Hand over" }
            }, html! {
                @if person.status == "disabled" { p .note { (person.name) " has left, and still owes this." } }
                (owed::items(&owed))
            }))
        }
    };
    Ok(page::show(&viewer, &person.name, content))
}

/// What an administrator does to a person.
fn doing(viewer: &Viewer, person: &PersonView, sends_mails: bool) -> Markup {
    let id = || person.id.clone();
    let lets_in = person.kind == "person" && person.status == "confirmed";
    html! {
        @if viewer.may("administer") {
            a .button .primary href=(paths::PersonRoles { person: id() }) { "Change" }
            @if lets_in {
                form method="post" action=(paths::PersonInvitation { person: id() }) {
                    button .button type="submit" { "Make an invitation" }
                    @if sends_mails && person.email.is_some() {
                        " " button .button type="submit" name="send" value="yes" { "Mail an invitation" }
                    }
                }
            }
            @if person.status != "disabled" { a .button href=(paths::PersonDisabling { person: id() }) { "Disable" } }
        }
    }
}

form! {
    /// How an invitation gets to somebody.
    InviteForm {
        /// `yes`: by mail; otherwise its link is shown to be handed over.
        send,
    }
}

/// Makes an invitation: its code is in the answer, or it is sent by mail.
pub(crate) struct MakeInvitation;

impl Act for MakeInvitation {
    type Path = paths::PersonInvitation;
    type Form = InviteForm;
    type UseCase = Invite;
    const TITLE: &'static str = "Make an invitation";
    const LEAD: &'static str = "It works once. Whoever has a password chooses another with it.";

    fn parse(path: &paths::PersonInvitation, form: &InviteForm) -> Result<Invite, Errors> {
        let mut read = Reader::default();
        let person = read.required("person", &path.person, "name the person");
        let send = read.is_yes("send", &form.send);
        read.done()?;
        Ok(Invite { person: person?, remove_second_factor: false, send: send? })
    }
}

/// Makes an invitation, and shows its link this once or has it sent.
pub(crate) async fn invite(
    path: paths::PersonInvitation,
    State(app): State<App>,
    viewer: Viewer,
    Form(form): Form<InviteForm>,
) -> Result<Response, Problem> {
    let use_case = MakeInvitation::parse(&path, &form).map_err(ServiceError::from)?;
    let invited = app.call(&viewer.identity, use_case).await?;
    let back = paths::Person { person: path.person };
    let shown = match &invited.secret {
        Some(secret) => {
            let link = app.origin().address(paths::Invitation { code: secret.as_str().to_owned() });
            html! {
                p .lead { "Give this link to " (invited.person) ". It works once, and is not shown again." }
                p { code .secret { (link) } }
            }
        }
        None => {
            html! { p .lead { "It is on its way to " (invited.sent_to.as_deref().unwrap_or("them")) "." } }
        }
    };
    let content = html! {
        (ui::head(Some(crumb()), "Invitation", html! {}, html! {}))
        (shown)
        @if let Some(until) = &invited.expires_at {
            p .fine { "It holds until " (ui::instant(until, &viewer.me.time_zone)) ". Whoever has a password chooses another with it." }
        }
        p { a .button .primary href=(back) { "Done" } }
    };
    Ok(page::show(&viewer, "Invitation", content).into_response())
}

/// Whoever comes back to the address of an invitation goes to the person.
pub(crate) async fn invited(path: paths::PersonInvitation, _: Viewer) -> Redirect {
    Redirect::to(&paths::Person { person: path.person }.to_string())
}

fn crumb() -> Crumb {
    Crumb { href: paths::People.to_string(), words: "People".to_owned() }
}

/// The person of an id.
fn find(app: &App, viewer: &Viewer, id: &str) -> Result<PersonView, ServiceError> {
    let all = app.run(&viewer.identity, ListPeople { status: None })?;
    let found = all.into_iter().find(|person| person.id == id);
    found.ok_or_else(|| ServiceError::not_found("such person"))
}
