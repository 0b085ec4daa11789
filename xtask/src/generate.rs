//! Reference pages that the program writes about itself, so that they cannot drift from it.

use std::path::Path;

use anyhow::{Context as _, bail};

use crate::program::{Program, output};

/// What `nevertwice reference <what>` prints, and the page that keeps it.
const PAGES: [(&str, &str); 5] = [
    ("cli", "docs/reference/cli.md"),
    ("json", "docs/reference/json.md"),
    ("permissions", "docs/reference/permissions.md"),
    ("access-matrix", "docs/reference/access-matrix.md"),
    ("openapi", "docs/reference/openapi.json"),
];

/// Writes the pages, or with `check` compares them with what stands in the tree.
///
/// # Errors
/// When the program does not build or answer, or, with `check`, when a page differs.
pub(crate) fn run(root: &Path, check: bool) -> anyhow::Result<()> {
    let program = Program::build(false)?;
    let mut stale = Vec::new();
    for (what, page) in PAGES {
        let text = output(program.command().args(["reference", what]))?;
        let path = root.join(page);
        if check {
            if std::fs::read_to_string(&path).unwrap_or_default() != text {
                stale.push(page);
            }
            continue;
        }
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        std::fs::write(&path, text).with_context(|| format!("cannot write {page}"))?;
        println!("wrote {page}");
    }
    if !stale.is_empty() {
        bail!("{} differ from the program; run `cargo xtask generate` and commit", stale.join(", "));
    }
    Ok(())
}
