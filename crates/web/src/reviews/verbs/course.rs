//! The course of a review.

use nevertwice_domain::review::{Followed, ReviewKind};
use nevertwice_service::case::ShowCase;
use nevertwice_service::review::{
    ApproveReview, EvaluateReview, HoldReview, NewReview, ScheduleReview, SendReviewBack, SubmitReview,
    WaiveReview,
};

use super::{back_to, review_of};
use crate::form::{Reader, form, shown};
use crate::help::Help;
use crate::paths::{
    self, CaseReviews, Meeting, ReviewApproval, ReviewDate, ReviewEvaluation, ReviewReturn, Submission,
    Waiver,
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
        /// By when it is to be held; when the procedure asks for it if empty.
        due_on,
        /// Further cases that are looked at in one sitting, references apart by commas.
        also,
        /// `yes` if the review is about what these cases have in common.
        is_trend,
    }
}

form! {
    /// The day of a review.
    ScheduleForm {
        /// The day.
        on,
        /// What those who take part are asked beforehand, one question a line.
        questions,
        /// The version that was seen.
        version,
    }
}

form! {
    /// The version of a review that is approved.
    ApproveReviewForm {
        /// The version that was seen.
        version,
    }
}

form! {
    /// How the response went.
    EvaluateForm {
        /// What went well and should be kept.
        went_well,
        /// Where it was luck that it did not get worse.
        was_lucky,
        /// What surprised those who know how the work is done.
        surprised,
        /// Whether the procedure was followed: `yes`, `partly` or `no`.
        followed,
        /// Where it was not, and what made that sensible.
        deviations,
        /// The version that was seen.
        version,
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
    /// What sends a review back.
    SendBackForm {
        /// What is missing.
        reason,
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
            Field::new("kind", "How deep", &self.kind)
                .hint("As deep as the procedure asks for, if nothing is chosen, and never less")
                .kind(FieldKind::Radio { choices: kinds }),
            Field::new("facilitator", "Who leads it", &self.facilitator)
                .hint("You, if empty")
                .kind(FieldKind::Suggested { suggestions: &help.people }),
            Field::new("participants", "Who takes part", &self.participants)
                .hint("One name a line")
                .kind(FieldKind::Prose { rows: 3 }),
            Field::new("due_on", "By when", &self.due_on)
                .hint("When the procedure asks for it, if empty")
                .kind(FieldKind::Day),
            Field::new("also", "Further cases", &self.also)
                .hint("References apart by commas: cases that are looked at in one sitting"),
            Field::new("is_trend", "The review is about what these cases have in common", &self.is_trend)
                .kind(FieldKind::Check),
        ]
    }
}

impl Form for ScheduleForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("on", "The day", &self.on).kind(FieldKind::Day).required(),
            Field::new("questions", "Asked beforehand", &self.questions)
                .hint("One question a line; whoever takes part is told. How and what, rarely why")
                .kind(FieldKind::Prose { rows: 5 }),
            Field::hidden(VERSION, &self.version),
        ]
    }
}

impl Form for ApproveReviewForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![Field::hidden(VERSION, &self.version)]
    }
}

impl Form for EvaluateForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        let long = |name, label, value: &'a str, hint| {
            Field::new(name, label, value).hint(hint).kind(FieldKind::Prose { rows: 3 })
        };
        vec![
            long("went_well", "What went well", &self.went_well, "And should be kept").required(),
            long(
                "was_lucky",
                "Where were we lucky",
                &self.was_lucky,
                "What kept it from getting worse that nobody had planned",
            ),
            long(
                "surprised",
                "What surprised us",
                &self.surprised,
                "Those who know how the work is really done",
            ),
            Field::new("followed", "Was the procedure followed", &self.followed)
                .kind(FieldKind::Radio { choices: choices::<Followed>() })
                .required(),
            long(
                "deviations",
                "Where not, and why that made sense",
                &self.deviations,
                "The procedure may be what has to change",
            ),
            Field::hidden(VERSION, &self.version),
        ]
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

