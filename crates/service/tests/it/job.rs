//! Jobs: run when they are due, again after a failure with growing waits, at last not any more.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use nevertwice_domain::time::Timestamp;
use nevertwice_service::job::{Job, Running, Worker};
use nevertwice_service::{Kind, ServiceError};
use nevertwice_testkit::TestDatabase;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::fixture::Register;

nevertwice_testkit::on_each_engine!(
    jobs_run_when_they_are_due_in_their_order,
    what_fails_is_tried_again_with_growing_waits_and_given_up,
    two_workers_run_each_job_once,
    a_worker_that_waits_is_woken_and_stops_when_it_is_told,
    what_was_done_is_forgotten_after_a_week,
    a_job_that_nobody_knows_is_kept_and_told,
);

/// Writes down that it ran, under the store that it ran for; then it fails, if it is told to.
#[derive(Serialize, Deserialize)]
struct Note {
    number: u32,
    fails: bool,
}

type Notes = BTreeMap<String, Vec<u32>>;
static NOTES: LazyLock<Mutex<Notes>> = LazyLock::new(Mutex::default);

impl Job for Note {
    const KIND: &'static str = "test_note";

    fn dedupe(&self) -> Option<String> {
        Some(self.number.to_string())
    }

    fn run(self, running: &Running<'_>) -> Result<(), ServiceError> {
        NOTES.lock().unwrap().entry(running.service.info().id.to_string()).or_default().push(self.number);
        match self.fails {
            false => Ok(()),
            true => Err(ServiceError::new(Kind::Unavailable, "test.away", "with a confidential word")),
        }
    }
}

fn notes(register: &Register) -> Vec<u32> {
    let key = register.service.info().id.to_string();
    NOTES.lock().unwrap().remove(&key).unwrap_or_default()
}

fn worker(register: &Register) -> Worker {
    Worker::new(register.service.clone()).with::<Note>()
}

fn work_off(register: &Register) -> Vec<u32> {
    let worker = worker(register);
    while worker.run_next().unwrap() {}
    notes(register)
}

fn put_down(register: &Register, number: u32, fails: bool, in_seconds: i64) -> bool {
    let now = register.service.moment().at;
    let due = Timestamp::from_millis(now.millis() + in_seconds * 1_000);
    register.service.enqueue(Note { number, fails }, due).unwrap()
}

fn told(register: &Register) -> (String, String) {
    let health = register.ok("ada", "doctor", json!({}));
    let checks = health["checks"].as_array().unwrap();
    let jobs = checks.iter().find(|check| check["name"] == "jobs").unwrap();
    (jobs["state"].as_str().unwrap().to_owned(), jobs["detail"].as_str().unwrap().to_owned())
}

fn jobs_run_when_they_are_due_in_their_order(database: &TestDatabase) {
    let register = Register::found(database);
    assert!(
        put_down(&register, 1, false, 60)
            && put_down(&register, 2, false, 0)
            && put_down(&register, 3, false, 30)
    );
    assert!(!put_down(&register, 1, false, 0), "a like one waits");
    assert_eq!(work_off(&register), [2]);
    register.clock.forward_seconds(100);
    assert_eq!(work_off(&register), [3, 1]);
    assert!(put_down(&register, 1, false, 0), "the other is done");
}

fn what_fails_is_tried_again_with_growing_waits_and_given_up(database: &TestDatabase) {
    let register = Register::found(database);
    put_down(&register, 1, true, 0);
    assert_eq!(work_off(&register), [1]);
    register.clock.forward_seconds(25);
    assert_eq!(work_off(&register), [0; 0], "half a minute is not over");
    register.clock.forward_seconds(10);
    assert_eq!(work_off(&register), [1]);
    register.clock.forward_seconds(45);
    assert_eq!(work_off(&register), [0; 0], "the second wait is a minute");
    assert_eq!(told(&register).0, "well");
    let (mut days, mut runs) = (0, 2);
    while told(&register).1.contains("tried again") {
        register.clock.forward_days(1);
        days += 1;
        runs += work_off(&register).len();
    }
    assert_eq!((runs, days), (14, 12));
    let (state, detail) = told(&register);
    assert_eq!(
        (state.as_str(), detail.contains("1 test_note given up, with test.away")),
        ("advice", true),
        "{detail}"
    );
    assert!(!detail.contains("confidential"));
    register.clock.forward_days(31);
    register.service.sweep().unwrap();
    assert_eq!(told(&register), ("well".to_owned(), "0 waiting or running".to_owned()));
}

fn two_workers_run_each_job_once(database: &TestDatabase) {
    let register = Register::found(database);
    for number in 1..=30 {
        put_down(&register, number, false, 0);
    }
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let worker = worker(&register);
                while worker.run_next().unwrap() {}
            });
        }
    });
    let mut ran = notes(&register);
    ran.sort_unstable();
    assert_eq!(ran, (1..=30).collect::<Vec<_>>());
}

fn a_worker_that_waits_is_woken_and_stops_when_it_is_told(database: &TestDatabase) {
    let register = Register::found(database);
    let key = register.service.info().id.to_string();
    let worker = worker(&register);
    std::thread::scope(|scope| {
        scope.spawn(|| worker.run());
        put_down(&register, 1, false, 0);
        let (told, ran) = std::sync::mpsc::channel();
        let key = &key;
        scope.spawn(move || {
            while !NOTES.lock().unwrap().get(key).is_some_and(|notes| notes.contains(&1)) {
                std::thread::yield_now();
            }
            told.send(()).unwrap();
        });
        ran.recv_timeout(Duration::from_secs(30)).unwrap();
        register.service.stop_work();
    });
    worker.run();
    assert_eq!(notes(&register), [1], "it does not begin again");
}

fn what_was_done_is_forgotten_after_a_week(database: &TestDatabase) {
    let register = Register::found(database);
    put_down(&register, 1, false, 0);
    work_off(&register);
    let count = |register: &Register| {
        let backup = register.beside(&format!("backup-{}", register.service.moment().at.millis()));
        let made = register.ok("ada", "create_backup", json!({ "out": backup, "with_keys": false }));
        let manifest = std::fs::read_to_string(backup.join("database/database.json"));
        let manifest = manifest.unwrap_or_else(|_| made.to_string());
        serde_json::from_str::<serde_json::Value>(&manifest).unwrap()["tables"]["jobs"].clone()
    };
    register.clock.forward_days(6);
    register.service.sweep().unwrap();
    assert_eq!(count(&register), json!(1));
    register.clock.forward_days(2);
    register.service.sweep().unwrap();
    assert_eq!(count(&register), json!(0));
}

fn a_job_that_nobody_knows_is_kept_and_told(database: &TestDatabase) {
    let register = Register::found(database);
    put_down(&register, 1, false, 0);
    let other = Worker::new(register.service.clone());
    while other.run_next().unwrap() {}
    assert!(told(&register).1.contains("to be tried again, after job.unknown_kind"));
    register.clock.forward_seconds(60);
    assert_eq!(work_off(&register), [1]);
}
