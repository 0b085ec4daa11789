//! SQL stands in the store and nowhere else.

use super::Violation;
use super::tree::{RustFile, Tree};

/// What looks after scratch servers, as an administrator would; no part of the program.
const ADMINISTRATION: &str = "xtask/src/postgres";

/// Reports string literals that read as SQL outside `crates/store`. Tests may damage rows by hand, and the testkit makes
/// their databases.
pub(crate) fn check(tree: &Tree) -> Vec<Violation> {
    let mut found = Vec::new();
    let own = |file: &&RustFile| matches!(file.crate_name(), "store" | "testkit");
    for file in tree.rust.iter().filter(|file| !own(file) && !file.path.starts_with(ADMINISTRATION)) {
        for token in &file.tokens {
            if token.text().is_some_and(reads_as_sql) && !file.is_test_line(token.line) {
                found.push(Violation {
                    path: file.path.clone(),
                    line: token.line,
                    rule: "sql-outside-store",
                    message:
                        "this string is SQL; move the statement to crates/store and call a function there"
                            .to_owned(),
                });
            }
        }
    }
    found
}

/// Whether the text starts with an SQL keyword and goes on the way SQL does. English sentences that happen to
/// start with such a word ("Select the file…", "Update the settings") do not.
fn reads_as_sql(text: &str) -> bool {
    let upper = text.to_uppercase();
    let words: Vec<&str> = upper.split_whitespace().collect();
    let Some((first, rest)) = words.split_first() else { return false };
    let second = rest.first().copied().unwrap_or_default();
    let shouted = text.trim_start().starts_with(first);
    match *first {
        "SELECT" => {
            rest.contains(&"FROM") && (shouted || upper.contains(['*', ',', '=', '(']))
                || shouted && !rest.is_empty()
        }
        "WITH" => rest.get(1) == Some(&"AS") && upper.contains('('),
        "INSERT" => second == "INTO" || second == "OR",
        "DELETE" => second == "FROM" && (shouted || rest.contains(&"WHERE")),
        "UPDATE" => rest.get(1) == Some(&"SET"),
        "CREATE" | "ALTER" | "DROP" => OBJECTS.contains(&second),
        "BEGIN" => second == "IMMEDIATE",
        "SAVEPOINT" | "PRAGMA" => shouted && !second.is_empty(),
        _ => false,
    }
}

const OBJECTS: [&str; 9] =
    ["TABLE", "INDEX", "UNIQUE", "VIEW", "DATABASE", "SCHEMA", "SEQUENCE", "TRIGGER", "ROLE"];

#[cfg(test)]
mod tests {
    use super::reads_as_sql;

    #[test]
    fn statements_are_told_from_sentences() {
        let statements = [
            "SELECT 1",
            "select id, name from cases where id = $1",
            "\n  INSERT INTO cases (id) VALUES ($1)",
            "UPDATE cases SET state = $1",
            "DELETE FROM cases",
            "CREATE TABLE cases (id)",
            "ALTER TABLE cases ADD COLUMN x",
            "WITH newest AS (SELECT 1) SELECT * FROM newest",
            "PRAGMA journal_mode",
        ];
        for text in statements {
            assert!(reads_as_sql(text), "{text:?} is SQL");
        }
        let sentences = [
            "",
            "Select the sheet from the list",
            "Update the settings of the company",
            "Insert a row",
            "Create a table of contents",
            "delete from the list",
            "With whom as a witness",
            "select",
        ];
        for text in sentences {
            assert!(!reads_as_sql(text), "{text:?} is a sentence");
        }
    }
}
