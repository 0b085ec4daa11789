//! Words that are nowhere else, in every text of an open and of a restricted case and of what surrounds them: every
//! address asked as everybody, every link followed, and no word where it must not be.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _};

use nevertwice_testkit::TestDatabase;
use nevertwice_web::routes;
use serde_json::json;

use crate::fixture::{Answer, Site, Story, Who, tags, text};

nevertwice_testkit::on_each_engine!(no_word_stands_where_it_must_not);

/// What every word begins with; then comes what it belongs to, then what it is for.
const MARK: &str = "zq";

/// What a word belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Belongs {
    /// To a restricted case.
    Restricted,
    /// To an open case.
    Case,
    /// It is the title of an open case.
    Title,
    /// To an action of an open case.
    Action,
    /// To a lesson that was approved.
    Lesson,
    /// To a supplier or an AI asset.
    Catalogue,
    /// It is the name of one, and a case points there.
    Name,
    /// To a person.
    Person,
}

fn belongs(word: &str) -> Belongs {
    let is_of = |begin: &str| word.strip_prefix(MARK).is_some_and(|rest| rest.starts_with(begin));
    match word {
        _ if is_of("shut") => Belongs::Restricted,
        _ if is_of("learnlesson") => Belongs::Lesson,
        "zqopentitle" | "zqlearntitle" => Belongs::Title,
        "zqopenaction" | "zqopenactiondetail" | "zqopenmeasure" => Belongs::Action,
        "zqlearnaction" | "zqlearnactiondetail" | "zqlearnmeasure" => Belongs::Action,
        _ if is_of("open") || is_of("learn") => Belongs::Case,
        "zqname" => Belongs::Name,
        _ if is_of("things") => Belongs::Catalogue,
        _ if is_of("mail") => Belongs::Person,
        _ => panic!("{word} belongs to nothing"),
    }
}

/// Whether somebody may read a word: written from the product's table of roles and verbs.
fn may_read(user: &str, belongs: Belongs) -> bool {
    let reads_cases = ["responder", "assigned", "manager", "auditor", "listed"].contains(&user);
    match belongs {
        Belongs::Restricted => user == "listed",
        Belongs::Case => reads_cases || user == "own-reporter",
        Belongs::Title => reads_cases || matches!(user, "own-reporter" | "board"),
        Belongs::Action => reads_cases || matches!(user, "own-reporter" | "owner"),
        Belongs::Lesson => !matches!(user, "sales" | "nobody" | "gone" | "token"),
        Belongs::Catalogue => reads_cases,
        Belongs::Name => reads_cases || user == "own-reporter",
        Belongs::Person => reads_cases || user == "administrator",
    }
}

/// Everything that can be named in an address.
struct Cage {
    site: Site,
    stories: Vec<Story>,
    evidence: Vec<(String, String)>,
    imported: String,
    gap: String,
    people: Vec<String>,
}

fn word(of: &str, what: &str) -> String {
    format!("{MARK}{of}{}", what.replace(' ', ""))
}

impl Cage {
    fn new(database: &TestDatabase) -> Self {
        let site = Site::new(database);
        site.add_people();
        site.add_person("listed", &["responder"]);
        let person = json!({ "name": "spare", "kind": "person", "roles": ["reporter"], "email": "zqmail@example.org" });
        site.ok("ada", "new_person", person);
        site.ok(
            "ada",
            "new_supplier",
            json!({
                "name": word("name", ""), "provides": word("things", "provides"), "contact": word("things", "contact"),
                "agreement": word("things", "agreement"), "contingency_plan": word("things", "plan"),
            }),
        );
        let asset =
            json!({ "kind": "model", "name": "Ranker", "description": word("things", "description") });
        site.ok("ada", "new_asset", asset);
        let version =
            json!({ "asset": "Ranker", "label": word("things", "label"), "note": word("things", "note") });
        site.ok("ada", "new_asset_version", version);
        let stories: Vec<Story> =
            ["open", "learn", "shut"].map(|of| Story::tell(&site, &|what| word(of, what))).into();
        site.ok("ada", "edit_case", json!({ "case": stories[0].case, "add_suppliers": [word("name", "")] }));
        site.ok("manager", "approve_lesson", json!({ "lesson": stories[1].lesson }));
        let part = json!({ "case": stories[2].case, "parent": stories[0].case });
        site.ok("ada", "part_of_case", part);
        site.ok("ada", "link_lesson", json!({ "lesson": stories[1].lesson, "case": stories[2].case }));
        let decide =
            json!({ "case": stories[2].case, "decision": "incident", "criteria": word("shut", "criteria") });
        site.ok("ada", "decide_case", decide);
        let hold = json!({ "review": stories[2].review, "participants": ["board", "sales"], "minutes": { "to": word("shut", "minutes") } });
        site.ok("assigned", "hold_review", hold);
        consequences(&site, &stories[2].case);
        let (imported, gap) = import(&site);
        for case in [&stories[2].case, &imported] {
            site.ok("ada", "restrict_case", json!({ "case": case, "readers": ["listed"] }));
        }
        let evidence = stories.iter().map(|story| {
            let shown = site.ok("ada", "show_case", json!({ "case": story.case }));
            (story.case.clone(), text(&shown["evidence"][0], "id"))
        });
        let evidence = evidence.collect();
        let people = site.ok("ada", "list_people", json!({}));
        let people = people.as_array().unwrap().iter().map(|person| text(person, "id")).collect();
        Self { site, stories, evidence, imported, gap, people }
    }

