//! The cases: most of them open and short, a tenth restricted and told as fully as a case of their course can be, with a
//! word of its own in each text.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::path::Path;

use anyhow::Context as _;
use serde_json::{Value, json};

use super::asking::Server;
use super::counts::{OPEN_WORD, Open};
use super::people::{LISTED, People};

/// In every restricted word, and nowhere else.
pub(super) const MARK: &str = "zqcanary";
/// One in so many cases is restricted.
const SHARE: u32 = 10;
/// One in so many restricted cases stays open until all are told: then it is narrowed.
const NARROWED: u32 = 2;
/// One in so many restricted cases is given up and void in the end.
const VOID: u32 = 7;
/// How many restricted cases come from another register.
const IMPORTED: u32 = 6;
/// Who takes part in their reviews beside who leads them; the procedure asks for three at this severity.
const TOOK_PART: [&str; 2] = ["who reported them", "who owes their actions"];
/// What is told of each of them: its number there, its title, a severity that cannot be read, and how that was settled.
const IMPORTED_FIELDS: [&str; 4] = ["origin", "old", "gap", "settlement"];

/// The records of a restricted case.
pub(super) struct Story {
    pub(super) number: u32,
    pub(super) case: String,
    pub(super) review: String,
    pub(super) lesson: String,
    pub(super) action: String,
}

impl Story {
    /// The references of its records.
    pub(super) fn references(&self) -> impl Iterator<Item = &str> {
        [&self.case, &self.review, &self.lesson, &self.action].into_iter().map(String::as_str)
    }

    /// The reference of its record of a kind.
    pub(super) fn reference(&self, kind: &str) -> &str {
        match kind {
            "CASE" => &self.case,
            "PIR" => &self.review,
            "LSN" => &self.lesson,
            _ => &self.action,
        }
    }
}

/// Numbers that no record has begin here.
const NEVER: u32 = 5_000;

/// What nobody may be told.
pub(super) struct Secrets {
    /// Restricted cases told here.
    pub(super) stories: Vec<Story>,
    /// Restricted cases that came from another register.
    pub(super) imported: Vec<String>,
    /// An open case, for questions that need one.
    pub(super) open: String,
    /// How many open cases there are.
    pub(super) counts: Open,
    references: HashSet<String>,
    words: Words,
}

/// Words that were told, each with the field that it was told in.
pub(super) type Words = BTreeMap<String, &'static str>;

/// The word of a field of a restricted case: letters only, so that it is one word to every way of splitting texts.
pub(super) fn word(number: u32, field: &str) -> String {
    let letters: String = (0..4)
        .rev()
        .map(|place| char::from(b'a' + u8::try_from(number / 26u32.pow(place) % 26).unwrap_or(0)))
        .collect();
    format!("{MARK}{letters}{field}")
}

impl Secrets {
    /// No secrets, and an open case.
    #[cfg(test)]
    pub(super) fn none(open: &str) -> Secrets {
        let (stories, imported, words) = (Vec::new(), Vec::new(), Words::new());
        let (counts, references) = (Open::default(), HashSet::new());
        Secrets { stories, imported, open: open.to_owned(), counts, references, words }
    }

    /// Every restricted word that was told.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.keys().map(String::as_str)
    }

    /// The same, each with its field.
    pub(super) fn fields(&self) -> &Words {
        &self.words
    }

    /// Every reference of a restricted record.
    pub(super) fn references(&self) -> &HashSet<String> {
        &self.references
    }

    /// Adds words and references that nobody may be told either.
    pub(super) fn add(&mut self, words: Words, references: impl IntoIterator<Item = String>) {
        self.words.extend(words);
        self.references.extend(references);
    }

    /// The reference of a kind that no record has.
    pub(super) fn never(&self, kind: &str, number: u32) -> String {
        let year = self.open.split('-').nth(1).unwrap_or_default();
        format!("{kind}-{year}-{:04}", NEVER + number)
    }

    /// Everything that some bytes tell of restricted cases, with where they are.
    pub(super) fn seen_in(&self, bytes: &[u8], place: &str) -> Vec<String> {
        self.told_by(bytes).into_iter().map(|what| format!("{what} in {place}")).collect()
    }

    /// The restricted words and references in some bytes. All words have the mark, so a part of one is seen too.
    pub(super) fn told_by(&self, bytes: &[u8]) -> Vec<String> {
        let text = String::from_utf8_lossy(bytes);
        let lower = text.to_lowercase();
        let mut told: Vec<String> = lower
            .match_indices(MARK)
            .map(|(at, _)| lower[at..].chars().take_while(char::is_ascii_alphanumeric).collect())
            .collect();
        let parts = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        told.extend(parts.filter(|part| self.references.contains(*part)).map(str::to_owned));
        told
    }
}

