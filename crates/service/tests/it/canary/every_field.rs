//! A word in every field: the texts that the story of one case does not have, and the proof that no text is forgotten.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use nevertwice_domain::case::{
    AiImpact, AiStage, Confidentiality, DatasetExposure, Integrity, Quality, SupplyChain,
};
use nevertwice_domain::text::{Line, Prose};
use nevertwice_store::trailed_columns;
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use super::{Cage, MARK, marker};
use crate::fixture::{Register, Story, text};

nevertwice_testkit::on_each_engine!(every_text_of_the_restricted_cases_has_its_word);

/// A case brought in from elsewhere, with gaps, restricted to Ada: gives its reference.
pub(super) fn import(register: &Register) -> String {
    let log = register.beside("old.csv");
    let row = format!("{},{},2024-05-17,{}", marker("origin"), marker("imported"), marker("gap"));
    fs::write(&log, format!("Ticket,Title,Reported,Severity\n{row}\n")).unwrap();
    let map = register.beside("map.toml");
    fs::write(&map, "[[column]]\nsource = \"Severity\"\ntarget = \"severity\"\n").unwrap();
    let import = json!({ "file": log, "map": map, "update": false, "dry_run": false });
    let done = register.ok("ada", "import_spreadsheet", import);
    assert_eq!(done["created"], 1, "{done}");
    let found = register.ok("ada", "list_cases", json!({ "query": "origin:import", "limit": 5 }));
    let case = text(&found["items"][0], "reference");
    let shown = register.ok("ada", "show_case", json!({ "case": case }));
    let gap = shown["gaps"].as_array().unwrap().iter().find(|gap| gap["detail"].is_string()).unwrap();
    let settle =
        json!({ "case": case, "gap": gap["id"], "filled": true, "settlement": marker("settlement") });
    register.ok("ada", "settle_gap", settle);
    register.ok("ada", "restrict_case", json!({ "case": case, "readers": [] }));
    case
}

/// A case that lives through everything, and one that is void, both restricted: gives their references.
pub(super) fn live_through(register: &Register) -> Vec<String> {
    let story = Story::tell(register, &|what| format!("{} turbine gearbox", marker(&format!("life {what}"))));
    facts(register, &story);
    let mut references: Vec<String> = story.references().map(str::to_owned).to_vec();
    finish(register, &story);
    story.restrict_to(register, &["listed"]);
    references.extend(given_up(register));
    references
}

fn facts(register: &Register, story: &Story) {
    let (case, lesson, action) = (&story.case, &story.lesson, &story.action);
    let decide = json!({ "case": case, "decision": "incident", "criteria": marker("criteria") });
    register.ok("ada", "decide_case", decide);
    let edit = json!({ "case": case, "ai_impact": { "to": impact() }, "fields": [["region", marker("life region")]] });
    register.ok("ada", "edit_case", edit);
    let link = json!({ "link": format!("https://example.org/{}", marker("link")) });
    let evidence =
        json!({ "case": case, "source": link, "custody": marker("link custody"), "legal_hold": true });
    register.ok("assigned", "add_evidence", evidence);
    let performance = json!({
        "case": case, "control": "A.8.16", "performance": "failed", "note": marker("performance"),
    });
    register.ok("assigned", "add_performance", performance);
    let change = json!({
        "case": case, "control": "A.8.16", "before": marker("control before"), "after": marker("control after"),
    });
    register.ok("ada", "new_control_change", change);
    let declared = json!({ "case": case, "link": "similar", "reason": marker("not needed") });
    register.ok("assigned", "declare_not_needed", declared);
    let tags = json!({ "lesson": lesson, "tags": [marker("lesson tag")] });
    register.ok("assigned", "edit_lesson", tags);
    for (owner, field) in [(json!({ "lesson": lesson }), "hint"), (json!({ "action": action }), "ticket")] {
        let values = json!({ "owner": owner, "values": [[field, marker(field)]] });
        register.ok("ada", "set_fields", values);
    }
}

/// The one block with texts of its own: a field that is new does not compile until it has its word here.
fn impact() -> AiImpact {
    let line = |what: &str| -> Line { marker(what).parse().unwrap() };
    let prose = |what: &str| -> Prose { marker(what).parse().unwrap() };
    let dataset = DatasetExposure {
        dataset: line("dataset"),
        version: Some(line("dataset version")),
        records: None,
        people: None,
        contracts: Some(prose("contracts")),
    };
    AiImpact {
        stages: vec![AiStage::Train],
        confidentiality: Some(Confidentiality {
            datasets: vec![dataset],
            weights: false,
            prompts: false,
            embeddings: false,
        }),
        integrity: Some(Integrity {
            poisoning_suspected: true,
            backdoor_suspected: false,
            share_basis_points: None,
            from: None,
            until: None,
            checkpoint_before: Some(line("before")),
            checkpoint_after: Some(line("after")),
            metric: Some(line("metric")),
            metric_before: Some(line("metric before")),
            metric_after: Some(line("metric after")),
        }),
        quality: Some(Quality {
            from: None,
            until: None,
            metric: Some(line("quality")),
            threshold: Some(line("threshold")),
        }),
        supply_chain: Some(SupplyChain {
            layer: None,
            supplier_knew: None,
            supplier_told: None,
            supplier_fixed: None,
            contract_hours: None,
            contingency_plan_used: None,
        }),
        decision: None,
        decision_proof: Some(prose("proof")),
    }
}

