//! The AI impact block: the page that describes it, and what is said of a file that is not one.

use crate::scratch::Scratch;

const PAGE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/ai-impact.md"));

/// A register with one case, and the case's reference.
fn with_case() -> (Scratch, String) {
    let scratch = Scratch::with_register();
    let case =
        scratch.json(&["case", "new", "Labels were swapped"])["reference"].as_str().unwrap().to_owned();
    (scratch, case)
}

/// What is said of a block that is refused.
fn refusal(scratch: &Scratch, case: &str, block: &str) -> String {
    let path = scratch.path("wrong.toml");
    std::fs::write(&path, block).unwrap();
    let said = scratch.fails(2, &["case", "edit", case, "--ai-impact", path.to_str().unwrap()]);
    assert!(said.contains("wrong.toml") && said.contains("docs/reference/ai-impact.md"), "{said}");
    said
}

/// The names between backticks after "expected".
fn expected(said: &str) -> Vec<String> {
    let (_, list) = said.split_once("expected").unwrap_or_else(|| panic!("{said}"));
    let list = list.lines().next().unwrap();
    let names: Vec<String> = list.split('`').skip(1).step_by(2).map(str::to_owned).collect();
    assert!(!names.is_empty(), "{said}");
    names
}

#[test]
fn the_example_of_the_page_is_taken_whole() {
    let (scratch, case) = with_case();
    let example = PAGE.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let path = scratch.path("impact.toml");
    std::fs::write(&path, example).unwrap();
    let view = scratch.json(&["case", "edit", &case, "--ai-impact", path.to_str().unwrap()]);
    let kept = &view["ai_impact"];
    assert_eq!(kept["stages"][2], "deploy");
    assert_eq!(kept["confidentiality"]["datasets"][0]["people"], 85);
    assert_eq!(kept["supply_chain"]["supplier_fixed"], "2026-04");
    for table in ["", "confidentiality", "integrity", "quality", "supply_chain"] {
        let block = if table.is_empty() { String::new() } else { format!("[{table}]\n") };
        let kept = if table.is_empty() { kept } else { &kept[table] };
        for field in expected(&refusal(&scratch, &case, &format!("{block}nonsense = 1\n"))) {
            assert!(!kept[&field].is_null(), "{table} {field} is missing in the example");
        }
    }
}

#[test]
fn a_wrong_field_or_word_is_answered_with_what_is_allowed_and_all_of_that_is_on_the_page() {
    let (scratch, case) = with_case();
    let wrong = [
        "stage = []",
        "[confidentiality]\nweigths = true",
        "[[confidentiality.datasets]]\nname = \"Corpus\"",
        "[integrity]\npoisoned = true",
        "[quality]\nsince = \"2026\"",
        "[supply_chain]\nsupplier = \"x\"",
        "stages = [\"serve\"]",
        "decision = \"wait\"",
        "[supply_chain]\nlayer = \"chip\"",
    ];
    for block in wrong {
        let said = refusal(&scratch, &case, block);
        for name in expected(&said) {
            assert!(PAGE.contains(&format!("`{name}`")), "{name} of {block:?} is not on the page");
        }
    }
    assert_eq!(scratch.json(&["case", "show", &case])["ai_impact"], serde_json::Value::Null);
}
