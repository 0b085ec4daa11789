//! A module is named after what it holds, not after the fact that several places use it.

use super::Violation;
use super::tree::Tree;

const EMPTY_NAMES: [&str; 10] =
    ["utils", "util", "helpers", "helper", "common", "manager", "managers", "misc", "base", "shared"];

/// Reports files, folders and inline modules whose name says nothing.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let mut found = Vec::new();
    for file in &tree.rust {
        for part in file.path.split('/') {
            let name = part.trim_end_matches(".rs");
            if EMPTY_NAMES.contains(&name) {
                found.push(violation(&file.path, 1, name));
            }
        }
        for pair in file.tokens.windows(2).filter(|pair| pair[0].is("mod")) {
            if let Some(name) = pair[1].ident().filter(|name| EMPTY_NAMES.contains(name)) {
                found.push(violation(&file.path, pair[1].line, name));
            }
        }
    }
    found
}

fn violation(path: &str, line: usize, name: &str) -> Violation {
    Violation {
        path: path.to_owned(),
        line,
        rule: "module-name",
        message: format!("`{name}` says nothing; name the module after the concept it holds"),
    }
}
