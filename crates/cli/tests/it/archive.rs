//! Archives by hand: a register carried into another folder, and what is said when that cannot be.

use crate::scratch::Scratch;

#[test]
fn a_register_is_carried_into_another_folder_and_goes_on_there() {
    let here = told();
    let out = here.path("archive");
    let out = out.to_str().unwrap();
    let made = here.json(&["export", "archive", out]);
    let there = Scratch::empty();
    let said = there.ok(&["import", "archive", out, "--new-key"]);
    assert!(said.contains("every row is as the trail says") && said.contains("New key"), "{said}");
    there.ok(&["trail", "verify"]);
    there.ok(&["trail", "checkpoint"]);
    there.ok(&["doctor"]);
    let found = there.json(&["search", "bucket"]);
    assert_eq!(found["total"], 1, "{found}");
    let reference = format!("CASE-{}-0001", there.year());
    assert_eq!(there.json(&["case", "show", &reference])["title"], "The bucket was public");
    let again = there.path("again");
    let carried = there.json(&["export", "archive", again.to_str().unwrap()]);
    for what in ["sha256", "rows", "root", "store", "size_bytes"] {
        assert_eq!(carried[what], made[what], "{what}");
    }
}

#[test]
fn an_import_is_refused_where_a_register_is_and_where_an_archive_is_not() {
    let here = told();
    let out = here.path("archive");
    let out = out.to_str().unwrap();
    here.ok(&["export", "archive", out, "--no-views"]);
    assert!(!here.path("archive/views").exists());
    let said = here.fails(5, &["import", "archive", out]);
    assert!(said.contains("there is a register in"), "{said}");
    let there = Scratch::empty();
    let said = there.fails(3, &["import", "archive", here.path("nothing").to_str().unwrap()]);
    assert!(said.contains("is no archive: it has no manifest.json"), "{said}");

    let file = here.path("archive/cases.jsonl");
    let whole = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, whole.replace("bucket", "basket")).unwrap();
    let said = there.fails(6, &["import", "archive", out]);
    assert!(said.contains("cases.jsonl line 1: the line was changed"), "{said}");
    std::fs::write(&file, &whole[..whole.len() - 5]).unwrap();
    let said = there.fails(6, &["import", "archive", out]);
    assert!(said.contains("cases.jsonl line 1: the file was cut off"), "{said}");
    let said = there.fails(3, &["case", "list"]);
    assert!(said.contains("there is no register in"), "a refused import leaves no register: {said}");
    std::fs::write(&file, whole).unwrap();
    there.ok(&["import", "archive", out]);
}

fn told() -> Scratch {
    let scratch = Scratch::with_register();
    scratch.ok(&["case", "new", "The bucket was public"]);
    scratch
}
