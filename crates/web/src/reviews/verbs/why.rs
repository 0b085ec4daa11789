//! Answers to why.

use nevertwice_domain::cause::{BranchEnd, CauseKind, Confidence, LinkKind, WhyNumber};
use nevertwice_service::ServiceError;
use nevertwice_service::case::CauseLineView;
use nevertwice_service::review::{AddWhy, EditWhy, RemoveWhy, ReviewView};
use nevertwice_service::set::Set;

use super::{back_to, review_of};
use crate::form::{Bad, Reader, form, shown};
use crate::help::Help;
use crate::paths::{Why, WhyRemoval, Whys};
use crate::ui::{Choice, Field, FieldKind, choices};
use crate::verb::{Form, VERSION, verb};

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
        /// Further effects, one number a line; the problem itself is `0`.
        also,
        /// One of the company's categories of causes.
        category,
        /// `yes` or `no`, if the branch ends here: whether the company can change it.
        changeable,
        /// What would be changed; or why it is accepted.
        changeable_note,
    }
}

form! {
    /// An answer that is changed. What is absent stays, what is empty is cleared.
    partial RewordForm {
        /// The answer.
        statement,
        /// What it is.
        kind,
        /// `confirmed`, `likely` or `assumed`.
        confidence,
        /// What shows it.
        evidence,
        /// `yes` if it is the primary cause, `no` if not.
        primary,
        /// Whether it was when it was seen: a box that is not ticked is not sent.
        was_primary,
        /// One of the company's categories of causes.
        category,
        /// `yes` or `no`, if the branch ends here: whether the company can change it; nothing is said if empty.
        changeable,
        /// What would be changed; or why it is accepted.
        changeable_note,
        /// The version that was seen.
        version,
    }
}

form! {
    /// An answer that is taken away.
    RemoveForm {
        /// The version that was seen.
        version,
    }
}

impl Form for AskForm {
    fn fields<'a>(&'a self, help: &'a Help) -> Vec<Field<'a>> {
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
            category(help, &self.category),
            changeable(&self.changeable),
            changeable_note(&self.changeable_note),
            Field::new("also", "What else does it explain", &self.also)
                .hint("Numbers of other answers, one a line; the problem itself is 0")
                .kind(FieldKind::Prose { rows: 2 }),
        ]
    }
}

impl Form for RewordForm {
    fn fields<'a>(&'a self, help: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("statement", "Because", shown(&self.statement))
                .kind(FieldKind::Prose { rows: 2 })
                .required(),
            Field::new("kind", "What is it", shown(&self.kind))
                .kind(FieldKind::Select { choices: choices::<CauseKind>(), none: None }),
            Field::new("confidence", "How sure", shown(&self.confidence))
                .kind(FieldKind::Select { choices: choices::<Confidence>(), none: None }),
            Field::new("evidence", "What shows it", shown(&self.evidence)).kind(FieldKind::Prose { rows: 2 }),
            category(help, shown(&self.category)),
            changeable(shown(&self.changeable)),
            changeable_note(shown(&self.changeable_note)),
            Field::new("primary", "The primary cause", shown(&self.primary)).kind(FieldKind::Check),
            Field::hidden("was_primary", shown(&self.was_primary)),
            Field::hidden(VERSION, shown(&self.version)),
        ]
    }
}

impl Form for RemoveForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![Field::hidden(VERSION, &self.version)]
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
        let also = read.names("also", &form.also);
        let category = read.optional("category", &form.category);
        let end = end(&mut read, &form.changeable, &form.changeable_note);
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
            also: also?,
            category: category?,
            end: end?,
        })
    },
}

verb! {
    /// Changes an answer.
    Reword: Why, RewordForm => EditWhy, "Change the answer", "Save", "",
    back: |path| back_to(path.review),
    begin: |app, viewer, path| {
        let cause = answer_of(&review_of(app, viewer, path.review)?, &path.number)?;
        Ok(RewordForm {
            statement: Some(cause.statement),
            kind: Some(cause.kind),
            confidence: Some(cause.confidence),
            evidence: Some(cause.evidence.unwrap_or_default()),
            primary: Some(primary(cause.primary)),
            was_primary: Some(primary(cause.primary)),
            category: Some(cause.category.unwrap_or_default()),
            changeable: Some(cause.changeable.map(yes_or_no).unwrap_or_default().to_owned()),
            changeable_note: Some(cause.changeable_note.unwrap_or_default()),
            version: Some(cause.version),
        })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let number = number(&mut read, &path.number);
        let statement = read.given("statement", &form.statement, "say what made it possible");
        let kind = read.optional("kind", shown(&form.kind));
        let confidence = read.optional("confidence", shown(&form.confidence));
        let evidence = read.set("evidence", &form.evidence);
        let primary = read.is_yes("primary", shown(&form.primary));
        let is_told = form.primary.is_some() || form.was_primary.is_some();
        let category = read.set("category", &form.category);
        let end = match (&form.changeable, &form.changeable_note) {
            (None, None) => Ok(None),
            (changeable, note) => end(&mut read, shown(changeable), shown(note))
                .map(|end| Some(end.map_or(Set::Clear, Set::To))),
        };
        read.done()?;
        Ok(EditWhy {
            review: path.review,
            number: number?,
            version: form.version.clone().filter(|version| !version.is_empty()),
            statement: statement?,
            kind: kind?,
            confidence: confidence?,
            evidence: evidence?,
            primary: is_told.then_some(primary?),
            category: category?,
            end: end?,
        })
    },
}

