//! A migration exists for both engines, under one number and one name, without a gap.

use std::collections::BTreeMap;

use super::Violation;
use super::tree::Tree;

const FOLDER: &str = "crates/store/migrations";
const ENGINES: [&str; 2] = ["sqlite", "postgres"];

/// Reports migrations with a malformed name, without a twin, with a number used twice, or after a gap.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let mut found = Vec::new();
    for (engine, other) in [(ENGINES[0], ENGINES[1]), (ENGINES[1], ENGINES[0])] {
        let prefix = format!("{FOLDER}/{engine}/");
        let mut numbers = BTreeMap::new();
        for path in tree.paths.iter().filter(|path| path.starts_with(&prefix)) {
            let name = &path[prefix.len()..];
            if !tree.paths.contains(&format!("{FOLDER}/{other}/{name}")) {
                found.push(violation(path, format!("{other} has no {name}; write its twin")));
            }
            match number(name) {
                None => found.push(violation(path, "expected a name such as 0007_actions.sql".to_owned())),
                Some(number) => {
                    if let Some(first) = numbers.insert(number, name) {
                        found.push(violation(path, format!("number {number} is taken by {first}")));
                    }
                }
            }
        }
        for (expected, (number, name)) in (1..).zip(&numbers) {
            if *number != expected {
                found.push(violation(&format!("{prefix}{name}"), format!("expected number {expected:04}")));
                break;
            }
        }
    }
    found
}

fn number(name: &str) -> Option<u32> {
    let (number, rest) = name.strip_suffix(".sql")?.split_once('_')?;
    let named =
        !rest.is_empty() && rest.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    if number.len() == 4 && named { number.parse().ok() } else { None }
}

fn violation(path: &str, message: String) -> Violation {
    Violation { path: path.to_owned(), line: 1, rule: "paired-migrations", message }
}
