//! The company's settings: its name, time zone, currency and words.

use nevertwice_domain::money::Currency;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::settings::{Settings, TimeZoneName};
use nevertwice_domain::text::Line;
use nevertwice_store::settings;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::case::same_version;
use crate::error::ServiceError;
use crate::open::introduce_somebody;
use crate::use_case::{Asked, UseCase};

/// The company's settings.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct SettingsView {
    /// The id of the register.
    pub store: String,
    /// Its version, to be named by a change.
    pub version: u64,
    /// The company's name.
    pub company: String,
    /// IANA time zone: borders of days, months and years.
    pub time_zone: String,
    /// Currency of amounts without one, ISO 4217.
    pub currency: String,
    /// The company's words for severity 1 to 5.
    pub severity_words: Vec<String>,
    /// The company's categories.
    pub categories: Vec<String>,
    /// The company's categories of causes.
    #[serde(default)]
    pub cause_categories: Vec<String>,
    /// Whether the register holds invented sample data only.
    pub sample: bool,
    /// Whether whoever has no account may report.
    pub open_reporting: bool,
    /// The company's words for how likely a risk is, 1 to 5.
    #[serde(default)]
    pub likelihood_words: Vec<String>,
    /// The company's words for how bad a risk is, 1 to 5.
    #[serde(default)]
    pub impact_words: Vec<String>,
}

/// Shows the settings.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowSettings {}

/// Changes settings; what is absent stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EditSettings {
    /// The version that the caller saw.
    #[serde(default)]
    pub version: Option<u64>,
    /// The company's name.
    pub company: Option<Line>,
    /// Its time zone. References that were given keep their year.
    pub time_zone: Option<TimeZoneName>,
    /// Its currency. Amounts that were entered keep theirs.
    pub currency: Option<Currency>,
    /// Its words for severity 1 to 5.
    pub severity_words: Option<[Line; 5]>,
    /// Categories to add.
    pub add_categories: Vec<Line>,
    /// Categories to take off the list; cases keep theirs.
    pub remove_categories: Vec<Line>,
    /// Categories of causes to add.
    #[serde(default)]
    pub add_cause_categories: Vec<Line>,
    /// Categories of causes to take off the list; causes keep theirs.
    #[serde(default)]
    pub remove_cause_categories: Vec<Line>,
    /// Whether whoever has no account may report.
    #[serde(default)]
    pub open_reporting: Option<bool>,
    /// Its words for how likely a risk is, 1 to 5.
    #[serde(default)]
    pub likelihood_words: Option<[Line; 5]>,
    /// Its words for how bad a risk is, 1 to 5.
    #[serde(default)]
    pub impact_words: Option<[Line; 5]>,
}

impl UseCase for ShowSettings {
    type Output = SettingsView;
    const NAME: &'static str = "show_settings";

    fn run(self, asked: &Asked<'_>) -> Result<SettingsView, ServiceError> {
        let store = asked.service.info().id;
        asked.service.read(asked.identity, |unit| {
            unit.caller.may(Verb::ReadCatalogue).or_else(|_| unit.caller.may(Verb::Administer))?;
            Ok(SettingsView::of(store, &settings::get(unit.tx)?))
        })
    }
}

impl UseCase for EditSettings {
    type Output = SettingsView;
    const NAME: &'static str = "edit_settings";

    fn run(self, asked: &Asked<'_>) -> Result<SettingsView, ServiceError> {
        let store = asked.service.info().id;
        let done = asked.service.write(asked.identity, "edit_settings", move |unit| {
            unit.caller.may(Verb::Administer)?;
            let before = settings::get(unit.tx)?;
            same_version(&"the settings", before.version, self.version)?;
            let after = self.applied_to(before.clone());
            if after.open_reporting {
                introduce_somebody(unit)?;
            }
            if after == before {
                return Ok(SettingsView::of(store, &before));
            }
            Ok(SettingsView::of(store, &settings::save(unit.tx, &before, after)?))
        })?;
        Ok(done.value)
    }
}

impl EditSettings {
    fn applied_to(&self, mut settings: Settings) -> Settings {
        let edit = self.clone();
        settings.company = edit.company.unwrap_or(settings.company);
        settings.time_zone = edit.time_zone.unwrap_or(settings.time_zone);
        settings.open_reporting = edit.open_reporting.unwrap_or(settings.open_reporting);
        settings.currency = edit.currency.unwrap_or(settings.currency);
        settings.severity_words = edit.severity_words.unwrap_or(settings.severity_words);
        settings.likelihood_words = edit.likelihood_words.unwrap_or(settings.likelihood_words);
        settings.impact_words = edit.impact_words.unwrap_or(settings.impact_words);
        change_list(&mut settings.categories, &edit.remove_categories, edit.add_categories);
        change_list(&mut settings.cause_categories, &edit.remove_cause_categories, edit.add_cause_categories);
        settings
    }
}

fn change_list(list: &mut Vec<Line>, removed: &[Line], added: Vec<Line>) {
    list.retain(|one| !removed.contains(one));
    for one in added {
        if !list.contains(&one) {
            list.push(one);
        }
    }
}

impl SettingsView {
    fn of(store: Uuid, settings: &Settings) -> Self {
        Self {
            store: store.to_string(),
            version: settings.version,
            company: settings.company.to_string(),
            time_zone: settings.time_zone.to_string(),
            currency: settings.currency.to_string(),
            severity_words: settings.severity_words.iter().map(ToString::to_string).collect(),
            categories: settings.categories.iter().map(ToString::to_string).collect(),
            cause_categories: settings.cause_categories.iter().map(ToString::to_string).collect(),
            sample: settings.sample,
            open_reporting: settings.open_reporting,
            likelihood_words: settings.likelihood_words.iter().map(ToString::to_string).collect(),
            impact_words: settings.impact_words.iter().map(ToString::to_string).collect(),
        }
    }
}
