//! What lies on the disk: the half of the index that everybody searches holds nothing of restricted cases, and the other
//! half every word of theirs that is searched for.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};

use super::telling::{Secrets, Words};
use crate::program::{Register, example, output};

/// Fields whose words no index holds, and why.
const NOT_SEARCHED: [(&str, &[&str]); 3] = [
    (
        "shown with their record, and no search looks at them",
        &[
            "method",
            "criteria",
            "dataset",
            "version",
            "contracts",
            "checkpoint",
            "metric",
            "quality",
            "proof",
            "source",
            "cost",
            "custody",
            "link",
            "support",
            "end",
            "linksupport",
            "searched",
            "finding",
            "measure",
            "strength",
            "check",
            "early",
            "question",
            "well",
            "luck",
            "surprise",
            "deviation",
            "performance",
            "before",
            "after",
        ],
    ),
    (
        "reasons for a step, shown with what was stepped on",
        &[
            "move",
            "due reason",
            "check reason",
            "dismissal",
            "coverage",
            "declaration",
            "reopening",
            "waiver",
            "notdoing",
            "retirement",
            "void",
            "settlement",
        ],
    ),
    ("the content of evidence files, which nobody reads", &["content"]),
];

/// What was found in the files of the index.
pub(super) struct Looked {
    /// Words of dictionaries and columns, and stored texts, in the open half.
    pub(super) open_texts: usize,
    /// Restricted ones among them.
    pub(super) seen: Vec<String>,
    /// Restricted words in the restricted half: every one that is in a field that is searched.
    pub(super) restricted_words: usize,
}

/// Reads everything that the files of both halves hold.
///
/// # Errors
/// When they cannot be read, or when the restricted half does not hold what it should.
pub(super) fn look(register: &Register<'_>, secrets: &Secrets) -> anyhow::Result<Looked> {
    let program = example("contents")?;
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
    let restricted_words = whole(secrets.fields(), &found)?;
    Ok(Looked { open_texts: open.lines().count(), seen, restricted_words })
}

/// Every word of a field that is searched was found, and none of another; gives how many. Otherwise nobody looked where the
/// words are, or the list of fields that are not searched is not right.
fn whole(told: &Words, found: &HashSet<String>) -> anyhow::Result<usize> {
    let not_searched: BTreeSet<&str> = NOT_SEARCHED.iter().flat_map(|(_, fields)| *fields).copied().collect();
    let fields: BTreeSet<&str> = told.values().copied().collect();
    let gone: Vec<_> = not_searched.difference(&fields).collect();
    ensure!(gone.is_empty(), "nothing was told in these fields that are not searched: {gone:?}");
    let wrong = |is_searched: bool| -> BTreeSet<&str> {
        let of = told.iter().filter(|(_, field)| not_searched.contains(*field) != is_searched);
        of.filter(|(word, _)| found.contains(*word) != is_searched).map(|(_, field)| *field).collect()
    };
    let (missing, surplus) = (wrong(true), wrong(false));
    ensure!(missing.is_empty(), "the restricted half lacks words that were told in {missing:?}");
    ensure!(surplus.is_empty(), "the restricted half has words of {surplus:?}, which should not be searched");
    Ok(told.keys().filter(|word| found.contains(*word)).count())
}

/// The fields whose words no index holds, with the reasons.
pub(super) fn not_searched() -> String {
    NOT_SEARCHED.map(|(why, fields)| format!("{} ({why})", fields.join(", "))).join("; ")
}

/// The folder of the index that is in use.
pub(super) fn generation(index: &Path) -> anyhow::Result<PathBuf> {
    let name =
        std::fs::read_to_string(index.join("CURRENT")).context("the index has no current generation")?;
    Ok(index.join(name.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_missing_or_should_not_be_there_is_told() {
        let fields = NOT_SEARCHED.iter().flat_map(|(_, fields)| *fields).copied();
        let told: Words = fields.chain(["title"]).map(|field| (format!("word{field}"), field)).collect();
        let found =
            |fields: &[&str]| whole(&told, &fields.iter().map(|field| format!("word{field}")).collect());
        assert_eq!(found(&["title"]).expect("it is as it should be"), 1);
        assert!(found(&[]).expect_err("it is missing").to_string().contains("title"));
        assert!(found(&["title", "cost"]).expect_err("it is too much").to_string().contains("cost"));
        let told = [("wordtitle".to_owned(), "title")].into();
        assert!(whole(&told, &["wordtitle".to_owned()].into()).is_err(), "most fields were not told");
    }
}