/// Tells all cases, and restricts those that are to be.
pub(super) fn tell(server: &Server, people: &People, data: &Path, count: u32) -> anyhow::Result<Secrets> {
    let catalogue = [
        ("new_supplier", json!({ "name": "Northwind" })),
        ("new_asset", json!({ "kind": "model", "name": "Ranker" })),
        ("new_field", json!({ "subject": "case", "label": "Region", "kind": "text", "choices": [] })),
        ("new_field", json!({ "subject": "lesson", "label": "Hint", "kind": "text", "choices": [] })),
        ("new_field", json!({ "subject": "action", "label": "Ticket", "kind": "text", "choices": [] })),
    ];
    for (name, input) in catalogue {
        server.ok(None, name, &input)?;
    }
    anyhow::ensure!(count < NEVER - 1_000, "there may be {} cases at most", NEVER - 1_000);
    let imported = import(server, data)?;
    let mut words: Words =
        (0..IMPORTED).flat_map(|number| IMPORTED_FIELDS.map(|field| (word(number, field), field))).collect();
    let mut stories = Vec::new();
    let mut open = String::new();
    for number in 0..count {
        if number.is_multiple_of(SHARE) {
            let telling = Telling { server, people, number, told: RefCell::default() };
            let story = telling.whole(data)?;
            words.extend(telling.told.into_inner());
            if (number / SHARE).is_multiple_of(NARROWED) {
                restrict(server, &story.case)?;
            }
            stories.push(story);
        } else {
            open = short(server, number)?;
        }
    }
    // People find the others as long as they are open: their words are in everybody's half of the index.
    let found = server.ok(Some(people.token("the auditor")?), "search", &search(MARK, true))?;
    anyhow::ensure!(found["total"].as_u64() > Some(0), "nothing is found while it is open: {found}");
    for story in &stories {
        restrict(server, &story.case)?;
    }
    let references = stories.iter().flat_map(Story::references).map(str::to_owned);
    let references = references.chain(imported.iter().cloned()).collect();
    let told = u64::from(count) - stories.len() as u64;
    // Beside each imported case that is restricted there is one that is not.
    let counts = Open { told, all: told + u64::from(IMPORTED) };
    Ok(Secrets { stories, imported, open, counts, references, words })
}

/// What a search is asked with: the word, or every word that begins so.
pub(super) fn search(word: &str, prefix: bool) -> Value {
    let query = if prefix { format!("{word}*") } else { word.to_owned() };
    json!({ "query": query, "limit": 50, "offset": 0 })
}

/// Restricts a case to who is on the lists.
pub(super) fn restrict(server: &Server, case: &str) -> anyhow::Result<()> {
    server.ok(None, "restrict_case", &json!({ "case": case, "readers": [LISTED] }))?;
    Ok(())
}

/// An open case that shares words with the restricted ones.
fn short(server: &Server, number: u32) -> anyhow::Result<String> {
    let title = format!("Turbine {number} {OPEN_WORD} still, gearbox {}", number % 50);
    let report =
        json!({ "title": title, "class": "incident", "severity": number % 5 + 1, "occurred": "2026-02" });
    reference(&server.ok(None, "report_case", &report)?)
}

