//! What somebody began to write on a page and has not sent: kept while they write, so that a browser that dies loses
//! nothing. It is theirs alone, in no trail and no index, and gone after thirty days.

use nevertwice_domain::permission::Scope;
use nevertwice_domain::text::Line;
use nevertwice_domain::time::Timestamp;
use nevertwice_store::draft::{self as drafts, Draft, Head};
use nevertwice_store::visibility::{self, Named};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::ServiceError;
use crate::service::{Service, Unit};
use crate::use_case::{Asked, Change, UseCase};

/// How long a draft is kept: thirty days.
const KEPT_MILLIS: i64 = 30 * 24 * 60 * 60 * 1_000;
/// The longest address of a page, in bytes.
const ADDRESS_LIMIT: usize = 300;
/// The most that all fields of a draft hold together, in bytes as JSON.
const FIELDS_LIMIT: usize = 256 * 1024;
/// Drafts of one person; the oldest goes when there are more.
const MOST: u32 = 50;

/// Keeps what the caller has written on a page so far, in the place of what was kept of that page before.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeepDraft {
    /// The page: its path.
    pub address: String,
    /// What the page is about, in one line.
    pub title: Line,
    /// The reference of the record that it is about, if it is about one.
    pub record: Option<String>,
    /// The fields in their order, each name with its value.
    pub fields: Vec<(String, String)>,
}

/// When a draft was kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DraftKept {
    /// RFC 3339.
    pub saved_at: String,
}

/// Shows what the caller began to write on a page.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowDraft {
    /// The page: its path.
    pub address: String,
}

/// What was found.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DraftFound {
    /// None if nothing was begun there.
    pub draft: Option<DraftView>,
}

/// What somebody began to write on a page.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DraftView {
    /// The fields in their order, each name with its value.
    pub fields: Vec<(String, String)>,
    /// When it was saved last, RFC 3339.
    pub saved_at: String,
}

/// Lists what the caller began to write, the latest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListDrafts {}

/// A draft in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DraftRow {
    /// The page: its path.
    pub address: String,
    /// What the page is about.
    pub title: String,
    /// When it was saved last, RFC 3339.
    pub saved_at: String,
}

/// Throws away what the caller began to write on a page; nothing happens if there is nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DropDraft {
    /// The page: its path.
    pub address: String,
}

impl Change for KeepDraft {
    type Output = DraftKept;
    const NAME: &'static str = "keep_draft";
    const HOLDS_SECRET: bool = true;

    fn change(&self, unit: &mut Unit<'_>) -> Result<DraftKept, ServiceError> {
        unit.caller.within(Scope::Edit)?;
        let draft = self.draft(unit.moment.at)?;
        if !is_known(unit, draft.record.as_deref())? {
            let record = self.record.as_deref().unwrap_or_default();
            return Err(ServiceError::not_found(format!("record {record}")));
        }
        let person = unit.caller.id();
        drafts::keep(unit.tx, person, &draft)?;
        drafts::drop_beyond(unit.tx, person, MOST)?;
        Ok(DraftKept { saved_at: draft.saved_at.to_string() })
    }
}

impl KeepDraft {
    fn draft(&self, saved_at: Timestamp) -> Result<Draft, ServiceError> {
        let is_path =
            self.address.starts_with('/') && !self.address.starts_with("//") && !self.address.contains('\\');
        if !is_path || self.address.len() > ADDRESS_LIMIT || self.address.chars().any(char::is_control) {
            let message = format!("expected the path of a page, of {ADDRESS_LIMIT} bytes at most");
            return Err(ServiceError::invalid("address", "draft.address", message));
        }
        let fields = serde_json::to_string(&self.fields).map_err(ServiceError::internal)?;
        if fields.len() > FIELDS_LIMIT {
            let message = format!(
                "a draft holds {} KiB at most, and this is {}; save it, and go on in a second step",
                FIELDS_LIMIT / 1024,
                fields.len() / 1024
            );
            return Err(ServiceError::invalid("fields", "draft.too_long", message));
        }
        let Self { address, title, record, .. } = self.clone();
        Ok(Draft { address, title, record, fields, saved_at })
    }
}

impl UseCase for ShowDraft {
    type Output = DraftFound;
    const NAME: &'static str = "show_draft";

    fn run(self, asked: &Asked<'_>) -> Result<DraftFound, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            unit.caller.within(Scope::Read)?;
            let Some(draft) = drafts::find(unit.tx, unit.caller.id(), &self.address)? else {
                return Ok(DraftFound { draft: None });
            };
            if !is_known(unit, draft.record.as_deref())? {
                return Ok(DraftFound { draft: None });
            }
            let fields = serde_json::from_str(&draft.fields).map_err(ServiceError::internal)?;
            Ok(DraftFound { draft: Some(DraftView { fields, saved_at: draft.saved_at.to_string() }) })
        })
    }
}

impl UseCase for ListDrafts {
    type Output = Vec<DraftRow>;
    const NAME: &'static str = "list_drafts";

    fn run(self, asked: &Asked<'_>) -> Result<Vec<DraftRow>, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            unit.caller.within(Scope::Read)?;
            let mut rows = Vec::new();
            for Head { address, title, record, saved_at } in drafts::of_person(unit.tx, unit.caller.id())? {
                if is_known(unit, record.as_deref())? {
                    rows.push(DraftRow { address, title: title.to_string(), saved_at: saved_at.to_string() });
                }
            }
            Ok(rows)
        })
    }
}

impl Change for DropDraft {
    type Output = ();
    const NAME: &'static str = "drop_draft";

    fn change(&self, unit: &mut Unit<'_>) -> Result<(), ServiceError> {
        unit.caller.within(Scope::Edit)?;
        drafts::drop(unit.tx, unit.caller.id(), &self.address)?;
        Ok(())
    }
}

/// Whether the caller may still know of the record that a draft is about: what stands in a form came from there.
fn is_known(unit: &mut Unit<'_>, record: Option<&str>) -> Result<bool, ServiceError> {
    let Some(record) = record else { return Ok(true) };
    let named = match record.split('-').next().unwrap_or_default() {
        "CASE" => record.parse().ok().map(Named::Case),
        "PIR" => record.parse().ok().map(Named::Review),
        "LSN" => record.parse().ok().map(Named::Lesson),
        "ACT" => record.parse().ok().map(Named::Action),
        // Suppliers, assets and people are never restricted.
        _ => return Ok(true),
    };
    match named {
        Some(named) => Ok(visibility::is_known(unit.tx, named, unit.caller.id())?),
        None => Ok(false),
    }
}

impl Service {
    /// Drops drafts that nobody touched for thirty days.
    ///
    /// # Errors
    /// What the store reports.
    pub(crate) fn forget_drafts(&self) -> Result<(), ServiceError> {
        let before = Timestamp::from_millis(self.moment().at.millis() - KEPT_MILLIS);
        self.db().write(move |tx| Ok::<_, ServiceError>(drafts::forget(tx, before).map(drop)?))
    }
}
