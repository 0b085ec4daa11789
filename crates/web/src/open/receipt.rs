//! The way back to a report by its receipt.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Form;
use maud::{Markup, html};
use nevertwice_domain::text::Prose;
use nevertwice_service::account::Secret;
use nevertwice_service::open::{AnswerByReceipt, MessageView, ReceiptView, ShowReceipt};
use nevertwice_service::{Identity, ServiceError};

use crate::app::App;
use crate::entry::Source;
use crate::form::{Errors, Reader, form};
use crate::page;
use crate::paths;
use crate::problem::{self, Problem};
use crate::prose::prose_without_references;
use crate::ui::{self, Facts, Field, FieldKind, error_summary};

form! {
    /// A receipt.
    ReceiptForm {
        /// The code.
        receipt,
    }
}

form! {
    /// An answer by a receipt.
    AnswerForm {
        /// The code.
        receipt,
        /// What to say.
        text,
    }
}

/// Asks for the receipt.
pub(crate) async fn ask(_: paths::Receipt) -> Markup {
    question("", &Errors::default())
}

/// Shows what became of the report.
pub(crate) async fn show(
    _: paths::Receipt,
    State(app): State<App>,
    source: Source,
    Form(form): Form<ReceiptForm>,
) -> Result<Response, Problem> {
    let code = match code(&form.receipt) {
        Ok(code) => code,
        Err(errors) => {
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, question(&form.receipt, &errors)).into_response());
        }
    };
    let form = AnswerForm { receipt: form.receipt, text: String::new() };
    match app.call(&Identity::Nobody, ShowReceipt { receipt: code, address: source.address }).await {
        Ok(view) => Ok(report(&view, &form, &Errors::default(), false).into_response()),
        Err(error) => refused(error, &form.receipt),
    }
}

/// Takes an answer.
pub(crate) async fn answer(
    _: paths::ReceiptAnswers,
    State(app): State<App>,
    source: Source,
    Form(form): Form<AnswerForm>,
) -> Result<Response, Problem> {
    let code = match code(&form.receipt) {
        Ok(code) => code,
        Err(errors) => {
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, question(&form.receipt, &errors)).into_response());
        }
    };
    // Whatever is wrong with the answer, it is shown again where it belongs.
    let shown = ShowReceipt { receipt: code.clone(), address: source.address.clone() };
    let view = match app.call(&Identity::Nobody, shown).await {
        Ok(view) => view,
        Err(error) => return refused(error, &form.receipt),
    };
    let text = match text(&form.text) {
        Ok(text) => text,
        Err(errors) => {
            let page = report(&view, &form, &errors, false);
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    let answer = AnswerByReceipt { receipt: code, text, address: source.address };
    match app.call(&Identity::Nobody, answer).await {
        Ok(view) => {
            let form = AnswerForm { text: String::new(), ..form };
            Ok(report(&view, &form, &Errors::default(), true).into_response())
        }
        Err(error) => problem::again(error, |errors| report(&view, &form, errors, false)),
    }
}

fn code(typed: &str) -> Result<Secret, Errors> {
    let mut read = Reader::default();
    let code =
        read.required::<String>("receipt", typed, "type the code that you were shown when you reported");
    read.done()?;
    Ok(Secret::new(code?))
}

fn text(typed: &str) -> Result<Prose, Errors> {
    let mut read = Reader::default();
    let text = read.required("text", typed, "write something");
    read.done()?;
    Ok(text?)
}

/// A receipt that is none can be mended; the code stays as it was typed.
fn refused(error: ServiceError, typed: &str) -> Result<Response, Problem> {
    if error.code == "receipt.unknown" {
        let mut errors = Errors::default();
        errors.add("receipt", &error.message);
        return Ok((problem::status(&error), question(typed, &errors)).into_response());
    }
    problem::again(error, |errors| question(typed, errors))
}

fn question(typed: &str, errors: &Errors) -> Markup {
    let fields = [Field::new("receipt", "Receipt", typed)
        .hint("The code that you were shown when you reported; how it is grouped does not matter")
        .required()];
    page::bare(
        "Your receipt",
        html! {
            h1 { "What became of my report?" }
            (error_summary(errors, &fields))
            form method="post" action=(paths::Receipt) novalidate {
                @for field in &fields { (field.show(errors)) }
                button .button .primary .wide type="submit" { "Look" }
            }
            p .fine { "Whoever lost a receipt has lost the way back: nobody knows it but you." }
        },
    )
}

fn report(view: &ReceiptView, form: &AnswerForm, errors: &Errors, is_answered: bool) -> Markup {
    let facts = Facts::default()
        .with("Reference", html! { span .ref { (view.reference) } })
        .with("You reported", html! { (view.title) })
        .with("Where it stands", html! { (ui::state(&view.state)) " " (standing(&view.state)) });
    let fields = [Field::new("text", "Your answer, or anything to add", &form.text)
        .kind(FieldKind::Prose { rows: 4 })
        .required()];
    page::bare(
        "Your report",
        html! {
            div .receipt {
                h1 { "Your report" }
                @if is_answered { p .promise role="status" { "Your answer is there. Whoever works on it sees it." } }
                (error_summary(errors, &fields))
                (ui::facts(facts))
                h2 { "Questions and answers" }
                @if view.messages.is_empty() { p .fine { "Nobody has asked you anything yet. Look again in some days." } }
                ol .comments { @for message in &view.messages { (said(message)) } }
                @if view.state == "void" {
                    p .note { "Nothing can be added to it any more." }
                } @else {
                    form method="post" action=(paths::ReceiptAnswers) novalidate {
                        input type="hidden" name="receipt" value=(form.receipt);
                        @for field in &fields { (field.show(errors)) }
                        div .buttons { button .button .primary type="submit" { "Send" } }
                    }
                }
                p .fine { "Close this page when you are done: whoever sits down here after you could read it." }
            }
        },
    )
}

fn said(message: &MessageView) -> Markup {
    html! {
        li {
            p .fine {
                strong { @if message.from_reporter { "You" } @else { "A question to you" } }
                // Where whoever reads this is, nobody knows.
                " " (ui::instant(&message.written_at, "UTC")) " UTC"
            }
            (prose_without_references(&message.text))
        }
    }
}

/// What a state means to whoever reported.
fn standing(state: &str) -> &'static str {
    match state {
        "reported" => "It is registered, and will be looked at.",
        "triaged" => "It was looked at.",
        "responding" => "Somebody is working on it.",
        "resolved" => "The harm is over.",
        "in_review" => "Its causes are looked for.",
        "acting" => "Causes are found; what keeps it from happening again is being done.",
        "closed" => "All of it is done.",
        "void" => "It does not count, as it was registered by mistake or twice.",
        _ => "",
    }
}
