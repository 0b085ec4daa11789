//! Whether one wants mails.

use axum::extract::State;
use axum::response::Response;
use axum_extra::extract::Form;
use maud::{Markup, html};
use nevertwice_service::ServiceError;
use nevertwice_service::mail::{MailPreferencesView, SetMailPreferences};

use super::back;
use crate::app::App;
use crate::form::{Errors, form};
use crate::paths;
use crate::problem::Problem;
use crate::viewer::Viewer;

form! {
    /// Whether one wants mails.
    MailsForm {
        /// `yes` or `no`.
        on,
    }
}

/// What one gets, and the button that changes it.
pub(super) fn show(mails: &MailPreferencesView) -> Markup {
    let (value, words) = if mails.on { ("no", "Switch them off") } else { ("yes", "Switch them on") };
    html! {
        p {
            @if !mails.on { "They are switched off; an invitation is sent all the same." }
            @else if let Some(address) = &mails.address {
                "You are told at " (address) " when somebody mentions you, and of what is yours to do."
            } @else { "No address of yours is known, so none can be sent." }
        }
        @if !mails.sent { p .fine { "This register names no mail server, so that nobody gets any for now." } }
        form method="post" action=(paths::MailPreferences) {
            input type="hidden" name="on" value=(value);
            button .button type="submit" { (words) }
        }
    }
}

/// Switches them on or off.
pub(crate) async fn set_mails(
    _: paths::MailPreferences,
    State(app): State<App>,
    viewer: Viewer,
    Form(form): Form<MailsForm>,
) -> Result<Response, Problem> {
    let on = match form.on.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(unclear().into()),
    };
    app.call(&viewer.identity, SetMailPreferences { on }).await?;
    Ok(back(&app, "Mails", "mails"))
}

/// No button sends this.
fn unclear() -> ServiceError {
    let mut errors = Errors::default();
    errors.add("on", "say yes or no");
    errors.into()
}
