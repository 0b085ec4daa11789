//! A primary that is lost and a standby that takes over, with two servers at work all the time.

use std::thread::{Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context as _, anyhow, bail};
use clap::Args;
use serde_json::json;

use super::agreement::Lost;
use super::client::{Answer, Client, listed};
use super::ledger::Ledger;
use super::server::Serving;
use super::two_servers::{DATABASE, PATIENCE, Two, register};
use crate::postgres::pair::Pair;
use crate::program::Program;
use crate::readiness::until;

/// How long the servers may take to work with the promoted standby.
const RECOVERED_WITHIN: Duration = Duration::from_secs(120);

/// PostgreSQL's primary is lost and its standby takes over.
#[derive(Debug, Args)]
pub(crate) struct Failover {
    /// How often to lose the primary.
    #[arg(long, default_value_t = 20)]
    pub(crate) count: u32,
    /// How often a primary comes back with what no standby confirmed.
    #[arg(long, default_value_t = 4)]
    pub(crate) forks: u32,
    /// How many writers write at each of two servers.
    #[arg(long, default_value_t = 2)]
    pub(crate) writers: u32,
}

/// Loses the primary under load, lets it come back with what nobody was promised, and in the end loses what was promised
/// without a standby that confirms, which must be noticed.
///
/// # Errors
/// When what was promised does not hold.
pub(crate) fn prove(program: &Program, wanted: &Failover) -> anyhow::Result<()> {
    let &Failover { count, forks, writers } = wanted;
    let mut pair = Pair::start(DATABASE)?;
    let two = Two::found(program, pair.url(DATABASE))?;
    let [_reader, asked] = two.serve()?;
    let mut asked = Some(asked);
    let start = Instant::now();
    let mut total = Ledger::default();
    let mut slowest = Duration::ZERO;
    for round in 1..=count {
        // A standby that confirms what it has written, or what it shows already; a promoted one that goes on alone, or
        // that waits for a standby of its own.
        let strict = round % 2 == 0;
        pair.set_commit(if round % 4 < 2 { "on" } else { "remote_apply" })?;
        let (notes, took) = lose_primary(&two, &mut pair, writers, round, strict)?;
        total.add(notes);
        slowest = slowest.max(took);
        println!("failover {round}: writes again after {:.1} s; {}", took.as_secs_f64(), total.summary());
        two.check(pair.primary(), &total)?;
    }
    for fork in 1..=forks {
        let told = come_back(&two, &mut pair, &mut asked, fork)?;
        total.add(told);
        two.check(pair.primary(), &total)?;
    }
    lose_for_want_of_a_standby(&two, &mut pair, writers, &total)?;
    println!(
        "{count} primaries lost and {forks} that came back with what was never acknowledged, in {:.0} s; writes again \
         {:.1} s after the loss at the latest; {}",
        start.elapsed().as_secs_f64(),
        slowest.as_secs_f64(),
        total.summary()
    );
    Ok(())
}

/// Kills the primary under load and promotes the standby; gives what the writers were told and how long they had to wait.
fn lose_primary(
    two: &Two<'_>,
    pair: &mut Pair,
    writers: u32,
    round: u32,
    strict: bool,
) -> anyhow::Result<(Ledger, Duration)> {
    std::thread::scope(|scope| {
        let [here, there] = two.load(scope, writers, round);
        here.wait_for(u64::from(round % 5 + 3), PATIENCE)?;
        there.wait_for(u64::from(round % 3 + 1), PATIENCE)?;
        pair.primary_mut().kill()?;
        let lost = Instant::now();
        pair.promote(strict)?;
        if strict {
            pair.rejoin()?;
        }
        here.wait_for(2, RECOVERED_WITHIN).context("the first server after the loss of the primary")?;
        there.wait_for(2, RECOVERED_WITHIN).context("the second server after the loss of the primary")?;
        let took = lost.elapsed();
        if !strict {
            pair.rejoin()?;
        }
        let mut notes = here.stop()?;
        notes.add(there.stop()?);
        Ok((notes, took))
    })
}

