//! Whole stories told by programs, over the API alone: a phishing mail that taught something, and small things that
//! take a light review. They begin with a report and end with a case that is learned, or with a planned action.

use std::cell::Cell;

use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{Answer, Ask, PEOPLE, Site, Who, text};

nevertwice_testkit::on_each_engine!(
    a_phishing_mail_changes_a_filter_a_policy_and_a_risk_over_the_api,
    a_broken_lock_and_an_empty_reception_take_five_requests_each,
);

/// What the tokens are for: everything that their people may do.
const SCOPES: [&str; 5] = ["read", "report", "edit", "decide", "administer"];

/// A register, and a program of everybody that asks it with a token.
struct Programs {
    site: Site,
    tokens: Vec<(&'static str, Who)>,
    /// How many requests were sent.
    sent: Cell<u32>,
}

impl Programs {
    fn new(database: &TestDatabase) -> Self {
        let site = Site::new(database);
        site.add_people();
        let mut tokens = vec![("ada", site.token("ada", &SCOPES).0)];
        tokens.extend(PEOPLE.iter().map(|(user, _)| (*user, site.token(user, &SCOPES).0)));
        Self { site, tokens, sent: Cell::new(0) }
    }

    fn who(&self, user: &str) -> &Who {
        &self.tokens.iter().find(|(other, _)| *other == user).unwrap().1
    }

    fn send(&self, user: &str, ask: Ask) -> Answer {
        self.sent.set(self.sent.get() + 1);
        self.site.ask(&ask.by(self.who(user)))
    }

    /// Asks for something that is there.
    #[track_caller]
    fn get(&self, user: &str, path: &str) -> Value {
        let answer = self.send(user, Ask::get(&format!("/api/v1{path}"))).expect(200, path);
        assert_eq!(answer.header("content-type"), "application/json", "{path}");
        answer.json()
    }

    /// Makes a change that has to be made, and gives what stands there then.
    #[track_caller]
    fn post(&self, user: &str, path: &str, form: &Value) -> Value {
        let answer = self.send(user, change(path, form)).expect(200, &format!("{path} {form} by {user}"));
        assert_eq!(answer.header("content-type"), "application/json", "{path}");
        answer.json()
    }

    /// Makes a change that has to be refused, and gives the problem.
    #[track_caller]
    fn refused(&self, user: &str, path: &str, form: &Value, status: u16) -> Value {
        let answer = self.send(user, change(path, form)).expect(status, &format!("{path} {form} by {user}"));
        assert_eq!(answer.header("content-type"), "application/problem+json", "{path}");
        answer.json()
    }

