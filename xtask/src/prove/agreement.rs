//! Two servers, one database, everything that was promised: do they agree?

use std::collections::BTreeMap;
use std::fmt;

use anyhow::bail;
use serde_json::{Value, json};

use super::client::Client;
use super::ledger::Ledger;
use super::register::{gapless, sound};
use crate::postgres::node::Node;

/// Acknowledged writes that are not there, or not as they were acknowledged.
#[derive(Debug)]
pub(crate) struct Lost {
    /// The titles of the cases and actions.
    pub(crate) titles: Vec<String>,
    first: String,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} acknowledged writes are lost, the first: {}", self.titles.len(), self.first)
    }
}

impl std::error::Error for Lost {}

/// What the register has, as one server shows it.
#[derive(PartialEq)]
struct Shown {
    /// Title and class by reference.
    cases: BTreeMap<String, (String, String)>,
    /// Title by reference.
    actions: BTreeMap<String, String>,
    facets: Value,
}

/// How much there was to agree on.
pub(crate) struct Agreed {
    pub(crate) cases: usize,
    pub(crate) actions: usize,
    pub(crate) entries: u64,
}

/// Both servers show the same, it is what the database holds, and it is what the writers were told: everything that was
/// acknowledged, nothing that was refused, nothing twice. Numbers have no gap, the trail verifies and `doctor` finds
/// nothing.
///
/// # Errors
/// With the first thing that is not so; [`Lost`] with everything whose title is lost.
pub(crate) fn check(
    servers: [&Client; 2],
    database: (&Node, &str),
    ledger: &Ledger,
) -> anyhow::Result<Agreed> {
    let [one, other] = [shown(servers[0])?, shown(servers[1])?];
    if one != other {
        bail!(
            "the two servers differ: {} and {} cases, {} and {} actions",
            one.cases.len(),
            other.cases.len(),
            one.actions.len(),
            other.actions.len()
        );
    }
    let count = |table: &str| -> anyhow::Result<u64> {
        let (node, name) = database;
        node.count(name, table)
    };
    for (table, listed) in [("cases", one.cases.len()), ("actions", one.actions.len())] {
        let stored = count(table)?;
        if stored != listed as u64 {
            bail!("{stored} {table} are stored, but {listed} listed");
        }
    }
    as_told(&one, ledger)?;
    let files = count("evidence")?;
    if files < ledger.files || files > ledger.files + ledger.perhaps_files {
        bail!("{files} pieces of evidence, but {} were acknowledged", ledger.files);
    }
    gapless("cases", one.cases.keys().map(String::as_str))?;
    gapless("actions", one.actions.keys().map(String::as_str))?;
    let entries = servers.map(sound);
    match entries {
        [Ok(here), Ok(there)] if here == there => {
            Ok(Agreed { cases: one.cases.len(), actions: one.actions.len(), entries: here })
        }
        [Ok(here), Ok(there)] => bail!("the trail has {here} entries here and {there} there"),
        [Err(error), _] | [_, Err(error)] => Err(error),
    }
}

fn shown(server: &Client) -> anyhow::Result<Shown> {
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let cases = server.every("list_cases")?;
    let actions = server.every("list_actions")?;
    Ok(Shown {
        cases: cases
            .iter()
            .map(|row| (text(row, "reference"), (text(row, "title"), text(row, "class"))))
            .collect(),
        actions: actions.iter().map(|row| (text(row, "reference"), text(row, "title"))).collect(),
        facets: server.get("facets", &json!({"query": "", "limit": 100}))?,
    })
}

fn as_told(shown: &Shown, ledger: &Ledger) -> anyhow::Result<()> {
    let cases = shown.cases.iter().map(|(reference, (title, _))| (title, reference));
    let actions = shown.actions.iter().map(|(reference, title)| (title, reference));
    let mut by_title: BTreeMap<&String, &String> = BTreeMap::new();
    for (title, reference) in cases.chain(actions) {
        if let Some(twin) = by_title.insert(title, reference) {
            bail!("{title} is there twice, as {twin} and {reference}");
        }
    }
    let found = |title: &String| by_title.get(title).copied();
    let mut lost =
        ledger.written.iter().filter(|(title, reference)| found(title) != Some(reference)).peekable();
    if let Some((title, reference)) = lost.peek() {
        let first = format!("{title} was acknowledged as {reference}, found {:?}", found(title));
        return Err(Lost { titles: lost.map(|(title, _)| title.clone()).collect(), first }.into());
    }
    if let Some(title) = ledger.refused.iter().find(|title| by_title.contains_key(title)) {
        bail!("{title} was refused, but it is there");
    }
    for (reference, (title, class)) in &shown.cases {
        let expected = if ledger.classified.contains(reference) { "weakness" } else { "event" };
        if class != expected && !ledger.perhaps_classified.contains(reference) {
            bail!("{reference} ({title}): expected {expected}, found {class}");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
