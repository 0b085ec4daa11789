//! What people ask a register of generated cases, typed as they type.

use super::asked::{Request, escaped};
use crate::prove::chance::Chance;

/// What everybody filters by.
pub(crate) const FILTER: &str = "state:open severity:>=4";

/// Queries that people type, letter by letter.
const TYPED: [&str; 8] = [
    "phishing",
    "laptop train",
    "backup restored",
    "firewall rule",
    "supplier breach",
    "ransomware",
    "credentials repository",
    "certificate expired",
];

/// One of the queries, to its end.
pub(crate) fn words(chance: &mut Chance) -> &'static str {
    chance.one_of(&TYPED).unwrap_or_default()
}

/// What stands in the search field after some letter, from the third on, the last word being a beginning.
pub(crate) fn typed(chance: &mut Chance) -> String {
    let beginnings: Vec<&str> = TYPED
        .iter()
        .flat_map(|query| (3..=query.len()).map(|end| &query[..end]).filter(|text| !text.ends_with(' ')))
        .collect();
    format!("{}*", chance.one_of(&beginnings).unwrap_or_default())
}

/// Part of a query that every case fulfils and nobody asked before: answers to the same question are kept until something
/// changes.
pub(crate) fn unheard(number: u64) -> String {
    format!("-title:unheard{number}")
}

/// The page of the register that fits a query.
pub(crate) fn in_register(query: &str) -> Request {
    Request::get(format!("/cases?q={}", escaped(query)))
}

/// The counts beside it.
pub(crate) fn counts(query: &str) -> Request {
    Request::get(format!("/cases/facets?q={}", escaped(query))).part()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_a_beginning_of_what_people_type() {
        let mut chance = Chance::new(1);
        for _ in 0..100 {
            let text = typed(&mut chance);
            let beginning = text.strip_suffix('*').expect("a star");
            assert!(
                beginning.len() >= 3 && TYPED.iter().any(|query| query.starts_with(beginning)),
                "{text:?}"
            );
        }
    }
}
