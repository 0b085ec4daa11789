//! What lies on the disk: the half of the index that everybody searches holds nothing of restricted cases.

use std::collections::HashSet;
use std::process::Command;

use anyhow::Context as _;

use super::telling::Secrets;
use crate::machine::{cargo, run};
use crate::program::{Register, output};
use crate::workspace;

/// What was found in the files of the index.
pub(super) struct Looked {
    /// Words of dictionaries and columns, and stored texts, in the open half.
    pub(super) open_texts: usize,
    /// Restricted ones among them.
    pub(super) seen: Vec<String>,
    /// Restricted words in the restricted half.
    pub(super) restricted_words: usize,
}

/// Reads everything that the files of both halves hold.
///
/// # Errors
/// When they cannot be read, or when the restricted half does not hold what it should.
pub(super) fn look(register: &Register<'_>, secrets: &Secrets) -> anyhow::Result<Looked> {
    let mut build = cargo();
    build.args(["build", "--locked", "--package", "nevertwice-index", "--example", "contents"]);
    run(&mut build)?;
    let program = workspace::target()?.join("debug").join("examples").join("contents");
    let index = register.data().join("index");
    let contents = |half: &str| output(Command::new(&program).arg(&index).arg(half));
    let open = contents("open")?;
    let mut seen = secrets.seen_in(open.as_bytes(), "the open half of the index");
    for entry in std::fs::read_dir(generation(&index)?.join("open"))? {
        let path = entry?.path();
        seen.extend(secrets.seen_in(&std::fs::read(&path)?, &path.display().to_string()));
    }
    let restricted = contents("restricted")?;
    let found: HashSet<String> = secrets.told_by(restricted.as_bytes()).into_iter().collect();
    let restricted_words = secrets.words().filter(|word| found.contains(*word)).count();
    anyhow::ensure!(
        restricted_words > secrets.stories.len() * 10,
        "the restricted half has only {restricted_words}"
    );
    Ok(Looked { open_texts: open.lines().count(), seen, restricted_words })
}

fn generation(index: &std::path::Path) -> anyhow::Result<std::path::PathBuf> {
    let name =
        std::fs::read_to_string(index.join("CURRENT")).context("the index has no current generation")?;
    Ok(index.join(name.trim()))
}
