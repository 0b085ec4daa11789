//! Each rule is shown a small tree that breaks it, and the workspace itself is held to all of them.

use cargo_metadata::DependencyKind;

use super::tree::{Member, Tree};
use super::*;

#[test]
fn the_tree_is_tidy() {
    let tree = Tree::load(&crate::workspace::root()).expect("the workspace can be read");
    assert!(tree.rust.len() > 20, "only {} Rust files were found", tree.rust.len());
    assert!(tree.crates.len() > 8, "only {} crates were found", tree.crates.len());
    let found: Vec<_> = violations(&tree).iter().map(ToString::to_string).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What one rule says about a tree of files, as `path:line`.
fn places(rule: fn(&Tree) -> Vec<Violation>, files: &[(&str, &str)]) -> Vec<String> {
    rule(&Tree::of(files)).iter().map(|found| format!("{}:{}", found.path, found.line)).collect()
}

#[test]
fn async_below_the_web_is_reported() {
    let code = "fn a() {}\nasync fn b() { a().await }\n";
    let found = places(synchronous::check, &[("crates/store/src/a.rs", code), ("crates/web/src/a.rs", code)]);
    assert_eq!(found, ["crates/store/src/a.rs:2", "crates/store/src/a.rs:2"]);
}

#[test]
fn sql_outside_the_store_is_reported_also_inside_a_macro() {
    let code =
        "fn a() { run(\"SELECT id FROM cases\"); }\nstatements! { B = r#\"UPDATE cases SET x = 1\"# }\n";
    let found = places(sql::check, &[("crates/service/src/a.rs", code), ("crates/store/src/a.rs", code)]);
    assert_eq!(found, ["crates/service/src/a.rs:1", "crates/service/src/a.rs:2"]);
}

#[test]
fn sql_in_tests_and_in_comments_is_free() {
    let code = "/// SELECT id FROM cases\nfn a() {}\n#[cfg(test)]\nmod tests {\n    const B: &str = \"DELETE FROM cases\";\n}\n";
    assert!(places(sql::check, &[("crates/service/src/a.rs", code)]).is_empty());
    let code = "const B: &str = \"DELETE FROM cases\";";
    assert!(places(sql::check, &[("crates/service/src/a/tests.rs", code)]).is_empty());
}

#[test]
fn a_bench_may_name_the_engines_that_it_sets_beside_the_register() {
    let code = "use rusqlite::Connection;\nconst A: &str = \"SELECT * FROM cases\";\n";
    let files = [("crates/service/benches/register/bare.rs", code)];
    assert!(places(engines::check, &files).is_empty());
    assert!(places(sql::check, &files).is_empty());
}

#[test]
fn an_engine_named_outside_its_folder_is_reported() {
    let code = "use rusqlite::Connection;\nfn a() { if engine == Engine::Postgres {} }\nconst HELP: &str = \"sqlite:PATH\";\n";
    let found = places(
        engines::check,
        &[
            ("crates/store/src/action.rs", code),
            ("crates/store/src/engine/sqlite.rs", code),
            ("crates/store/src/engine.rs", code),
            ("crates/store/src/dialect/jobs.rs", code),
            ("crates/store/src/migrate/embedded.rs", code),
        ],
    );
    assert_eq!(found, ["crates/store/src/action.rs:1", "crates/store/src/action.rs:2"]);
}

#[test]
fn the_search_library_named_outside_the_index_is_reported() {
    let code = "use tantivy::Index;";
    let found = places(engines::check, &[("crates/service/src/a.rs", code), ("crates/index/src/a.rs", code)]);
    assert_eq!(found, ["crates/service/src/a.rs:1"]);
}

#[test]
fn a_unit_of_work_outside_store_and_service_is_reported() {
    let code = "fn a(tx: &mut Tx) {}";
    let found = places(units::check, &[("crates/cli/src/a.rs", code), ("crates/service/src/a.rs", code)]);
    assert_eq!(found, ["crates/cli/src/a.rs:1"]);
    let code = "use nevertwice_store::Db;";
    let found = places(units::check, &[("crates/cli/src/a.rs", code), ("crates/exchange/src/a.rs", code)]);
    assert_eq!(found, ["crates/exchange/src/a.rs:1"]);
}

#[test]
fn a_clock_read_inside_is_reported() {
    let code = "#[expect(clippy::disallowed_methods, reason = \"the clock\")]\nfn a() {}\n";
    let found = places(edges::check, &[("crates/store/src/a.rs", code), ("crates/cli/src/a.rs", code)]);
    assert_eq!(found, ["crates/store/src/a.rs:1"]);
}

#[test]
fn an_exception_without_reason_and_an_allow_are_reported() {
    let code = "#![allow(dead_code)]\n#[expect(dead_code)]\nfn a() {}\n#[expect(dead_code, reason = \"read by b\")]\nfn b() {}\n#[cfg_attr(test, allow(dead_code))]\nfn c() {}\n";
    let found = places(exceptions::check, &[("crates/cli/src/a.rs", code)]);
    assert_eq!(found, ["crates/cli/src/a.rs:1", "crates/cli/src/a.rs:2", "crates/cli/src/a.rs:6"]);
}

#[test]
fn unfinished_code_is_reported() {
    for unfinished in ["todo", "unimplemented", "dbg"] {
        let code = format!("fn a() {{ {unfinished}!(1) }}");
        assert_eq!(
            places(forbidden::check, &[("xtask/src/a.rs", &code)]),
            ["xtask/src/a.rs:1"],
            "{unfinished}"
        );
    }
}

#[test]
fn switched_off_tests_are_reported() {
    for attribute in ["ignore", "ignore = \"slow\"", concat!("should", "_panic"), "cfg_attr(miri, ignore)"] {
        let code = format!("fn a() {{}}\n#[test]\n#[{attribute}]\nfn b() {{}}\n");
        let found = places(forbidden::check, &[("crates/cli/tests/a.rs", &code)]);
        assert_eq!(found, ["crates/cli/tests/a.rs:3"], "{attribute}");
    }
}

#[test]
fn sleeping_and_notes_to_oneself_are_reported() {
    let code = format!(
        "fn a() {{ std::thread{}sleep(b) }}\n// {}: later\n// {}\n",
        "::",
        concat!("FIX", "ME"),
        concat!("XX", "X")
    );
    let found = places(forbidden::check, &[("crates/cli/src/a.rs", &code)]);
    assert_eq!(found, ["crates/cli/src/a.rs:1", "crates/cli/src/a.rs:2", "crates/cli/src/a.rs:3"]);
}

#[test]
fn empty_names_are_reported() {
    let found = places(
        names::check,
        &[
            ("crates/cli/src/utils.rs", ""),
            ("crates/cli/src/helpers/case.rs", ""),
            ("crates/cli/src/case.rs", "fn a() {}\nmod common { }\n"),
        ],
    );
    assert_eq!(
        found,
        ["crates/cli/src/utils.rs:1", "crates/cli/src/helpers/case.rs:1", "crates/cli/src/case.rs:2"]
    );
}

#[test]
fn long_files_are_reported_and_tests_may_be_longer() {
    let of = |lines: usize| "// line\n".repeat(lines);
    let (short, long, longest) = (of(600), of(601), of(901));
    let found = places(
        sizes::check_files,
        &[
            ("crates/a/src/short.rs", &short),
            ("crates/a/src/long.rs", &long),
            ("crates/a/src/long/tests.rs", &long),
            ("crates/a/tests/it/longest.rs", &longest),
        ],
    );
    assert_eq!(found, ["crates/a/src/long.rs:600", "crates/a/tests/it/longest.rs:900"]);
    let (middle, test) = (of(401), of(500));
    let tree = Tree::of(&[
        ("crates/a/src/a.rs", &middle),
        ("crates/a/src/a/tests.rs", &test),
        ("crates/a/src/b.rs", &long),
    ]);
    assert_eq!(sizes::large_files(&tree), [("crates/a/src/a.rs", 401)]);
}

#[test]
fn long_functions_are_reported_and_tests_may_be_longer() {
    let function =
        |name: &str, lines: usize| format!("fn {name}() {{\n{}}}\n", "    a();\n".repeat(lines - 2));
    let code = format!(
        "{}struct A;\nimpl A {{\n{}}}\n#[cfg(test)]\nmod tests {{\n{}}}\n",
        function("short", 80),
        function("long", 81),
        function("test", 99)
    );
    assert_eq!(places(sizes::check_functions, &[("crates/a/src/a.rs", &code)]), ["crates/a/src/a.rs:83"]);
}

#[test]
fn undocumented_public_items_are_reported() {
    let code = "pub fn a() {}\npub(crate) fn b() {}\n/// C.\npub struct C;\nimpl C {\n    pub fn d() {}\n}\n/// E.\npub trait E {\n    fn f();\n}\n#[cfg(test)]\npub mod tests {\n    pub fn g() {}\n}\n";
    let found = places(documentation::check, &[("crates/a/src/a.rs", code), ("xtask/src/a.rs", code)]);
    assert_eq!(found, ["crates/a/src/a.rs:1", "crates/a/src/a.rs:6", "crates/a/src/a.rs:10"]);
}

#[test]
fn migrations_without_twin_or_with_a_gap_are_reported() {
    let found = places(
        migrations::check,
        &[
            ("crates/store/migrations/sqlite/0001_people.sql", ""),
            ("crates/store/migrations/postgres/0001_people.sql", ""),
            ("crates/store/migrations/sqlite/0002_cases.sql", ""),
            ("crates/store/migrations/postgres/0004_cases.sql", ""),
            ("crates/store/migrations/sqlite/actions.sql", ""),
            ("crates/store/migrations/postgres/actions.sql", ""),
        ],
    );
    assert_eq!(
        found,
        [
            "crates/store/migrations/sqlite/0002_cases.sql:1",
            "crates/store/migrations/sqlite/actions.sql:1",
            "crates/store/migrations/postgres/0004_cases.sql:1",
            "crates/store/migrations/postgres/actions.sql:1",
            "crates/store/migrations/postgres/0004_cases.sql:1",
        ]
    );
}

#[test]
fn two_migrations_of_one_number_are_reported() {
    let mut files = Vec::new();
    for engine in ["sqlite", "postgres"] {
        for name in ["0001_people", "0001_teams"] {
            files.push(format!("crates/store/migrations/{engine}/{name}.sql"));
        }
    }
    let files: Vec<_> = files.iter().map(|path| (path.as_str(), "")).collect();
    assert_eq!(places(migrations::check, &files).len(), 2);
}

#[test]
fn a_dependency_without_comment_is_reported() {
    let manifest = "[workspace]\n[workspace.dependencies]\nours = { path = \"crates/ours\" }\na = \"1\" # what a is for\nb = { version = \"1\", features = [\"#\"] }\n\n[workspace.lints.rust]\nc = \"deny\"\n";
    assert_eq!(places(comments::check, &[("Cargo.toml", manifest)]), ["Cargo.toml:5"]);
}

#[test]
fn broken_links_are_reported() {
    let page = "[a](b.md) [c](../README.md#top) [d](https://example.org/x.md) [e](#here)\n`[f](g.md)` [h](i/j.md \"title\")\n```\n[k](l.md)\n```\n[folder](.)\n[m]: n.md\n";
    let found = places(links::check, &[("docs/a.md", page), ("docs/b.md", ""), ("README.md", "[x](docs/)")]);
    assert_eq!(found, ["docs/a.md:2", "docs/a.md:7"]);
}

#[test]
fn dependencies_that_point_the_wrong_way_are_reported() {
    let member = |name: &str, dependencies: &[(&str, DependencyKind)]| Member {
        name: name.to_owned(),
        manifest: format!("crates/{name}/Cargo.toml"),
        dependencies: dependencies.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).collect(),
    };
    let (normal, development) = (DependencyKind::Normal, DependencyKind::Development);
    let mut tree =
        Tree::of(&[("crates/nevertwice-store/Cargo.toml", "[dependencies]\nnevertwice-index = 1\n")]);
    tree.crates = vec![
        member("nevertwice-store", &[("nevertwice-index", normal), ("rusqlite", normal), ("serde", normal)]),
        member(
            "nevertwice-index",
            &[("tantivy", normal), ("nevertwice-index", development), ("postgres", development)],
        ),
        member(
            "nevertwice-service",
            &[
                ("nevertwice-store", normal),
                ("nevertwice-testkit", normal),
                ("rusqlite", development),
                ("tantivy", normal),
            ],
        ),
        member("nevertwice", &[("nevertwice-service", normal), ("nevertwice-testkit", development)]),
        member("nevertwice-unknown", &[]),
    ];
    let found: Vec<_> = dependencies::check(&tree).iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "crates/nevertwice-store/Cargo.toml:2: dependency-direction: nevertwice-store must not know nevertwice-index; turn the dependency round",
            "crates/nevertwice-index/Cargo.toml:1: dependency-direction: postgres is known to nevertwice-store alone; ask that crate",
            "crates/nevertwice-service/Cargo.toml:1: dependency-direction: nevertwice-testkit is a dev-dependency only",
            "crates/nevertwice-service/Cargo.toml:1: dependency-direction: tantivy is known to nevertwice-index alone; ask that crate",
            "crates/nevertwice-unknown/Cargo.toml:1: dependency-direction: the crate nevertwice-unknown has no line in xtask/src/tidy/dependencies.rs; add it there",
        ]
    );
}

#[test]
fn code_in_comments_is_reported_and_libraries_that_would_compile_it() {
    let code = "/// ```text\n/// a\n/// ```\n/// ```\n/// b();\n/// ```\nfn a() {}\n/// ```rust\n/// ```\nfn b() {}\n";
    let files = [
        ("crates/a/src/lib.rs", code),
        ("crates/a/Cargo.toml", "[lib]\n"),
        ("crates/b/src/lib.rs", ""),
        ("crates/b/Cargo.toml", "[lib]\ndoctest = false\n"),
        ("crates/c/Cargo.toml", ""),
    ];
    let found = places(examples::check, &files);
    assert_eq!(found, ["crates/a/src/lib.rs:4", "crates/a/src/lib.rs:8", "crates/a/Cargo.toml:1"]);
}
