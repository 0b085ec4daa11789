//! What is added to a case: moments, costs, comments; and gaps that an import left.

use nevertwice_domain::case::{CostBasis, CostKind, TimelineKind};
use nevertwice_domain::money::Money;
use nevertwice_service::ServiceError;
use nevertwice_service::case::{AddComment, AddCost, AddTimelineEntry, SettleGap};

use super::{back_to, case_of};
use crate::app::App;
use crate::form::{Errors, Reader, form};
use crate::help::Help;
use crate::paths::{Comments, Costs, GapSettlement, Timeline};
use crate::ui::{Choice, Crumb, Field, FieldKind, choices};
use crate::verb::{Act, Form, Verb};
use crate::viewer::Viewer;

/// Adds a moment to the timeline.
pub(crate) struct NoteMoment;
/// Adds a cost.
pub(crate) struct NoteCost;
/// Adds a comment.
pub(crate) struct Comment;
/// Settles a gap.
pub(crate) struct Settle;

form! {
    /// A moment of the timeline.
    MomentForm {
        /// `occurred`, `detected`, `diagnosed`, `contained`, `recovered` or `key_moment`.
        kind,
        /// When it happened, at the precision that is known.
        occurred,
        /// What happened.
        text,
        /// Where we know it from.
        source,
    }
}

form! {
    /// A cost: an amount, or labour at a rate.
    CostForm {
        /// What it went into.
        kind,
        /// `estimate` or `actual`.
        basis,
        /// The amount with its currency, such as `1200 EUR`.
        amount,
        /// Hours of labour, such as `3.5`.
        labour_hours,
        /// The rate of an hour with its currency.
        hourly_rate,
        /// Lower end of an estimate.
        minimum,
        /// Upper end of an estimate.
        maximum,
        /// The day it is counted at.
        incurred_on,
        /// Anything worth knowing.
        note,
    }
}

form! {
    /// A comment.
    CommentForm {
        /// What it says, in Markdown.
        text,
        /// `yes`: a question to whoever reported the case without an account, who sees it by their receipt.
        to_reporter,
    }
}

form! {
    /// What becomes of a gap.
    SettleForm {
        /// `filled` or `left`.
        outcome,
        /// What was done, or why it is left.
        settlement,
    }
}

impl Form for MomentForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("kind", "What kind of moment", &self.kind)
                .kind(FieldKind::Select { choices: choices::<TimelineKind>(), none: None }),
            Field::new("occurred", "When", &self.occurred)
                .hint("As exactly as it is known: 2026-03, 2026-03-17, 2026-03-17T10:22+02:00")
                .kind(FieldKind::When)
                .required(),
            Field::new("text", "What happened", &self.text).kind(FieldKind::Prose { rows: 3 }).required(),
            Field::new("source", "Where we know it from", &self.source).hint("A log, a person, a message"),
        ]
    }
}

impl Act for NoteMoment {
    type Path = Timeline;
    type Form = MomentForm;
    type UseCase = AddTimelineEntry;
    const TITLE: &'static str = "Add to the timeline";

    fn parse(path: &Timeline, form: &MomentForm) -> Result<AddTimelineEntry, Errors> {
        let mut read = Reader::default();
        let kind = read.required("kind", &form.kind, "choose the kind of moment");
        let occurred = read.required("occurred", &form.occurred, "say when, as exactly as it is known");
        let text = read.required("text", &form.text, "say what happened");
        let source = read.optional("source", &form.source);
        read.done()?;
        Ok(AddTimelineEntry {
            case: path.case,
            kind: kind?,
            occurred: occurred?,
            text: text?,
            source: source?,
        })
    }
}

impl Verb for NoteMoment {
    const BUTTON: &'static str = "Add";

    fn back(path: &Timeline) -> Crumb {
        back_to(path.case, "timeline")
    }

    fn begin(app: &App, viewer: &Viewer, path: &Timeline) -> Result<MomentForm, ServiceError> {
        case_of(app, viewer, path.case)?;
        Ok(MomentForm { kind: TimelineKind::KeyMoment.as_str().to_owned(), ..MomentForm::default() })
    }
}

