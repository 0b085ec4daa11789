//! How text becomes terms: the same for documents and queries.
//!
//! A word is a run of letters, digits and marks. It is folded (compatibility forms, case, accents), so that `Ärzte`,
//! `arzte` and `A\u{308}rzte` are one term. Names such as `db-01.prod` or `CVE-2024-3094` become several terms in a
//! row; a query finds them as a phrase. Ideographs and kana have no spaces between words: each is a term, and again
//! a query finds several as a phrase.

use nevertwice_domain::text::fold;
use tantivy::tokenizer::{
    AsciiFoldingFilter, RawTokenizer, TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager,
};

/// Name of the tokenizer of running text.
pub(crate) const WORDS: &str = "words";
/// Name of the tokenizer that folds a value and keeps it whole.
pub(crate) const FOLDED: &str = "folded";
/// Longest term in bytes; longer words are cut out, they are nobody's search words.
const LONGEST_TERM: usize = 120;

/// The tokenizers that the schema names.
pub(crate) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::new();
    manager.register(WORDS, words());
    manager.register(FOLDED, TextAnalyzer::builder(Folded::default()).build());
    // The engine asks for this one for fields that are stored or counted but not searched.
    manager.register("default", TextAnalyzer::builder(RawTokenizer::default()).build());
    manager.register("raw", TextAnalyzer::builder(RawTokenizer::default()).build());
    manager
}

/// The terms of a text with the bytes they stand at.
pub(crate) fn terms(text: &str) -> Vec<Token> {
    let mut analyzer = words();
    let mut stream = analyzer.token_stream(text);
    let mut found = Vec::new();
    stream.process(&mut |token| found.push(token.clone()));
    found
}

fn words() -> TextAnalyzer {
    TextAnalyzer::builder(Words::default()).filter(AsciiFoldingFilter).build()
}

#[derive(Clone, Default)]
struct Words {
    token: Token,
}

struct WordStream<'a> {
    text: &'a str,
    at: usize,
    token: &'a mut Token,
}

impl Tokenizer for Words {
    type TokenStream<'a> = WordStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> WordStream<'a> {
        self.token.reset();
        WordStream { text, at: 0, token: &mut self.token }
    }
}

impl WordStream<'_> {
    /// The next word's bytes.
    fn next_word(&mut self) -> Option<(usize, usize)> {
        let rest = self.text.get(self.at..)?;
        let from = self.at + rest.find(char::is_alphanumeric)?;
        let mut characters = self.text.get(from..)?.char_indices();
        let (_, first) = characters.next()?;
        let to = if stands_alone(first) {
            from + first.len_utf8()
        } else {
            characters.find(|(_, c)| !continues(*c)).map_or(self.text.len(), |(offset, _)| from + offset)
        };
        self.at = to;
        Some((from, to))
    }
}

impl TokenStream for WordStream<'_> {
    fn advance(&mut self) -> bool {
        while let Some((from, to)) = self.next_word() {
            self.token.position = self.token.position.wrapping_add(1);
            if to - from > LONGEST_TERM {
                continue;
            }
            let word = self.text.get(from..to).unwrap_or_default();
            self.token.text.clear();
            if word.is_ascii() {
                self.token.text.extend(word.chars().map(|c| c.to_ascii_lowercase()));
            } else {
                self.token.text.push_str(&fold(word));
            }
            self.token.offset_from = from;
            self.token.offset_to = to;
            return true;
        }
        false
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

/// Whether a character goes on with a word: letters, digits and the marks that belong to them.
fn continues(c: char) -> bool {
    (c.is_alphanumeric() && !stands_alone(c)) || ('\u{300}'..='\u{36f}').contains(&c) || c == '\u{200d}'
}

/// Scripts written without spaces: kana and Han ideographs with their extensions.
fn stands_alone(c: char) -> bool {
    matches!(c, '\u{3041}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
}

#[derive(Clone, Default)]
struct Folded {
    token: Token,
}

struct FoldedStream<'a> {
    token: &'a mut Token,
    taken: bool,
}

impl Tokenizer for Folded {
    type TokenStream<'a> = FoldedStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> FoldedStream<'a> {
        self.token.reset();
        self.token.position = 0;
        self.token.text = fold(text);
        self.token.offset_to = text.len();
        FoldedStream { token: &mut self.token, taken: false }
    }
}

impl TokenStream for FoldedStream<'_> {
    fn advance(&mut self) -> bool {
        !std::mem::replace(&mut self.taken, true)
    }

    fn token(&self) -> &Token {
        self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words_of(text: &str) -> Vec<String> {
        terms(text).into_iter().map(|token| token.text).collect()
    }

    #[test]
    fn spelling_variants_are_one_term() {
        for text in ["Ärzte", "ärzte", "arzte", "A\u{308}RZTE"] {
            assert_eq!(words_of(text), ["arzte"], "{text:?}");
        }
        assert_eq!(words_of("Straße ﬁle Ångström Łódź"), ["strasse", "file", "angstrom", "lodz"]);
    }

    #[test]
    fn names_become_terms_in_a_row() {
        assert_eq!(
            words_of("CVE-2024-3094 on db-01.prod!"),
            ["cve", "2024", "3094", "on", "db", "01", "prod"]
        );
        assert_eq!(words_of("数据 leak"), ["数", "据", "leak"]);
        assert_eq!(words_of("…—"), Vec::<String>::new());
    }

    #[test]
    fn terms_know_where_they_stand() {
        let text = "Der Böse, 数据";
        let places: Vec<&str> =
            terms(text).iter().map(|token| &text[token.offset_from..token.offset_to]).collect();
        assert_eq!(places, ["Der", "Böse", "数", "据"]);
    }

    #[test]
    fn endless_words_are_left_out_but_keep_their_place() {
        let text = format!("a {} b", "x".repeat(500));
        let positions: Vec<usize> = terms(&text).iter().map(|token| token.position).collect();
        assert_eq!(positions, [0, 2]);
    }
}
