//! Links in Markdown lead to files that exist.

use super::Violation;
use super::tree::Tree;

/// Reports relative links whose file is not there. Links to the web are not followed.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let mut found = Vec::new();
    for (path, text) in tree.texts.iter().filter(|(path, _)| path.ends_with(".md")) {
        let mut fenced = false;
        for (at, line) in text.lines().enumerate() {
            fenced ^= line.trim_start().starts_with("```");
            if fenced {
                continue;
            }
            for target in targets(line).into_iter().filter(|target| is_file(target)) {
                let file = resolve(path, target);
                if !tree.paths.contains(&file) && !is_folder(tree, &file) {
                    found.push(Violation {
                        path: path.clone(),
                        line: at + 1,
                        rule: "broken-link",
                        message: format!(
                            "{target} leads to {file}, which is not there; mend the link or write the page"
                        ),
                    });
                }
            }
        }
    }
    found
}

/// The targets of `[text](target "title")` and of `[name]: target`, outside code spans.
fn targets(line: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for part in line.split('`').step_by(2) {
        for (at, _) in part.match_indices("](") {
            let rest = &part[at + 2..];
            let target = rest.split([')', ' ']).next().unwrap_or_default();
            found.push(target.trim_start_matches('<').trim_end_matches('>'));
        }
    }
    if let Some((name, target)) = line.split_once("]: ")
        && name.starts_with('[')
        && !name.starts_with("[^")
    {
        found.extend(target.split_whitespace().next());
    }
    found
}

fn is_file(target: &str) -> bool {
    !target.is_empty()
        && !target.starts_with('#')
        && !target.contains("://")
        && !target.starts_with("mailto:")
}

fn resolve(page: &str, target: &str) -> String {
    let target = target.split('#').next().unwrap_or_default();
    let mut parts: Vec<&str> = if target.starts_with('/') { Vec::new() } else { page.split('/').collect() };
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    parts.join("/")
}

fn is_folder(tree: &Tree, path: &str) -> bool {
    let prefix = format!("{path}/");
    tree.paths.range(prefix.clone()..).next().is_some_and(|next| next.starts_with(&prefix))
}
