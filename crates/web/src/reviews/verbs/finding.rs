//! Setting a finding aside.

use nevertwice_service::review::DismissFinding;

use super::link::named;
use super::why::{answer_of, number};
use super::{back_to, review_of};
use crate::form::{Reader, form};
use crate::help::Help;
use crate::paths::FindingDismissal;
use crate::ui::{Field, FieldKind};
use crate::verb::{Form, VERSION, verb};

form! {
    /// Why a finding does not matter.
    DismissForm {
        /// Why.
        reason,
        /// The version of the answer that was seen.
        version,
    }
}

impl Form for DismissForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("reason", "Why it does not matter here", &self.reason)
                .kind(FieldKind::Prose { rows: 3 })
                .required(),
            Field::hidden(VERSION, &self.version),
        ]
    }
}

verb! {
    /// Sets a finding aside.
    Dismiss: FindingDismissal, DismissForm => DismissFinding, "Set it aside", "Set it aside",
    "It is not asked again until the answer is worded anew. Who approves sees that it was set aside, by whom and why.",
    back: |path| back_to(path.review),
    begin: |app, viewer, path| {
        let review = review_of(app, viewer, path.review)?;
        let version = answer_of(&review, &path.number)?.version;
        Ok(DismissForm { version, ..DismissForm::default() })
    },
    parse: |path, form| {
        let mut read = Reader::default();
        let number = number(&mut read, &path.number);
        let rule = read.required("rule", &path.rule, "name what was found");
        let reason = read.required("reason", &form.reason, "say why it does not matter here");
        read.done()?;
        Ok(DismissFinding { review: path.review, cause: named(number?, &form.version), rule: rule?, reason: reason? })
    },
}
