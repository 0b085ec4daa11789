//! The classic example, typed in by hand: ransomware → phishing link → filter → old definitions → stopped server →
//! nobody monitored it.

use crate::scratch::Scratch;

/// The references hold the year in which the test runs.
fn this_year(scratch: &Scratch) -> String {
    scratch.json(&["case", "list"])["items"][0]["reference"].as_str().unwrap()[5..9].to_owned()
}

/// Commands with the year of today in their references.
struct Dated {
    scratch: Scratch,
    year: String,
}

impl Dated {
    fn args(&self, arguments: &[&str]) -> Vec<String> {
        arguments.iter().map(|argument| argument.replace("2026-00", &format!("{}-00", self.year))).collect()
    }
}

#[test]
fn human_error_as_the_last_why_is_refused_with_a_question() {
    let scratch = Scratch::with_register();
    scratch.ok(&["case", "new", "Wrong mail"]);
    let year = this_year(&scratch);
    let (case, review) = (format!("CASE-{year}-0001"), format!("PIR-{year}-0001"));
    scratch.ok(&["case", "classify", &case, "weakness"]);
    scratch.ok(&["review", "new", &case, "--kind", "light"]);
    scratch.ok(&["why", "add", &review, "Human error"]);
    let refused = scratch.fails(2, &["review", "submit", &review]);
    assert!(refused.contains("why 1:") && refused.contains('?'), "{refused}");
    scratch.ok(&[
        "why",
        "edit",
        &review,
        "1",
        "--statement",
        "The address field completes names of other customers",
    ]);
    scratch.ok(&["review", "submit", &review]);
}

#[test]
fn the_loop_ends_in_a_closed_case_that_tells_its_story() {
    let scratch = Scratch::with_register();
    scratch.ok(&["case", "new", "Probe"]);
    let year = this_year(&scratch);
    let dated = Dated { scratch: Scratch::with_register(), year };
    let ok = |arguments: &[&str]| {
        let arguments = dated.args(arguments);
        dated.scratch.ok(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let bob = |arguments: &[&str]| {
        let arguments = dated.args(arguments);
        dated.scratch.ok_as_bob(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let refused = |code: i32, arguments: &[&str]| {
        let arguments = dated.args(arguments);
        dated.scratch.fails(code, &arguments.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let refused_as_bob = |code: i32, arguments: &[&str]| {
        let token = dated.scratch.path("bob.token");
        let arguments = dated.args(&[&["--token-file", token.to_str().unwrap()], arguments].concat());
        dated.scratch.fails(code, &arguments.iter().map(String::as_str).collect::<Vec<_>>())
    };
    ok(&["case", "new", "Ransomware on a file server"]);
    ok(&["case", "classify", "CASE-2026-0001", "incident", "--severity", "high"]);
    let early = refused(5, &["review", "new", "CASE-2026-0001"]);
    assert!(early.contains("a review is possible from: resolved"), "{early}");
    ok(&["case", "respond", "CASE-2026-0001"]);
    ok(&["case", "resolve", "CASE-2026-0001"]);
    ok(&["review", "new", "CASE-2026-0001", "--problem", "Ransomware encrypted a file server"]);
    for why in [
        "An admin followed a phishing link",
        "The mail filter let the message pass",
        "Its definitions were three days old",
        "The update server stopped on Friday",
        "The update server was not in the monitoring inventory",
    ] {
        ok(&["why", "add", "PIR-2026-0001", why]);
    }
    ok(&["review", "hold", "PIR-2026-0001"]);
    let not_submitted = refused_as_bob(5, &["review", "approve", "PIR-2026-0001"]);
    assert!(not_submitted.contains("approving is possible while it is drafted"), "{not_submitted}");
    ok(&["review", "submit", "PIR-2026-0001"]);
    let own = refused(4, &["review", "approve", "PIR-2026-0001"]);
    assert!(own.contains("your own work"), "{own}");
    bob(&["review", "approve", "PIR-2026-0001"]);

    let missing = refused(5, &["case", "close", "CASE-2026-0001"]);
    assert!(missing.contains("no lesson is drawn") && missing.contains("no action is planned"), "{missing}");

    ok(&["lesson", "new", "CASE-2026-0001", "A filter is only as good as its last update"]);
    let without_action = refused(4, &["lesson", "approve", "LSN-2026-0001"]);
    assert!(without_action.contains("your own work"), "{without_action}");
    ok(&[
        "action",
        "new",
        "CASE-2026-0001",
        "Alert on-call when an update server is silent for an hour",
        "--owner",
        "Bob",
        "--due",
        "2030-01-01",
        "--due-reason",
        "The server is replaced then",
        "--lesson",
        "LSN-2026-0001",
        "--check",
        "Stops found by alert within an hour",
        "--check-on",
        "2031-06-01",
        "--check-reason",
        "Two stops are planned in spring",
    ]);
    bob(&["lesson", "approve", "LSN-2026-0001"]);
    let unfinished = refused(5, &["case", "close", "CASE-2026-0001"]);
    assert!(unfinished.contains("Bob owes it by 2030-01-01"), "{unfinished}");
    bob(&["action", "complete", "ACT-2026-0001", "--evidence", "Rule 4711 is live"]);
    ok(&["action", "check", "ACT-2026-0001", "effective", "--evidence", "Two stops, both alerted"]);
    ok(&["case", "close", "CASE-2026-0001"]);

    let story = ok(&["case", "show", "CASE-2026-0001"]);
    for part in ["closed", "why 5: The update server was not in the monitoring", "proved", "effective"] {
        assert!(story.contains(part), "{part} is missing in:\n{story}");
    }
    ok(&["trail", "verify"]);
}
