//! Is the register in good health? One check a line, each with what to do.

mod jobs;

use std::path::{Path, PathBuf};

use nevertwice_domain::permission::Verb;
use nevertwice_domain::time::Timestamp;
use nevertwice_store::dialect::health;
use nevertwice_store::searchable;
use nevertwice_store::trail::read as trail;
use rustix::fs::statvfs;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::backup;
use crate::error::ServiceError;
use crate::folder::{Folder, is_private};
use crate::keys;
use crate::register::VerifyTrail;
use crate::use_case::{Asked, UseCase};

/// Room on the disk below which it is time to act: 1 GiB.
const ROOM: u64 = 1 << 30;
/// A backup older than this is no help after a bad day: seven days.
const BACKUP_AGE_MILLIS: i64 = 7 * 24 * 60 * 60 * 1000;
/// How often the index is counted if somebody writes meanwhile.
const COUNTS: usize = 5;
/// A clock that is behind the last entry by more than this is wrong: one minute.
const CLOCK_SLACK_MILLIS: i64 = 60 * 1000;

/// Looks at the register's health.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Doctor {}

/// What was looked at.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct HealthView {
    /// Whether nothing is failing.
    pub ok: bool,
    /// One check each.
    pub checks: Vec<CheckupView>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct CheckupView {
    /// What was looked at.
    pub name: String,
    /// How it is.
    pub state: Health,
    /// What was found, and what to do about it.
    pub detail: String,
}

/// How one thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// As it should be.
    Well,
    /// It works; something should be done about it.
    Advice,
    /// It does not hold what the register promises.
    Failing,
}

impl UseCase for Doctor {
    type Output = HealthView;
    const NAME: &'static str = "doctor";

    fn run(self, asked: &Asked<'_>) -> Result<HealthView, ServiceError> {
        let service = asked.service;
        let (at, engine, last) = service.read(asked.identity, |unit| {
            unit.caller.may(Verb::Administer)?;
            let (_, last) = trail::frontier(unit.tx)?;
            Ok((unit.moment.at, health::engine(unit.tx)?, last))
        })?;
        let folder = service.folder();
        let mut checks = vec![
            well("database", engine),
            modes(folder),
            disk(folder),
            clock(at, last),
            signing_key(folder, service),
            index(asked),
            backups(folder, at),
            jobs::checkup(asked, at)?,
        ];
        checks.push(trail_check(asked)?);
        Ok(HealthView { ok: checks.iter().all(|check| check.state != Health::Failing), checks })
    }
}

fn modes(folder: &Folder) -> CheckupView {
    let places = [folder.root().to_owned(), folder.evidence(), folder.keys(), folder.signing_key()];
    let open: Vec<String> = places
        .iter()
        .filter(|path| path.exists() && !is_private(path).unwrap_or(false))
        .map(|path| path.display().to_string())
        .collect();
    if open.is_empty() {
        return well("file modes", "only their owner can read the data folder and the keys".to_owned());
    }
    let detail = format!("others than the owner may read {}; run chmod go= on it", open.join(" and "));
    finding("file modes", Health::Failing, detail)
}

fn disk(folder: &Folder) -> CheckupView {
    let room = match statvfs(folder.root()) {
        Ok(found) => found.f_bavail.saturating_mul(found.f_frsize),
        Err(error) => return finding("disk", Health::Failing, format!("cannot be looked at: {error}")),
    };
    let detail = format!("{} MiB free", room >> 20);
    if room >= ROOM {
        return well("disk", detail);
    }
    finding("disk", Health::Advice, format!("{detail}; make room, or move the data folder to a larger disk"))
}

fn clock(at: Timestamp, last: Option<Timestamp>) -> CheckupView {
    match last {
        Some(last) if last.millis() - at.millis() > CLOCK_SLACK_MILLIS => {
            let detail = format!(
                "says {at}, but the last entry of the trail was made at {last}; set the machine's clock"
            );
            finding("clock", Health::Failing, detail)
        }
        _ => well("clock", format!("{at}, after the last entry of the trail")),
    }
}