    /// A link of the loop of a case.
    #[track_caller]
    fn link(&self, case: &str, link: &str) -> Value {
        let shown = self.get("ada", &format!("/cases/{case}"));
        let lines = shown["checklist"]["lines"].as_array().unwrap();
        lines.iter().find(|line| line["link"] == link).unwrap().clone()
    }
}

fn change(path: &str, form: &Value) -> Ask {
    Ask::post(&format!("/api/v1{path}")).body("application/json", form.to_string())
}

/// A serious phishing case, resolved.
fn phished(programs: &Programs) -> String {
    let report = json!({ "title": "Supplier invoice led to a login page that was not ours", "class": "incident",
        "severity": "4", "occurred": "2026-02-20", "detected": "2026-02-21" });
    let reported = programs.post("own-reporter", "/cases", &report);
    assert_eq!((&reported["state"], &reported["severity"]), (&json!("reported"), &json!(4)), "{reported}");
    let case = text(&reported, "reference");
    let of_case = |what: &str| format!("/cases/{case}/{what}");
    let classify = json!({ "class": "incident", "severity": "4", "category": "phishing" });
    programs.post("ada", &of_case("classification"), &classify);
    programs.post("ada", &of_case("response"), &json!({ "responder": "assigned" }));
    let resolved = programs.post("assigned", &of_case("resolution"), &json!({}));
    assert_eq!(resolved["category"], "phishing", "{resolved}");
    case
}

/// Its review, approved: two chains of causes, each of which ends where something can be changed.
fn review(programs: &Programs, case: &str) {
    let open = json!({ "problem": "Two people typed their passwords into a foreign page", "facilitator": "ada",
        "participants": "board\nsales" });
    let opened = programs.post("assigned", &format!("/cases/{case}/reviews"), &open);
    assert_eq!(opened["kind"], "full", "as deep as a serious incident asks for: {opened}");
    let review = text(&opened, "reference");
    let of_review = |what: &str| format!("/reviews/{review}/{what}");
    let why = |under: &str, statement: &str, kind: &str, end: &str| {
        let changeable = if end.is_empty() { "" } else { "yes" };
        let form = json!({ "under": under, "statement": statement, "kind": kind, "confidence": "confirmed",
            "evidence": "the log of the gateway", "changeable": changeable, "changeable_note": end });
        let answered = programs.post("assigned", &of_review("whys"), &form);
        let causes = answered["causes"].as_array().unwrap();
        text(causes.iter().find(|cause| cause["statement"] == statement).unwrap(), "number")
    };
    let filter = why("", "The web filter let a domain of the day before pass", "control", "");
    let weekly = "New domains are looked at once a week";
    why(&filter, weekly, "organisational_factor", "the filter blocks what is new");
    let believed = "A changed bank account of a supplier is believed without asking back";
    let believed = why("", believed, "organisational_factor", "");
    let onboarding = "Supplier onboarding says nothing about a changed account";
    why(&believed, onboarding, "organisational_factor", "the policy asks for a call back");
    let by_assigned = |what: &str, form: &Value| programs.post("assigned", &of_review(what), form);
    by_assigned("meeting", &json!({}));
    let well = json!({ "went_well": "the report came within minutes", "followed": "yes" });
    by_assigned("evaluation", &well);
    by_assigned("similar", &json!({ "finding": "none like it" }));
    let submitted = by_assigned("submission", &json!({}));
    assert_eq!((&submitted["state"], submitted["causes"].as_array().unwrap().len()), (&json!("drafted"), 4));
    let approved = programs.post("manager", &of_review("approval"), &json!({}));
    assert_eq!((&approved["state"], &approved["approved_by"]), (&json!("approved"), &json!("manager")));
}

fn drafted(programs: &Programs, case: &str, statement: &str) -> String {
    let path = format!("/cases/{case}/lessons");
    text(&programs.post("assigned", &path, &json!({ "statement": statement })), "reference")
}

/// An action for a lesson, planned within the days of the procedure.
fn planned(programs: &Programs, case: &str, lesson: &str, title: &str, kind: &str) -> String {
    let action = json!({ "lesson": lesson, "title": title, "purpose": "corrective", "kind": kind, "owner": "owner",
        "due_on": "2026-03-20", "check_measure": "clicks in the next test", "check_on": "2026-05-01" });
    let made = programs.post("assigned", &format!("/cases/{case}/actions"), &action);
    assert_eq!((&made["kind"], &made["owner"]), (&json!(kind), &json!("owner")), "{made}");
    text(&made, "reference")
}

/// Training alone is refused; what changes the filter and the policy is done. Gives the actions for the two.
fn act(programs: &Programs, case: &str) -> [String; 2] {
    let filter = drafted(programs, case, "A domain that is one day old is not to be trusted");
    let staff = planned(programs, case, &filter, "Train staff to spot phishing", "people");
    let approval = format!("/lessons/{filter}/approval");
    let refused = programs.refused("manager", &approval, &json!({}), 409);
    assert_eq!(refused["code"], "lesson.only_training", "{refused}");
    let not_doing = json!({ "reason": "people are not the filter", "until": "2027-01-01" });
    programs.post("manager", &format!("/actions/{staff}/not-doing"), &not_doing);
    let title = "Block domains younger than 30 days at the web filter";
    let block = planned(programs, case, &filter, title, "technical");
    programs.post("manager", &approval, &json!({}));
    let supplier = drafted(programs, case, "A changed bank account is confirmed by a second way");
    let title = "Write the call back into the supplier onboarding policy";
    let policy = planned(programs, case, &supplier, title, "procedural");
    programs.post("manager", &format!("/lessons/{supplier}/approval"), &json!({}));
    for action in [&block, &policy] {
        let shows = json!({ "evidence": "seen in the change log" });
        let done = programs.post("owner", &format!("/actions/{action}/completion"), &shows);
        assert_eq!(done["state"], "done", "{done}");
    }
    [block, policy]
}

/// What the case changed in two controls, each with how it was and how it is.
fn change_controls(programs: &Programs, case: &str, [block, policy]: &[String; 2]) {
    let failed = json!({ "control": "A.8.23", "performance": "failed", "note": "it let the page pass" });
    programs.post("assigned", &format!("/cases/{case}/controls"), &failed);
    for (control, before, after, action) in [
        ("A.8.23", "new domains pass", "domains younger than 30 days are blocked", block),
        ("A.5.19", "accounts are believed", "a changed account is confirmed by telephone", policy),
    ] {
        let form = json!({ "control": control, "before": before, "after": after, "action": action });
        let made = programs.post("manager", &format!("/cases/{case}/control-changes"), &form);
        let told = [&made["control"], &made["before"], &made["after"], &made["action"]];
        assert_eq!(told, [&json!(control), &json!(before), &json!(after), &json!(action)], "{made}");
    }
}

/// The case is not closed before its risk was looked at again; the risk turns out to be higher.
fn raise_and_close(programs: &Programs, case: &str, risk: &str) {
    let closure = format!("/cases/{case}/closure");
    let refused = programs.refused("manager", &closure, &json!({}), 409);
    assert_eq!(refused["code"], "case.loop_incomplete", "{refused}");
    let missing = format!("risk {risk} is linked to it and was not looked at");
    assert!(refused["detail"].as_str().unwrap().contains(&missing), "{refused}");
    let again =
        json!({ "likelihood": "3", "impact": "4", "why": "it worked twice in one week", "case": case });
    let raised = programs.post("manager", &format!("/risks/{risk}/assessments"), &again);
    let look = &raised["assessments"][0];
    let likelihood = (&look["likelihood_before"], &look["likelihood_after"]);
    assert_eq!(likelihood, (&json!(2), &json!(3)), "{look}");
    assert_ne!(look["band_before"], look["band_after"], "{look}");
    let closed = programs.post("manager", &closure, &json!({}));
    let state = (&closed["state"], &closed["checklist"]["learned"]);
    assert_eq!(state, (&json!("closed"), &json!(false)), "nobody knows yet whether it works");
}

fn a_phishing_mail_changes_a_filter_a_policy_and_a_risk_over_the_api(database: &TestDatabase) {
    let programs = Programs::new(database);
    let risk = json!({ "title": "Staff are talked into giving access away", "owner": "owner", "treatment": "mitigate",
        "likelihood": "2", "impact": "4", "why": "one case in three years" });
    let risk = text(&programs.post("manager", "/risks/new", &risk), "reference");
    let case = phished(&programs);
    programs.post("manager", &format!("/risks/{risk}/links"), &json!({ "case": case }));
    review(&programs, &case);
    let actions = act(&programs, &case);
    change_controls(&programs, &case, &actions);
    raise_and_close(&programs, &case, &risk);

    assert_eq!(programs.link(&case, "effectiveness")["state"], "not_yet_due");
    assert_eq!(
        programs.link(&case, "risks")["owed_by"],
        json!(["owner"]),
        "its owner has not accepted what remains"
    );
    let accepted = programs.post("owner", &format!("/risks/{risk}/acceptance"), &json!({}));
    assert_eq!(accepted["accepted_by"], "owner", "{accepted}");
    programs.site.clock.forward_hours(80 * 24);
    assert_eq!(programs.link(&case, "effectiveness")["state"], "missing");
    for action in &actions {
        let path = format!("/actions/{action}/judgement");
        let judge = json!({ "outcome": "effective", "evidence": "no click in two tests" });
        // Never whoever owes it.
        programs.refused("owner", &path, &judge, 403);
        let judged = programs.post("manager", &path, &judge);
        assert_eq!(judged["state"], "effective", "{judged}");
    }

    let learned = programs.get("ada", &format!("/cases/{case}"));
    let state = (&learned["state"], &learned["checklist"]["learned"]);
    assert_eq!(state, (&json!("closed"), &json!(true)), "{}", learned["checklist"]);
    let score = programs.get("ada", "/loop");
    assert_eq!((&score["score"]["due"], &score["score"]["learned"]), (&json!(1), &json!(1)), "{score}");
    let changes = programs.get("auditor", "/changes?limit=50");
    let kinds = changes["items"].as_array().unwrap().iter().map(|item| {
        assert_eq!(item["case"], json!(case), "{item}");
        item["control"]["control"].as_str().or(item["risk"]["risk"].as_str()).unwrap()
    });
    let kinds: Vec<&str> = kinds.collect();
    assert_eq!(kinds, [risk.as_str(), "A.5.19", "A.8.23"], "the latest first: {changes}");
    let found = programs.site.ok("ada", "verify_trail", json!({}));
    assert_eq!(found["findings"], json!([]));
}

/// From the report to a physical action that somebody owes, and then two approvals.
fn tell_light(programs: &Programs, [title, cause, lesson, action]: [&str; 4]) {
    let before = programs.sent.get();
    let report = json!({ "title": title, "class": "weakness" });
    let case = text(&programs.post("own-reporter", "/cases", &report), "reference");
    let classify = json!({ "class": "weakness", "severity": "1" });
    let triaged = programs.post("ada", &format!("/cases/{case}/classification"), &classify);
    let due = &triaged["reviews"][0];
    assert_eq!((&due["kind"], &due["state"]), (&json!("light"), &json!("due")), "{triaged}");
    let review = text(due, "reference");
    let light = json!({ "cause": cause, "lesson": lesson, "action": action, "action_kind": "physical",
        "owner": "owner" });
    let written = programs.post("ada", &format!("/reviews/{review}/light"), &light);
    assert_eq!(written["state"], "drafted", "{written}");
    let shown = programs.get("ada", &format!("/cases/{case}"));
    let planned = text(&shown["actions"][0], "reference");
    let planned = programs.get("ada", &format!("/actions/{planned}"));
    let told = [&planned["title"], &planned["kind"], &planned["owner"], &planned["state"]];
    assert_eq!(told, [&json!(action), &json!("physical"), &json!("owner"), &json!("open")], "{planned}");
    assert!(planned["due_on"].is_string(), "{planned}");
    let sent = programs.sent.get() - before;
    assert!(sent <= 5, "{title}: {sent} requests, two of which only read");

    programs.post("manager", &format!("/reviews/{review}/approval"), &json!({}));
    let lesson = text(&shown["lessons"][0], "reference");
    programs.post("manager", &format!("/lessons/{lesson}/approval"), &json!({}));
    assert_eq!(programs.link(&case, "review")["state"], "done");
    assert_eq!(programs.link(&case, "actions")["owed_by"], json!(["owner"]));
}

fn a_broken_lock_and_an_empty_reception_take_five_requests_each(database: &TestDatabase) {
    let programs = Programs::new(database);
    tell_light(
        &programs,
        [
            "Broken lock",
            "The lock is older than its warranty",
            "Locks are changed before they break",
            "Fit a new lock",
        ],
    );
    tell_light(
        &programs,
        [
            "Reception unmanned at lunchtime",
            "Nobody stands in at noon",
            "The desk has two people",
            "Fit a bell and a door opener",
        ],
    );
}
