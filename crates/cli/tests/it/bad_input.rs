//! Bad input: a clear error, the documented exit code, nothing written.

use crate::scratch::{Scratch, is_private};

#[test]
fn a_database_url_that_is_not_known_is_refused() {
    let scratch = Scratch::empty();
    for url in ["mysql://host/db", "nonsense", "sqlite:", "postgres//host"] {
        let said = scratch.run(&["--database", url, "init", "--company", "X"]);
        assert_ne!(said.code, 0, "{url}");
        assert!(said.err.contains("database") || said.err.contains("sqlite:"), "{url}: {}", said.err);
    }
}

#[test]
fn an_unknown_flag_is_a_usage_error() {
    let said = Scratch::empty().run(&["case", "list", "--colour"]);
    assert_eq!(said.code, 2);
    assert!(said.err.contains("--colour"), "{}", said.err);
}

#[test]
fn a_malformed_query_names_the_position() {
    let scratch = Scratch::with_register();
    let said = scratch.fails(2, &["case", "list", "--query", "state:open (severity:>="]);
    assert!(said.contains("at character"), "{said}");
}

#[test]
fn a_folder_without_a_register_says_how_to_begin() {
    let said = Scratch::empty().fails(3, &["case", "list"]);
    assert!(said.contains("init") && said.contains("demo"), "{said}");
}

#[test]
fn a_register_is_not_set_up_twice() {
    let scratch = Scratch::with_register();
    scratch.fails(5, &["init", "--company", "Another"]);
    assert_eq!(scratch.json(&["person", "list"]).as_array().unwrap().len(), 2);
}

#[test]
fn an_unknown_case_is_not_found_and_a_wrong_reference_is_a_usage_error() {
    let scratch = Scratch::with_register();
    let said = scratch.fails(3, &["case", "show", "CASE-2020-0001"]);
    assert!(said.contains("there is no case CASE-2020-0001"), "{said}");
    assert_eq!(scratch.run(&["case", "show", "CASE-20"]).code, 2);
}

#[test]
fn a_wrong_token_is_denied() {
    let scratch = Scratch::with_register();
    let path = scratch.path("wrong.token");
    std::fs::write(&path, "nvt_0000").unwrap();
    scratch.fails(4, &["--token-file", path.to_str().unwrap(), "case", "list"]);
}

#[test]
fn errors_are_json_when_asked_for() {
    let scratch = Scratch::with_register();
    let said = scratch.fails(3, &["--json", "case", "show", "CASE-2020-0001"]);
    let error: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(error["error"]["code"], "not_found");
}

#[test]
fn the_data_folder_is_for_its_owner_only() {
    let scratch = Scratch::with_register();
    assert!(is_private(&scratch.data()));
    assert!(is_private(&scratch.data().join("nevertwice.db")));
}

#[test]
fn a_stale_version_is_refused() {
    let scratch = Scratch::with_register();
    let view = scratch.json(&["case", "new", "First title"]);
    let reference = view["reference"].as_str().unwrap();
    scratch.ok(&["case", "edit", reference, "--version", "0", "--title", "Second title"]);
    let said = scratch.fails(5, &["case", "edit", reference, "--version", "0", "--title", "Third title"]);
    assert!(said.contains("version 1 now, 0 then"), "{said}");
    assert_eq!(scratch.json(&["case", "show", reference])["title"], "Second title");
}

#[test]
fn an_action_needs_a_person_and_a_reason_for_a_late_date() {
    let scratch = Scratch::with_register();
    let view = scratch.json(&["case", "new", "A door did not lock"]);
    let reference = view["reference"].as_str().unwrap();
    scratch.ok(&["person", "new", "Facilities", "--team"]);
    let base = ["action", "new", reference, "Replace the lock"];
    assert_eq!(scratch.run(&[&base[..], &["--due", "2030-01-01"]].concat()).code, 2, "no owner");
    let late = scratch.fails(2, &[&base[..], &["--owner", "Bob", "--due", "2030-01-01"]].concat());
    assert!(late.contains("say why it is later"), "{late}");
    let planned = scratch.json(&[&base[..], &["--owner", "Bob"]].concat());
    assert_eq!(planned["due_on"], planned["latest_due_on"], "the last day that the procedure allows");
    let team = scratch.fails(2, &[&base[..], &["--owner", "Facilities", "--due", "2030-01-01"]].concat());
    assert!(team.contains("is a team"), "{team}");
    let nobody = scratch.fails(2, &[&base[..], &["--owner", "Zoe", "--due", "2030-01-01"]].concat());
    assert!(nobody.contains("nobody is called Zoe"), "{nobody}");
}
