//! Every verb gives the same answer with and without a running server, and no verb is forgotten here.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::scratch::Scratch;
use crate::server::Server;

/// One command a line, its words between bars. `bob` at the beginning: as Bob, by his token; `no`: it is refused. `YEAR` is the year of
/// the references; `GAP` the first gap of the first imported case, `TOKEN` the caller's first token.
const SCRIPT: &str = "
    settings | edit | --company | Example AI Ltd | --category | Data exposure
    settings | show
    person | new | Cleo | --role | reporter
    person | new | Platform | --team
    person | confirm | Cleo | --role | responder
    person | disable | Cleo
    person | new | Dora | --role | responder
    person | list
    person | token | Ada | --scope | read | --scope | report
    person | tokens
    person | revoke-token | TOKEN
    no | person | revoke-token | 01955000-0000-7000-8000-000000000000
    person | invite | Bob
    no | person | invite | Platform
    person | sign-in-link
    no | person | sign-in-link | --person | Bob
    supplier | new | Bergwolke | --provides | GPU servers
    supplier | edit | Bergwolke | --contact | duty desk
    supplier | show | Bergwolke
    supplier | list
    asset | new | dataset | Corpus
    asset | version | Corpus | v1
    asset | edit | Corpus | --description | Scanned pages
    asset | show | Corpus
    asset | list
    field | new | case | Region | --kind | choice | --choice | north | --choice | south
    field | new | action | Ticket
    field | list
    procedure | new | --summary | Reminders every four days
    procedure | edit | PRC-0001 | --remind-every | 4
    no | procedure | edit | PRC-0001 | --review | incident: light within 5 days, 1 person, led by responder, 1 approval
    procedure | submit | PRC-0001
    no | procedure | approve | PRC-0001
    bob | procedure | send-back | PRC-0001
    procedure | submit | PRC-0001
    bob | procedure | approve | PRC-0001 | --from | 2035-01-01
    procedure | new | --summary | Another one
    procedure | withdraw | PRC-0002 | --reason | Not now
    procedure | versions
    procedure | show
    procedure | show | PRC-0001
    case | new | Ransomware on a file server
    case | edit | CASE-YEAR-0001 | --summary | Shares were encrypted at night. | --supplier | Bergwolke | --asset | Corpus@v1
    field | set | CASE-YEAR-0001 | region=north
    no | field | set | CASE-YEAR-0001 | region=west
    case | classify | CASE-YEAR-0001 | incident | --severity | high
    case | decide | CASE-YEAR-0001 | incident | --criteria | Files were changed by a stranger
    case | respond | CASE-YEAR-0001
    case | timeline | CASE-YEAR-0001 | The share is switched off | --kind | contained | --at | 2026-01-05T07:10
    case | cost | CASE-YEAR-0001 | downtime | --amount | 1200 EUR
    case | comment | CASE-YEAR-0001 | Restore takes the night
    case | evidence | CASE-YEAR-0001 | --file | evidence.txt
    case | resolve | CASE-YEAR-0001
    review | new | CASE-YEAR-0001 | --problem | Ransomware encrypted a file server | --participant | Bob | --participant | Dora
    review | schedule | PIR-YEAR-0001 | 2030-02-01
    why | add | PIR-YEAR-0001 | An admin followed a phishing link
    why | add | PIR-YEAR-0001 | The mail filter let the massage pass
    why | edit | PIR-YEAR-0001 | 2 | --statement | The mail filter let the message pass
    why | add | PIR-YEAR-0001 | Its definitions were three days old
    why | add | PIR-YEAR-0001 | The update server stopped on Friday
    why | remove | PIR-YEAR-0001 | 4
    why | add | PIR-YEAR-0001 | The update server was not in the monitoring inventory
    why | move | PIR-YEAR-0001 | 4 | --under | 2
    why | edit | PIR-YEAR-0001 | 3 | --changeable | They are fetched every hour
    why | link | PIR-YEAR-0001 | 3 | 1 | --kind | made_worse | --confidence | likely
    why | edit-link | PIR-YEAR-0001 | 3 | 1 | --confidence | confirmed | --evidence | The log of the filter
    why | unlink | PIR-YEAR-0001 | 3 | 1
    why | dismiss | PIR-YEAR-0001 | 3.1 | cause.leaf_open | --reason | It is not in our hands
    review | hold | PIR-YEAR-0001
    no | review | submit | PIR-YEAR-0001
    review | evaluate | PIR-YEAR-0001 | --went-well | The night shift rang at once | --followed | yes
    review | submit | PIR-YEAR-0001
    no | review | approve | PIR-YEAR-0001
    review | similar | PIR-YEAR-0001 | --finding | None found | --searched | ransomware
    bob | review | send-back | PIR-YEAR-0001 | --reason | One why is missing
    review | submit | PIR-YEAR-0001
    bob | review | approve | PIR-YEAR-0001
    review | show | PIR-YEAR-0001
    review | list
    lesson | new | CASE-YEAR-0001 | A filter is only as good as its last update
    lesson | edit | LSN-YEAR-0001 | --tag | mail
    action | new | CASE-YEAR-0001 | Alert on-call when an update server is silent | --owner | Bob | --due | 2030-01-01 | --due-reason | The parts come then | --lesson | LSN-YEAR-0001
    action | plan-check | ACT-YEAR-0001 | Stops found by alert | --on | 2030-06-01 | --reason | It is told in summer | --by | Ada
    action | strength | ACT-YEAR-0001 | detect | --reason | It finds and does not prevent
    bob | action | start | ACT-YEAR-0001
    action | move | ACT-YEAR-0001 | 2030-02-01 | --reason | The agent is delivered in January
    action | hand-over | ACT-YEAR-0001 | Bob
    field | set | ACT-YEAR-0001 | ticket=OPS-7
    no | case | close | CASE-YEAR-0001
    no | lesson | approve | LSN-YEAR-0001
    bob | lesson | approve | LSN-YEAR-0001
    control | list | --theme | physical
    control | new | Two people release weights | --status | planned
    control | edit | A.8.16 | --status | partly_implemented | --owner | Ada
    no | control | edit | A.7.1 | --applicable | false
    control | performance | CASE-YEAR-0001 | A.8.16 | failed | --note | The alarm was off
    control | performance | CASE-YEAR-0001 | A.8.16 | absent | --change
    control | performance | CASE-YEAR-0001 | C-1 | worked
    control | performance | CASE-YEAR-0001 | C-1 | --remove
    control | change | CASE-YEAR-0001 | A.8.16 | --before | Nobody looks | --after | An alarm rings | --lesson | LSN-YEAR-0001
    no | control | change | CASE-YEAR-0001 | A.8.16 | --before | same | --after | same
    control | show | A.8.16
    no | control | retire | A.8.16 | --reason | unused
    control | retire | C-1 | --reason | A.8.4 covers it
    risk | new | Files are encrypted | --owner | Bob | --likelihood | 4 | --impact | 4 | --why | It happened
    risk | edit | RSK-0001 | --treatment | share
    risk | link | RSK-0001 | --control | A.8.16
    risk | assess | RSK-0001 | --likelihood | 2 | --impact | 4 | --why | An alarm rings | --case | CASE-YEAR-0001
    no | risk | accept | RSK-0001
    bob | risk | accept | RSK-0001
    risk | show | RSK-0001
    risk | list
    risk | close | RSK-0001 | --reason | The server is gone
    risk | reopen | RSK-0001
    control | changes | --limit | 1
    case | declare | CASE-YEAR-0001 | similar | --reason | The first of its kind
    no | case | approve-declaration | CASE-YEAR-0001 | similar
    bob | case | approve-declaration | CASE-YEAR-0001 | similar
    case | remove-declaration | CASE-YEAR-0001 | similar
    bob | action | complete | ACT-YEAR-0001 | --evidence | Rule 4711 is live
    bob | action | reopen | ACT-YEAR-0001
    bob | action | complete | ACT-YEAR-0001 | --evidence | Rule 4712 is live
    action | check | ACT-YEAR-0001 | effective | --evidence | Two stops, both alerted | --early-reason | Stopping it shows it
    action | show | ACT-YEAR-0001
    action | list
    lesson | show | LSN-YEAR-0001
    lesson | list
    case | close | CASE-YEAR-0001
    case | reopen | CASE-YEAR-0001 | --reason | A second share is affected
    case | new | A second share was encrypted
    case | part-of | CASE-YEAR-0002 | CASE-YEAR-0001
    case | similar | CASE-YEAR-0002
    lesson | link | LSN-YEAR-0001 | CASE-YEAR-0002
    lesson | unlink | LSN-YEAR-0001 | CASE-YEAR-0002
    no | lesson | unlink | LSN-YEAR-0001 | CASE-YEAR-0001
    lesson | similar | CASE-YEAR-0002 | Filters and their last updates
    lesson | confirm | LSN-YEAR-0001 | --next | 2035-01-01
    lesson | gaps | stale
    action | cost | ACT-YEAR-0001 | --planned | 1200 EUR
    awareness | publish | LSN-YEAR-0001 | Filters need their updates | --text | Look whether yours are new. | --until | 2035-01-01
    awareness | list | --open
    awareness | show | AWR-YEAR-0001
    bob | awareness | acknowledge | AWR-YEAR-0001
    awareness | withdraw | AWR-YEAR-0001 | --reason | Out of date
    case | new | Entered twice
    case | restrict | CASE-YEAR-0003
    case | void | CASE-YEAR-0003 | --reason | the same as another
    case | new | A weak door
    case | classify | CASE-YEAR-0004 | weakness
    review | new | CASE-YEAR-0004
    bob | review | waive | PIR-YEAR-0003 | --reason | The door is replaced next week anyway
    action | new | CASE-YEAR-0004 | Replace the door | --owner | Ada
    bob | action | not-doing | ACT-YEAR-0002 | --reason | The lease ends | --until | 2031-01-01
    action | decide-again
    bob | action | renew | ACT-YEAR-0002 | --reason | The lease ends still | --until | 2032-01-01
    action | take-up | ACT-YEAR-0002 | 2031-06-01 | --reason | The lease goes on
    person | owes | Ada
    no | person | hand-over | Ada | Ada
    person | hand-over | Ada | Bob
    lesson | new | CASE-YEAR-0004 | Doors are checked twice a year
    lesson | cover | LSN-YEAR-0002 | accepted_risk | RSK-0001 | --reason | The room is locked
    bob | lesson | approve-cover | LSN-YEAR-0002
    lesson | retire | LSN-YEAR-0002 | --reason | The lease has ended
    case | new | A broken lock
    case | classify | CASE-YEAR-0005 | weakness | --severity | low
    review | light | PIR-YEAR-0004 | --cause | The lock is older than its warranty | --lesson | Locks are changed before they break | --action | Fit a new lock | --action-kind | physical
    procedure | say-do
    work
    bob | work
    import | spreadsheet | old.csv
    import | veris | veris.jsonl | --strict | --dry-run
    import | veris | veris.jsonl
    import | runs
    case | gap | CASE-YEAR-0006 | GAP | --settlement | Bob owns it now
    case | show | CASE-YEAR-0001
    no | case | show | CASE-1999-0001
    case | list | --query | class:incident
    no | case | list | --query | clas:incident
    search | ransomware
    measure | volume | --by | class,severity
    measure | loop | --by | owner
    import | undo | IMP-YEAR-0001 | --reason | Imported into the wrong register
    trail | checkpoint
    trail | export | --out | all.bundle
    trail | verify
    backup | create | --out | backup
    backup | verify | backup
    export | archive | all.archive
    no | export | archive | all.archive
    index | rebuild
    doctor
    config | show
    config | check
