//! Controls: the Statement of Applicability, one control, and what changed because of what.

mod changes;
mod show;
mod verbs;

use axum::extract::State;
use axum_extra::extract::Query;
use maud::{Markup, html};
use nevertwice_domain::control::{ImplementationStatus, Theme};
use nevertwice_domain::text::Line;
use nevertwice_domain::word::Word;
use nevertwice_service::control::{ControlRow, ListControls};
use utoipa::IntoParams;

use crate::app::App;
use crate::form::{Errors, Reader};
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::text;
use crate::ui;
use crate::viewer::Viewer;

pub(crate) use changes::changes;
pub(crate) use show::{change as change_of, link, performance, show};
pub(crate) use verbs::{Add, Retire, Say};

/// Which controls.
#[derive(Debug, Default, Clone, serde::Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ControlsQuery {
    /// `not_implemented`, `planned`, `partly_implemented` or `implemented`; all if empty.
    #[param(value_type = String, required = false)]
    status: String,
    /// `yes` or `no`: those that are applicable, or those that are not; all if empty.
    #[param(value_type = String, required = false)]
    applicable: String,
    /// Those that somebody answers for.
    #[param(value_type = String, required = false)]
    owner: String,
    /// `organizational`, `people`, `physical`, `technological` or `own`; all if empty.
    #[param(value_type = String, required = false)]
    theme: String,
    /// `yes`: also those that were retired.
    #[param(value_type = String, required = false)]
    retired: String,
}

impl ControlsQuery {
    /// What is asked.
    ///
    /// # Errors
    /// What is to be mended.
    pub(crate) fn asked(&self) -> Result<ListControls, Errors> {
        let mut read = Reader::default();
        let status = read.optional::<ImplementationStatus>("status", &self.status);
        let is_asked = !self.applicable.trim().is_empty();
        let applicable = read.is_yes("applicable", &self.applicable);
        let owner = read.optional::<Line>("owner", &self.owner);
        let theme = read.optional::<Theme>("theme", &self.theme);
        let retired = read.is_yes("retired", &self.retired);
        read.done()?;
        Ok(ListControls {
            status: status?,
            applicable: Some(applicable?).filter(|_| is_asked),
            owner: owner?,
            theme: theme?,
            retired: retired?,
        })
    }
}

/// Shows the Statement of Applicability.
pub(crate) async fn list(
    _: paths::Controls,
    State(app): State<App>,
    viewer: Viewer,
    Query(query): Query<ControlsQuery>,
) -> Result<Markup, Problem> {
    let asked = query.asked().map_err(nevertwice_service::ServiceError::from)?;
    let list = app.call(&viewer.identity, asked).await?;
    let doing = html! {
        a .button href=(paths::Changes) { "What changed because of what" }
        @if viewer.may("edit_catalogue") { a .button .primary href=(paths::NewControl) { "Add a control of your own" } }
    };
    let content = html! {
        (ui::head(None, "Controls", html! { p .head-facts { "Statement of Applicability (ISO/IEC 27001:2022, 6.1.3 d)" } }, doing))
        (filter(&query))
        p .total { strong { (text::count(list.len() as u64, "control", "controls")) } }
        @if list.is_empty() { (ui::empty("No control fits.", html! {})) }
        @for theme in Theme::ALL { (of_theme(*theme, &list)) }
    };
    Ok(page::show(&viewer, "Controls", content))
}

fn filter(query: &ControlsQuery) -> Markup {
    html! {
        form .filter aria-label="Filter" method="get" action=(paths::Controls) {
            (select("status", "Status", &query.status, "Any status", words::<ImplementationStatus>()))
            (select("applicable", "Applicable", &query.applicable, "Applicable or not", vec![
                ("yes", "Applicable".to_owned()), ("no", "Not applicable".to_owned()),
            ]))
            (select("theme", "Theme", &query.theme, "Any theme", words::<Theme>()))
            label .hidden for="owner" { "Owner" }
            input #owner name="owner" type="search" value=(query.owner) placeholder="Owner" autocomplete="off";
            (select("retired", "Retired", &query.retired, "Without retired ones", vec![("yes", "With retired ones".to_owned())]))
            button .button type="submit" { "Filter" }
        }
    }
}

/// The words of a vocabulary, as they are chosen.
pub(crate) fn words<W: Word>() -> Vec<(&'static str, String)> {
    W::ALL.iter().map(|word| (word.as_str(), text::title(word.as_str()))).collect()
}

/// One of a few, in a filter.
pub(crate) fn select(
    name: &str,
    label: &str,
    value: &str,
    any: &str,
    choices: Vec<(&'static str, String)>,
) -> Markup {
    html! {
        label .hidden for=(name) { (label) }
        select id=(name) name=(name) {
            option value="" { (any) }
            @for (word, words) in choices { option value=(word) selected[word == value] { (words) } }
        }
    }
}

fn of_theme(theme: Theme, list: &[ControlRow]) -> Markup {
    let rows: Vec<&ControlRow> = list.iter().filter(|row| row.theme == theme.as_str()).collect();
    if rows.is_empty() {
        return html! {};
    }
    let title = match theme {
        Theme::Organizational => "Organizational controls (A.5)",
        Theme::People => "People controls (A.6)",
        Theme::Physical => "Physical controls (A.7)",
        Theme::Technological => "Technological controls (A.8)",
        Theme::Own => "Controls of your own",
    };
    let table = html! {
        section .scroll tabindex="0" aria-label=(title) { table .rows data-rows {
            thead { tr {
                th scope="col" { "Control" } th scope="col" { "Title" } th scope="col" { "Applicable" }
                th scope="col" { "Status" } th scope="col" { "Justification" } th scope="col" { "Owner" }
            } }
            tbody { @for row in &rows { (line(row)) } }
        } }
    };
    ui::section(theme.as_str(), title, Some(rows.len()), html! {}, table)
}

fn line(row: &ControlRow) -> Markup {
    html! {
        tr {
            td data-label="Control" .ref { (link(&row.reference)) }
            td data-label="Title" .what { (row.title) @if row.retired_at.is_some() { " " span .badge data-tone="quiet" { "Retired" } } }
            td data-label="Applicable" { @if row.applicable { "Yes" } @else { "No" } }
            td data-label="Status" { (ui::state(&row.status)) }
            td data-label="Justification" { (row.justification.as_deref().unwrap_or("–")) }
            td data-label="Owner" { (row.owner.as_deref().unwrap_or("–")) }
        }
    }
}
