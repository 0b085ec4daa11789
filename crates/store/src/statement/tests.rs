use super::*;

#[test]
fn parameters_are_numbered_outside_literals_names_and_comments() {
    for (given, expected) in [
        ("SELECT $1, $12", "SELECT ?1, ?12"),
        ("SELECT '$1', $1", "SELECT '$1', ?1"),
        ("SELECT 'it''s $1', $2", "SELECT 'it''s $1', ?2"),
        ("SELECT \"a$1\", $1", "SELECT \"a$1\", ?1"),
        ("SELECT 1 -- $1\n, $1", "SELECT 1 -- $1\n, ?1"),
        ("SELECT /* $1 ' */ $1", "SELECT /* $1 ' */ ?1"),
        ("SELECT 'Ä$1Ö', $1 -- $2", "SELECT 'Ä$1Ö', ?1 -- $2"),
        ("SELECT '$1", "SELECT '$1"),
        ("", ""),
    ] {
        assert_eq!(number_parameters(given), expected, "{given}");
    }
}

mod declared {
    use crate::statements;

    statements! {
        /// The first.
        pub(super) ONE = "SELECT $1";
        /// The second.
        pub(super) TWO = "SELECT $1, $2";
    }
}

#[test]
fn a_module_lists_its_statements_by_name() {
    assert_eq!(declared::ALL.len(), 2);
    assert!(declared::ONE.name().ends_with("declared::ONE"), "{}", declared::ONE.name());
    assert_eq!(declared::TWO.text(Dialect::Sqlite), "SELECT ?1, ?2");
    assert_eq!(declared::TWO.text(Dialect::Postgres), "SELECT $1, $2");
}