    /// Every address that answers to reading, with everything that can stand in it.
    fn addresses(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        for route in routes().into_iter().filter(|route| route.method == "GET") {
            let mut filled = vec![route.address()];
            let of = |what: fn(&Story) -> &String| self.stories.iter().map(what).cloned().collect::<Vec<_>>();
            let cases: Vec<String> =
                of(|story| &story.case).into_iter().chain([self.imported.clone()]).collect();
            for (name, parts) in [
                ("{case}", cases),
                ("{review}", of(|story| &story.review)),
                ("{lesson}", of(|story| &story.lesson)),
                ("{action}", of(|story| &story.action)),
                ("{gap}", vec![self.gap.clone()]),
                ("{number}", ["1", "2", "3"].map(str::to_owned).into()),
                ("{effect}", ["0", "1", "2"].map(str::to_owned).into()),
                ("{rule}", vec!["cause.leaf_open".to_owned()]),
                ("{ending}", ["csv", "xlsx"].map(str::to_owned).into()),
                ("{asset}", vec!["AST-0001".to_owned()]),
                ("{supplier}", vec!["SUP-0001".to_owned()]),
                ("{procedure}", vec!["PRC-0001".to_owned()]),
                ("{control}", ["A.8.16", "C-1"].map(str::to_owned).into()),
                ("{risk}", vec!["RSK-0001".to_owned()]),
                ("{link}", ["similar", "risks"].map(str::to_owned).into()),
                ("{person}", self.people.clone()),
                ("{id}", self.evidence.iter().map(|(_, id)| id.clone()).collect()),
                ("{code}", vec!["ABCD-EFGH".to_owned()]),
                ("{item}", vec!["AWR-2026-0001".to_owned()]),
                ("{version}", vec!["0".to_owned()]),
                ("{*name}", vec!["icon.svg".to_owned()]),
            ] {
                filled = filled
                    .into_iter()
                    .flat_map(|path| match path.contains(name) {
                        true => parts.iter().map(|part| path.replace(name, part)).collect(),
                        false => vec![path],
                    })
                    .collect();
            }
            let takes_queries = [
                "/cases",
                "/cases/facets",
                "/cases/over-time",
                "/reviews",
                "/lessons",
                "/actions",
                "/search",
                "/measures/volume",
            ];
            if takes_queries.contains(&route.path) || route.path.starts_with("/cases/export") {
                let with = |path: &String| QUERIES.map(|query| format!("{path}?{query}"));
                filled =
                    filled.iter().flat_map(|path| with(path).into_iter().chain([path.clone()])).collect();
            }
            found.extend(filled);
        }
        found
    }
}

/// The beginnings of words, never whole ones: a page shows what was searched for.
const QUERIES: [&str; 13] = [
    "q=zq*",
    "q=zqshut*",
    "q=zqopen*",
    "q=zqlearn*",
    "q=state:open",
    "q=has:gap",
    "q=no:cause",
    "q=severity:4",
    "q=origin:import",
    "q=owner:me",
    "q=reporter:me",
    "q=CASE-2026*",
    "sort=-severity",
];

