//! An input for every use case, about the case of a scene.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::{Value, json};

use crate::fixture::{CALLERS, Register, Story};

/// A case in one of the three situations, and what else an input has to name.
pub(super) struct Scene {
    pub(super) name: &'static str,
    pub(super) story: Story,
    pub(super) shuts_out: bool,
    /// The need-to-know list to set; none leaves the case open.
    readers: Option<Vec<&'static str>>,
    other_case: String,
    import_run: String,
    /// A version of the procedure that nobody of the callers wrote, and that awaits approval.
    procedure: String,
    token: String,
    /// An awareness item for everybody.
    awareness: String,
    spreadsheet: PathBuf,
    scratch: PathBuf,
}

impl Scene {
    /// An open case, a restricted one, and one that is restricted to everybody.
    pub(super) fn all(register: &Register) -> Vec<Self> {
        let title = json!({ "title": "another case", "class": "event" });
        let other = register.ok("ada", "report_case", title);
        register.add_person("spare", &["reporter"]);
        let token = register.ok("ada", "new_token", json!({ "person": "spare", "label": "theirs" }));
        register.ok("ada", "new_supplier", json!({ "name": "Northwind" }));
        register.ok("ada", "new_asset", json!({ "kind": "model", "name": "Ranker" }));
        register.ok("ada", "new_control", json!({ "title": "Two people enter" }));
        let risk = json!({
            "title": "the lock gives way", "owner": "owner", "treatment": "mitigate", "likelihood": 4, "impact": 3,
            "why": "it is old",
        });
        register.ok("ada", "new_risk", risk);
        register.ok("owner", "accept_risk", json!({ "risk": "RSK-0001" }));
        let spreadsheet = register.beside("log.csv");
        fs::write(&spreadsheet, "Ticket,Title,Reported\nT-1,A case from before,2024-05-17\n").unwrap();
        let run = register.ok("ada", "import_spreadsheet", spreadsheet_input(&spreadsheet, false));
        let draft = register.ok("ada", "draft_procedure", json!({ "summary": "our own days" }));
        register.ok("ada", "submit_procedure", json!({ "procedure": draft["reference"] }));
        let awareness = awareness(register, other["reference"].as_str().unwrap());
        let scene = |name, shuts_out, readers: Option<Vec<&'static str>>| {
            let story = Story::tell(register, &|what| format!("a {what}"));
            if let Some(readers) = &readers {
                story.restrict_to(register, readers);
            }
            Self {
                name,
                story,
                shuts_out,
                readers,
                other_case: other["reference"].as_str().unwrap().to_owned(),
                import_run: run["run"].as_str().unwrap().to_owned(),
                procedure: draft["reference"].as_str().unwrap().to_owned(),
                token: token["id"].as_str().unwrap().to_owned(),
                awareness: awareness.clone(),
                spreadsheet: spreadsheet.clone(),
                scratch: register.beside("out"),
            }
        };
        let everybody: Vec<&'static str> = CALLERS[1..].iter().map(|caller| caller.user()).collect();
        vec![
            scene("open", false, None),
            scene("restricted, shut out", true, Some(Vec::new())),
            scene("restricted, on the list", false, Some(everybody)),
        ]
    }

    /// The same with references that nothing has.
    pub(super) fn with_absent_references(&self) -> Self {
        let story = Story {
            case: "CASE-2026-9999".to_owned(),
            review: "PIR-2026-9999".to_owned(),
            lesson: "LSN-2026-9999".to_owned(),
            action: "ACT-2026-9999".to_owned(),
        };
        Self {
            story,
            readers: self.readers.clone(),
            other_case: self.other_case.clone(),
            import_run: self.import_run.clone(),
            procedure: self.procedure.clone(),
            token: self.token.clone(),
            awareness: self.awareness.clone(),
            spreadsheet: self.spreadsheet.clone(),
            scratch: self.scratch.clone(),
            ..*self
        }
    }

    /// A path where nothing lies yet.
    fn fresh_path(&self) -> PathBuf {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        fs::create_dir_all(&self.scratch).unwrap();
        self.scratch.join(number.to_string())
    }
}

/// An awareness item for everybody, of a lesson that an accepted risk covers: gives its reference.
fn awareness(register: &Register, case: &str) -> String {
    let draft = json!({ "case": case, "statement": "call back on a number that you know", "tags": [] });
    let lesson = register.ok("ada", "new_lesson", draft)["reference"].clone();
    let cover = json!({
        "lesson": lesson, "kind": "accepted_risk", "covered_by": "RSK-0001", "reason": "the room is locked",
    });
    register.ok("ada", "cover_lesson", cover);
    for step in ["approve_coverage", "approve_lesson"] {
        register.ok("manager", step, json!({ "lesson": lesson }));
    }
    let publish = json!({
        "lesson": lesson, "title": "Call back", "text": "on a number that you know", "audience": "everybody",
        "due_on": "2026-12-01",
    });
    register.ok("ada", "publish_awareness", publish)["reference"].as_str().unwrap().to_owned()
}

