//! Words that say "nothing here".

use nevertwice_domain::text::fold;

/// Folded, without punctuation at the ends.
const PLACEHOLDERS: [&str; 34] = [
    "n/a",
    "na",
    "n.a",
    "n a",
    "none",
    "nil",
    "null",
    "tbd",
    "tbc",
    "tba",
    "t.b.d",
    "unknown",
    "unclear",
    "not known",
    "not applicable",
    "not available",
    "to be determined",
    "to be confirmed",
    "keine",
    "keiner",
    "kein",
    "k.a",
    "k. a",
    "n.n",
    "unbekannt",
    "nicht bekannt",
    "entfallt",
    "aucun",
    "aucune",
    "inconnu",
    "n.d",
    "ninguno",
    "ninguna",
    "desconocido",
];

/// True for a text that stands for an empty cell: nothing but punctuation, or a word such as `n/a`, `TBD`, `none`,
/// `unbekannt`.
#[must_use]
pub fn is_placeholder(text: &str) -> bool {
    // Most cells are none, which their length or a digit shows without folding them.
    if text.len() > 40 || text.bytes().any(|b| b.is_ascii_digit()) {
        return false;
    }
    let folded = fold(text);
    let inner = folded.trim_matches(|c: char| !c.is_alphanumeric());
    inner.is_empty() || PLACEHOLDERS.contains(&inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_signs_for_nothing_are_recognised() {
        for text in [
            "",
            "-",
            "--",
            "–",
            "n/a",
            "N.A.",
            "TBD",
            "tbd.",
            "(none)",
            "?",
            "???",
            "Unbekannt",
            "k.A.",
            " na ",
        ] {
            assert!(is_placeholder(text), "{text:?}");
        }
    }

    #[test]
    fn everything_else_is_content() {
        for text in ["0", "no", "A", "none of the servers was patched", "+49 30", "€5", "unknown sender"] {
            assert!(!is_placeholder(text), "{text:?}");
        }
    }
}
