//! The operations that matter most, and how one sees that each was done.

use std::collections::BTreeSet;

use anyhow::{Context as _, bail};

use super::bench::{UNDONE, evidence_name, text};
use super::{Bench, Outcome, Place, outcome};
use crate::prove::client::Client;
use crate::prove::look::expect_ok;

/// The title of the case that is reported.
const TITLE: &str = "Reported while something strikes";

/// A command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    /// Sets a register up; every migration is run in it.
    Init,
    /// Opens a register whose server was killed, and lists.
    Open,
    /// Reports a case.
    Report,
    /// Adds a file as evidence.
    Evidence,
    /// Imports a spreadsheet.
    Import,
    /// Imports a VERIS file.
    Veris,
    /// Takes an import back.
    Undo,
    /// Exports an archive.
    Export,
    /// Makes an archive a register.
    Archive,
    /// Makes a backup.
    Backup,
    /// Restores a backup.
    Restore,
    /// Makes the index anew.
    Index,
    /// Exports a bundle.
    Bundle,
    /// Signs a checkpoint.
    Checkpoint,
}

impl Operation {
    /// All of them.
    pub(crate) const ALL: [Operation; 14] = [
        Operation::Init,
        Operation::Open,
        Operation::Report,
        Operation::Evidence,
        Operation::Import,
        Operation::Veris,
        Operation::Undo,
        Operation::Export,
        Operation::Archive,
        Operation::Backup,
        Operation::Restore,
        Operation::Index,
        Operation::Bundle,
        Operation::Checkpoint,
    ];

    /// The words of the command.
    ///
    /// # Errors
    /// A path is not Unicode.
    pub(crate) fn words(self, bench: &Bench<'_>, place: &Place) -> anyhow::Result<Vec<String>> {
        let paper = |name: &str| anyhow::Ok(text(&place.papers.join(name))?.to_owned());
        let on_disk = |name: &str| anyhow::Ok(text(&place.disk.join(name))?.to_owned());
        let (words, last): (&[&str], Vec<String>) = match self {
            Operation::Init => (&["init", "--person", "proof"], vec![]),
            Operation::Open => (&["case", "list"], vec![]),
            Operation::Report => (&["case", "new"], vec![TITLE.to_owned()]),
            Operation::Evidence => {
                let name = evidence_name(&bench.known)?;
                let case = name.split(' ').next().unwrap_or_default().to_owned();
                let file = paper("paper")?;
                (&["case", "evidence"], vec![case, "--name".into(), name, "--file".into(), file])
            }
            Operation::Import => (&["import", "spreadsheet"], vec![paper("old.csv")?]),
            Operation::Veris => (&["import", "veris"], vec![paper("old.jsonl")?]),
            Operation::Undo => {
                (&["import", "undo", "--reason", "it was the wrong file"], vec![bench.run.clone()])
            }
            Operation::Export => (&["export", "archive"], vec![on_disk("archive")?]),
            Operation::Archive => (&["import", "archive", "--new-key"], vec![paper("archive")?]),
            Operation::Backup => (&["backup", "create", "--out"], vec![on_disk("backup")?]),
            Operation::Restore => (&["backup", "restore"], vec![paper("backup")?]),
            Operation::Index => (&["index", "rebuild"], vec![]),
            Operation::Bundle => (&["trail", "export", "--out"], vec![on_disk("bundle")?]),
            Operation::Checkpoint => (&["trail", "checkpoint"], vec![]),
        };
        Ok(words.iter().map(|word| (*word).to_owned()).chain(last).collect())
    }

    /// Whether there is no register before.
    pub(crate) fn begins_empty(self) -> bool {
        matches!(self, Operation::Init | Operation::Restore | Operation::Archive)
    }

    /// Whether a second time is a conflict.
    pub(crate) fn is_done_once(self) -> bool {
        matches!(
            self,
            Operation::Init
                | Operation::Restore
                | Operation::Archive
                | Operation::Backup
                | Operation::Bundle
                | Operation::Export
                | Operation::Undo
        )
    }

