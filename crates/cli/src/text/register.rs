//! Search and figures.

use std::io::{self, Write};

use nevertwice_domain::measure::Dimension;
use nevertwice_service::search::{LoopGroupView, LoopScore, LoopView, SearchList, VolumeView};
use nevertwice_service::settings::SettingsView;

use super::table::{fact, heading, table};

/// What a search found.
pub(crate) fn search(found: &SearchList, out: &mut dyn Write) -> io::Result<()> {
    if let Some(corrected) = &found.corrected {
        writeln!(out, "Nothing found as typed; showing: {corrected}")?;
    }
    for hit in &found.items {
        writeln!(out, "{}  {}  {}", hit.reference, hit.kind, hit.title)?;
        let snippet: String = hit.snippet.iter().map(|piece| piece.text.as_str()).collect();
        if !snippet.trim().is_empty() {
            writeln!(out, "    … {} …", snippet.trim().replace('\n', " "))?;
        }
    }
    for note in &found.notes {
        writeln!(out, "note: {note}")?;
    }
    writeln!(out, "{} of {} in your view", found.items.len(), found.total)
}

/// Counts of cases, with a column for each dimension in the order in which they were asked for.
pub(crate) fn volume(volume: &VolumeView, by: &[Dimension], out: &mut dyn Write) -> io::Result<()> {
    let mut headings: Vec<&str> = by.iter().map(|dimension| dimension.as_str()).collect();
    let rows: Vec<Vec<String>> = volume
        .groups
        .iter()
        .map(|group| {
            let value = |heading: &&str| group.key.get(*heading).map_or_else(String::new, cell);
            let mut row: Vec<String> = headings.iter().map(value).collect();
            row.push(group.count.to_string());
            row
        })
        .collect();
    headings.push("cases");
    table(&headings, &rows, out)?;
    let scope = if volume.scope == "register" { "in the whole register" } else { "in your view" };
    writeln!(out, "n = {} {scope}", volume.n)?;
    for (reason, count) in &volume.left_out {
        writeln!(out, "left out: {count} ({})", reason.replace('_', " "))?;
    }
    if volume.withheld > 0 {
        writeln!(out, "in groups too small to show: {}", volume.withheld)?;
    }
    Ok(())
}

fn cell(value: &serde_json::Value) -> String {
    match value {
        serde_json::Value::Null => "unknown".to_owned(),
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The company's settings.
pub(crate) fn settings(settings: &SettingsView, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", settings.company)?;
    fact("time zone", Some(&settings.time_zone), out)?;
    fact("currency", Some(&settings.currency), out)?;
    fact("severity 1 to 5", Some(&settings.severity_words.join(", ")), out)?;
    fact("likelihood 1 to 5", Some(&settings.likelihood_words.join(", ")), out)?;
    fact("impact 1 to 5", Some(&settings.impact_words.join(", ")), out)?;
    fact("categories", Some(&settings.categories.join(", ")), out)?;
    fact("causes", Some(&settings.cause_categories.join(", ")), out)?;
    fact("reports without an account", settings.open_reporting.then_some("taken"), out)
}

/// Whether the company learns.
pub(crate) fn learning(found: &LoopView, out: &mut dyn Write) -> io::Result<()> {
    let LoopScore { due, learned, percent, .. } = &found.score;
    match percent {
        Some(percent) => {
            writeln!(out, "Loop score {percent} %: {learned} learned of {due} whose every link is due.")?;
        }
        None => writeln!(out, "No loop score: no case yet whose every link is due.")?,
    }
    let LoopView { cases, as_of, exceptions, before_the_loop, scope, .. } = found;
    let whose = if scope == "viewer" { "in your view" } else { "that are not restricted" };
    writeln!(
        out,
        "{cases} cases {whose} as of {as_of}, {exceptions} with an exception; {before_the_loop} closed before the loop."
    )?;
    heading("In place", out)?;
    let rows: Vec<Vec<String>> =
        found.funnel.iter().map(|step| vec![step.link.clone(), step.count.to_string()]).collect();
    table(&["link", "cases"], &rows, out)?;
    heading(&format!("By {}", found.by), out)?;
    let row = |group: &LoopGroupView| {
        let LoopScore { learned, due, percent, .. } = &group.score;
        let percent = percent.map_or_else(|| "–".to_owned(), |percent| format!("{percent} %"));
        let value = group.value.clone().unwrap_or_else(|| "–".to_owned());
        vec![value, learned.to_string(), due.to_string(), percent]
    };
    let rows: Vec<Vec<String>> = found.groups.iter().map(row).collect();
    table(&[found.by.as_str(), "learned", "due", "score"], &rows, out)
}
