//! Who the caller is: what every page begins with.

use nevertwice_domain::permission::Verb;
use nevertwice_domain::word::Word;
use nevertwice_store::account as accounts;
use nevertwice_store::settings;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::ServiceError;
use crate::use_case::{Asked, UseCase};

/// Shows the caller to themselves.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowSelf {}

/// The caller.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SelfView {
    /// Identity.
    pub id: String,
    /// The name.
    pub name: String,
    /// The address to sign in with, or the one that is known.
    pub email: Option<String>,
    /// Roles.
    pub roles: Vec<String>,
    /// The company.
    pub company: String,
    /// Whether the register holds invented sample data only.
    pub sample: bool,
    /// The company's time zone, an IANA name.
    pub time_zone: String,
    /// The company's words for severity 1 to 5.
    pub severity_words: Vec<String>,
    /// What they may do that is about no single record, by the table of permissions.
    pub may: Vec<String>,
    /// Whether there is a password.
    pub has_password: bool,
    /// Whether a second factor is asked for.
    pub has_second_factor: bool,
    /// Whether a second factor was begun and awaits its first code.
    pub second_factor_pending: bool,
    /// Recovery codes that are left.
    pub recovery_codes_left: u64,
}

impl UseCase for ShowSelf {
    type Output = SelfView;
    const NAME: &'static str = "show_self";

    fn run(self, asked: &Asked<'_>) -> Result<SelfView, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            let standing = accounts::standing(unit.tx, unit.caller.id())?;
            let settings = settings::get(unit.tx)?;
            let person = &unit.caller.person;
            let email = standing.email.map(|email| email.to_string());
            let may = Verb::ALL.iter().filter(|verb| unit.caller.may(**verb).is_ok());
            let may = may.map(|verb| verb.as_str().to_owned()).collect();
            Ok(SelfView {
                may,
                id: person.id.to_string(),
                name: person.name.to_string(),
                email: email.or_else(|| person.email.as_ref().map(ToString::to_string)),
                roles: person.roles.iter().map(ToString::to_string).collect(),
                company: settings.company.to_string(),
                sample: settings.sample,
                time_zone: settings.time_zone.to_string(),
                severity_words: settings.severity_words.iter().map(ToString::to_string).collect(),
                has_password: standing.has_password,
                has_second_factor: standing.has_totp,
                second_factor_pending: standing.is_totp_pending,
                recovery_codes_left: standing.recovery_code_count,
            })
        })
    }
}
