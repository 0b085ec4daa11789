//! A report without an account: one page, a look at the answers, and a receipt.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Form;
use maud::{Markup, html};
use nevertwice_service::Identity;
use nevertwice_service::account::Secret;
use nevertwice_service::open::{MayReportOpenly, OpenReceipt, ReportOpenly, new_receipt};

use crate::app::App;
use crate::entry::Source;
use crate::form::Errors;
use crate::page;
use crate::paths;
use crate::problem::{self, Problem};
use crate::report::{Answers, Step, Told, all, answers_table, carried, promise};
use crate::ui::{Field, error_summary};

/// Shows the page, if whoever has no account may report.
pub(crate) async fn new(_: paths::OpenReport, State(app): State<App>) -> Result<Markup, Problem> {
    app.call(&Identity::Nobody, MayReportOpenly {}).await?;
    Ok(questions(&Answers::default(), &Errors::default()))
}

/// Shows the answers, goes back from them, or takes the report.
pub(crate) async fn create(
    _: paths::OpenReport,
    State(app): State<App>,
    source: Source,
    Form(mut answers): Form<Answers>,
) -> Result<Response, Problem> {
    // Nobody fills anything in for nothing; the report itself is asked about when it is sent.
    if answers.step() != Step::Check {
        app.call(&Identity::Nobody, MayReportOpenly {}).await?;
    }
    if answers.goes_back().is_some() {
        return Ok(questions(&answers, &Errors::default()).into_response());
    }
    let told = match answers.told() {
        Ok(told) => told,
        Err(errors) => {
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, questions(&answers, &errors)).into_response());
        }
    };
    if answers.step() != Step::Check {
        // A reload of the last page sends the same report once more, and has to find it.
        answers.receipt = new_receipt(&app.service().moment()).as_str().to_owned();
        return Ok(check(&answers, &Errors::default()).into_response());
    }
    let Told { title, summary, occurred, class } = told;
    let receipt = (!answers.receipt.is_empty()).then(|| Secret::new(answers.receipt.clone()));
    let report = ReportOpenly { title, summary, class, occurred, receipt, address: source.address };
    match app.call(&Identity::Nobody, report).await {
        Ok(receipt) => Ok(thanks(&answers, &receipt).into_response()),
        Err(error) => problem::again(error, |errors| check(&answers, errors)),
    }
}

/// The fields: what was done so far may stand in the summary.
fn fields(answers: &Answers) -> Vec<Field<'_>> {
    all(answers).into_iter().filter(|field| field.name != "done").collect()
}

fn questions(answers: &Answers, errors: &Errors) -> Markup {
    let fields = fields(answers);
    page::bare(
        "Report without an account",
        html! {
            div .report-page {
                p .progress-line { "Step 1 of 2" }
                h1 { "What happened?" }
                p .lead { "You need no account, and nobody asks who you are." }
                (error_summary(errors, &fields))
                form method="post" action=(paths::OpenReport) novalidate {
                    input type="hidden" name="step" value=(Step::What.name());
                    @for field in &fields { (field.show(errors)) }
                    (promise("The title is enough, and when it happened helps."))
                    div .buttons { button .button .primary .wide type="submit" { "Go on" } }
                }
                p .fine {
                    "Your network address is counted, so that nobody floods the register, and kept nowhere. "
                    a href=(paths::Receipt) { "Have you got a receipt?" }
                }
            }
        },
    )
}

fn check(answers: &Answers, errors: &Errors) -> Markup {
    page::bare(
        "Report without an account",
        html! {
            div .report-page {
                p .progress-line { "Step 2 of 2" }
                h1 { (Step::Check.title()) }
                (error_summary(errors, &fields(answers)))
                form method="post" action=(paths::OpenReport) novalidate {
                    input type="hidden" name="step" value=(Step::Check.name());
                    input type="hidden" name="receipt" value=(answers.receipt);
                    (carried(&[], answers))
                    (answers_table(answers, false))
                    div .buttons {
                        button .button .primary .wide type="submit" { "Send the report" }
                        button .button type="submit" name="back" value=(Step::What.name()) { "Back" }
                    }
                }
            }
        },
    )
}

fn thanks(answers: &Answers, receipt: &OpenReceipt) -> Markup {
    page::bare(
        "Registered",
        html! {
            div .receipt {
                h1 { "Thank you. It is registered." }
                p .lead { "Your reference is " strong .ref { (receipt.reference) } }
                p { "You reported: " (answers.title) }
                section aria-labelledby="receipt-heading" {
                    h2 #receipt-heading { "Keep your receipt" }
                    p { code .secret { (receipt.receipt.as_str()) } }
                    p {
                        "Copy it now, to where only you look: it is shown this once. It is the only way back to your "
                        "report. Whoever holds it can read the questions to you and answer in your place; without it "
                        "nobody can, and nobody can make you another."
                    }
                }
                h2 { "What happens next" }
                ol {
                    li { "An ISMS manager looks at it and decides what it is and how bad." }
                    li {
                        "Whoever works on it may have a question to you. You find it under "
                        a href=(paths::Receipt) { "your receipt" } ", and answer there; nobody can reach you otherwise."
                    }
                    li { "When it is over, its causes are looked for: what made it possible, not who did it." }
                }
                p .promise { "You will not be blamed for reporting, nor for what you report about yourself." }
                div .buttons {
                    a .button .primary href=(paths::Receipt) { "Look up my receipt" }
                    a .button href=(paths::OpenReport) { "Report something else" }
                }
            }
        },
    )
}
