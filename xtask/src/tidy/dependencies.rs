//! Dependencies point one way, and each driver is known to one crate.

use cargo_metadata::DependencyKind;

use super::Violation;
use super::tree::{Member, Tree};

/// Which crates of the workspace a crate may build on. Everything above points down; nothing points up.
const MAY_USE: [(&str, &[&str]); 13] = [
    ("nevertwice-domain", &[]),
    ("nevertwice-trail", &["nevertwice-domain"]),
    ("nevertwice-exchange", &["nevertwice-domain"]),
    ("nevertwice-render", &["nevertwice-domain"]),
    ("nevertwice-index", &["nevertwice-domain"]),
    ("nevertwice-store", &["nevertwice-domain", "nevertwice-trail"]),
    (
        "nevertwice-service",
        &[
            "nevertwice-domain",
            "nevertwice-trail",
            "nevertwice-exchange",
            "nevertwice-render",
            "nevertwice-index",
            "nevertwice-store",
        ],
    ),
    // Never the store and the index: what a page shows it has asked a use case for.
    ("nevertwice-web", &["nevertwice-domain", "nevertwice-render", "nevertwice-service"]),
    (
        "nevertwice",
        &[
            "nevertwice-web",
            "nevertwice-domain",
            "nevertwice-trail",
            "nevertwice-exchange",
            "nevertwice-render",
            "nevertwice-index",
            "nevertwice-store",
            "nevertwice-service",
        ],
    ),
    (TESTKIT, &["nevertwice-domain"]),
    (
        "nevertwice-probe",
        &["nevertwice-domain", "nevertwice-trail", "nevertwice-exchange", "nevertwice-store"],
    ),
    ("xtask", &[]),
    ("nevertwice-bare", &[]),
];

/// Of use to tests only.
const TESTKIT: &str = "nevertwice-testkit";

/// Libraries that one crate alone may name.
const OWNED: [(&str, &str); 9] = [
    ("rusqlite", "nevertwice-store"),
    ("libsqlite3-sys", "nevertwice-store"),
    ("postgres", "nevertwice-store"),
    ("tokio-postgres", "nevertwice-store"),
    ("tokio-postgres-rustls", "nevertwice-store"),
    ("tantivy", "nevertwice-index"),
    ("comrak", "nevertwice-render"),
    ("ammonia", "nevertwice-render"),
    ("lettre", "nevertwice"),
];

/// Crates that set the bare libraries beside their own work in `benches/`, and there alone: as a dev-dependency.
const COMPARES: [&str; 1] = ["nevertwice-service"];

/// Crates whose tests read with another one what they have written: as a dev-dependency.
const READS_BACK: [(&str, &str); 1] = [("nevertwice-render", "nevertwice-exchange")];

/// Reports dependencies that point the wrong way.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let mut found = Vec::new();
    for member in &tree.crates {
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == member.name) else {
            let message = format!(
                "the crate {} has no line in xtask/src/tidy/dependencies.rs; add it there",
                member.name
            );
            found.push(violation(tree, member, &member.name, message));
            continue;
        };
        for (name, kind) in &member.dependencies {
            if let Some(message) = objection(member, allowed, name, *kind) {
                found.push(violation(tree, member, name, message));
            }
        }
    }
    found
}

fn objection(member: &Member, allowed: &[&str], name: &str, kind: DependencyKind) -> Option<String> {
    if name == TESTKIT {
        let test_only = kind == DependencyKind::Development;
        return (!test_only).then(|| format!("{TESTKIT} is a dev-dependency only"));
    }
    if let Some((_, owner)) = OWNED.iter().find(|(library, _)| *library == name) {
        let compares = kind == DependencyKind::Development && COMPARES.contains(&member.name.as_str());
        return (*owner != member.name && !compares)
            .then(|| format!("{name} is known to {owner} alone; ask that crate"));
    }
    if kind == DependencyKind::Development && READS_BACK.contains(&(member.name.as_str(), name)) {
        return None;
    }
    // A crate's own tests may switch a feature of it on.
    if name == member.name && kind == DependencyKind::Development {
        return None;
    }
    let ours = MAY_USE.iter().any(|(member, _)| *member == name);
    (ours && !allowed.contains(&name))
        .then(|| format!("{} must not know {name}; turn the dependency round", member.name))
}

fn violation(tree: &Tree, member: &Member, name: &str, message: String) -> Violation {
    let text = tree.text(&member.manifest).unwrap_or_default();
    let line = text.lines().position(|line| line.starts_with(name)).map_or(1, |at| at + 1);
    Violation { path: member.manifest.clone(), line, rule: "dependency-direction", message }
}