fn import(server: &Server, data: &Path) -> anyhow::Result<Vec<String>> {
    let file = data.with_file_name("old.csv");
    // Beside each a row whose severity can be read: otherwise the column would be taken for one of the company's own.
    let rows: Vec<String> = (0..IMPORTED)
        .flat_map(|n| {
            let hidden = format!("{},{},2024-05-17,{}", word(n, "origin"), word(n, "old"), word(n, "gap"));
            [hidden, format!("T-{n},Turbine {n} in the old log,2024-05-18,high")]
        })
        .collect();
    std::fs::write(&file, format!("Ticket,Title,Reported,Severity\n{}\n", rows.join("\n")))?;
    let import = json!({ "file": file, "update": false, "dry_run": false });
    server.ok(None, "import_spreadsheet", &import)?;
    let found = server.ok(None, "list_cases", &json!({ "query": "origin:import", "limit": 1000 }))?;
    let cases = found["items"].as_array().context("a list without items")?;
    let hidden =
        cases.iter().filter(|case| case["title"].as_str().is_some_and(|title| title.starts_with(MARK)));
    let cases: Vec<String> = hidden.map(reference).collect::<anyhow::Result<_>>()?;
    anyhow::ensure!(cases.len() == IMPORTED as usize, "{} cases were imported", cases.len());
    for case in &cases {
        settle(server, case)?;
        restrict(server, case)?;
    }
    Ok(cases)
}

/// Says of what the import could not read how it was settled.
fn settle(server: &Server, case: &str) -> anyhow::Result<()> {
    let shown = server.ok(None, "show_case", &json!({ "case": case }))?;
    let gaps = shown["gaps"].as_array().context("a case without gaps")?;
    let kept = gaps
        .iter()
        .find(|gap| gap["detail"].is_string())
        .with_context(|| format!("nothing kept in {shown}"))?;
    let detail = kept["detail"].as_str().unwrap_or_default();
    let word = detail.replace("gap", "settlement");
    let settled = json!({ "case": case, "gap": kept["id"], "filled": true, "settlement": word });
    server.ok(None, "settle_gap", &settled)?;
    Ok(())
}

/// The reference of a record.
pub(super) fn reference(record: &Value) -> anyhow::Result<String> {
    record["reference"].as_str().map(str::to_owned).with_context(|| format!("no reference in {record}"))
}

/// One restricted case with everything that can hang on it.
struct Telling<'t> {
    server: &'t Server,
    people: &'t People,
    number: u32,
    /// Its words so far.
    told: RefCell<Words>,
}

