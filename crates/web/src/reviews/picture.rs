//! The causes of a review as a tree and in sentences: other views of what the ladder shows.

use maud::{Markup, PreEscaped, html};
use nevertwice_domain::cause::Confidence;
use nevertwice_domain::reference::ReviewRef;
use nevertwice_domain::word::Word;
use nevertwice_render::tree::{CauseTree, TreeNode};
use nevertwice_service::case::{CauseLineView, CauseLinkView};
use nevertwice_service::review::ReviewView;

use crate::paths;
use crate::text;

/// A view of the causes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    /// To be gone on with.
    Ladder,
    /// To be seen at once.
    Tree,
    /// To be read.
    Prose,
}

/// The ways to the views; which one is shown is part of the address.
pub(super) fn views(review: ReviewRef, shown: View) -> Markup {
    let page = paths::Review { review };
    let all = [
        (View::Ladder, "Ladder", page.to_string()),
        (View::Tree, "Tree", format!("{page}?view=tree")),
        (View::Prose, "Prose", format!("{page}?view=prose")),
    ];
    html! {
        nav .views aria-label="How the causes are shown" {
            @for (view, words, href) in all {
                a href=(href) aria-current=[(view == shown).then_some("true")] { (words) }
            }
        }
    }
}

/// The tree.
pub(super) fn tree(review: &ReviewView) -> Markup {
    let tree = CauseTree {
        title: format!("The causes of {}", review.reference),
        description: format!(
            "What happened stands at the top, {} below it, each below what it explains. A full stroke is confirmed, a \
             dashed one likely, a dotted one assumed. The table and the prose say the same.",
            text::count(review.causes.len() as u64, "cause", "causes")
        ),
        problem: review.problem.clone(),
        nodes: review.causes.iter().map(node).collect(),
    };
    html! {
        figure .tree-frame {
            p .fine { "A full stroke is confirmed, a dashed one likely, a dotted one assumed." }
            @for (part, svg) in tree.svgs("causes").into_iter().enumerate() {
                div .scroll role="group" tabindex="0" aria-label={ "The causes as a tree, part " (part + 1) } {
                    (PreEscaped(svg))
                }
            }
            details {
                summary { "As a table" }
                section .scroll tabindex="0" aria-label="The causes as a table" { (PreEscaped(tree.html_table())) }
            }
        }
    }
}

/// The sentences.
pub(super) fn prose(review: &ReviewView) -> Markup {
    html! {
        section .told aria-labelledby="told-heading" {
            h3 #told-heading { "Root causes and contributing factors (10.2 b)" }
            p { (review.problem) }
            @if review.told.is_empty() { p .fine { "No cause is written down." } }
            @for told in &review.told {
                p {
                    span .why { "Why " (told.number) } " "
                    @if told.primary { strong { "Primary cause. " } }
                    (told.text)
                }
            }
        }
    }
}

/// What a link did, in words: `made worse`.
pub(super) fn did(link: &CauseLinkView) -> String {
    text::plain(&link.kind)
}

/// What a link leads to, in words: `why 2`, or the problem.
pub(super) fn effect(link: &CauseLinkView) -> String {
    if link.effect == "0" { "what happened".to_owned() } else { format!("why {}", link.effect) }
}

fn node(cause: &CauseLineView) -> TreeNode {
    let on_ladder = cause.links.iter().find(|link| link.on_ladder);
    let confidence = sureness(&cause.confidence);
    let own = on_ladder.and_then(|link| link.confidence.as_deref());
    let also = cause.links.iter().filter(|link| !link.on_ladder);
    TreeNode {
        depth: cause.depth,
        number: cause.number.clone(),
        statement: cause.statement.clone(),
        kind: text::plain(&cause.kind),
        link: on_ladder.map(did).unwrap_or_default(),
        confidence,
        link_confidence: own.map_or(confidence, sureness),
        primary: cause.primary,
        also: also.map(|link| format!("Also {}: {}", did(link), effect(link))).collect(),
    }
}

/// A word that is none says the least.
fn sureness(word: &str) -> Confidence {
    Confidence::parse(word).unwrap_or(Confidence::Assumed)
}
