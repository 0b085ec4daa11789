//! Who is meant by `@sofia.brandl` in a text.

use std::collections::BTreeSet;

use crate::text::fold;

/// The most that one text can mention; nobody calls for more people at once by accident.
const LIMIT: usize = 20;

/// Every handle that a text mentions, folded: what stands behind an `@` that no word stands before. An address such as
/// `it@example.org` mentions nobody.
#[must_use]
pub fn mentions(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut before = None;
    for (at, c) in text.char_indices() {
        if c == '@' && !before.is_some_and(|b: char| b.is_alphanumeric() || b == '@' || b == '.') {
            let rest = &text[at + 1..];
            let handle: String = rest.chars().take_while(|c| is_of_a_handle(*c)).collect();
            let handle = fold(handle.trim_end_matches(['.', '-', '_']));
            if !handle.is_empty() && found.len() < LIMIT {
                found.insert(handle);
            }
        }
        before = Some(c);
    }
    found
}

/// What somebody is mentioned by: their name with dots for spaces, and what stands before the `@` of their addresses.
pub fn handles<'a>(name: &str, addresses: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let mut handles = BTreeSet::from([fold(name).replace(' ', ".")]);
    let locals = addresses.into_iter().filter_map(|address| address.rsplit_once('@'));
    handles.extend(locals.map(|(local, _)| fold(local)).filter(|local| !local.is_empty()));
    handles
}

fn is_of_a_handle(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '+' | '\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        mentions(text).into_iter().collect()
    }

    #[test]
    fn an_at_before_a_name_mentions_and_an_address_does_not() {
        assert_eq!(found("@Sofia.Brandl, look; (@müller) and @ada."), ["ada", "muller", "sofia.brandl"]);
        for nobody in ["it@example.org", "@", "@ ada", "a@@ada", "@.", "", "x.@ada"] {
            assert_eq!(found(nobody), [""; 0], "{nobody}");
        }
        let many: String = (0..50).map(|number| format!("@p{number} ")).collect();
        assert_eq!(mentions(&many).len(), LIMIT);
    }

    #[test]
    fn somebody_is_meant_by_name_and_by_address() {
        let known = handles("Sofia  Brandl", ["s.brandl@example.org", "no address", "@x"]);
        assert_eq!(known.into_iter().collect::<Vec<_>>(), ["s.brandl", "sofia.brandl"]);
    }
}
