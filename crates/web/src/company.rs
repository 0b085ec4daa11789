//! The company's settings.

use axum::extract::State;
use maud::{Markup, html};
use nevertwice_domain::text::Line;
use nevertwice_service::settings::{EditSettings, ShowSettings};

use crate::app::App;
use crate::form::{Bad, Reader, form};
use crate::help::Help;
use crate::page;
use crate::paths::{self, SettingsForm as SettingsPath};
use crate::problem::Problem;
use crate::ui::{self, Choice, Crumb, Facts, Field, FieldKind};
use crate::verb::{Form, VERSION, verb};
use crate::viewer::Viewer;

/// Shows the settings.
pub(crate) async fn show(
    _: paths::CompanySettings,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Markup, Problem> {
    let settings = app.call(&viewer.identity, ShowSettings {}).await?;
    let change = html! {
        @if viewer.is_any_of(&["administrator"]) { a .button .primary href=(SettingsPath) { "Change" } }
    };
    let facts = Facts::default()
        .with("Company", html! { (settings.company) })
        .with("Time zone", html! { (settings.time_zone) })
        .with("Currency", html! { (settings.currency) })
        .with_list("Severity", &settings.severity_words)
        .with_list("Likelihood of risks", &settings.likelihood_words)
        .with_list("Impact of risks", &settings.impact_words)
        .with_list("Categories", &settings.categories)
        .with_list("Categories of causes", &settings.cause_categories)
        .with("Reports without an account", html! {
            @if settings.open_reporting {
                "Taken from whoever reaches the register, at " a href=(paths::OpenReport) { (paths::OpenReport) }
            } @else { "Not taken: whoever reports signs in first" }
        })
        .with("Register", html! { code { (settings.store) } });
    let content = html! {
        (ui::head(None, "Settings", html! {}, change))
        (ui::section("company", "The company", None, html! {}, ui::facts(facts)))
    };
    Ok(page::show(&viewer, "Settings", content))
}

form! {
    /// The company's settings.
    SettingsForm {
        /// The company's name.
        company,
        /// Its time zone, an IANA name.
        time_zone,
        /// Its currency, ISO 4217.
        currency,
        /// Its words for severity 1 to 5, one a line.
        severity_words,
        /// Its words for how likely a risk is, 1 to 5, one a line; as they were if empty.
        likelihood_words,
        /// Its words for how bad a risk is, 1 to 5, one a line; as they were if empty.
        impact_words,
        /// Its categories, one a line.
        categories,
        /// The categories that were seen.
        was_categories,
        /// Its categories of causes, one a line.
        cause_categories,
        /// The categories of causes that were seen.
        was_cause_categories,
        /// `yes` or `no`: whether whoever has no account may report.
        open_reporting,
        /// What it was when it was seen: what nobody changed stays as it is.
        was_open_reporting,
        /// The version that was seen.
        version,
    }
}

impl Form for SettingsForm {
    fn fields<'a>(&'a self, _: &'a Help) -> Vec<Field<'a>> {
        vec![
            Field::new("company", "Company", &self.company).required(),
            Field::new("time_zone", "Time zone", &self.time_zone)
                .hint("Such as Europe/Berlin: where days, months and years begin")
                .kind(FieldKind::When)
                .required(),
            Field::new("currency", "Currency", &self.currency)
                .hint("Such as EUR; amounts that were entered keep theirs")
                .kind(FieldKind::Code)
                .required(),
            Field::new("severity_words", "Words for severity 1 to 5", &self.severity_words)
                .hint("One a line, the least severe first")
                .kind(FieldKind::Prose { rows: 5 })
                .required(),
            Field::new("likelihood_words", "Words for likelihood 1 to 5", &self.likelihood_words)
                .hint("Of risks; one a line, the least likely first")
                .kind(FieldKind::Prose { rows: 5 }),
            Field::new("impact_words", "Words for impact 1 to 5", &self.impact_words)
                .hint("Of risks; one a line, the least bad first")
                .kind(FieldKind::Prose { rows: 5 }),
            Field::new("categories", "Categories", &self.categories)
                .hint("One a line; cases keep those that are taken off")
                .kind(FieldKind::Prose { rows: 8 }),
            Field::new("cause_categories", "Categories of causes", &self.cause_categories)
                .hint("One a line; causes keep those that are taken off")
                .kind(FieldKind::Prose { rows: 8 }),
            Field::hidden("was_categories", &self.was_categories),
            Field::hidden("was_cause_categories", &self.was_cause_categories),
            Field::hidden("was_open_reporting", &self.was_open_reporting),
            Field::hidden(VERSION, &self.version),
            Field::new("open_reporting", "Reports without an account", &self.open_reporting)
                .hint(
                    "Nobody is asked who they are; a receipt leads them back to questions and answers, and to nothing else",
                )
                .kind(FieldKind::Radio { choices: open_reporting_choices() })
                .required(),
        ]
    }
}

fn open_reporting_choices() -> Vec<Choice> {
    let choice = |value: &str, words: &str, hint| Choice { value: value.into(), words: words.into(), hint };
    vec![
        choice("no", "Not taken", Some("whoever reports signs in first")),
        choice("yes", "Taken from whoever reaches the register", Some("the page for signing in leads there")),
    ]
}

/// Five words, one a line; none if nobody speaks of them.
fn five_or_none(read: &mut Reader, field: &str, text: &str) -> Result<Option<[Line; 5]>, Bad> {
    let words = read.names::<Line>(field, text)?;
    if words.is_empty() {
        return Ok(None);
    }
    words.try_into().map(Some).map_err(|_| {
        read.refuse(field, "needs five words, one a line");
        Bad
    })
}

fn not_in(these: &[Line], those: &[Line]) -> Vec<Line> {
    these.iter().filter(|one| !those.contains(one)).cloned().collect()
}

fn yes_or_no(is_so: bool) -> String {
    if is_so { "yes" } else { "no" }.to_owned()
}

verb! {
    /// Changes the settings.
    Change: SettingsPath, SettingsForm => EditSettings, "Settings", "Save", "",
    back: |_| Crumb { href: paths::CompanySettings.to_string(), words: "Settings".to_owned() },
    begin: |app, viewer, _| {
        let settings = app.run(&viewer.identity, ShowSettings {})?;
        let categories = settings.categories.join("\n");
        let cause_categories = settings.cause_categories.join("\n");
        Ok(SettingsForm {
            company: settings.company,
            time_zone: settings.time_zone,
            currency: settings.currency,
            severity_words: settings.severity_words.join("\n"),
            likelihood_words: settings.likelihood_words.join("\n"),
            impact_words: settings.impact_words.join("\n"),
            was_categories: categories.clone(),
            categories,
            was_cause_categories: cause_categories.clone(),
            cause_categories,
            was_open_reporting: yes_or_no(settings.open_reporting),
            open_reporting: yes_or_no(settings.open_reporting),
            version: settings.version.to_string(),
        })
    },
    parse: |_, form| {
        let mut read = Reader::default();
        let company = read.required("company", &form.company, "say what it is called");
        let time_zone = read.required("time_zone", &form.time_zone, "name the time zone");
        let currency = read.required("currency", &form.currency, "name the currency");
        let words = read.names::<Line>("severity_words", &form.severity_words);
        let likelihoods = five_or_none(&mut read, "likelihood_words", &form.likelihood_words);
        let impacts = five_or_none(&mut read, "impact_words", &form.impact_words);
        let now = read.names::<Line>("categories", &form.categories);
        let was = read.names::<Line>("categories", &form.was_categories);
        let causes_now = read.names::<Line>("cause_categories", &form.cause_categories);
        let causes_was = read.names::<Line>("cause_categories", &form.was_cause_categories);
        if form.open_reporting.trim().is_empty() {
            read.refuse("open_reporting", "say whether they are taken");
        }
        let open_reporting = read.is_yes("open_reporting", &form.open_reporting);
        let version = read.version(&form.version);
        let is_new = form.open_reporting != form.was_open_reporting;
        if words.as_ref().is_ok_and(|words| words.len() != 5) {
            read.refuse("severity_words", "needs five words, one a line");
        }
        read.done()?;
        let (words, now, was) = (words?, now?, was?);
        let (causes_now, causes_was) = (causes_now?, causes_was?);
        Ok(EditSettings {
            version: version?,
            // What is not said, or said as it was, stays as it is.
            open_reporting: is_new.then_some(open_reporting?),
            company: Some(company?),
            time_zone: Some(time_zone?),
            currency: Some(currency?),
            severity_words: words.try_into().ok(),
            likelihood_words: likelihoods?,
            impact_words: impacts?,
            add_categories: not_in(&now, &was),
            remove_categories: not_in(&was, &now),
            add_cause_categories: not_in(&causes_now, &causes_was),
            remove_cause_categories: not_in(&causes_was, &causes_now),
        })
    },
}
