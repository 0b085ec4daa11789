//! What commands print: columns, pages, quotations, marks.

use crate::scratch::Scratch;

#[test]
fn a_day_that_is_none_is_answered_with_an_example() {
    let scratch = Scratch::with_register();
    let base = ["action", "new", "CASE-2026-0001", "Replace the lock", "--owner", "Bob", "--due"];
    for day in ["soon", "2026-02-30", "17.03.2026"] {
        let said = scratch.fails(2, &[&base[..], &[day]].concat());
        assert!(said.contains(day) && said.contains("a day of the calendar such as 2026-03-17"), "{said}");
    }
}

#[test]
fn figures_have_their_columns_in_the_order_asked_for() {
    let scratch = Scratch::with_register();
    let case = scratch.json(&["case", "new", "A lost laptop"])["reference"].as_str().unwrap().to_owned();
    scratch.ok(&["case", "classify", &case, "incident"]);
    let year = &case[5..9];
    for (by, heading, row) in [
        ("year,class", "year class cases", format!("{year} incident 1")),
        ("class,year", "class year cases", format!("incident {year} 1")),
    ] {
        let out = scratch.ok(&["measure", "volume", "--by", by]);
        let mut lines = out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        assert_eq!((lines.next().as_deref(), lines.next().as_deref()), (Some(heading), Some(&*row)), "{out}");
    }
}

#[test]
fn an_amount_without_a_currency_is_in_the_companys() {
    let scratch = Scratch::with_register();
    let case = scratch.json(&["case", "new", "A lost laptop"])["reference"].as_str().unwrap().to_owned();
    scratch.ok(&["settings", "edit", "--currency", "JPY"]);
    let cost = |amount: &str| scratch.json(&["case", "cost", &case, "equipment", "--amount", amount]);
    let yen = cost("1200");
    assert_eq!((&yen["amount_minor"], &yen["currency"]), (&1200.into(), &"JPY".into()), "{yen}");
    let euro = cost("12.34 EUR");
    assert_eq!((&euro["amount_minor"], &euro["currency"]), (&1234.into(), &"EUR".into()));
    let said = scratch.fails(2, &["case", "cost", &case, "equipment", "--amount", "12.34"]);
    assert!(said.contains("more decimals than JPY has"), "{said}");
    assert_eq!(scratch.run(&["case", "cost", &case, "equipment", "--amount", "a lot"]).code, 2);
}

#[test]
fn a_title_that_is_too_long_is_quoted_by_its_beginning() {
    let title = "x".repeat(5000);
    let title = title.as_str();
    for arguments in [["case", "new", title], ["case", "list", title], ["case", title, "new"]] {
        let said = Scratch::empty().fails(2, &arguments);
        assert!(said.contains(&format!("{}…", "x".repeat(60))), "{said}");
        assert!(said.chars().count() < 1000, "{said}");
    }
}

#[test]
fn the_manual_has_a_page_with_the_options_of_every_command() {
    let scratch = Scratch::empty();
    let pages = scratch.ok(&["man"]);
    assert!(pages.contains("nevertwice\\-action\\-new") && pages.contains("\\-\\-check\\-on"), "{pages}");
    let folder = scratch.path("man1");
    scratch.ok(&["man", "--dir", folder.to_str().unwrap()]);
    let page = std::fs::read_to_string(folder.join("nevertwice-action-new.1")).unwrap();
    assert!(page.contains("\\-\\-check\\-on") && pages.contains(page.trim()), "{page}");
    let files = std::fs::read_dir(folder).unwrap().count();
    assert_eq!(pages.matches(".TH ").count(), files, "the same pages either way");
}

#[test]
fn a_reader_that_stops_reading_is_no_failure() {
    let scratch = Scratch::empty();
    for command in [&["man"][..], &["completions", "bash"], &["reference", "json"]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = scratch.command(command).stdout(writer).output().unwrap();
        assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn what_prints_no_json_says_so() {
    let scratch = Scratch::empty();
    for command in [&["man"][..], &["completions", "bash"], &["reference", "cli"]] {
        let said = scratch.fails(2, &[command, &["--json"]].concat());
        let error: serde_json::Value = serde_json::from_str(&said).unwrap();
        assert!(error["error"]["message"].as_str().unwrap().contains("never JSON"), "{said}");
    }
}

#[test]
fn a_verification_says_what_the_trail_does_not_cover() {
    let scratch = Scratch::with_register();
    let said = scratch.ok(&["trail", "verify"]);
    assert!(said.contains("Not covered: store_info, import_rows"), "{said}");
    assert!(scratch.ok(&["trail", "verify", "--help"]).contains("import_profiles"));
    let export = scratch.ok(&["trail", "export", "--out", scratch.path("all.bundle").to_str().unwrap()]);
    assert!(!export.contains("SAMPLE"), "{export}");
}
