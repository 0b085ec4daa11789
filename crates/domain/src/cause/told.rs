//! The graph in sentences: what a report prints under root causes and contributing factors (ISO/IEC 27001:2022,
//! 10.2 b 2).

use serde::Serialize;

use super::{Cause, CauseGraph, Confidence, Link, LinkKind, Support, WhyNumber};
use crate::text::Prose;

/// What the graph says of one cause, in sentences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told {
    /// The number of the cause.
    pub number: WhyNumber,
    /// Whether it is marked primary.
    pub primary: bool,
    /// What it is, what it did to its effects, how sure that is and by what, and whether it can be changed.
    pub text: String,
}

impl CauseGraph {
    /// Every cause in sentences, in ladder order: nothing of the graph is left out, and nothing is added to it.
    #[must_use]
    pub fn told(&self) -> Vec<Told> {
        self.numbered()
            .iter()
            .map(|rung| Told {
                number: rung.number,
                primary: rung.cause.primary,
                text: self.sentences(rung.cause).join(" "),
            })
            .collect()
    }

    fn sentences(&self, cause: &Cause) -> Vec<String> {
        let statement = without_stop(cause.statement.as_str());
        let mut links: Vec<&Link> = self.links.iter().filter(|link| link.cause == cause.id).collect();
        links.sort_by_key(|link| !link.on_ladder);
        let mut sentences = Vec::new();
        for (place, link) in links.into_iter().enumerate() {
            let effect = link.effect.and_then(|id| self.cause(id));
            let effect = without_stop(effect.map_or(&self.problem, |effect| &effect.statement).as_str());
            let (did, basis) = (did(link.kind), self.basis(cause, link, place == 0));
            sentences.push(match place {
                0 => format!("{statement}, which {did}: “{effect}”{basis}."),
                _ => format!("It also {did}: “{effect}”{basis}."),
            });
        }
        if let Some(end) = cause.end.as_ref().filter(|_| self.is_leaf(cause.id)) {
            let note = one_line(&end.note);
            sentences.push(match end.changeable {
                true => format!("The company can change this: {note}."),
                false => format!("This is accepted: {note}."),
            });
        }
        sentences.extend(cause.category.as_ref().map(|category| format!("Category: {category}.")));
        sentences
    }

    /// How sure it is, and by what, in brackets: of the cause where it is told first, and of the connection where that
    /// says something of its own.
    fn basis(&self, cause: &Cause, link: &Link, is_first: bool) -> String {
        let own = is_first.then(|| sureness(cause.confidence, &cause.support));
        let has_own = link.confidence.is_some() || !link.support.is_empty();
        let of_link = has_own.then(|| {
            format!(
                "the connection is {}",
                sureness(link.confidence.unwrap_or(cause.confidence), &link.support)
            )
        });
        let parts: Vec<String> = own.into_iter().chain(of_link).collect();
        if parts.is_empty() { String::new() } else { format!(" ({})", parts.join("; ")) }
    }
}

/// What a cause did, in words that go on with its effect.
fn did(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::MadePossible => "made possible",
        LinkKind::MadeMoreLikely => "made more likely",
        LinkKind::MadeWorse => "made worse",
        LinkKind::DelayedDetection => "delayed the detection of",
        LinkKind::Limited => "limited",
    }
}

fn sureness(confidence: Confidence, support: &Support) -> String {
    let mut told = confidence.to_string();
    let count = support.evidence.len();
    let pieces = match count {
        0 => None,
        1 => Some("1 piece of evidence".to_owned()),
        _ => Some(format!("{count} pieces of evidence")),
    };
    let parts: Vec<String> = support.note.as_ref().map(one_line).into_iter().chain(pieces).collect();
    if !parts.is_empty() {
        told.push_str(": ");
        told.push_str(&parts.join("; "));
    }
    told
}

fn one_line(text: &Prose) -> String {
    without_stop(&text.as_str().split_whitespace().collect::<Vec<_>>().join(" ")).to_owned()
}

fn without_stop(text: &str) -> &str {
    text.trim_end().trim_end_matches('.')
}
