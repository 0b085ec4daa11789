//! Password and second factor.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Form;
use maud::{Markup, html};
use nevertwice_service::account::{
    ChangePassword, ConfirmSecondFactor, RemoveSecondFactor, SecondFactorStarted, Secret, StartSecondFactor,
};

use super::back;
use crate::app::App;
use crate::form::{Errors, form};
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::ui::{Crumb, Field, FieldKind, error_summary, head};
use crate::viewer::Viewer;

form! {
    /// Another password.
    PasswordForm {
        /// The present one.
        current,
        /// The new one.
        new,
        /// The new one again.
        again,
    }
}

form! {
    /// The first code of a second factor.
    CodeForm {
        /// The code.
        code,
        /// The secret that it was made from, to be shown again.
        shown,
        /// Its address for an authenticator app.
        uri,
    }
}

form! {
    /// The password that a second factor is taken away with.
    RemovalForm {
        /// The password.
        password,
    }
}

fn frame(viewer: &Viewer, title: &str, content: Markup) -> Markup {
    let crumb = Crumb { href: paths::Account.to_string(), words: "My account".to_owned() };
    page::show(viewer, title, html! { (head(Some(crumb), title, html! {}, html! {})) (content) })
}

/// Shows the form for another password.
pub(crate) async fn new_password(_: paths::Password, viewer: Viewer) -> Markup {
    password_sheet(&viewer, &Errors::default())
}

/// Sets another password; every other session ends.
pub(crate) async fn change_password(
    _: paths::Password,
    State(app): State<App>,
    viewer: Viewer,
    Form(form): Form<PasswordForm>,
) -> Result<Response, Problem> {
    if form.new != form.again {
        let mut errors = Errors::default();
        errors.add("again", "is not the same as the new password above; type it once more");
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, password_sheet(&viewer, &errors)).into_response());
    }
    let use_case = ChangePassword { current: Secret::new(form.current), new: Secret::new(form.new) };
    match app.call(&viewer.identity, use_case).await {
        Ok(_) => Ok(back(&app, "Password", "password")),
        Err(error) => {
            let errors = Errors::of_service(error)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, password_sheet(&viewer, &errors)).into_response())
        }
    }
}

fn password_sheet(viewer: &Viewer, errors: &Errors) -> Markup {
    let new = || FieldKind::Password { purpose: "new-password" };
    let fields = [
        Field::new("current", "Present password", "")
            .kind(FieldKind::Password { purpose: "current-password" })
            .required(),
        Field::new("new", "New password", "").hint("At least 12 characters").kind(new()).required(),
        Field::new("again", "The same again", "").kind(new()).required(),
    ];
    frame(
        viewer,
        "Change the password",
        html! {
            form .sheet method="post" action=(paths::Password) novalidate {
                (error_summary(errors, &fields))
                @for field in &fields { (field.show(errors)) }
                div .buttons { button .button .primary type="submit" { "Save" } a .button href=(paths::Account) { "Cancel" } }
            }
        },
    )
}

/// Shows what can be done about the second factor.
pub(crate) async fn show_second_factor(_: paths::SecondFactor, viewer: Viewer) -> Markup {
    if viewer.me.has_second_factor {
        removal_sheet(&viewer, &Errors::default())
    } else {
        start_sheet(&viewer)
    }
}

fn start_sheet(viewer: &Viewer) -> Markup {
    frame(
        viewer,
        "Second factor",
        html! {
            form .sheet method="post" action=(paths::SecondFactor) {
                p .lead { "You need an authenticator app that makes codes of six digits (TOTP, RFC 6238)." }
                div .buttons { button .button .primary type="submit" { "Set it up" } a .button href=(paths::Account) { "Cancel" } }
            }
        },
    )
}

/// Makes the secret of a second factor; it counts once its first code is shown.
pub(crate) async fn start_second_factor(
    _: paths::SecondFactor,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Markup, Problem> {
    let SecondFactorStarted { secret, uri } = app.call(&viewer.identity, StartSecondFactor {}).await?;
    let form =
        CodeForm { shown: secret.as_str().to_owned(), uri: uri.as_str().to_owned(), ..CodeForm::default() };
    Ok(code_sheet(&viewer, &form, &Errors::default()))
}

/// Confirms a second factor, and shows the recovery codes this once.
pub(crate) async fn confirm_second_factor(
    _: paths::SecondFactorProof,
    State(app): State<App>,
    viewer: Viewer,
    Form(form): Form<CodeForm>,
) -> Result<Response, Problem> {
    match app.call(&viewer.identity, ConfirmSecondFactor { code: form.code.trim().to_owned() }).await {
        Ok(confirmed) => {
            let codes = confirmed.codes;
            let shown = html! {
                p .lead { "From now on signing in asks for a code." }
                p { "Keep these ten recovery codes where your phone is not. Each works once, and they are not shown again." }
                ul .codes { @for code in &codes { li { code { (code.as_str()) } } } }
                p { a .button .primary href=(paths::Account) { "I have them" } }
            };
            Ok(frame(&viewer, "Recovery codes", shown).into_response())
        }
        Err(error) => {
            let errors = Errors::of_service(error)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, code_sheet(&viewer, &form, &errors)).into_response())
        }
    }
}

fn code_sheet(viewer: &Viewer, form: &CodeForm, errors: &Errors) -> Markup {
    let fields = [Field::new("code", "The code that the app shows now", "").kind(FieldKind::Code).required()];
    frame(
        viewer,
        "Second factor",
        html! {
            form .sheet method="post" action=(paths::SecondFactorProof) novalidate {
                (error_summary(errors, &fields))
                p { "Type this secret into the app, or open the address on the phone:" }
                p { code .secret { (form.shown) } }
                p .fine { code { (form.uri) } }
                input type="hidden" name="shown" value=(form.shown);
                input type="hidden" name="uri" value=(form.uri);
                @for field in &fields { (field.show(errors)) }
                div .buttons { button .button .primary type="submit" { "Confirm" } a .button href=(paths::Account) { "Cancel" } }
            }
        },
    )
}

/// Takes the second factor away.
pub(crate) async fn remove_second_factor(
    _: paths::SecondFactorRemoval,
    State(app): State<App>,
    viewer: Viewer,
    Form(form): Form<RemovalForm>,
) -> Result<Response, Problem> {
    match app.call(&viewer.identity, RemoveSecondFactor { password: Secret::new(form.password) }).await {
        Ok(_) => Ok(back(&app, "Second factor", "second-factor")),
        Err(error) => {
            let errors = Errors::of_service(error)?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, removal_sheet(&viewer, &errors)).into_response())
        }
    }
}

fn removal_sheet(viewer: &Viewer, errors: &Errors) -> Markup {
    let fields = [Field::new("password", "Password", "")
        .kind(FieldKind::Password { purpose: "current-password" })
        .required()];
    frame(
        viewer,
        "Take the second factor away",
        html! {
            form .sheet method="post" action=(paths::SecondFactorRemoval) novalidate {
                (error_summary(errors, &fields))
                p .lead { "Whoever learns your password can sign in then." }
                @for field in &fields { (field.show(errors)) }
                div .buttons { button .button .primary type="submit" { "Take it away" } a .button href=(paths::Account) { "Cancel" } }
            }
        },
    )
}
