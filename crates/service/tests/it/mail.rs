//! Mails: who gets which, what they hold, and that nobody learns of what they may not know.

use std::sync::{Arc, Mutex};

use nevertwice_service::job::Worker;
use nevertwice_service::mail::{Mail, Mailing, Post};
use nevertwice_service::{Identity, Kind, ServiceError};
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::account::PASSWORD;
use crate::fixture::{Register, Story, kind_and_code, text};

nevertwice_testkit::on_each_engine!(
    an_invitation_is_made_when_it_is_sent_and_works,
    without_a_server_nothing_is_put_down_and_invitations_are_not_sent,
    whoever_is_mentioned_is_told_if_they_may_know,
    managers_are_told_of_reports_owners_of_actions_and_approvers_of_reviews,
    of_a_restricted_case_only_the_reference_is_told,
    owners_are_reminded_before_and_after_the_day,
    mails_can_be_switched_off,
    what_is_not_taken_is_sent_again,
);

/// Keeps mails instead of sending them; while it is away it takes none.
#[derive(Default)]
struct Tray {
    mails: Mutex<Vec<Mail>>,
    is_away: Mutex<bool>,
}

impl Post for Tray {
    fn send(&self, mail: &Mail) -> Result<(), ServiceError> {
        if *self.is_away.lock().unwrap() {
            return Err(ServiceError::new(Kind::Unavailable, "mail.unreachable", "away"));
        }
        self.mails.lock().unwrap().push(mail.clone());
        Ok(())
    }
}

struct Office {
    register: Register,
    post: Arc<Tray>,
}

impl Office {
    fn open(database: &TestDatabase) -> Self {
        let register = Register::found(database);
        register.add_callers();
        for user in ["reporter", "responder", "assigned", "owner", "manager", "board"] {
            let email = json!({ "person": user, "email": { "to": format!("{user}@example.org") } });
            register.ok("ada", "confirm_person", email);
        }
        let office = Self { register, post: Arc::default() };
        let mailing =
            Mailing { post: office.post.clone(), origin: "https://register.example.org".to_owned() };
        office.register.service.send_mails(mailing).unwrap();
        office.sent();
        office
    }

    fn ok(&self, user: &str, name: &str, input: Value) -> Value {
        self.register.ok(user, name, input)
    }

    /// Works off what is due, and gives the mails: receiver and subject of each, in the order of the receivers.
    fn sent(&self) -> Vec<(String, String)> {
        let mut sent: Vec<_> = self.mails().into_iter().map(|mail| (mail.to, mail.subject)).collect();
        sent.sort();
        sent
    }

    fn mails(&self) -> Vec<Mail> {
        let worker = Worker::new(self.register.service.clone());
        while worker.run_next().unwrap() {}
        std::mem::take(&mut *self.post.mails.lock().unwrap())
    }
}

fn to(mails: &[(&str, &str)]) -> Vec<(String, String)> {
    let full =
        |(user, subject): &(&str, &str)| (format!("{user}@example.org"), format!("[Example AI] {subject}"));
    mails.iter().map(full).collect()
}

fn an_invitation_is_made_when_it_is_sent_and_works(database: &TestDatabase) {
    let office = Office::open(database);
    let invited = office.ok("ada", "invite", json!({ "person": "reporter", "send": true }));
    assert_eq!(
        invited,
        json!({ "person": "reporter", "secret": null, "expires_at": null, "sent_to": "reporter@example.org" })
    );
    let [mail] = &office.mails()[..] else { panic!("one mail") };
    let code = mail.text.split("https://register.example.org/invitation/").nth(1).unwrap().trim();
    let accept = json!({ "secret": code, "email": "reporter@example.org", "password": PASSWORD });
    let identity = office.register.ask_as(&Identity::Nobody, "accept_invitation", accept).unwrap();
    assert_eq!(identity["person"], "reporter");

    let unknown = office.register.refused("ada", "invite", json!({ "person": "auditor", "send": true }));
    assert_eq!(kind_and_code(&unknown), (Kind::Invalid, "mail.no_address"));
}

fn without_a_server_nothing_is_put_down_and_invitations_are_not_sent(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let refused = register.refused("ada", "invite", json!({ "person": "reporter", "send": true }));
    assert_eq!(kind_and_code(&refused), (Kind::Conflict, "mail.off"));
    let story = Story::tell(&register, &|what| format!("a {what}"));
    register.ok("ada", "add_comment", json!({ "case": story.case, "text": "@manager" }));
    assert!(!Worker::new(register.service.clone()).run_next().unwrap());
    let shown = register.ok("reporter", "show_mail_preferences", json!({}));
    assert_eq!(shown, json!({ "on": true, "address": null, "sent": false }));
}

