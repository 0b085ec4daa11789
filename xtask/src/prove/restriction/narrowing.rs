//! Access that is narrowed while others write: whatever is asked after the narrowing was acknowledged is answered without
//! the record.
//!
//! A server lets its index follow before it acknowledges. Now and then it is killed right afterwards; and more often it is
//! killed after it could not let the index follow, because somebody else held the right to write to it. Then the next server
//! starts with an index that still shows the record to everybody who found it before.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use serde_json::{Value, json};

use super::asking::Server;
use super::counts;
use super::crawl::{Found, about};
use super::files::generation;
use super::people::{LISTED, People, Person};
use super::telling::{Secrets, reference, restrict, search, word};
use crate::program::Register;

/// Cases that are narrowed have words of numbers from here on.
const NUMBERS: u32 = 400_000;
/// In one of so many rounds the server is killed; no multiple of the number of ways.
const KILLED: u32 = 3;
/// How long the one who writes meanwhile pauses between two changes: shorter than the questions of a few people take.
const PAUSE: Duration = Duration::from_millis(20);
/// The texts of a case that is narrowed.
const FIELDS: [&str; 8] = ["title", "summary", "category", "tag", "comment", "lesson", "detail", "action"];

/// A way of losing sight of a case.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// The open case is restricted to others.
    Restricted,
    /// Somebody is taken off the list of a restricted case.
    OffTheList,
    /// The action that was all that somebody had of the case is handed over.
    HandedOver,
    /// Somebody no longer has the role by which they read cases.
    RoleTaken,
}

const WAYS: [Way; 4] = [Way::Restricted, Way::OffTheList, Way::HandedOver, Way::RoleTaken];

/// When a server is killed after it acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kill {
    /// Before its index has followed.
    Lagging,
    /// When its index has followed.
    Followed,
}

impl Kill {
    /// The one of a round, if any: each for as many kills as there are ways, so that every way meets it.
    fn of(round: u32) -> Option<Kill> {
        let kill = (round % KILLED == KILLED - 1).then_some(round / KILLED)?;
        let is_lagging = (kill as usize / WAYS.len()).is_multiple_of(2);
        Some(if is_lagging { Kill::Lagging } else { Kill::Followed })
    }
}

/// What was asked after narrowings, and what the killed servers said.
#[derive(Default)]
pub(super) struct Narrowed {
    pub(super) found: Found,
    /// Kills before the index had followed.
    pub(super) lagging: u32,
    /// Kills after it had.
    pub(super) followed: u32,
    pub(super) log: Vec<u8>,
}

/// Narrows access again and again, and asks those who lost it. Gives the server that runs in the end.
///
/// # Errors
/// When somebody was not told of a case before, so that the silence afterwards would show nothing.
pub(super) fn narrow(
    register: &Register<'_>,
    mut server: Server,
    people: &People,
    secrets: &mut Secrets,
    rounds: u32,
) -> anyhow::Result<(Server, Narrowed)> {
    let mut narrowed = Narrowed::default();
    for (round, way) in (0..rounds).zip(WAYS.into_iter().cycle()) {
        let tale = Tale::tell(&server, people, NUMBERS + round)?;
        tale.prepare(&server, way)?;
        for person in way.losing(people)? {
            tale.expect_told(&server, person)?;
        }
        secrets.add(FIELDS.map(|field| (word(tale.number, field), field)).into(), tale.references());
        let kill = Kill::of(round);
        let held = if kill == Some(Kill::Lagging) {
            // Whoever has written to the index once keeps the right to.
            narrowed.log.extend(server.kill()?);
            let held = Held::take(register)?;
            server = Server::start(register)?;
            Some(held)
        } else {
            None
        };
        let told = while_others_write(&server, &secrets.open, || {
            tale.narrow(&server, way)?;
            if kill.is_some() { Ok(None) } else { tale.ask(&server, secrets, &way.losing(people)?).map(Some) }
        })?;
        if let Some(found) = told {
            narrowed.found.add(found);
        } else {
            if held.is_some() {
                narrowed.found.add(tale.ask_behind(&server, secrets, &way.losing(people)?)?);
            }
            narrowed.log.extend(server.kill()?);
            narrowed.lagging += u32::from(held.is_some());
            narrowed.followed += u32::from(held.is_none());
            held.map(Held::let_go).transpose()?;
            server = Server::start(register)?;
            narrowed.found.add(tale.ask(&server, secrets, &way.losing(people)?)?);
        }
        tale.put_away(&server, way)?;
    }
    Ok((server, narrowed))
}

/// The right to write to the index of a register without a server, taken away from the next one.
struct Held {
    index: PathBuf,
    /// What the index is by its last commits.
    as_it_was: [Vec<u8>; 2],
    _lock: File,
}

impl Held {
    fn take(register: &Register<'_>) -> anyhow::Result<Held> {
        let index = register.data().join("index");
        let lock = OpenOptions::new().write(true).open(index.join("write.lock"))?;
        lock.try_lock().context("somebody writes to the index of a killed server")?;
        Ok(Held { as_it_was: commits(&index)?, index, _lock: lock })
    }

