//! Simulated power cuts: what the program wrote is recorded, and cut off at many places.
//!
//! A real server is written to, a backup is made and restored, all under the watched disk (`xtask/shim/disk.c`), which logs every change of a file and every
//! answer in one order. For each of many places in that log, a folder is made as the disk might hold it had the power
//! gone there (see [`volume`] for the rule), and the real program has to find in it everything that it had acknowledged
//! by then. With the syncs of SQLite's files ignored, which is what `PRAGMA synchronous = OFF` gives, acknowledged writes
//! must get lost, and with those of the evidence ignored, acknowledged evidence: else the proof would prove nothing.

mod check;
mod image;
mod listener;
mod load;
mod log;
mod volume;

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use anyhow::{Context as _, bail};
use clap::Args;
use tempfile::TempDir;

use super::chance::Chance;
use super::client::Client;
use super::known::Known;
use super::look::{EVIDENCE_LOST, RECORD_LOST};
use super::server::Serving;
use super::shim::Shim;
use crate::program::{Program, output};
use listener::Listener;
use log::{Event, Log};
use volume::{Part, Volume};

/// How many cuts are looked at side by side.
const HANDS: usize = 2;
/// In the recording with failing syncs, every so many-th sync of a file fails.
const FAILING: u32 = 23;
/// How often a control run is cut again, at other places, until it has lost what it must.
const ROUNDS: u64 = 20;

