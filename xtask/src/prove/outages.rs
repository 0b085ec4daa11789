//! Everything else that happens to a database server, with two servers of the register at work all the time.

mod shortage;

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use clap::Args;

use super::ledger::Ledger;
use super::load::Load;
use super::two_servers::{DATABASE, PATIENCE, Two};
use crate::postgres::admin::Cut;
use crate::postgres::node::{Ending, Node};
use crate::program::Program;
use crate::readiness::pause;

/// How long writers may be without an acknowledged write after an outage.
const RECOVERED_WITHIN: Duration = Duration::from_secs(90);
/// PostgreSQL is restarted, frozen, full, and cuts connections.
#[derive(Debug, Args)]
pub(crate) struct Outages {
    /// How many connections to cut.
    #[arg(long, default_value_t = 200)]
    pub(crate) cuts: u32,
    /// How many restarts, half of them as if it had crashed.
    #[arg(long, default_value_t = 10)]
    pub(crate) restarts: u32,
    /// For how many seconds it is away, and for how many it is frozen.
    #[arg(long, default_value_t = 30)]
    pub(crate) away: u64,
    /// For how many seconds somebody else holds a lock. A writer that waits for another gives up after thirty.
    #[arg(long, default_value_t = 35)]
    pub(crate) held: u64,
    /// For how many seconds the disk is full.
    #[arg(long, default_value_t = 10)]
    pub(crate) full: u64,
    /// For how many seconds each time limit is set, and no connection left.
    #[arg(long, default_value_t = 5)]
    pub(crate) limited: u64,
    /// How many writers write at each of two servers.
    #[arg(long, default_value_t = 2)]
    pub(crate) writers: u32,
    /// Leave out the full disk, for which a file system is mounted: only root may do that.
    #[arg(long)]
    pub(crate) without_full_disk: bool,
}

impl Outages {
    /// As much as every change has to stand, on a machine where nobody is root.
    pub(crate) const SHORT: Outages = Outages {
        cuts: 10,
        restarts: 1,
        away: 2,
        held: 2,
        full: 0,
        limited: 1,
        writers: 2,
        without_full_disk: true,
    };
}

/// Runs through all of them.
///
/// # Errors
/// When what was promised does not hold, or when nobody felt an outage that has to be felt.
pub(crate) fn prove(program: &Program, amount: &Outages) -> anyhow::Result<()> {
    let [away, held, full, limited] =
        [amount.away, amount.held, amount.full, amount.limited].map(Duration::from_secs);
    let start = Instant::now();
    if amount.without_full_disk {
        println!("a full disk: left out");
    } else {
        shortage::full_disk(program, amount.writers, full)?;
    }
    let mut node = Node::start("")?;
    node.create_database(DATABASE)?;
    let two = Two::found(program, node.url(DATABASE))?;
    let servers = two.serve()?;
    let mut total = Ledger::default();
    let mut round = 0;
    let mut outage = |what: &str,
                      lasting: Option<Duration>,
                      node: &mut Node,
                      happen: &mut Happening<'_>|
     -> anyhow::Result<()> {
        round += 1;
        let begun = Instant::now();
        let notes = std::thread::scope(|scope| -> anyhow::Result<Ledger> {
            let [here, there] = two.load(scope, amount.writers, round);
            here.wait_for(2, PATIENCE)?;
            happen(node, &here).with_context(|| what.to_owned())?;
            for load in [&here, &there] {
                load.wait_for(2, RECOVERED_WITHIN).with_context(|| format!("after {what}"))?;
            }
            let mut notes = here.stop()?;
            notes.add(there.stop()?);
            Ok(notes)
        })?;
        println!("{what}: {:.0} s; {}", begun.elapsed().as_secs_f64(), notes.summary());
        // Who was refused nothing, and never waited for as long as it lasted, did not notice it.
        if lasting.is_some_and(|lasting| notes.answers.is_empty() && notes.longest_gap < lasting) {
            bail!("{what}: nobody noticed, so this shows nothing");
        }
        total.add(notes);
        two.check(node, &total).map(drop)
    };
    outage("connections ended one by one", None, &mut node, &mut |node, here| cut(node, here, amount.cuts))?;
    outage("restarts", None, &mut node, &mut |node, here| restart(node, here, amount.restarts))?;
    outage("a server that is away", Some(away), &mut node, &mut |node, _| {
        node.stop(Ending::Immediate)?;
        pause(away);
        node.run()
    })?;
    outage("a server that is frozen", Some(away), &mut node, &mut |node, _| {
        node.freeze()?;
        pause(away);
        node.thaw()
    })?;
    outage("a lock held by somebody else", Some(held), &mut node, &mut |node, _| {
        node.hold_the_head(DATABASE, held)
    })?;
    outage("a statement_timeout", Some(limited), &mut node, &mut |node, _| {
        node.with_setting(DATABASE, ("statement_timeout", "1ms"), || pause(limited))
    })?;
    outage("an idle_session_timeout", None, &mut node, &mut |node, _| {
        node.with_setting(DATABASE, ("idle_session_timeout", "5ms"), || pause(limited))
    })?;
    outage("no connection left", Some(limited), &mut node, &mut |node, _| {
        shortage::connections(node, limited)
    })?;
    outage("one of the two servers frozen", None, &mut node, &mut |_, here| {
        servers[1].signal("-STOP")?;
        let others = here.wait_for(5, RECOVERED_WITHIN).context("the server that was not frozen");
        servers[1].signal("-CONT")?;
        others
    })?;
    println!("all outages in {:.0} s; {}", start.elapsed().as_secs_f64(), total.summary());
    Ok(())
}

/// What happens to a node while a load is on.
type Happening<'h> = dyn FnMut(&mut Node, &Load<'_>) -> anyhow::Result<()> + 'h;

/// Ends one connection of the register after the other, whichever it is and whatever it is at, and cancels a statement
/// now and then.
fn cut(node: &Node, load: &Load<'_>, count: u32) -> anyhow::Result<()> {
    let mut done = 0;
    while done < count {
        // Nothing is ended while none is connected.
        if node.cut(Cut::Connection)? {
            done += 1;
        }
        if done % 10 == 0 {
            node.cut(Cut::Statement)?;
            load.wait_for(1, RECOVERED_WITHIN)?;
        }
    }
    Ok(())
}

fn restart(node: &mut Node, load: &Load<'_>, count: u32) -> anyhow::Result<()> {
    for number in 0..count {
        node.stop(if number % 2 == 0 { Ending::Fast } else { Ending::Immediate })?;
        node.run()?;
        load.wait_for(3, RECOVERED_WITHIN)?;
    }
    Ok(())
}
