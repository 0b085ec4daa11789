//! What never stands in a Rust file: unfinished code, tests that do not run, waiting for a time to pass.

use super::Violation;
use super::attributes::{attributes, names};
use super::tokens::Token;
use super::tree::{RustFile, Tree};

const MACROS: [(&str, &str); 3] = [
    ("todo", "write it now or leave the feature out"),
    ("unimplemented", "write it now or leave the feature out"),
    ("dbg", "remove it, or use tracing"),
];

const ATTRIBUTES: [(&str, &str); 2] = [
    (
        "ignore",
        "a test that does not run proves nothing; make it quick, or make it a proof under `cargo xtask prove`",
    ),
    (concat!("should", "_panic"), "return an error and assert what it says"),
];

/// Notes to oneself, put together here so that this file passes its own rule.
const NOTES: [&str; 2] = [concat!("FIX", "ME"), concat!("XX", "X")];

/// Reports unfinished code, switched-off tests, sleeping, and notes to oneself.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    tree.rust.iter().flat_map(check_file).collect()
}

fn check_file(file: &RustFile) -> Vec<Violation> {
    let mut found = Vec::new();
    let mut report = |line: usize, what: &str, mend: &str| {
        let message = format!("{what}: {mend}");
        found.push(Violation { path: file.path.clone(), line, rule: "forbidden", message });
    };
    for pair in file.tokens.windows(2) {
        for (name, mend) in MACROS {
            if pair[0].is(name) && pair[1].is_mark('!') {
                report(pair[0].line, &format!("{name}!"), mend);
            }
        }
    }
    for attribute in attributes(&file.tokens) {
        for (name, mend) in ATTRIBUTES {
            if names(attribute, name) {
                report(attribute[0].line, &format!("#[{name}]"), mend);
            }
        }
    }
    for path in file.tokens.windows(4).filter(|path| sleeps(path)) {
        report(
            path[0].line,
            "sleeping",
            "wait for a condition: a channel, a condition variable, a child's end",
        );
    }
    for (at, line) in file.text.lines().enumerate() {
        if let Some(note) = words(line).find(|word| NOTES.contains(word)) {
            report(at + 1, note, "mend it now, or write down in docs what is a known limit");
        }
    }
    found
}

fn sleeps(path: &[Token]) -> bool {
    path[0].is("thread") && path[1].is_mark(':') && path[2].is_mark(':') && path[3].is("sleep")
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
}
