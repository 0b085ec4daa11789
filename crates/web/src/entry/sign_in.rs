//! Signing in with address, password and, where one is set up, a second factor.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::{Form, Query};
use maud::{Markup, html};
use nevertwice_service::account::{Secret, SignIn};
use nevertwice_service::open::MayReportOpenly;
use nevertwice_service::{Identity, Kind, ServiceError};

use super::{Source, inside, let_in};
use crate::app::App;
use crate::form::{Errors, form};
use crate::page;
use crate::paths;
use crate::problem::{Problem, shown_again};
use crate::ui::{Field, FieldKind, error_summary};
use crate::viewer::Viewer;

form! {
    /// What somebody signs in with.
    SignInForm {
        /// E-mail address.
        email,
        /// Password.
        password,
        /// A code of the second factor, or a recovery code.
        code,
        /// Where to go on.
        next,
    }
}

/// Where to go on.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Next {
    next: String,
}

/// Shows the form; whoever is signed in goes on.
pub(crate) async fn new(
    _: paths::SignIn,
    State(app): State<App>,
    viewer: Option<Viewer>,
    Query(Next { next }): Query<Next>,
) -> Response {
    if viewer.is_some() {
        return Redirect::to(inside(&next)).into_response();
    }
    let form = SignInForm { next, ..SignInForm::default() };
    sheet(&form, &Errors::default(), false, is_open(&app).await).into_response()
}

/// Signs in.
pub(crate) async fn create(
    _: paths::SignIn,
    State(app): State<App>,
    source: Source,
    Form(form): Form<SignInForm>,
) -> Result<Response, Problem> {
    let code = Some(form.code.trim().to_owned()).filter(|code| !code.is_empty());
    let use_case = SignIn {
        email: form.email.trim().to_owned(),
        password: Secret::new(form.password.clone()),
        code,
        address: source.address,
        agent: source.agent,
    };
    match app.call(&Identity::Nobody, use_case).await {
        Ok(signed_in) => Ok(let_in(&app, &signed_in, &form.next)),
        Err(error) => refused(&app, &form, error).await,
    }
}

/// Whether whoever has no account may report; where that cannot be told, nobody is led there.
async fn is_open(app: &App) -> bool {
    app.call(&Identity::Nobody, MayReportOpenly {}).await.is_ok()
}

async fn refused(app: &App, form: &SignInForm, error: ServiceError) -> Result<Response, Problem> {
    let (needs_code, field) = match error.code.as_str() {
        "sign_in.code_needed" | "sign_in.code_refused" => (true, Some("code")),
        "sign_in.refused" | "sign_in.slow_down" => (!form.code.is_empty(), None),
        _ if error.kind == Kind::Invalid => (false, None),
        _ => return Err(error.into()),
    };
    let errors = match field {
        Some(field) => {
            let mut errors = Errors::default();
            errors.add(field, &error.message);
            errors
        }
        None => Errors::about_all(&error.message),
    };
    let page = sheet(form, &errors, needs_code, is_open(app).await);
    Ok(if error.code == "sign_in.code_needed" { page.into_response() } else { shown_again(&error, page) })
}

fn sheet(form: &SignInForm, errors: &Errors, needs_code: bool, is_open: bool) -> Markup {
    let mut fields = vec![
        Field::new("email", "E-mail address", &form.email).kind(FieldKind::Email).required(),
        Field::new("password", "Password", "")
            .kind(FieldKind::Password { purpose: "current-password" })
            .required(),
    ];
    if needs_code {
        let code = Field::new("code", "Code", &form.code)
            .hint("From your authenticator app, or one of your recovery codes")
            .kind(FieldKind::Code)
            .required();
        fields.push(code);
    }
    page::bare(
        "Sign in",
        html! {
            h1 { "Sign in" }
            (error_summary(errors, &fields))
            form method="post" action=(paths::SignIn) novalidate {
                input type="hidden" name="next" value=(form.next);
                @for field in &fields { (field.show(errors)) }
                button .button .primary .wide type="submit" { "Sign in" }
            }
            @if is_open {
                p {
                    "Something to report, and no account? " a href=(paths::OpenReport) { "Report without one" } ". Have you reported? "
                    a href=(paths::Receipt) { "Look up your receipt" } "."
                }
            }
            p .fine { "No account, or the password is lost? An administrator of the register sends you a link." }
        },
    )
}
