//! The course of a case: taken on, resolved, closed, opened again, declared void.

use nevertwice_service::ServiceError;
use nevertwice_service::case::{CloseCase, ReopenCase, ResolveCase, RespondToCase, VoidCase};

use super::{back_to, case_of};
use crate::app::App;
use crate::form::{Errors, Reader, form};
use crate::help::Help;
use crate::paths::{CaseResponse, Closure, Reopening, Resolution, Voiding};
use crate::ui::{Choice, Crumb, Field, FieldKind};
use crate::verb::{Act, Form, Verb};
use crate::viewer::Viewer;

/// Somebody starts working on it.
pub(crate) struct TakeOn;
/// Service is as before.
pub(crate) struct Resolve;
/// The loop is complete.
pub(crate) struct Close;
/// It was not over.
pub(crate) struct Reopen;
/// It should not have been entered.
pub(crate) struct Void;

form! {
    /// Who takes a case on.
    TakeOnForm {
        /// Who; whoever asks if empty.
        responder,
    }
}

form! {
    /// When service was as before.
    ResolveForm {
        /// When; now if empty.
        at,
    }
}

form! {
    /// Closing.
    CloseCaseForm {
        /// The version that was seen.
        version,
    }
}

form! {
    /// Why a case is opened again.
    ReopenForm {
        /// `response` or `review`.
        to,
        /// Why.
        reason,
    }
}

form! {
    /// Why a case is void.
    VoidForm {
        /// Why.
        reason,
    }
}

impl Form for TakeOnForm {
    fn fields<'a>(&'a self, help: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("responder", "Who works on it", &self.responder)
                .hint("Empty means you; to put somebody else to work is for an ISMS manager")
                .kind(FieldKind::Suggested { suggestions: &help.people }),
        ]
    }
}

impl Act for TakeOn {
    type Path = CaseResponse;
    type Form = TakeOnForm;
    type UseCase = RespondToCase;
    const TITLE: &'static str = "Respond";

    fn parse(path: &CaseResponse, form: &TakeOnForm) -> Result<RespondToCase, Errors> {
        let mut read = Reader::default();
        let responder = read.optional("responder", &form.responder);
        read.done()?;
        Ok(RespondToCase { case: path.case, responder: responder? })
    }
}

impl Verb for TakeOn {
    const BUTTON: &'static str = "Start the response";

    fn back(path: &CaseResponse) -> Crumb {
        back_to(path.case, "")
    }

    fn begin(app: &App, viewer: &Viewer, path: &CaseResponse) -> Result<TakeOnForm, ServiceError> {
        case_of(app, viewer, path.case)?;
        Ok(TakeOnForm::default())
    }
}

impl Form for ResolveForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("at", "Since when is service as before", &self.at)
                .hint("Such as 2026-03-17 or 2026-03-17T10:22; empty means now")
                .kind(FieldKind::When),
        ]
    }
}

impl Act for Resolve {
    type Path = Resolution;
    type Form = ResolveForm;
    type UseCase = ResolveCase;
    const TITLE: &'static str = "Resolve";
    const LEAD: &'static str = "The response is over. The review comes next: what made it possible?";

    fn parse(path: &Resolution, form: &ResolveForm) -> Result<ResolveCase, Errors> {
        let mut read = Reader::default();
        let at = read.optional("at", &form.at);
        read.done()?;
        Ok(ResolveCase { case: path.case, at: at? })
    }
}

impl Verb for Resolve {
    const BUTTON: &'static str = "Resolved";

    fn back(path: &Resolution) -> Crumb {
        back_to(path.case, "")
    }

    fn begin(app: &App, viewer: &Viewer, path: &Resolution) -> Result<ResolveForm, ServiceError> {
        let case = case_of(app, viewer, path.case)?;
        Ok(ResolveForm { at: case.resolved.unwrap_or_default() })
    }
}

impl Form for CloseCaseForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![Field::hidden("version", &self.version)]
    }
}

impl Act for Close {
    type Path = Closure;
    type Form = CloseCaseForm;
    type UseCase = CloseCase;
    const TITLE: &'static str = "Close";
    const LEAD: &'static str =
        "Review approved, causes found, lessons approved, actions finished: the register checks all of it.";

    fn parse(path: &Closure, form: &CloseCaseForm) -> Result<CloseCase, Errors> {
        let mut read = Reader::default();
        let version = read.version(&form.version);
        read.done()?;
        Ok(CloseCase { case: path.case, version: version? })
    }
}

impl Verb for Close {
    const BUTTON: &'static str = "Close the case";

    fn back(path: &Closure) -> Crumb {
        back_to(path.case, "")
    }

    fn begin(app: &App, viewer: &Viewer, path: &Closure) -> Result<CloseCaseForm, ServiceError> {
        Ok(CloseCaseForm { version: case_of(app, viewer, path.case)?.version.to_string() })
    }
}

impl Form for ReopenForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        let choice = |value: &str, words: &str| Choice {
            value: value.to_owned(),
            words: words.to_owned(),
            hint: None,
        };
        let places = vec![
            choice("review", "To the review: the causes were not understood"),
            choice("response", "To the response: it is not over"),
        ];
        vec![
            Field::new("to", "Where to", &self.to).kind(FieldKind::Radio { choices: places }).required(),
            Field::new("reason", "Why", &self.reason).kind(FieldKind::Prose { rows: 4 }).required(),
        ]
    }
}

impl Act for Reopen {
    type Path = Reopening;
    type Form = ReopenForm;
    type UseCase = ReopenCase;
    const TITLE: &'static str = "Open again";
    const LEAD: &'static str = "Counted and dated; nothing that was written is lost.";

    fn parse(path: &Reopening, form: &ReopenForm) -> Result<ReopenCase, Errors> {
        let mut read = Reader::default();
        if !matches!(form.to.as_str(), "review" | "response") {
            read.refuse("to", format!("{:?} is no place; expected review or response", form.to));
        }
        let reason = read.required("reason", &form.reason, "say why it is opened again");
        read.done()?;
        Ok(ReopenCase { case: path.case, to_response: form.to == "response", reason: reason? })
    }
}

impl Verb for Reopen {
    const BUTTON: &'static str = "Open again";

    fn back(path: &Reopening) -> Crumb {
        back_to(path.case, "")
    }

    fn begin(app: &App, viewer: &Viewer, path: &Reopening) -> Result<ReopenForm, ServiceError> {
        case_of(app, viewer, path.case)?;
        Ok(ReopenForm { to: "review".to_owned(), reason: String::new() })
    }
}

impl Form for VoidForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![Field::new("reason", "Why", &self.reason).kind(FieldKind::Prose { rows: 4 }).required()]
    }
}

impl Act for Void {
    type Path = Voiding;
    type Form = VoidForm;
    type UseCase = VoidCase;
    const TITLE: &'static str = "Declare void";
    const LEAD: &'static str = "For what should not have been entered, such as a test or a double. Its number stays visible with the reason.";

    fn parse(path: &Voiding, form: &VoidForm) -> Result<VoidCase, Errors> {
        let mut read = Reader::default();
        let reason = read.required("reason", &form.reason, "say why it is void");
        read.done()?;
        Ok(VoidCase { case: path.case, reason: reason? })
    }
}

impl Verb for Void {
    const BUTTON: &'static str = "Declare void";

    fn back(path: &Voiding) -> Crumb {
        back_to(path.case, "")
    }

    fn begin(app: &App, viewer: &Viewer, path: &Voiding) -> Result<VoidForm, ServiceError> {
        case_of(app, viewer, path.case)?;
        Ok(VoidForm::default())
    }
}
