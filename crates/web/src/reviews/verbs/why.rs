//! Answers to why.

use nevertwice_domain::cause::{CauseKind, Confidence, LinkKind, WhyNumber};
use nevertwice_service::ServiceError;
use nevertwice_service::review::{AddWhy, EditWhy, RemoveWhy, ReviewView};

use super::{back_to, review_of};
use crate::form::{Bad, Reader, form};
use crate::help::Help;
use crate::paths::{self, Why, WhyRemoval, Whys};
use crate::ui::{Field, FieldKind, choices};
use crate::verb::{Form, NothingForm, verb};

form! {
    /// An answer to why.
    AskForm {
        /// The number of the cause that is asked about; the problem if empty.
        under,
        /// The answer.
        statement,
        /// What it is; a condition if empty.
        kind,
        /// `confirmed`, `likely` or `assumed`.
        confidence,
        /// What shows it.
        evidence,
        /// What it did to its effect.
        link,
    }
}

form! {
    /// An answer that is changed.
    RewordForm {
        /// The answer.
        statement,
        /// What it is.
        kind,
        /// `confirmed`, `likely` or `assumed`.
        confidence,
        /// What shows it.
        evidence,
        /// `yes` to mark it as the primary cause.
        primary,
    }
}

impl Form for AskForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("under", "Why of", &self.under)
                .hint("The number of the answer that is asked about; the problem itself if empty")
                .kind(FieldKind::Code),
            Field::new("statement", "Because", &self.statement).kind(FieldKind::Prose { rows: 2 }).required(),
            Field::new("kind", "What is it", &self.kind)
                .kind(FieldKind::Select { choices: choices::<CauseKind>(), none: None }),
            Field::new("link", "What did it do", &self.link)
                .kind(FieldKind::Select { choices: choices::<LinkKind>(), none: None }),
            Field::new("confidence", "How sure", &self.confidence)
                .kind(FieldKind::Select { choices: choices::<Confidence>(), none: None }),
            Field::new("evidence", "What shows it", &self.evidence).kind(FieldKind::Prose { rows: 2 }),
        ]
    }
}

impl Form for RewordForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("statement", "Because", &self.statement).kind(FieldKind::Prose { rows: 2 }).required(),
            Field::new("kind", "What is it", &self.kind)
                .kind(FieldKind::Select { choices: choices::<CauseKind>(), none: None }),
            Field::new("confidence", "How sure", &self.confidence)
                .kind(FieldKind::Select { choices: choices::<Confidence>(), none: None }),
            Field::new("evidence", "What shows it", &self.evidence).kind(FieldKind::Prose { rows: 2 }),
            Field::new("primary", "The primary cause", &self.primary).kind(FieldKind::Check),
        ]
    }
}

verb! {
    /// Answers a why.
    Ask: Whys, AskForm => AddWhy, "Why?", "Add", "",
    back: |path| crate::ui::Crumb { href: format!("{}#ladder", back_to(path.review).href), ..back_to(path.review) },
    begin: |app, viewer, path| {
        let review = review_of(app, viewer, path.review)?;
        let last = review.causes.last().map(|cause| cause.number.clone());
        Ok(AskForm {
            under: last.unwrap_or_default(),
            kind: CauseKind::Condition.as_str().to_owned(),
            link: LinkKind::MadePossible.as_str().to_owned(),
            confidence: Confidence::Assumed.as_str().to_owned(),
            ..AskForm::default()
        })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let under = read.optional("under", &form.under);
        let statement = read.required("statement", &form.statement, "say what made it possible");
        let kind = read.optional("kind", &form.kind);
        let confidence = read.optional("confidence", &form.confidence);
        let evidence = read.optional("evidence", &form.evidence);
        let link = read.optional("link", &form.link);
        read.done()?;
        let under = under?;
        Ok(AddWhy {
            review: path.review,
            under,
            of_problem: under.is_none(),
            statement: statement?,
            kind: kind?,
            confidence: confidence?,
            evidence: evidence?,
            link: link?,
        })
    },
}

verb! {
    /// Changes an answer.
    Reword: Why, RewordForm => EditWhy, "Change the answer", "Save", "",
    back: |path| back_to(path.review),
    begin: |app, viewer, path| {
        let review = review_of(app, viewer, path.review)?;
        let cause = review.causes.into_iter().find(|cause| cause.number == path.number);
        let cause = cause.ok_or_else(|| no_answer(path))?;
        Ok(RewordForm {
            statement: cause.statement,
            kind: cause.kind,
            confidence: cause.confidence,
            evidence: cause.evidence.unwrap_or_default(),
            primary: if cause.primary { "yes" } else { "" }.to_owned(),
        })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let number = number(&mut read, &path.number);
        let statement = read.required("statement", &form.statement, "say what made it possible");
        let kind = read.optional("kind", &form.kind);
        let confidence = read.optional("confidence", &form.confidence);
        let evidence = read.optional("evidence", &form.evidence);
        let primary = read.is_yes("primary", &form.primary);
        read.done()?;
        Ok(EditWhy {
            review: path.review,
            number: number?,
            statement: Some(statement?),
            kind: kind?,
            confidence: confidence?,
            evidence: evidence?,
            primary: primary?,
        })
    },
}

verb! {
    /// Takes an answer away, with everything under it.
    Remove: WhyRemoval, NothingForm => RemoveWhy, "Take the answer away", "Take it away",
    "Everything under it goes with it. The trail keeps that it was there.",
    back: |path| back_to(path.review),
    begin: |app, viewer, path| review_of(app, viewer, path.review).map(|_: ReviewView| NothingForm::default()),
    parse: |path, _| {
        let mut read = Reader::default();
        let number = number(&mut read, &path.number);
        read.done()?;
        Ok(RemoveWhy { review: path.review, number: number? })
    },
}

fn number(read: &mut Reader, text: &str) -> Result<WhyNumber, Bad> {
    read.required("number", text, "name the answer by its number")
}

fn no_answer(path: &paths::Why) -> ServiceError {
    ServiceError::not_found(format!("answer {} in {}", path.number, path.review))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verb::Act;

    #[test]
    fn an_empty_answer_names_the_field() {
        let path = Whys { review: "PIR-2026-0001".parse().unwrap() };
        let errors = Ask::parse(&path, &AskForm::default()).unwrap_err();
        assert_eq!(errors.of("statement"), Some("say what made it possible"));
    }
}
