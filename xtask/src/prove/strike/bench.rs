//! A register that is copied for each strike, and what the commands read.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Counted, Operation, Outcome, clear, outcome};
use crate::machine::run;
use crate::program::{Program, output};
use crate::prove::client::Client;
use crate::prove::known::{Known, completion, evidence_content, new_action, new_case, new_evidence};
use crate::prove::look::{expect_ok, look};
use crate::prove::server::Serving;
use crate::prove::shim::{Blow, Shim};

/// Cases in the register.
const CASES: u32 = 12;

/// Cases of the import that is taken back.
pub(super) const UNDONE: usize = 30;

/// The register, and all that is needed to strike at commands on copies of it.
pub(crate) struct Bench<'p> {
    /// The program.
    pub(crate) program: &'p Program,
    /// What strikes.
    pub(crate) shim: Shim,
    /// What the register acknowledged.
    pub(crate) known: Known,
    /// Rows of the spreadsheet, and records of the VERIS file, to import.
    pub(crate) rows: usize,
    /// The import in the second register.
    pub(crate) run: String,
    /// Without symbolic links, as the shim wants it.
    root: PathBuf,
    _folder: TempDir,
}

/// A folder for one strike.
pub(crate) struct Place {
    /// What the shim watches; the data folder is in it.
    pub(crate) disk: PathBuf,
    /// What commands read.
    pub(crate) papers: PathBuf,
    folder: PathBuf,
}

impl Place {
    /// The data folder.
    pub(crate) fn data(&self) -> PathBuf {
        self.disk.join("data")
    }

    /// Where nothing is watched.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the shim writes.
    pub(crate) fn log(&self) -> PathBuf {
        self.folder.join("log")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // What is left over goes with the scratch folder.
        fs::remove_dir_all(&self.folder).ok();
    }
}