/// What a case says of controls and risks, and what it changed in them.
fn consequences(site: &Site, case: &str) {
    let said = |what: &str| word("shut", what);
    let performance =
        json!({ "case": case, "control": "A.8.16", "performance": "failed", "note": said("performance") });
    site.ok("ada", "add_performance", performance);
    let change = json!({
        "case": case, "control": "A.8.16", "before": said("control before"), "after": said("control after"),
    });
    site.ok("ada", "new_control_change", change);
    let declared = json!({ "case": case, "link": "risks", "reason": said("not needed") });
    site.ok("ada", "declare_not_needed", declared);
    let risk = json!({
        "title": "the lock gives way", "owner": "owner", "treatment": "mitigate", "likelihood": 4, "impact": 3,
        "why": "it is old", "case": case,
    });
    site.ok("ada", "new_risk", risk);
}

/// A case from elsewhere with a gap, before it is restricted.
fn import(site: &Site) -> (String, String) {
    let log = site.beside("old.csv");
    let row = ["origin", "imported", "gap"].map(|what| word("shut", what));
    let row = format!("{},{},2024-05-17,{}", row[0], row[1], row[2]);
    std::fs::write(&log, format!("Ticket,Title,Reported,Severity\n{row}\n")).unwrap();
    let map = site.beside("map.toml");
    std::fs::write(&map, "[[column]]\nsource = \"Severity\"\ntarget = \"severity\"\n").unwrap();
    let import = json!({ "file": log, "map": map, "update": false, "dry_run": false });
    assert_eq!(site.ok("ada", "import_spreadsheet", import)["created"], 1);
    let found = site.ok("ada", "list_cases", json!({ "query": "origin:import", "limit": 5 }));
    let case = text(&found["items"][0], "reference");
    let shown = site.ok("ada", "show_case", json!({ "case": case }));
    let gap = shown["gaps"].as_array().unwrap().iter().find(|gap| gap["detail"].is_string()).unwrap();
    (case, text(gap, "id"))
}

/// Everything that an answer tells: what a workbook has in it is unpacked, and no word is cut by a tag.
fn told(answer: &Answer) -> String {
    let mut told = answer.text();
    if answer.body.starts_with(b"PK") {
        let mut workbook = zip::ZipArchive::new(Cursor::new(&answer.body)).unwrap();
        told = (0..workbook.len())
            .map(|place| {
                let mut sheet = String::new();
                workbook.by_index(place).unwrap().read_to_string(&mut sheet).unwrap();
                sheet
            })
            .collect();
    }
    let told = told.replace("<mark>", "").replace("</mark>", "").to_lowercase();
    // In JSON a snippet comes in pieces.
    told.replace("\",\"hit\":true},{\"text\":\"", "").replace("\",\"hit\":false},{\"text\":\"", "")
}

/// The words in a text.
fn words(told: &str) -> BTreeSet<String> {
    let letters = |c: &char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let places = told.match_indices(MARK).map(|(place, _)| place);
    let words = places.map(|place| told[place..].chars().take_while(letters).collect::<String>());
    // What is asked for is shown as it was asked.
    let asked = ["zq", "zqshut", "zqopen", "zqlearn"];
    words.filter(|word| !asked.contains(&word.as_str()) && is_whole(word)).collect()
}

/// Random texts have the mark in them now and then.
fn is_whole(word: &str) -> bool {
    ["shut", "open", "learn", "name", "things", "mail"].iter().any(|of| word[MARK.len()..].starts_with(of))
}

/// The links of a page that lead to another page.
fn links(answer: &Answer) -> BTreeSet<String> {
    if !answer.header("content-type").starts_with("text/html") {
        return BTreeSet::new();
    }
    let page = answer.text();
    let hrefs = tags(&page).into_iter().filter_map(|tag| tag.attributes.get("href").cloned());
    let inside = hrefs.filter(|href| href.starts_with('/') && !href.starts_with("/assets/"));
    inside.map(|href| href.split('#').next().unwrap().to_owned()).collect()
}