fn signing_key(folder: &Folder, service: &crate::Service) -> CheckupView {
    match keys::signing(folder, service.info().id) {
        Ok(_) => well("signing key", folder.signing_key().display().to_string()),
        Err(error) => finding("signing key", Health::Failing, error.message),
    }
}

/// Catching up is what every search does first: if that works, searches do.
fn index(asked: &Asked<'_>) -> CheckupView {
    let found = asked.service.feed().caught_up().and_then(|index| Ok(index.damaged_files()?));
    match found.and_then(|damaged| Ok((damaged, counts(asked)?))) {
        Ok((damaged, counted)) => judged(&damaged, counted),
        Err(error) => finding("index", Health::Failing, error.message),
    }
}

fn judged(damaged: &[PathBuf], counted: Option<Counts>) -> CheckupView {
    if !damaged.is_empty() {
        let names: Vec<String> = damaged.iter().map(|path| path.display().to_string()).collect();
        let detail = format!("damaged: {}; run index rebuild", names.join(", "));
        return finding("index", Health::Failing, detail);
    }
    match counted {
        Some(Counts { documents, records }) if documents != records => {
            let detail = format!("has {documents} documents of {records} records; run index rebuild");
            finding("index", Health::Failing, detail)
        }
        Some(Counts { records, .. }) => {
            well("index", format!("has everything that was written: {records} records"))
        }
        None => well("index", "has everything that was written; not counted while others write".to_owned()),
    }
}

/// Documents of the index, and the records that there ought to be one of.
#[derive(Clone, Copy)]
struct Counts {
    documents: u64,
    records: u64,
}

/// Counts both at one place of the trail; none if others write all the time.
fn counts(asked: &Asked<'_>) -> Result<Option<Counts>, ServiceError> {
    for _ in 0..COUNTS {
        let index = asked.service.feed().caught_up()?;
        let (sequence, records) = asked
            .service
            .db()
            .read(|tx| Ok::<_, ServiceError>((trail::sequence(tx)?, searchable::count(tx)?)))?;
        if let Some((at, documents)) = index.document_count()
            && at.sequence == sequence
        {
            return Ok(Some(Counts { documents, records }));
        }
    }
    Ok(None)
}

fn backups(folder: &Folder, at: Timestamp) -> CheckupView {
    let place = folder.backups();
    let Some((path, made_at)) = newest_backup(&place) else {
        let detail = format!(
            "there is none in {}; run backup create, and keep a copy on another machine (backups made \
             elsewhere with --out are not seen here)",
            place.display()
        );
        return finding("backups", Health::Advice, detail);
    };
    let detail = format!("the newest is {}, made at {made_at}", path.display());
    if at.millis() - made_at.millis() <= BACKUP_AGE_MILLIS {
        return well("backups", detail);
    }
    finding("backups", Health::Advice, format!("{detail}; run backup create"))
}

fn newest_backup(place: &Path) -> Option<(PathBuf, Timestamp)> {
    let entries = std::fs::read_dir(place).ok()?;
    entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let made_at = backup::made_at(&path)?;
            Some((path, made_at))
        })
        .max_by_key(|(_, made_at)| made_at.millis())
}

fn trail_check(asked: &Asked<'_>) -> Result<CheckupView, ServiceError> {
    let report = VerifyTrail {}.run(asked)?;
    if report.ok {
        let detail =
            format!("{} rows and {} files are as {} entries say", report.rows, report.files, report.entries);
        return Ok(well("trail", detail));
    }
    let detail = format!("{} finding(s); run trail verify", report.findings.len());
    Ok(finding("trail", Health::Failing, detail))
}

fn well(name: &str, detail: String) -> CheckupView {
    finding(name, Health::Well, detail)
}

fn finding(name: &str, state: Health, detail: String) -> CheckupView {
    CheckupView { name: name.to_owned(), state, detail }
}
