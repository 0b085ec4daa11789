//! Everything that can be asked without naming a record, in every form that a query has.

use std::collections::BTreeSet;

use nevertwice_service::use_case;
use serde_json::{Value, json};

use super::marker;
use crate::fixture::{Register, Story};

/// Questions with their answers, refusals included.
pub(super) type Answers = Vec<(String, String)>;

/// Asks every reading use case everything.
pub(super) fn ask_everything(register: &Register, user: &str, twin: &Story, canary: &Story) -> Answers {
    let mut answers = Answers::new();
    let mut ask = |name: &str, input: Value| {
        let question = format!("{name} {input}");
        let answer = match register.ask(user, name, input) {
            Ok(outcome) => outcome.to_string(),
            Err(error) => serde_json::to_string(&error).unwrap(),
        };
        answers.push((question, answer));
    };
    for query in queries(canary) {
        for list in ["list_cases", "list_actions", "list_lessons", "list_reviews"] {
            ask(list, json!({ "query": query, "limit": 50 }));
        }
        ask("search", json!({ "query": query, "limit": 50, "offset": 0 }));
        ask("facets", json!({ "query": query, "limit": 50 }));
        let by = ["class", "state", "category", "severity", "month"];
        ask("measure_volume", json!({ "query": query, "by": by, "date": "earliest", "register": false }));
        ask("show_loop", json!({ "query": query, "by": "category" }));
    }
    for by in ["owner", "class", "severity"] {
        ask("show_loop", json!({ "query": "", "by": by }));
    }
    for sort in ["relevance", "reference", "-registered", "reported", "severity", "due"] {
        ask("list_cases", json!({ "query": "", "limit": 50, "sort": sort }));
    }
    for gap in ["orphan", "stale"] {
        ask("list_lesson_gaps", json!({ "gap": gap, "limit": 50 }));
    }
    for open in [false, true] {
        ask("list_awareness", json!({ "open": open, "limit": 50 }));
    }
    ask("show_awareness", json!({ "item": "AWR-2026-0001" }));
    ask("list_decide_again", json!({ "limit": 50 }));
    for person in [None, Some("owner"), Some("assigned")] {
        ask("list_owed", json!({ "person": person }));
    }
    for name in ["list_suppliers", "list_assets", "list_fields", "list_people", "list_imports"] {
        ask(name, json!({}));
    }
    for name in ["show_self", "list_tokens", "list_sessions", "show_mail_preferences", "list_drafts"] {
        ask(name, json!({}));
    }
    for name in ["show_procedure", "list_procedures", "show_work"] {
        ask(name, json!({}));
    }
    ask("show_procedure_version", json!({ "procedure": "PRC-0001" }));
    for name in ["list_controls", "list_changes", "list_risks"] {
        ask(name, json!({ "limit": 50 }));
    }
    for control in ["A.8.16", "A.5.27", "C-1"] {
        ask("show_control", json!({ "control": control }));
    }
    ask("show_risk", json!({ "risk": "RSK-0001" }));
    ask("show_invitation", json!({ "secret": "ABCD-EFGH" }));
    ask("may_report_openly", json!({}));
    ask("show_receipt", json!({ "receipt": "ABCD-EFGH" }));
    ask("show_supplier", json!({ "supplier": "Northwind" }));
    ask("show_asset", json!({ "asset": "Ranker" }));
    for name in ["show_draft", "drop_draft"] {
        ask(name, json!({ "address": "/report" }));
    }
    for record in canary.references() {
        let draft = json!({ "address": "/a", "title": "A", "record": record, "fields": [] });
        ask("keep_draft", draft);
    }
    for Story { case, review, lesson, action } in [twin, canary] {
        ask("find_similar", json!({ "case": case, "limit": 10 }));
        ask("find_similar_lessons", json!({ "case": case, "text": marker("lesson"), "limit": 10 }));
        ask("show_case", json!({ "case": case }));
        ask("find_evidence", json!({ "case": case, "evidence": "none" }));
        ask("show_activity", json!({ "case": case, "limit": 100 }));
        ask("show_review", json!({ "review": review }));
        ask("show_lesson", json!({ "lesson": lesson }));
        ask("show_action", json!({ "action": action }));
    }
    answers
}

