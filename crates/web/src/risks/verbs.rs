//! What people do to a risk.

use nevertwice_domain::reference::RiskRef;
use nevertwice_domain::risk::Treatment;
use nevertwice_service::ServiceError;
use nevertwice_service::control::ListControls;
use nevertwice_service::risk::{
    AcceptRisk, AssessRisk, CloseRisk, EditRisk, LinkRisk, NewRisk, ReopenRisk, RiskView, ShowRisk,
};

use crate::app::App;
use crate::form::{Reader, form, shown};
use crate::help::Help;
use crate::paths::{
    self, NewRisk as NewRiskPath, RiskAcceptance, RiskAssessments, RiskClosure, RiskFacts, RiskLinks,
    RiskReopening,
};
use crate::ui::{Crumb, Field, FieldKind, choices};
use crate::verb::{Form, NothingForm, VERSION, verb};
use crate::viewer::Viewer;

form! {
    /// A risk with the first look at it.
    RiskForm {
        /// What could happen, in one line.
        title,
        /// More about it, in Markdown.
        description,
        /// Who answers for it: one person.
        owner,
        /// How likely it is, 1 to 5.
        likelihood,
        /// How bad it is, 1 to 5.
        impact,
        /// Why it is so, in Markdown.
        why,
        /// `mitigate`, `avoid`, `share` or `accept`.
        treatment,
        /// The case that showed it.
        case,
        /// The lesson of that case that asked for it.
        lesson,
    }
}

form! {
    /// Changes of a risk. What is absent stays, what is empty is cleared.
    partial RiskFactsForm {
        /// What could happen, in one line.
        title,
        /// More about it, in Markdown.
        description,
        /// Who answers for it: one person.
        owner,
        /// `mitigate`, `avoid`, `share` or `accept`.
        treatment,
        /// The version that was seen.
        version,
    }
}

form! {
    /// Another look at a risk.
    LookForm {
        /// How likely it is now, 1 to 5.
        likelihood,
        /// How bad it is now, 1 to 5.
        impact,
        /// Why it is so now, in Markdown; whoever may read the risk reads it.
        why,
        /// The case that asked for it.
        case,
        /// The lesson of that case that asked for it.
        lesson,
        /// The version that was seen.
        version,
    }
}

form! {
    /// Accepting what remains.
    AcceptRiskForm {
        /// The version that was seen.
        version,
    }
}

form! {
    /// A control or a case to link.
    LinkRiskForm {
        /// A control, such as `A.8.9` or `C-12`.
        control,
        /// A case.
        case,
        /// `yes`: the link is taken away.
        remove,
    }
}

form! {
    /// Why a risk is closed.
    CloseRiskForm {
        /// Why.
        reason,
    }
}

fn likelihood<'a>(value: &'a str, help: &Help) -> Field<'a> {
    Field::new("likelihood", "How likely", value)
        .kind(FieldKind::Select { choices: help.likelihoods(), none: Some("Choose") })
        .required()
}

fn impact<'a>(value: &'a str, help: &Help) -> Field<'a> {
    Field::new("impact", "How bad", value)
        .kind(FieldKind::Select { choices: help.impacts(), none: Some("Choose") })
        .required()
}

fn why(value: &str) -> Field<'_> {
    Field::new("why", "Why", value)
        .hint("Whoever may read the risk reads it: nothing that only a need-to-know list may know")
        .kind(FieldKind::Prose { rows: 4 })
        .required()
}

fn asking<'a>(case: &'a str, lesson: &'a str) -> [Field<'a>; 2] {
    [
        Field::new("case", "The case that asks for it", case)
            .hint("Such as CASE-2026-0042")
            .kind(FieldKind::When),
        Field::new("lesson", "The lesson that asks for it", lesson)
            .hint("Of that case, such as LSN-2026-0003")
            .kind(FieldKind::When),
    ]
}

