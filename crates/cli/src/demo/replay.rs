//! Running use cases in the name of the sample's people, with the clock standing at the moment of the story.

use std::collections::BTreeMap;
use std::sync::Arc;

use nevertwice_domain::control::ControlRef;
use nevertwice_domain::reference::{ActionRef, CaseRef, LessonRef, ReviewRef, RiskRef};
use nevertwice_domain::text::Line;
use nevertwice_domain::time::Timestamp;
use nevertwice_service::person::ConfirmPerson;
use nevertwice_service::set::Set;
use nevertwice_service::use_case::{Asked, UseCase};
use nevertwice_service::{Identity, Service};

use super::calendar::{Calendar, StoppedClock};
use super::{broken, line};
use crate::failure::Failure;

/// The register being filled, and what the ids of the sample became in it.
pub(super) struct Replay {
    service: Service,
    clock: Arc<StoppedClock>,
    pub(super) calendar: Calendar,
    pub(super) people: BTreeMap<String, Line>,
    pub(super) suppliers: BTreeMap<String, Line>,
    pub(super) assets: BTreeMap<String, Line>,
    pub(super) cases: BTreeMap<String, CaseRef>,
    pub(super) reviews: BTreeMap<(String, usize), ReviewRef>,
    pub(super) lessons: BTreeMap<String, LessonRef>,
    pub(super) actions: BTreeMap<String, ActionRef>,
    pub(super) controls: BTreeMap<String, ControlRef>,
    pub(super) risks: BTreeMap<String, RiskRef>,
}

impl Replay {
    pub(super) fn new(service: Service, clock: Arc<StoppedClock>, calendar: Calendar) -> Self {
        Self {
            service,
            clock,
            calendar,
            people: BTreeMap::new(),
            suppliers: BTreeMap::new(),
            assets: BTreeMap::new(),
            cases: BTreeMap::new(),
            reviews: BTreeMap::new(),
            lessons: BTreeMap::new(),
            actions: BTreeMap::new(),
            controls: BTreeMap::new(),
            risks: BTreeMap::new(),
        }
    }

    /// Moves the clock on.
    pub(super) fn move_to(&self, instant: Timestamp) {
        self.clock.move_to(instant);
    }

    /// Runs a use case as somebody.
    ///
    /// # Errors
    /// The register refuses it; the error names who did what.
    pub(super) fn run<U: UseCase>(&self, who: &str, use_case: U) -> Result<U::Output, Failure> {
        let identity = Identity::OsUser(who.to_owned());
        let asked = Asked::new(&self.service, &identity);
        asked.run(use_case).map_err(|error| broken(&format!("{} by {who}", U::NAME), error))
    }

    /// The name of a person.
    ///
    /// # Errors
    /// The sample has no such person.
    pub(super) fn person(&self, id: &str) -> Result<Line, Failure> {
        self.people.get(id).cloned().ok_or_else(|| broken("person", format!("{id} is missing")))
    }

    /// What an id of the sample became.
    ///
    /// # Errors
    /// The sample uses it before it is there.
    pub(super) fn known<T: Clone>(what: &str, map: &BTreeMap<String, T>, id: &str) -> Result<T, Failure> {
        map.get(id).cloned().ok_or_else(|| broken(what, format!("{id} is not there yet")))
    }

    /// From now on the operating-system user acts as the person.
    ///
    /// # Errors
    /// What the register reports.
    pub(super) fn hand_over(&self, person: &str, os_user: &str, now: Timestamp) -> Result<(), Failure> {
        self.move_to(now);
        let name = self.person(person)?;
        self.run(
            person,
            ConfirmPerson {
                version: None,
                person: name,
                kind: None,
                name: None,
                roles: None,
                email: None,
                os_user: Some(Set::To(line(os_user)?)),
            },
        )
        .map(drop)
    }
}