/// Asks what counts everything there is, and so changes with every case: only its words can be looked at.
pub(super) fn ask_what_counts(register: &Register, user: &str) -> Answers {
    let figures = json!({ "query": "", "by": ["category", "class"], "date": "earliest", "register": true });
    let asked = [
        ("measure_volume", figures),
        ("say_do", json!({})),
        ("show_settings", json!({})),
        ("verify_trail", json!({})),
        ("show_trail_head", json!({})),
        ("make_checkpoint", json!({})),
        ("doctor", json!({})),
    ];
    let answers = asked.map(|(name, input)| match register.ask(user, name, input) {
        Ok(outcome) => (name.to_owned(), outcome.to_string()),
        Err(error) => (name.to_owned(), serde_json::to_string(&error).unwrap()),
    });
    answers.to_vec()
}

/// First words of use cases that change something: what they refuse is looked at with the access matrix.
const CHANGES: [&str; 61] = [
    "accept",
    "answer",
    "change",
    "end",
    "enter",
    "invite",
    "revoke",
    "sign",
    "add",
    "approve",
    "check",
    "classify",
    "close",
    "complete",
    "confirm",
    "create",
    "decide",
    "disable",
    "edit",
    "hand",
    "hold",
    "import",
    "link",
    "move",
    "new",
    "not",
    "part",
    "plan",
    "rate",
    "rebuild",
    "remove",
    "reopen",
    "report",
    "resolve",
    "respond",
    "restrict",
    "retire",
    "schedule",
    "send",
    "set",
    "settle",
    "start",
    "submit",
    "undo",
    "void",
    "waive",
    "export",
    "acknowledge",
    "cover",
    "publish",
    "renew",
    "take",
    "unlink",
    "withdraw",
    "draft",
    "evaluate",
    "write",
    "assess",
    "declare",
    "dismiss",
    "record",
];

/// The use cases that tell something and are not among those that were asked. Bundles have a test of their own.
pub(super) fn unasked(asked: &BTreeSet<String>) -> Vec<&'static str> {
    use_case::names()
        .filter(|name| !CHANGES.contains(&name.split('_').next().unwrap_or_default()))
        .filter(|name| !asked.contains(*name))
        .collect()
}

fn queries(canary: &Story) -> Vec<String> {
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
        "evidence",
        "custody",
        "problem",
        "why 1",
        "support 1",
        "end",
        "link support",
        "dismissal",
        "searched",
        "finding",
        "lesson",
        "lesson detail",
        "action",
        "action detail",
        "measure",
    ];
    let words = texts.map(marker).into_iter();
    let references = canary.references().into_iter().flat_map(|r| [r.to_owned(), format!("reference:{r}")]);
    let fields = [
        format!("title:{}", marker("title")),
        format!("\"{} turbine\"", marker("title")),
        format!("cause:{}", marker("why 1")),
        format!("lesson:{}", marker("lesson")),
        format!("tag:{}*", marker("tag")),
        format!("category:{}*", marker("category")),
        format!("field.region:{}", marker("region")),
        // One letter off: only what somebody may see can be what they meant.
        marker("title").replace("title", "titel"),
    ];
    let forms = [
        "",
        "zq*",
        "title:zq*",
        "turbine",
        "turbin",
        "\"turbine gearbox\"",
        "-plaintitle",
        "NOT plaintitle",
        "turbine OR zqtitle*",
        "(turbine gearbox) -plaintitle",
        "restricted:yes",
        "restricted:no",
        "-restricted:no",
        "kind:case",
        "kind:action",
        "kind:review",
        "kind:lesson",
        "class:incident",
        "state:open",
        "state:resolved,in_review",
        "severity:>=4",
        "has:evidence",
        "has:cost",
        "no:gap",
        "overdue:no",
        "occurred:2026-02-20",
        "detected:2026-02",
        "reported:today",
        "registered:<2d",
        "due:<60d",
        "check:2026-06",
        "owner:owner",
        "owner:me",
        "reporter:own-reporter",
        "reporter:me",
        "supplier:Northwind",
        "asset:Ranker",
        "origin:native",
        "decision:undecided",
        "nonsense:(",
    ];
    words.chain(references).chain(fields).chain(forms.map(str::to_owned)).collect()
}
