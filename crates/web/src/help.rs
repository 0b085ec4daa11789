//! What forms offer: the company's words, and names to choose from.

use nevertwice_domain::person::PersonStatus;
use nevertwice_service::person::ListPeople;
use nevertwice_service::settings::ShowSettings;
use nevertwice_service::{Kind, ServiceError};

use crate::app::App;
use crate::ui::Choice;
use crate::viewer::Viewer;

/// Suggestions for a form; empty for whoever may not know them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Help {
    /// The company's words for severity 1 to 5.
    pub(crate) severity_words: Vec<String>,
    /// The company's words for how likely a risk is, 1 to 5.
    pub(crate) likelihood_words: Vec<String>,
    /// The company's words for how bad a risk is, 1 to 5.
    pub(crate) impact_words: Vec<String>,
    /// The company's categories.
    pub(crate) categories: Vec<String>,
    /// The company's categories of causes.
    pub(crate) cause_categories: Vec<String>,
    /// Names of people and teams.
    pub(crate) people: Vec<String>,
}

impl Help {
    /// What the viewer may be offered.
    ///
    /// # Errors
    /// What the use cases report, but for a lack of permission.
    pub(crate) fn load(app: &App, viewer: &Viewer) -> Result<Self, ServiceError> {
        let who = &viewer.identity;
        let words = match allowed(app.run(who, ShowSettings {}))? {
            Some(settings) => Self {
                severity_words: settings.severity_words,
                likelihood_words: settings.likelihood_words,
                impact_words: settings.impact_words,
                categories: settings.categories,
                cause_categories: settings.cause_categories,
                people: Vec::new(),
            },
            None => Self::default(),
        };
        let people = allowed(app.run(who, ListPeople { status: None }))?.unwrap_or_default();
        let disabled = PersonStatus::Disabled.as_str();
        let people = people.into_iter().filter(|person| person.status != disabled);
        Ok(Self { people: people.map(|person| person.name).collect(), ..words })
    }

    /// The company's categories of causes, and the one that stands there already, whatever became of the list since.
    pub(crate) fn cause_categories(&self, present: &str) -> Vec<Choice> {
        let is_gone = !present.is_empty() && !self.cause_categories.iter().any(|known| known == present);
        let gone = is_gone.then(|| present.to_owned());
        let all = self.cause_categories.iter().cloned().chain(gone);
        all.map(|category| Choice { value: category.clone(), words: category, hint: None }).collect()
    }

    /// The five severities in the company's words.
    pub(crate) fn severities(&self) -> Vec<Choice> {
        scale(&self.severity_words)
    }

    /// The five likelihoods in the company's words.
    pub(crate) fn likelihoods(&self) -> Vec<Choice> {
        scale(&self.likelihood_words)
    }

    /// The five impacts in the company's words.
    pub(crate) fn impacts(&self) -> Vec<Choice> {
        scale(&self.impact_words)
    }
}

/// One to five, each with its word.
fn scale(words: &[String]) -> Vec<Choice> {
    (1..=5usize)
        .map(|level| Choice {
            value: level.to_string(),
            words: match words.get(level - 1) {
                Some(word) => format!("{level} – {word}"),
                None => level.to_string(),
            },
            hint: None,
        })
        .collect()
}

/// Nothing, if the roles do not allow it.
fn allowed<T>(result: Result<T, ServiceError>) -> Result<Option<T>, ServiceError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind == Kind::Forbidden => Ok(None),
        Err(error) => Err(error),
    }
}