/// What both forms of facts ask: title, description, owner, treatment.
fn facts<'a>([title, description, owner, treatment]: [&'a str; 4], help: &'a Help) -> Vec<Field<'a>> {
    vec![
        Field::new("title", "What could happen", title).required(),
        Field::new("description", "More about it", description)
            .hint("Markdown")
            .kind(FieldKind::Prose { rows: 4 }),
        Field::new("owner", "Who answers for it", owner)
            .hint("One person, who accepts what remains")
            .kind(FieldKind::Suggested { suggestions: &help.people })
            .required(),
        Field::new("treatment", "What is done about it", treatment)
            .kind(FieldKind::Select { choices: choices::<Treatment>(), none: None })
            .required(),
    ]
}

impl Form for RiskForm {
    fn fields<'a>(&'a self, help: &'a Help) -> Vec<Field<'a>> {
        let mut fields = facts([&self.title, &self.description, &self.owner, &self.treatment], help);
        fields.extend([likelihood(&self.likelihood, help), impact(&self.impact, help), why(&self.why)]);
        fields.extend(asking(&self.case, &self.lesson));
        fields
    }
}

impl Form for RiskFactsForm {
    fn fields<'a>(&'a self, help: &'a Help) -> Vec<Field<'a>> {
        let all = [&self.title, &self.description, &self.owner, &self.treatment];
        let mut fields = facts(all.map(shown), help);
        fields.push(Field::hidden(VERSION, shown(&self.version)));
        fields
    }
}

impl Form for LookForm {
    fn fields<'a>(&'a self, help: &'a Help) -> Vec<Field<'a>> {
        let mut fields = vec![likelihood(&self.likelihood, help), impact(&self.impact, help), why(&self.why)];
        fields.extend(asking(&self.case, &self.lesson));
        fields.push(Field::hidden(VERSION, &self.version));
        fields
    }
}

impl Form for AcceptRiskForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![Field::hidden(VERSION, &self.version)]
    }
}

impl Form for LinkRiskForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("control", "A control that keeps it small", &self.control)
                .hint("Such as A.8.9 or C-12")
                .kind(FieldKind::When),
            Field::new("case", "A case that it is about", &self.case)
                .hint("Such as CASE-2026-0042")
                .kind(FieldKind::When),
            Field::new("remove", "Take the link away", &self.remove).kind(FieldKind::Check),
        ]
    }
}

impl Form for CloseRiskForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![Field::new("reason", "Why", &self.reason).kind(FieldKind::Prose { rows: 3 }).required()]
    }
}

fn risk_of(app: &App, viewer: &Viewer, risk: RiskRef) -> Result<RiskView, ServiceError> {
    app.run(&viewer.identity, ShowRisk { risk })
}

fn back_to(risk: RiskRef) -> Crumb {
    Crumb { href: paths::Risk { risk }.to_string(), words: risk.to_string() }
}

verb! {
    /// Registers a risk.
    Register: NewRiskPath, RiskForm => NewRisk, "Register a risk", "Register it", "",
    back: |_| Crumb { href: paths::Risks.to_string(), words: "Risks".to_owned() },
    begin: |app, viewer, _| {
        app.run(&viewer.identity, ListControls::default())?;
        let treatment = Treatment::Mitigate.as_str().to_owned();
        Ok(RiskForm { treatment, ..RiskForm::default() })
    },
    parse: |_, form| {
        let mut read = Reader::default();
        let title = read.required("title", &form.title, "say what could happen");
        let description = read.optional("description", &form.description);
        let owner = read.required("owner", &form.owner, "name the one person who answers for it");
        let treatment = read.required("treatment", &form.treatment, "say what is done about it");
        let likelihood = read.required("likelihood", &form.likelihood, "say how likely it is");
        let impact = read.required("impact", &form.impact, "say how bad it is");
        let why = read.required("why", &form.why, "say why it is so");
        let case = read.optional("case", &form.case);
        let lesson = read.optional("lesson", &form.lesson);
        read.done()?;
        Ok(NewRisk {
            title: title?,
            description: description?,
            owner: owner?,
            treatment: treatment?,
            likelihood: likelihood?,
            impact: impact?,
            why: why?,
            case: case?,
            lesson: lesson?,
        })
    },
}

