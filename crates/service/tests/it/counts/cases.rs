//! Random cases, the same for the same seed, written straight into the store.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::case::{
    Case, CaseRecord, CaseState, Class, Decision, DetectionSource, Origin, Severity, Tag,
};
use nevertwice_domain::id::{CaseId, PersonId, RequestId};
use nevertwice_domain::reference::CaseRef;
use nevertwice_domain::time::Timestamp;
use nevertwice_domain::when::When;
use nevertwice_domain::word::Word;
use nevertwice_store::trail::{self, Act};
use nevertwice_store::{DatabaseUrl, Db, OpenOptions, StoreError, case as cases, counter};

/// Numbers that look random (SplitMix64, Steele, Lea and Flood 2014).
pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below a limit.
    pub(super) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(limit).unwrap()).unwrap()
    }

    /// True in so many of a hundred throws.
    pub(super) fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    pub(super) fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }
}

pub(super) const CATEGORIES: [&str; 5] = ["phishing", "data leak", "outage", "model theft", "poisoning"];
pub(super) const TAGS: [&str; 6] = ["mail", "cloud", "laptop", "prompt", "vendor-fault", "night"];
pub(super) const WORDS: [&str; 10] = [
    "invoice", "badge", "tunnel", "gateway", "notebook", "weights", "crawler", "harbour", "mirror", "lantern",
];

/// Fills a register that nobody holds open.
pub(super) fn fill(url: &DatabaseUrl, count: usize, people: &BTreeMap<String, PersonId>) {
    let db = open(url);
    let people: Vec<PersonId> =
        ["ada", "auditor", "responder", "own-reporter"].iter().map(|name| people[*name]).collect();
    let at: Timestamp = "2026-03-02T10:00:00Z".parse().unwrap();
    db.write_alone(move |tx| {
        let act = Act {
            actor: people[0],
            action: "fill",
            at,
            request: RequestId::new(uuid::Uuid::from_u128(7)),
            seed: [7; 32],
        };
        trail::begin(tx, act);
        let mut dice = Dice::new(3);
        let mut made: Vec<Case> = Vec::new();
        for number in 0..count {
            let reference = counter::next::<CaseRef>(tx, 2026)?;
            let mut record = random(&mut dice, number, reference, &people);
            record.part_of = made.first().filter(|_| number % 20 == 19).map(|first| first.id);
            made.push(Case::restore(record));
        }
        cases::insert(tx, &made)
    })
    .unwrap();
    db.close();
}

/// Every case, as the store has it.
pub(super) fn all_cases(url: &DatabaseUrl) -> Vec<Case> {
    let db = open(url);
    let all = db.read(|tx| {
        let ids = cases::ids_after(tx, CaseId::new(uuid::Uuid::nil()), 10_000)?;
        cases::several(tx, &ids)
    });
    db.close();
    all.unwrap()
}

fn open(url: &DatabaseUrl) -> Db {
    let opened: Result<Db, StoreError> = nevertwice_store::open(url, OpenOptions::default());
    opened.unwrap()
}

fn random(dice: &mut Dice, number: usize, reference: CaseRef, people: &[PersonId]) -> CaseRecord {
    let id = CaseId::new(uuid::Uuid::from_u128(1_000 + u128::try_from(number).unwrap()));
    let title = format!("{} {} {number}", dice.pick(&WORDS), dice.pick(&WORDS)).parse().unwrap();
    let registered = Timestamp::from_millis(1_700_000_000_000 + i64::try_from(number).unwrap() * 211_000_000);
    let mut record = CaseRecord::blank(id, reference, title, people[0], registered);
    record.summary = dice.percent(50).then(|| format!("about a {}", dice.pick(&WORDS)).parse().unwrap());
    record.class = dice.pick(Class::ALL);
    record.state = dice.pick(CaseState::ALL);
    record.void_reason = (record.state == CaseState::Void).then(|| "a mistake".parse().unwrap());
    record.decision = dice.pick(Decision::ALL);
    record.origin = dice.pick(Origin::ALL);
    record.severity =
        dice.percent(80).then(|| Severity::new(u8::try_from(1 + dice.below(5)).unwrap()).unwrap());
    record.category = dice.percent(70).then(|| dice.pick(&CATEGORIES).parse().unwrap());
    record.tags = (0..dice.below(3)).map(|_| Tag::parse(dice.pick(&TAGS)).unwrap()).collect();
    record.occurred = when(dice, 60);
    record.detected = when(dice, 50);
    record.reported = when(dice, 80);
    record.detection = dice.percent(30).then_some(DetectionSource::Internal);
    record.reporter = dice.percent(70).then(|| dice.pick(people));
    record.restricted = dice.percent(25);
    if record.restricted {
        let readers: BTreeSet<PersonId> =
            people.iter().filter(|_| dice.percent(30)).copied().chain([people[0]]).collect();
        // A reporter finds only their own reports, on the list or not.
        let own = record.reporter == Some(people[3]);
        record.readers = readers.into_iter().filter(|reader| *reader != people[3] || own).collect();
    }
    record
}

/// A date of one of the precisions, or none.
fn when(dice: &mut Dice, chance: usize) -> Option<When> {
    let (year, month, day) = (2023 + dice.below(3), 1 + dice.below(12), 1 + dice.below(28));
    let text = match dice.below(5) {
        0 => format!("{year}"),
        1 => format!("{year}-{month:02}"),
        2 => format!("{year}-{month:02}-{day:02}T17:45"),
        _ => format!("{year}-{month:02}-{day:02}"),
    };
    let known: When = text.parse().unwrap();
    dice.percent(chance).then_some(known)
}
