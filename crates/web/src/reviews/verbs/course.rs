//! The course of a review.

use nevertwice_domain::review::ReviewKind;
use nevertwice_service::case::ShowCase;
use nevertwice_service::review::{
    ApproveReview, HoldReview, NewReview, ScheduleReview, SendReviewBack, SubmitReview, WaiveReview,
};

use super::{back_to, review_of};
use crate::form::{Reader, form, shown};
use crate::help::Help;
use crate::paths::{
    self, CaseReviews, Meeting, ReviewApproval, ReviewDate, ReviewReturn, Submission, Waiver,
};
use crate::ui::{Choice, Crumb, Field, FieldKind, choices};
use crate::verb::{Form, NothingForm, VERSION, verb};

form! {
    /// A review to be held.
    OpenForm {
        /// `full`, `five_whys` or `light`.
        kind,
        /// What went wrong, as the first why asks about it.
        problem,
        /// Who leads it; whoever asks if empty.
        facilitator,
        /// Who takes part, one name a line.
        participants,
        /// By when it is to be held; in two weeks if empty.
        due_on,
    }
}

form! {
    /// The day of a review.
    ScheduleForm {
        /// The day.
        on,
    }
}

form! {
    /// The meeting of a review. What is absent stays, what is empty is cleared.
    partial HoldForm {
        /// When; today if it was never said.
        on,
        /// Everybody who took part, one name a line.
        participants,
        /// What was said, in Markdown.
        minutes,
        /// The version that was seen.
        version,
    }
}

form! {
    /// Why a review is waived.
    WaiveForm {
        /// Why.
        reason,
    }
}

impl Form for OpenForm {
    fn fields<'a>(&'a self, help: &'a Help) -> Vec<Field<'a>> {
        let hint = |kind: &str| match kind {
            "full" => "the whole graph of causes, with participants",
            "five_whys" => "a ladder of whys",
            _ => "a few sentences: cause, lesson, action",
        };
        let kinds = choices::<ReviewKind>().into_iter();
        let kinds = kinds.map(|choice| Choice { hint: Some(hint(&choice.value)), ..choice }).collect();
        vec![
            Field::new("problem", "What went wrong", &self.problem)
                .hint("One sentence without a cause in it: the first why asks about it")
                .kind(FieldKind::Prose { rows: 2 })
                .required(),
            Field::new("kind", "How deep", &self.kind).kind(FieldKind::Radio { choices: kinds }).required(),
            Field::new("facilitator", "Who leads it", &self.facilitator)
                .hint("You, if empty")
                .kind(FieldKind::Suggested { suggestions: &help.people }),
            Field::new("participants", "Who takes part", &self.participants)
                .hint("One name a line")
                .kind(FieldKind::Prose { rows: 3 }),
            Field::new("due_on", "By when", &self.due_on).hint("In two weeks, if empty").kind(FieldKind::Day),
        ]
    }
}

impl Form for ScheduleForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![Field::new("on", "The day", &self.on).kind(FieldKind::Day).required()]
    }
}

impl Form for HoldForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("on", "When", shown(&self.on))
                .hint("As it stands, or today, if empty")
                .kind(FieldKind::Day),
            Field::new("participants", "Who took part", shown(&self.participants))
                .hint("One name a line")
                .kind(FieldKind::Prose { rows: 3 }),
            Field::new("minutes", "What was said", shown(&self.minutes))
                .hint("Markdown. What people saw and why it made sense to them, without blame")
                .kind(FieldKind::Prose { rows: 10 }),
            Field::hidden(VERSION, shown(&self.version)),
        ]
    }
}

impl Form for WaiveForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![Field::new("reason", "Why", &self.reason).kind(FieldKind::Prose { rows: 3 }).required()]
    }
}

