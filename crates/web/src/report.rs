//! Reporting: four short pages that work on a phone, without a script, and without knowing any of the words of the
//! trade. What was answered travels from page to page in the form itself; nothing is kept until it is sent.

mod answers;
mod view;

use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::{Form, Query};
use maud::{Markup, html};
use nevertwice_service::case::{ATTACHMENT_LIMIT, ATTACHMENTS, EvidenceView, ShowCase};
use nevertwice_service::{Kind, ServiceError};

use crate::app::App;
use crate::drafts::{self, Standing};
use crate::form::Errors;
use crate::merge;
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::text;
use crate::ui;
use crate::upload::{Limits, Sent, TEXTS_LIMIT, receive};
use crate::viewer::Viewer;
pub(crate) use answers::{Answers, Step, Told};
pub(crate) use view::{all, answers_table, carried, promise};

/// The files that a report takes: what the service takes.
const LIMITS: Limits = Limits {
    field: answers::FILES,
    files: ATTACHMENTS,
    bytes: ATTACHMENT_LIMIT,
    beyond: "keep it, and tell whoever works on it where it is",
};

/// Answers, in parts if files may be among them.
pub(crate) enum Body {
    Answers(Answers),
    Parts(Multipart),
}

impl FromRequest<App> for Body {
    type Rejection = Response;

    async fn from_request(mut request: Request, app: &App) -> Result<Self, Response> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        if kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("multipart/form-data")) {
            let parts = Multipart::from_request(request, app).await;
            return parts.map(Self::Parts).map_err(IntoResponse::into_response);
        }
        // Room is for files alone: answers without any are no larger than in any other form.
        DefaultBodyLimit::max(TEXTS_LIMIT).apply(&mut request);
        let form = Form::from_request(request, app).await;
        form.map(|Form(answers)| Self::Answers(answers)).map_err(IntoResponse::into_response)
    }
}

/// Shows the first page.
pub(crate) async fn new(
    _: paths::Report,
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<drafts::Asked>,
) -> Result<Markup, Problem> {
    refuse_reader(&viewer)?;
    let address = paths::Report.to_string();
    let draft = drafts::standing(&app, &viewer, &address, &asked).await?;
    if let Standing::Taken(draft) = &draft {
        let answers = Answers { kept: "yes".to_owned(), ..merge::of_draft::<Answers>(draft)? };
        return Ok(sheet(&viewer, answers.step(), &answers, &Errors::default()));
    }
    // While a draft is offered nothing is kept over it, on this page and those that follow.
    let kept = if matches!(draft, Standing::None) { "yes" } else { "" };
    let answers = Answers { kept: kept.to_owned(), ..Answers::default() };
    let content = html! {
        (drafts::offer(&draft, &address, &viewer.me.time_zone))
        (view::step(Step::What, &answers, &Errors::default()))
    };
    Ok(page::show(&viewer, Step::What.title(), content))
}

/// Who may not report is told so before filling anything in.
fn refuse_reader(viewer: &Viewer) -> Result<(), Problem> {
    if viewer.may("report") {
        return Ok(());
    }
    let message = "your roles read the register and report nothing; somebody of the company has to report it";
    Err(ServiceError::new(Kind::Forbidden, "forbidden", message).into())
}

/// Goes on to the next page, or back, or sends the report.
pub(crate) async fn create(
    _: paths::Report,
    State(app): State<App>,
    viewer: Viewer,
    body: Body,
) -> Result<Response, Problem> {
    // Before any file is taken in.
    refuse_reader(&viewer)?;
    let (answers, sent) = match body {
        Body::Answers(answers) => (answers, Sent::default()),
        Body::Parts(parts) => {
            let sent = receive(&app, &LIMITS, parts).await?;
            (sent.form()?, sent)
        }
    };
    let step = answers.step();
    if let Some(earlier) = answers.goes_back() {
        return Ok(sheet(&viewer, earlier, &answers, &Errors::default()).into_response());
    }
    if let Err(errors) = answers.check(step) {
        return Ok(refused(&viewer, step, &answers, &errors));
    }
    let Some(next) = step.next() else { return send(&app, &viewer, &answers, &sent).await };
    Ok(sheet(&viewer, next, &answers, &Errors::default()).into_response())
}

async fn send(app: &App, viewer: &Viewer, answers: &Answers, sent: &Sent) -> Result<Response, Problem> {
    if !sent.errors.is_empty() {
        return Ok(refused(viewer, Step::Check, answers, &sent.errors));
    }
    let report = match answers.parse(&sent.files) {
        Ok(report) => report,
        Err(errors) => return Ok(refused(viewer, Step::Check, answers, &errors)),
    };
    match app.call(&viewer.identity, report).await {
        Ok(case) => {
            if answers.keeps() {
                drafts::sent(app, viewer, paths::Report.to_string()).await;
            }
            Ok(Redirect::to(&format!("{}/{}/receipt", paths::Cases, case.reference)).into_response())
        }
        Err(error) => {
            let errors = Errors::of_service(error)?;
            Ok(refused(viewer, Step::Check, answers, &errors))
        }
    }
}

fn refused(viewer: &Viewer, step: Step, answers: &Answers, errors: &Errors) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, sheet(viewer, step, answers, errors)).into_response()
}

fn sheet(viewer: &Viewer, step: Step, answers: &Answers, errors: &Errors) -> Markup {
    page::show(viewer, step.title(), view::step(step, answers, errors))
}

/// Tells whoever reported what becomes of it.
pub(crate) async fn receipt(
    path: paths::CaseReceipt,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Markup, Problem> {
    let case = app.call(&viewer.identity, ShowCase { case: path.case }).await?;
    let content = html! {
        div .receipt {
            (ui::head(None, "Thank you. It is registered.", html! {}, html! {}))
            p .lead { "Your reference is " strong .ref { (case.reference) } }
            p { "You reported: " (case.title) }
            (files(&case.evidence))
            h2 { "What happens next" }
            ol {
                li { "An ISMS manager looks at it and decides what it is and how bad." }
                li { "Whoever works on it may ask you a question in the comments." }
                li { "When it is over, its causes are looked for: what made it possible, not who did it." }
            }
            p .promise { "You will not be blamed for reporting, nor for what you report about yourself." }
            div .buttons {
                a .button .primary href=(paths::Case { case: path.case }) { "Follow it" }
                a .button href=(paths::Report) { "Report something else" }
            }
        }
    };
    Ok(page::show(&viewer, "Registered", content))
}

/// The files that are kept with it, each with what proves that it stays as it is.
fn files(evidence: &[EvidenceView]) -> Markup {
    let kept = evidence.iter().filter_map(|item| Some((item, item.sha256.as_ref()?)));
    let kept: Vec<_> = kept.collect();
    html! {
        @if !kept.is_empty() {
            h2 { "Files kept with it" }
            ul .evidence {
                @for (item, hash) in kept {
                    li {
                        p { (item.name) @if let Some(size) = item.size_bytes { " " span .fine { (text::size(size)) } } }
                        p .fine { "SHA-256 " code .hash { (hash) } }
                    }
                }
            }
        }
    }
}
