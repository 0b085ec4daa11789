//! Texts that a spreadsheet program would take for a formula, and the apostrophe that says "this is text".
//!
//! Whoever writes a file for such a program writes a text through [`guard`], and whoever reads one takes the text
//! through [`unguard`]: one rule, so that what goes out comes back.

use std::borrow::Cow;

/// Characters with which a formula begins (OWASP, CSV injection): those of ASCII and their full-width forms, which some
/// programs fold.
const SIGNS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// White space that makes a program look at what follows as if it stood at the beginning of a cell.
const BREAKS: [char; 3] = ['\t', '\r', '\n'];

/// True for a text that begins with `=`, `+`, `-`, `@` or a full-width form of these, also behind white space and
/// quotation marks, and for one that begins with a tab or a line break before anything else.
#[must_use]
pub fn is_like_formula(text: &str) -> bool {
    let content = text.trim_start_matches(is_passed_over);
    let before = &text[..text.len() - content.len()];
    content.starts_with(SIGNS) || (!content.is_empty() && before.contains(BREAKS))
}

/// Puts an apostrophe before a text that [`is_like_formula`], apostrophes at its beginning included, so that
/// [`unguard`] gives back exactly what went in.
#[must_use]
pub fn guard(text: &str) -> Cow<'_, str> {
    if is_like_formula(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Takes away one apostrophe in front of a text that [`is_like_formula`]: spreadsheet programs and [`guard`] write it,
/// it is not content.
#[must_use]
pub fn unguard(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_like_formula(rest)).unwrap_or(text)
}

fn is_passed_over(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\'' | '"' | '‘' | '’' | '“' | '”' | '`' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_program_would_calculate_begins_with_an_apostrophe() {
        for text in [
            "=1+1",
            "+1",
            "-1",
            "@x",
            "＝1",
            "＋1",
            "－1",
            "＠x",
            " =1",
            "\u{a0}=1",
            "\t=1",
            "\tx",
            "\rx",
            "\nx",
            "\"=1",
            "'=1",
            "' =1",
            "“=1",
            "\u{feff}=1",
            "-",
        ] {
            assert_eq!(guard(text), format!("'{text}"), "{text:?}");
        }
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        for text in
            ["", "plain", "it's", "'quoted'", "'", " x", "1-2", "a=b", "\t", "'\t", "−1", "(-1)", "a\t=b"]
        {
            assert_eq!(guard(text), text, "{text:?}");
            assert_eq!(unguard(text), text, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_guarded_text_comes_back_as_it_was(text in "['\"=+＝@\t\r\n a\u{a0}-]{0,8}") {
            let guarded = guard(&text);
            prop_assert_eq!(unguard(&guarded), &text);
            let without_spaces = if is_like_formula(&text) { text.trim_end() } else { text.trim() };
            prop_assert_eq!(unguard(guarded.trim()), without_spaces, "spaces around a cell do not count");
        }
    }
}
