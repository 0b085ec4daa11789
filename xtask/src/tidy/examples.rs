//! Examples are tests. One in a comment would be compiled only by a build of its own of the whole program, so the libraries
//! have `doctest = false`, and a comment shows outlines and other languages alone.

use super::Violation;
use super::tree::{RustFile, Tree};

/// Languages that a comment may show.
const SHOWN: [&str; 4] = ["json", "sql", "text", "toml"];

/// Reports code in comments, and libraries that would compile it.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let manifests =
        tree.texts.iter().filter(|(path, text)| compiles_examples(path, text, tree)).map(|(path, _)| {
            let message = "write `[lib]` and `doctest = false`: examples are tests".to_owned();
            Violation { path: path.clone(), line: 1, rule: "examples", message }
        });
    tree.rust.iter().flat_map(check_file).chain(manifests).collect()
}

fn compiles_examples(path: &str, text: &str, tree: &Tree) -> bool {
    path.strip_suffix("Cargo.toml").is_some_and(|folder| {
        tree.rust.iter().any(|file| file.path == format!("{folder}src/lib.rs"))
            && !text.lines().any(|line| line == "doctest = false")
    })
}

fn check_file(file: &RustFile) -> Vec<Violation> {
    let fences = file.text.lines().enumerate().filter_map(|(at, line)| {
        let line = line.trim_start();
        let comment = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"))?;
        Some((at + 1, comment.trim().strip_prefix("```")?))
    });
    // Every other fence ends what the one before it began.
    fences
        .step_by(2)
        .filter(|(_, language)| !SHOWN.contains(language))
        .map(|(line, _)| Violation {
            path: file.path.clone(),
            line,
            rule: "examples",
            message: format!("make the example a test, or begin it with ``` and one of {}", SHOWN.join(", ")),
        })
        .collect()
}