verb! {
    /// Opens a review of a case.
    Open: CaseReviews, OpenForm => NewReview, "Open a review", "Open it",
    "What made it possible? Nobody is blamed here.",
    back: |path| Crumb {
        href: format!("{}#causes", paths::Case { case: path.case }),
        words: path.case.to_string(),
    },
    begin: |app, viewer, path| {
        let case = app.run(&viewer.identity, ShowCase { case: path.case })?;
        Ok(OpenForm {
            problem: case.title,
            kind: ReviewKind::FiveWhys.as_str().to_owned(),
            ..OpenForm::default()
        })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let kind = read.optional("kind", &form.kind);
        let problem = read.optional("problem", &form.problem);
        let facilitator = read.optional("facilitator", &form.facilitator);
        let participants = read.names("participants", &form.participants);
        let due_on = read.optional_day("due_on", &form.due_on);
        read.done()?;
        Ok(NewReview {
            case: path.case,
            kind: kind?,
            problem: problem?,
            facilitator: facilitator?,
            participants: participants?,
            due_on: due_on?,
        })
    },
}

verb! {
    /// Sets the day.
    Schedule: ReviewDate, ScheduleForm => ScheduleReview, "Set the day", "Save", "",
    back: |path| back_to(path.review),
    begin: |app, viewer, path| {
        Ok(ScheduleForm { on: review_of(app, viewer, path.review)?.due_on })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let on = read.day("on", &form.on, "say on which day");
        read.done()?;
        Ok(ScheduleReview { review: path.review, on: on? })
    },
}

verb! {
    /// It took place.
    Hold: Meeting, HoldForm => HoldReview, "The meeting", "Save", "",
    back: |path| back_to(path.review),
    begin: |app, viewer, path| {
        let review = review_of(app, viewer, path.review)?;
        Ok(HoldForm {
            on: Some(review.held_on.unwrap_or_default()),
            participants: Some(review.participants.join("\n")),
            minutes: Some(review.minutes.unwrap_or_default()),
            version: Some(review.version.to_string()),
        })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let on = read.optional_day("on", shown(&form.on));
        let participants = form.participants.as_ref().map(|names| read.names("participants", names)).transpose();
        let minutes = read.set("minutes", &form.minutes);
        let version = read.version(shown(&form.version));
        read.done()?;
        Ok(HoldReview {
            review: path.review,
            version: version?,
            on: on?,
            participants: participants?,
            minutes: minutes?,
        })
    },
}

verb! {
    /// Submits the causes for approval.
    Submit: Submission, NothingForm => SubmitReview, "Submit for approval", "Submit",
    "The causes stand still from here on; somebody else approves them or sends them back.",
    back: |path| back_to(path.review),
    begin: |app, viewer, path| review_of(app, viewer, path.review).map(|_| NothingForm::default()),
    parse: |path, _| Ok(SubmitReview { review: path.review }),
}

verb! {
    /// Approves a review.
    Approve: ReviewApproval, NothingForm => ApproveReview, "Approve the review", "Approve",
    "Your name stands under it. Nobody approves their own.",
    back: |path| back_to(path.review),
    begin: |app, viewer, path| review_of(app, viewer, path.review).map(|_| NothingForm::default()),
    parse: |path, _| Ok(ApproveReview { review: path.review }),
}

verb! {
    /// Sends a review back.
    SendBack: ReviewReturn, NothingForm => SendReviewBack, "Send it back", "Send it back",
    "The causes can be changed again. Say in a comment on the case what is missing.",
    back: |path| back_to(path.review),
    begin: |app, viewer, path| review_of(app, viewer, path.review).map(|_| NothingForm::default()),
    parse: |path, _| Ok(SendReviewBack { review: path.review }),
}

verb! {
    /// Waives a review.
    Waive: Waiver, WaiveForm => WaiveReview, "Waive the review", "Waive",
    "Shown as an exception beside every figure of the loop.",
    back: |path| back_to(path.review),
    begin: |app, viewer, path| review_of(app, viewer, path.review).map(|_| WaiveForm::default()),
    parse: |path, form| {
        let mut read = Reader::default();
        let reason = read.required("reason", &form.reason, "say why no review is held");
        read.done()?;
        Ok(WaiveReview { review: path.review, reason: reason? })
    },
}
