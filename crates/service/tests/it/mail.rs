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
    one_mail_a_day_tells_all_that_is_due_and_who_may_know_what,
    a_review_is_told_of_until_somebody_approves_it,
    what_is_to_be_read_is_told_of_until_it_is_acknowledged,
    what_was_not_to_be_done_until_a_day_is_told_to_those_who_decide_again,
    whoever_leads_a_review_is_told_that_it_was_sent_back_and_why,
    a_mail_that_was_sent_and_not_marked_is_the_same_mail,
    mails_can_be_switched_off,
    what_is_not_taken_is_sent_again,
);

/// Keeps mails instead of sending them; while it is away it takes none.
#[derive(Default)]
struct Tray {
    mails: Mutex<Vec<Mail>>,
    is_away: Mutex<bool>,
    /// Whether the process ends with the next mail that it has handed over.
    dies: std::sync::atomic::AtomicBool,
}

impl Post for Tray {
    fn send(&self, mail: &Mail) -> Result<(), ServiceError> {
        if *self.is_away.lock().unwrap() {
            return Err(ServiceError::new(Kind::Unavailable, "mail.unreachable", "away"));
        }
        self.mails.lock().unwrap().push(mail.clone());
        if self.dies.load(std::sync::atomic::Ordering::SeqCst) {
            panic!("cut off");
        }
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

    /// Waives the review of a story, of which nobody is to be told then.
    fn waive(&self, story: &Story) {
        self.ok(
            "manager",
            "waive_review",
            json!({ "review": story.review, "reason": "it is about something else" }),
        );
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
    let worker = Worker::new(register.service.clone());
    while worker.run_next().unwrap() {}
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
    office.ok(
        "assigned",
        "hold_review",
        json!({ "review": story.review, "participants": ["board", "sales"] }),
    );
    office.ok("assigned", "submit_review", json!({ "review": story.review }));
    assert_eq!(office.sent(), to(&[("manager", "PIR-2026-0001 awaits approval")]));
}

fn of_a_restricted_case_only_the_reference_is_told(database: &TestDatabase) {
    let office = Office::open(database);
    let story = Story::tell(&office.register, &|what| format!("zq{} words", what.replace(' ', "")));
    story.restrict_to(&office.register, &["manager", "owner", "assigned", "own-reporter"]);
    office.ok("ada", "add_comment", json!({ "case": story.case, "text": "@manager @responder zqsecret" }));
    office.ok(
        "assigned",
        "hold_review",
        json!({ "review": story.review, "participants": ["board", "sales"] }),
    );
    office.ok("assigned", "submit_review", json!({ "review": story.review }));
    office.register.clock.forward_days(27);
    let mails = office.mails();
    assert!(mails.len() >= 4, "{mails:?}");
    for mail in &mails {
        assert!(!mail.text.contains("zq") && !mail.subject.contains("zq"), "{mail:?}");
        assert!(!mail.to.starts_with("responder"), "{mail:?}");
    }
}

/// What is sent on each of some days: the day of March (April goes on from 32), the receiver, the subject.
fn day_by_day(office: &Office, days: std::ops::RangeInclusive<u32>) -> Vec<(u32, String, String)> {
    let mut told = Vec::new();
    for day in days {
        office.register.clock.forward_days(1);
        let short = |text: String| text.replace("@example.org", "").replace("[Example AI] ", "");
        told.extend(office.sent().into_iter().map(|(to, subject)| (day, short(to), short(subject))));
    }
    told
}

fn owners_are_reminded_before_and_after_the_day(database: &TestDatabase) {
    let office = Office::open(database);
    let story = Story::tell(&office.register, &|what| format!("a {what}"));
    office.waive(&story);
    office.sent();
    // From Monday, 2 March; the action is due on Wednesday, 1 April.
    let told = day_by_day(&office, 3..=50);
    let due = |day, to: &str| (day, to.to_owned(), "ACT-2026-0001 is due soon".to_owned());
    let late = |day, to: &str| (day, to.to_owned(), "ACT-2026-0001 is overdue".to_owned());
    let expected = [
        due(27, "owner"),
        late(33, "assigned"),
        late(33, "owner"),
        late(39, "manager"),
        late(40, "owner"),
        late(47, "owner"),
    ];
    assert_eq!(told, expected);

    // Ten days without a server, then a start: one mail for what was missed.
    office.register.clock.forward_days(10);
    assert_eq!(office.sent().len(), 2, "the owner, and the board after twenty working days");
    assert_eq!(office.sent(), to(&[]));
    office.ok("owner", "complete_action", json!({ "action": story.action, "evidence": "done" }));
    office.register.clock.forward_days(14);
    assert_eq!(office.sent(), to(&[]), "what is done is not told of");
}

fn one_mail_a_day_tells_all_that_is_due_and_who_may_know_what(database: &TestDatabase) {
    let office = Office::open(database);
    let story = Story::tell(&office.register, &|what| format!("zq{} words", what.replace(' ', "")));
    let second = json!({
        "case": story.case, "title": "zqsecond words", "purpose": "corrective", "kind": "technical", "owner": "owner",
        "due_on": "2026-04-01",
    });
    office.ok("assigned", "new_action", second);
    office.mails();
    office.register.clock.forward_days(31);
    let mails = office.mails();
    let to_owner: Vec<&Mail> = mails.iter().filter(|mail| mail.to.starts_with("owner@")).collect();
    let [mail] = &to_owner[..] else { panic!("{mails:?}") };
    assert!(mail.subject.ends_with("2 things are due or overdue"), "{mail:?}");
    assert!(
        mail.text.contains("ACT-2026-0001: zqaction words") && mail.text.contains("ACT-2026-0002"),
        "{mail:?}"
    );
    // The review of the story is overdue as well: whoever leads it is told, and of the actions by escalation.
    let leader = mails.iter().find(|mail| mail.to.starts_with("assigned@")).unwrap();
    assert!(leader.text.contains("PIR-2026-0001: zqtitle words"), "{leader:?}");
    office.register.clock.forward_days(40);
    let board: Vec<Mail> = office.mails().into_iter().filter(|mail| mail.to.starts_with("board@")).collect();
    assert!(!board.is_empty());
    for mail in &board {
        assert!(
            mail.text.contains("ACT-2026-0001") && !mail.text.contains("zq"),
            "figures and references: {mail:?}"
        );
    }
}

fn what_is_to_be_read_is_told_of_until_it_is_acknowledged(database: &TestDatabase) {
    let office = Office::open(database);
    let story = Story::tell(&office.register, &|what| format!("zq{} words", what.replace(' ', "")));
    office.waive(&story);
    office.ok("manager", "approve_lesson", json!({ "lesson": story.lesson }));
    let item = json!({
        "lesson": story.lesson, "title": "zqdoor", "text": "zqclose it", "due_on": "2026-03-11", "audience": "people",
        "roles": [], "people": ["owner"],
    });
    let item = text(&office.ok("manager", "publish_awareness", item), "reference");
    office.mails();
    let told = day_by_day(&office, 3..=12);
    let is = |day, what: &str| (day, "owner".to_owned(), format!("{item} is {what}"));
    assert_eq!(told, [is(6, "due soon"), is(12, "overdue")]);
    office.register.clock.forward_days(6);
    let mails = office.mails();
    let to_manager = mails.iter().find(|mail| mail.to.starts_with("manager@")).unwrap();
    assert!(to_manager.text.contains(&item) && !to_manager.text.contains("zqdoor"), "{to_manager:?}");
    office.ok("owner", "acknowledge_awareness", json!({ "item": item }));
    assert_eq!(day_by_day(&office, 19..=24), [], "it is read");
}

fn a_review_is_told_of_until_somebody_approves_it(database: &TestDatabase) {
    let office = Office::open(database);
    let story = Story::tell(&office.register, &|what| format!("a {what}"));
    let told = |days: i64| {
        office.register.clock.forward_days(days);
        let mails = office.mails();
        mails
            .iter()
            .filter(|mail| mail.text.contains(&story.review))
            .map(|mail| mail.text.clone())
            .collect::<Vec<_>>()
    };
    let held = json!({ "review": story.review, "participants": ["board", "sales"] });
    office.ok("assigned", "hold_review", held);
    office.mails();
    let late = told(31);
    assert!(late.iter().any(|text| text.contains("to be written up and submitted")), "{late:?}");
    office.ok("assigned", "submit_review", json!({ "review": story.review }));
    office.mails();
    let late = told(31);
    assert!(late.iter().any(|text| text.contains("to be approved by somebody else")), "{late:?}");
    office.ok("manager", "approve_review", json!({ "review": story.review }));
    office.mails();
    assert_eq!(told(31), Vec::<String>::new());
}

fn what_was_not_to_be_done_until_a_day_is_told_to_those_who_decide_again(database: &TestDatabase) {
    let office = Office::open(database);
    let story = Story::tell(&office.register, &|what| format!("a {what}"));
    office.waive(&story);
    let put_off = json!({ "action": story.action, "reason": "the budget is spent", "until": "2026-03-11" });
    office.ok("manager", "not_doing_action", put_off);
    office.sent();
    let told = day_by_day(&office, 3..=12);
    let is = |day, what: &str| (day, "manager".to_owned(), format!("{} is {what}", story.action));
    let escalated = (12, "assigned".to_owned(), format!("{} is overdue", story.action));
    assert_eq!(told, [is(6, "due soon"), escalated, is(12, "overdue")], "and to those of the case");
    let again = json!({ "action": story.action, "reason": "it is still spent", "until": "2026-12-31" });
    office.ok("manager", "renew_not_doing", again);
    assert_eq!(day_by_day(&office, 13..=30), [], "it is decided");
}

fn whoever_leads_a_review_is_told_that_it_was_sent_back_and_why(database: &TestDatabase) {
    let office = Office::open(database);
    let story = Story::tell(&office.register, &|what| format!("zq{} words", what.replace(' ', "")));
    let held = json!({ "review": story.review, "participants": ["board", "sales"] });
    office.ok("assigned", "hold_review", held);
    office.ok("assigned", "submit_review", json!({ "review": story.review }));
    office.mails();
    let back = json!({ "review": story.review, "reason": "one why is missing" });
    office.ok("manager", "send_review_back", back);
    let mails = office.mails();
    let [mail] = &mails[..] else { panic!("{mails:?}") };
    assert!(
        mail.to.starts_with("assigned@") && mail.subject.ends_with("PIR-2026-0001 was sent back"),
        "{mail:?}"
    );
    assert!(!mail.text.contains("one why"), "what was said stays in the register: {mail:?}");
    let case = office.ok("assigned", "show_case", json!({ "case": story.case }));
    let said: Vec<String> =
        case["comments"].as_array().unwrap().iter().map(|one| text(one, "text")).collect();
    assert!(said.contains(&"PIR-2026-0001 was sent back: one why is missing".to_owned()), "{said:?}");
}

fn a_mail_that_was_sent_and_not_marked_is_the_same_mail(database: &TestDatabase) {
    let office = Office::open(database);
    Story::tell(&office.register, &|what| format!("a {what}"));
    office.mails();
    office.register.clock.forward_days(25);
    let sent = office.mails();
    let reminder = sent.iter().find(|mail| mail.to.starts_with("owner@")).unwrap();
    // Whoever sent it is cut off before it is marked as sent: the claim runs out, and it is sent again.
    office.post.dies.store(true, std::sync::atomic::Ordering::SeqCst);
    office.register.clock.forward_days(6);
    let worker = Worker::new(office.register.service.clone());
    let cut_off = std::thread::spawn(move || while worker.run_next().unwrap() {}).join();
    assert!(cut_off.is_err(), "it was not cut off");
    office.post.dies.store(false, std::sync::atomic::Ordering::SeqCst);
    let first = std::mem::take(&mut *office.post.mails.lock().unwrap()).pop().unwrap();
    office.register.clock.forward_seconds(3_600);
    let again = office.mails();
    let same: Vec<&Mail> = again.iter().filter(|mail| mail.id == first.id).collect();
    assert_eq!(same, [&first], "one mail, sent twice under one id");
    assert!(!first.id.is_empty() && first.id != reminder.id);
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
