//! The conventions that a compiler does not check, as an ordinary command and an ordinary test.
//!
//! The rules read a [`Tree`], which is loaded once; a rule is one small file with one `check` function and a test
//! that shows it a tree that breaks it.

mod attributes;
mod comments;
mod dependencies;
mod documentation;
mod edges;
mod engines;
mod examples;
mod exceptions;
mod forbidden;
mod links;
mod migrations;
mod names;
mod sizes;
mod sql;
mod synchronous;
#[cfg(test)]
mod tests;
mod tokens;
mod tree;
mod units;

use std::fmt;
use std::path::Path;

use anyhow::bail;
use tree::Tree;

/// One place that breaks one rule, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Violation {
    /// Path from the root of the workspace, with `/`.
    path: String,
    /// Counted from 1.
    line: usize,
    /// The name of the rule, as printed.
    rule: &'static str,
    /// What was found and what to do.
    message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}: {}: {}", self.path, self.line, self.rule, self.message)
    }
}

const RULES: [fn(&Tree) -> Vec<Violation>; 16] = [
    comments::check,
    dependencies::check,
    documentation::check,
    edges::check,
    engines::check,
    examples::check,
    exceptions::check,
    forbidden::check,
    links::check,
    migrations::check,
    names::check,
    sizes::check_files,
    sizes::check_functions,
    sql::check,
    synchronous::check,
    units::check,
];

/// Checks the workspace at `root` and prints what breaks a rule, one line each.
///
/// # Errors
/// When anything breaks a rule, or when a file cannot be read or parsed.
pub(crate) fn run(root: &Path) -> anyhow::Result<()> {
    let tree = Tree::load(root)?;
    for (path, lines) in sizes::large_files(&tree) {
        println!(
            "{path}: {lines} lines: look whether it holds two things (the limit is {})",
            sizes::FILE_LINES
        );
    }
    let violations = violations(&tree);
    for violation in &violations {
        println!("{violation}");
    }
    if !violations.is_empty() {
        bail!("{} places break the conventions in STYLE.md", violations.len());
    }
    println!("tidy: {} Rust files, {} other files, nothing to mend", tree.rust.len(), tree.other_files());
    Ok(())
}

fn violations(tree: &Tree) -> Vec<Violation> {
    let mut found: Vec<_> = RULES.iter().flat_map(|check| check(tree)).collect();
    found.sort();
    found
}
