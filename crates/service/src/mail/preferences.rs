//! Who wants mails.

use nevertwice_domain::permission::Scope;
use nevertwice_store::mail as preferences;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::address_of;
use crate::error::ServiceError;
use crate::service::Unit;
use crate::use_case::{Asked, Change, UseCase};

/// Shows whether the caller gets mails.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowMailPreferences {}

/// Switches the caller's mails on or off. Invitations are sent all the same: an administrator asks for each.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetMailPreferences {
    /// Whether they want mails.
    pub on: bool,
}

/// Whether somebody gets mails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MailPreferencesView {
    /// Whether they want mails.
    pub on: bool,
    /// Where they go; none if no address is known.
    pub address: Option<String>,
    /// Whether the register sends mails at all; otherwise links have to be handed over.
    pub sent: bool,
}

impl UseCase for ShowMailPreferences {
    type Output = MailPreferencesView;
    const NAME: &'static str = "show_mail_preferences";

    fn run(self, asked: &Asked<'_>) -> Result<MailPreferencesView, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            unit.caller.within(Scope::Administer)?;
            view(unit)
        })
    }
}

impl Change for SetMailPreferences {
    type Output = MailPreferencesView;
    const NAME: &'static str = "set_mail_preferences";

    fn change(&self, unit: &mut Unit<'_>) -> Result<MailPreferencesView, ServiceError> {
        unit.caller.within(Scope::Administer)?;
        preferences::keep(unit.tx, unit.caller.id(), !self.on)?;
        view(unit)
    }
}

fn view(unit: &mut Unit<'_>) -> Result<MailPreferencesView, ServiceError> {
    Ok(MailPreferencesView {
        on: !preferences::is_off(unit.tx, unit.caller.id())?,
        address: address_of(unit.tx, unit.caller.id())?,
        sent: unit.sends_mails,
    })
}
