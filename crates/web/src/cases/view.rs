//! How a case looks: where it stands, what is missing, then the story from what happened to what was learned.

mod beside;
mod checklist;
mod consequences;
mod learning;
mod story;

use maud::{Markup, html};
use nevertwice_domain::reference::CaseRef;
use nevertwice_service::case::{CaseView, MissingView};
use nevertwice_service::search::SimilarView;

use crate::drafts::Standing;
use crate::paths;
use crate::prose::reference;
use crate::ui;
use crate::viewer::Viewer;

pub(crate) use learning::{rung, table as actions_table};

/// The whole page but its frame.
pub(super) fn story(viewer: &Viewer, reference: CaseRef, case: &CaseView, draft: &Standing) -> Markup {
    let page = Page { viewer, reference, case, draft };
    html! {
        (head(&page))
        (ui::stepper(&case.state))
        (missing(&page))
        div .case {
            div .case-story {
                (story::summary(&page))
                (story::timeline(&page))
                (learning::causes(&page))
                (learning::lessons(&page))
                (learning::actions(&page))
                (consequences::controls(&page))
                (consequences::risks(&page))
                (consequences::not_needed(&page))
                (checklist::checklist(&page))
                (story::evidence(&page))
                (story::gaps(&page))
                (story::comments(&page))
            }
            aside .case-beside aria-label="Facts" {
                (beside::facts(&page))
                (beside::impact(&page))
                (beside::ai_impact(&page))
                (beside::costs(&page))
                (beside::similar_cases(&page))
                (beside::activity(&page))
            }
        }
    }
}

/// What every part of the page looks at.
struct Page<'p> {
    viewer: &'p Viewer,
    reference: CaseRef,
    case: &'p CaseView,
    /// A comment that the viewer began.
    draft: &'p Standing,
}

impl Page<'_> {
    /// Whether the viewer may do something to the case.
    fn may(&self, verb: &str) -> bool {
        self.case.may.iter().any(|may| may == verb)
    }

    fn may_edit(&self) -> bool {
        self.may("edit_case") && self.case.state != "void"
    }

    /// An instant in the company's time zone.
    fn instant(&self, text: &str) -> Markup {
        ui::instant(text, &self.viewer.me.time_zone)
    }
}

fn head(page: &Page<'_>) -> Markup {
    let case = page.case;
    let crumb = ui::Crumb { href: paths::Cases.to_string(), words: "Register".to_owned() };
    let beside = html! {
        p .head-facts {
            span .ref { (case.reference) }
            (ui::class(&case.class))
            (ui::state(&case.state))
            (ui::severity(case.severity, &page.viewer.me.severity_words))
            @if case.restricted { (ui::restricted()) }
            @if case.origin == "import" { span .badge data-tone="quiet" { "Imported" } }
        }
    };
    ui::head(Some(crumb), &case.title, beside, doing(page))
}

/// The next step as a button, the others behind it.
fn doing(page: &Page<'_>) -> Markup {
    let next = next_step(page);
    let others: Vec<_> = steps(page)
        .into_iter()
        .filter(|(_, href)| next.as_ref().is_none_or(|(_, other)| other != href))
        .collect();
    html! {
        @if let Some((words, href)) = &next { a .button .primary href=(href) data-key="e" { (words) } }
        @if !others.is_empty() {
            details .more {
                summary .button { "More" }
                ul { @for (words, href) in others { li { a href=(href) { (words) } } } }
            }
        }
    }
}