";

/// Verbs that make or hold the folder themselves, or have nothing to do with one.
const APART: [&str; 7] = ["init", "demo", "serve", "completions", "man", "backup restore", "import archive"];

#[test]
fn every_verb_gives_the_same_answer_with_and_without_a_server() {
    let alone = prepared();
    let served = prepared();
    let server = Server::start(&served);
    let reference = Reference::read();
    for line in SCRIPT.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (code, raw) = said(&alone, line);
        if code == 0 {
            reference.hold(line, &raw);
        }
        let here = blurred(&alone, (code, raw));
        let there = blurred(&served, said(&served, line));
        assert_eq!(here, there, "{line}");
        assert_eq!(here.0 != 0, line.starts_with("no | "), "{line}: {}", here.1);
    }
    drop(server);
}

#[test]
fn no_verb_is_forgotten() {
    let scratch = Scratch::empty();
    let reference = scratch.ok(&["reference", "cli"]);
    let verbs: BTreeSet<&str> = reference
        .lines()
        .filter(|line| line.starts_with("Usage: nevertwice ") && !line.ends_with("<COMMAND>"))
        .filter_map(|line| line.strip_prefix("Usage: nevertwice ")?.split(" [OPTIONS]").next())
        .collect();
    assert!(verbs.len() > 80, "{verbs:?}");
    let tried = |verb: &&str| {
        let words = verb.replace(' ', " | ");
        let begins = |line: &str| {
            let line = line.trim().trim_start_matches("no | ").trim_start_matches("bob | ");
            line.strip_prefix(&words).is_some_and(|rest| rest.is_empty() || rest.starts_with(" |"))
        };
        APART.contains(verb) || SCRIPT.lines().any(begins)
    };
    let forgotten: Vec<_> = verbs.into_iter().filter(|verb| !tried(verb)).collect();
    assert!(forgotten.is_empty(), "{forgotten:?}");
}

