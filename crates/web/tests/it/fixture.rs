//! A register of its own for a test, asked as a browser asks it: on a clock that only the test moves and with seeded
//! randomness. What is there before the test begins is told by use cases.

mod answer;
mod ask;
mod body;
mod clock;
mod form;
mod people;
mod story;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request};
use nevertwice_service::folder::{Folder, Held};
use nevertwice_service::setup::{self, Edge, Founding};
use nevertwice_service::use_case::{Asked, run_named};
use nevertwice_service::{Identity, Service, ServiceError};
use nevertwice_testkit::TestDatabase;
use nevertwice_web::{App, Proxies};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt as _;
use tokio_util::io::ReaderStream;
use tower::ServiceExt as _;

pub(crate) use answer::Answer;
pub(crate) use ask::{Ask, BOUNDARY, Who};
pub(crate) use body::{body, filled, is_bare, request};
pub(crate) use clock::TestClock;
pub(crate) use form::{Shown, form_of, problems, tags};
pub(crate) use people::{PASSWORD, PEOPLE};
pub(crate) use story::{Scene, Story};

use clock::SeededEntropy;

/// Where people reach the register.
pub(crate) const HTTPS: &str = "https://register.example.org";
/// Where it is reached on its own machine.
pub(crate) const HTTP: &str = "http://127.0.0.1:8472";

/// A register and the router that answers for it.
pub(crate) struct Site {
    pub(crate) service: Service,
    pub(crate) clock: Arc<TestClock>,
    router: Router,
    runtime: tokio::runtime::Runtime,
    origin: &'static str,
    root: PathBuf,
    /// Where it lies, if nobody else keeps it.
    _database: Option<TestDatabase>,
}

impl Site {
    /// A new register in an empty database, founded by Ada, reached over TLS.
    pub(crate) fn new(database: &TestDatabase) -> Self {
        Self::found(database, HTTPS)
    }

    /// A new register on SQLite, reached under an address.
    pub(crate) fn at(origin: &'static str) -> Self {
        let database = TestDatabase::sqlite();
        let site = Self::found(&database, origin);
        Self { _database: Some(database), ..site }
    }

    fn found(database: &TestDatabase, origin: &'static str) -> Self {
        let clock = Arc::new(TestClock::begin());
        let edge = Edge { clock: clock.clone(), entropy: Arc::new(SeededEntropy::default()) };
        let root = database.folder().join("data");
        let Held::Ours(folder) = Folder::hold(&root).unwrap() else { panic!("the folder is held") };
        let url = database.url().parse().unwrap();
        let service = setup::found(folder, &url, &founding(), &edge).unwrap();
        let app = App::new(service.clone(), origin.parse().unwrap(), Proxies::default());
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let router = nevertwice_web::router(app);
        Self { service, clock, router, runtime, origin, root, _database: None }
    }

    /// The data folder.
    pub(crate) fn root(&self) -> &std::path::Path {
        &self.root
    }

    /// A path beside the data folder.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.root.parent().unwrap().join(name)
    }

    /// The name of the cookie.
    pub(crate) fn cookie_name(&self) -> &'static str {
        if self.origin == HTTPS { "__Host-nevertwice" } else { "nevertwice" }
    }

    /// The name under which the register is reached.
    pub(crate) fn host(&self) -> &'static str {
        self.origin.split_once("://").unwrap().1
    }

    /// Sends a request and reads the whole answer.
    pub(crate) fn ask(&self, ask: &Ask) -> Answer {
        self.runtime.block_on(answer(self.router.clone(), self.request(ask, Body::from(ask.body.clone()))))
    }

    /// Sends a request in pieces so far apart, and its last one or not; no time passes meanwhile.
    pub(crate) fn trickle(&self, ask: &Ask, apart: Duration, ends: bool) -> Answer {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
        let (mut mouth, ear) = tokio::io::duplex(1 << 20);
        let pieces: Vec<Vec<u8>> = ask.body.chunks(ask.body.len().div_ceil(6)).map(<[u8]>::to_vec).collect();
        let request = self.request(ask, Body::from_stream(ReaderStream::new(ear)));
        runtime.unwrap().block_on(async move {
            let told = async move {
                let count = pieces.len() - usize::from(!ends);
                for piece in pieces.iter().take(count) {
                    tokio::time::sleep(apart).await;
                    // Whoever was answered already does not listen any more.
                    let _ = mouth.write_all(piece).await;
                }
                if !ends {
                    std::future::pending::<()>().await;
                }
                drop(mouth);
                std::future::pending::<Answer>().await
            };
            tokio::select! {
                answer = answer(self.router.clone(), request) => answer,
                never = told => never,
            }
        })
    }

    fn request(&self, ask: &Ask, body: Body) -> Request<Body> {
        let mut request = Request::builder().method(ask.method.as_str()).uri(ask.path.as_str());
        if !ask.has("host") {
            request = request.header("host", self.host());
        }
        match &ask.who {
            Who::Nobody => {}
            Who::Session(secret) => {
                request = request.header("cookie", format!("{}={secret}", self.cookie_name()));
            }
            Who::Token(secret) => request = request.header("authorization", format!("Bearer {secret}")),
        }
        for (name, value) in &ask.headers {
            request = request.header(name.as_str(), HeaderValue::from_bytes(value).unwrap());
        }
        request.body(body).unwrap_or_else(|error| panic!("{} {}: {error}", ask.method, ask.path))
    }

    /// Asks for a page.
    pub(crate) fn get(&self, who: &Who, path: &str) -> Answer {
        self.ask(&Ask::get(path).by(who))
    }

    /// Sends a form.
    pub(crate) fn post(&self, who: &Who, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.ask(&Ask::post(path).by(who).fields(fields))
    }

    /// Runs a use case in the name of an operating-system user.
    pub(crate) fn run(&self, user: &str, name: &str, input: Value) -> Result<Value, ServiceError> {
        self.run_as(&Identity::OsUser(user.to_owned()), name, input)
    }

    /// Runs a use case by whatever means.
    pub(crate) fn run_as(
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
        match self.run(user, name, input) {
            Ok(outcome) => outcome,
            Err(error) => panic!("{name} by {user}: {:?} {}: {}", error.kind, error.code, error.message),
        }
    }

    /// How many entries the trail has.
    pub(crate) fn trail_length(&self) -> u64 {
        self.ok("ada", "verify_trail", json!({}))["entries"].as_u64().unwrap()
    }
}

async fn answer(router: Router, request: Request<Body>) -> Answer {
    let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    Answer::new(parts, body.to_vec())
}

/// The text in a field of an outcome.
#[track_caller]
pub(crate) fn text(outcome: &Value, field: &str) -> String {
    outcome[field].as_str().unwrap_or_else(|| panic!("no text {field} in {outcome}")).to_owned()
}

fn founding() -> Founding {
    Founding {
        company: "Example AI".parse().unwrap(),
        time_zone: "Europe/Berlin".parse().unwrap(),
        currency: "EUR".parse().unwrap(),
        person: "ada".parse().unwrap(),
        os_user: "ada".parse().unwrap(),
        severity_words: None,
        categories: vec!["loss".parse().unwrap()],
        sample: false,
    }
}