/// How many power cuts, after how many writes.
#[derive(Debug, Args)]
pub(crate) struct PowerCuts {
    /// How many power cuts; a quarter of them after syncs that failed.
    #[arg(long, default_value_t = 500)]
    pub(crate) count: u32,
    /// How many power cuts of each control run: one without the syncs of SQLite's files, one without those of the evidence.
    /// Both must lose something.
    #[arg(long, default_value_t = 50)]
    pub(crate) control: u32,
    /// How many writes to record.
    #[arg(long, default_value_t = 600)]
    pub(crate) writes: usize,
    /// What the moments of the power cuts, and what they leave, are drawn from.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

impl PowerCuts {
    /// As many as every change has to stand.
    pub(crate) const SHORT: PowerCuts = PowerCuts { count: 12, control: 4, writes: 80, seed: 1 };
}

/// A recording: the log, and the scratch folder in which the program's own files lie as well.
struct Recording {
    scratch: TempDir,
    log: Log,
    failed: usize,
    refused: Vec<String>,
}

/// What came of the cuts.
#[derive(Default)]
struct Tally {
    cuts: usize,
    lost: Vec<String>,
}

/// Records, cuts, and looks.
///
/// # Errors
/// Something acknowledged was lost, or the control run lost nothing.
pub(crate) fn prove(program: &Program, wanted: &PowerCuts) -> anyhow::Result<()> {
    let start = Instant::now();
    let shim = Shim::build()?;
    let quarter = wanted.count / 4;
    let kept = {
        let recording = record(program, &shim, wanted.writes, 0)?;
        if let Some(first) = recording.refused.first() {
            bail!(
                "{} rounds of writes were refused with nothing to disturb them: {first}",
                recording.refused.len()
            );
        }
        let kept = cut(program, &recording, wanted.seed, wanted.count - quarter, None)?;
        report("power cuts", &kept);
        control(program, &recording, wanted)?;
        kept
    };
    let failing = record(program, &shim, wanted.writes, FAILING)?;
    println!(
        "{} syncs of files failed, {} rounds of writes were refused",
        failing.failed,
        failing.refused.len()
    );
    let failed = cut(program, &failing, wanted.seed, quarter, None)?;
    report("power cuts after failed syncs", &failed);
    println!("{:.0} s", start.elapsed().as_secs_f64());
    if let Some(first) = kept.lost.iter().chain(&failed.lost).next() {
        bail!("{} power cuts lost something; the first: {first}", kept.lost.len() + failed.lost.len());
    }
    if quarter > 0 && failing.failed == 0 {
        bail!("no sync failed: this proof would not notice what a failed sync loses");
    }
    Ok(())
}

/// The control runs, each of which must lose what lies in the part whose syncs it ignores.
fn control(program: &Program, recording: &Recording, wanted: &PowerCuts) -> anyhow::Result<()> {
    if wanted.control == 0 {
        return Ok(());
    }
    lose(program, recording, wanted, Part::Database, RECORD_LOST)?;
    lose(program, recording, wanted, Part::Evidence, EVIDENCE_LOST)
}

/// Cuts with the syncs of a part ignored, at other places again and again until something is lost in the way that is to
/// be noticed: most cuts of a database without syncs leave one that cannot be read at all, which anybody would notice.
fn lose(
    program: &Program,
    recording: &Recording,
    wanted: &PowerCuts,
    ignored: Part,
    noticed: &str,
) -> anyhow::Result<()> {
    let what = match ignored {
        Part::Database => "control run, SQLite's syncs ignored",
        Part::Evidence => "control run, syncs of the evidence ignored",
    };
    let mut all = Tally::default();
    for round in 0..ROUNDS {
        let tally = cut(program, recording, wanted.seed + round, wanted.control, Some(ignored))?;
        all.cuts += tally.cuts;
        all.lost.extend(tally.lost);
        if all.lost.iter().any(|loss| loss.contains(noticed)) {
            report(what, &all);
            return Ok(());
        }
    }
    report(what, &all);
    bail!(
        "{what}: none of {} cuts led to a complaint with {noticed:?}: this proof would not notice such a loss",
        all.cuts
    )
}

fn report(what: &str, tally: &Tally) {
    println!("{what}: {} of {} lost something acknowledged", tally.lost.len(), tally.cuts);
    for line in tally.lost.iter().take(5) {
        println!("  {line}");
    }
}

/// Sets a register up and writes to it in two sittings, with a backup and a restore in between; all of it logged.
fn record(program: &Program, shim: &Shim, writes: usize, failing: u32) -> anyhow::Result<Recording> {
    let scratch = tempfile::Builder::new().prefix("nevertwice-power-").tempdir()?;
    // Without symbolic links, as the shim wants it.
    let root = scratch.path().canonicalize()?;
    let (disk, files, log) = (root.join("disk"), root.join("files"), root.join("log"));
    std::fs::create_dir(&disk)?;
    std::fs::create_dir(&files)?;
    let data = disk.join("data");
    let recorded = |data: &Path, words: &[&str], failing: u32| {
        let mut command = program.on(data, words);
        shim.record(&mut command, &disk, &log, failing);
        command
    };
    let sitting = || {
        let serving = Serving::of(&mut recorded(&data, &["serve"], failing))?;
        let refused = load::run(&Client::of(&data), &files, 4, writes / 2)?;
        serving.stop()?;
        anyhow::Ok(refused)
    };
    output(&mut recorded(&data, &["init", "--person", "proof"], 0))?;
    log::add_sent(&log, "founded")?;
    let first = sitting()?;
    let (backup, restored) = (disk.join("backup"), disk.join("restored"));
    output(recorded(&data, &["backup", "create", "--with-keys", "--out"], 0).arg(&backup))?;
    log::add_sent(&log, "backed_up")?;
    output(recorded(&restored, &["backup", "restore"], 0).arg(&backup))?;
    log::add_sent(&log, "restored")?;
    let refused = [first, sitting()?].concat();
    let log = Log::read(&log)?;
    let mut volume = Volume::new(std::fs::metadata(&disk)?.ino());
    let mut listener = Listener::default();
    for event in &log.events {
        volume.apply(event, &log)?;
        listener.hear(event, &log);
    }
    let Known { cases, actions, evidence, .. } = listener.known;
    if evidence.is_empty() || !actions.values().any(|completed| *completed) {
        bail!("expected evidence and completed actions, found {} and {actions:?}", evidence.len());
    }
    let compared = image::compare(&volume, &disk).context("the log does not tell all")?;
    let syncs = log.events.iter().filter(|event| matches!(event, Event::Sync { .. })).count();
    let failed = log.events.iter().filter(|event| matches!(event, Event::FailedSync { .. })).count();
    println!(
        "recorded {} changes, {syncs} of them syncs; {compared} files equal the log; {} cases, {} pieces of evidence and {} \
         actions acknowledged",
        log.events.len(),
        cases.len(),
        evidence.len(),
        actions.len()
    );
    Ok(Recording { scratch, log, failed, refused })
}

/// A folder as a power cut left it, and what must be in it.
struct Cut {
    place: PathBuf,
    at: usize,
    known: Known,
}

fn cut(
    program: &Program,
    recording: &Recording,
    seed: u64,
    count: u32,
    ignored: Option<Part>,
) -> anyhow::Result<Tally> {
    let tally = Mutex::new(Tally::default());
    let (sender, cuts) = sync_channel::<Cut>(HANDS);
    let cuts = Mutex::new(cuts);
    std::thread::scope(|scope| {
        for _ in 0..HANDS {
            scope.spawn(|| {
                let next = || cuts.lock().unwrap_or_else(PoisonError::into_inner).recv().ok();
                while let Some(cut) = next() {
                    let outcome = check::check(program, &cut.place, &cut.known);
                    let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
                    tally.cuts += 1;
                    if tally.cuts.is_multiple_of(25) {
                        println!("{} cuts looked at", tally.cuts);
                    }
                    if let Err(error) = outcome {
                        let known = cut.known.answers;
                        tally
                            .lost
                            .push(format!("cut at change {}, after {known} answers: {error:#}", cut.at));
                    }
                    // What is left over goes with the scratch folder.
                    std::fs::remove_dir_all(&cut.place).ok();
                }
            });
        }
        let produced = produce(recording, seed, count, ignored, |cut| sender.send(cut).is_ok());
        drop(sender);
        produced
    })?;
    Ok(tally.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Goes through the log once and hands out a folder at each place where the power goes.
fn produce(
    recording: &Recording,
    seed: u64,
    count: u32,
    ignored: Option<Part>,
    mut hand_out: impl FnMut(Cut) -> bool,
) -> anyhow::Result<()> {
    let (log, scratch) = (&recording.log, recording.scratch.path());
    let mut chance = Chance::new(seed);
    let places = places(log, count, ignored.is_none(), &mut chance)?;
    let mut volume = Volume::new(std::fs::metadata(scratch.join("disk"))?.ino());
    let mut listener = Listener::default();
    let mut next = places.iter().peekable();
    for (at, event) in log.events.iter().enumerate() {
        volume.apply(event, log)?;
        listener.hear(event, log);
        if let Some(part) = ignored.filter(|_| listener.known.founded) {
            volume.ignore_syncs(part);
        }
        while next.next_if(|place| **place == at).is_some() {
            let place = scratch.join(format!("c{}", chance.number()));
            image::write(&volume, &place, &mut chance)?;
            if !hand_out(Cut { place, at, known: listener.known.clone() }) {
                bail!("nobody looks at the cuts");
            }
        }
    }
    Ok(())
}

/// Where the power goes: half of the places right after an answer has left, when most is at stake; half anywhere. The
/// control run is cut only after the register is set up.
fn places(log: &Log, count: u32, obeys: bool, chance: &mut Chance) -> anyhow::Result<Vec<usize>> {
    let mut listener = Listener::default();
    let answers: Vec<usize> =
        (0..log.events.len()).filter(|at| listener.hear(&log.events[*at], log)).collect();
    let first = *answers.first().context("no answer is in the log")?;
    let lowest = if obeys { 0 } else { first };
    let anywhere: Vec<usize> = (lowest..log.events.len()).collect();
    let mut places: Vec<usize> = (0..count)
        .map(|number| match number % 2 {
            0 => chance.one_of(&answers).unwrap_or(first),
            _ => chance.one_of(&anywhere).unwrap_or(first),
        })
        .collect();
    places.sort_unstable();
    Ok(places)
}
