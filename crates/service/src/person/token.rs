//! Access tokens: by which programs act as a person, as far as the token's scopes go.

use std::collections::BTreeSet;

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::id::TokenId;
use nevertwice_domain::permission::{Scope, Verb};
use nevertwice_domain::person::{Person, Token};
use nevertwice_domain::text::Line;
use nevertwice_domain::time::Timestamp;
use nevertwice_domain::word::Word as _;
use nevertwice_store::person as people;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::named;
use crate::account::Secret;
use crate::caller::{Means, secret_hash};
use crate::error::ServiceError;
use crate::service::Unit;
use crate::use_case::{Asked, Change, UseCase};

/// Days that a token holds when nobody says otherwise.
const TOKEN_DAYS: u32 = 90;
/// Days that a token holds at the most which somebody makes for themselves.
const OWN_TOKEN_DAYS: u32 = 365;

/// Makes an access token for a person.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewToken {
    /// Whom it lets act.
    pub person: Line,
    /// What it is for.
    pub label: Line,
    /// Days until it ends.
    pub days: Option<u32>,
    /// What it may be used for; everything if unsaid.
    #[serde(default = "every_scope")]
    pub scopes: Vec<Scope>,
}

/// Makes an access token for the caller.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewOwnToken {
    /// What it is for.
    pub label: Line,
    /// Days until it ends, 365 at the most.
    pub days: Option<u32>,
    /// What it may be used for; everything if unsaid.
    #[serde(default = "every_scope")]
    pub scopes: Vec<Scope>,
}

/// Lists the caller's tokens.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListTokens {}

/// Takes a token back: one's own, or as an administrator anybody's.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RevokeToken {
    /// Its id.
    pub id: String,
}

/// A new token. Its secret is shown this once.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TokenView {
    /// Identity.
    pub id: String,
    /// Whose it is.
    pub person: String,
    /// What it is for.
    pub label: String,
    /// What it may be used for: `read`, `report`, `edit`, `decide`, `administer`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The secret.
    #[schema(value_type = String)]
    pub secret: Secret,
    /// Until when it holds, RFC 3339.
    pub expires_at: String,
}

/// A token, without its secret.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct TokenRow {
    /// Identity.
    pub id: String,
    /// What it is for.
    pub label: String,
    /// What it may be used for.
    pub scopes: Vec<String>,
    /// When it was made, RFC 3339.
    pub created_at: String,
    /// Until when it holds, RFC 3339.
    pub expires_at: String,
    /// When it was taken back, RFC 3339.
    pub revoked_at: Option<String>,
    /// Whether it holds now.
    pub holds: bool,
}

fn every_scope() -> Vec<Scope> {
    Scope::ALL.to_vec()
}

impl Change for NewToken {
    type Output = TokenView;
    const NAME: &'static str = "new_token";
    const ACTION: &'static str = "create_token";
    const HOLDS_SECRET: bool = true;

    fn change(&self, unit: &mut Unit<'_>) -> Result<TokenView, ServiceError> {
        let found = named(unit, &self.person, "person");
        // Whether there is somebody of a name is not for everybody to find out.
        if !found.as_ref().is_ok_and(|person| person.id == unit.caller.id()) {
            unit.caller.may(Verb::Administer)?;
        }
        let days = self.days.unwrap_or(TOKEN_DAYS);
        if unit.caller.may(Verb::Administer).is_err() {
            refuse_long(days)?;
        }
        make(unit, &found?, &self.label, days, &self.scopes)
    }
}

/// What an administrator may make a token for which acts as somebody else.
const FOR_OTHERS: [Scope; 2] = [Scope::Read, Scope::Report];

/// Whoever holds a token acts as its person: an administrator who comes by a token or a session would approve in other
/// people's names. Only a command on the machine itself, by a user of its operating system, makes any token for anybody.
///
/// # Errors
/// The token is for somebody else and would do more than read and report.
fn refuse_acting_for(unit: &Unit<'_>, person: &Person, scopes: &BTreeSet<Scope>) -> Result<(), ServiceError> {
    let is_own = person.id == unit.caller.id();
    if is_own || unit.caller.means == Means::OsUser || scopes.iter().all(|one| FOR_OTHERS.contains(one)) {
        return Ok(());
    }
    let message = format!(
        "a token for somebody else is for {} alone; {} makes their own for more on their account page",
        words(&FOR_OTHERS).join(" and "),
        person.name
    );
    Err(ServiceError::invalid("scopes", "token.acts_for_others", message))
}

impl Change for NewOwnToken {
    type Output = TokenView;
    const NAME: &'static str = "new_own_token";
    const ACTION: &'static str = "create_token";
    const HOLDS_SECRET: bool = true;

