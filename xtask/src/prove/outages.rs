//! Everything else that happens to a database server, with two servers of the register at work all the time.

mod shortage;

use std::time::{Duration, Instant};

use anyhow::Context as _;
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
/// A writer that waits for another gives up after thirty seconds; the lock is held for a little longer.
const HELD_FOR: Duration = Duration::from_secs(35);

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
    /// How many writers write at each of two servers.
    #[arg(long, default_value_t = 2)]
    pub(crate) writers: u32,
}

/// Runs through all of them.
///
/// # Errors
/// When what was promised does not hold.
pub(crate) fn prove(program: &Program, amount: &Outages) -> anyhow::Result<()> {
    let away = Duration::from_secs(amount.away);
    let start = Instant::now();
    shortage::full_disk(program, amount.writers)?;
    let mut node = Node::start("")?;
    node.create_database(DATABASE)?;
    let two = Two::found(program, node.url(DATABASE))?;
    let servers = two.serve()?;
    let mut total = Ledger::default();
    let mut round = 0;
    let mut outage = |what: &str, node: &mut Node, happen: &mut Happening<'_>| -> anyhow::Result<()> {
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
        total.add(notes);
        two.check(node, &total).map(drop)
    };
    outage("connections ended one by one", &mut node, &mut |node, here| cut(node, here, amount.cuts))?;
    outage("restarts", &mut node, &mut |node, here| restart(node, here, amount.restarts))?;
    outage("a server that is away", &mut node, &mut |node, _| {
        node.stop(Ending::Immediate)?;
        pause(away);
        node.run()
    })?;
    outage("a server that is frozen", &mut node, &mut |node, _| {
        node.freeze()?;
        pause(away);
        node.thaw()
    })?;
    outage("a lock held by somebody else", &mut node, &mut |node, _| node.hold_the_head(DATABASE, HELD_FOR))?;
    outage("a statement_timeout", &mut node, &mut |node, _| {
        node.with_setting(DATABASE, ("statement_timeout", "1ms"), some_time)
    })?;
    outage("an idle_session_timeout", &mut node, &mut |node, _| {
        node.with_setting(DATABASE, ("idle_session_timeout", "5ms"), some_time)
    })?;
    outage("no connection left", &mut node, &mut |node, _| shortage::connections(node))?;
    outage("one of the two servers frozen", &mut node, &mut |_, here| {
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

fn some_time() {
    pause(Duration::from_secs(5));
}

fn restart(node: &mut Node, load: &Load<'_>, count: u32) -> anyhow::Result<()> {
    for number in 0..count {
        node.stop(if number % 2 == 0 { Ending::Fast } else { Ending::Immediate })?;
        node.run()?;
        load.wait_for(3, RECOVERED_WITHIN)?;
    }
    Ok(())
}