verb! {
    /// Takes an answer away, with everything under it.
    Remove: WhyRemoval, RemoveForm => RemoveWhy, "Take the answer away", "Take it away",
    "Everything under it goes with it. The trail keeps that it was there.",
    back: |path| back_to(path.review),
    begin: |app, viewer, path| {
        let review = review_of(app, viewer, path.review)?;
        answer_of(&review, &path.number).map(|cause| RemoveForm { version: cause.branch_version })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let number = number(&mut read, &path.number);
        read.done()?;
        let version = Some(form.version.clone()).filter(|version| !version.is_empty());
        Ok(RemoveWhy { review: path.review, number: number?, version })
    },
}

fn category<'a>(help: &Help, present: &'a str) -> Field<'a> {
    let choices = help.cause_categories(present);
    Field::new("category", "Category", present).kind(FieldKind::Select { choices, none: Some("None yet") })
}

fn changeable(value: &str) -> Field<'_> {
    let choice = |value: &str, words: &str| Choice { value: value.into(), words: words.into(), hint: None };
    let choices = vec![choice("yes", "Yes, this can be changed"), choice("no", "No, and that is accepted")];
    Field::new("changeable", "If the branch ends here: can the company change it?", value)
        .kind(FieldKind::Select { choices, none: Some("Not said yet") })
}

fn changeable_note(note: &str) -> Field<'_> {
    Field::new("changeable_note", "What would be changed, or why it is accepted", note)
        .kind(FieldKind::Prose { rows: 2 })
}

fn yes_or_no(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}

/// What is said of the end of a branch: both, or nothing.
fn end(read: &mut Reader, changeable: &str, note: &str) -> Result<Option<BranchEnd>, Bad> {
    if changeable.trim().is_empty() {
        if !note.trim().is_empty() {
            read.refuse("changeable", "say whether the company can change it");
            return Err(Bad);
        }
        return Ok(None);
    }
    let changeable = read.is_yes("changeable", changeable);
    let note = read.required("changeable_note", note, "say what would be changed, or why it is accepted");
    Ok(Some(BranchEnd { changeable: changeable?, note: note? }))
}

pub(super) fn number(read: &mut Reader, text: &str) -> Result<WhyNumber, Bad> {
    read.required("number", text, "name the answer by its number")
}

fn primary(is_primary: bool) -> String {
    if is_primary { "yes" } else { "" }.to_owned()
}

/// The answer of a number as it stands.
pub(super) fn answer_of(review: &ReviewView, number: &str) -> Result<CauseLineView, ServiceError> {
    let found = review.causes.iter().find(|cause| cause.number == number).cloned();
    found.ok_or_else(|| ServiceError::not_found(format!("answer {number} in {}", review.reference)))
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

    #[test]
    fn the_end_of_a_branch_is_said_whole_or_not_at_all() {
        let path = Whys { review: "PIR-2026-0001".parse().unwrap() };
        let said = |changeable: &str, note: &str| {
            let form = AskForm {
                statement: "The filter was old".to_owned(),
                changeable: changeable.to_owned(),
                changeable_note: note.to_owned(),
                ..AskForm::default()
            };
            Ask::parse(&path, &form).map(|ask| ask.end.map(|end| end.changeable))
        };
        assert_eq!(said("", "").unwrap(), None);
        assert_eq!(said("yes", "an alarm").unwrap(), Some(true));
        assert_eq!(said("no", "the supplier's").unwrap(), Some(false));
        assert!(said("yes", "").unwrap_err().of("changeable_note").is_some());
        assert!(said("", "an alarm").unwrap_err().of("changeable").is_some());
        assert!(said("true", "an alarm").unwrap_err().of("changeable").is_some());
    }
}