fn prepared() -> Scratch {
    let scratch = Scratch::with_register();
    std::fs::write(scratch.path("evidence.txt"), "a log").unwrap();
    std::fs::write(
        scratch.path("old.csv"),
        "No,Title,Reported,Type,Action,Owner\nX-1,Bucket was public,2024-03-14,Incident,Close the bucket,\n",
    )
    .unwrap();
    std::fs::write(
        scratch.path("veris.jsonl"),
        "{\"incident_id\":\"V-1\",\"action\":{\"physical\":{\"variety\":[\"Theft\"]}},\"victim\":{\"country\":\"NLD\"}}\n",
    )
    .unwrap();
    scratch
}

/// Exit code and JSON of a command.
fn said(scratch: &Scratch, line: &str) -> (i32, Value) {
    let year = scratch.year();
    let line = line.trim_start_matches("no | ");
    let mut words: Vec<String> = line.split(" | ").map(|word| word.replace("YEAR", &year)).collect();
    if words[0] == "bob" {
        words.splice(..1, ["--token-file".to_owned(), scratch.path("bob.token").display().to_string()]);
    }
    if let Some(place) = words.iter().position(|word| word == "GAP") {
        let case = scratch.json(&["case", "show", &words[place - 1]]);
        words[place] = case["gaps"][0]["id"].as_str().unwrap().to_owned();
    }
    if let Some(place) = words.iter().position(|word| word == "TOKEN") {
        words[place] = scratch.json(&["person", "tokens"])[0]["id"].as_str().unwrap().to_owned();
    }
    words.push("--json".to_owned());
    let said = scratch.run(&words.iter().map(String::as_str).collect::<Vec<_>>());
    let text = if said.code == 0 { &said.out } else { said.err.lines().last().unwrap_or_default() };
    let json: Value = serde_json::from_str(text)
        .unwrap_or_else(|error| panic!("{line}: {error}: {}{}", said.out, said.err));
    (said.code, json)
}