impl Form for SendBackForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("reason", "What is missing", &self.reason)
                .kind(FieldKind::Prose { rows: 3 })
                .required(),
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
    adds: true,
    begin: |app, viewer, path| {
        let case = app.run(&viewer.identity, ShowCase { case: path.case })?;
        Ok(OpenForm {
            problem: case.title,
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
        let also = read.words("also", &form.also);
        let is_trend = read.is_yes("is_trend", &form.is_trend);
        read.done()?;
        Ok(NewReview {
            case: path.case,
            kind: kind?,
            problem: problem?,
            facilitator: facilitator?,
            participants: participants?,
            due_on: due_on?,
            also: also?,
            is_trend: is_trend?,
        })
    },
}

verb! {
    /// Sets the day.
    Schedule: ReviewDate, ScheduleForm => ScheduleReview, "Set the day", "Save", "",
    back: |path| back_to(path.review),
    begin: |app, viewer, path| {
        let review = review_of(app, viewer, path.review)?;
        let asked = if review.asked.is_empty() { beforehand(&review.kind) } else { review.asked };
        Ok(ScheduleForm {
            on: review.scheduled_on.unwrap_or(review.due_on),
            questions: asked.join("\n"),
            version: review.version.to_string(),
        })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let on = read.day("on", &form.on, "say on which day");
        let questions = read.names("questions", &form.questions);
        let version = read.version(&form.version);
        read.done()?;
        Ok(ScheduleReview { review: path.review, version: version?, on: on?, questions: questions? })
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
    Approve: ReviewApproval, ApproveReviewForm => ApproveReview, "Approve the review", "Approve",
    "Your name stands under what it says now. Nobody approves their own.",
    back: |path| back_to(path.review),
    begin: |app, viewer, path| {
        Ok(ApproveReviewForm { version: review_of(app, viewer, path.review)?.version.to_string() })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let version = read.version(&form.version);
        read.done()?;
        Ok(ApproveReview { review: path.review, version: version? })
    },
}

verb! {
    /// Sends a review back.
    SendBack: ReviewReturn, SendBackForm => SendReviewBack, "Send it back", "Send it back",
    "The causes can be changed again. Whoever leads it is told, and a comment on the case says what is missing.",
    back: |path| back_to(path.review),
    begin: |app, viewer, path| review_of(app, viewer, path.review).map(|_| SendBackForm::default()),
    parse: |path, form| {
        let mut read = Reader::default();
        let reason = read.required("reason", &form.reason, "say what is missing");
        read.done()?;
        Ok(SendReviewBack { review: path.review, reason: reason? })
    },
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

verb! {
    /// Says how the response went.
    Evaluate: ReviewEvaluation, EvaluateForm => EvaluateReview, "How the response went", "Save",
    "Of the response, not of people: what to keep, where it was luck, what nobody expected.",
    back: |path| back_to(path.review),
    begin: |app, viewer, path| {
        let review = review_of(app, viewer, path.review)?;
        let version = review.version.to_string();
        let Some(said) = review.evaluation else {
            return Ok(EvaluateForm { version, ..EvaluateForm::default() });
        };
        Ok(EvaluateForm {
            went_well: said.went_well,
            was_lucky: said.was_lucky.unwrap_or_default(),
            surprised: said.surprised.unwrap_or_default(),
            followed: said.followed,
            deviations: said.deviations.unwrap_or_default(),
            version,
        })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let went_well = read.required("went_well", &form.went_well, "say what went well; something did");
        let was_lucky = read.optional("was_lucky", &form.was_lucky);
        let surprised = read.optional("surprised", &form.surprised);
        let followed = read.required("followed", &form.followed, "say whether the procedure was followed");
        let deviations = read.optional("deviations", &form.deviations);
        let version = read.version(&form.version);
        read.done()?;
        Ok(EvaluateReview {
            review: path.review,
            version: version?,
            went_well: went_well?,
            was_lucky: was_lucky?,
            surprised: surprised?,
            followed: followed?,
            deviations: deviations?,
        })
    },
}

/// What a kind of review asks beforehand, to begin with.
fn beforehand(kind: &str) -> Vec<String> {
    kind.parse().map_or_else(
        |_| Vec::new(),
        |kind: ReviewKind| {
            nevertwice_domain::review::beforehand(kind)
                .iter()
                .map(|question| (*question).to_owned())
                .collect()
        },
    )
}
