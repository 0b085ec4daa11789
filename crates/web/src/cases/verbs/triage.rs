//! Triage: what it is, how bad, and whether it is an information security incident (A.5.25).

use nevertwice_domain::case::{Class, Decision as EventDecision};
use nevertwice_service::ServiceError;
use nevertwice_service::case::{ClassifyCase, DecideCase};

use super::{back_to, case_of};
use crate::app::App;
use crate::form::{Errors, Reader, form};
use crate::help::Help;
use crate::paths::{Classification, Decision};
use crate::ui::{Choice, Crumb, Field, FieldKind, choices};
use crate::verb::{Act, Form, Verb};
use crate::viewer::Viewer;

/// Decides class and severity.
pub(crate) struct Classify;

/// Decides whether an event is an incident.
pub(crate) struct Decide;

form! {
    /// What a case is and how bad.
    ClassifyForm {
        /// `event`, `weakness`, `near_miss` or `incident`.
        class,
        /// 1 (least) to 5 (worst).
        severity,
        /// One of the company's categories.
        category,
        /// The version that was seen.
        version,
    }
}

form! {
    /// The event decision.
    DecideForm {
        /// `incident` or `not_an_incident`.
        decision,
        /// By which criteria.
        criteria,
        /// The version that was seen.
        version,
    }
}

impl Form for ClassifyForm {
    fn fields<'a>(&'a self, help: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("class", "What is it", &self.class)
                .kind(FieldKind::Radio { choices: classes() })
                .required(),
            Field::new("severity", "How bad", &self.severity)
                .hint("5 is worst")
                .kind(FieldKind::Select { choices: help.severities(), none: Some("Not decided") }),
            Field::new("category", "Category", &self.category)
                .kind(FieldKind::Suggested { suggestions: &help.categories }),
            Field::hidden("version", &self.version),
        ]
    }
}

/// The four classes with what each means.
pub(crate) fn classes() -> Vec<Choice> {
    let hint = |class: &str| match class {
        "event" => "something happened that could be a breach",
        "weakness" => "a flaw that could lead to one",
        "near_miss" => "stopped before harm was done",
        _ => "harm or compromise occurred, or is confirmed",
    };
    let with_hint = |choice: Choice| Choice { hint: Some(hint(&choice.value)), ..choice };
    choices::<Class>().into_iter().map(with_hint).collect()
}

impl Act for Classify {
    type Path = Classification;
    type Form = ClassifyForm;
    type UseCase = ClassifyCase;
    const TITLE: &'static str = "Triage";
    const LEAD: &'static str = "What it is can be changed later; every change stays in the timeline.";

    fn parse(path: &Classification, form: &ClassifyForm) -> Result<ClassifyCase, Errors> {
        let mut read = Reader::default();
        let class = read.required("class", &form.class, "choose what it is");
        let severity = read.optional("severity", &form.severity);
        let category = read.optional("category", &form.category);
        let version = read.version(&form.version);
        read.done()?;
        Ok(ClassifyCase {
            case: path.case,
            version: version?,
            class: class?,
            severity: severity?,
            category: category?,
        })
    }
}

impl Verb for Classify {
    const BUTTON: &'static str = "Save";

    fn back(path: &Classification) -> Crumb {
        back_to(path.case, "")
    }

    fn begin(app: &App, viewer: &Viewer, path: &Classification) -> Result<ClassifyForm, ServiceError> {
        let case = case_of(app, viewer, path.case)?;
        Ok(ClassifyForm {
            class: case.class,
            severity: case.severity.map(|level| level.to_string()).unwrap_or_default(),
            category: case.category.unwrap_or_default(),
            version: case.version.to_string(),
        })
    }
}

impl Form for DecideForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        let decisions =
            choices::<EventDecision>().into_iter().filter(|choice| choice.value != "undecided").collect();
        vec![
            Field::new("decision", "Is it an information security incident", &self.decision)
                .kind(FieldKind::Radio { choices: decisions })
                .required(),
            Field::new("criteria", "By which criteria", &self.criteria)
                .hint("What an auditor will ask: which rule of the procedure, and what about this case meets it")
                .kind(FieldKind::Prose { rows: 5 })
                .required(),
            Field::hidden("version", &self.version),
        ]
    }
}

impl Act for Decide {
    type Path = Decision;
    type Form = DecideForm;
    type UseCase = DecideCase;
    const TITLE: &'static str = "Event decision";
    const LEAD: &'static str = "Kept with your name and the time (ISO/IEC 27001 A.5.25).";

    fn parse(path: &Decision, form: &DecideForm) -> Result<DecideCase, Errors> {
        let mut read = Reader::default();
        let decision = read.required("decision", &form.decision, "choose one");
        let criteria = read.required("criteria", &form.criteria, "say by which criteria it was decided");
        let version = read.version(&form.version);
        read.done()?;
        Ok(DecideCase { case: path.case, version: version?, decision: decision?, criteria: criteria? })
    }
}

impl Verb for Decide {
    const BUTTON: &'static str = "Decide";

    fn back(path: &Decision) -> Crumb {
        back_to(path.case, "")
    }

    fn begin(app: &App, viewer: &Viewer, path: &Decision) -> Result<DecideForm, ServiceError> {
        let case = case_of(app, viewer, path.case)?;
        Ok(DecideForm {
            decision: case.decision,
            criteria: case.decision_criteria.unwrap_or_default(),
            version: case.version.to_string(),
        })
    }
}
