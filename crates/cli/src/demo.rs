//! The sample company: two years of a register, replayed through the same use cases that people use.

mod calendar;
mod company;
mod files;
mod replay;
mod story;

use std::path::Path;
use std::sync::Arc;

use nevertwice_domain::text::Line;
use nevertwice_service::clock::SystemEntropy;
use nevertwice_service::setup::{Edge, Founding, found};
use nevertwice_service::use_case::Progress;
use nevertwice_service::{Kind, Service, os_user};
use nevertwice_store::DatabaseUrl;

use crate::failure::Failure;
use crate::session;
use calendar::{Calendar, StoppedClock};
use replay::Replay;

/// Who runs the register of the sample company; whoever runs the demo acts as this person afterwards.
const SECURITY_LEAD: &str = "mara.hollmann";

/// Fills an empty data folder with the sample company.
///
/// # Errors
/// A file of the sample that the register refuses, named with the step, or what the store reports.
pub(crate) fn fill(
    root: &Path,
    database: &DatabaseUrl,
    progress: &dyn Fn(Progress),
) -> Result<Service, Failure> {
    let sample = files::read()?;
    let now = session::edge().clock.now();
    let calendar = Calendar::new(&sample.company.company.time_zone, now)?;
    let clock = Arc::new(StoppedClock::at(calendar.instant(&sample.company.company.register_started)?));
    let edge = Edge { clock: Arc::clone(&clock) as _, entropy: Arc::new(SystemEntropy) };
    let folder = session::hold(root)?;
    let service = found(folder, database, &founding(&sample.company)?, &edge)?;
    let mut replay = Replay::new(service.clone(), clock, calendar);
    company::people_and_things(&mut replay, &sample)?;
    story::play(&mut replay, &sample, progress)?;
    replay.hand_over(SECURITY_LEAD, &os_user::current(), now)?;
    Ok(service)
}

fn founding(company: &files::CompanyFile) -> Result<Founding, Failure> {
    let lead = company
        .person
        .iter()
        .find(|person| person.id == SECURITY_LEAD)
        .ok_or_else(|| broken("company.toml", format!("{SECURITY_LEAD} is missing")))?;
    let words: Vec<Line> = company.severity_words()?;
    let severity_words = words.try_into().map_err(|_| broken("company.toml", "expected five severities"))?;
    Ok(Founding {
        company: line(&company.company.name)?,
        time_zone: parsed("time_zone", &company.company.time_zone)?,
        currency: parsed("currency", &company.company.currency)?,
        person: line(&lead.name)?,
        os_user: line(SECURITY_LEAD)?,
        severity_words: Some(severity_words),
        categories: company
            .category
            .iter()
            .map(|category| line(&category.label))
            .collect::<Result<_, _>>()?,
        sample: true,
    })
}

/// A fault of the sample itself.
fn broken(place: &str, detail: impl std::fmt::Display) -> Failure {
    Failure::new(Kind::Internal, "demo.sample", format!("the sample, {place}: {detail}"))
}

fn line(text: &str) -> Result<Line, Failure> {
    parsed("line", text)
}

/// Reads a value of the sample.
fn parsed<T: std::str::FromStr>(what: &str, text: &str) -> Result<T, Failure>
where
    T::Err: std::fmt::Display,
{
    text.parse().map_err(|error| broken(what, error))
}