    /// Whether the files that it made, run to its end at last, are whole.
    ///
    /// # Errors
    /// They are not.
    pub(crate) fn look_at_files(self, bench: &Bench<'_>, place: &Place) -> anyhow::Result<()> {
        let words = self.words(bench, place)?;
        let made = words.last().context("an operation without words")?;
        let key = place.data().join("keys").join("verifier.key");
        // What an archive becomes lies elsewhere: nothing of it is known to the shim.
        let imported = place.folder().join("imported");
        let (data, check): (_, &[&str]) = match self {
            Operation::Backup => (place.data(), &["backup", "verify", made]),
            Operation::Bundle => (place.data(), &["trail", "verify", "--bundle", made, "--key", text(&key)?]),
            Operation::Export => (imported, &["import", "archive", made]),
            _ => return Ok(()),
        };
        match outcome(&mut bench.program.on(&data, check), place.folder())? {
            Outcome::Done(report) if self == Operation::Backup => expect_ok(&report)?,
            Outcome::Done(_) => {}
            other => bail!("{}: {other:?}", check.join(" ")),
        }
        expect_nothing_beside(place)
    }

    /// Whether there are as many cases as there should be after the command was run again, none of them twice.
    ///
    /// # Errors
    /// There are not.
    pub(crate) fn look_at_cases(
        self,
        bench: &Bench<'_>,
        client: &Client,
        was_done: bool,
    ) -> anyhow::Result<()> {
        let cases = client.every("list_cases")?;
        let before = if self == Operation::Init { 0 } else { bench.known.cases.len() };
        let (least, most) = match self {
            Operation::Report => (if was_done { 2 } else { 1 }, 2),
            Operation::Import | Operation::Veris => (bench.rows, bench.rows),
            Operation::Undo => (UNDONE, UNDONE),
            _ => (0, 0),
        };
        if !(before + least..=before + most).contains(&cases.len()) {
            bail!(
                "expected {least} to {most} cases beside the {before} of before, found {} in all",
                cases.len()
            );
        }
        let titles: BTreeSet<&str> = cases.iter().filter_map(|case| case["title"].as_str()).collect();
        if self == Operation::Import && titles.len() != cases.len() {
            bail!("{} cases have only {} titles: some are there twice", cases.len(), titles.len());
        }
        let void = cases.iter().filter(|case| case["state"] == "void").count();
        let expected = if self == Operation::Undo { UNDONE } else { 0 };
        if void != expected {
            bail!("expected {expected} void cases, found {void}");
        }
        Ok(())
    }
}

/// What was cut off leaves nothing beside what it made, once it was done at last.
fn expect_nothing_beside(place: &Place) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(&place.disk)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !["data", "backup", "bundle", "archive"].contains(&name.as_str()) {
            bail!("{name} was left behind");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    /// The steps of the schema that the first release has: no register was ever filled at an earlier one.
    const FIRST_RELEASE: [&str; 16] = [
        "0001_foundation.sql",
        "0002_register.sql",
        "0003_accounts.sql",
        "0004_requests.sql",
        "0005_jobs.sql",
        "0006_mail.sql",
        "0007_open_reports.sql",
        "0008_drafts.sql",
        "0009_procedure.sql",
        "0010_controls_risks.sql",
        "0011_lessons_actions.sql",
        "0012_causes.sql",
        "0013_actions_under_procedure.sql",
        "0014_work_in_order.sql",
        "0015_checks_judged_early.sql",
        "0016_lessons_failed.sql",
    ];

    #[test]
    fn a_step_after_the_first_release_has_its_migration_struck() {
        let folder = crate::workspace::root().join("crates/store/migrations/sqlite");
        let entries = std::fs::read_dir(folder).expect("the migrations are there");
        let mut steps: Vec<_> = entries.map(|entry| entry.expect("an entry").file_name()).collect();
        steps.sort();
        assert_eq!(
            steps, FIRST_RELEASE,
            "now there are registers to migrate that are not empty: add an operation that opens one of the release before, and \
             take this test away"
        );
    }
}
