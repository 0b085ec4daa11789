//! The ladder of whys, with a field at the end of every branch, the bank of questions and the hints on wording beside
//! it. Without a script each field is a form of its own; with one, Enter asks the next why.

use maud::{Markup, html};
use nevertwice_domain::reference::ReviewRef;
use nevertwice_service::case::CauseLineView;
use nevertwice_service::review::{ObjectionView, ReviewView};

use super::picture;
use crate::cases::rung;
use crate::paths;
use crate::text;

/// The ladder with everything that helps to climb it.
pub(super) fn editor(at: ReviewRef, review: &ReviewView) -> Markup {
    let is_open = matches!(review.state.as_str(), "due" | "scheduled" | "held")
        && review.may.iter().any(|verb| verb == "edit_case");
    html! {
        p .problem { span .why { "What happened" } (review.problem) }
        @if review.causes.is_empty() && !is_open { p .fine { "No cause is written down." } }
        ol .ladder {
            @for (place, cause) in review.causes.iter().enumerate() {
                (rung(cause))
                (further_links(at, cause, is_open))
                @for objection in of_number(&review.objections, &cause.number) { (hint(at, objection, is_open)) }
                @if is_open {
                    li .rung-tools data-depth=(cause.depth.min(9)) { (tools(at, cause, !ends_branch(&review.causes, place))) }
                    @if ends_branch(&review.causes, place) {
                        li .rung-next data-depth=((cause.depth + 1).min(9)) { (field(at, Some(&cause.number))) }
                    }
                }
            }
        }
        @if is_open {
            @if review.causes.is_empty() { (field(at, None)) } @else {
                details .another { summary { "Another answer to the first why" } (field(at, None)) }
            }
            (help(at, review))
        } @else {
            (asked(at, review, false))
        }
        (dismissed(review))
    }
}

/// Whether nothing stands under a cause.
fn ends_branch(causes: &[CauseLineView], place: usize) -> bool {
    let depth = causes.get(place).map_or(0, |cause| cause.depth);
    causes.get(place + 1).is_none_or(|next| next.depth <= depth)
}

fn of_number<'o>(objections: &'o [ObjectionView], number: &str) -> impl Iterator<Item = &'o ObjectionView> {
    objections.iter().filter(move |objection| objection.number.as_deref() == Some(number))
}

fn tools(review: ReviewRef, cause: &CauseLineView, is_answered: bool) -> Markup {
    let number = || cause.number.clone();
    html! {
        a href=(paths::Why { review, number: number() }) { "Change" span .hidden { " answer " (cause.number) } }
        a href=(paths::CauseLink { review, number: number(), effect: cause.links.iter().find(|link| link.on_ladder).map(|link| link.effect.clone()).unwrap_or_default() }) {
            "What it did" span .hidden { ": answer " (cause.number) }
        }
        a href=(paths::CauseLinks { review, number: number() }) { "Link" span .hidden { " answer " (cause.number) " to another" } }
        a href=(paths::WhyRemoval { review, number: number() }) { "Take away" span .hidden { " answer " (cause.number) } }
        @if is_answered {
            details .another {
                summary { "Another answer to why " (cause.number) }
                (field(review, Some(&cause.number)))
            }
        }
    }
}

/// The field in which a why is answered.
fn field(review: ReviewRef, under: Option<&str>) -> Markup {
    let id = format!("because-{}", under.unwrap_or("problem").replace('.', "-"));
    let label = match under {
        Some(number) => format!("Why {number}?"),
        None => "Why did that happen?".to_owned(),
    };
    html! {
        form .because method="post" action=(paths::Whys { review }) data-because {
            label for=(id) { (label) }
            input type="hidden" name="under" value=(under.unwrap_or_default());
            textarea id=(id) name="statement" rows="1" required maxlength="1000" placeholder="Because …" {}
            button .button .small type="submit" { "Add" }
        }
    }
}

/// What was noticed about the wording, and what to ask.
fn hint(review: ReviewRef, objection: &ObjectionView, is_open: bool) -> Markup {
    let number = objection.number.clone().filter(|_| is_open && !objection.blocks);
    html! {
        li .hint-line data-blocks[objection.blocks] {
            p { strong { @if objection.blocks { "To mend: " } @else { "Worth a look: " } } (objection.message) }
            p .fine { (objection.question) }
            @if let Some(number) = number {
                p .fine .rung-aside { a href=(paths::FindingDismissal { review, number: number.clone(), rule: objection.rule.clone() }) {
                    "Set aside" span .hidden { " for answer " (number) ": " (objection.message) }
                } }
            }
        }
    }
}

/// What an answer explains beside the one above it.
fn further_links(review: ReviewRef, cause: &CauseLineView, is_open: bool) -> Markup {
    let further = cause.links.iter().filter(|link| !link.on_ladder);
    html! {
        @for link in further {
            @let (number, effect) = (|| cause.number.clone(), || link.effect.clone());
            li .rung-link data-depth=(cause.depth.min(9)) {
                "Also " (picture::did(link)) ": " (picture::effect(link))
                @if let Some(confidence) = &link.confidence { " · " (confidence) }
                @if let Some(evidence) = &link.evidence { " · " (evidence) }
                @if is_open {
                    span .rung-aside {
                        " " a href=(paths::CauseLink { review, number: number(), effect: effect() }) {
                            "Change" span .hidden { " the link from " (cause.number) " to " (picture::effect(link)) }
                        }
                        " " a href=(paths::CauseLinkRemoval { review, number: number(), effect: effect() }) {
                            "Take away" span .hidden { " the link from " (cause.number) " to " (picture::effect(link)) }
                        }
                    }
                }
            }
        }
    }
}

/// What was set aside: for whoever approves.
fn dismissed(review: &ReviewView) -> Markup {
    html! {
        @if !review.dismissed.is_empty() {
            section .dismissed aria-labelledby="dismissed-heading" {
                h3 #dismissed-heading { "Set aside" }
                ul { @for one in &review.dismissed {
                    li {
                        @if let Some(number) = &one.number { "Why " (number) ": " }
                        (one.message) " " span .fine { (one.by) ": " (one.reason) }
                    }
                } }
            }
        }
    }
}

/// What is asked of the whole.
fn asked(at: ReviewRef, review: &ReviewView, is_open: bool) -> Markup {
    let whole: Vec<_> = review.objections.iter().filter(|objection| objection.number.is_none()).collect();
    html! {
        @if !whole.is_empty() { ul .hints { @for objection in whole { (hint(at, objection, is_open)) } } }
    }
}

fn help(at: ReviewRef, review: &ReviewView) -> Markup {
    html! {
        (asked(at, review, true))
        @if !review.questions.is_empty() {
            section .questions aria-labelledby="questions-heading" {
                h3 #questions-heading { "Questions that help" }
                ul { @for question in &review.questions { li { (question.text) } } }
            }
        }
        p .fine .keys { kbd { "Enter" } " asks the next why · " kbd { "Shift" } "+" kbd { "Enter" } " another answer to the same why" }
        p .fine { (text::count(review.causes.len() as u64, "answer", "answers")) " so far. Stop where the company can change something." }
    }
}