/// The input of a use case.
pub(super) fn input(name: &str, scene: &Scene) -> Value {
    let Story { case, review, lesson, action } = &scene.story;
    about_register(name, scene)
        .or_else(|| about_oneself(name, scene))
        .or_else(|| about_case(name, scene, case))
        .or_else(|| about_review(name, review))
        .or_else(|| about_procedure(name, &scene.procedure))
        .or_else(|| about_lesson(name, lesson, case))
        .or_else(|| about_action(name, action))
        .unwrap_or_else(|| panic!("{name} has no input here"))
}

fn about_register(name: &str, scene: &Scene) -> Option<Value> {
    let query = || json!({ "query": "", "limit": 20, "offset": 0 });
    Some(match name {
        "new_person" => json!({ "name": "Newcomer", "kind": "person", "roles": [] }),
        "list_owed" => json!({ "person": "spare" }),
        "hand_over_everything" => json!({ "person": "spare", "to": "ada" }),
        "show_awareness" | "acknowledge_awareness" => json!({ "item": scene.awareness }),
        "withdraw_awareness" => json!({ "item": scene.awareness, "reason": "out of date" }),
        "list_awareness" | "list_decide_again" => json!({ "limit": 20 }),
        "list_lesson_gaps" => json!({ "gap": "orphan", "limit": 20 }),
        "confirm_person" | "disable_person" => json!({ "person": "spare" }),
        "new_token" => json!({ "person": "spare", "label": "for a test" }),
        "new_supplier" => json!({ "name": "Contoso" }),
        "show_supplier" => json!({ "supplier": "Northwind" }),
        "edit_supplier" => json!({ "supplier": "Northwind", "provides": { "to": "labels" } }),
        "new_asset" => json!({ "kind": "dataset", "name": "Mails" }),
        "new_asset_version" => json!({ "asset": "Ranker", "label": "1.0" }),
        "show_asset" => json!({ "asset": "Ranker" }),
        "edit_asset" => json!({ "asset": "Ranker", "description": { "to": "ranks" } }),
        "new_field" => json!({ "subject": "case", "label": "Region", "kind": "text", "choices": [] }),
        "show_control" => json!({ "control": "A.8.16" }),
        "new_control" => json!({ "title": "Two people release weights" }),
        "edit_control" => json!({ "control": "A.8.16", "status": "planned" }),
        "retire_control" => json!({ "control": "C-1", "reason": "A.8.4 covers it" }),
        "list_changes" | "list_risks" => json!({ "limit": 20 }),
        "show_risk" | "reopen_risk" | "accept_risk" => json!({ "risk": "RSK-0001" }),
        "new_risk" => json!({
            "title": "weights leave", "owner": "owner", "treatment": "mitigate", "likelihood": 2, "impact": 3,
            "why": "they are on one disk",
        }),
        "edit_risk" => json!({ "risk": "RSK-0001", "treatment": "share" }),
        "assess_risk" => {
            json!({ "risk": "RSK-0001", "likelihood": 1, "impact": 1, "why": "there is an alarm" })
        }
        "link_risk" => json!({ "risk": "RSK-0001", "control": "A.8.16" }),
        "close_risk" => json!({ "risk": "RSK-0001", "reason": "no weights are kept" }),
        "report_case" => json!({ "title": "one more case" }),
        "list_cases" | "list_actions" | "list_lessons" | "list_reviews" | "search" | "facets" => query(),
        "edit_settings" => json!({ "company": "Example", "add_categories": [], "remove_categories": [] }),
        "show_loop" => json!({}),
        "measure_volume" => json!({ "by": ["year"], "date": "earliest", "query": "", "register": false }),
        "show_settings" | "list_people" | "list_suppliers" | "list_assets" | "list_fields"
        | "list_controls" | "list_imports" | "rebuild_index" | "verify_trail" | "make_checkpoint"
        | "show_trail_head" | "doctor" => json!({}),
        "export_bundle" => json!({ "cases": [scene.story.case], "out": scene.fresh_path() }),
        "export_archive" => json!({ "out": scene.fresh_path(), "views": true }),
        "create_backup" => json!({ "out": scene.fresh_path(), "with_keys": false }),
        "import_spreadsheet" => spreadsheet_input(&scene.spreadsheet, true),
        "import_veris" => {
            json!({ "path": scene.spreadsheet, "strict": false, "update": false, "dry_run": true })
        }
        "undo_import" => json!({ "run": scene.import_run, "reason": "a trial" }),
        _ => return None,
    })
}

