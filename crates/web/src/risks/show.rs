//! One risk.

use axum::extract::State;
use maud::{Markup, html};
use nevertwice_domain::reference::RiskRef;
use nevertwice_service::risk::{AssessmentView, ListRisks, RiskView, ShowRisk};

use super::{band, heat};
use crate::app::App;
use crate::controls;
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::prose::{prose, prose_of, reference};
use crate::text;
use crate::ui::{self, Facts};
use crate::viewer::Viewer;

/// Shows a risk.
pub(crate) async fn show(
    path: paths::Risk,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Markup, Problem> {
    let risk = app.call(&viewer.identity, ShowRisk { risk: path.risk }).await?;
    let words = app.call(&viewer.identity, words()).await?.heat;
    let title = format!("{} {}", risk.reference, risk.title);
    let way = heat::way(&risk, &words.likelihood_words, &words.impact_words);
    Ok(page::show(&viewer, &title, whole(&viewer, path.risk, &risk, way)))
}

/// The list tells the company's words to whoever may read risks, whatever else they may read.
fn words() -> ListRisks {
    ListRisks { limit: 1, ..ListRisks::default() }
}

fn whole(viewer: &Viewer, at: RiskRef, risk: &RiskView, way: Markup) -> Markup {
    let crumb = ui::Crumb { href: paths::Risks.to_string(), words: "Risks".to_owned() };
    let beside = html! {
        p .head-facts { span .ref { (risk.reference) } (ui::state(&risk.state)) (band(&risk.band)) }
    };
    html! {
        (ui::head(Some(crumb), &risk.title, beside, doing(at, risk)))
        div .case {
            div .case-story {
                (ui::section("about", "About it", None, html! {}, html! {
                    (prose_of(risk.description.as_deref()))
                    @if risk.description.is_none() { p .fine { "Nothing is written down beyond the sentence." } }
                    @if let Some(reason) = &risk.closed_reason { p .note { "Closed: " (reason) } }
                }))
                (ui::section("assessments", "Looks at it", Some(risk.assessments.len()), html! {}, html! {
                    (way)
                    @for one in &risk.assessments { (look(viewer, one, false)) }
                }))
            }
            aside .case-beside aria-label="Facts" { (facts(viewer, risk)) (linked(at, risk)) }
        }
    }
}

fn may(risk: &RiskView, verb: &str) -> bool {
    risk.may.iter().any(|one| one == verb)
}

fn doing(at: RiskRef, risk: &RiskView) -> Markup {
    let is_open = risk.state == "open";
    html! {
        @if is_open && may(risk, "accept_risk") && risk.accepted_by.is_none() {
            a .button .primary href=(paths::RiskAcceptance { risk: at }) { "Accept what remains" }
        }
        @if may(risk, "edit_risk") {
            @if is_open {
                a .button href=(paths::RiskAssessments { risk: at }) { "Look at it again" }
                a .button href=(paths::RiskFacts { risk: at }) { "Change" }
                a .button href=(paths::RiskClosure { risk: at }) { "Close" }
            } @else { a .button href=(paths::RiskReopening { risk: at }) { "Open again" } }
        }
    }
}

fn facts(viewer: &Viewer, risk: &RiskView) -> Markup {
    let mut facts = Facts::default()
        .with("Owner", html! { (risk.owner) })
        .with("Treatment", html! { (text::title(&risk.treatment)) })
        .with("Likelihood", html! { (risk.likelihood) " " (risk.likelihood_word) })
        .with("Impact", html! { (risk.impact) " " (risk.impact_word) })
        .with("Score", html! { (risk.score) " of 25" });
    facts = match (&risk.accepted_by, &risk.accepted_at) {
        (Some(by), Some(at)) => facts.with(
            "What remains",
            html! {
                "Accepted by " (by) ", " (ui::instant(at, &viewer.me.time_zone))
            },
        ),
        _ => facts.with("What remains", html! { "Not accepted by its owner yet" }),
    };
    ui::section("facts", "Facts", None, html! {}, ui::facts(facts))
}

fn linked(at: RiskRef, risk: &RiskView) -> Markup {
    let link = html! {
        @if may(risk, "edit_risk") { a .button .small href=(paths::RiskLinks { risk: at }) { "Link" } }
    };
    let content = html! {
        @if risk.controls.is_empty() && risk.cases.is_empty() { p .fine { "Nothing in your view is linked." } }
        ul .lines {
            @for control in &risk.controls { li { (controls::link(&control.reference)) " " (control.title) } }
            @for case in &risk.cases { li { (reference(&case.reference)) " " (case.title) } }
        }
    };
    ui::section("links", "Controls and cases", Some(risk.controls.len() + risk.cases.len()), link, content)
}

/// A look at a risk: before and after, why, who. Among others, the risk is named.
pub(crate) fn look(viewer: &Viewer, look: &AssessmentView, names_risk: bool) -> Markup {
    let zone = &viewer.me.time_zone;
    html! {
        article .review {
            p .review-head {
                @if names_risk { (reference(&look.risk)) " " (look.title) " " }
                @else { strong { "Look " (look.number) } " " }
                span .fine { (look.assessed_by) ", " (ui::instant(&look.assessed_at, zone)) }
            }
            @if let Some(case) = &look.case {
                p .fine {
                    "Because of " (reference(case))
                    @if let Some(lesson) = &look.lesson { " → " (reference(lesson)) }
                }
            }
            dl .facts {
                @if let (Some(likelihood), Some(impact), Some(word)) = (look.likelihood_before, look.impact_before, &look.band_before) {
                    div { dt { "Before" } dd { (likelihood) " × " (impact) " " (band(word)) } }
                }
                div { dt { "After" } dd { (look.likelihood_after) " × " (look.impact_after) " " (band(&look.band_after)) } }
                @if let (Some(by), Some(at)) = (&look.accepted_by, &look.accepted_at) {
                    div { dt { "Accepted" } dd { "by " (by) ", " (ui::instant(at, zone)) } }
                }
            }
            (prose(&look.why))
        }
    }
}
