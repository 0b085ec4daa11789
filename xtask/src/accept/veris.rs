//! VERIS records: what an import makes of them, held against figures counted from the JSON itself, and a strict import held
//! against labelled records.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use serde_json::Value;

use super::facts::{Finding, counted, groups, total};
use crate::program::Register;

/// Labelled records that VERIS 1.4.1 judges in another way than their label says, with the reason. The page of the
/// documentation (`docs/reference/veris-import.md`) lists them too; a test holds the two against each other.
const JUDGED_OTHERWISE: [(&str, &str, &str); 9] = [
    ("action.error.variety_empty.json", "action.error.variety", "the label writes actor for action"),
    ("action.error.variety_missing.json", "action.error.variety", "the label writes actor for action"),
    ("action.error.vector_empty.json", "action.misuse.vector", "the record has a misuse, not an error"),
    ("action.error.vector_missing.json", "action.misuse.vector", "the record has a misuse, not an error"),
    ("action.physical_unrecognized.json", "action.social", "the unknown field stands in action.social"),
    (
        "actor.external.name_empty.json",
        "actor.external.region",
        "an empty list of names is allowed; the region is no list",
    ),
    ("attribute.availability_unrecognized.json", "attribute.test", "the unknown field stands in attribute"),
    ("valid_asset.json", "asset", "asset.governance is gone, asset.cloud is a list"),
    ("valid_victim.industry_two.json", "victim.industry", "no sector of industries begins with 12"),
];

/// Where the name of a labelled file does not say the path that it is about.
const PATHS: [(&str, &str); 4] = [
    ("asset.country_numbers.json", "asset.country"),
    ("root_unrecognized.json", "test"),
    ("timeline.incident.day.low.json", "timeline.incident.day"),
    ("timeline.incident.month.low.json", "timeline.incident.month"),
];

/// Figures of a file of records, counted without the program.
struct Counted {
    records: usize,
    distinct: usize,
    by_year: BTreeMap<String, u64>,
    by_action: BTreeMap<String, u64>,
}

/// Imports the records twice and compares years and actions.
///
/// # Errors
/// When the program fails or the file is not there.
pub(crate) fn records(register: &Register<'_>, file: &Path) -> anyhow::Result<Vec<Finding>> {
    let counts = Counted::of(file)?;
    let import = || register.json(&["import", "veris", &file.to_string_lossy()]);
    let first = import()?;
    let mut findings = vec![
        Finding::new("records read", counts.records, &first["read"]),
        Finding::new("records created", counts.distinct, &first["created"]),
        Finding::new("records skipped", counts.records - counts.distinct, &first["skipped"]),
        Finding::new("records rejected", 0, &first["rejected"]),
    ];
    let years = groups(register, &["--by", "year", "--date", "occurred"], "year")?;
    for (year, expected) in &counts.by_year {
        findings.push(Finding::new(format!("occurred in {year}"), expected, counted(&years, year)));
    }
    findings.push(Finding::new("years", counts.by_year.len(), years.len()));
    for (action, expected) in &counts.by_action {
        let query = format!("tag:\"veris:action.{action}\"");
        let found = total(register, &["case", "list", "--query", &query])?;
        findings.push(Finding::new(format!("action {action}"), expected, found));
    }
    let again = import()?;
    for what in ["created", "changed", "rejected"] {
        findings.push(Finding::new(format!("{what} by a second run"), 0, &again[what]));
    }
    findings.push(Finding::new(
        "cases after a second run",
        counts.distinct,
        total(register, &["case", "list"])?,
    ));
    Ok(findings)
}

impl Counted {
    /// Two records are one if nothing but the identity differs that a document store gave them.
    fn of(file: &Path) -> anyhow::Result<Counted> {
        let text =
            std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let records: Vec<Value> = serde_json::from_str(&text)?;
        let mut counted = Counted {
            records: records.len(),
            distinct: 0,
            by_year: BTreeMap::new(),
            by_action: BTreeMap::new(),
        };
        let mut seen = BTreeSet::new();
        for mut record in records {
            record.as_object_mut().context("a record that is no object")?.remove("_id");
            if !seen.insert(record.to_string()) {
                continue;
            }
            counted.distinct += 1;
            let year = record["timeline"]["incident"]["year"].to_string();
            *counted.by_year.entry(year).or_default() += 1;
            for action in record["action"].as_object().into_iter().flat_map(|actions| actions.keys()) {
                *counted.by_action.entry(action.clone()).or_default() += 1;
            }
        }
        Ok(counted)
    }
}

