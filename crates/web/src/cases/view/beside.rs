//! Facts beside the story.

use maud::{Markup, html};
use nevertwice_service::case::ImpactView;

use super::Page;
use crate::paths;
use crate::text;
use crate::ui::{self, Facts};

/// Who, when, how long.
pub(super) fn facts(page: &Page<'_>) -> Markup {
    let case = page.case;
    let when = |facts: Facts, name, value: &Option<String>| match value {
        Some(value) => facts.with(name, ui::when(value)),
        None => facts,
    };
    let mut facts = Facts::default();
    facts = when(facts, "Occurred", &case.occurred);
    facts = when(facts, "Detected", &case.detected);
    facts = when(facts, "Reported", &case.reported);
    facts = when(facts, "Taken on", &case.acknowledged);
    facts = when(facts, "Contained", &case.contained);
    facts = when(facts, "Resolved", &case.resolved);
    facts = when(facts, "Closed", &case.closed);
    for duration in &case.durations {
        let shown = text::duration(duration.seconds, duration.to_the_minute);
        let value = html! {
            (shown) @if duration.seconds < 0 { " " span .badge data-tone="bad" { "Dates out of order" } }
        };
        facts = facts.with(duration_name(&duration.kind), value);
    }
    let facts = facts
        .with_text("Reported by", case.reporter.as_deref())
        .with_list("Working on it", &case.responders)
        .with_text("Category", case.category.as_deref())
        .with_list("Tags", &case.tags)
        .with_text("Noticed by", case.detection.as_deref())
        .with_text("How", case.detection_method.as_deref())
        .with_list("Suppliers", &case.suppliers)
        .with_list("AI assets", &case.assets)
        .with_text("Earlier reference", case.origin_reference.as_deref())
        .with_list("May know of it", &case.readers)
        .with("Registered", html! { (page.instant(&case.registered_at)) " by " (case.registered_by) });
    let own = ui::own_fields(&case.fields);
    ui::section("facts", "Facts", None, html! {}, html! { (ui::facts(facts)) (own) })
}

fn duration_name(kind: &str) -> &'static str {
    match kind {
        "to_detect" => "Until detected",
        "to_acknowledge" => "Until taken on",
        "to_contain" => "Until contained",
        "to_resolve" => "Until resolved",
        _ => "Until closed",
    }
}

/// What was feared and what it came to.
pub(super) fn impact(page: &Page<'_>) -> Markup {
    let (initial, outcome) = (&page.case.impact_initial, &page.case.impact_final);
    let rows = [
        ("Confidentiality", &initial.confidentiality, &outcome.confidentiality),
        ("Integrity", &initial.integrity, &outcome.integrity),
        ("Availability", &initial.availability, &outcome.availability),
    ];
    let is_known = |impact: &ImpactView| {
        impact.confidentiality.is_some() || impact.integrity.is_some() || impact.availability.is_some()
    };
    if !is_known(initial) && !is_known(outcome) {
        return html! {};
    }
    let level = |level: &Option<String>| html! { (level.as_deref().unwrap_or("–")) };
    let content = html! {
        table .small-table {
            thead { tr { th scope="col" { span .hidden { "Of" } } th scope="col" { "Feared" } th scope="col" { "Came to" } } }
            tbody {
                @for (name, feared, came) in rows {
                    tr { th scope="row" { (name) } td { (level(feared)) } td { (level(came)) } }
                }
            }
        }
    };
    ui::section("impact", "Impact", None, html! {}, content)
}

/// What it did to data, models and suppliers.
pub(super) fn ai_impact(page: &Page<'_>) -> Markup {
    let Some(impact) = &page.case.ai_impact else { return html! {} };
    let Ok(serde_json::Value::Object(parts)) = serde_json::to_value(impact) else { return html! {} };
    let edit = html! {
        @if page.may_edit() { a .button .small data-inline href=(paths::AiImpactOf { case: page.reference }) { "Change" } }
    };
    let content = html! { dl .facts { @for (name, value) in &parts { (part(name, value)) } } };
    ui::section("ai-impact", "AI impact", None, edit, content)
}

fn part(name: &str, value: &serde_json::Value) -> Markup {
    use serde_json::Value;
    html! {
        @match value {
            Value::Object(parts) => { @for (name, value) in parts { (part(name, value)) } },
            Value::Bool(false) | Value::Null => {},
            Value::Array(items) if items.iter().any(Value::is_object) => {
                @for item in items { (part(name, item)) }
            },
            value => { div { dt { (text::title(&name.replace("_basis_points", ""))) } dd { (plain(name, value)) } } },
        }
    }
}

fn plain(name: &str, value: &serde_json::Value) -> String {
    use serde_json::Value;
    match value {
        Value::Bool(true) => "yes".to_owned(),
        Value::String(word) => text::plain(word),
        Value::Number(number) if name.ends_with("_basis_points") => {
            let points = number.as_u64().unwrap_or(0);
            format!("{}.{:02} %", points / 100, points % 100)
        }
        Value::Number(number) => number.as_u64().map_or_else(|| number.to_string(), text::grouped),
        Value::Array(items) => items.iter().map(|item| plain(name, item)).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// What it cost.
pub(super) fn costs(page: &Page<'_>) -> Markup {
    let costs = &page.case.costs;
    let add = html! {
        @if page.may_edit() { a .button .small data-inline href=(paths::Costs { case: page.reference }) { "Add" } }
    };
    if costs.is_empty() && !page.may_edit() {
        return html! {};
    }
    let content = html! {
        @if costs.is_empty() { p .fine { "No costs are written down; that is not the same as none." } }
        ul .costs {
            @for cost in costs {
                li {
                    span { (text::title(&cost.kind)) @if let Some(note) = &cost.note { " " span .fine { (note) } } }
                    span .amount { (text::money(cost.amount_minor, &cost.currency)) " " span .fine { (cost.basis) } }
                }
            }
        }
    };
    ui::section("costs", "Costs", None, add, content)
}

/// What was done last: it arrives after the page.
pub(super) fn activity(page: &Page<'_>) -> Markup {
    let path = paths::Activity { case: page.reference };
    let content = html! { div data-load=(path) { p { a href=(path) { "Everything that was done" } } } };
    ui::section("activity", "What was done", None, html! {}, content)
}

/// Cases like this one: they arrive after the page.
pub(super) fn similar_cases(page: &Page<'_>) -> Markup {
    let path = paths::SimilarCases { case: page.reference };
    let content = html! {
        div data-load=(path) { p { a href=(path) { "Look for similar cases" } } }
    };
    ui::section("similar", "Similar cases", None, html! {}, content)
}
