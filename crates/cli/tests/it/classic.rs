//! The classic examples, typed in by hand: a phishing mail that changes a filter, a policy and a risk; a lock and a
//! reception that take five commands each.

use crate::scratch::Scratch;

/// A register on which commands name references of 2026: the program gives out those of the year in which the test runs.
struct Dated {
    scratch: Scratch,
    year: String,
}

impl Dated {
    fn begin() -> Self {
        let scratch = Scratch::with_register();
        let year = scratch.year();
        Self { scratch, year }
    }

    fn args(&self, arguments: &[&str]) -> Vec<String> {
        arguments.iter().map(|argument| argument.replace("2026-00", &format!("{}-00", self.year))).collect()
    }

    fn said_by(&self, token: &[&str], arguments: &[&str]) -> crate::scratch::Said {
        let arguments = self.args(&[token, arguments].concat());
        self.scratch.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn done_by(&self, token: &[&str], arguments: &[&str]) -> String {
        let said = self.said_by(token, arguments);
        assert_eq!(said.code, 0, "{arguments:?}: {}{}", said.out, said.err);
        said.out
    }

    /// As Ada.
    fn ok(&self, arguments: &[&str]) -> String {
        self.done_by(&[], arguments)
    }

    /// As Bob.
    fn bob(&self, arguments: &[&str]) -> String {
        let token = self.scratch.path("bob.token");
        self.done_by(&["--token-file", token.to_str().unwrap()], arguments)
    }

    /// What is said when something is refused.
    fn refused(&self, code: i32, arguments: &[&str]) -> String {
        let said = self.said_by(&[], arguments);
        assert_eq!(said.code, code, "{arguments:?}: {}{}", said.out, said.err);
        said.err
    }

    fn refused_bob(&self, code: i32, arguments: &[&str]) -> String {
        let token = self.scratch.path("bob.token");
        let said = self.said_by(&["--token-file", token.to_str().unwrap()], arguments);
        assert_eq!(said.code, code, "{arguments:?}: {}{}", said.out, said.err);
        said.err
    }
}

#[test]
fn human_error_as_the_last_why_is_refused_with_a_question() {
    let register = Dated::begin();
    register.ok(&["case", "new", "Wrong mail"]);
    register.ok(&["case", "classify", "CASE-2026-0001", "weakness"]);
    register.ok(&["review", "new", "CASE-2026-0001", "--kind", "light"]);
    register.ok(&["why", "add", "PIR-2026-0001", "Human error"]);
    let refused = register.refused(2, &["review", "submit", "PIR-2026-0001"]);
    assert!(refused.contains("why 1:") && refused.contains('?'), "{refused}");
    let better = "The address field completes names of other customers";
    register.ok(&["why", "edit", "PIR-2026-0001", "1", "--statement", better]);
    register.ok(&["review", "submit", "PIR-2026-0001"]);
}

/// A serious phishing case with an approved review.
fn phished(register: &Dated) {
    register.ok(&["person", "new", "Cleo", "--role", "responder"]);
    register.ok(&[
        "risk",
        "new",
        "Staff are talked into giving access away",
        "--owner",
        "Bob",
        "--likelihood",
        "2",
        "--impact",
        "4",
        "--why",
        "One case in three years",
    ]);
    register.ok(&["case", "new", "Supplier invoice led to a login page that was not ours"]);
    register.ok(&["case", "classify", "CASE-2026-0001", "incident", "--severity", "high"]);
    let early = register.refused(5, &["review", "new", "CASE-2026-0001"]);
    assert!(early.contains("a review is possible from: resolved"), "{early}");
    register.ok(&["case", "respond", "CASE-2026-0001"]);
    register.ok(&["case", "resolve", "CASE-2026-0001"]);
    register.ok(&["risk", "link", "RSK-0001", "--case", "CASE-2026-0001"]);
    register.ok(&[
        "review",
        "new",
        "CASE-2026-0001",
        "--problem",
        "Two people typed their passwords into a foreign page",
        "--participant",
        "Bob",
        "--participant",
        "Cleo",
    ]);
    let whys: [(&str, &[&str]); 4] = [
        ("The web filter let a domain of the day before pass", &["--of-problem"]),
        ("New domains are looked at once a week", &["--changeable", "Look at them every hour"]),
        ("A changed bank account of a supplier is believed without asking back", &["--of-problem"]),
        ("Supplier onboarding says nothing about it", &["--changeable", "Write it into the policy"]),
    ];
    for (why, more) in whys {
        register
            .ok(&[&["why", "add", "PIR-2026-0001", why, "--evidence", "Log of the gateway"], more].concat());
    }
    register.ok(&["review", "hold", "PIR-2026-0001"]);
    register.ok(&[
        "review",
        "evaluate",
        "PIR-2026-0001",
        "--went-well",
        "The report came within minutes",
        "--followed",
        "yes",
    ]);
    register.ok(&["review", "similar", "PIR-2026-0001", "--finding", "None found"]);
    let early = register.refused_bob(5, &["review", "approve", "PIR-2026-0001"]);
    assert!(early.contains("approving is possible while it is drafted"), "{early}");
    register.ok(&["review", "submit", "PIR-2026-0001"]);
    let own = register.refused(4, &["review", "approve", "PIR-2026-0001"]);
    assert!(own.contains("your own work"), "{own}");
    register.bob(&["review", "approve", "PIR-2026-0001"]);
}

fn plan(register: &Dated, title: &str, kind: &str, lesson: &str) {
    register.ok(&[
        "action",
        "new",
        "CASE-2026-0001",
        title,
        "--kind",
        kind,
        "--owner",
        "Bob",
        "--lesson",
        lesson,
        "--check",
        "Clicks in the next two tests",
    ]);
}

#[test]
fn a_phishing_case_changes_a_filter_a_policy_and_a_risk_and_is_learned() {
    let register = Dated::begin();
    phished(&register);
    let missing = register.refused(5, &["case", "close", "CASE-2026-0001"]);
    assert!(missing.contains("no lesson is drawn") && missing.contains("no action is planned"), "{missing}");

    register.ok(&["lesson", "new", "CASE-2026-0001", "A domain that is one day old is not to be trusted"]);
    register.ok(&["lesson", "new", "CASE-2026-0001", "A changed bank account is confirmed by a second way"]);
    plan(&register, "Train staff to spot phishing", "people", "LSN-2026-0001");
    let silent = register.refused_bob(5, &["lesson", "approve", "LSN-2026-0001"]);
    assert!(silent.contains("answered by training alone"), "{silent}");
    plan(&register, "Block domains younger than 30 days at the web filter", "technical", "LSN-2026-0001");
    plan(&register, "Write the call back into the supplier onboarding policy", "procedural", "LSN-2026-0002");
    register.bob(&["lesson", "approve", "LSN-2026-0001"]);
    register.bob(&["lesson", "approve", "LSN-2026-0002"]);
    let unfinished = register.refused(5, &["case", "close", "CASE-2026-0001"]);
    assert!(unfinished.contains("Bob owes it by"), "{unfinished}");
    for action in ["ACT-2026-0001", "ACT-2026-0002", "ACT-2026-0003"] {
        register.bob(&["action", "complete", action, "--evidence", "Seen in the log of changes"]);
    }

    register.ok(&[
        "control",
        "performance",
        "CASE-2026-0001",
        "A.8.23",
        "failed",
        "--note",
        "It let the page pass",
    ]);
    register.ok(&[
        "control",
        "change",
        "CASE-2026-0001",
        "A.8.23",
        "--action",
        "ACT-2026-0002",
        "--before",
        "New domains pass",
        "--after",
        "Domains younger than 30 days are blocked",
    ]);
    register.ok(&[
        "control",
        "change",
        "CASE-2026-0001",
        "A.5.19",
        "--action",
        "ACT-2026-0003",
        "--before",
        "Accounts are believed",
        "--after",
        "A changed account is confirmed by telephone",
    ]);
    let unseen = register.refused(5, &["case", "close", "CASE-2026-0001"]);
    assert!(unseen.contains("risk RSK-0001 is linked to it and was not looked at"), "{unseen}");
    register.ok(&[
        "risk",
        "assess",
        "RSK-0001",
        "--likelihood",
        "3",
        "--impact",
        "4",
        "--why",
        "It worked twice in a week",
        "--case",
        "CASE-2026-0001",
    ]);
    register.ok(&["case", "close", "CASE-2026-0001"]);
    register.bob(&["risk", "accept", "RSK-0001"]);
    for action in ["ACT-2026-0001", "ACT-2026-0002", "ACT-2026-0003"] {
        let own =
            register.refused_bob(4, &["action", "check", action, "effective", "--evidence", "I say so"]);
        assert!(own.contains("your own work"), "{own}");
        let judge = ["action", "check", action, "effective", "--evidence", "No click in two tests"];
        let early = register.refused(2, &judge);
        assert!(early.contains("say why it can be told already"), "{early}");
        register.ok(&[&judge[..], &["--early-reason", "The tests were this week"]].concat());
    }

    let story = register.ok(&["case", "show", "CASE-2026-0001"]);
    for part in [
        "closed",
        "why 1: The web filter let",
        "A.8.23",
        "A.5.19",
        "Domains younger than 30 days are blocked",
        "RSK-0001",
        "It worked twice in a week",
        "effective",
        "Learned: 9 of 9 in place",
    ] {
        assert!(story.contains(part), "{part} is missing in:\n{story}");
    }
    let changes = register.ok(&["control", "changes"]);
    assert!(
        changes.contains("A.8.23") && changes.contains("A.5.19") && changes.contains("RSK-0001"),
        "{changes}"
    );
    register.ok(&["measure", "loop"]);
    register.ok(&["trail", "verify"]);
}

#[test]
fn a_lock_and_an_empty_reception_take_five_commands_each() {
    let register = Dated::begin();
    for (at, title, cause, lesson, action) in [
        (
            1,
            "Broken lock",
            "The lock is older than its warranty",
            "Locks are changed before they break",
            "Fit a new lock",
        ),
        (
            2,
            "Reception unmanned at lunchtime",
            "Nobody stands in at noon",
            "The desk has two people",
            "Fit a bell and a door opener",
        ),
    ] {
        let numbered = |kind: &str| format!("{kind}-2026-000{at}");
        register.ok(&["case", "new", title]);
        register.ok(&["case", "classify", &numbered("CASE"), "weakness", "--severity", "low"]);
        register.ok(&[
            "review",
            "light",
            &numbered("PIR"),
            "--cause",
            cause,
            "--lesson",
            lesson,
            "--action",
            action,
            "--action-kind",
            "physical",
        ]);
        register.bob(&["review", "approve", &numbered("PIR")]);
        register.bob(&["lesson", "approve", &numbered("LSN")]);
        let shown = register.ok(&["action", "show", &numbered("ACT")]);
        assert!(
            shown.contains("physical") && shown.contains(action),
            "a physical action is under way: {shown}"
        );
        let story = register.ok(&["case", "show", &numbered("CASE")]);
        assert!(story.contains("acting") && story.contains("5 of 9 in place"), "{story}");
    }
}
