//! Jobs on both engines.

use nevertwice_domain::id::JobId;
use nevertwice_domain::job::{CLAIM_MILLIS, JobState, TRIES};
use nevertwice_domain::time::Timestamp;
use nevertwice_testkit::TestDatabase;
use uuid::Uuid;

use super::{CUT_OFF, Claimed, Ending, NewJob, claim, counts, forget, insert, next_due, release, settle};
use crate::engine::tests::open;
use crate::{Db, StoreError};

nevertwice_testkit::on_each_engine!(
    the_one_that_is_due_first_is_claimed_first,
    a_second_one_is_needless_while_the_first_waits,
    a_unit_that_fails_puts_nothing_down,
    no_two_claim_one_job,
    what_was_cut_off_is_claimed_again_and_given_up_in_the_end,
    a_server_that_starts_alone_takes_up_what_was_cut_off,
    whoever_was_overtaken_ends_nothing,
    what_ended_is_forgotten_by_its_state,
);

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_millis(seconds * 1_000)
}

fn job(number: u128, dedupe: Option<&'static str>, due: i64) -> NewJob<'static> {
    let id = JobId::new(Uuid::from_u128(number));
    NewJob { id, kind: "test", payload: "{}", dedupe, due_at: at(due), created_at: at(0) }
}

fn put(db: &Db, job: NewJob<'static>) -> bool {
    db.write(move |tx| insert(tx, &job)).unwrap()
}

fn claimed(db: &Db, now: i64) -> Option<Claimed> {
    db.write(move |tx| claim(tx, at(now))).unwrap()
}

fn number(claimed: Option<Claimed>) -> Option<u128> {
    claimed.map(|job| job.id.uuid().as_u128())
}

fn ended(db: &Db, job: &Claimed, ending: Ending<'static>, now: i64) -> bool {
    let job = job.clone();
    db.write(move |tx| settle(tx, &job, ending, at(now))).unwrap()
}

fn next(db: &Db) -> Option<Timestamp> {
    db.read(next_due).unwrap()
}

fn the_one_that_is_due_first_is_claimed_first(database: &TestDatabase) {
    let db = open(database);
    assert_eq!((next(&db), claimed(&db, 100)), (None, None));
    for (id, due) in [(1, 30), (2, 10), (3, 10), (4, 50)] {
        assert!(put(&db, job(id, None, due)));
    }
    assert_eq!((next(&db), claimed(&db, 9)), (Some(at(10)), None));
    let order: Vec<_> = (0..4).map(|_| number(claimed(&db, 40))).collect();
    assert_eq!(order, [Some(2), Some(3), Some(1), None]);
    assert_eq!(next(&db), Some(at(50)));
}

fn a_second_one_is_needless_while_the_first_waits(database: &TestDatabase) {
    let db = open(database);
    assert!(put(&db, job(1, Some("daily"), 10)));
    assert!(!put(&db, job(2, Some("daily"), 5)));
    assert!(put(&db, job(3, Some("hourly"), 20)));
    let first = claimed(&db, 10).unwrap();
    assert!(put(&db, job(4, Some("daily"), 30)), "it runs, so what happens now needs another");
    assert!(ended(&db, &first, Ending::Again(at(40), "test.away"), 10), "and waits again beside it");
    assert!(!put(&db, job(5, Some("daily"), 30)));
}

fn a_unit_that_fails_puts_nothing_down(database: &TestDatabase) {
    let db = open(database);
    let failed: Result<(), StoreError> = db.write(|tx| {
        insert(tx, &job(1, None, 0))?;
        Err(StoreError::Closed)
    });
    failed.unwrap_err();
    assert_eq!(claimed(&db, 10), None);
}

fn no_two_claim_one_job(database: &TestDatabase) {
    let (one, other) = (open(database), open(database));
    for id in 1..=20 {
        put(&one, job(id, None, 0));
    }
    let all = |db: Db| {
        move || {
            let mut mine = Vec::new();
            while let Some(job) = claimed(&db, 1) {
                mine.push(job.id);
            }
            mine
        }
    };
    let (mut claimed, others) = std::thread::scope(|scope| {
        let (one, other) = (scope.spawn(all(one)), scope.spawn(all(other)));
        (one.join().unwrap(), other.join().unwrap())
    });
    claimed.extend(others);
    claimed.sort_unstable();
    assert_eq!(claimed, (1..=20).map(|id| JobId::new(Uuid::from_u128(id))).collect::<Vec<_>>());
}

fn what_was_cut_off_is_claimed_again_and_given_up_in_the_end(database: &TestDatabase) {
    let db = open(database);
    put(&db, job(1, None, 0));
    let mut now = 0;
    for attempt in 1..=TRIES {
        assert_eq!(claimed(&db, now).unwrap().attempts, attempt);
        assert_eq!(claimed(&db, now + CLAIM_MILLIS / 1_000 - 1), None, "it is claimed");
        now += CLAIM_MILLIS / 1_000;
    }
    assert_eq!(claimed(&db, now), None);
    let left = db.read(counts).unwrap();
    assert_eq!((left[0].state, left[0].last_error.as_deref()), (JobState::Dead, Some(CUT_OFF)));
    assert_eq!(next(&db), None);
}

fn a_server_that_starts_alone_takes_up_what_was_cut_off(database: &TestDatabase) {
    let db = open(database);
    put(&db, job(1, None, 0));
    put(&db, job(2, None, 0));
    put(&db, job(3, None, 90));
    let (cut_off, done) = (claimed(&db, 1).unwrap(), claimed(&db, 1).unwrap());
    assert!(ended(&db, &done, Ending::Done, 2));
    let released = db.write(|tx| release(tx, at(3))).unwrap();
    if database.choose("alone", "with others") == "alone" {
        assert_eq!(released, 1);
        let again = claimed(&db, 3).unwrap();
        assert_eq!((again.id, again.attempts), (cut_off.id, 2), "it counts as tried");
    } else {
        assert_eq!((released, claimed(&db, 3)), (0, None), "another server may run it");
    }
    assert_eq!(claimed(&db, 4), None, "what waits goes on waiting");
}

fn whoever_was_overtaken_ends_nothing(database: &TestDatabase) {
    let db = open(database);
    put(&db, job(1, None, 0));
    let slow = claimed(&db, 0).unwrap();
    let other = claimed(&db, CLAIM_MILLIS / 1_000).unwrap();
    assert!(!ended(&db, &slow, Ending::Dead("test.slow"), 301));
    assert!(ended(&db, &other, Ending::Done, 302));
    assert!(!ended(&db, &other, Ending::Done, 303), "it ended");
    assert_eq!(db.read(counts).unwrap(), []);
}

fn what_ended_is_forgotten_by_its_state(database: &TestDatabase) {
    let db = open(database);
    for id in 1..=3 {
        put(&db, job(id, None, 0));
    }
    let endings = [Ending::Done, Ending::Dead("test.broken"), Ending::Again(at(100), "test.away")];
    for ending in endings {
        let job = claimed(&db, 1).unwrap();
        assert!(ended(&db, &job, ending, 10));
    }
    let gone = |state, before: i64| db.write(move |tx| forget(tx, state, at(before))).unwrap();
    assert_eq!([gone(JobState::Done, 10), gone(JobState::Done, 11), gone(JobState::Dead, 10)], [0, 1, 0]);
    let states: Vec<JobState> = db.read(counts).unwrap().iter().map(|count| count.state).collect();
    assert_eq!(states, [JobState::Dead, JobState::Pending]);
    assert_eq!(gone(JobState::Dead, 11), 1);
}
