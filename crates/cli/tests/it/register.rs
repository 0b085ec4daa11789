//! The register as a whole: finding, counting, restricting, verifying.

use crate::scratch::Scratch;

fn new_case(scratch: &Scratch, title: &str) -> String {
    scratch.json(&["case", "new", title])["reference"].as_str().unwrap().to_owned()
}

#[test]
fn what_was_entered_is_found_at_once() {
    let scratch = Scratch::with_register();
    let reference = new_case(&scratch, "A dataset bucket was public");
    new_case(&scratch, "The reception was unmanned");
    let found = scratch.json(&["search", "bucket"]);
    assert_eq!(
        (found["total"].as_u64(), found["items"][0]["reference"].as_str()),
        (Some(1), Some(&*reference))
    );
    let list = scratch.json(&["case", "list", "--query", "state:reported", "--limit", "1"]);
    assert_eq!((list["total"].as_u64(), list["items"].as_array().unwrap().len()), (Some(2), 1));
    let next = list["next"].as_str().unwrap();
    let rest = scratch.json(&["case", "list", "--query", "state:reported", "--limit", "1", "--after", next]);
    assert_ne!(rest["items"][0]["reference"], list["items"][0]["reference"]);
}

#[test]
fn a_restricted_case_leaves_no_trace_for_others() {
    let scratch = Scratch::with_register();
    let reference = new_case(&scratch, "Zyxwvut leaked");
    scratch.ok(&["case", "restrict", &reference]);
    assert_eq!(scratch.json(&["search", "zyxwvut"])["total"], 1, "whoever restricted it still finds it");
    let token = scratch.path("bob.token");
    let token = token.to_str().unwrap();
    assert_eq!(scratch.json(&["--token-file", token, "search", "zyxwvut"])["total"], 0);
    assert_eq!(scratch.json(&["--token-file", token, "case", "list"])["total"], 0);
    assert_eq!(scratch.json(&["--token-file", token, "measure", "volume", "--by", "class"])["n"], 0);
    let there = scratch.fails(3, &["--token-file", token, "case", "show", &reference]);
    let not_there = scratch.fails(3, &["--token-file", token, "case", "show", "CASE-2020-0009"]);
    assert_eq!(there.replace(&reference, "X"), not_there.replace("CASE-2020-0009", "X"));
}

#[test]
fn counts_add_up() {
    let scratch = Scratch::with_register();
    for (title, class) in [("One", "incident"), ("Two", "incident"), ("Three", "weakness")] {
        let reference = new_case(&scratch, title);
        scratch.ok(&["case", "classify", &reference, class]);
    }
    let volume = scratch.json(&["measure", "volume", "--by", "class"]);
    assert_eq!(volume["n"], 3);
    let counts: Vec<_> = volume["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| (group["key"]["class"].as_str().unwrap().to_owned(), group["count"].as_u64().unwrap()))
        .collect();
    assert_eq!(counts, [("weakness".to_owned(), 1), ("incident".to_owned(), 2)]);
}

#[test]
fn a_void_case_stays_visible_with_its_reason() {
    let scratch = Scratch::with_register();
    let reference = new_case(&scratch, "Entered twice");
    scratch.ok(&["case", "void", &reference, "--reason", "the same as another"]);
    let view = scratch.json(&["case", "show", &reference]);
    assert_eq!(
        (view["state"].as_str(), view["void_reason"].as_str()),
        (Some("void"), Some("the same as another"))
    );
    assert_eq!(scratch.json(&["measure", "volume", "--by", "class"])["n"], 0);
}

#[test]
fn an_index_is_made_anew_after_it_was_deleted() {
    let scratch = Scratch::with_register();
    new_case(&scratch, "A lost laptop");
    assert_eq!(scratch.json(&["search", "laptop"])["total"], 1);
    std::fs::remove_dir_all(scratch.data().join("index")).unwrap();
    assert_eq!(scratch.json(&["search", "laptop"])["total"], 1);
    assert_eq!(scratch.json(&["index", "rebuild"])["documents"], 1);
}

#[test]
fn evidence_is_kept_and_a_changed_file_is_found() {
    let scratch = Scratch::with_register();
    let reference = new_case(&scratch, "Odd traffic");
    let path = scratch.path("capture.txt");
    std::fs::write(&path, "packets").unwrap();
    let added = scratch.json(&["case", "evidence", &reference, "--file", path.to_str().unwrap()]);
    let kept = scratch.data().join("evidence").join(added["sha256"].as_str().unwrap());
    assert_eq!(std::fs::read_to_string(&kept).unwrap(), "packets");
    scratch.ok(&["trail", "verify"]);
    std::fs::write(&kept, "other packets").unwrap();
    let said = scratch.run(&["trail", "verify"]);
    assert_eq!(said.code, 6, "{}", said.out);
    assert!(said.out.contains("evidence file"), "{}", said.out);
}

#[test]
fn the_order_of_numbers_has_no_gaps() {
    let scratch = Scratch::with_register();
    let first = new_case(&scratch, "One");
    assert_eq!(scratch.run(&["case", "new", ""]).code, 2);
    let second = new_case(&scratch, "Two");
    assert!(first.ends_with("-0001") && second.ends_with("-0002"), "{first} {second}");
}

#[test]
fn completions_and_manual_need_no_register() {
    let scratch = Scratch::empty();
    assert!(scratch.ok(&["completions", "bash"]).contains("nevertwice"));
    assert!(scratch.ok(&["man"]).contains("nevertwice"));
}

#[test]
fn settings_say_where_they_come_from() {
    let scratch = Scratch::with_register();
    let origins = |arguments: &[&str], variable: Option<(&str, &str)>| {
        let output = scratch.command(arguments).envs(variable).output().unwrap();
        let settings: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let origins = settings.as_array().unwrap().iter().map(|setting| setting["origin"].as_str().unwrap());
        origins.collect::<Vec<_>>().join(" ")
    };
    let show = ["config", "show", "--json"];
    assert_eq!(origins(&show, None), "flag default default");
    let named = [&show[..], &["--database", "sqlite:a.db"]].concat();
    assert_eq!(origins(&named, Some(("NEVERTWICE_SIGNING_KEY", "a.key"))), "flag flag environment");
    std::fs::write(scratch.data().join("config.toml"), "database = \"sqlite:b.db\"").unwrap();
    assert_eq!(origins(&show, None), "flag config.toml default");
    let shown = scratch.ok(&["config", "show"]);
    let beside_the_file = scratch.data().join("b.db");
    assert!(shown.contains(&format!("sqlite:{}  (config.toml)", beside_the_file.display())), "{shown}");
}

#[test]
fn setting_up_that_was_cut_off_is_begun_anew() {
    let scratch = Scratch::with_register();
    let key = scratch.data().join("keys").join("signing.key");
    let of_before = std::fs::read_to_string(&key).unwrap();
    for name in ["nevertwice.db", "nevertwice.db-wal", "nevertwice.db-shm"] {
        // The last two go by themselves when a command ends.
        std::fs::remove_file(scratch.data().join(name)).ok();
    }
    let said = scratch.fails(5, &["init"]);
    assert!(said.contains("signing.key is there already") && said.contains("restore a backup"), "{said}");
    assert_eq!(std::fs::read_to_string(&key).unwrap(), of_before);
    let founding = scratch.data().join("founding");
    std::fs::copy(scratch.data().join("keys").join("verifier.key"), &founding).unwrap();
    scratch.ok(&["init"]);
    assert_ne!(std::fs::read_to_string(&key).unwrap(), of_before);
    assert!(!founding.exists());
    scratch.ok(&["trail", "checkpoint"]);
}
