//! The page of the documentation says what an import makes of a record.

use super::{Limits, Standard};
use crate::planned::GapKind;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/veris-import.md");

/// Gaps that a record can leave.
const GAPS: [GapKind; 10] = [
    GapKind::ClassAssumed,
    GapKind::ClassUnknown,
    GapKind::FieldUnknown,
    GapKind::ValueUnknown,
    GapKind::ShapeUnexpected,
    GapKind::DateUnreadable,
    GapKind::CurrencyUnknown,
    GapKind::AmountUnreadable,
    GapKind::AmountIncomplete,
    GapKind::ActionWithoutOwner,
];

#[test]
fn the_page_explains_the_gaps_and_limits_there_are() {
    let page = std::fs::read_to_string(PAGE).unwrap();
    for gap in GAPS {
        assert!(
            page.contains(&format!("\n| `{}` | ", gap.as_str())),
            "{PAGE} does not explain {}",
            gap.as_str()
        );
    }
    let mib = Limits::default().record_bytes / (1024 * 1024);
    for line in [
        format!("| a record | {mib} MiB | it is rejected |"),
        format!("| gaps of a case | {} | ", super::case::GAPS),
        format!("| cost lines of a case | {} | ", super::amounts::LINES),
    ] {
        assert!(page.contains(&line), "{PAGE} has no line {line:?}");
    }
}

#[test]
fn every_path_that_the_page_names_is_one_of_the_standard() {
    let standard = Standard::load().unwrap();
    let page = std::fs::read_to_string(PAGE).unwrap();
    let facts = page.split("## Facts").nth(1).unwrap().split("## Tags").next().unwrap();
    let first_cells = facts.lines().filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
    for path in first_cells.filter_map(|cell| cell.split('`').next()).filter(|path| *path != "_id") {
        let names: Vec<&str> = path.trim_end_matches("[]").split('.').collect();
        assert!(standard.node(&names).is_some(), "{PAGE} names {path}");
    }
}
