//! What people do with an awareness item.

use nevertwice_domain::reference::AwarenessRef;
use nevertwice_service::ServiceError;
use nevertwice_service::awareness::{AcknowledgeAwareness, AwarenessView, ShowAwareness, WithdrawAwareness};

use crate::app::App;
use crate::form::{Reader, form};
use crate::help::Help;
use crate::paths::{self, Acknowledgement, AwarenessWithdrawal};
use crate::ui::{Crumb, Field, FieldKind};
use crate::verb::{Form, NothingForm, verb};
use crate::viewer::Viewer;

form! {
    /// Why an item is taken back.
    WithdrawAwarenessForm {
        /// Why.
        reason,
    }
}

impl Form for WithdrawAwarenessForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![Field::new("reason", "Why", &self.reason).kind(FieldKind::Prose { rows: 3 }).required()]
    }
}

/// The item as it stands, if the viewer may know of it.
fn item_of(app: &App, viewer: &Viewer, item: AwarenessRef) -> Result<AwarenessView, ServiceError> {
    app.run(&viewer.identity, ShowAwareness { item })
}

fn back_to(item: AwarenessRef) -> Crumb {
    Crumb { href: paths::Awareness { item }.to_string(), words: item.to_string() }
}

verb! {
    /// Says that one has read it.
    Acknowledge: Acknowledgement, NothingForm => AcknowledgeAwareness, "I have read it", "I have read it",
    "Said once, with your name and the time.",
    back: |path| back_to(path.item),
    begin: |app, viewer, path| item_of(app, viewer, path.item).map(|_| NothingForm::default()),
    parse: |path, _| Ok(AcknowledgeAwareness { item: path.item }),
}

verb! {
    /// Takes an item back.
    Withdraw: AwarenessWithdrawal, WithdrawAwarenessForm => WithdrawAwareness, "Withdraw it", "Withdraw",
    "Nobody is asked to acknowledge it any more. It stays readable with the reason.",
    back: |path| back_to(path.item),
    begin: |app, viewer, path| item_of(app, viewer, path.item).map(|_| WithdrawAwarenessForm::default()),
    parse: |path, form| {
        let mut read = Reader::default();
        let reason = read.required("reason", &form.reason, "say why");
        read.done()?;
        Ok(WithdrawAwareness { item: path.item, reason: reason? })
    },
}