impl Telling<'_> {
    fn say(&self, field: &'static str) -> String {
        format!("{} turbine gearbox", self.word(field))
    }

    fn word(&self, field: &'static str) -> String {
        let word = word(self.number, field);
        self.told.borrow_mut().insert(word.clone(), field);
        word
    }

    fn keeper(&self, name: &str, input: &Value) -> anyhow::Result<Value> {
        self.server.ok(None, name, input)
    }

    fn worker(&self, name: &str, input: &Value) -> anyhow::Result<Value> {
        self.server.ok(Some(&self.people.worker), name, input)
    }

    fn whole(&self, data: &Path) -> anyhow::Result<Story> {
        let case = self.case()?;
        self.facts(&case, data)?;
        let story = self.learned(case)?;
        if (self.number / SHARE).is_multiple_of(VOID) {
            self.given_up(&story)?;
        } else {
            self.finished(&story)?;
        }
        Ok(story)
    }

    fn case(&self) -> anyhow::Result<String> {
        let report = json!({
            "title": self.say("title"), "summary": self.say("summary"), "class": "incident", "severity": 4,
            "occurred": "2026-02-20", "detected": "2026-02-21",
        });
        let case = reference(&self.server.ok(Some(&self.people.reporter), "report_case", &report)?)?;
        let classify =
            json!({ "case": case, "class": "incident", "severity": 4, "category": self.say("category") });
        self.keeper("classify_case", &classify)?;
        self.keeper("respond_to_case", &json!({ "case": case, "responder": "who works on them" }))?;
        let criteria = json!({ "case": case, "decision": "incident", "criteria": self.say("criteria") });
        self.keeper("decide_case", &criteria)?;
        Ok(case)
    }

    fn facts(&self, case: &str, data: &Path) -> anyhow::Result<()> {
        let impact = json!({
            "confidentiality": { "datasets": [{ "dataset": self.say("dataset"), "version": self.say("version"),
                                                "contracts": self.say("contracts") }] },
            "integrity": { "checkpoint_before": self.say("checkpoint"), "metric": self.say("metric") },
            "quality": { "metric": self.say("quality") }, "decision_proof": self.say("proof"),
        });
        self.keeper("edit_case", &json!({
            "case": case, "add_tags": [self.word("tag")], "detection_method": { "to": self.say("method") },
            "ai_impact": { "to": impact }, "fields": [["region", self.say("region")]],
            "add_suppliers": ["Northwind"], "add_assets": [{ "asset": "Ranker" }],
        }))?;
        self.worker(
            "add_timeline_entry",
            &json!({
                "case": case, "kind": "contained", "occurred": "2026-02-22", "text": self.say("timeline"),
                "source": self.say("source"),
            }),
        )?;
        self.worker(
            "add_cost",
            &json!({
                "case": case, "kind": "downtime", "basis": "actual", "note": self.say("cost"),
                "amount": { "minor": 100_000, "currency": "EUR" },
            }),
        )?;
        self.worker("add_comment", &json!({ "case": case, "text": self.say("comment") }))?;
        let file = data.with_file_name("mail.eml");
        std::fs::write(&file, self.say("content"))?;
        for source in
            [json!({ "file": file }), json!({ "link": format!("https://example.org/{}", self.word("link")) })]
        {
            self.worker("add_evidence", &json!({
                "case": case, "source": source, "name": self.say("evidence"), "custody": self.say("custody"),
                "legal_hold": false,
            }))?;
        }
        self.worker("resolve_case", &json!({ "case": case }))?;
        Ok(())
    }

    fn learned(&self, case: String) -> anyhow::Result<Story> {
        let open = json!({ "case": case, "problem": self.say("problem"), "facilitator": LISTED,
            "participants": TOOK_PART });
        let review = reference(&self.worker("new_review", &open)?)?;
        for (why, kind) in
            [("whyone", "condition"), ("whytwo", "condition"), ("whythree", "organisational_factor")]
        {
            self.worker(
                "add_why",
                &json!({
                    "review": review, "statement": self.say(why), "of_problem": false, "kind": kind,
                    "evidence": self.say("support"), "confidence": "confirmed",
                }),
            )?;
        }
        self.reviewed(&review)?;
        let asked = json!({ "review": review, "on": "2030-01-15", "questions": [self.say("question")] });
        self.worker("schedule_review", &asked)?;
        let lesson = json!({
            "case": case, "statement": self.say("lesson"), "detail": self.say("detail"), "tags": [self.word("ltag")],
        });
        let lesson = reference(&self.worker("new_lesson", &lesson)?)?;
        let action = json!({
            "case": case, "lesson": lesson, "title": self.say("action"), "description": self.say("description"),
            "purpose": "corrective", "kind": "technical", "owner": "who owes their actions", "due_on": "2030-04-01",
            "due_reason": self.say("due reason"), "check_measure": self.say("measure"), "check_on": "2031-06-01",
            "check_reason": self.say("check reason"),
        });
        let action = reference(&self.worker("new_action", &action)?)?;
        for (owner, field) in [(json!({ "lesson": lesson }), "hint"), (json!({ "action": action }), "ticket")]
        {
            self.keeper("set_fields", &json!({ "owner": owner, "values": [[field, self.say(field)]] }))?;
        }
        let evaluation = json!({
            "review": review, "went_well": self.say("well"), "was_lucky": self.say("luck"),
            "surprised": self.say("surprise"), "followed": "partly", "deviations": self.say("deviation"),
        });
        self.worker("evaluate_review", &evaluation)?;
        self.changed(&case, &lesson)?;
        Ok(Story { number: self.number, case, review, lesson, action })
    }

    /// What is said about the causes beside the ladder.
    fn reviewed(&self, review: &str) -> anyhow::Result<()> {
        let end = json!({ "to": { "changeable": true, "note": self.say("end") } });
        self.worker("edit_why", &json!({ "review": review, "number": "3", "end": end }))?;
        self.worker("edit_why", &json!({ "review": review, "number": "1", "primary": true }))?;
        let link = json!({
            "review": review, "cause": "3", "effect": "1", "kind": "made_worse", "confidence": "likely",
            "evidence": self.say("linksupport"),
        });
        self.worker("link_causes", &link)?;
        let dismissal = json!({
            "review": review, "cause": "1", "rule": "cause.no_category", "reason": self.say("dismissal"),
        });
        self.worker("dismiss_finding", &dismissal)?;
        let look = json!({
            "review": review, "searched": self.say("searched"), "hits": [], "finding": self.say("finding"),
        });
        self.worker("record_similar", &look)?;
        Ok(())
    }

    /// What is said of controls, of what covers the lesson, and of a link that is not needed.
    fn changed(&self, case: &str, lesson: &str) -> anyhow::Result<()> {
        let performance = json!({
            "case": case, "control": "A.8.16", "performance": "failed", "note": self.say("performance"),
        });
        self.worker("add_performance", &performance)?;
        let change = json!({
            "case": case, "control": "A.8.16", "before": self.say("before"), "after": self.say("after"),
            "lesson": lesson,
        });
        self.keeper("new_control_change", &change)?;
        let cover = json!({
            "lesson": lesson, "kind": "control_change", "covered_by": "A.8.16",
            "reason": self.say("coverage"),
        });
        self.worker("cover_lesson", &cover)?;
        let declared = json!({ "case": case, "link": "effectiveness", "reason": self.say("declaration") });
        self.worker("declare_not_needed", &declared)?;
        Ok(())
    }

    fn finished(&self, Story { case, review, lesson, action, .. }: &Story) -> anyhow::Result<()> {
        let minutes =
            json!({ "review": review, "participants": TOOK_PART, "minutes": { "to": self.say("minutes") } });
        self.worker("hold_review", &minutes)?;
        self.worker("submit_review", &json!({ "review": review }))?;
        self.keeper("approve_review", &json!({ "review": review }))?;
        let strength = json!({ "action": action, "strength": "engineer", "reason": self.say("strength") });
        self.worker("rate_strength", &strength)?;
        let later = json!({ "action": action, "due_on": "2030-05-01", "reason": self.say("move") });
        self.worker("move_action", &later)?;
        self.keeper("approve_lesson", &json!({ "lesson": lesson }))?;
        let completion = json!({ "action": action, "evidence": self.say("completion") });
        self.server.ok(Some(&self.people.owner), "complete_action", &completion)?;
        let check = json!({ "action": action, "outcome": "effective", "evidence": self.say("check"),
            "early_reason": self.say("early") });
        self.keeper("check_action", &check)?;
        self.keeper("close_case", &json!({ "case": case }))?;
        let reopen = json!({ "case": case, "to_response": false, "reason": self.say("reopening") });
        self.keeper("reopen_case", &reopen)?;
        Ok(())
    }

    fn given_up(&self, Story { case, review, lesson, action, .. }: &Story) -> anyhow::Result<()> {
        self.keeper("waive_review", &json!({ "review": review, "reason": self.say("waiver") }))?;
        let not_doing = json!({ "action": action, "reason": self.say("notdoing"), "until": "2031-01-01" });
        self.keeper("not_doing_action", &not_doing)?;
        self.keeper("retire_lesson", &json!({ "lesson": lesson, "reason": self.say("retirement") }))?;
        self.keeper("void_case", &json!({ "case": case, "reason": self.say("void") }))?;
        Ok(())
    }
}
