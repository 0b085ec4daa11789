//! The two database drivers are named in `store/src/engine/`, what differs between the engines in
//! `store/src/dialect/`, the search library in `index`.

use super::Violation;
use super::tree::{RustFile, Tree};

/// Modules outside the two folders that may name an engine, and why.
const EXCEPTIONS: [(&str, &str); 4] = [
    ("crates/store/src/url", "an address is what says which engine is meant"),
    ("crates/store/src/statement", "a statement keeps its text in the form that each engine takes"),
    ("crates/store/src/migrate", "each engine has its own folder of migrations"),
    ("crates/testkit/src", "it starts the databases that tests run on"),
];

/// Reports identifiers that name a driver, an engine or the search library where they do not belong.
/// Texts for people (`"sqlite:PATH"`) are not identifiers and are free; so are tests.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let mut found = Vec::new();
    for file in tree.rust.iter().filter(|file| file.crate_name() != "xtask") {
        for token in &file.tokens {
            let Some(name) = token.ident() else { continue };
            let Some(home) = home_of(name) else { continue };
            if file.is_test_line(token.line) || lives_in(file, home) {
                continue;
            }
            found.push(Violation {
                path: file.path.clone(),
                line: token.line,
                rule: "engine-name",
                message: format!(
                    "{name} is named outside {}; ask that code for what it decides",
                    home.join(" and ")
                ),
            });
        }
    }
    found
}

const DATABASE: &[&str] = &["crates/store/src/engine", "crates/store/src/dialect"];
const SEARCH: &[&str] = &["crates/index/src"];

fn home_of(name: &str) -> Option<&'static [&'static str]> {
    let name = name.to_lowercase();
    if name.contains("sqlite") || name.contains("postgres") {
        Some(DATABASE)
    } else if name.contains("tantivy") {
        Some(SEARCH)
    } else {
        None
    }
}

/// Whether the file is one of the modules, or below it.
fn lives_in(file: &RustFile, home: &[&str]) -> bool {
    let is_module = |module: &str| {
        file.path.strip_prefix(module).is_some_and(|rest| rest.starts_with('/') || rest == ".rs")
    };
    home.iter().any(|module| is_module(module)) || EXCEPTIONS.iter().any(|(module, _)| is_module(module))
}
