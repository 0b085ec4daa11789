//! The sample's dates: days before the last Tuesday, so that the sample is always of the last two years and its
//! weekdays are those that its texts name.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use nevertwice_domain::time::Timestamp;
use nevertwice_domain::when::{Precision, When};
use nevertwice_service::clock::Clock;
use serde::Deserialize;

use super::{broken, parsed};
use crate::failure::Failure;

#[cfg(test)]
mod tests;

/// The day of the week on which the sample stands: counted back from it, the texts name the right weekdays.
const WRITTEN_ON: Weekday = Weekday::Tuesday;

/// A moment of the sample.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Moment {
    days_ago: i32,
    time: Option<String>,
    precision: Option<String>,
}

/// Turns moments into dates and instants.
#[derive(Debug, Clone)]
pub(super) struct Calendar {
    /// The day that moments are counted from: today or one of the six days before.
    anchor: Date,
    zone: TimeZone,
}

/// A clock that stands where the story is.
#[derive(Debug)]
pub(super) struct StoppedClock(AtomicI64);

impl StoppedClock {
    pub(super) fn at(instant: Timestamp) -> Self {
        Self(AtomicI64::new(instant.millis()))
    }

    /// Moves on; never back.
    pub(super) fn move_to(&self, instant: Timestamp) {
        self.0.fetch_max(instant.millis(), Ordering::SeqCst);
    }
}

impl Clock for StoppedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::SeqCst))
    }

    fn steady(&self) -> Duration {
        Duration::ZERO
    }

    fn wait_until(&self, _: Duration) {
        // It stands, so nothing takes any time.
    }
}

impl Calendar {
    pub(super) fn new(time_zone: &str, now: Timestamp) -> Result<Self, Failure> {
        let zone = TimeZone::get(time_zone).map_err(|error| broken("time zone", error))?;
        let today = now.date_in(&zone);
        let since = i64::from(WRITTEN_ON.until(today.weekday()));
        let anchor = today
            .checked_sub(jiff::Span::new().days(since))
            .map_err(|error| broken("the day it is made on", error))?;
        Ok(Self { anchor, zone })
    }

    /// The day of a moment.
    pub(super) fn date(&self, moment: &Moment) -> Result<Date, Failure> {
        self.anchor
            .checked_sub(jiff::Span::new().days(moment.days_ago))
            .map_err(|error| broken("days_ago", error))
    }

    /// The moment at its precision.
    pub(super) fn when(&self, moment: &Moment) -> Result<When, Failure> {
        let date = self.date(moment)?;
        match (&moment.time, &moment.precision) {
            (Some(_), _) => {
                let zoned = self.zoned(moment)?;
                let minutes = i16::try_from(zoned.offset().seconds() / 60).unwrap_or(0);
                Ok(When::new(zoned.datetime(), Precision::Minute, Some(minutes)))
            }
            (None, Some(precision)) => {
                let precision: Precision = parsed("precision", precision)?;
                Ok(When::new(date.to_datetime(Time::midnight()), precision, None))
            }
            (None, None) => Ok(When::day(date)),
        }
    }

    /// The instant at which somebody enters a fact of this moment; noon if no time is known.
    pub(super) fn instant(&self, moment: &Moment) -> Result<Timestamp, Failure> {
        Ok(self.zoned(moment)?.timestamp().into())
    }

    fn zoned(&self, moment: &Moment) -> Result<jiff::Zoned, Failure> {
        let time = match &moment.time {
            Some(text) => format!("{text}:00").parse::<Time>().map_err(|error| broken("time", error))?,
            None => Time::constant(12, 0, 0, 0),
        };
        let date = self.date(moment)?;
        date.to_datetime(time).to_zoned(self.zone.clone()).map_err(|error| broken("time", error))
    }
}
