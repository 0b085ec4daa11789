//! The sample company.

use crate::scratch::{Scratch, is_private};

#[test]
fn the_demo_fills_a_register_that_agrees_with_its_trail() {
    let scratch = Scratch::empty();
    let shown = scratch.json(&["demo"]);
    assert!(shown["cases"].as_u64().unwrap() >= 55, "{}", shown["cases"]);
    assert_eq!(shown["classes"]["groups"].as_array().unwrap().len(), 4, "all four classes");
    scratch.ok(&["trail", "verify"]);
    assert!(is_private(&scratch.data()), "its folder is for its owner only");
    scratch.ok(&["doctor"]);
    let bundle = scratch.path("all.bundle");
    let bundle = bundle.to_str().unwrap();
    let export = scratch.json(&["trail", "export", "--out", bundle]);
    let key = export["checkpoint"]["key"].as_str().unwrap();
    let verified = scratch.ok(&["trail", "verify", "--bundle", bundle, "--key", key]);
    assert!(verified.contains("SAMPLE, invented data: "), "whoever gets the bundle is told: {verified}");
    let again = scratch.json(&["demo"]);
    assert_eq!(again["cases"], shown["cases"], "a second demo changes nothing");
    let story = scratch.ok(&["search", "ransomware", "kind:case"]);
    assert!(story.contains("CASE-"), "{story}");
}

#[test]
fn the_demo_leaves_a_real_register_alone() {
    let scratch = Scratch::with_register();
    let said = scratch.fails(5, &["demo"]);
    assert!(said.contains("real register"), "{said}");
}

#[test]
fn the_demo_refuses_a_database_instead_of_ignoring_it() {
    let scratch = Scratch::empty();
    let said = scratch.fails(2, &["--database", "sqlite:other.db", "demo"]);
    assert!(said.contains("other.db is named (flag)"), "{said}");
    assert!(!scratch.data().exists());
}