fn whoever_is_mentioned_is_told_if_they_may_know(database: &TestDatabase) {
    let office = Office::open(database);
    let case = text(&office.ok("ada", "report_case", json!({ "title": "A lost laptop" })), "reference");
    office.sent();
    let said = json!({
        "case": case, "text": "@responder and @REPORTER and @ada, ask it@board.example.org or @nobody. @responder!",
    });
    office.ok("ada", "add_comment", said);
    // The reporter may not know of it, its author need not be told.
    let mails = office.mails();
    let [mail] = &mails[..] else { panic!("{mails:?}") };
    assert_eq!(mail.to, "responder@example.org");
    assert!(
        mail.text.contains("Ada mentioned you in a comment on\n  CASE-2026-0001: A lost laptop"),
        "{}",
        mail.text
    );
    assert!(mail.text.contains("\nhttps://register.example.org/cases/CASE-2026-0001\n"), "{}", mail.text);
    assert!(!mail.text.contains("nobody"), "what was written stays in the register: {}", mail.text);

    office.ok("ada", "add_comment", json!({ "case": case, "text": "@responder" }));
    office.ok("ada", "restrict_case", json!({ "case": case, "readers": ["ada"] }));
    assert_eq!(office.sent(), to(&[]), "they may not know of it any more");
}

fn managers_are_told_of_reports_owners_of_actions_and_approvers_of_reviews(database: &TestDatabase) {
    let office = Office::open(database);
    let story = Story::tell(&office.register, &|what| format!("a {what}"));
    let expected = [("manager", "CASE-2026-0001 was reported"), ("owner", "ACT-2026-0001 is yours")];
    assert_eq!(office.sent(), to(&expected));
    office.ok("ada", "hand_over_action", json!({ "action": story.action, "owner": "assigned" }));
    assert_eq!(office.sent(), to(&[("assigned", "ACT-2026-0001 is yours")]));
    office.ok("assigned", "hold_review", json!({ "review": story.review, "participants": [] }));
    office.ok("assigned", "submit_review", json!({ "review": story.review }));
    assert_eq!(office.sent(), to(&[("manager", "PIR-2026-0001 awaits approval")]));
}

fn of_a_restricted_case_only_the_reference_is_told(database: &TestDatabase) {
    let office = Office::open(database);
    let story = Story::tell(&office.register, &|what| format!("zq{} words", what.replace(' ', "")));
    story.restrict_to(&office.register, &["manager", "owner", "assigned", "own-reporter"]);
    office.ok("ada", "add_comment", json!({ "case": story.case, "text": "@manager @responder zqsecret" }));
    office.ok("assigned", "hold_review", json!({ "review": story.review, "participants": [] }));
    office.ok("assigned", "submit_review", json!({ "review": story.review }));
    office.register.clock.forward_days(27);
    let mails = office.mails();
    assert!(mails.len() >= 4, "{mails:?}");
    for mail in &mails {
        assert!(!mail.text.contains("zq") && !mail.subject.contains("zq"), "{mail:?}");
        assert!(!mail.to.starts_with("responder"), "{mail:?}");
    }
}

fn owners_are_reminded_before_and_after_the_day(database: &TestDatabase) {
    let office = Office::open(database);
    let story = Story::tell(&office.register, &|what| format!("a {what}"));
    office.sent();
    // From 2 March; the action is due on 1 April.
    let mut told = Vec::new();
    for day in 3..=50 {
        office.register.clock.forward_days(1);
        let sent = office.sent();
        told.extend(sent.into_iter().map(|(_, subject)| (day, subject.replace("[Example AI] ", ""))));
    }
    let due = "ACT-2026-0001 is due soon".to_owned();
    let late = "ACT-2026-0001 is overdue".to_owned();
    assert_eq!(told, [(29, due), (33, late.clone()), (40, late.clone()), (47, late.clone())]);

    // Four days without a server, then a second start: one mail.
    office.register.clock.forward_days(4);
    assert_eq!(office.sent(), to(&[("owner", &late)]));
    assert_eq!(office.sent(), to(&[]));
    office.ok("owner", "complete_action", json!({ "action": story.action, "evidence": "done" }));
    office.register.clock.forward_days(7);
    assert_eq!(office.sent(), to(&[]));
}

fn mails_can_be_switched_off(database: &TestDatabase) {
    let office = Office::open(database);
    let set = office.ok("manager", "set_mail_preferences", json!({ "on": false }));
    assert_eq!(set, json!({ "on": false, "address": "manager@example.org", "sent": true }));
    office.ok("ada", "report_case", json!({ "title": "A lost laptop" }));
    assert_eq!(office.sent(), to(&[]));
    office.ok("ada", "invite", json!({ "person": "manager", "send": true }));
    assert_eq!(office.sent().len(), 1, "an invitation is asked for");
    office.ok("manager", "set_mail_preferences", json!({ "on": true }));
    office.ok("ada", "report_case", json!({ "title": "Another" }));
    assert_eq!(office.sent(), to(&[("manager", "CASE-2026-0002 was reported")]));
}

fn what_is_not_taken_is_sent_again(database: &TestDatabase) {
    let office = Office::open(database);
    *office.post.is_away.lock().unwrap() = true;
    office.ok("ada", "report_case", json!({ "title": "A lost laptop" }));
    assert_eq!(office.sent(), to(&[]));
    *office.post.is_away.lock().unwrap() = false;
    assert_eq!(office.sent(), to(&[]), "it waits");
    office.register.clock.forward_seconds(60);
    assert_eq!(office.sent(), to(&[("manager", "CASE-2026-0001 was reported")]));
}