    /// Lets the next server write.
    ///
    /// # Errors
    /// When somebody wrote all the same: then nothing lagged.
    fn let_go(self) -> anyhow::Result<()> {
        ensure!(
            commits(&self.index)? == self.as_it_was,
            "the index has followed although nobody may write to it"
        );
        Ok(())
    }
}

/// The last commit of either half of an index.
fn commits(index: &Path) -> anyhow::Result<[Vec<u8>; 2]> {
    let generation = generation(index)?;
    let last = |half: &str| std::fs::read(generation.join(half).join("meta.json"));
    Ok([last("open")?, last("restricted")?])
}

impl Way {
    /// Those who lose sight of the case, and knew of it before.
    fn losing(self, people: &People) -> anyhow::Result<Vec<&Person>> {
        let names: &[&str] = match self {
            Self::Restricted => &[
                "some responder",
                "the other manager",
                "the auditor",
                "the board",
                "who works on them",
                "who owes their actions",
                "who reported them",
            ],
            Self::OffTheList => &["the auditor"],
            Self::HandedOver => &["who owes their actions"],
            Self::RoleTaken => &["some responder"],
        };
        names.iter().map(|name| people.person(name)).collect()
    }
}

/// A case that is open at first.
struct Tale {
    number: u32,
    case: String,
    lesson: String,
    action: String,
}

impl Tale {
    fn tell(server: &Server, people: &People, number: u32) -> anyhow::Result<Tale> {
        let say = |field: &str| format!("{} turbine gearbox", word(number, field));
        let report = json!({
            "title": say("title"), "summary": say("summary"), "class": "incident", "severity": 4,
            "occurred": "2026-02-20",
        });
        let case = reference(&server.ok(Some(&people.reporter), "report_case", &report)?)?;
        let class = json!({ "case": case, "class": "incident", "severity": 4, "category": say("category") });
        server.ok(None, "classify_case", &class)?;
        server.ok(None, "respond_to_case", &json!({ "case": case, "responder": "who works on them" }))?;
        server.ok(None, "edit_case", &json!({ "case": case, "add_tags": [word(number, "tag")] }))?;
        let worker = Some(people.worker.as_str());
        server.ok(worker, "add_comment", &json!({ "case": case, "text": say("comment") }))?;
        let lesson = json!({ "case": case, "statement": say("lesson"), "detail": say("detail"), "tags": [] });
        let lesson = reference(&server.ok(worker, "new_lesson", &lesson)?)?;
        let action = json!({
            "case": case, "lesson": lesson, "title": say("action"), "purpose": "corrective", "kind": "technical",
            "owner": "who owes their actions", "due_on": null,
        });
        let action = reference(&server.ok(worker, "new_action", &action)?)?;
        Ok(Tale { number, case, lesson, action })
    }

    fn references(&self) -> [String; 3] {
        [&self.case, &self.lesson, &self.action].map(Clone::clone)
    }

    /// What has to be so before access can be lost in this way.
    fn prepare(&self, server: &Server, way: Way) -> anyhow::Result<()> {
        if let Way::OffTheList = way {
            let readers = json!({ "case": self.case, "readers": [LISTED, "the auditor"] });
            server.ok(None, "restrict_case", &readers)?;
        }
        Ok(())
    }

    fn narrow(&self, server: &Server, way: Way) -> anyhow::Result<()> {
        match way {
            Way::Restricted | Way::OffTheList => restrict(server, &self.case),
            Way::HandedOver => {
                let to = json!({ "action": self.action, "owner": "some reporter" });
                server.ok(None, "hand_over_action", &to).map(drop)
            }
            Way::RoleTaken => set_role(server, "reporter"),
        }
    }

    /// In the end the case is there for nobody but who is on the lists.
    fn put_away(&self, server: &Server, way: Way) -> anyhow::Result<()> {
        restrict(server, &self.case)?;
        match way {
            Way::RoleTaken => set_role(server, "responder"),
            _ => Ok(()),
        }
    }

    /// Somebody is told of the case by a search and by the record that they may read; so whatever can be kept for them is.
    fn expect_told(&self, server: &Server, person: &Person) -> anyhow::Result<()> {
        let begun = word(self.number, "");
        let mut told = 0;
        for (_, name, input) in self.questions(&begun) {
            let answer = server.bytes(Some(&person.token), name, &input)?;
            let text = String::from_utf8_lossy(&answer).to_lowercase();
            told += usize::from(name == "search" && text.contains(&begun) && text.contains("\"reference\""));
        }
        ensure!(told > 0, "{} never saw {}", person.name, self.case);
        Ok(())
    }