verb! {
    /// Changes the facts of a risk.
    ChangeFacts: RiskFacts, RiskFactsForm => EditRisk, "Change the risk", "Save", "",
    back: |path| back_to(path.risk),
    begin: |app, viewer, path| {
        let risk = risk_of(app, viewer, path.risk)?;
        Ok(RiskFactsForm {
            title: Some(risk.title),
            description: Some(risk.description.unwrap_or_default()),
            owner: Some(risk.owner),
            treatment: Some(risk.treatment),
            version: Some(risk.version.to_string()),
        })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let title = read.given("title", &form.title, "say what could happen");
        let description = read.set("description", &form.description);
        let owner = read.given("owner", &form.owner, "name the one person who answers for it");
        let treatment = read.given("treatment", &form.treatment, "say what is done about it");
        let version = read.version(shown(&form.version));
        read.done()?;
        Ok(EditRisk {
            risk: path.risk,
            version: version?,
            title: title?,
            description: description?,
            owner: owner?,
            treatment: treatment?,
        })
    },
}

verb! {
    /// Looks at a risk again.
    Assess: RiskAssessments, LookForm => AssessRisk, "Look at the risk again", "Save",
    "What it was before is kept beside what it is now. Its owner accepts what remains in a step of its own.",
    back: |path| back_to(path.risk),
    begin: |app, viewer, path| {
        let risk = risk_of(app, viewer, path.risk)?;
        Ok(LookForm {
            likelihood: risk.likelihood.to_string(),
            impact: risk.impact.to_string(),
            version: risk.version.to_string(),
            ..LookForm::default()
        })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let likelihood = read.required("likelihood", &form.likelihood, "say how likely it is");
        let impact = read.required("impact", &form.impact, "say how bad it is");
        let why = read.required("why", &form.why, "say why it is so now");
        let case = read.optional("case", &form.case);
        let lesson = read.optional("lesson", &form.lesson);
        let version = read.version(&form.version);
        read.done()?;
        Ok(AssessRisk {
            risk: path.risk,
            version: version?,
            likelihood: likelihood?,
            impact: impact?,
            why: why?,
            case: case?,
            lesson: lesson?,
        })
    },
}

verb! {
    /// Accepts what remains of a risk.
    Accept: RiskAcceptance, AcceptRiskForm => AcceptRisk, "Accept what remains", "Accept",
    "You bear what remains of this risk as it was assessed last. Only its owner accepts it; another look asks again.",
    back: |path| back_to(path.risk),
    begin: |app, viewer, path| {
        let risk = risk_of(app, viewer, path.risk)?;
        Ok(AcceptRiskForm { version: risk.version.to_string() })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let version = read.version(&form.version);
        read.done()?;
        Ok(AcceptRisk { risk: path.risk, version: version? })
    },
}

verb! {
    /// Links a control or a case to a risk.
    Link: RiskLinks, LinkRiskForm => LinkRisk, "Link a control or a case", "Save", "",
    back: |path| back_to(path.risk),
    begin: |app, viewer, path| risk_of(app, viewer, path.risk).map(|_| LinkRiskForm::default()),
    parse: |path, form| {
        let mut read = Reader::default();
        let control = read.optional("control", &form.control);
        let case = read.optional("case", &form.case);
        let remove = read.is_yes("remove", &form.remove);
        if form.control.trim().is_empty() && form.case.trim().is_empty() {
            read.refuse("control", "name a control or a case");
        }
        read.done()?;
        Ok(LinkRisk { risk: path.risk, control: control?, case: case?, remove: remove? })
    },
}

verb! {
    /// Closes a risk.
    Close: RiskClosure, CloseRiskForm => CloseRisk, "Close the risk", "Close", "It is gone. It stays readable, and can be opened again.",
    back: |path| back_to(path.risk),
    begin: |app, viewer, path| risk_of(app, viewer, path.risk).map(|_| CloseRiskForm::default()),
    parse: |path, form| {
        let mut read = Reader::default();
        let reason = read.required("reason", &form.reason, "say why");
        read.done()?;
        Ok(CloseRisk { risk: path.risk, reason: reason? })
    },
}

verb! {
    /// Opens a closed risk again.
    Reopen: RiskReopening, NothingForm => ReopenRisk, "Open the risk again", "Open it again", "",
    back: |path| back_to(path.risk),
    begin: |app, viewer, path| risk_of(app, viewer, path.risk).map(|_| NothingForm::default()),
    parse: |path, _| Ok(ReopenRisk { risk: path.risk }),
}