impl<'p> Bench<'p> {
    /// Makes a register with cases, evidence and actions, a backup and an archive of it, and a spreadsheet and a VERIS file of
    /// `rows` rows. Its server was killed, so that every command finds a write-ahead log to recover. A second register has
    /// an import more.
    ///
    /// # Errors
    /// What the program reports.
    pub(crate) fn set_up(program: &'p Program, rows: usize) -> anyhow::Result<Bench<'p>> {
        let folder = tempfile::Builder::new().prefix("nevertwice-strike-").tempdir()?;
        let root = folder.path().canonicalize()?;
        let (disk, papers) = (root.join("disk"), root.join("papers"));
        fs::create_dir(&disk)?;
        fs::create_dir(&papers)?;
        let data = disk.join("data");
        output(&mut program.on(&data, &["init", "--person", "proof"]))?;
        let serving = Serving::of(&mut program.on(&data, &["serve"]))?;
        let mut known = Known::default();
        fill(&Client::of(&data), &papers, &mut known)?;
        let backup = papers.join("backup");
        let words = ["backup", "create", "--with-keys", "--out", text(&backup)?];
        output(&mut program.on(&data, &words))?;
        let archive = papers.join("archive");
        output(&mut program.on(&data, &["export", "archive", text(&archive)?]))?;
        serving.kill()?;
        spreadsheet(&papers.join("old.csv"), rows)?;
        spreadsheet(&papers.join("undone.csv"), UNDONE)?;
        records(&papers.join("old.jsonl"), rows)?;
        fs::write(papers.join("paper"), evidence_content(&evidence_name(&known)?))?;
        let second = root.join("imported");
        copy(&disk, &second)?;
        let run = import(program, &second.join("data"), &papers.join("undone.csv"))?;
        Ok(Bench { program, shim: Shim::build()?, known, rows, run, root, _folder: folder })
    }

    /// A copy to strike at; with an empty disk if the operation begins with one.
    ///
    /// # Errors
    /// There is no room.
    pub(crate) fn place(&self, operation: Option<Operation>, number: usize) -> anyhow::Result<Place> {
        let name = operation.map_or("serve".to_owned(), |operation| format!("{operation:?}"));
        let folder = self.root.join(format!("{name}-{number}"));
        fs::create_dir(&folder)?;
        let place = Place { disk: folder.join("disk"), papers: self.root.join("papers"), folder };
        match operation {
            Some(operation) if operation.begins_empty() => fs::create_dir(&place.disk)?,
            Some(Operation::Undo) => copy(&self.root.join("imported"), &place.disk)?,
            _ => copy(&self.root.join("disk"), &place.disk)?,
        }
        Ok(place)
    }

    /// How many calls an operation makes that change files.
    ///
    /// # Errors
    /// It fails.
    pub(crate) fn calls(&self, operation: Operation) -> anyhow::Result<u32> {
        let place = self.place(Some(operation), usize::MAX)?;
        let mut command = self.command(operation, &place)?;
        self.shim.count(&mut command, &place.disk, &place.log());
        match outcome(&mut command, &place.folder)? {
            Outcome::Done(_) => calls_in(&place.log()).with_context(|| format!("{operation:?}")),
            other => bail!("nothing strikes, and yet: {other:?}"),
        }
    }

    /// Strikes once, and looks at what is left.
    ///
    /// # Errors
    /// The command neither succeeds nor says clearly what is wrong, or something is lost.
    pub(crate) fn strike(
        &self,
        operation: Operation,
        number: usize,
        blow: Blow,
        call: u32,
    ) -> anyhow::Result<Counted> {
        let place = self.place(Some(operation), number)?;
        let mut command = self.command(operation, &place)?;
        self.shim.strike(&mut command, &place.disk, &place.log(), blow, call);
        let first = outcome(&mut command, &place.folder)?;
        let struck = fs::read_to_string(place.log()).unwrap_or_default();
        if struck.is_empty() {
            return Ok(Counted::Missed);
        }
        let counted = self.judge(operation, &place, &first, blow);
        let said = match &first {
            Outcome::Refused(code, words) => format!("exit code {code}: {words}"),
            Outcome::Done(_) => "success".to_owned(),
            Outcome::Killed => "killed".to_owned(),
        };
        counted.with_context(|| format!("{} ({said})", struck.trim()))
    }

    fn judge(
        &self,
        operation: Operation,
        place: &Place,
        first: &Outcome,
        blow: Blow,
    ) -> anyhow::Result<Counted> {
        let counted = match first {
            Outcome::Done(_) => Counted::Done,
            Outcome::Refused(code, words) => {
                clear(*code, words)?;
                Counted::Refused
            }
            Outcome::Killed if blow == Blow::Kill => Counted::Killed,
            Outcome::Killed => bail!("the command was killed"),
        };
        self.verify(operation, place, first).context("right afterwards")?;
        self.again(operation, place, first)?;
        Ok(counted)
    }

    /// The register is as it should be before anything is done about it; or there is none yet.
    fn verify(&self, operation: Operation, place: &Place, first: &Outcome) -> anyhow::Result<()> {
        let mut verify = self.program.on(&place.data(), &["trail", "verify"]);
        match outcome(&mut verify, &place.folder)? {
            Outcome::Done(report) => expect_ok(&report),
            Outcome::Refused(3, _) if operation.begins_empty() && !first.is_done() => Ok(()),
            other => bail!("trail verify: {other:?}"),
        }
    }

    /// The same command works again, or says that it is done already; and everything is there.
    fn again(&self, operation: Operation, place: &Place, first: &Outcome) -> anyhow::Result<()> {
        let again = outcome(&mut self.command(operation, place)?, &place.folder)?;
        match &again {
            Outcome::Done(_) if operation.is_done_once() && first.is_done() => bail!("it was done twice"),
            Outcome::Done(_) => {}
            Outcome::Refused(5, _) if operation.is_done_once() => {}
            other => bail!("run again: {other:?}"),
        }
        let mut known = if operation == Operation::Init { Known::default() } else { self.known.clone() };
        for answer in [first, &again] {
            if let Outcome::Done(said) = answer {
                known.learn(said);
            }
        }
        operation.look_at_files(self, place)?;
        let data = place.data();
        let serving = Serving::of(&mut self.program.on(&data, &["serve"]))?;
        let client = Client::of(&data);
        operation.look_at_cases(self, &client, first.is_done())?;
        look(&client, &data, &known)?;
        serving.kill().map(drop)
    }

    fn command(&self, operation: Operation, place: &Place) -> anyhow::Result<Command> {
        let words = operation.words(self, place)?;
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        Ok(self.program.on(&place.data(), &words))
    }
}

/// How many calls a log counts.
///
/// # Errors
/// None of them is a write or puts something on the disk: whatever ran, it was not watched.
pub(crate) fn calls_in(log: &Path) -> anyhow::Result<u32> {
    let log = fs::read_to_string(log).unwrap_or_default();
    let calls = || log.lines().filter_map(|line| line.split_whitespace().next());
    for (what, names) in [("a write", &["write"][..]), ("a sync", &["fsync", "fdatasync", "syncfs"])] {
        if !calls().any(|call| names.contains(&call)) {
            bail!("{} calls were seen, but none of them is {what}: nothing is watched", calls().count());
        }
    }
    Ok(u32::try_from(calls().count())?)
}

/// The name of the evidence in `paper`, which begins with its case.
pub(crate) fn evidence_name(known: &Known) -> anyhow::Result<String> {
    let case = known.cases.keys().next().context("no case is known")?;
    Ok(format!("{case} by a command"))
}

/// A path as a word of a command.
///
/// # Errors
/// It is not Unicode.
pub(crate) fn text(path: &Path) -> anyhow::Result<&str> {
    path.to_str().with_context(|| format!("{} is not Unicode", path.display()))
}

fn fill(client: &Client, papers: &Path, known: &mut Known) -> anyhow::Result<()> {
    let mut ask = |name: &str, input: &Value| {
        let outcome = client.get(name, input)?;
        known.learn(&outcome);
        anyhow::Ok(outcome["reference"].as_str().unwrap_or_default().to_owned())
    };
    for number in 0..CASES {
        let case = ask("report_case", &new_case(&format!("From before, number {number}")))?;
        if number % 3 == 0 {
            let name = format!("{case} from before");
            let file = papers.join(format!("paper-{number}"));
            fs::write(&file, evidence_content(&name))?;
            ask("add_evidence", &new_evidence(&case, &name, &file))?;
            let action = ask("new_action", &new_action(&case, "See that it does not happen again"))?;
            ask("complete_action", &completion(&action))?;
        }
    }
    // So that there is an index.
    client.get("list_cases", &json!({"query": "before", "limit": 1, "after": null, "sort": null}))?;
    Ok(())
}

fn spreadsheet(path: &Path, rows: usize) -> anyhow::Result<()> {
    let mut lines = "No,Title,Reported\n".to_owned();
    for row in 1..=rows {
        writeln!(lines, "X-{row},Row {row} of the old register,2024-03-14")?;
    }
    fs::write(path, lines)?;
    Ok(())
}

/// A file of VERIS records, one a line.
fn records(path: &Path, rows: usize) -> anyhow::Result<()> {
    let mut lines = String::new();
    for row in 1..=rows {
        let record = json!({
            "incident_id": format!("V-{row}"), "security_incident": "Confirmed", "summary": format!("Record {row}"),
            "action": { "physical": { "variety": ["Theft"] } }, "unheard of": row,
            "timeline": { "incident": { "year": 2021, "month": 4 } },
        });
        writeln!(lines, "{record}")?;
    }
    fs::write(path, lines)?;
    Ok(())
}

/// Imports a spreadsheet; gives the reference of the run.
fn import(program: &Program, data: &Path, file: &Path) -> anyhow::Result<String> {
    output(&mut program.on(data, &["import", "spreadsheet", text(file)?]))?;
    let runs: Value = serde_json::from_str(&output(&mut program.on(data, &["import", "runs", "--json"]))?)?;
    let run = runs[0]["reference"].as_str().with_context(|| format!("no import in {runs}"))?;
    Ok(run.to_owned())
}

fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    run(Command::new("cp").arg("-a").args([from, to]))
}

#[cfg(test)]
mod tests {
    use super::calls_in;

    #[test]
    fn a_log_without_writes_or_syncs_is_of_nothing_that_was_watched() {
        let folder = tempfile::tempdir().expect("a folder");
        let log = folder.path().join("log");
        assert!(calls_in(&log).is_err(), "there is none");
        for (text, calls) in [
            ("", None),
            ("open data/a\nunlink data/a\n", None),
            ("write data/a\n", None),
            ("open data/a\nwrite data/a\nfdatasync data/a\n", Some(3)),
        ] {
            std::fs::write(&log, text).expect("a log");
            assert_eq!(calls_in(&log).ok(), calls, "{text}");
        }
    }
}
