//! Two servers on one PostgreSQL database, each with its own data folder and index; one is killed again and again.

use std::thread::Scope;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use clap::Args;
use serde_json::json;
use tempfile::TempDir;

use super::agreement::{self, Agreed};
use super::client::Client;
use super::ledger::Ledger;
use super::load::{Desk, Load};
use super::server::Serving;
use crate::postgres::node::Node;
use crate::program::{Program, Register};

/// How long writers may go without an acknowledged write.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);
/// How long a writer waits for an answer of the other server, which may be the one that is frozen.
const OTHERS_PATIENCE: Duration = Duration::from_secs(10);
/// How often everything is compared: after so many kills.
const COMPARE_EVERY: u32 = 25;

/// The database's name in every proof.
pub(crate) const DATABASE: &str = "register";

/// The data folders of two servers, and desks for writers at each.
pub(crate) struct Two<'p> {
    pub(crate) registers: [Register<'p>; 2],
    pub(crate) desks: [Desk; 2],
    /// Gone when this is dropped.
    _papers: TempDir,
}

impl<'p> Two<'p> {
    /// Makes a register in the database of that URL, and a second folder for it.
    ///
    /// # Errors
    /// When the program refuses.
    pub(crate) fn found(program: &'p Program, url: String) -> anyhow::Result<Two<'p>> {
        let first = Register::init(program, Some(url))?;
        let second = first.beside()?;
        let people = first.json(&["person", "list"])?;
        let owner = people[0]["name"].as_str().context("a register without people")?.to_owned();
        let papers = tempfile::tempdir().context("no scratch folder")?;
        let clients = [Client::of(&first.data()), Client::of(&second.data())];
        let desk = |own: usize, letter| Desk {
            own: clients[own].clone(),
            other: clients[1 - own].waiting(OTHERS_PATIENCE),
            owner: owner.clone(),
            papers: papers.path().to_owned(),
            letter,
        };
        let desks = [desk(0, 'a'), desk(1, 'b')];
        Ok(Two { registers: [first, second], desks, _papers: papers })
    }

    /// Starts both servers.
    ///
    /// # Errors
    /// When one does not get ready.
    pub(crate) fn serve(&self) -> anyhow::Result<[Serving; 2]> {
        Ok([Serving::start(&self.registers[0])?, Serving::start(&self.registers[1])?])
    }

    /// Starts writers at both.
    pub(crate) fn load<'scope, 'env>(
        &self,
        scope: &'scope Scope<'scope, 'env>,
        writers: u32,
        round: u32,
    ) -> [Load<'scope>; 2] {
        [0, 1].map(|desk: usize| Load::start(scope, &self.desks[desk], writers, round))
    }

    /// Holds both against the database and what the writers were told, as [`agreement::check`] does.
    ///
    /// # Errors
    /// With the first thing that is not so.
    pub(crate) fn check(&self, node: &Node, ledger: &Ledger) -> anyhow::Result<Agreed> {
        let servers = [&self.desks[0].own, &self.desks[1].own];
        let agreed = agreement::check(servers, (node, DATABASE), ledger)?;
        println!(
            "  both servers and the database agree: {} cases, {} actions, {} entries of the trail",
            agreed.cases, agreed.actions, agreed.entries
        );
        Ok(agreed)
    }
}

/// Two servers share a PostgreSQL database; one is killed, the other notices nothing.
#[derive(Debug, Args)]
pub(crate) struct TwoServers {
    /// How often to kill it.
    #[arg(long, default_value_t = 100)]
    pub(crate) count: u32,
    /// How many writers write at each server.
    #[arg(long, default_value_t = 2)]
    pub(crate) writers: u32,
}

/// Kills one of two servers so often.
///
/// # Errors
/// When what was promised does not hold.
pub(crate) fn prove(program: &Program, wanted: &TwoServers) -> anyhow::Result<()> {
    let &TwoServers { count: kills, writers } = wanted;
    let node = Node::start("")?;
    node.create_database(DATABASE)?;
    let two = Two::found(program, node.url(DATABASE))?;
    let start = Instant::now();
    let [_staying, victim] = two.serve()?;
    let mut victim = Some(victim);
    let (mut total, mut undisturbed) = (Ledger::default(), 0);
    let mut done = 0;
    while done < kills {
        let now = COMPARE_EVERY.min(kills - done);
        let notes = std::thread::scope(|scope| -> anyhow::Result<[Ledger; 2]> {
            let [here, there] = two.load(scope, writers, done);
            for kill in done..done + now {
                there.wait_for(u64::from(kill % 7 + 1), PATIENCE)?;
                victim.take().context("no server to kill")?.kill()?;
                here.wait_for(1, PATIENCE).context("the server that was not killed")?;
                victim = Some(Serving::start(&two.registers[1])?);
            }
            there.wait_for(1, PATIENCE)?;
            Ok([here.stop()?, there.stop()?])
        })?;
        done += now;
        let [here, there] = notes;
        if let Some((answer, count)) = here.answers.first_key_value() {
            bail!("the server that was not killed answered {count} times with {answer}");
        }
        undisturbed += here.written.len();
        total.add(here);
        total.add(there);
        println!("{done} kills; {}", total.summary());
        two.check(&node, &total)?;
    }
    println!(
        "{kills} kills of one of two servers in {:.0} s; the other acknowledged {undisturbed} cases and actions \
         meanwhile, without one error; {}",
        start.elapsed().as_secs_f64(),
        total.summary()
    );
    Ok(())
}

/// Registers a case through a server and gives its reference.
///
/// # Errors
/// When it is refused.
pub(crate) fn register(server: &Client, title: &str) -> anyhow::Result<String> {
    let case = server.get("report_case", &json!({"title": title, "class": "event"}))?;
    case["reference"].as_str().map(str::to_owned).context("a case without a reference")
}
