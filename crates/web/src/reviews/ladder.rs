//! The ladder of whys, with a field at the end of every branch, the bank of questions and the hints on wording beside
//! it. Without a script each field is a form of its own; with one, Enter asks the next why.

use maud::{Markup, html};
use nevertwice_domain::reference::ReviewRef;
use nevertwice_service::case::CauseLineView;
use nevertwice_service::review::{ObjectionView, ReviewView};

use super::picture;
use crate::cases::rung;
use crate::drafts::{self, Standing, Subject};
use crate::paths;
use crate::prose::prose;
use crate::text;
use crate::viewer::Viewer;

/// The names of what is typed in the fields of the ladder, in a draft: this and the number of the answer that is asked
/// about.
const TYPED: &str = "because:";

/// What was begun in the fields of the ladder and not added, by the number of the answer that is asked about.
#[derive(Debug, Default)]
pub(super) struct Begun<'d>(Vec<(&'d str, &'d str)>);

impl<'d> Begun<'d> {
    fn of(standing: &'d Standing) -> Self {
        let Standing::Taken(draft) = standing else { return Self::default() };
        let typed = draft.fields.iter().filter_map(|(name, text)| Some((name.strip_prefix(TYPED)?, text)));
        Self(typed.map(|(number, text)| (number, text.as_str())).collect())
    }

    fn under(&self, number: &str) -> &'d str {
        self.0.iter().find(|(under, _)| *under == number).map_or("", |(_, text)| text)
    }

    /// What was begun below answers that are not there any more.
    fn astray<'b>(&'b self, review: &'b ReviewView) -> impl Iterator<Item = (&'d str, &'d str)> + 'b {
        let is_there =
            |number: &str| number.is_empty() || review.causes.iter().any(|cause| cause.number == number);
        self.0.iter().copied().filter(move |(number, _)| !is_there(number))
    }
}

/// Whether the ladder can be climbed further by the viewer.
pub(super) fn is_open(review: &ReviewView) -> bool {
    matches!(review.state.as_str(), "due" | "scheduled" | "held")
        && review.may.iter().any(|verb| verb == "edit_case")
}

/// The ladder with what was begun on it: what is typed in any of its fields is kept, all of it in one draft. While one is
/// offered nothing is kept over it.
pub(super) fn whole(viewer: &Viewer, at: ReviewRef, review: &ReviewView, draft: &Standing) -> Markup {
    let address = paths::Review { review: at }.to_string();
    let begun = Begun::of(draft);
    let keeps = is_open(review) && !matches!(draft, Standing::Offered(_));
    let subject = keeps.then(|| Subject::new("Why?", &review.reference, address.clone()));
    html! {
        (drafts::offer(draft, &address, &viewer.me.time_zone))
        @for (number, text) in begun.astray(review) {
            div .note { p { "You began this below answer " (number) ", which is not there any more:" } (prose(text)) }
        }
        div data-draft=[subject.as_ref().map(|subject| &subject.address)]
            data-draft-title=[subject.as_ref().map(|subject| &subject.title)]
            data-draft-record=[subject.as_ref().and_then(|subject| subject.record.as_ref())]
            data-draft-begun[matches!(draft, Standing::Taken(_))] {
            div data-ladder { (editor(at, review, &begun)) }
            @if keeps { (drafts::line()) }
        }
    }
}

/// The ladder with everything that helps to climb it.
pub(super) fn editor(at: ReviewRef, review: &ReviewView, begun: &Begun<'_>) -> Markup {
    let is_open = is_open(review);
    html! {
        p .problem { span .why { "What happened" } (review.problem) }
        @if review.causes.is_empty() && !is_open { p .fine { "No cause is written down." } }
        ol .ladder {
            @for (place, cause) in review.causes.iter().enumerate() {
                (rung(cause))
                (further_links(at, cause, is_open))
                @for objection in of_number(&review.objections, &cause.number) { (hint(at, objection, is_open)) }
                @if is_open {
                    li .rung-tools data-depth=(cause.depth.min(9)) { (tools(at, cause, !ends_branch(&review.causes, place), begun)) }
                    @if ends_branch(&review.causes, place) {
                        li .rung-next data-depth=((cause.depth + 1).min(9)) { (field(at, Some(&cause.number), begun)) }
                    }
                }
            }
        }
        @if is_open {
            @if review.causes.is_empty() { (field(at, None, begun)) } @else {
                details .another open[!begun.under("").is_empty()] {
                    summary { "Another answer to the first why" }
                    (field(at, None, begun))
                }
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

fn tools(review: ReviewRef, cause: &CauseLineView, is_answered: bool, begun: &Begun<'_>) -> Markup {
    let number = || cause.number.clone();
    html! {
        a href=(paths::Why { review, number: number() }) { "Change" span .hidden { " answer " (cause.number) } }
        a href=(paths::CauseLink { review, number: number(), effect: cause.links.iter().find(|link| link.on_ladder).map(|link| link.effect.clone()).unwrap_or_default() }) {
            "What it did" span .hidden { ": answer " (cause.number) }
        }
        a href=(paths::CauseLinks { review, number: number() }) { "Link" span .hidden { " answer " (cause.number) " to another" } }
        a href=(paths::WhyRemoval { review, number: number() }) { "Take away" span .hidden { " answer " (cause.number) } }
        @if is_answered {
            details .another open[!begun.under(&cause.number).is_empty()] {
                summary { "Another answer to why " (cause.number) }
                (field(review, Some(&cause.number), begun))
            }
        }
    }
}

/// The field in which a why is answered.
fn field(review: ReviewRef, under: Option<&str>, begun: &Begun<'_>) -> Markup {
    let id = format!("because-{}", under.unwrap_or("problem").replace('.', "-"));
    let label = match under {
        Some(number) => format!("Why {number}?"),
        None => "Why did that happen?".to_owned(),
    };
    html! {
        form .because method="post" action=(paths::Whys { review }) data-because {
            label for=(id) { (label) }
            input type="hidden" name="under" value=(under.unwrap_or_default());
            textarea id=(id) name="statement" rows="1" required maxlength="1000" placeholder="Because …" { (begun.under(under.unwrap_or_default())) }
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
