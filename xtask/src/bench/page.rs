//! The generated tables of `docs/reference/performance.md`, each between its two markers.

use std::path::Path;

use anyhow::{Context as _, bail};

use super::report::Report;
use super::table;

const PAGE: &str = "docs/reference/performance.md";

/// Puts the tables where their markers stand; everything else on the page is written by hand.
///
/// # Errors
/// When the page cannot be read or written, or has no markers for a table.
pub(crate) fn write(root: &Path, reports: &[Report], host: &str) -> anyhow::Result<()> {
    let path = root.join(PAGE);
    let mut page = std::fs::read_to_string(&path).with_context(|| format!("cannot read {PAGE}"))?;
    for report in reports {
        let runs =
            if report.runs == 1 { "one run".to_owned() } else { format!("medians of {} runs", report.runs) };
        let text = format!("{host}; {runs}.\n\n{}", table::of_report(report));
        page = put(&page, &format!("{} {}", report.engine, report.cases), &text)?;
    }
    if let [first, .., last] = reports {
        page = put(&page, &format!("{} growth", first.engine), &table::of_growth(first, last))?;
    }
    std::fs::write(&path, page).with_context(|| format!("cannot write {PAGE}"))?;
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
    use super::put;

    #[test]
    fn only_what_stands_between_the_markers_is_replaced() {
        let page =
            "a\n<!-- bench SQLite 1000 -->\nold\n<!-- end -->\nb\n<!-- bench other -->\nc\n<!-- end -->\n";
        let once = put(page, "SQLite 1000", "new").expect("there is a place");
        assert_eq!(once, page.replace("old", "\nnew\n"));
        assert_eq!(put(&once, "SQLite 1000", "new").expect("it is still there"), once);
    }

    #[test]
    fn a_page_without_the_place_is_refused() {
        let error = put("a\n", "SQLite 1000", "new").expect_err("there is no place").to_string();
        assert!(error.contains("<!-- bench SQLite 1000 -->"), "{error}");
    }
}