impl Form for CostForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        let money = "With its currency, such as 1200 EUR";
        vec![
            Field::new("kind", "What it went into", &self.kind)
                .kind(FieldKind::Select { choices: choices::<CostKind>(), none: None }),
            Field::new("basis", "How sure", &self.basis)
                .kind(FieldKind::Radio { choices: choices::<CostBasis>() }),
            Field::new("amount", "Amount", &self.amount).hint(money).kind(FieldKind::When),
            Field::new("labour_hours", "Or hours of labour", &self.labour_hours)
                .hint("Such as 3.5; with the rate below they make the amount")
                .kind(FieldKind::When),
            Field::new("hourly_rate", "Rate of an hour", &self.hourly_rate).hint(money).kind(FieldKind::When),
            Field::new("minimum", "At least", &self.minimum)
                .hint("Lower end of an estimate")
                .kind(FieldKind::When),
            Field::new("maximum", "At most", &self.maximum)
                .hint("Upper end of an estimate")
                .kind(FieldKind::When),
            Field::new("incurred_on", "Counted at", &self.incurred_on).kind(FieldKind::Day),
            Field::new("note", "Note", &self.note).kind(FieldKind::Prose { rows: 2 }),
        ]
    }
}

impl Act for NoteCost {
    type Path = Costs;
    type Form = CostForm;
    type UseCase = AddCost;
    const TITLE: &'static str = "Add a cost";

    fn parse(path: &Costs, form: &CostForm) -> Result<AddCost, Errors> {
        let mut read = Reader::default();
        let kind = read.required("kind", &form.kind, "choose what it went into");
        let basis = read.required("basis", &form.basis, "choose whether it is an estimate");
        let amount = read.optional::<Money>("amount", &form.amount);
        let labour_minutes = minutes(&mut read, &form.labour_hours);
        let hourly_rate = read.optional::<Money>("hourly_rate", &form.hourly_rate);
        let minimum = read.optional("minimum", &form.minimum);
        let maximum = read.optional("maximum", &form.maximum);
        let incurred_on = read.optional_day("incurred_on", &form.incurred_on);
        let note = read.optional("note", &form.note);
        if form.amount.trim().is_empty() && form.labour_hours.trim().is_empty() {
            read.refuse("amount", "say how much, or give hours of labour and their rate");
        }
        read.done()?;
        Ok(AddCost {
            case: path.case,
            kind: kind?,
            basis: basis?,
            amount: amount?,
            labour_minutes,
            hourly_rate: hourly_rate?,
            minimum: minimum?,
            maximum: maximum?,
            incurred_on: incurred_on?,
            note: note?,
        })
    }
}

impl Verb for NoteCost {
    const BUTTON: &'static str = "Add";

    fn back(path: &Costs) -> Crumb {
        back_to(path.case, "costs")
    }

    fn begin(app: &App, viewer: &Viewer, path: &Costs) -> Result<CostForm, ServiceError> {
        case_of(app, viewer, path.case)?;
        Ok(CostForm {
            kind: CostKind::ResponseLabour.as_str().to_owned(),
            basis: CostBasis::Estimate.as_str().to_owned(),
            ..CostForm::default()
        })
    }
}

/// Most hours of labour on one line: a hundred people for a year.
const MOST_HOURS: f64 = 200_000.0;

/// Hours with a fraction as whole minutes.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number is checked to lie between 0 and the limit"
)]
fn minutes(read: &mut Reader, text: &str) -> Option<u32> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    match text.replace(',', ".").parse::<f64>() {
        Ok(hours) if (0.0..=MOST_HOURS).contains(&hours) => Some((hours * 60.0).round() as u32),
        _ => {
            read.refuse(
                "labour_hours",
                format!("{text:?} is not a number of hours; expected one such as 3.5"),
            );
            None
        }
    }
}

