//! A unit of work is opened by the service and lived in by the store; nobody else ever holds one, and the
//! crates that only turn bytes into bytes never see the store at all.

use super::Violation;
use super::tree::Tree;

const OF_UNITS: [&str; 2] = ["store", "service"];
const OF_FORMS: [&str; 5] = ["domain", "trail", "exchange", "render", "index"];

/// Reports `Tx` outside store and service, and the store's name in the crates below it.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let mut found = Vec::new();
    for file in &tree.rust {
        let crate_name = file.crate_name();
        for token in &file.tokens {
            let message = if token.is("Tx") && !OF_UNITS.contains(&crate_name) {
                "a unit of work is visible to store and service only; add a method to the service"
            } else if token.is("nevertwice_store") && OF_FORMS.contains(&crate_name) {
                "this crate does not know the store; pass it values"
            } else {
                continue;
            };
            found.push(Violation {
                path: file.path.clone(),
                line: token.line,
                rule: "unit-of-work",
                message: message.to_owned(),
            });
        }
    }
    found
}
