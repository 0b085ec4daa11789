//! Which store this is, and the company's settings.

use nevertwice_domain::money::Currency;
use nevertwice_domain::settings::{
    Settings, TimeZoneName, default_cause_categories, impact_words, likelihood_words,
};
use nevertwice_domain::text::Line;
use nevertwice_domain::time::Timestamp;
use uuid::Uuid;

use crate::engine::Tx;
use crate::error::StoreError;
use crate::record::{self, Record, RecordDef};

statements! {
    /// The store's identity.
    IDENTITY = "SELECT id, created_at, is_sample FROM store_info WHERE singleton = 1";
    /// The settings, which stand under the store's id.
    CURRENT = "SELECT id, version, company, time_zone, currency, severity_words, categories, sample,
                      open_reporting, likelihood_words, impact_words, cause_categories FROM settings
               WHERE id = (SELECT id FROM store_info WHERE singleton = 1)";
    /// Gives a new store its identity.
    FOUND = "INSERT INTO store_info (singleton, id, created_at, is_sample) VALUES (1, $1, $2, $3)";
}

/// The identity of a store: made once, at `init`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreInfo {
    /// Random id.
    pub id: Uuid,
    /// When it was made.
    pub created_at: Timestamp,
    /// It holds invented sample data only.
    pub is_sample: bool,
}

/// The one row of `settings`, under the store's id.
struct SettingsRow {
    id: Uuid,
    version: u64,
    company: Line,
    time_zone: TimeZoneName,
    currency: Currency,
    severity_words: [Line; 5],
    categories: Vec<Line>,
    sample: bool,
    /// None as long as it is off, as it was before there was this.
    open_reporting: Option<bool>,
    /// None as long as they are those that the program begins with.
    likelihood_words: Option<[Line; 5]>,
    /// None as long as they are those that the program begins with.
    impact_words: Option<[Line; 5]>,
    /// None as long as they are those that come with the program.
    cause_categories: Option<Vec<Line>>,
}

record!(SettingsRow as "settings" of Settings by id [] {
    id: Uuid, version: u64, company: Line, time_zone: TimeZoneName, currency: Currency, severity_words: [Line; 5],
    categories: Vec<Line>, sample: bool, open_reporting: Option<bool>, likelihood_words: Option<[Line; 5]>,
    impact_words: Option<[Line; 5]>, cause_categories: Option<Vec<Line>>,
});

/// The trailed table.
pub(crate) const DEF: &RecordDef = <SettingsRow as Record>::DEF;

impl SettingsRow {
    fn new(id: Uuid, settings: Settings) -> Self {
        let Settings {
            version,
            company,
            time_zone,
            currency,
            severity_words,
            categories,
            cause_categories,
            sample,
            open_reporting,
            likelihood_words: likelihoods,
            impact_words: impacts,
        } = settings;
        let cause_categories = (cause_categories != default_cause_categories()).then_some(cause_categories);
        Self {
            id,
            version,
            company,
            time_zone,
            currency,
            severity_words,
            categories,
            sample,
            open_reporting: open_reporting.then_some(true),
            likelihood_words: Some(likelihoods).filter(|words| *words != likelihood_words()),
            impact_words: Some(impacts).filter(|words| *words != impact_words()),
            cause_categories,
        }
    }
}

impl From<SettingsRow> for Settings {
    fn from(row: SettingsRow) -> Self {
        Self {
            version: row.version,
            company: row.company,
            time_zone: row.time_zone,
            currency: row.currency,
            severity_words: row.severity_words,
            categories: row.categories,
            cause_categories: row.cause_categories.unwrap_or_else(default_cause_categories),
            sample: row.sample,
            open_reporting: row.open_reporting.unwrap_or(false),
            likelihood_words: row.likelihood_words.unwrap_or_else(likelihood_words),
            impact_words: row.impact_words.unwrap_or_else(impact_words),
        }
    }
}

/// The identity, or `None` in a store that was never set up.
///
/// # Errors
/// What the database reports.
pub fn identity(tx: &mut Tx) -> Result<Option<StoreInfo>, StoreError> {
    let Some(row) = tx.query_opt(IDENTITY, &[])? else { return Ok(None) };
    Ok(Some(StoreInfo {
        id: row.get("id")?,
        created_at: row.get("created_at")?,
        is_sample: row.get("is_sample")?,
    }))
}

/// Gives a new store its identity and first settings.
///
/// # Errors
/// What the database reports; a second identity is refused by the schema.
pub fn found(tx: &mut Tx, info: StoreInfo, settings: Settings) -> Result<(), StoreError> {
    give_identity(tx, info)?;
    let revision = settings.version;
    record::insert(tx, &[SettingsRow::new(info.id, settings)], revision)
}

/// Gives an empty store its identity.
pub(crate) fn give_identity(tx: &mut Tx, info: StoreInfo) -> Result<(), StoreError> {
    tx.exec_one(FOUND, &params![info.id, info.created_at, info.is_sample])
}

/// The settings.
///
/// # Errors
/// What the database reports, or a store that was never set up.
pub fn get(tx: &mut Tx) -> Result<Settings, StoreError> {
    let missing = || StoreError::Open("this store was never set up; run init first".to_owned());
    if let Some(known) = tx.kept::<Settings>() {
        return Ok(known.clone());
    }
    let settings =
        record::select_opt::<SettingsRow>(tx, CURRENT, &[])?.map(Settings::from).ok_or_else(missing)?;
    *tx.kept() = Some(settings.clone());
    Ok(settings)
}

/// Changes the settings.
///
/// # Errors
/// What the database reports.
pub fn save(tx: &mut Tx, before: &Settings, mut after: Settings) -> Result<Settings, StoreError> {
    let id = identity(tx)?.map(|info| info.id).unwrap_or_default();
    after.version = before.version + 1;
    let (old, new) = (SettingsRow::new(id, before.clone()), SettingsRow::new(id, after.clone()));
    *tx.kept::<Settings>() = None;
    record::update(tx, &old, &new, after.version)?;
    Ok(after)
}
