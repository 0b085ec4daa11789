//! What a correct import contains, counted by hand, and how the program is asked for it.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::path::Path;

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::Value;

use super::content;
use crate::program::Register;

/// The facts file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Facts {
    actions: u64,
    actions_owned_by_team: u64,
    actions_without_owner: u64,
    blank_rows: u64,
    by_kind: BTreeMap<String, u64>,
    by_year: BTreeMap<String, u64>,
    closed: u64,
    closed_without_action: u64,
    cost_total: f64,
    duplicate_refs: u64,
    rows: u64,
    undated: u64,
}

/// One thing that was looked at.
#[derive(Debug)]
pub(crate) struct Finding {
    pub(crate) what: String,
    pub(crate) expected: String,
    pub(crate) found: String,
}

impl Finding {
    /// Both sides are compared as text.
    pub(crate) fn new(what: impl Into<String>, expected: impl Display, found: impl Display) -> Finding {
        Finding { what: what.into(), expected: format!("{expected}"), found: format!("{found}") }
    }

    /// Whether what was found is what was expected.
    pub(crate) fn holds(&self) -> bool {
        self.expected == self.found
    }
}

impl Facts {
    /// Reads the facts file.
    ///
    /// # Errors
    /// When it is not there or has another shape.
    pub(crate) fn load(path: &Path) -> anyhow::Result<Facts> {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text)
            .with_context(|| format!("{} has another shape than expected", path.display()))
    }

    /// How many rows the old register has, blank ones left out.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// Asks a register for every fact; `import` is what its import printed.
    ///
    /// # Errors
    /// When the program fails.
    pub(crate) fn check(&self, register: &Register<'_>, import: &Value) -> anyhow::Result<Vec<Finding>> {
        let mut findings = vec![
            Finding::new("rows created", self.rows, &import["created"]),
            Finding::new("cases", self.rows, total(register, &["case", "list"])?),
        ];
        let classes = groups(register, &["--by", "class"], "class")?;
        for (kind, expected) in &self.by_kind {
            let class = kind.to_lowercase().replace(' ', "_");
            findings.push(Finding::new(format!("class {class}"), expected, counted(&classes, &class)));
        }
        let years = groups(register, &["--by", "year", "--date", "reported"], "year")?;
        for (year, expected) in &self.by_year {
            findings.push(Finding::new(format!("reported in {year}"), expected, counted(&years, year)));
        }
        findings.push(Finding::new("undated", self.undated, counted(&years, "unknown")));
        findings.push(Finding::new(
            "closed",
            self.closed,
            total(register, &["case", "list", "--query", "state:closed"])?,
        ));
        let made = self.actions - self.actions_owned_by_team - self.actions_without_owner;
        findings.push(Finding::new("actions", made, total(register, &["action", "list"])?));
        let gaps = &import["gaps"];
        findings.push(Finding::new(
            "gaps without owner",
            self.actions_without_owner,
            &gaps["action_without_owner"],
        ));
        findings.push(Finding::new(
            "gaps owned by a team",
            self.actions_owned_by_team,
            &gaps["action_owned_by_team"],
        ));
        findings.push(Finding::new(
            "duplicate references",
            self.duplicate_refs,
            &gaps["duplicate_reference"],
        ));
        findings.push(Finding::new("blank rows", self.blank_rows, &gaps["blank_row"]));
        let cases = content::cases(register)?;
        let without = cases.iter().filter(|case| case["state"] == "closed" && has_no_action(case)).count();
        findings.push(Finding::new("closed without action", self.closed_without_action, without));
        findings.push(Finding::new("cost total", format!("{:.2}", self.cost_total), cost(&cases)));
        Ok(findings)
    }
}

/// How many objects a list has.
///
/// # Errors
/// When the program fails.
pub(crate) fn total(register: &Register<'_>, words: &[&str]) -> anyhow::Result<Value> {
    let mut words = words.to_vec();
    words.extend(["--limit", "1"]);
    Ok(register.json(&words)?["total"].take())
}

/// The groups of a measure: count by value.
///
/// # Errors
/// When the program fails.
pub(crate) fn groups(
    register: &Register<'_>,
    by: &[&str],
    key: &str,
) -> anyhow::Result<BTreeMap<String, Value>> {
    let words = [&["measure", "volume"], by].concat();
    let measured = register.json(&words)?;
    let groups = measured["groups"].as_array().context("a measure without groups")?;
    let name = |value: &Value| match value {
        Value::Null => "unknown".to_owned(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    Ok(groups.iter().map(|group| (name(&group["key"][key]), group["count"].clone())).collect())
}

/// The count of a value; none is 0.
pub(crate) fn counted(groups: &BTreeMap<String, Value>, name: &str) -> String {
    groups.get(name).map_or_else(|| "0".to_owned(), Value::to_string)
}

/// Neither an action nor a gap where the old log had one without a person or a date.
fn has_no_action(case: &Value) -> bool {
    let none = |list: &Value, counts: fn(&Value) -> bool| {
        list.as_array().is_none_or(|items| !items.iter().any(counts))
    };
    let is_action = |gap: &Value| gap["kind"].as_str().is_some_and(|kind| kind.starts_with("action_"));
    none(&case["actions"], |_| true) && none(&case["gaps"], is_action)
}

/// The sum of all cost lines with two decimals; the old register has one currency.
fn cost(cases: &[Value]) -> String {
    let lines = cases.iter().filter_map(|case| case["costs"].as_array()).flatten();
    let minor: i64 = lines.filter_map(|line| line["amount_minor"].as_i64()).sum();
    format!("{}.{:02}", minor / 100, minor % 100)
}