/// Looks at labelled records strictly, without importing them.
///
/// # Errors
/// When the program fails or the file is not there.
pub(crate) fn labelled(register: &Register<'_>, file: &Path) -> anyhow::Result<Vec<Finding>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let tests: Vec<Value> = text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let mut scratch = tempfile::Builder::new().suffix(".jsonl").tempfile()?;
    for test in &tests {
        writeln!(scratch, "{}", test["incident"])?;
    }
    let path = scratch.path().to_string_lossy().into_owned();
    let looked = register.json(&["import", "veris", &path, "--strict", "--dry-run"])?;
    let rejections = looked["preview"]["rejections"].as_array().context("a preview without rejections")?;
    let by_row: BTreeMap<u64, &Value> = rejections
        .iter()
        .filter_map(|rejection| Some((rejection["row"].as_u64()?, &rejection["reason"])))
        .collect();
    let mut as_labelled = 0;
    let mut findings = vec![Finding::new("labelled records read", tests.len(), &looked["read"])];
    for (row, test) in (1..).zip(&tests) {
        let name = test["file"].as_str().unwrap_or_default();
        let reason = by_row.get(&row).copied();
        let otherwise = JUDGED_OTHERWISE.iter().find(|(file, _, _)| *file == name);
        let is_as_said = match (otherwise, test["should"].as_str()) {
            (Some((_, path, _)), _) => reason.is_some_and(|reason| names(reason, path)),
            (None, Some("pass")) => reason.is_none(),
            (None, _) => reason.is_some_and(|reason| names(reason, &labelled_path(test))),
        };
        if otherwise.is_some() && is_as_said {
            println!("judged otherwise: {name}: {}", otherwise.map_or("", |(_, _, why)| why));
        } else if is_as_said {
            as_labelled += 1;
        } else {
            let found = reason.map_or_else(|| "passes".to_owned(), Value::to_string);
            findings.push(Finding::new(name, test["message"].as_str().unwrap_or_default(), found));
        }
    }
    findings.push(Finding::new("judged as labelled", tests.len() - JUDGED_OTHERWISE.len(), as_labelled));
    Ok(findings)
}

/// The path that a label is about: the one in its message, otherwise the one that the file is named after.
fn labelled_path(test: &Value) -> String {
    let file = test["file"].as_str().unwrap_or_default();
    if let Some((_, path)) = PATHS.iter().find(|(name, _)| *name == file) {
        return (*path).to_owned();
    }
    let message = test["message"].as_str().unwrap_or_default();
    let is_path = |word: &&str| word.split('.').filter(|part| !part.is_empty()).count() > 1;
    let words = message.split_whitespace().map(|word| word.trim_matches(['.', ',']));
    let said = words.into_iter().find(is_path);
    let stem = file.trim_end_matches(".json");
    said.unwrap_or_else(|| stem.rsplit_once('_').map_or(stem, |(path, _)| path)).to_owned()
}

/// Whether a reason names a path, or a place below it; `data.0` is `data[0]`.
fn names(reason: &Value, path: &str) -> bool {
    let mut wanted = String::new();
    for part in path.split('.') {
        match part.parse::<u32>() {
            Ok(number) => wanted.push_str(&format!("[{number}]")),
            Err(_) if wanted.is_empty() => wanted.push_str(part),
            Err(_) => {
                wanted.push('.');
                wanted.push_str(part);
            }
        }
    }
    let texts = [&reason["column"], &reason["fix"]].map(|text| text.as_str().unwrap_or_default());
    let is_here = |at: &str| {
        at.strip_prefix(wanted.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[', ':']))
    };
    is_here(texts[0]) || texts[1].split(", and also ").flat_map(|part| part.split("; ")).any(is_here)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_reason_names_a_path_or_a_place_below_it() {
        let reason = json!({ "column": "action.Unknown", "fix": "mend it (line 1), and also ioc[0].indicator: found nothing; a.bc: found x" });
        for (path, expected) in [
            ("action.Unknown", true),
            ("action", true),
            ("ioc.0", true),
            ("ioc[0]", true),
            ("a.b", false),
            ("a.bc", true),
        ] {
            assert_eq!(names(&reason, path), expected, "{path}");
        }
    }

    #[test]
    fn the_path_of_a_label_stands_in_its_message_or_its_name() {
        let path = |file: &str, message: &str| labelled_path(&json!({ "file": file, "message": message }));
        assert_eq!(path("x_y.json", "actor.external.name is empty. test."), "actor.external.name");
        assert_eq!(path("ioc_empty.json", "ioc is empty []. test"), "ioc");
        assert_eq!(path("root_unrecognized.json", "Extra property."), "test");
    }

    /// The rows of the page about records that are judged otherwise: the record, and how it is judged.
    fn judged_on_the_page() -> Vec<(String, String)> {
        let page = crate::workspace::root().join("docs/reference/veris-import.md");
        let page = std::fs::read_to_string(page).expect("the page about VERIS is there");
        let (_, table) = page.split_once("| record | its label | judged |").expect("the page has the table");
        let rows = table.lines().skip(1).take_while(|line| line.starts_with('|')).skip(1);
        rows.flat_map(|row| {
            let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
            let [records, _, judged] = cells[..] else { panic!("{row} has not three cells") };
            let name = |record: &str| record.trim().trim_matches('`').to_owned();
            records.split(',').map(|record| (name(record), judged.to_owned())).collect::<Vec<_>>()
        })
        .collect()
    }

    #[test]
    fn the_page_lists_what_is_judged_otherwise_and_nothing_else() {
        let page = judged_on_the_page();
        let names: BTreeSet<String> = page.iter().map(|(record, _)| format!("{record}.json")).collect();
        let known: BTreeSet<String> =
            JUDGED_OTHERWISE.iter().map(|(file, _, _)| (*file).to_owned()).collect();
        assert_eq!(names, known);
        assert_eq!((page.len(), known.len()), (JUDGED_OTHERWISE.len(), JUDGED_OTHERWISE.len()));
        for (file, path, _) in JUDGED_OTHERWISE {
            let (record, judged) =
                page.iter().find(|(record, _)| format!("{record}.json") == file).expect(file);
            // Of a record that has to pass the path is in its name.
            let is_named = judged.contains(path) || record.starts_with("valid_") && record.contains(path);
            assert!(is_named && judged.contains("fails"), "{file}: {judged}");
        }
    }
}
