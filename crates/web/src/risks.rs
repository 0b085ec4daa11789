//! Risks: the list with its picture, and one risk.

mod heat;
mod show;
mod verbs;

use axum::extract::State;
use axum_extra::extract::Query;
use maud::{Markup, html};
use nevertwice_domain::control::ControlRef;
use nevertwice_domain::reference::RiskRef;
use nevertwice_domain::risk::{Band, Rating, RiskState};
use nevertwice_domain::text::Line;
use nevertwice_service::risk::{ListRisks, RiskList, RiskOutline};
use utoipa::IntoParams;

use crate::app::App;
use crate::controls::{select, words};
use crate::form::{Errors, Reader};
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::prose::reference;
use crate::text;
use crate::ui;
use crate::viewer::Viewer;

pub(crate) use show::{look, show};
pub(crate) use verbs::{Accept, Assess, ChangeFacts, Close, Link, Register, Reopen};

/// Rows of a page when nobody says how many.
const ROWS: usize = 50;

/// Which risks.
#[derive(Debug, Default, Clone, serde::Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RisksQuery {
    /// `open` or `closed`; all if empty.
    #[param(value_type = String, required = false)]
    state: String,
    /// `low`, `medium`, `high` or `very_high`; all if empty.
    #[param(value_type = String, required = false)]
    band: String,
    /// Those that somebody answers for.
    #[param(value_type = String, required = false)]
    owner: String,
    /// Those that are so likely, 1 to 5.
    #[param(value_type = String, required = false)]
    likelihood: String,
    /// Those that are so bad, 1 to 5.
    #[param(value_type = String, required = false)]
    impact: String,
    /// Those that a control keeps small.
    #[param(value_type = String, required = false)]
    control: String,
    /// `yes` or `no`: those of which their owner accepted what remains, or those that wait for it; all if empty.
    #[param(value_type = String, required = false)]
    accepted: String,
    /// `yes`: band, likelihood and impact are as they were at the first look.
    #[param(value_type = String, required = false)]
    at_first: String,
    /// Where the list goes on: `next` of the page before.
    #[param(value_type = String, required = false)]
    after: String,
    /// Rows, 1 to 1,000; 50 if empty.
    #[param(value_type = String, required = false)]
    limit: String,
}

impl RisksQuery {
    /// What is asked.
    ///
    /// # Errors
    /// What is to be mended.
    pub(crate) fn asked(&self) -> Result<ListRisks, Errors> {
        let mut read = Reader::default();
        let state = read.optional::<RiskState>("state", &self.state);
        let band = read.optional::<Band>("band", &self.band);
        let owner = read.optional::<Line>("owner", &self.owner);
        let likelihood = read.optional::<Rating>("likelihood", &self.likelihood);
        let impact = read.optional::<Rating>("impact", &self.impact);
        let control = read.optional::<ControlRef>("control", &self.control);
        let asks_accepted = !self.accepted.trim().is_empty();
        let accepted = read.is_yes("accepted", &self.accepted);
        let at_first = read.is_yes("at_first", &self.at_first);
        let after = read.optional::<RiskRef>("after", &self.after);
        let limit = read.optional::<usize>("limit", &self.limit);
        read.done()?;
        Ok(ListRisks {
            limit: limit?.unwrap_or(ROWS),
            after: after?,
            state: state?,
            band: band?,
            owner: owner?,
            likelihood: likelihood?,
            impact: impact?,
            control: control?,
            accepted: Some(accepted?).filter(|_| asks_accepted),
            at_first: at_first?,
        })
    }

    /// The address of the same with another beginning.
    fn from(&self, after: &str) -> String {
        let parts = [
            ("state", self.state.as_str()),
            ("band", &self.band),
            ("owner", &self.owner),
            ("likelihood", &self.likelihood),
            ("impact", &self.impact),
            ("control", &self.control),
            ("accepted", &self.accepted),
            ("at_first", &self.at_first),
            ("after", after),
        ];
        let parts = parts.into_iter().filter(|(_, value)| !value.is_empty());
        let parts: Vec<String> =
            parts.map(|(name, value)| format!("{name}={}", text::in_query(value))).collect();
        if parts.is_empty() {
            paths::Risks.to_string()
        } else {
            format!("{}?{}", paths::Risks, parts.join("&"))
        }
    }
}

