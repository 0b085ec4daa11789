//! Writers that never stop, each through one server: cases, actions, decisions and evidence, and a look now and then
//! whether both servers show what was just written.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{Scope, ScopedJoinHandle};
use std::time::{Duration, Instant};

use anyhow::{anyhow, bail};
use serde_json::{Value, json};

use super::client::{Answer, Client, listed};
use super::ledger::Ledger;
use crate::readiness::{pause, until};

/// How long the other server may take to show what was written through this one.
const SEEN_WITHIN: Duration = Duration::from_secs(5);
/// How long a writer waits after a refusal.
const AFTER_REFUSAL: Duration = Duration::from_millis(100);

/// Where writers write.
#[derive(Clone)]
pub(crate) struct Desk {
    /// The server that they ask.
    pub(crate) own: Client,
    /// The other server, which has to show the same.
    pub(crate) other: Client,
    /// Who owes actions.
    pub(crate) owner: String,
    /// Where the files are made that are handed in as evidence.
    pub(crate) papers: PathBuf,
    /// What sets the words of these writers apart from all others.
    pub(crate) letter: char,
}

/// The cases that a server acknowledged.
struct Acknowledged {
    count: AtomicU64,
    /// When the latest one was, and the longest time between two of them.
    times: Mutex<(Instant, Duration)>,
}

impl Acknowledged {
    fn another(&self) {
        let mut times = self.times.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        *times = (now, times.1.max(now - times.0));
        self.count.fetch_add(1, Ordering::SeqCst);
    }
}

/// Writers at work.
pub(crate) struct Load<'scope> {
    enough: Arc<AtomicBool>,
    acknowledged: Arc<Acknowledged>,
    threads: Vec<ScopedJoinHandle<'scope, Ledger>>,
}

impl<'scope> Load<'scope> {
    /// Starts `writers` at a desk; `round` sets their words apart from those of earlier rounds.
    pub(crate) fn start<'env>(
        scope: &'scope Scope<'scope, 'env>,
        desk: &Desk,
        writers: u32,
        round: u32,
    ) -> Load<'scope> {
        let enough = Arc::new(AtomicBool::new(false));
        let times = Mutex::new((Instant::now(), Duration::ZERO));
        let acknowledged = Arc::new(Acknowledged { count: AtomicU64::new(0), times });
        let threads = (0..writers).map(|writer| {
            let name = format!("zq{}{}{}", desk.letter, word(writer, 1), word(round, 3));
            let (desk, enough, acknowledged) = (desk.clone(), Arc::clone(&enough), Arc::clone(&acknowledged));
            scope.spawn(move || Writer::new(desk, acknowledged).work(&name, &enough))
        });
        Load { threads: threads.collect(), enough, acknowledged }
    }

    /// How many cases were acknowledged so far.
    pub(crate) fn acknowledged(&self) -> u64 {
        self.acknowledged.count.load(Ordering::SeqCst)
    }

    /// Waits until so many more cases are acknowledged.
    ///
    /// # Errors
    /// When that takes longer than `patience`.
    pub(crate) fn wait_for(&self, more: u64, patience: Duration) -> anyhow::Result<()> {
        let wanted = self.acknowledged() + more;
        until("writes are acknowledged", patience, || Ok((self.acknowledged() >= wanted).then_some(())))
    }

    /// Lets the writers finish what they are at, and gives what they were told.
    ///
    /// # Errors
    /// When a writer broke down, or met what must not happen.
    pub(crate) fn stop(mut self) -> anyhow::Result<Ledger> {
        self.enough.store(true, Ordering::SeqCst);
        let mut all = Ledger::default();
        for thread in std::mem::take(&mut self.threads) {
            all.add(thread.join().map_err(|_| anyhow!("a writer broke down"))?);
        }
        all.longest_gap = self.acknowledged.times.lock().unwrap_or_else(PoisonError::into_inner).1;
        if let Some(first) = all.broken.first() {
            bail!("{} times what must not happen, first: {first}", all.broken.len());
        }
        Ok(all)
    }
}

impl Drop for Load<'_> {
    /// A proof that breaks off in the middle must not leave them writing.
    fn drop(&mut self) {
        self.enough.store(true, Ordering::SeqCst);
    }
}

/// A number in letters, so that it is one word of the query language.
fn word(number: u32, length: u32) -> String {
    let letter = |place| char::from(b'a' + u8::try_from(number / 26u32.pow(place) % 26).unwrap_or_default());
    (0..length).rev().map(letter).collect()
}

struct Writer {
    desk: Desk,
    acknowledged: Arc<Acknowledged>,
    ledger: Ledger,
    /// Cases whose outcome is unknown; looked for after the next acknowledged write.
    pending: Vec<String>,
}

impl Writer {
    fn new(desk: Desk, acknowledged: Arc<Acknowledged>) -> Self {
        Self { desk, acknowledged, ledger: Ledger::default(), pending: Vec::new() }
    }

    fn work(mut self, name: &str, enough: &AtomicBool) -> Ledger {
        for number in 0.. {
            if enough.load(Ordering::SeqCst) {
                break;
            }
            let tag = format!("{name}{}", word(number, 4));
            let Some(reference) = self.register(&tag) else { continue };
            self.settle();
            match number % 4 {
                0 => self.look(&tag, &reference),
                1 => self.plan(&tag, &reference),
                2 => self.classify(&reference),
                _ => self.hand_in(&tag, &reference),
            }
        }
        self.ledger.unknown.extend(self.pending.iter().map(|tag| case_title(tag)));
        self.ledger
    }