/// An answer without what differs between any two registers.
fn blurred(scratch: &Scratch, (code, mut json): (i32, Value)) -> (i32, Value) {
    blur(&mut json, &scratch.path("").display().to_string());
    (code, json)
}

/// Removes ids, hashes, secrets, times of day, how long things took, room on the disk, and the place of the folder.
fn blur(value: &mut Value, folder: &str) {
    match value {
        Value::Object(fields) => {
            fields.retain(|name, _| !["size_bytes", "next", "seconds"].contains(&name.as_str()));
            // Jobs are done where a server runs, and wait where none does.
            let is_of_jobs = fields.get("name").is_some_and(|name| name == "jobs");
            fields.retain(|name, _| !is_of_jobs || name == "name");
            fields.values_mut().for_each(|value| blur(value, folder));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| blur(value, folder)),
        Value::String(text) => {
            let is_instant = text.len() >= 17 && text.as_bytes()[10] == b'T' && text.starts_with("20");
            let is_measured = text.ends_with(" MiB free");
            if is_instant || is_measured || (text.len() >= 32 && !text.contains(' ')) || text.contains("\n\n")
            {
                "blurred".clone_into(text);
            }
            *text = text.replace(folder, "");
        }
        _ => {}
    }
}

/// What the reference documentation says about answers: the type of each command's, and the fields that a type has.
struct Reference {
    answers: Vec<(String, String)>,
    types: BTreeMap<String, Value>,
}