    fn change(&self, unit: &mut Unit<'_>) -> Result<TokenView, ServiceError> {
        let days = self.days.unwrap_or(TOKEN_DAYS);
        refuse_long(days)?;
        let person = unit.caller.person.clone();
        make(unit, &person, &self.label, days, &self.scopes)
    }
}

/// Only an administrator makes a token that holds for longer than a year.
fn refuse_long(days: u32) -> Result<(), ServiceError> {
    if (1..=OWN_TOKEN_DAYS).contains(&days) {
        return Ok(());
    }
    let message = format!("expected 1 to {OWN_TOKEN_DAYS} days, found {days}");
    Err(ServiceError::invalid("days", "token.days", message))
}

fn make(
    unit: &mut Unit<'_>,
    person: &Person,
    label: &Line,
    days: u32,
    scopes: &[Scope],
) -> Result<TokenView, ServiceError> {
    person.may_act()?;
    let scopes = allowed_scopes(unit, scopes)?;
    refuse_acting_for(unit, person, &scopes)?;
    let secret = secret(&unit.moment.secret());
    let token = Token {
        id: unit.moment.id(),
        person_id: person.id,
        label: label.clone(),
        secret_sha256: secret_hash(&secret),
        created_at: unit.moment.at,
        expires_at: Timestamp::from_millis(unit.moment.at.millis() + i64::from(days) * 86_400_000),
        revoked_at: None,
        scopes,
    };
    people::insert_token(unit.tx, person, &token)?;
    Ok(TokenView {
        id: token.id.to_string(),
        person: person.name.to_string(),
        label: token.label.to_string(),
        scopes: words(&token.scopes),
        secret: Secret::new(secret),
        expires_at: token.expires_at.to_string(),
    })
}

/// A token makes no token that may do more than it may itself.
fn allowed_scopes(unit: &Unit<'_>, scopes: &[Scope]) -> Result<BTreeSet<Scope>, ServiceError> {
    if scopes.is_empty() {
        let message = format!("expected one or more of {}", words(&every_scope()).join(", "));
        return Err(ServiceError::invalid("scopes", "token.scopes_missing", message));
    }
    if let Means::Token(_) = unit.caller.means {
        unit.caller.within(Scope::Administer)?;
        scopes.iter().try_for_each(|scope| unit.caller.within(*scope))?;
    }
    Ok(scopes.iter().copied().collect())
}

impl UseCase for ListTokens {
    type Output = Vec<TokenRow>;
    const NAME: &'static str = "list_tokens";

    fn run(self, asked: &Asked<'_>) -> Result<Vec<TokenRow>, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            unit.caller.within(Scope::Administer)?;
            let at = unit.moment.at;
            let mut tokens = people::tokens(unit.tx, unit.caller.id())?;
            tokens.sort_by_key(|token| (token.created_at, token.id));
            Ok(tokens.iter().map(|token| TokenRow::of(token, at)).collect())
        })
    }
}

impl Change for RevokeToken {
    type Output = TokenRow;
    const NAME: &'static str = "revoke_token";

    fn change(&self, unit: &mut Unit<'_>) -> Result<TokenRow, ServiceError> {
        unit.caller.within(Scope::Administer)?;
        let not_found = || ServiceError::not_found(format!("token {}", self.id));
        let id: TokenId = self.id.parse().map_err(|_| not_found())?;
        let token = people::token(unit.tx, id)?.ok_or_else(not_found)?;
        if token.person_id != unit.caller.id() && unit.caller.may(Verb::Administer).is_err() {
            return Err(not_found());
        }
        let person = people::get(unit.tx, token.person_id)?.ok_or_else(not_found)?;
        let revoked = Token { revoked_at: token.revoked_at.or(Some(unit.moment.at)), ..token.clone() };
        people::save_token(unit.tx, &person, &token, &revoked)?;
        Ok(TokenRow::of(&revoked, unit.moment.at))
    }
}

impl TokenRow {
    fn of(token: &Token, at: Timestamp) -> Self {
        Self {
            id: token.id.to_string(),
            label: token.label.to_string(),
            scopes: words(&token.scopes),
            created_at: token.created_at.to_string(),
            expires_at: token.expires_at.to_string(),
            revoked_at: token.revoked_at.map(|at| at.to_string()),
            holds: token.holds(at),
        }
    }
}

fn words<'s>(scopes: impl IntoIterator<Item = &'s Scope>) -> Vec<String> {
    scopes.into_iter().map(ToString::to_string).collect()
}

/// A secret as people copy it: a marker that scanners can look for, then 64 hexadecimal digits.
fn secret(bytes: &[u8; 32]) -> String {
    format!("nvt_{}", Sha256Text::from_digest(bytes))
}
