//! Whether no field was forgotten: every column that can hold words which people write has one of ours in some restricted
//! case, as the trail tells to somebody who may read all.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use super::asking::Server;
use super::people::People;
use super::telling::MARK;
use crate::program::{example, output};

/// Gives how many columns have a word.
///
/// # Errors
/// When a column has none: then the proof says nothing about it, and its case has to be told more fully.
pub(super) fn every_field_has_its_word(
    server: &Server,
    people: &People,
    data: &Path,
) -> anyhow::Result<usize> {
    let wanted = output(&mut Command::new(example("own_words")?))?;
    let wanted: BTreeSet<&str> = wanted.lines().collect();
    ensure!(wanted.len() > 30, "the inventory is not whole: {wanted:?}");
    let with = with_a_word(server, people, data)?;
    let without: Vec<&&str> = wanted.iter().filter(|column| !with.contains(**column)).collect();
    ensure!(without.is_empty(), "these fields of restricted cases have no word: {without:?}");
    Ok(wanted.len())
}

/// The columns that have a word in some restricted case: a table and a column each.
fn with_a_word(server: &Server, people: &People, data: &Path) -> anyhow::Result<BTreeSet<String>> {
    let out = data.with_file_name("everything.bundle");
    let export = json!({ "cases": [], "out": out });
    server.ok(Some(&people.listed.token), "export_bundle", &export)?;
    let bundle = std::fs::read_to_string(&out)?;
    std::fs::remove_file(&out)?;
    let mut with = BTreeSet::new();
    for line in bundle.lines().filter_map(|line| line.strip_prefix("open ")) {
        let opened: BTreeMap<String, Value> = serde_json::from_str(line).context("a bundle's disclosures")?;
        for (field, value) in opened {
            let (table, column) = (field.split('/').next(), field.rsplit('/').next());
            if let (Some(table), Some(column)) = (table, column)
                && value.to_string().contains(MARK)
            {
                with.insert(format!("{table} {column}"));
            }
        }
    }
    Ok(with)
}