impl Reference {
    fn read() -> Self {
        let page = Scratch::empty().ok(&["reference", "json"]);
        let types = page.split("\n## ").skip(1).map(|section| {
            let (name, rest) = section.split_once('\n').unwrap();
            let schema = rest.split("```json").nth(1).unwrap().trim_end().trim_end_matches("```");
            (name.to_owned(), serde_json::from_str(schema).unwrap())
        });
        let types = types.collect();
        let rows = page.lines().filter(|line| line.starts_with("| ") && line.contains("](#"));
        let answers = rows.flat_map(|row| {
            let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
            let (group, verbs) = cells[0].split_once(' ').unwrap_or((cells[0], ""));
            let list = if cells[1].starts_with("list of") { "list of " } else { "" };
            let name = cells[1].split(['[', ']']).nth(1).unwrap();
            let answer = format!("{list}{name}");
            verbs
                .split(", ")
                .map(|verb| (format!("{group} {verb}").trim().to_owned(), answer.clone()))
                .collect::<Vec<_>>()
        });
        Self { answers: answers.collect(), types }
    }

    /// Panics when an answer is not of the type that its command is said to have.
    fn hold(&self, line: &str, answer: &Value) {
        let words = line.trim_start_matches("bob | ").replace(" | ", " ");
        let is_of = |(command, _): &&(String, String)| {
            words == **command || words.starts_with(&format!("{command} "))
        };
        let (_, expected) =
            self.answers.iter().find(is_of).unwrap_or_else(|| panic!("{line}: no answer is documented"));
        match expected.strip_prefix("list of ") {
            Some(name) => answer.as_array().unwrap().iter().for_each(|item| self.hold_type(line, name, item)),
            None => self.hold_type(line, expected, answer),
        }
    }

    fn hold_type(&self, line: &str, name: &str, answer: &Value) {
        let documented: BTreeSet<&String> =
            self.types[name]["properties"].as_object().unwrap().keys().collect();
        let found: BTreeSet<&String> =
            answer.as_object().unwrap_or_else(|| panic!("{line}: {answer}")).keys().collect();
        assert!(found.is_subset(&documented), "{line}: {name} has no {:?}", found.difference(&documented));
    }
}
