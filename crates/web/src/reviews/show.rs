//! A review with its ladder: the editor of the five whys.

use axum::extract::State;
use axum_extra::extract::Query;
use maud::{Markup, html};
use nevertwice_domain::reference::ReviewRef;
use nevertwice_service::review::{EvaluationView, ReviewView, ShowReview};
use serde::Deserialize;

use super::ladder::{self, Begun};
use super::picture::{self, View};
use crate::app::App;
use crate::drafts::{self, Standing};
use crate::fragment::Fragment;
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::prose::{prose_of, reference};
use crate::text;
use crate::ui::{self, Facts};
use crate::viewer::Viewer;

/// Shows a review.
pub(crate) async fn show(
    path: paths::Review,
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
    Fragment(is_part): Fragment,
) -> Result<Markup, Problem> {
    let review = app.call(&viewer.identity, ShowReview { review: path.review }).await?;
    if is_part {
        // What is typed on the page stays on it; whoever asks for the ladder alone puts it back.
        return Ok(ladder::editor(path.review, &review, &Begun::default()));
    }
    let draft = match ladder::is_open(&review) && asked.view() == View::Ladder {
        true => {
            let asked = drafts::Asked { draft: asked.draft.clone(), ..drafts::Asked::default() };
            drafts::standing(&app, &viewer, &path.to_string(), &asked).await?
        }
        false => Standing::None,
    };
    Ok(page::show(
        &viewer,
        &format!("{} {}", review.reference, review.problem),
        whole(&viewer, path.review, &review, asked.view(), &draft),
    ))
}

/// Which picture of the causes is asked for.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    /// `ladder`, `tree` or `prose`; the ladder if it is none of these.
    #[serde(default)]
    view: String,
    /// Not empty if the ladder begins with what was begun on it and not added.
    #[serde(default)]
    draft: String,
}

impl Asked {
    fn view(&self) -> View {
        match self.view.as_str() {
            "tree" => View::Tree,
            "prose" => View::Prose,
            _ => View::Ladder,
        }
    }
}

fn whole(viewer: &Viewer, at: ReviewRef, review: &ReviewView, view: View, draft: &Standing) -> Markup {
    html! {
        (head(at, review))
        div .case {
            div .case-story {
                section .part #ladder aria-labelledby="ladder-heading" {
                    div .part-head { h2 #ladder-heading { "Why did it happen?" } }
                    (picture::views(at, view))
                    @match view {
                        View::Ladder => (ladder::whole(viewer, at, review, draft)),
                        View::Tree => (picture::tree(review)),
                        View::Prose => (picture::prose(review)),
                    }
                }
                (similar(viewer, at, review))
                @if let Some(said) = &review.evaluation { (evaluation(said)) }
                @if !review.asked.is_empty() {
                    (ui::section("asked", "Asked beforehand", Some(review.asked.len()), html! {}, html! {
                        ol { @for question in &review.asked { li { (question) } } }
                    }))
                }
                @if review.minutes.is_some() {
                    (ui::section("minutes", "What was said", None, html! {}, prose_of(review.minutes.as_deref())))
                }
            }
            aside .case-beside aria-label="Facts" {
                (facts(viewer, review))
            }
        }
    }
}

fn evaluation(said: &EvaluationView) -> Markup {
    ui::section("evaluation", "How the response went", None, html! {}, how_it_went(said))
}

/// What went well, where it was luck, what surprised, and whether the procedure was followed.
pub(crate) fn how_it_went(said: &EvaluationView) -> Markup {
    let followed = match said.followed.as_str() {
        "yes" => "The procedure was followed.",
        "partly" => "The procedure was followed in part.",
        _ => "The procedure was not followed.",
    };
    html! {
        h3 { "What went well" } (prose_of(Some(&said.went_well)))
        @if let Some(text) = &said.was_lucky { h3 { "Where we were lucky" } (prose_of(Some(text))) }
        @if let Some(text) = &said.surprised { h3 { "What surprised us" } (prose_of(Some(text))) }
        h3 { "The procedure" } p { (followed) }
        @if let Some(text) = &said.deviations { (prose_of(Some(text))) }
    }
}

