//! A register of its own for a test, on a clock that only the test moves and with seeded randomness.

mod people;
mod story;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use nevertwice_domain::time::Timestamp;
use nevertwice_service::clock::{Clock, Entropy};
use nevertwice_service::error::Kind;
use nevertwice_service::folder::{Folder, Held};
use nevertwice_service::setup::{self, Edge, Founding};
use nevertwice_service::use_case::{Asked, run_named};
use nevertwice_service::{Identity, Service, ServiceError};
use nevertwice_store::DatabaseUrl;
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub(crate) use people::{CALLERS, Caller};
pub(crate) use story::Story;

/// The day on which every test begins: Monday, 2 March 2026, nine o'clock UTC.
const BEGIN: &str = "2026-03-02T09:00:00Z";
/// What the clock moves on whenever somebody looks at it.
const TICK_MILLIS: i64 = 10;

/// A clock that moves a little each time it is read, and further only when it is told to.
pub(crate) struct TestClock {
    millis: AtomicI64,
    /// What was waited for, each time from when it was asked: the steady time stands still.
    waits: Mutex<Vec<Duration>>,
}

impl TestClock {
    pub(crate) fn forward_days(&self, days: i64) {
        self.millis.fetch_add(days * 86_400_000, Ordering::SeqCst);
    }

    pub(crate) fn forward_seconds(&self, seconds: i64) {
        self.millis.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }

    /// Everything that was waited for since this was asked last.
    pub(crate) fn take_waits(&self) -> Vec<Duration> {
        std::mem::take(&mut *self.waits.lock().unwrap())
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.millis.fetch_add(TICK_MILLIS, Ordering::SeqCst))
    }

    fn steady(&self) -> Duration {
        Duration::ZERO
    }

    fn wait_until(&self, until: Duration) {
        self.waits.lock().unwrap().push(until);
    }
}

/// The hashes of a seed and the numbers from 0.
pub(crate) struct SeededEntropy(u64, AtomicU64);

impl Entropy for SeededEntropy {
    fn bytes(&self) -> [u8; 32] {
        let number = self.1.fetch_add(1, Ordering::SeqCst);
        Sha256::new().chain_update(self.0.to_le_bytes()).chain_update(number.to_le_bytes()).finalize().into()
    }
}

/// A register, its clock, and where it lies.
pub(crate) struct Register {
    pub(crate) service: Service,
    pub(crate) clock: Arc<TestClock>,
    edge: Edge,
    url: DatabaseUrl,
    root: PathBuf,
}

impl Register {
    /// A new register in an empty database, founded by Ada.
    pub(crate) fn found(database: &TestDatabase) -> Self {
        Self::found_in(database, &database.folder().join("data"), 1)
    }

    /// The same with sample data.
    pub(crate) fn found_sample(database: &TestDatabase) -> Self {
        let founding = Founding { sample: true, ..founding() };
        Self::found_as(database, &database.folder().join("data"), 1, &founding)
    }

    /// A new register in a data folder of its own, with its own randomness.
    pub(crate) fn found_in(database: &TestDatabase, root: &Path, seed: u64) -> Self {
        Self::found_as(database, root, seed, &founding())
    }

    fn found_as(database: &TestDatabase, root: &Path, seed: u64, founding: &Founding) -> Self {
        let millis = AtomicI64::new(BEGIN.parse::<Timestamp>().unwrap().millis());
        let clock = Arc::new(TestClock { millis, waits: Mutex::default() });
        let entropy = Arc::new(SeededEntropy(seed, AtomicU64::new(0)));
        let edge = Edge { clock: clock.clone(), entropy };
        let url: DatabaseUrl = database.url().parse().unwrap();
        let service = setup::found(hold(root), &url, founding, &edge).unwrap();
        Self { service, clock, edge, url, root: root.to_owned() }
    }

    /// The address of its database.
    pub(crate) fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// A path beside the data folder.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.root.parent().unwrap().join(name)
    }

    /// Closes the register, does something to what lies there, and opens it again.
    pub(crate) fn reopened_after(self, change: impl FnOnce(&DatabaseUrl)) -> Self {
        let Self { service, clock, edge, url, root } = self;
        drop(service);
        change(&url);
        let service = setup::open(hold(&root), &url, &edge).unwrap();
        Self { service, clock, edge, url, root }
    }

    /// The same clock beside another register.
    pub(crate) fn with_service(&self, service: Service) -> Self {
        let (url, root) = (self.url.clone(), service.root().to_owned());
        Self { service, clock: Arc::clone(&self.clock), edge: self.edge.clone(), url, root }
    }

    /// Where its time and randomness come from.
    pub(crate) fn edge(&self) -> &Edge {
        &self.edge
    }

    /// Runs a use case in somebody's name.
    pub(crate) fn ask(&self, user: &str, name: &str, input: Value) -> Result<Value, ServiceError> {
        self.ask_as(&Identity::OsUser(user.to_owned()), name, input)
    }

    /// Runs a use case by whatever means.
    pub(crate) fn ask_as(
        &self,
        identity: &Identity,
        name: &str,
        input: Value,
    ) -> Result<Value, ServiceError> {
        run_named(name, input, &Asked::new(&self.service, identity))
    }

    /// Runs a use case that has to succeed.
    #[track_caller]
    pub(crate) fn ok(&self, user: &str, name: &str, input: Value) -> Value {
        match self.ask(user, name, input) {
            Ok(outcome) => outcome,
            Err(error) => panic!("{name} by {user}: {:?} {}: {}", error.kind, error.code, error.message),
        }
    }

    /// Runs a use case that has to be refused, and gives the refusal.
    #[track_caller]
    pub(crate) fn refused(&self, user: &str, name: &str, input: Value) -> ServiceError {
        match self.ask(user, name, input) {
            Ok(outcome) => panic!("{name} by {user} was not refused: {outcome}"),
            Err(error) => error,
        }
    }

    /// How many entries the trail has.
    pub(crate) fn trail_length(&self) -> u64 {
        self.ok("ada", "verify_trail", json!({}))["entries"].as_u64().unwrap()
    }

    /// Fails the test unless every row and file is as the trail says.
    #[track_caller]
    pub(crate) fn expect_sound(&self) {
        let found = self.ok("ada", "verify_trail", json!({}));
        assert_eq!(found["findings"], json!([]), "the trail does not agree with the register");
    }
}

/// Holds a data folder.
pub(crate) fn hold(root: &Path) -> Folder {
    match Folder::hold(root).unwrap() {
        Held::Ours(folder) => folder,
        Held::Elsewhere => panic!("{} is held by somebody else", root.display()),
    }
}

/// The text in a field of an outcome.
#[track_caller]
pub(crate) fn text(outcome: &Value, field: &str) -> String {
    outcome[field].as_str().unwrap_or_else(|| panic!("no text {field} in {outcome}")).to_owned()
}

/// Kind and code of a refusal.
pub(crate) fn kind_and_code(error: &ServiceError) -> (Kind, &str) {
    (error.kind, &error.code)
}

fn founding() -> Founding {
    Founding {
        company: "Example AI".parse().unwrap(),
        time_zone: "Europe/Berlin".parse().unwrap(),
        currency: "EUR".parse().unwrap(),
        person: "Ada".parse().unwrap(),
        os_user: "ada".parse().unwrap(),
        severity_words: None,
        categories: Vec::new(),
        sample: false,
    }
}
