//! Everything that can be asked, as everybody who is shut out: through the socket for each word, and through the
//! program's own command line for each verb in each format.

use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};

use super::asking::Server;
use super::counts::{self, OPEN_WORD};
use super::people::{People, Person};
use super::telling::{Secrets, Story, search};
use super::verbs;
use crate::program::Register;

/// What was asked, and what was seen.
#[derive(Default)]
pub(super) struct Found {
    pub(super) answers: u64,
    pub(super) bytes: u64,
    /// Words and references looked for in each answer.
    pub(super) words: usize,
    pub(super) seen: Vec<String>,
    /// Totals, facets and figures that are not what they have to be, and answers that had to be there.
    pub(super) counted: Vec<String>,
    /// Pairs of answers of the command line, about a restricted record and about one that never was.
    pub(super) pairs: u64,
    /// Those that differ.
    pub(super) differing: Vec<String>,
}

impl Found {
    /// Adds what somebody else was told.
    pub(super) fn add(&mut self, other: Found) {
        self.answers += other.answers;
        self.bytes += other.bytes;
        self.seen.extend(other.seen);
        self.counted.extend(other.counted);
        self.pairs += other.pairs;
        self.differing.extend(other.differing);
    }

    /// Counts an answer, and notes what it tells but for what was asked: a refusal repeats what it refuses, and that is
    /// no trace.
    pub(super) fn look(&mut self, secrets: &Secrets, bytes: &[u8], asked: Option<&str>, place: &str) {
        self.answers += 1;
        self.bytes += bytes.len() as u64;
        let told = secrets.told_by(bytes).into_iter().filter(|told| Some(told.as_str()) != asked);
        self.seen.extend(told.map(|told| format!("{told} in {place}")));
    }
}

/// Those who ask, and what they must not be told.
pub(super) struct Crawl<'c> {
    register: &'c Register<'c>,
    server: &'c Server,
    people: &'c People,
    secrets: &'c Secrets,
    /// How many restricted cases are named on the command line.
    named: usize,
}

/// Queries that describe restricted cases without their words.
const QUERIES: [&str; 17] = [
    "",
    OPEN_WORD,
    "turbine",
    "turbin",
    "zqcanary*",
    "title:zqcanary*",
    "category:zqcanary*",
    "tag:zqcanary*",
    "zqcanryaaaatitle",
    "\"turbine gearbox\"",
    "restricted:yes",
    "-restricted:no",
    "origin:import",
    "severity:>=4",
    "has:evidence",
    "supplier:Northwind",
    "state:void",
];