/// Whether something like it happened before.
fn similar(viewer: &Viewer, at: ReviewRef, review: &ReviewView) -> Markup {
    let is_open = matches!(review.state.as_str(), "due" | "scheduled" | "held" | "drafted")
        && review.may.iter().any(|verb| verb == "edit_case");
    let words = if review.similar.is_some() { "Look again" } else { "Look for similar cases" };
    let look = html! {
        @if is_open { a .button .small href=(paths::SimilarLook { review: at }) { (words) } }
    };
    let content = html! {
        @match &review.similar {
            None => p .fine { "Nobody has looked for similar cases yet." },
            Some(look) => {
                (prose_of(Some(&look.finding)))
                @if !look.hits.is_empty() {
                    ul .plain-list { @for hit in &look.hits {
                        li { (reference(&hit.case)) " " (hit.title) " – " strong { (text::plain(&hit.verdict)) } }
                    } }
                }
                @if let Some(searched) = &look.searched { p .fine { "Searched for: " (searched) } }
                p .fine { "Looked at by " (look.looked_by) ", " (ui::instant(&look.looked_at, &viewer.me.time_zone)) }
            }
        }
    };
    ui::section("similar", "Similar cases", None, look, content)
}

fn head(at: ReviewRef, review: &ReviewView) -> Markup {
    let crumb = ui::Crumb {
        href: crate::prose::path_of(&review.case).unwrap_or_default(),
        words: review.case.clone(),
    };
    let beside = html! {
        p .head-facts {
            span .ref { (review.reference) }
            (ui::state(&review.state))
            span .class { (text::title(&review.kind)) }
        }
    };
    ui::head(Some(crumb), &review.problem, beside, doing(at, review))
}

fn doing(review: ReviewRef, view: &ReviewView) -> Markup {
    let all: Vec<(&str, &str, String)> = match view.state.as_str() {
        "due" | "scheduled" if view.kind == "light" => vec![
            ("edit_case", "Write the light review", paths::LightReview { review }.to_string()),
            ("edit_case", "Set the day", paths::ReviewDate { review }.to_string()),
            ("approve", "Waive", paths::Waiver { review }.to_string()),
        ],
        "due" | "scheduled" => vec![
            ("edit_case", "Write down the meeting", paths::Meeting { review }.to_string()),
            ("edit_case", "Set the day", paths::ReviewDate { review }.to_string()),
            ("edit_case", "How the response went", paths::ReviewEvaluation { review }.to_string()),
            ("approve", "Waive", paths::Waiver { review }.to_string()),
        ],
        "held" => vec![
            ("edit_case", "Submit for approval", paths::Submission { review }.to_string()),
            ("edit_case", "Change the minutes", paths::Meeting { review }.to_string()),
            ("edit_case", "How the response went", paths::ReviewEvaluation { review }.to_string()),
        ],
        "drafted" => vec![
            ("approve", "Approve", paths::ReviewApproval { review }.to_string()),
            ("edit_case", "Send it back", paths::ReviewReturn { review }.to_string()),
        ],
        _ => Vec::new(),
    };
    let may = |verb: &str| view.may.iter().any(|one| one == verb);
    let steps: Vec<_> =
        all.into_iter().filter(|(verb, ..)| may(verb)).map(|(_, words, href)| (words, href)).collect();
    html! {
        @for (place, (words, href)) in steps.iter().enumerate() {
            a .button .primary[place == 0] href=(href) { (words) }
        }
    }
}

fn facts(viewer: &Viewer, review: &ReviewView) -> Markup {
    let day = |facts: Facts, name, value: &Option<String>| match value {
        Some(value) => facts.with(name, ui::day(value)),
        None => facts,
    };
    let mut facts = Facts::default()
        .with("Case", reference(&review.case))
        .with("Led by", html! { (review.facilitator) })
        .with_list("Takes part", &review.participants)
        .with("Due", ui::day(&review.due_on));
    if !review.also.is_empty() {
        facts = facts.with(
            if review.scope == "trend" { "Trend with" } else { "Together with" },
            html! {
                @for case in &review.also { (reference(case)) " " }
            },
        );
    }
    facts = day(facts, "Set for", &review.scheduled_on);
    facts = day(facts, "Held", &review.held_on);
    facts = facts
        .with("Trigger", html! { (text::plain(&review.trigger)) })
        .with(
            "Procedure",
            html! { @match &review.procedure {
                Some(version) if version != "shipped" => (reference(version)),
                Some(_) => { a href=(paths::Procedure) { "shipped" } }
                None => "from before there was one",
            } },
        )
        .with_text("Submitted by", review.drafted_by.as_deref())
        .with_text("First approved by", review.first_approved_by.as_deref())
        .with_text("Approved by", review.approved_by.as_deref());
    if let Some(at) = &review.approved_at {
        facts = facts.with("Approved", ui::instant(at, &viewer.me.time_zone));
    }
    if let Some(version) = review.approved_version {
        facts = facts.with("Signed as", html! { "version " (version) });
    }
    facts = facts.with_text("Waived because", review.waived_reason.as_deref());
    ui::section("facts", "Facts", None, html! {}, ui::facts(facts))
}
