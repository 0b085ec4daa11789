//! Below the web everything blocks: no `async` in the crates that decide, store or search.

use super::Violation;
use super::tree::Tree;

const BLOCKING: [&str; 7] = ["domain", "trail", "store", "index", "service", "exchange", "render"];

/// Reports every `async` and `.await` in the blocking crates, tests included.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let mut found = Vec::new();
    for file in tree.rust.iter().filter(|file| BLOCKING.contains(&file.crate_name())) {
        for token in file.tokens.iter().filter(|token| token.is("async") || token.is("await")) {
            found.push(Violation {
                path: file.path.clone(),
                line: token.line,
                rule: "no-async",
                message: format!(
                    "the crate {} is synchronous; write a blocking function and let the entry point move it \
                     to another thread",
                    file.crate_name()
                ),
            });
        }
    }
    found
}
