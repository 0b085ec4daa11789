//! The page of the documentation says what an import recognises.

use nevertwice_domain::word::Word as _;

use super::mapping::Mapping;
use super::reader::{Delimiter, Encoding, Limits};
use super::synonyms::NAMES;
use super::target::Target;
use super::value::words::{CLASSES, NOT_AN_INCIDENT, SEVERITIES, STANDINGS};
use crate::planned::GapKind;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/spreadsheet-import.md");

/// Gaps that only sources with a standard have; their page explains them.
const OF_STANDARDS: [GapKind; 4] =
    [GapKind::FieldUnknown, GapKind::ValueUnknown, GapKind::ShapeUnexpected, GapKind::AmountIncomplete];

/// The page with every run of white space as one space, as its tables are written.
fn page() -> String {
    std::fs::read_to_string(PAGE).unwrap().replace('\n', " \n ")
}

/// Demands that the page has these lines, and shows them all where one is missing.
fn check(what: &str, lines: &[String]) {
    let page = page();
    let missing = lines.iter().any(|line| !page.contains(&format!(" {line} ")));
    assert!(!missing, "{what} of {PAGE} is out of date; expected:\n{}", lines.join("\n"));
}

fn words(list: &str) -> String {
    list.split(',').map(str::trim).collect::<Vec<_>>().join(", ")
}

#[test]
fn the_page_lists_the_column_names_that_are_known() {
    let rows: Vec<String> =
        NAMES.iter().map(|(target, names)| format!("| `{target}` | {} |", words(names))).collect();
    check("the table of column names", &rows);
}

#[test]
fn the_page_lists_the_words_that_are_known() {
    let mut rows: Vec<String> =
        CLASSES.iter().map(|(class, list)| format!("| `{class}` | {} |", words(list))).collect();
    rows.push(format!("| `event`, decided: not an incident | {} |", words(NOT_AN_INCIDENT)));
    rows.extend(STANDINGS.iter().map(|(standing, list)| format!("| `{standing}` | {} |", words(list))));
    rows.extend(SEVERITIES.iter().map(|(level, list)| format!("| {level} | {} |", words(list))));
    check("the tables of words", &rows);
}

#[test]
fn the_page_explains_every_target_and_every_gap() {
    let page = page();
    let targets = Target::ALL.iter().map(|target| target.as_str());
    let gaps = GapKind::ALL.iter().filter(|gap| !OF_STANDARDS.contains(gap));
    for name in targets.chain(gaps.map(|gap| gap.as_str())) {
        assert!(page.contains(&format!(" \n | `{name}` | ")), "{PAGE} does not explain {name}");
    }
    let delimiters = Delimiter::ALL.map(|delimiter| match delimiter {
        Delimiter::Comma => "`,`",
        Delimiter::Semicolon => "`;`",
        Delimiter::Tab => "`tab`",
        // A table of Markdown needs the backslash.
        Delimiter::Pipe => "`\\|`",
    });
    for name in Encoding::ALL.map(Encoding::as_str).into_iter().chain(delimiters) {
        assert!(page.contains(name), "{PAGE} does not name {name}");
    }
}

#[test]
fn the_page_names_the_limits_there_are() {
    const MIB: u64 = 1024 * 1024;
    let limits = Limits::default();
    let bytes = |bytes: u64| {
        if bytes >= MIB { format!("{} MiB", bytes / MIB) } else { format!("{} KiB", bytes / 1024) }
    };
    let size = |size: usize| bytes(u64::try_from(size).unwrap());
    let rows = [
        format!("| a cell | {} | its row is rejected |", size(limits.cell_bytes)),
        format!("| a row | {} | the file is refused |", size(limits.row_bytes)),
        format!("| columns | {} | the file is refused |", limits.columns),
        format!("| rows | {} | the file is refused |", grouped(limits.rows)),
        format!("| blank rows in succession | {} | the file is refused |", grouped(limits.blank_rows)),
        format!("| a workbook, unpacked | {} | the file is refused |", bytes(limits.unpacked_bytes)),
        format!("| the string table of a workbook | {} | the file is refused |", bytes(limits.strings_bytes)),
        format!(
            "| a part that describes a workbook | {} | the file is refused |",
            bytes(limits.structure_bytes)
        ),
        format!(
            "| a part of a workbook against its packed size, from {} on | {} times | the file is refused |",
            bytes(limits.ratio_from_bytes),
            limits.ratio
        ),
    ];
    check("the table of limits", &rows);
}

#[test]
fn the_mapping_of_the_page_can_be_used() {
    let text = std::fs::read_to_string(PAGE).unwrap();
    let examples: Vec<&str> =
        text.split("```toml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(!examples.is_empty());
    for example in examples {
        Mapping::from_toml(example).unwrap();
    }
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap()).collect();
    groups.join(",")
}