/// Shows risks.
pub(crate) async fn list(
    _: paths::Risks,
    State(app): State<App>,
    viewer: Viewer,
    Query(query): Query<RisksQuery>,
) -> Result<Markup, Problem> {
    let asked = query.asked().map_err(nevertwice_service::ServiceError::from)?;
    let list = app.call(&viewer.identity, asked).await?;
    let doing = html! {
        @if viewer.may("read_catalogue") { a .button href=(paths::Changes) { "What changed because of what" } }
        @if viewer.may("edit_risk") { a .button .primary href=(paths::NewRisk) { "Register a risk" } }
    };
    let content = html! {
        (ui::head(None, "Risks", html! {}, doing))
        (heat::both(&list.heat))
        (filter(&query))
        (found(&query, &list))
    };
    Ok(page::show(&viewer, "Risks", content))
}

fn filter(query: &RisksQuery) -> Markup {
    let ratings =
        || Rating::ALL.iter().zip(["1", "2", "3", "4", "5"]).map(|(_, word)| (word, word.to_owned()));
    html! {
        form .filter aria-label="Filter" method="get" action=(paths::Risks) {
            (select("state", "State", &query.state, "Any state", words::<RiskState>()))
            (select("band", "Band", &query.band, "Any band", words::<Band>()))
            (select("likelihood", "Likelihood", &query.likelihood, "Any likelihood", ratings().collect()))
            (select("impact", "Impact", &query.impact, "Any impact", ratings().collect()))
            (select("accepted", "What remains", &query.accepted, "Accepted or not", vec![
                ("yes", "Accepted".to_owned()), ("no", "Not accepted".to_owned()),
            ]))
            (select("at_first", "When", &query.at_first, "As they are now", vec![("yes", "As at the first look".to_owned())]))
            label .hidden for="owner" { "Owner" }
            input #owner name="owner" type="search" value=(query.owner) placeholder="Owner" autocomplete="off";
            button .button type="submit" { "Filter" }
        }
    }
}

fn found(query: &RisksQuery, list: &RiskList) -> Markup {
    let first = (!query.after.is_empty()).then(|| query.from(""));
    html! {
        p .total { strong { (text::count(list.total, "risk", "risks")) } " in your view" }
        @if list.items.is_empty() {
            (ui::empty("No risk fits. A risk has an owner, a likelihood and an impact, and a reason for both.", html! {}))
        } @else { (table(&list.items)) }
        (ui::more(list.next.as_deref().map(|next| query.from(next)), first))
    }
}

/// Risks as a table.
pub(crate) fn table(risks: &[RiskOutline]) -> Markup {
    html! {
        section .scroll tabindex="0" aria-label="Risks" { table .rows data-rows {
            thead { tr {
                th scope="col" { "Risk" } th scope="col" { "Title" } th scope="col" { "State" } th scope="col" { "Band" }
                th scope="col" { "Likelihood × impact" } th scope="col" { "What remains" } th scope="col" { "Owner" }
            } }
            tbody { @for risk in risks { tr {
                td data-label="Risk" .ref { (reference(&risk.reference)) }
                td data-label="Title" .what { (risk.title) " " span .fine { (text::title(&risk.treatment)) } }
                td data-label="State" { (ui::state(&risk.state)) }
                td data-label="Band" { (band(&risk.band)) }
                td data-label="Likelihood × impact" { (risk.likelihood) " × " (risk.impact) " = " (risk.score) }
                td data-label="What remains" { @if risk.accepted { "Accepted" } @else { "Not accepted" } }
                td data-label="Owner" { (risk.owner) }
            } } }
        } }
    }
}

/// What likelihood and impact come to, as a badge.
pub(crate) fn band(word: &str) -> Markup {
    let tone = match word {
        "low" => "good",
        "medium" => "running",
        _ => "bad",
    };
    html! { span .badge data-tone=(tone) { (text::title(word)) } }
}
