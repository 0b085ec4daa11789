//! The page of the documentation says what the language is.

use std::fmt::Write;

use super::{DEPTH_LIMIT, LENGTH_LIMIT, TERM_LIMIT, fields, parse};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/query-language.md");

fn page() -> String {
    std::fs::read_to_string(PAGE).unwrap()
}

fn table() -> String {
    let mut table = String::from("| field | also | values | tests |\n|---|---|---|---|\n");
    for field in fields() {
        let aliases: Vec<String> = field.aliases.iter().map(|alias| format!("`{alias}`")).collect();
        let (name, aliases) = (field.name, aliases.join(", "));
        writeln!(table, "| `{name}` | {aliases} | {} | {} |", field.values, field.what).unwrap();
    }
    table
}

#[test]
fn the_page_lists_exactly_the_fields_there_are() {
    let table = table();
    assert!(page().contains(&table), "the field table of {PAGE} is out of date; expected:\n{table}");
}

#[test]
fn every_example_of_the_page_is_a_query() {
    let page = page();
    let first_column = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` | "));
    let words = first_column.map(|(query, _)| query).take_while(|query| *query != "kind");
    let inline = page.split('`').skip(1).step_by(2).filter(|code| code.contains(':') && !code.contains('<'));
    let examples: Vec<&str> = words.chain(inline).filter(|code| !code.contains("name:value")).collect();
    assert!(examples.len() > 10, "{examples:?}");
    for example in examples {
        assert!(parse(example).is_ok(), "{example}: {:?}", parse(example));
    }
}

#[test]
fn the_page_names_the_limits_there_are() {
    let digits = |number: usize| match number {
        4_096 => "4,096".to_owned(),
        other => other.to_string(),
    };
    let limits = format!(
        "at most {} characters, {} words and values, and {} levels",
        digits(LENGTH_LIMIT),
        digits(TERM_LIMIT),
        digits(DEPTH_LIMIT)
    );
    assert!(page().contains(&limits), "expected: {limits}");
}
