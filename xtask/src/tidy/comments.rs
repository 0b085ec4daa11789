//! Every dependency says what it is for, on its line in the workspace's manifest.

use super::Violation;
use super::tree::Tree;

const MANIFEST: &str = "Cargo.toml";

/// Reports lines of `[workspace.dependencies]` without a comment. The workspace's own crates carry a description.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let text = tree.text(MANIFEST).unwrap_or_default();
    let inside = text
        .lines()
        .enumerate()
        .skip_while(|(_, line)| line.trim() != "[workspace.dependencies]")
        .skip(1)
        .take_while(|(_, line)| !line.starts_with('['));
    inside
        .filter(|(_, line)| is_dependency(line) && !has_comment(line))
        .map(|(at, line)| Violation {
            path: MANIFEST.to_owned(),
            line: at + 1,
            rule: "dependency-comment",
            message: format!(
                "add `# what it is for` behind {}",
                line.split(['=', ' ']).next().unwrap_or_default()
            ),
        })
        .collect()
}

fn is_dependency(line: &str) -> bool {
    line.starts_with(|first: char| first.is_ascii_alphabetic())
        && line.contains('=')
        && !line.contains("path = \"crates/")
}

fn has_comment(line: &str) -> bool {
    let mut quoted = false;
    let comment = line.find(|letter| {
        quoted ^= letter == '"';
        letter == '#' && !quoted
    });
    comment.is_some_and(|at| line[at + 1..].trim().len() > 3)
}