impl<'c> Crawl<'c> {
    /// A crawl of a register by its people, who name so many restricted cases on the command line.
    pub(super) fn of(
        register: &'c Register<'c>,
        server: &'c Server,
        people: &'c People,
        secrets: &'c Secrets,
        named: usize,
    ) -> Crawl<'c> {
        Crawl { register, server, people, secrets, named }
    }

    /// Asks everything as everybody, side by side.
    pub(super) fn everything(&self) -> anyhow::Result<Found> {
        let each = std::thread::scope(|scope| {
            let known = self.people.shut_out.iter();
            let askers: Vec<_> = known
                .chain(std::iter::once(&self.people.stranger))
                .map(|person| scope.spawn(move || self.as_person(person)))
                .collect();
            askers.into_iter().map(|asker| asker.join()).collect::<Vec<_>>()
        });
        let mut all = Found {
            words: self.secrets.words().count() + self.secrets.references().len(),
            ..Found::default()
        };
        for found in each {
            all.add(found.map_err(|_| anyhow::anyhow!("somebody who asks broke down"))??);
        }
        self.listed()?;
        Ok(all)
    }

    fn as_person(&self, person: &Person) -> anyhow::Result<Found> {
        let mut found = Found::default();
        for word in self.secrets.words().chain(self.secrets.references().iter().map(String::as_str)) {
            self.ask(&mut found, person, "search", &search(word, false), Some(word))?;
        }
        for (name, input) in self.by_reference() {
            self.ask(&mut found, person, name, &input.0, Some(&input.1))?;
        }
        for query in QUERIES {
            for (name, input) in about(query) {
                self.ask(&mut found, person, name, &input, None)?;
            }
        }
        self.command_line(&mut found, person)?;
        self.as_if_never_there(&mut found, person)?;
        Ok(found)
    }

    /// Asks through the socket.
    fn ask(
        &self,
        found: &mut Found,
        person: &Person,
        name: &str,
        input: &Value,
        asked: Option<&str>,
    ) -> anyhow::Result<()> {
        let answer = self.server.bytes(Some(&person.token), name, input)?;
        found.look(self.secrets, &answer, asked, &format!("{name} {input} by {}", person.name));
        found.counted.extend(counts::wrong(person, name, input, &answer, self.secrets.counts));
        Ok(())
    }

    /// Everything that names a restricted record.
    fn by_reference(&self) -> Vec<(&'static str, (Value, String))> {
        let mut asked = Vec::new();
        let mut ask = |name, field: &str, reference: &String| {
            let mut input = json!({ field: reference });
            if name == "find_similar" {
                input["limit"] = json!(10);
            }
            asked.push((name, (input, reference.clone())));
        };
        for story in &self.secrets.stories {
            ask("show_case", "case", &story.case);
            ask("find_similar", "case", &story.case);
            ask("show_review", "review", &story.review);
            ask("show_lesson", "lesson", &story.lesson);
            ask("show_action", "action", &story.action);
        }
        self.secrets.imported.iter().for_each(|case| ask("show_case", "case", case));
        asked
    }

    /// Whoever is on the lists finds the words: otherwise this proof would show nothing.
    fn listed(&self) -> anyhow::Result<()> {
        let token = Some(self.people.listed.token.as_str());
        for story in &self.secrets.stories {
            let shown = self.server.bytes(token, "show_case", &json!({ "case": story.case }))?;
            let told = self.secrets.told_by(&shown).len();
            anyhow::ensure!(told > 25, "{} shows only {told} words to who is on its list", story.case);
        }
        let found = self.server.ok(token, "search", &search("zqcanary", true))?;
        let total = found["total"].as_u64().unwrap_or_default();
        anyhow::ensure!(total >= self.secrets.stories.len() as u64, "who is on the lists finds only {total}");
        Ok(())
    }

    /// Every verb that reads, as JSON and as text, with the files that they write.
    fn command_line(&self, found: &mut Found, person: &Person) -> anyhow::Result<()> {
        let scratch = tempfile::Builder::new().prefix("nevertwice-crawl-").tempdir()?;
        for words in verbs::reading(self.secrets, scratch.path()) {
            for json in [false, true] {
                self.told(found, person, &words, json, None)?;
                self.files(found, scratch.path(), &format!("{} by {}", words.join(" "), person.name))?;
            }
        }
        Ok(())
    }

    /// Every verb that names a restricted record does to it what it does to one that never was: the same words on both
    /// outputs but for the reference, the same exit code, and no file.
    fn as_if_never_there(&self, found: &mut Found, person: &Person) -> anyhow::Result<()> {
        let scratch = tempfile::Builder::new().prefix("nevertwice-crawl-").tempdir()?;
        for hidden in self.secrets.stories.iter().take(self.named) {
            let never = |kind| self.secrets.never(kind, hidden.number);
            let never = Story {
                number: hidden.number,
                case: never("CASE"),
                review: never("PIR"),
                lesson: never("LSN"),
                action: never("ACT"),
            };
            let pairs = verbs::naming(hidden, self.secrets, scratch.path()).into_iter().zip(verbs::naming(
                &never,
                self.secrets,
                scratch.path(),
            ));
            for ((of_hidden, of_never), json) in pairs.flat_map(|pair| [(pair.clone(), false), (pair, true)])
            {
                let told = self.told(found, person, &of_hidden, json, Some(hidden))?;
                let expected = self.told(found, person, &of_never, json, None)?;
                found.pairs += 1;
                if said(&told, &never, hidden) != said(&expected, &never, hidden) {
                    let place = format!("{} by {}", of_hidden.join(" "), person.name);
                    found.differing.push(format!("{place}: {told:?} instead of {expected:?}"));
                }
                self.files(found, scratch.path(), &of_hidden.join(" "))?;
            }
        }
        Ok(())
    }

    /// Asks on the command line.
    fn told(
        &self,
        found: &mut Found,
        person: &Person,
        words: &[String],
        json: bool,
        hidden: Option<&Story>,
    ) -> anyhow::Result<Output> {
        let mut command = self.register.command(&words.iter().map(String::as_str).collect::<Vec<_>>());
        command.arg("--token-file").arg(&person.file);
        if json {
            command.arg("--json");
        }
        let output = command.output()?;
        let named =
            |word: &&String| hidden.is_some_and(|story| story.references().any(|r| word.ends_with(r)));
        let asked = words.iter().find(named).map(|word| word.trim_start_matches("reference:"));
        let place = format!("{} (JSON: {json}) by {}", words.join(" "), person.name);
        found.look(self.secrets, &[&*output.stdout, &*output.stderr].concat(), asked, &place);
        Ok(output)
    }

    /// Looks through the files that were written, and removes them.
    fn files(&self, found: &mut Found, folder: &Path, place: &str) -> anyhow::Result<()> {
        for file in std::fs::read_dir(folder)? {
            let path = file?.path();
            found.look(self.secrets, &std::fs::read(&path)?, None, &format!("a file of {place}"));
            std::fs::remove_file(path)?;
        }
        Ok(())
    }
}

/// What a command said and how it ended, with the references that never were in place of the hidden ones.
fn said(output: &Output, never: &Story, hidden: &Story) -> (Option<i32>, [String; 2]) {
    let texts = [&output.stdout, &output.stderr].map(|bytes| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        hidden
            .references()
            .zip(never.references())
            .fold(text, |text, (hidden, never)| text.replace(hidden, never))
    });
    (output.status.code(), texts)
}

/// Everything that takes a query.
pub(super) fn about(query: &str) -> Vec<(&'static str, Value)> {
    let list = json!({ "query": query, "limit": 1000 });
    let mut asked: Vec<_> = ["list_cases", "list_actions", "list_lessons", "list_reviews"]
        .map(|name| (name, list.clone()))
        .into();
    asked.push(("facets", json!({ "query": query, "limit": 1000 })));
    asked.push(("search", json!({ "query": query, "limit": 1000, "offset": 0 })));
    for sort in ["relevance", "reference", "-registered", "reported", "severity", "due"] {
        asked.push(("list_cases", json!({ "query": query, "limit": 200, "sort": sort })));
    }
    for register in [false, true] {
        for by in ["class", "state", "category", "severity", "year", "month", "origin", "decision"] {
            let figures = json!({ "query": query, "by": [by], "date": "earliest", "register": register });
            asked.push(("measure_volume", figures));
        }
    }
    asked
}
