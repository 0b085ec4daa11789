//! The generated tables of `docs/reference/performance.md`, each between its two markers.

use std::path::Path;

use anyhow::{Context as _, bail};

use super::report::Report;
use super::table;

const PAGE: &str = "docs/reference/performance.md";

/// Makes sure that the page has a place for each table, before hours go into measuring.
///
/// # Errors
/// When the page cannot be read, or has no markers for a table.
pub(crate) fn expect_places(root: &Path, engine: &str, cases: &[u64]) -> anyhow::Result<()> {
    expect_places_on(&read(root)?, engine, cases)
}

fn expect_places_on(page: &str, engine: &str, cases: &[u64]) -> anyhow::Result<()> {
    let growth = (cases.len() > 1).then(|| growth(engine));
    let names = cases.iter().map(|cases| size(engine, *cases)).chain(growth);
    names.map(|name| put(page, &name, "")).try_for_each(|replaced| replaced.map(drop))
}

fn read(root: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(root.join(PAGE)).with_context(|| format!("cannot read {PAGE}"))
}

fn size(engine: &str, cases: u64) -> String {
    format!("{engine} {cases}")
}

fn growth(engine: &str) -> String {
    format!("{engine} growth")
}

/// Puts the tables where their markers stand; everything else on the page is written by hand.
///
/// # Errors
/// When the page cannot be read or written, or has no markers for a table.
pub(crate) fn write(root: &Path, reports: &[Report], host: &str) -> anyhow::Result<()> {
    let mut page = read(root)?;
    for report in reports {
        let runs =
            if report.runs == 1 { "one run".to_owned() } else { format!("medians of {} runs", report.runs) };
        let text = format!("{host}; {runs}.\n\n{}", table::of_report(report));
        page = put(&page, &size(&report.engine, report.cases), &text)?;
    }
    if let [first, .., last] = reports {
        page = put(&page, &growth(&first.engine), &table::of_growth(first, last))?;
    }
    std::fs::write(root.join(PAGE), page).with_context(|| format!("cannot write {PAGE}"))?;
    println!("wrote {PAGE}");
    Ok(())
}

/// The page with another text between `<!-- bench NAME -->` and `<!-- end -->`.
fn put(page: &str, name: &str, text: &str) -> anyhow::Result<String> {
    let (begin, end) = (format!("<!-- bench {name} -->\n"), "<!-- end -->");
    let Some((before, rest)) = page.split_once(&begin) else {
        bail!("{PAGE} has no place for these figures; write {begin}{end} where they belong");
    };
    let Some((_, after)) = rest.split_once(end) else { bail!("{PAGE}: {begin}is not followed by {end}") };
    Ok(format!("{before}{begin}\n{text}\n\n{end}{after}"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{expect_places, expect_places_on, put};

    #[test]
    fn only_what_stands_between_the_markers_is_replaced() {
        let page =
            "a\n<!-- bench SQLite 1000 -->\nold\n<!-- end -->\nb\n<!-- bench other -->\nc\n<!-- end -->\n";
        let once = put(page, "SQLite 1000", "new").expect("there is a place");
        assert_eq!(once, page.replace("old", "\nnew\n"));
        assert_eq!(put(&once, "SQLite 1000", "new").expect("it is still there"), once);
    }

    #[test]
    fn a_place_that_is_missing_is_missed_before_anything_is_measured() {
        let page = "<!-- bench SQLite 1000 -->\n<!-- end -->\n<!-- bench SQLite 9 -->\n<!-- end -->\n";
        assert!(expect_places_on(page, "SQLite", &[1_000]).is_ok());
        let growth = expect_places_on(page, "SQLite", &[9, 1_000]).expect_err("there is none").to_string();
        assert!(growth.contains("<!-- bench SQLite growth -->"), "{growth}");
        assert!(expect_places_on(page, "PostgreSQL", &[1_000]).is_err());
    }

    #[test]
    fn the_page_has_a_place_for_every_size_that_is_measured() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for engine in ["SQLite", "PostgreSQL", "SQLite over HTTP"] {
            expect_places(&root, engine, &[1_000, 100_000, 1_000_000]).expect("there is a place for each");
        }
        let engine = "PostgreSQL over HTTP";
        expect_places(&root, engine, &[1_000, 100_000]).expect("there is a place for each");
    }

    #[test]
    fn a_page_without_the_place_is_refused() {
        let error = put("a\n", "SQLite 1000", "new").expect_err("there is no place").to_string();
        assert!(error.contains("<!-- bench SQLite 1000 -->"), "{error}");
    }
}
