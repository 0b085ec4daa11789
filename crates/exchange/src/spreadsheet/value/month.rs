//! Names of months in English, German, French and Spanish.

use nevertwice_domain::text::fold;

/// Folded names by month; every name also stands for its first three letters or more, where that is one month only.
const NAMES: [&str; 12] = [
    "january januar janner janvier enero",
    "february februar feber fevrier febrero",
    "march marz mars marzo",
    "april avril abril",
    "may mai mayo",
    "june juni juin junio",
    "july juli juillet julio",
    "august aout agosto",
    "september septembre septiembre setiembre",
    "october oktober octobre octubre",
    "november novembre noviembre",
    "december dezember decembre diciembre",
];

/// The month, 1 to 12, that a word names, in full or abbreviated to at least three letters.
pub(super) fn number(word: &str) -> Option<i8> {
    let word = fold(word);
    if word.len() < 3 {
        return None;
    }
    let mut found = None;
    for (names, month) in NAMES.iter().zip(1i8..) {
        if names.split(' ').any(|name| name == word) {
            return Some(month);
        }
        if names.split(' ').any(|name| name.starts_with(&word)) {
            // An abbreviation of two months, such as French "jui", is none.
            found = if found.is_none() { Some(month) } else { Some(0) };
        }
    }
    found.filter(|month| *month > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_known_in_four_languages_and_abbreviated() {
        let cases = [
            ("Mar", Some(3)),
            ("März", Some(3)),
            ("mai", Some(5)),
            ("Déc", Some(12)),
            ("Sept", Some(9)),
            ("août", Some(8)),
            ("Okt", Some(10)),
            ("enero", Some(1)),
            ("dic", Some(12)),
            ("juin", Some(6)),
            ("jui", None),
            ("ma", None),
            ("monday", None),
            ("jan", Some(1)),
            ("jul", Some(7)),
        ];
        for (word, month) in cases {
            assert_eq!(number(word), month, "{word}");
        }
    }
}