impl Form for CommentForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        let text = Field::new("text", "Comment", &self.text)
            .hint("Markdown; @name tells somebody")
            .kind(FieldKind::Prose { rows: 4 })
            .required();
        // It is asked where there is a choice alone: there something always stands in it.
        let to = (!self.to_reporter.is_empty()).then(|| to_reporter(&self.to_reporter));
        [Some(text), to].into_iter().flatten().collect()
    }
}

/// What stands for a comment that stays within the company.
pub(crate) const TO_COLLEAGUES: &str = "no";

/// To whom a comment is, on a case that somebody reported without an account.
pub(crate) fn to_reporter(said: &str) -> Field<'_> {
    let choice = |value: &str, words: &str, hint| Choice { value: value.into(), words: words.into(), hint };
    let choices = vec![
        choice(TO_COLLEAGUES, "Those who may read the case", None),
        choice("yes", "Ask whoever reported it", Some("they see it by their receipt, but not who asks")),
    ];
    Field::new("to_reporter", "Who is it for", said).kind(FieldKind::Radio { choices }).required()
}

impl Act for Comment {
    type Path = Comments;
    type Form = CommentForm;
    type UseCase = AddComment;
    const TITLE: &'static str = "Comment";

    fn parse(path: &Comments, form: &CommentForm) -> Result<AddComment, Errors> {
        let mut read = Reader::default();
        let text = read.required("text", &form.text, "write something");
        let to_reporter = read.is_yes("to_reporter", &form.to_reporter);
        read.done()?;
        Ok(AddComment { case: path.case, text: text?, to_reporter: to_reporter? })
    }
}

impl Verb for Comment {
    const BUTTON: &'static str = "Comment";

    fn back(path: &Comments) -> Crumb {
        back_to(path.case, "comments")
    }

    fn begin(app: &App, viewer: &Viewer, path: &Comments) -> Result<CommentForm, ServiceError> {
        let case = case_of(app, viewer, path.case)?;
        let may_ask = case.may.iter().any(|verb| verb == "ask_reporter");
        let to_reporter = if may_ask { TO_COLLEAGUES.to_owned() } else { String::new() };
        Ok(CommentForm { to_reporter, ..CommentForm::default() })
    }
}

impl Form for SettleForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        let choice = |value: &str, words: &str| Choice {
            value: value.to_owned(),
            words: words.to_owned(),
            hint: None,
        };
        let outcomes = vec![choice("filled", "It was filled"), choice("left", "It is left as it is")];
        vec![
            Field::new("outcome", "What becomes of it", &self.outcome)
                .kind(FieldKind::Radio { choices: outcomes })
                .required(),
            Field::new("settlement", "What was done, or why it is left", &self.settlement)
                .kind(FieldKind::Prose { rows: 3 })
                .required(),
        ]
    }
}

impl Act for Settle {
    type Path = GapSettlement;
    type Form = SettleForm;
    type UseCase = SettleGap;
    const TITLE: &'static str = "Settle a gap";
    const LEAD: &'static str = "Something that the imported source did not say.";

    fn parse(path: &GapSettlement, form: &SettleForm) -> Result<SettleGap, Errors> {
        let mut read = Reader::default();
        if !matches!(form.outcome.as_str(), "filled" | "left") {
            read.refuse("outcome", "choose what becomes of it");
        }
        let settlement =
            read.required("settlement", &form.settlement, "say what was done, or why it is left");
        read.done()?;
        Ok(SettleGap {
            case: path.case,
            gap: path.gap.clone(),
            filled: form.outcome == "filled",
            settlement: settlement?,
        })
    }
}

impl Verb for Settle {
    const BUTTON: &'static str = "Settle";

    fn back(path: &GapSettlement) -> Crumb {
        back_to(path.case, "gaps")
    }

    fn begin(app: &App, viewer: &Viewer, path: &GapSettlement) -> Result<SettleForm, ServiceError> {
        let case = case_of(app, viewer, path.case)?;
        if !case.gaps.iter().any(|gap| gap.id == path.gap) {
            return Err(ServiceError::not_found(format!("gap {} of {}", path.gap, path.case)));
        }
        Ok(SettleForm { outcome: "filled".to_owned(), settlement: String::new() })
    }
}
