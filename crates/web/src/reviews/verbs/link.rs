//! Links between causes.

use nevertwice_domain::cause::{Confidence, LinkKind, WhyNumber};
use nevertwice_domain::reference::ReviewRef;
use nevertwice_service::ServiceError;
use nevertwice_service::case::CauseLinkView;
use nevertwice_service::review::{CauseName, EditCauseLink, LinkCauses, RemoveCauseLink, ReviewView};

use super::why::{answer_of, number};
use super::{back_to, review_of};
use crate::app::App;
use crate::form::{Reader, form, shown};
use crate::help::Help;
use crate::paths::{CauseLink, CauseLinkRemoval, CauseLinks};
use crate::ui::{Choice, Field, FieldKind, choices};
use crate::verb::{Form, VERSION, verb};
use crate::viewer::Viewer;

form! {
    /// What an answer explains beside the one above it.
    LinkCauseForm {
        /// The effect: the number of an answer, or the version of one that was seen; the problem itself is `0`.
        effect,
        /// What the one did to the other; `made_possible` if empty.
        kind,
        /// `confirmed`, `likely` or `assumed`, where that differs from the answer's own.
        confidence,
        /// What shows it.
        evidence,
        /// The version of the answer that was seen.
        version,
        /// What can be chosen: the version of each answer and its words, one a line.
        seen,
    }
}

form! {
    /// A link that is changed. What is absent stays, what is empty is cleared.
    partial RelinkForm {
        /// What the one did to the other.
        kind,
        /// `confirmed`, `likely` or `assumed`, where that differs from the answer's own.
        confidence,
        /// What shows it.
        evidence,
        /// The version of the link that was seen.
        version,
    }
}

form! {
    /// A link that is taken away.
    UnlinkCauseForm {
        /// The version of the link that was seen.
        version,
    }
}

const NONE_OF_ITS_OWN: &str = "As sure as of the answer itself";

impl Form for LinkCauseForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        let choice = |line: &str| {
            let (value, words) = line.split_once(' ')?;
            Some(Choice { value: value.to_owned(), words: words.to_owned(), hint: None })
        };
        let effects = self.seen.lines().filter_map(choice).collect();
        vec![
            Field::new("effect", "It also explains", &self.effect)
                .kind(FieldKind::Select { choices: effects, none: None })
                .required(),
            Field::new("kind", "What did it do", &self.kind)
                .kind(FieldKind::Select { choices: choices::<LinkKind>(), none: None }),
            Field::new("confidence", "How sure is the connection", &self.confidence)
                .kind(FieldKind::Select { choices: choices::<Confidence>(), none: Some(NONE_OF_ITS_OWN) }),
            Field::new("evidence", "What shows it", &self.evidence).kind(FieldKind::Prose { rows: 2 }),
            Field::hidden(VERSION, &self.version),
            Field::hidden("seen", &self.seen),
        ]
    }
}

impl Form for RelinkForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("kind", "What did it do", shown(&self.kind))
                .kind(FieldKind::Select { choices: choices::<LinkKind>(), none: None }),
            Field::new("confidence", "How sure is the connection", shown(&self.confidence))
                .kind(FieldKind::Select { choices: choices::<Confidence>(), none: Some(NONE_OF_ITS_OWN) }),
            Field::new("evidence", "What shows it", shown(&self.evidence)).kind(FieldKind::Prose { rows: 2 }),
            Field::hidden(VERSION, shown(&self.version)),
        ]
    }
}

impl Form for UnlinkCauseForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![Field::hidden(VERSION, &self.version)]
    }
}

