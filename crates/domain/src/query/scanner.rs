//! The query text as characters with positions.

use super::error::{QueryError, Span};

/// Reads a text character by character and remembers where everything stood.
pub(super) struct Scanner<'a> {
    text: &'a str,
    characters: Vec<(usize, char)>,
    at: usize,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, characters: text.char_indices().collect(), at: 0 }
    }

    pub(super) fn length(&self) -> usize {
        self.characters.len()
    }

    pub(super) fn position(&self) -> usize {
        self.at
    }

    pub(super) fn at_end(&self) -> bool {
        self.at >= self.characters.len()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.look(0)
    }

    /// The character `ahead` places further on.
    pub(super) fn look(&self, ahead: usize) -> Option<char> {
        self.characters.get(self.at + ahead).map(|(_, c)| *c)
    }

    pub(super) fn advance(&mut self, by: usize) {
        self.at = (self.at + by).min(self.characters.len());
    }

    pub(super) fn skip_space(&mut self) {
        while self.peek().is_some_and(char::is_whitespace) {
            self.at += 1;
        }
    }

    /// Takes `expected` if it stands here.
    pub(super) fn take(&mut self, expected: char) -> bool {
        let found = self.peek() == Some(expected);
        if found {
            self.at += 1;
        }
        found
    }

    /// Takes characters as long as `wanted` says so.
    pub(super) fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let from = self.byte(self.at);
        while self.peek().is_some_and(&wanted) {
            self.at += 1;
        }
        self.text.get(from..self.byte(self.at)).unwrap_or_default()
    }

    /// How many characters from here on fulfil `wanted`, without taking them.
    pub(super) fn run(&self, wanted: impl Fn(char) -> bool) -> usize {
        self.characters.iter().skip(self.at).take_while(|(_, c)| wanted(*c)).count()
    }

    /// The text of the next `length` characters, without taking them.
    pub(super) fn ahead(&self, length: usize) -> &'a str {
        self.text.get(self.byte(self.at)..self.byte(self.at + length)).unwrap_or_default()
    }

    /// The stretch from character `from` to here.
    pub(super) fn span(&self, from: usize) -> Span {
        Span { byte: self.byte(from), character: from, length: self.at - from }
    }

    /// An error about the stretch from `from` to here.
    pub(super) fn error(&self, from: usize, message: String) -> QueryError {
        QueryError { at: self.span(from), message, expected: Vec::new() }
    }

    fn byte(&self, character: usize) -> usize {
        self.characters.get(character).map_or(self.text.len(), |(byte, _)| *byte)
    }
}

/// Whether a character opens or closes a phrase; telephones write the curly ones.
pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}')
}

/// Whether a character can stand in a bare word.
pub(super) fn is_bare(c: char) -> bool {
    !c.is_whitespace() && !is_quote(c) && c != '(' && c != ')'
}
