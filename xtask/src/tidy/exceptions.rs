//! An exception to a lint expires by itself and says why it is there.

use super::Violation;
use super::attributes::{attributes, names};
use super::tree::Tree;

/// Reports `#[allow(…)]`, which outlives its cause, and `#[expect(…)]` without a reason.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let mut found = Vec::new();
    for file in &tree.rust {
        for attribute in attributes(&file.tokens) {
            let message = if names(attribute, "allow") {
                "an allow stays when its cause is gone; write #[expect(…, reason = \"…\")]"
            } else if names(attribute, "expect") && !attribute.iter().any(|token| token.is("reason")) {
                "say why: #[expect(…, reason = \"…\")]"
            } else {
                continue;
            };
            found.push(Violation {
                path: file.path.clone(),
                line: attribute.first().map_or(1, |token| token.line),
                rule: "lint-exception",
                message: message.to_owned(),
            });
        }
    }
    found
}