fn about_oneself(name: &str, scene: &Scene) -> Option<Value> {
    Some(match name {
        "new_own_token" => json!({ "label": "for a test" }),
        "revoke_token" => json!({ "id": scene.token }),
        "invite" => json!({ "person": "spare" }),
        "show_self"
        | "list_tokens"
        | "show_mail_preferences"
        | "list_sessions"
        | "end_other_sessions"
        | "sign_out"
        | "may_report_openly"
        | "start_second_factor" => json!({}),
        "keep_draft" => {
            json!({ "address": "/report", "title": "Report", "record": null, "fields": [["title", "a"]] })
        }
        "list_drafts" => json!({}),
        "show_draft" | "drop_draft" => json!({ "address": "/report" }),
        "set_mail_preferences" => json!({ "on": true }),
        "end_session" => json!({ "id": "01955000-0000-7000-8000-000000000000" }),
        "new_sign_in_link" => json!({ "person": null }),
        "change_password" => json!({ "current": "a guess at it", "new": "nine geese in a row" }),
        "confirm_second_factor" => json!({ "code": "123456" }),
        "remove_second_factor" => json!({ "password": "a guess at it" }),
        "sign_in" => json!({ "email": "ada@example.org", "password": "a guess at it" }),
        "show_invitation" | "enter_by_link" => json!({ "secret": "ABCD-EFGH" }),
        "report_openly" => json!({ "title": "a lock is broken" }),
        "show_receipt" => json!({ "receipt": "ABCD-EFGH" }),
        "answer_by_receipt" => json!({ "receipt": "ABCD-EFGH", "text": "the left one" }),
        "accept_invitation" => {
            json!({ "secret": "ABCD-EFGH", "email": "ada@example.org", "password": "nine geese in a row" })
        }
        _ => return None,
    })
}

fn about_case(name: &str, scene: &Scene, case: &str) -> Option<Value> {
    Some(match name {
        "show_case" | "respond_to_case" | "resolve_case" | "close_case" => json!({ "case": case }),
        "show_activity" => json!({ "case": case, "limit": 20 }),
        "edit_case" => json!({ "case": case, "title": "another title" }),
        "set_fields" => json!({ "owner": { "case": case }, "values": [] }),
        "classify_case" => json!({ "case": case, "class": "incident" }),
        "decide_case" => json!({ "case": case, "decision": "incident", "criteria": "harm was done" }),
        "reopen_case" => json!({ "case": case, "to_response": false, "reason": "there is more" }),
        "void_case" => json!({ "case": case, "reason": "a mistake" }),
        "restrict_case" => json!({ "case": case, "readers": scene.readers }),
        "part_of_case" => json!({ "case": case, "parent": scene.other_case }),
        "add_timeline_entry" => {
            json!({ "case": case, "kind": "detected", "occurred": "2026-02-21", "text": "seen" })
        }
        "add_cost" => json!({
            "case": case, "kind": "legal", "basis": "actual", "amount": { "minor": 100, "currency": "EUR" },
        }),
        "add_comment" => json!({ "case": case, "text": "a remark" }),
        "add_evidence" => json!({
            "case": case, "source": { "link": "https://example.org/log" }, "legal_hold": false,
        }),
        "find_evidence" => json!({ "case": case, "evidence": "none" }),
        "settle_gap" => json!({ "case": case, "gap": "0", "filled": true, "settlement": "found out" }),
        "find_similar_lessons" => json!({ "case": case, "limit": 5 }),
        "find_similar" => json!({ "case": case, "limit": 5 }),
        "declare_not_needed" => json!({ "case": case, "link": "risks", "reason": "none of them changes" }),
        "approve_declaration" | "remove_declaration" => json!({ "case": case, "link": "controls" }),
        "add_performance" | "edit_performance" => {
            json!({ "case": case, "control": "A.8.16", "performance": "failed" })
        }
        "remove_performance" => json!({ "case": case, "control": "A.8.16" }),
        "new_control_change" => {
            json!({ "case": case, "control": "A.8.16", "before": "nobody looks", "after": "an alarm rings" })
        }
        "new_review" => json!({ "case": case, "participants": [] }),
        "new_lesson" => json!({ "case": case, "statement": "look twice", "tags": [] }),
        "new_action" => json!({
            "case": case, "title": "do something", "purpose": "corrective", "kind": "technical",
            "owner": "owner", "due_on": "2026-04-10",
        }),
        _ => return None,
    })
}

