//! People who write until the server is gone, and one who searches.

use std::path::{Path, PathBuf};
use std::thread::{Scope, ScopedJoinHandle};
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::write::Write;
use crate::program::Register;
use crate::prove::chance::Chance;
use crate::prove::client::{Answer, Client};
use crate::readiness::pause;

/// The one who searches waits so many milliseconds at most before the next search.
const BETWEEN_SEARCHES: usize = 20;

/// Where people write.
pub(crate) struct Desk {
    /// The server.
    pub(crate) client: Client,
    /// Who owes actions.
    pub(crate) owner: String,
    /// The register's data folder.
    pub(crate) data: PathBuf,
    /// Where files are made before they are handed in.
    papers: TempDir,
}

/// What writers were told until the server was gone.
#[derive(Default)]
pub(crate) struct Written {
    /// What the server said is done, with the answer.
    pub(crate) acknowledged: Vec<(Write, Value)>,
    /// What it gave no answer to: one write of each writer at most.
    pub(crate) cut: Vec<Write>,
    /// Whether a search or a rebuild of the index was cut off.
    pub(crate) in_search: bool,
}

/// What people do until the next kill.
pub(crate) struct Round {
    /// Its number, which sets its words apart from those of other rounds.
    pub(crate) number: u32,
    /// How many people write.
    pub(crate) writers: u32,
    /// Cases of earlier rounds that they go on with, each with one; who gets none begins with a new one.
    pub(crate) known: Vec<String>,
    /// Whether the one who searches makes the index anew in between.
    pub(crate) rebuild: bool,
}

/// People at work.
pub(crate) struct Load<'scope> {
    writers: Vec<ScopedJoinHandle<'scope, anyhow::Result<Written>>>,
    searcher: ScopedJoinHandle<'scope, anyhow::Result<bool>>,
}

impl Desk {
    /// The desk of a register that no server holds yet.
    ///
    /// # Errors
    /// When the register does not say who is in it, or there is no room for files.
    pub(crate) fn of(register: &Register<'_>) -> anyhow::Result<Desk> {
        let people = register.json(&["person", "list"])?;
        let owner = people[0]["name"].as_str().context("`person list --json` names nobody")?.to_owned();
        let papers = tempfile::Builder::new().prefix("nevertwice-papers-").tempdir()?;
        Ok(Desk { client: Client::of(&register.data()), owner, data: register.data(), papers })
    }

    /// Where files are made before they are handed in.
    pub(crate) fn papers(&self) -> &Path {
        self.papers.path()
    }
}

impl<'scope> Load<'scope> {
    /// Starts the writers, each with the writes drawn for it, and one who searches.
    pub(crate) fn start<'env>(
        scope: &'scope Scope<'scope, 'env>,
        desk: &'scope Desk,
        round: Round,
        chance: &mut Chance,
    ) -> Load<'scope> {
        let Round { number, writers, known, rebuild } = round;
        let mut known = known.into_iter();
        let writers = (0..writers).map(|writer| {
            let (own, case) = (Chance::new(chance.number()), known.next());
            scope.spawn(move || write(desk, own, &format!("r{number}w{writer}"), case))
        });
        let writers = writers.collect();
        let own = Chance::new(chance.number());
        let searcher = scope.spawn(move || search(desk, own, rebuild));
        Load { writers, searcher }
    }

    /// What everybody was told, once the server is gone.
    ///
    /// # Errors
    /// When the server refused something, or somebody broke down.
    pub(crate) fn ended(self) -> anyhow::Result<Written> {
        let mut all = Written::default();
        for writer in self.writers {
            let one = writer.join().map_err(|_| anyhow!("a writer broke down"))??;
            all.acknowledged.extend(one.acknowledged);
            all.cut.extend(one.cut);
        }
        all.in_search = self.searcher.join().map_err(|_| anyhow!("the one who searches broke down"))??;
        Ok(all)
    }
}

fn write(desk: &Desk, mut chance: Chance, name: &str, mut case: Option<String>) -> anyhow::Result<Written> {
    let mut written = Written::default();
    for number in 0u32.. {
        let write = Write::draw(&mut chance, case.as_deref(), &format!("{name}n{number}"));
        let (use_case, input) = write.request(desk)?;
        match desk.client.ask(use_case, &input) {
            Answer::Done(answer) => {
                if let Write::Report { .. } = write {
                    case = answer["reference"].as_str().map(str::to_owned);
                }
                written.acknowledged.push((write, answer));
            }
            Answer::Refused(code, _) if code == "no server" => break,
            Answer::Refused(code, message) => bail!("{use_case} was refused: {code}: {message}"),
            Answer::Unknown(_) => {
                written.cut.push(write);
                break;
            }
        }
    }
    Ok(written)
}

/// Searches until the server is gone; tells whether that was in the middle of a search.
fn search(desk: &Desk, mut chance: Chance, rebuild: bool) -> anyhow::Result<bool> {
    for number in 0u32.. {
        let (use_case, input) = if rebuild && number % 2 == 1 {
            ("rebuild_index", json!({}))
        } else {
            ("list_cases", json!({"query": "", "limit": 1}))
        };
        match desk.client.ask(use_case, &input) {
            Answer::Done(_) => (),
            Answer::Refused(code, _) if code == "no server" => break,
            Answer::Refused(code, message) => bail!("{use_case} was refused: {code}: {message}"),
            Answer::Unknown(_) => return Ok(true),
        }
        pause(Duration::from_millis(chance.below(BETWEEN_SEARCHES) as u64));
    }
    Ok(false)
}