    /// Everybody who lost sight of the case asks everything, at the same time.
    fn ask(&self, server: &Server, secrets: &Secrets, losing: &[&Person]) -> anyhow::Result<Found> {
        let ask = |person: &Person| -> anyhow::Result<Found> {
            let mut found = Found::default();
            for (asked, name, input) in self.questions(&word(self.number, "")) {
                let answer = server.bytes(Some(&person.token), name, &input)?;
                let place = format!("{name} {input} by {} after the narrowing", person.name);
                found.look(secrets, &answer, asked.as_deref(), &place);
                found.counted.extend(counts::wrong(person, name, &input, &answer, secrets.counts));
            }
            Ok(found)
        };
        let asked = std::thread::scope(|scope| {
            let askers: Vec<_> = losing.iter().map(|person| scope.spawn(|| ask(person))).collect();
            askers.into_iter().map(|asker| asker.join()).collect::<Vec<_>>()
        });
        let mut all = Found::default();
        for found in asked {
            all.add(found.map_err(|_| anyhow::anyhow!("somebody who asks broke down"))??);
        }
        Ok(all)
    }

    /// Asks a server whose index cannot follow: it refuses what it would have to answer from the index, and knows no such
    /// case.
    fn ask_behind(&self, server: &Server, secrets: &Secrets, losing: &[&Person]) -> anyhow::Result<Found> {
        let query = format!("{}*", word(self.number, ""));
        let questions = [
            ("search", search(&word(self.number, ""), true), "unavailable"),
            ("list_cases", json!({ "query": query, "limit": 10 }), "unavailable"),
            ("facets", json!({ "query": query, "limit": 10 }), "unavailable"),
            ("show_case", json!({ "case": self.case }), "not_found"),
        ];
        let mut found = Found::default();
        for person in losing {
            for (name, input, kind) in &questions {
                let answer = server.bytes(Some(&person.token), name, input)?;
                let place = format!("{name} {input} by {} while the index is behind", person.name);
                let asked = (*name == "show_case").then_some(self.case.as_str());
                found.look(secrets, &answer, asked, &place);
                let told = String::from_utf8_lossy(&answer);
                ensure!(told.contains(kind), "{place}: expected {kind}, found {}", told.trim());
            }
        }
        Ok(found)
    }

    /// Questions, each with the word that it names itself.
    fn questions(&self, begun: &str) -> Vec<(Option<String>, &'static str, Value)> {
        let mut questions: Vec<(Option<String>, &'static str, Value)> = Vec::new();
        questions.push((None, "search", search(begun, true)));
        for field in FIELDS {
            let word = word(self.number, field);
            questions.push((Some(word.clone()), "search", search(&word, false)));
            // One letter off: what was meant is somebody else's secret.
            let typed = format!("{}x", &word[..word.len() - 1]);
            questions.push((Some(typed.clone()), "search", search(&typed, false)));
        }
        questions.extend(about("turbine").into_iter().map(|(name, input)| (None, name, input)));
        let query = format!("{begun}*");
        questions.push((None, "list_cases", json!({ "query": query, "limit": 1000 })));
        questions.push((None, "facets", json!({ "query": query, "limit": 1000 })));
        let figures = json!({ "query": query, "by": ["category"], "date": "earliest", "register": false });
        questions.push((None, "measure_volume", figures));
        for (name, field, named) in [
            ("show_case", "case", &self.case),
            ("show_lesson", "lesson", &self.lesson),
            ("show_action", "action", &self.action),
        ] {
            questions.push((Some(named.clone()), name, json!({ field: named })));
        }
        let similar = json!({ "case": self.case, "limit": 10 });
        questions.push((Some(self.case.clone()), "find_similar", similar));
        questions
    }
}

fn set_role(server: &Server, role: &str) -> anyhow::Result<()> {
    let roles = json!({ "person": "some responder", "roles": [role] });
    server.ok(None, "confirm_person", &roles).map(drop)
}

/// Works while somebody edits an open case again and again, so that the trail grows and the index lags behind.
fn while_others_write<T>(
    server: &Server,
    open: &str,
    work: impl FnOnce() -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let (stop, stopped) = channel::<()>();
    std::thread::scope(|scope| {
        let writer = scope.spawn(move || -> anyhow::Result<()> {
            let mut number = 0;
            while stopped.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
                number += 1;
                let summary = format!("seen {number} times");
                server.ok(None, "edit_case", &json!({ "case": open, "summary": { "to": summary } }))?;
            }
            Ok(())
        });
        let worked = work();
        // Dropping it ends the writer, unless that has failed already.
        drop(stop);
        writer.join().ok().context("the writer broke down")??;
        worked
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_way_meets_a_kill_of_either_kind() {
        for kill in [Kill::Lagging, Kill::Followed] {
            let rounds = (0..24_u32).filter(|round| Kill::of(*round) == Some(kill));
            let ways: BTreeSet<usize> = rounds.map(|round| round as usize % WAYS.len()).collect();
            assert_eq!(ways.len(), WAYS.len(), "{kill:?}");
        }
        assert_eq!((0..4).filter_map(Kill::of).collect::<Vec<_>>(), [Kill::Lagging], "in short");
    }
}