fn about_review(name: &str, review: &str) -> Option<Value> {
    Some(match name {
        "show_review" | "submit_review" | "approve_review" => json!({ "review": review }),
        "send_review_back" => json!({ "review": review, "reason": "one why is missing" }),
        "schedule_review" => json!({ "review": review, "on": "2026-03-05" }),
        "hold_review" => json!({ "review": review, "participants": ["board", "sales"] }),
        "evaluate_review" => json!({ "review": review, "went_well": "the alarm", "followed": "yes" }),
        "write_light_review" => json!({
            "review": review, "cause": "the lock is old", "lesson": "locks age", "action": "replace the lock",
            "action_kind": "physical",
        }),
        "waive_review" => json!({ "review": review, "reason": "nothing to learn" }),
        "add_why" => json!({ "review": review, "statement": "nobody looked", "of_problem": true }),
        "edit_why" => json!({ "review": review, "number": "1", "primary": true }),
        "move_why" => json!({ "review": review, "number": "1" }),
        "remove_why" => json!({ "review": review, "number": "1" }),
        "link_causes" => json!({ "review": review, "cause": "2", "effect": "0" }),
        "edit_cause_link" => json!({ "review": review, "cause": "1", "effect": "0", "kind": "made_worse" }),
        // The place on the ladder: whoever may is told that it stays, and everybody else what they are told elsewhere.
        "remove_cause_link" => json!({ "review": review, "cause": "2", "effect": "1" }),
        "dismiss_finding" => {
            json!({ "review": review, "cause": "3", "rule": "cause.leaf_open", "reason": "a drill" })
        }
        "record_similar" => json!({ "review": review, "hits": [], "finding": "none like it" }),
        _ => return None,
    })
}

fn about_procedure(name: &str, procedure: &str) -> Option<Value> {
    Some(match name {
        "show_procedure" | "list_procedures" | "say_do" | "show_work" => json!({}),
        "draft_procedure" => json!({ "summary": "other days" }),
        "edit_procedure" => json!({ "procedure": procedure, "summary": "other days still" }),
        "show_procedure_version" | "submit_procedure" | "send_procedure_back" | "approve_procedure" => {
            json!({ "procedure": procedure })
        }
        "withdraw_procedure" => json!({ "procedure": procedure, "reason": "no need" }),
        _ => return None,
    })
}

fn about_lesson(name: &str, lesson: &str, case: &str) -> Option<Value> {
    Some(match name {
        "show_lesson" | "approve_lesson" => json!({ "lesson": lesson }),
        "edit_lesson" => json!({ "lesson": lesson, "statement": "look three times" }),
        "link_lesson" => json!({ "lesson": lesson, "case": case }),
        "approve_coverage" | "confirm_lesson" => json!({ "lesson": lesson }),
        "cover_lesson" => json!({
            "lesson": lesson, "kind": "accepted_risk", "covered_by": "RSK-0001", "reason": "the room is locked",
        }),
        "unlink_lesson" => json!({ "lesson": lesson, "case": case }),
        "publish_awareness" => json!({
            "lesson": lesson, "title": "Look twice", "text": "before you send", "audience": "everybody",
            "due_on": "2026-12-01",
        }),
        "retire_lesson" => json!({ "lesson": lesson, "reason": "out of date" }),
        _ => return None,
    })
}

fn about_action(name: &str, action: &str) -> Option<Value> {
    Some(match name {
        "show_action" | "start_action" | "reopen_action" => json!({ "action": action }),
        "move_action" => json!({ "action": action, "due_on": "2026-06-01", "reason": "parts are late" }),
        "hand_over_action" => json!({ "action": action, "owner": "responder" }),
        "complete_action" => json!({ "action": action, "evidence": "the alarm rang" }),
        "not_doing_action" => json!({ "action": action, "reason": "too dear", "until": "2027-01-01" }),
        "renew_not_doing" => json!({ "action": action, "reason": "still too dear", "until": "2028-01-01" }),
        "take_up_action" => {
            json!({ "action": action, "due_on": "2026-08-01", "reason": "there is money now" })
        }
        "set_action_cost" => json!({
            "action": action, "planned": { "to": { "minor": 100, "currency": "EUR" } },
        }),
        "rate_strength" => json!({ "action": action, "strength": "engineer", "reason": "it is a lock" }),
        "plan_check" => json!({ "action": action, "measure": "alarms", "planned_on": "2026-05-10" }),
        "check_action" => {
            json!({ "action": action, "outcome": "effective", "evidence": "it held", "early_reason": "it was tried" })
        }
        _ => return None,
    })
}

/// The input of an import.
pub(super) fn spreadsheet_input(file: &std::path::Path, dry_run: bool) -> Value {
    json!({ "file": file, "update": false, "dry_run": dry_run })
}
