//! Clock and randomness are read at the edge. `clippy.toml` forbids the calls; this rule says where the
//! exception `#[expect(clippy::disallowed_methods, …)]` may stand.

use super::Violation;
use super::attributes::{attributes, names};
use super::tree::Tree;

/// Where the outside world is read, and why there.
const EDGES: [(&str, &str); 4] = [
    ("crates/cli/", "the composition root hands the clock and the randomness to everything below"),
    ("crates/service/src/clock.rs", "the clock and the source of ids that the service is given"),
    ("crates/testkit/", "scratch databases need names that nobody else uses"),
    ("xtask/", "a developer's command measures and waits"),
];

/// Reports exceptions to the clock-and-randomness rule that stand outside the edge.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let mut found = Vec::new();
    for file in &tree.rust {
        if EDGES.iter().any(|(path, _)| file.path.starts_with(path)) {
            continue;
        }
        let excepted = attributes(&file.tokens)
            .filter(|attribute| names(attribute, "expect"))
            .filter_map(|attribute| attribute.iter().find(|token| token.is("disallowed_methods")));
        for token in excepted.filter(|token| !file.is_test_line(token.line)) {
            found.push(Violation {
                path: file.path.clone(),
                line: token.line,
                rule: "edge",
                message: "time and randomness come in as arguments; read them at the edge and pass them here"
                    .to_owned(),
            });
        }
    }
    found
}
