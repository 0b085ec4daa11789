//! Tokens for programs.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Form;
use maud::{Markup, html};
use nevertwice_domain::permission::Scope;
use nevertwice_service::person::{NewOwnToken, RevokeToken};

use super::back;
use crate::app::App;
use crate::form::{Errors, Reader, form};
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::ui::{Crumb, Field, FieldKind, error_summary, head};
use crate::viewer::Viewer;

form! {
    /// A token to be made.
    TokenForm {
        /// What it is for.
        label,
        /// Days until it ends.
        days,
        /// What it may do, apart by commas.
        scopes,
    }
}

/// Shows the form for a token.
pub(crate) async fn new_token(_: paths::Tokens, viewer: Viewer) -> Markup {
    let form = TokenForm { days: "90".to_owned(), scopes: "read".to_owned(), ..TokenForm::default() };
    sheet(&viewer, &form, &Errors::default())
}

/// Makes a token, and shows its secret this once.
pub(crate) async fn create_token(
    _: paths::Tokens,
    State(app): State<App>,
    viewer: Viewer,
    Form(form): Form<TokenForm>,
) -> Result<Response, Problem> {
    let again =
        |errors: &Errors| (StatusCode::UNPROCESSABLE_ENTITY, sheet(&viewer, &form, errors)).into_response();
    let use_case = match parse(&form) {
        Ok(use_case) => use_case,
        Err(errors) => return Ok(again(&errors)),
    };
    match app.call(&viewer.identity, use_case).await {
        Ok(token) => {
            let shown = html! {
                p .lead { "This is the token. It is not shown again." }
                p { code .secret { (token.secret.as_str()) } }
                p { "Send it as " code { "Authorization: Bearer …" } "." }
                p { a .button .primary href={ (paths::Account) "#tokens" } { "I have it" } }
            };
            Ok(frame(&viewer, "Token", shown).into_response())
        }
        Err(error) => Ok(again(&Errors::of_service(error)?)),
    }
}

fn parse(form: &TokenForm) -> Result<NewOwnToken, Errors> {
    let mut read = Reader::default();
    let label = read.required("label", &form.label, "say what it is for");
    let days = read.optional("days", &form.days);
    let scopes = read.words::<Scope>("scopes", &form.scopes);
    if form.scopes.trim().is_empty() {
        read.refuse("scopes", "say what it may do, such as read, report");
    }
    read.done()?;
    Ok(NewOwnToken { label: label?, days: days?, scopes: scopes? })
}

/// Takes a token back.
pub(crate) async fn revoke_token(
    path: paths::TokenRevocation,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Response, Problem> {
    app.call(&viewer.identity, RevokeToken { id: path.id }).await?;
    Ok(back(&app, "Tokens for programs", "tokens"))
}

fn frame(viewer: &Viewer, title: &str, content: Markup) -> Markup {
    let crumb = Crumb { href: paths::Account.to_string(), words: "My account".to_owned() };
    page::show(viewer, title, html! { (head(Some(crumb), title, html! {}, html! {})) (content) })
}

fn sheet(viewer: &Viewer, form: &TokenForm, errors: &Errors) -> Markup {
    let fields = [
        Field::new("label", "What is it for", &form.label).required(),
        Field::new("days", "Days until it ends", &form.days).hint("At most 365").kind(FieldKind::Code),
        Field::new("scopes", "What may it do", &form.scopes)
            .hint("Of read, report, edit, decide, administer; apart by commas. Never more than you may")
            .required(),
    ];
    frame(
        viewer,
        "Make a token",
        html! {
            form .sheet method="post" action=(paths::Tokens) novalidate {
                (error_summary(errors, &fields))
                @for field in &fields { (field.show(errors)) }
                div .buttons { button .button .primary type="submit" { "Make it" } a .button href=(paths::Account) { "Cancel" } }
            }
        },
    )
}
