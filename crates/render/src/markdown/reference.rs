//! References of the register in running text.

use std::ops::Range;

use nevertwice_domain::reference::{
    ActionRef, AssetRef, AwarenessRef, CaseRef, ImportRef, LessonRef, ProcedureRef, Reference, ReviewRef,
    RiskRef, SupplierRef,
};

/// `CASE-` or the like, four digits, a hyphen, nine digits.
const LONGEST: usize = 19;

/// The references of a text in order: where each stands, and how it is written canonically. A reference stands by
/// itself: letters, digits, `-` and `_` around it make it part of something else, and `@` before it makes it a name.
pub(super) fn references(text: &str) -> impl Iterator<Item = (Range<usize>, String)> + '_ {
    words(text).filter_map(|range| {
        let is_name = text[..range.start].ends_with('@');
        let word = &text[range.clone()];
        (!is_name && word.len() <= LONGEST).then(|| canonical(word)).flatten().map(|found| (range, found))
    })
}

/// The longest runs of characters that a reference may be part of.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let is_inside = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + text[from..].find(is_inside)?;
        let end = text[start..].find(|c| !is_inside(c)).map_or(text.len(), |length| start + length);
        from = end;
        Some(start..end)
    })
}

fn canonical(word: &str) -> Option<String> {
    as_kind::<CaseRef>(word)
        .or_else(|| as_kind::<ReviewRef>(word))
        .or_else(|| as_kind::<LessonRef>(word))
        .or_else(|| as_kind::<ActionRef>(word))
        .or_else(|| as_kind::<AwarenessRef>(word))
        .or_else(|| as_kind::<AssetRef>(word))
        .or_else(|| as_kind::<SupplierRef>(word))
        .or_else(|| as_kind::<ImportRef>(word))
        .or_else(|| as_kind::<RiskRef>(word))
        .or_else(|| as_kind::<ProcedureRef>(word))
}

fn as_kind<R: Reference>(word: &str) -> Option<String> {
    let prefix = word.get(..R::PREFIX.len())?;
    prefix.eq_ignore_ascii_case(R::PREFIX).then(|| word.parse::<R>().ok())?.map(|found| found.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        references(text).map(|(_, reference)| reference).collect()
    }

    #[test]
    fn references_of_every_kind_are_found_as_they_are_typed() {
        let text = "(CASE-2026-0042), pir-2026-7: LSN-2026-0003/ACT-2026-31; AST-19 and sup-4. ‘IMP-2026-1’ AWR-2026-1 RSK-7 PRC-2";
        let expected = [
            "CASE-2026-0042",
            "PIR-2026-0007",
            "LSN-2026-0003",
            "ACT-2026-0031",
            "AST-0019",
            "SUP-0004",
            "IMP-2026-0001",
            "AWR-2026-0001",
            "RSK-0007",
            "PRC-0002",
        ];
        assert_eq!(found(text), expected);
    }

    #[test]
    fn what_only_contains_a_reference_is_none() {
        for text in [
            "XCASE-2026-0042",
            "CASE-2026-0042-7",
            "CASE-2026-0042a",
            "éCASE-2026-0042",
            "_CASE-2026-0042",
            "@CASE-2026-0042",
            "CASE-2026",
            "CASE-26-1",
            "AST-0",
            "CASE-2026-1234567890",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_place_is_where_the_reference_stands() {
        let text = "naïve: CASE-2026-1!";
        let (range, _) = references(text).next().unwrap();
        assert_eq!(&text[range], "CASE-2026-1");
    }
}