/// Through review, action and check to the end, and open again.
fn finish(register: &Register, story: &Story) {
    let Story { case, review, lesson, action } = story;
    let set = json!({ "review": review, "on": "2026-03-05", "questions": [marker("question")] });
    register.ok("assigned", "schedule_review", set);
    let hold = json!({ "review": review, "participants": ["board", "sales"], "minutes": { "to": marker("minutes") } });
    register.ok("assigned", "hold_review", hold);
    register.ok("assigned", "submit_review", json!({ "review": review }));
    register.ok("manager", "approve_review", json!({ "review": review }));
    let strength = json!({ "action": action, "strength": "engineer", "reason": marker("strength") });
    register.ok("assigned", "rate_strength", strength);
    let later = json!({ "action": action, "due_on": "2026-05-01", "reason": marker("move") });
    register.ok("assigned", "move_action", later);
    let cover = json!({
        "lesson": lesson, "kind": "control_change", "covered_by": "A.8.16", "reason": marker("cover reason"),
    });
    register.ok("assigned", "cover_lesson", cover);
    register.ok("ada", "approve_coverage", json!({ "lesson": lesson }));
    register.ok("ada", "approve_lesson", json!({ "lesson": lesson }));
    register.ok("assigned", "confirm_lesson", json!({ "lesson": lesson }));
    register.ok("owner", "complete_action", json!({ "action": action, "evidence": marker("completion") }));
    let check = json!({ "action": action, "outcome": "effective", "evidence": marker("check"),
        "early_reason": marker("early") });
    register.ok("ada", "check_action", check);
    register.ok("ada", "close_case", json!({ "case": case }));
    let reopen = json!({ "case": case, "to_response": false, "reason": marker("reopening") });
    register.ok("ada", "reopen_case", reopen);
}

/// A case whose review is waived, whose lesson is retired, whose action is not done, and that is void in the end.
fn given_up(register: &Register) -> [String; 4] {
    let story = Story::tell(register, &|what| marker(&format!("void {what}")));
    let Story { case, review, lesson, action } = &story;
    register.ok("manager", "waive_review", json!({ "review": review, "reason": marker("waiver") }));
    let not_doing = json!({ "action": action, "reason": marker("not doing"), "until": "2027-01-01" });
    register.ok("ada", "not_doing_action", not_doing);
    register.ok("ada", "retire_lesson", json!({ "lesson": lesson, "reason": marker("retirement") }));
    register.ok("ada", "void_case", json!({ "case": case, "reason": marker("void") }));
    story.restrict_to(register, &["listed"]);
    story.references().map(str::to_owned)
}

/// A text column that is new gets a word here, or in the store's inventory a reason why nobody writes words into it.
fn every_text_of_the_restricted_cases_has_its_word(database: &TestDatabase) {
    let cage = Cage::new(database);
    cage.add_canaries();
    let texts = disclosed(&cage.register);
    let columns: Vec<_> =
        trailed_columns().filter(|column| column.is_text && column.hangs_on_a_case()).collect();
    assert!(columns.len() > 60, "the inventory is not whole: {}", columns.len());
    let mut wrong = Vec::new();
    for column in columns {
        let place = (column.table.to_owned(), column.column.to_owned());
        let told = texts.get(&place).is_some_and(|values| values.iter().any(|value| value.contains(MARK)));
        let excused = column.no_own_words;
        if told == excused.is_some() {
            wrong.push(format!("{}.{}: word {told}, excuse {excused:?}", column.table, column.column));
        }
    }
    assert!(wrong.is_empty(), "these have no word and no excuse, or both:\n{}", wrong.join("\n"));
}

/// What the trail knows of the records of cases, by table and column: read from a bundle of somebody who may read all.
fn disclosed(register: &Register) -> BTreeMap<(String, String), BTreeSet<String>> {
    let out = register.beside("everything.bundle");
    register.ok("ada", "export_bundle", json!({ "cases": [], "out": out }));
    let mut texts: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for line in fs::read_to_string(out).unwrap().lines() {
        let Some(opened) = line.strip_prefix("open ") else { continue };
        let opened: BTreeMap<String, Value> = serde_json::from_str(opened).unwrap();
        for (field, value) in opened {
            let (table, column) = (field.split('/').next().unwrap(), field.rsplit('/').next().unwrap());
            let place = (table.to_owned(), column.to_owned());
            texts.entry(place).or_default().insert(value.to_string());
        }
    }
    texts
}