type Step = (&'static str, String);

/// What brings the case on.
fn next_step(page: &Page<'_>) -> Option<Step> {
    let case = page.reference;
    let (decides, edits) = (page.may("decide_case"), page.may("edit_case"));
    // The review that the procedure asked for waits; a light one is written in one form.
    let waiting = page.case.reviews.iter().find(|review| review.state == "due" && review.kind == "light");
    let waiting = waiting.and_then(|review| review.reference.parse().ok());
    let open_review = || match waiting {
        Some(review) => ("Write the light review", paths::LightReview { review }.to_string()),
        None => ("Open a review", paths::CaseReviews { case }.to_string()),
    };
    match page.case.state.as_str() {
        "reported" if decides => Some(("Triage", paths::Classification { case }.to_string())),
        "triaged" if page.may("respond_to_case") && page.case.class == "incident" => {
            Some(("Start the response", paths::CaseResponse { case }.to_string()))
        }
        "triaged" if edits => Some(open_review()),
        "responding" if edits => Some(("Resolve", paths::Resolution { case }.to_string())),
        "resolved" if edits => Some(open_review()),
        "in_review" => page.case.reviews.last().and_then(|review| {
            crate::prose::path_of(&review.reference).map(|path| ("Go on with the review", path))
        }),
        "acting" if decides && page.case.missing.is_empty() => {
            Some(("Close", paths::Closure { case }.to_string()))
        }
        "closed" if decides => Some(("Open again", paths::Reopening { case }.to_string())),
        _ => None,
    }
}

/// Everything else that the viewer may do now.
fn steps(page: &Page<'_>) -> Vec<Step> {
    let case = page.reference;
    let state = page.case.state.as_str();
    if state == "void" {
        return Vec::new();
    }
    let mut steps: Vec<Step> = Vec::new();
    if page.may("edit_case") {
        steps.push(("Change the facts", paths::CaseFacts { case }.to_string()));
        steps.push(("AI impact", paths::AiImpactOf { case }.to_string()));
        if state != "closed" {
            steps.push(("Open a review", paths::CaseReviews { case }.to_string()));
        }
    }
    if page.may("respond_to_case") && matches!(state, "triaged" | "responding") {
        steps.push(("Respond", paths::CaseResponse { case }.to_string()));
    }
    if page.may("decide_case") {
        steps.push(("Triage", paths::Classification { case }.to_string()));
        steps.push(("Event decision", paths::Decision { case }.to_string()));
        steps.push(("Part of an incident", paths::Parent { case }.to_string()));
        steps.push(("Who may know of it", paths::Restriction { case }.to_string()));
        steps.push(("Declare void", paths::Voiding { case }.to_string()));
    }
    steps
}

/// What is missing before it can be closed, each leading to where it is mended.
fn missing(page: &Page<'_>) -> Markup {
    let case = page.case;
    let is_over = matches!(case.state.as_str(), "closed" | "void");
    html! {
        @if let Some(reason) = &case.void_reason { p .note { "Void: " (reason) } }
        @if !is_over && !case.missing.is_empty() {
            details .missing open[case.state == "acting" || case.state == "in_review"] {
                summary { "Missing before it can be closed " span .count { (case.missing.len()) } }
                ol { @for item in &case.missing { li { (missing_line(item)) } } }
            }
        } @else if case.state == "acting" {
            p .ready { "Nothing is missing: it can be closed." }
        }
    }
}

fn missing_line(item: &MissingView) -> Markup {
    let part = match item.code.split('.').next().unwrap_or_default() {
        "review" | "cause" | "similar" => "causes",
        "lesson" => "lessons",
        "action" | "check" => "actions",
        "control" => "controls",
        "risk" => "risks",
        _ => return html! { (crate::error_page::sentence(&item.text)) },
    };
    html! { a href={ "#" (part) } { (crate::error_page::sentence(&item.text)) } }
}

/// Cases like this one, with the reasons why.
pub(super) fn similar(found: &[SimilarView]) -> Markup {
    html! {
        @if found.is_empty() { p .fine { "Nothing like it in your view." } }
        ul .similar {
            @for one in found {
                li {
                    (reference(&one.reference)) " " span { (one.title) }
                    @if !one.reasons.is_empty() { p .fine { (one.reasons.join(" · ")) } }
                }
            }
        }
    }
}