fn no_word_stands_where_it_must_not(database: &TestDatabase) {
    let cage = Cage::new(database);
    let site = &cage.site;
    let addresses = cage.addresses();
    let mut asking: Vec<(&str, Who)> =
        crate::fixture::PEOPLE.iter().map(|(user, _)| (*user, site.enter(user))).collect();
    site.add_person("gone", &["manager", "auditor", "responder"]);
    let gone = site.enter("gone");
    site.ok("ada", "disable_person", json!({ "person": "gone" }));
    asking.extend([
        ("listed", site.enter("listed")),
        ("gone", gone),
        ("nobody", Who::Nobody),
        ("token", site.token("manager", &["report"]).0),
    ]);

    let mut wrong = Vec::new();
    let mut read: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (user, who) in &asking {
        let mut waiting = addresses.clone();
        let mut asked: BTreeSet<String> = BTreeSet::new();
        while let Some(path) = waiting.pop_first() {
            if !asked.insert(path.clone()) {
                continue;
            }
            let answer = site.get(who, &path);
            assert!(answer.status < 500, "{path} by {user}: {}", answer.text());
            let found = words(&told(&answer));
            wrong.extend(
                found
                    .iter()
                    .filter(|word| !may_read(user, belongs(word)))
                    .map(|word| format!("{user} reads {word} at {path}")),
            );
            read.entry(user).or_default().extend(found);
            if asked.len() < 600 {
                let new = |link: &String| !asked.contains(link) && !is_quiet_control(link);
                waiting.extend(links(&answer).into_iter().filter(new));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    expect_canaries(&read);
}

/// The page of a control of Annex A that no case of the scene names: over ninety pages of one kind.
fn is_quiet_control(link: &str) -> bool {
    link.starts_with("/controls/A.")
        && !["/controls/A.8.16", "/controls/A.5.27"].iter().any(|named| link.starts_with(named))
}

/// Where nobody reads anything, nothing is kept from anybody either: who may read finds the words.
fn expect_canaries(read: &BTreeMap<&str, BTreeSet<String>>) {
    let expect = |user: &str, of: &str, what: &[&str]| {
        for what in what {
            assert!(
                read[user].contains(&word(of, what)),
                "{user} does not find {of} {what}: {:?}",
                read[user]
            );
        }
    };
    let texts = [
        "title",
        "summary",
        "category",
        "tag",
        "method",
        "timeline",
        "source",
        "cost",
        "comment",
        "content",
        "evidence",
        "custody",
        "problem",
        "why 1",
        "why 3",
        "support 2",
        "lesson",
        "lesson detail",
        "lesson tag",
        "action",
        "action detail",
        "measure",
    ];
    for user in ["manager", "auditor", "responder", "assigned", "listed"] {
        expect(user, "open", &texts);
        expect(user, "things", &["provides", "contact", "agreement", "plan", "description", "label", "note"]);
    }
    expect("listed", "shut", &texts);
    expect("listed", "shut", &["origin", "imported", "gap", "criteria", "minutes"]);
    expect("own-reporter", "open", &texts);
    expect("board", "open", &["title"]);
    expect("owner", "open", &["action", "action detail", "measure"]);
    for user in ["reporter", "board", "administrator", "owner"] {
        expect(user, "learn", &["lesson", "lesson detail"]);
    }
    for user in ["sales", "nobody", "gone", "token"] {
        assert!(read.get(user).is_none_or(BTreeSet::is_empty), "{user}: {:?}", read[user]);
    }
}

#[test]
fn a_search_for_what_is_hidden_finds_as_little_as_one_for_nothing() {
    let cage = Cage::new(&TestDatabase::sqlite());
    let hidden =
        ["zqshuttitle", "zqshutwhy1", "zqshutcomment", "zqshut*", "tag:zqshuttag", "category:zqshutcategory"];
    for (user, _) in crate::fixture::PEOPLE {
        let who = cage.site.enter(user);
        for query in hidden {
            let nothing = query.replace("zqshut", "xyshut");
            for path in [
                "/search",
                "/cases",
                "/cases/facets",
                "/cases/over-time",
                "/lessons",
                "/actions",
                "/reviews",
                "/cases/export/csv",
                "/api/v1/search",
                "/api/v1/cases",
                "/api/v1/cases/facets",
                "/api/v1/measures/volume",
            ] {
                let ask = |query: &str| {
                    let encoded =
                        percent_encoding::utf8_percent_encode(query, percent_encoding::NON_ALPHANUMERIC);
                    let answer = cage.site.get(&who, &format!("{path}?q={encoded}"));
                    let request = answer.header("x-request-id").to_owned();
                    let told = answer.text().replace(&request, "").replace("xyshut", "zqshut");
                    (answer.status, told)
                };
                assert_eq!(ask(query), ask(&nothing), "{user} asks {path} for {query}");
            }
        }
    }
}