/// The standby is away, so a COMMIT waits. The primary is killed and comes back alone: what was on its disk is there now,
/// for a server to read and to index, though nobody was told that it is written. Then it is lost for good and the standby
/// takes over, without it.
fn come_back(
    two: &Two<'_>,
    pair: &mut Pair,
    asked: &mut Option<Serving>,
    fork: u32,
) -> anyhow::Result<Ledger> {
    let [reader, other] = [&two.desks[0].own, &two.desks[1].own];
    let title = format!("Tail number {fork}");
    let mut notes = Ledger::default();
    pair.standby_mut().kill()?;
    std::thread::scope(|scope| -> anyhow::Result<()> {
        let tail = ask_in_background(scope, other, &title);
        until("a COMMIT waits for the standby", PATIENCE, || {
            Ok(pair.primary().has_waiting_commit()?.then_some(()))
        })?;
        pair.primary_mut().kill()?;
        pair.primary_mut().run()?;
        if !pair.primary().has_case(DATABASE, &title)? {
            bail!("{title} is not on the disk of the primary that came back");
        }
        let reference = until("the first server shows it", PATIENCE, || match reader.list("tail") {
            Answer::Done(list) => Ok(listed(&list, &title)),
            Answer::Refused(..) | Answer::Unknown(_) => Ok(None),
        })?;
        if tail.is_finished() {
            bail!("{title} was answered though no standby confirmed it");
        }
        // Every other time the server that asked goes too, so that nobody tries again.
        if let Some(serving) = asked.take_if(|_| fork.is_multiple_of(2)) {
            serving.kill()?;
        }
        pair.primary_mut().kill()?;
        pair.standby_mut().run()?;
        pair.promote(false)?;
        if asked.is_none() {
            *asked = Some(Serving::start(&two.registers[1])?);
        }
        for number in 1..=3 {
            let title = format!("After fork {fork}, number {number}");
            let given =
                until("the servers write again", RECOVERED_WITHIN, || Ok(register(other, &title).ok()))?;
            notes.written.insert(title, given);
        }
        settle_tail(tail, reader, &title, &reference, &mut notes)
    })?;
    pair.rejoin()?;
    println!("fork {fork}: {title} was on the old primary and indexed, never acknowledged there");
    Ok(notes)
}

/// What the asker of the tail was told is what is so now.
fn settle_tail(
    tail: ScopedJoinHandle<'_, Answer>,
    reader: &Client,
    title: &str,
    old: &str,
    notes: &mut Ledger,
) -> anyhow::Result<()> {
    let told = tail.join().map_err(|_| anyhow!("the asker broke down"))?;
    let list = json!({"query": "tail", "limit": 100, "after": null, "sort": null});
    let found = listed(&reader.get("list_cases", &list)?, title);
    match (told, found) {
        (Answer::Done(case), Some(found)) if case["reference"] == found.as_str() => {
            println!("  {title} ({old} there) was made again as {found} and acknowledged");
            notes.written.insert(title.to_owned(), found);
            Ok(())
        }
        (Answer::Refused(..) | Answer::Unknown(_), None) => {
            println!("  {title} ({old} there) is gone, as was never promised otherwise");
            notes.refused.insert(title.to_owned());
            Ok(())
        }
        (Answer::Unknown(_), Some(found)) => {
            notes.written.insert(title.to_owned(), found);
            Ok(())
        }
        (told, found) => bail!("{title}: told {told:?}, found {found:?}"),
    }
}

/// The control run: the standby need not confirm and is away, so what is acknowledged then is lost with the primary. If
/// the comparison does not say of these very writes that they are lost, it would not see anything. What was promised
/// before is there all the same.
fn lose_for_want_of_a_standby(
    two: &Two<'_>,
    pair: &mut Pair,
    writers: u32,
    told: &Ledger,
) -> anyhow::Result<()> {
    pair.confirm_nothing()?;
    pair.standby_mut().kill()?;
    let notes = std::thread::scope(|scope| -> anyhow::Result<Ledger> {
        let [here, there] = two.load(scope, writers, 10_000);
        here.wait_for(5, PATIENCE)?;
        let mut notes = here.stop()?;
        notes.add(there.stop()?);
        Ok(notes)
    })?;
    pair.primary_mut().kill()?;
    pair.standby_mut().run()?;
    pair.promote(false)?;
    until("the servers write again", RECOVERED_WITHIN, || {
        Ok(register(&two.desks[0].own, "After the control run").ok())
    })?;
    let mut whole = told.clone();
    whole.add(notes.clone());
    let Err(error) = two.check(pair.primary(), &whole) else {
        bail!("the control run lost nothing, so the comparison shows nothing");
    };
    let lost = error.downcast::<Lost>().context("the control run has to fail by what it lost")?;
    if let Some(title) = lost.titles.iter().find(|title| !notes.written.contains_key(*title)) {
        bail!("the control run lost {title}, which was promised before it");
    }
    println!("control run without a standby, {} written: {lost}, as it must be", notes.written.len());
    two.check(pair.primary(), &told.and_perhaps(&notes))
        .context("what was promised before the control run")?;
    pair.rejoin()
}

fn ask_in_background<'scope>(
    scope: &'scope Scope<'scope, '_>,
    server: &Client,
    title: &str,
) -> ScopedJoinHandle<'scope, Answer> {
    let (server, input) = (server.clone(), json!({"title": title, "class": "event"}));
    scope.spawn(move || server.ask("report_case", &input))
}