    /// Registers a case.
    fn register(&mut self, tag: &str) -> Option<String> {
        let title = case_title(tag);
        let input = json!({"title": title, "class": "event"});
        match self.desk.own.ask("report_case", &input) {
            Answer::Done(case) => {
                let reference = reference_of(&case);
                self.ledger.refused.remove(&title);
                self.ledger.written.insert(title, reference.clone());
                self.acknowledged.another();
                Some(reference)
            }
            Answer::Refused(code, message) => {
                self.refused(&code, &message);
                self.ledger.refused.insert(title);
                None
            }
            Answer::Unknown(message) => {
                self.unknown(&message);
                self.pending.push(tag.to_owned());
                None
            }
        }
    }

    /// Clears up unknown outcomes. A write was acknowledged since, so whatever was under way before it is through.
    fn settle(&mut self) {
        for tag in std::mem::take(&mut self.pending) {
            match self.find(true, &tag) {
                Some(Some(reference)) => {
                    self.ledger.turned_out_written += 1;
                    self.ledger.written.insert(case_title(&tag), reference);
                }
                Some(None) => {
                    self.ledger.turned_out_lost += 1;
                    self.register(&tag);
                }
                None => self.pending.push(tag),
            }
        }
    }

    /// Reads what was just written, here at once and there soon.
    fn look(&mut self, tag: &str, reference: &str) {
        match self.find(true, tag) {
            Some(Some(found)) if found == reference => self.ledger.read_here += 1,
            Some(found) => self.ledger.broken.push(format!("{tag} is {reference}, found {found:?}")),
            None => return,
        }
        let start = Instant::now();
        loop {
            match self.find(false, tag) {
                Some(Some(_)) => break,
                Some(None) if start.elapsed() < SEEN_WITHIN => pause(Duration::from_millis(10)),
                Some(None) => {
                    return self.ledger.broken.push(format!("the other server does not show {tag}"));
                }
                None => return,
            }
        }
        self.ledger.read_there += 1;
        self.ledger.slowest_there = self.ledger.slowest_there.max(start.elapsed());
    }

    /// What this server or the other one shows of a case: nothing if it does not answer.
    fn find(&mut self, here: bool, tag: &str) -> Option<Option<String>> {
        let server = if here { &self.desk.own } else { &self.desk.other };
        match server.list(tag) {
            Answer::Done(list) => return Some(listed(&list, &case_title(tag))),
            // The other one may be the one that is killed.
            Answer::Refused(..) | Answer::Unknown(_) if !here => (),
            Answer::Refused(code, message) => self.refused(&code, &message),
            Answer::Unknown(message) => self.unknown(&message),
        }
        None
    }

    /// Plans an action.
    fn plan(&mut self, tag: &str, case: &str) {
        let title = format!("Action {tag}");
        let input = json!({"case": case, "lesson": null, "title": title, "description": null,
            "purpose": "corrective", "kind": "technical", "owner": self.desk.owner, "due_on": null,
            "check_measure": null, "check_on": null, "check_by": null});
        match self.change("new_action", &input) {
            Outcome::Done(action) => drop(self.ledger.written.insert(title, reference_of(&action))),
            Outcome::Refused => drop(self.ledger.refused.insert(title)),
            Outcome::Unknown => drop(self.ledger.unknown.insert(title)),
        }
    }

    /// Changes the case.
    fn classify(&mut self, case: &str) {
        let input =
            json!({"case": case, "version": null, "class": "weakness", "severity": 3, "category": null});
        match self.change("classify_case", &input) {
            Outcome::Done(_) => drop(self.ledger.classified.insert(case.to_owned())),
            Outcome::Refused => (),
            Outcome::Unknown => drop(self.ledger.perhaps_classified.insert(case.to_owned())),
        }
    }

    /// Hands in a file.
    fn hand_in(&mut self, tag: &str, case: &str) {
        let paper = self.desk.papers.join(tag);
        if let Err(error) = std::fs::write(&paper, format!("What {tag} shows.\n")) {
            return self.ledger.broken.push(format!("{}: {error}", paper.display()));
        }
        let input = json!({"case": case, "action": null, "source": {"file": paper}, "name": null, "custody": null,
            "collected": null, "legal_hold": false});
        match self.change("add_evidence", &input) {
            Outcome::Done(_) => self.ledger.files += 1,
            Outcome::Refused => (),
            Outcome::Unknown => self.ledger.perhaps_files += 1,
        }
        remove(&paper);
    }

    fn change(&mut self, name: &str, input: &Value) -> Outcome {
        match self.desk.own.ask(name, input) {
            Answer::Done(value) => Outcome::Done(value),
            Answer::Refused(code, message) => {
                self.refused(&code, &message);
                Outcome::Refused
            }
            Answer::Unknown(message) => {
                self.unknown(&message);
                Outcome::Unknown
            }
        }
    }

    fn refused(&mut self, code: &str, message: &str) {
        self.ledger.heard(code);
        if !["no server", "unavailable (store.unavailable)"].contains(&code) {
            self.ledger.broken.push(format!("{code}: {message}"));
        }
        pause(AFTER_REFUSAL);
    }

    fn unknown(&mut self, message: &str) {
        let kind = message.split(':').next().unwrap_or_default();
        self.ledger.heard(&format!("unknown ({kind})"));
        pause(AFTER_REFUSAL);
    }
}

enum Outcome {
    Done(Value),
    Refused,
    Unknown,
}

fn case_title(tag: &str) -> String {
    format!("Case {tag}")
}

fn reference_of(record: &Value) -> String {
    record["reference"].as_str().unwrap_or_default().to_owned()
}

fn remove(paper: &Path) {
    // Scratch, in a folder that goes as a whole.
    std::fs::remove_file(paper).ok();
}
