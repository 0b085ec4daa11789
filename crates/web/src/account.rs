//! One's own account: password, second factor, sessions, tokens.

mod mails;
mod secrets;
mod tokens;

use axum::extract::State;
use axum::response::Response;
use maud::{Markup, html};
use nevertwice_service::account::{EndOtherSessions, EndSession, ListSessions, SessionView};
use nevertwice_service::mail::ShowMailPreferences;
use nevertwice_service::person::{ListTokens, TokenRow};

use crate::app::App;
use crate::done::Done;
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::text;
use crate::ui::{self, Facts};
use crate::viewer::Viewer;

pub(crate) use mails::set_mails;
pub(crate) use secrets::{
    change_password, confirm_second_factor, new_password, remove_second_factor, show_second_factor,
    start_second_factor,
};
pub(crate) use tokens::{create_token, new_token, revoke_token};

/// Shows one's own account.
pub(crate) async fn show(
    _: paths::Account,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Markup, Problem> {
    let (viewer, sessions, tokens, mails) = app
        .blocking(move |app| {
            let sessions = app.run(&viewer.identity, ListSessions {})?;
            let tokens = app.run(&viewer.identity, ListTokens {})?;
            let mails = app.run(&viewer.identity, ShowMailPreferences {})?;
            Ok((viewer, sessions, tokens, mails))
        })
        .await?;
    let me = &viewer.me;
    let who = Facts::default()
        .with("Name", html! { (me.name) })
        .with_text("E-mail address", me.email.as_deref())
        .with_list("Roles", &me.roles);
    let content = html! {
        (ui::head(None, "My account", html! {}, html! {}))
        (ui::section("who", "Who I am", None, html! {}, ui::facts(who)))
        (ui::section("password", "Password", None, html! {}, html! {
            @if me.has_password { p { "A password is set." } a .button href=(paths::Password) { "Change it" } }
            @else { p { "There is none: you enter by a link." } }
        }))
        (ui::section("second-factor", "Second factor", None, html! {}, html! {
            @if me.has_second_factor { p { "Signing in asks for a code." } a .button href=(paths::SecondFactor) { "Take it away" } }
            @else { p { "A code from your phone keeps whoever learns your password out." } a .button href=(paths::SecondFactor) { "Set it up" } }
        }))
        (ui::section("mails", "Mails", None, html! {}, mails::show(&mails)))
        (ui::section("sessions", "Where I am signed in", Some(sessions.len()), end_others(&sessions), sessions_list(&viewer, &sessions)))
        (ui::section("tokens", "Tokens for programs", Some(tokens.len()),
            html! { a .button .small href=(paths::Tokens) { "Make a token" } }, tokens_list(&viewer, &tokens)))
    };
    Ok(page::show(&viewer, "My account", content))
}

fn end_others(sessions: &[SessionView]) -> Markup {
    html! {
        @if sessions.len() > 1 {
            form method="post" action=(paths::OtherSessions) { button .button .small type="submit" { "Sign out everywhere else" } }
        }
    }
}

fn sessions_list(viewer: &Viewer, sessions: &[SessionView]) -> Markup {
    let instant = |text: &str| ui::instant(text, &viewer.me.time_zone);
    html! {
        ul .lines {
            @for session in sessions {
                li {
                    strong title=[session.agent.as_deref()] { (session.agent.as_deref().map_or_else(|| "An unknown browser".to_owned(), text::browser)) }
                    @if session.is_current { " " span .badge data-tone="good" { "This one" } }
                    p .fine {
                        @if let Some(address) = &session.address { "From " (address) " · " }
                        "since " (instant(&session.created_at)) " · last seen " (instant(&session.last_seen_at))
                        " · ends " (instant(&session.ends_at))
                    }
                    @if !session.is_current {
                        form method="post" action=(paths::SessionEnd { id: session.id.clone() }) {
                            button .button .small type="submit" { "End it" }
                        }
                    }
                }
            }
        }
    }
}

fn tokens_list(viewer: &Viewer, tokens: &[TokenRow]) -> Markup {
    let instant = |text: &str| ui::instant(text, &viewer.me.time_zone);
    html! {
        @if tokens.is_empty() { p .fine { "None. A token lets a program act in your name, within its scopes." } }
        ul .lines {
            @for token in tokens {
                li {
                    strong { (token.label) } " " span .fine { (token.scopes.join(", ")) }
                    p .fine {
                        "made " (instant(&token.created_at)) " · "
                        @match &token.revoked_at {
                            Some(at) => { "taken back " (instant(at)) }
                            None => { "ends " (instant(&token.expires_at)) }
                        }
                    }
                    @if token.revoked_at.is_none() {
                        form method="post" action=(paths::TokenRevocation { id: token.id.clone() }) {
                            button .button .small type="submit" { "Take it back" }
                        }
                    }
                }
            }
        }
    }
}

/// Ends one of one's own sessions.
pub(crate) async fn end_session(
    path: paths::SessionEnd,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Response, Problem> {
    app.call(&viewer.identity, EndSession { id: path.id }).await?;
    Ok(back(&app, "Where I am signed in", "sessions"))
}

/// Ends every other session of one's own.
pub(crate) async fn end_other_sessions(
    _: paths::OtherSessions,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Response, Problem> {
    app.call(&viewer.identity, EndOtherSessions {}).await?;
    Ok(back(&app, "Where I am signed in", "sessions"))
}

/// Back to a part of the page, which says that it was changed.
fn back(app: &App, title: &str, part: &str) -> Response {
    Done::new(title, None).leads_to(app, &format!("{}#{part}", paths::Account))
}
