//! Who may know of a case, and what it belongs to.

use nevertwice_domain::text::Line;
use nevertwice_service::ServiceError;
use nevertwice_service::case::{PartOfCase, RestrictCase};

use super::{back_to, case_of};
use crate::app::App;
use crate::form::{Errors, Reader, form};
use crate::help::Help;
use crate::paths::{Parent, Restriction};
use crate::ui::{Choice, Crumb, Field, FieldKind};
use crate::verb::{Act, Form, Verb};
use crate::viewer::Viewer;

/// Restricts a case to a need-to-know list, or opens it.
pub(crate) struct Restrict;
/// Makes a case a part of an incident.
pub(crate) struct MakePart;

form! {
    /// Who may know of a case.
    RestrictForm {
        /// `yes` to restrict it; anything else opens it to everybody whose role reads cases.
        restricted,
        /// Names besides one's own, one a line.
        readers,
    }
}

form! {
    /// What a case belongs to.
    PartForm {
        /// The reference of the incident; none makes it a case of its own.
        parent,
    }
}

impl Form for RestrictForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("restricted", "Who may know of it", &self.restricted)
                .kind(FieldKind::Radio { choices: circles() })
                .required(),
            Field::new("readers", "Who besides you", &self.readers)
                .hint("One name a line")
                .kind(FieldKind::Prose { rows: 3 }),
        ]
    }
}

fn circles() -> Vec<Choice> {
    let choice = |value: &str, words: &str, hint| Choice { value: value.into(), words: words.into(), hint };
    let hidden = "for all others there is no such case: not in lists, counts, search or links";
    vec![
        choice("no", "Everybody who may read the register", None),
        choice("yes", "Only you and the people named below", Some(hidden)),
    ]
}

impl Act for Restrict {
    type Path = Restriction;
    type Form = RestrictForm;
    type UseCase = RestrictCase;
    const TITLE: &'static str = "Who may know of it";

    fn parse(path: &Restriction, form: &RestrictForm) -> Result<RestrictCase, Errors> {
        let mut read = Reader::default();
        let readers = read.names::<Line>("readers", &form.readers);
        if form.restricted.trim().is_empty() {
            read.refuse("restricted", "say who may know of it");
        }
        let is_restricted = read.is_yes("restricted", &form.restricted);
        if matches!(is_restricted, Ok(false)) && !form.readers.trim().is_empty() {
            read.refuse("readers", "is only for a restricted case; choose that, or leave this empty");
        }
        read.done()?;
        Ok(RestrictCase { case: path.case, readers: is_restricted?.then_some(readers?) })
    }
}

impl Verb for Restrict {
    const BUTTON: &'static str = "Save";

    fn back(path: &Restriction) -> Crumb {
        back_to(path.case, "")
    }

    fn begin(app: &App, viewer: &Viewer, path: &Restriction) -> Result<RestrictForm, ServiceError> {
        let case = case_of(app, viewer, path.case)?;
        let others: Vec<_> = case.readers.into_iter().filter(|name| *name != viewer.me.name).collect();
        let restricted = if case.restricted { "yes" } else { "no" };
        Ok(RestrictForm { restricted: restricted.to_owned(), readers: others.join("\n") })
    }
}

impl Form for PartForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("parent", "The incident that this is a part of", &self.parent)
                .hint("Such as CASE-2026-0042; empty makes it a case of its own again")
                .kind(FieldKind::When),
        ]
    }
}

impl Act for MakePart {
    type Path = Parent;
    type Form = PartForm;
    type UseCase = PartOfCase;
    const TITLE: &'static str = "Part of an incident";
    const LEAD: &'static str = "Figures count the incident once; this report keeps its reference.";

    fn parse(path: &Parent, form: &PartForm) -> Result<PartOfCase, Errors> {
        let mut read = Reader::default();
        let parent = read.optional("parent", &form.parent);
        read.done()?;
        Ok(PartOfCase { case: path.case, parent: parent? })
    }
}

impl Verb for MakePart {
    const BUTTON: &'static str = "Save";

    fn back(path: &Parent) -> Crumb {
        back_to(path.case, "")
    }

    fn begin(app: &App, viewer: &Viewer, path: &Parent) -> Result<PartForm, ServiceError> {
        Ok(PartForm { parent: case_of(app, viewer, path.case)?.part_of.unwrap_or_default() })
    }
}
