//! Invitations, the setup code of the console, and links that work once.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::Form;
use maud::{Markup, html};
use nevertwice_service::account::{
    AcceptInvitation, EnterByLink, InvitationShown, Secret, ShowInvitation, SignOut,
};
use nevertwice_service::{Identity, Kind};

use super::{Source, let_in};
use crate::app::App;
use crate::cookie;
use crate::form::{Errors, Reader, form};
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::ui::{Field, FieldKind, error_summary};
use crate::viewer::Who;

form! {
    /// What an account is made with.
    AcceptInvitationForm {
        /// E-mail address to sign in with.
        email,
        /// Password.
        password,
        /// The same password again.
        again,
        /// A code of the second factor, where there is one.
        code,
    }
}

form! {
    /// The code that the console shows.
    SetupForm {
        /// The code.
        code,
    }
}

/// Asks for the code of the console.
pub(crate) async fn show_setup(_: paths::Setup) -> Markup {
    setup_sheet(&SetupForm::default(), &Errors::default())
}

/// Goes on with the code of the console.
pub(crate) async fn setup(_: paths::Setup, Form(form): Form<SetupForm>) -> Response {
    let code = form.code.trim();
    if code.is_empty() {
        let mut errors = Errors::default();
        errors.add("code", "type the code that the server printed when it started");
        return (StatusCode::UNPROCESSABLE_ENTITY, setup_sheet(&form, &errors)).into_response();
    }
    Redirect::to(&paths::Invitation { code: code.to_owned() }.to_string()).into_response()
}

fn setup_sheet(form: &SetupForm, errors: &Errors) -> Markup {
    let fields = [Field::new("code", "Setup code", &form.code)
        .hint("The server prints it on its console when it starts")
        .required()];
    page::bare(
        "Set up",
        html! {
            h1 { "Set up the first account" }
            (error_summary(errors, &fields))
            form method="post" action=(paths::Setup) novalidate {
                @for field in &fields { (field.show(errors)) }
                button .button .primary .wide type="submit" { "Go on" }
            }
        },
    )
}

/// Shows an invitation.
pub(crate) async fn invitation(path: paths::Invitation, State(app): State<App>) -> Result<Markup, Problem> {
    let shown = shown(&app, &path).await?;
    let form = AcceptInvitationForm {
        email: shown.email.clone().unwrap_or_default(),
        ..AcceptInvitationForm::default()
    };
    Ok(sheet(&path, &shown, &form, &Errors::default()))
}

/// Accepts an invitation: sets the password and lets the person in.
pub(crate) async fn accept(
    path: paths::Invitation,
    State(app): State<App>,
    source: Source,
    Form(form): Form<AcceptInvitationForm>,
) -> Result<Response, Problem> {
    let shown = shown(&app, &path).await?;
    let again = |errors: &Errors| {
        (StatusCode::UNPROCESSABLE_ENTITY, sheet(&path, &shown, &form, errors)).into_response()
    };
    if let Err(errors) = check(&form) {
        return Ok(again(&errors));
    }
    let use_case = AcceptInvitation {
        secret: Secret::new(path.code.clone()),
        email: form.email.trim().to_owned(),
        password: Secret::new(form.password.clone()),
        code: Some(form.code.trim().to_owned()).filter(|code| !code.is_empty()),
        address: source.address,
        agent: source.agent,
    };
    match app.call(&Identity::Nobody, use_case).await {
        Ok(signed_in) => Ok(let_in(&app, &signed_in, "/")),
        Err(error) if matches!(error.kind, Kind::Invalid | Kind::Conflict) => {
            Ok(again(&Errors::of_service(error)?))
        }
        Err(error) => Err(error.into()),
    }
}

fn check(form: &AcceptInvitationForm) -> Result<(), Errors> {
    let mut read = Reader::default();
    let _ = read.required::<String>("email", &form.email, "type your e-mail address");
    if form.password != form.again {
        read.refuse("again", "is not the same as the password above; type it once more");
    }
    read.done()
}

async fn shown(app: &App, path: &paths::Invitation) -> Result<InvitationShown, Problem> {
    let use_case = ShowInvitation { secret: Secret::new(path.code.clone()) };
    Ok(app.call(&Identity::Nobody, use_case).await?)
}

fn sheet(
    path: &paths::Invitation,
    shown: &InvitationShown,
    form: &AcceptInvitationForm,
    errors: &Errors,
) -> Markup {
    let mut fields = vec![
        Field::new("email", "E-mail address", &form.email)
            .hint("You sign in with it")
            .kind(FieldKind::Email)
            .required(),
        Field::new("password", "Password", "")
            .hint("At least 12 characters. A few words in a row are easier to remember than signs")
            .kind(FieldKind::Password { purpose: "new-password" })
            .required(),
        Field::new("again", "The same again", "")
            .kind(FieldKind::Password { purpose: "new-password" })
            .required(),
    ];
    if shown.code_needed {
        let code = Field::new("code", "Code", &form.code)
            .hint("From your authenticator app, or one of your recovery codes")
            .kind(FieldKind::Code)
            .required();
        fields.push(code);
    }
    let title = if shown.has_account { "Set a new password" } else { "Welcome" };
    page::bare(
        title,
        html! {
            h1 { (title) }
            p .lead { (shown.person) ", " (shown.company) }
            (error_summary(errors, &fields))
            form method="post" action=(path) novalidate {
                @for field in &fields { (field.show(errors)) }
                button .button .primary .wide type="submit" { "Save and go in" }
            }
        },
    )
}

/// Asks once more before a link that works once is used up: programs that look at links in mails follow them.
pub(crate) async fn show_enter(path: paths::Enter) -> Markup {
    page::bare(
        "Enter",
        html! {
            h1 { "Enter the register" }
            p .lead { "This link works once." }
            form method="post" action=(path) { button .button .primary .wide type="submit" autofocus { "Go in" } }
        },
    )
}

/// Enters by a link that works once.
pub(crate) async fn enter(
    path: paths::Enter,
    State(app): State<App>,
    source: Source,
) -> Result<Response, Problem> {
    let use_case =
        EnterByLink { secret: Secret::new(path.code), address: source.address, agent: source.agent };
    let signed_in = app.call(&Identity::Nobody, use_case).await?;
    Ok(let_in(&app, &signed_in, "/"))
}

/// Signs out. Whoever is not signed in is told the same.
pub(crate) async fn leave(
    _: paths::SignOut,
    State(app): State<App>,
    Who(identity): Who,
) -> Result<Response, Problem> {
    match app.call(&identity, SignOut {}).await {
        Ok(_) => {}
        Err(error) if error.kind == Kind::Forbidden => {}
        Err(error) => return Err(error.into()),
    }
    Ok((cookie::unset(cookie::SESSION, app.origin()), Redirect::to(&paths::SignIn.to_string()))
        .into_response())
}