verb! {
    /// Says that an answer also explains something else.
    Link: CauseLinks, LinkCauseForm => LinkCauses, "What else does it explain?", "Add",
    "An answer has one place on the ladder. What else it made possible, likelier or worse is told here.",
    back: |path| back_to(path.review),
    begin: |app, viewer, path| {
        let review = review_of(app, viewer, path.review)?;
        let cause = answer_of(&review, &path.number)?;
        Ok(LinkCauseForm {
            kind: LinkKind::MadePossible.as_str().to_owned(),
            seen: effects(&review, &path.number),
            version: cause.version,
            ..LinkCauseForm::default()
        })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let number = number(&mut read, &path.number);
        let effect = read.required("effect", &form.effect, "say what it explains");
        let kind = read.optional("kind", &form.kind);
        let confidence = read.optional("confidence", &form.confidence);
        let evidence = read.optional("evidence", &form.evidence);
        read.done()?;
        Ok(LinkCauses {
            review: path.review,
            cause: named(number?, &form.version),
            effect: effect?,
            kind: kind?,
            confidence: confidence?,
            evidence: evidence?,
        })
    },
}

verb! {
    /// Changes what a link says.
    Relink: CauseLink, RelinkForm => EditCauseLink, "What did it do?", "Save", "",
    back: |path| back_to(path.review),
    begin: |app, viewer, path| {
        let link = link_of(app, viewer, path.review, &path.number, &path.effect)?;
        Ok(RelinkForm {
            kind: Some(link.kind),
            confidence: Some(link.confidence.unwrap_or_default()),
            evidence: Some(link.evidence.unwrap_or_default()),
            version: Some(link.version),
        })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let number = number(&mut read, &path.number);
        let effect = read.required("effect", &path.effect, "say what it explains");
        let kind = read.optional("kind", shown(&form.kind));
        let confidence = read.set("confidence", &form.confidence);
        let evidence = read.set("evidence", &form.evidence);
        read.done()?;
        Ok(EditCauseLink {
            review: path.review,
            cause: CauseName::Number(number?),
            effect: effect?,
            version: form.version.clone().filter(|version| !version.is_empty()),
            kind: kind?,
            confidence: confidence?,
            evidence: evidence?,
        })
    },
}

verb! {
    /// Takes a link away.
    Unlink: CauseLinkRemoval, UnlinkCauseForm => RemoveCauseLink, "Take the link away", "Take it away",
    "The answer stays where it is on the ladder. The trail keeps that the link was there.",
    back: |path| back_to(path.review),
    begin: |app, viewer, path| {
        let link = link_of(app, viewer, path.review, &path.number, &path.effect)?;
        Ok(UnlinkCauseForm { version: link.version })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let number = number(&mut read, &path.number);
        let effect = read.required("effect", &path.effect, "say what it explains");
        read.done()?;
        let version = Some(form.version.clone()).filter(|version| !version.is_empty());
        Ok(RemoveCauseLink { review: path.review, cause: CauseName::Number(number?), effect: effect?, version })
    },
}

/// The answer as it was seen, or by its number where nobody says what they saw.
pub(super) fn named(number: WhyNumber, version: &str) -> CauseName {
    CauseName::of(number, Some(version.to_owned()).filter(|version| !version.is_empty()))
}

/// What an answer can be said to explain: the problem and every other answer, each by what was seen of it.
fn effects(review: &ReviewView, number: &str) -> String {
    let others = review.causes.iter().filter(|cause| cause.number != number);
    let others = others.map(|cause| format!("{} Why {}: {}", cause.version, cause.number, cause.statement));
    let problem = format!("0 What happened: {}", review.problem);
    std::iter::once(problem).chain(others).collect::<Vec<_>>().join("\n")
}

fn link_of(
    app: &App,
    viewer: &Viewer,
    review: ReviewRef,
    number: &str,
    effect: &str,
) -> Result<CauseLinkView, ServiceError> {
    let view = review_of(app, viewer, review)?;
    let links = answer_of(&view, number)?.links;
    let found = links.into_iter().find(|link| link.effect == effect);
    found.ok_or_else(|| ServiceError::not_found(format!("link from {number} to {effect} in {review}")))
}
