//! The grammar: `OR` binds weakest, then `AND` (also unwritten), then `-` and `NOT`.
//!
//! ```text
//! any  = all { "OR" all }
//! all  = part { [ "AND" ] part }
//! part = { "-" | "NOT" } ( "(" any ")" | phrase | field ":" test | word [ "*" ] )
//! ```
//!
//! Words without a letter or digit search for nothing and are left out, so that pasted text does no harm.

use super::error::{QueryError, nearest};
use super::field::Field;
use super::scanner::{Scanner, is_bare, is_quote};
use super::{DEPTH_LIMIT, LENGTH_LIMIT, Node, TERM_LIMIT, Text};

/// Reads a query; `None` means everything.
pub(super) fn parse(text: &str, typing: bool) -> Result<Option<Node>, QueryError> {
    let mut parser = Parser { scanner: Scanner::new(text), typing, depth: 0, terms: 0 };
    let length = parser.scanner.length();
    if length > LENGTH_LIMIT {
        parser.scanner.advance(length);
        let message = format!("the query has {length} characters; expected at most {LENGTH_LIMIT}");
        return Err(parser.scanner.error(LENGTH_LIMIT, message));
    }
    parser.scanner.skip_space();
    if parser.scanner.at_end() {
        return Ok(None);
    }
    let root = parser.any()?;
    match parser.scanner.peek() {
        None => Ok(root),
        Some(_) => {
            let from = parser.scanner.position();
            parser.scanner.advance(1);
            Err(parser.scanner.error(from, "found \")\" without a \"(\" before it".to_owned()))
        }
    }
}

/// The state of reading one query.
pub(super) struct Parser<'a> {
    pub(super) scanner: Scanner<'a>,
    typing: bool,
    depth: usize,
    terms: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Keyword {
    And,
    Or,
    Not,
}

impl Parser<'_> {
    fn any(&mut self) -> Result<Option<Node>, QueryError> {
        let mut parts = Vec::new();
        loop {
            parts.extend(self.all()?);
            if self.keyword() != Some(Keyword::Or) {
                return Ok(Node::any(parts));
            }
            self.scanner.advance(2);
        }
    }

    fn all(&mut self) -> Result<Option<Node>, QueryError> {
        let mut parts = Vec::new();
        let mut seen = false;
        loop {
            self.scanner.skip_space();
            match self.keyword() {
                Some(Keyword::Or) if seen => break,
                Some(Keyword::And) if seen => {
                    self.scanner.advance(3);
                    self.scanner.skip_space();
                    let missing = matches!(self.keyword(), Some(Keyword::And | Keyword::Or));
                    if missing || self.at_close() {
                        return Err(self.operand_missing("after AND"));
                    }
                }
                Some(Keyword::Not) | None => {}
                Some(Keyword::And) => return Err(self.operand_missing("before AND")),
                Some(Keyword::Or) => return Err(self.operand_missing("before OR")),
            }
            if self.at_close() {
                break;
            }
            parts.extend(self.part()?);
            seen = true;
        }
        if seen { Ok(Node::all(parts)) } else { Err(self.operand_missing("here")) }
    }

    fn part(&mut self) -> Result<Option<Node>, QueryError> {
        let mut negated = false;
        loop {
            if self.keyword() == Some(Keyword::Not) {
                self.scanner.advance(3);
                self.scanner.skip_space();
                if self.at_close() {
                    return Err(self.operand_missing("after NOT"));
                }
            } else if !self.scanner.take('-') {
                break;
            }
            negated = !negated;
            if self.keyword().is_some_and(|keyword| keyword != Keyword::Not) {
                return Err(self.operand_missing("after NOT"));
            }
        }
        let part = self.operand(negated)?;
        Ok(part.map(|node| if negated { node.negate() } else { node }))
    }

    fn operand(&mut self, negated: bool) -> Result<Option<Node>, QueryError> {
        match self.scanner.peek() {
            Some('(') => self.group(),
            Some(c) if is_quote(c) => {
                let text = self.phrase()?;
                self.count_term(text.text())?;
                Ok(searches(&text).then_some(Node::Text(text)))
            }
            Some(c) if is_bare(c) => match self.field_name()? {
                Some((field, absent)) => {
                    let node = self.field_test(field)?;
                    Ok(Some(if absent { node.negate() } else { node }))
                }
                None => self.word(negated),
            },
            _ => Ok(None),
        }
    }

    fn group(&mut self) -> Result<Option<Node>, QueryError> {
        let from = self.scanner.position();
        self.scanner.advance(1);
        self.depth += 1;
        if self.depth > DEPTH_LIMIT {
            let message = format!("parentheses are nested more than {DEPTH_LIMIT} deep");
            return Err(self.scanner.error(from, message));
        }
        self.scanner.skip_space();
        if self.scanner.peek() == Some(')') {
            self.scanner.advance(1);
            return Err(self.scanner.error(from, "found nothing between \"(\" and \")\"".to_owned()));
        }
        let inner = self.any()?;
        if !self.scanner.take(')') {
            let message = "found \"(\" without a \")\" after it".to_owned();
            return Err(QueryError { expected: vec![")".to_owned()], ..self.scanner.error(from, message) });
        }
        self.depth -= 1;
        Ok(inner)
    }

    fn word(&mut self, negated: bool) -> Result<Option<Node>, QueryError> {
        let from = self.scanner.position();
        let typed = self.scanner.take_while(is_bare);
        let trimmed = typed.trim_end_matches('*');
        if let Some(star) = trimmed.find('*')
            && trimmed.contains(char::is_alphanumeric)
        {
            let before = trimmed.get(..star).unwrap_or_default();
            return Err(QueryError {
                expected: if searches_for(before) { vec![format!("{before}*")] } else { Vec::new() },
                ..self.scanner.error(
                    from,
                    format!("found a \"*\" inside {typed:?}; it can only stand at the end of a word"),
                )
            });
        }
        if !searches_for(trimmed) {
            return Ok(None);
        }
        self.count_term(trimmed)?;
        let still_typed =
            self.typing && !negated && self.scanner.at_end() && trimmed.ends_with(char::is_alphanumeric);
        let text = Text {
            text: trimmed.to_owned(),
            quoted: false,
            prefix: trimmed.len() < typed.len() || still_typed,
        };
        Ok(Some(Node::Text(text)))
    }

    /// A phrase in quotes, optionally followed by a star. `\"` and `\\` stand for themselves.
    pub(super) fn phrase(&mut self) -> Result<Text, QueryError> {
        let from = self.scanner.position();
        self.scanner.advance(1);
        let mut text = String::new();
        loop {
            match self.scanner.peek() {
                None => {
                    let message = "found a quotation mark without a closing one".to_owned();
                    return Err(QueryError {
                        expected: vec!["\"".to_owned()],
                        ..self.scanner.error(from, message)
                    });
                }
                Some('\\') if self.scanner.look(1).is_some_and(|c| c == '\\' || is_quote(c)) => {
                    text.extend(self.scanner.look(1));
                    self.scanner.advance(2);
                }
                Some(c) if is_quote(c) => break,
                Some(c) => {
                    text.push(c);
                    self.scanner.advance(1);
                }
            }
        }
        self.scanner.advance(1);
        let phrase = Text::phrase(&text);
        Ok(if self.scanner.take('*') { phrase.beginning() } else { phrase })
    }

    /// Takes `name:` if it stands here; the second part of the answer says whether the name was `no`.
    fn field_name(&mut self) -> Result<Option<(Field, bool)>, QueryError> {
        let length = self.scanner.run(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'));
        let letter_first = self.scanner.peek().is_some_and(char::is_alphabetic);
        if !letter_first || self.scanner.look(length) != Some(':') {
            return Ok(None);
        }
        let name = self.scanner.ahead(length);
        let found = Field::named(name);
        match self.scanner.look(length + 1) {
            Some(':' | '/' | '\\') if found.is_none() => return Ok(None),
            // A word that happens to end in a colon.
            Some(c) if (c.is_whitespace() || c == ')') && found.is_none() => return Ok(None),
            None if found.is_none() => return Ok(None),
            _ => {}
        }
        let from = self.scanner.position();
        self.scanner.advance(length);
        let Some(found) = found else {
            let expected = nearest(name, Field::all_names());
            let hint = match expected.first() {
                Some(best) => format!("did you mean {best:?}?"),
                None => "to search for the text itself, put it in quotes".to_owned(),
            };
            let message = format!("{name:?} is not a field; {hint}");
            return Err(QueryError { expected, ..self.scanner.error(from, message) });
        };
        self.scanner.advance(1);
        Ok(Some(found))
    }

    /// Counts a word or value against the limit.
    pub(super) fn count_term(&mut self, term: &str) -> Result<(), QueryError> {
        self.terms += 1;
        if self.terms <= TERM_LIMIT {
            return Ok(());
        }
        let from = self.scanner.position().saturating_sub(term.chars().count());
        Err(self.scanner.error(from, format!("the query has more than {TERM_LIMIT} words and values")))
    }

    fn keyword(&self) -> Option<Keyword> {
        let keyword = match self.scanner.ahead(self.scanner.run(is_bare).min(4)) {
            "AND" => Keyword::And,
            "OR" => Keyword::Or,
            "NOT" => Keyword::Not,
            _ => return None,
        };
        Some(keyword)
    }

    /// Whether the text or the parenthesis ends here.
    fn at_close(&self) -> bool {
        self.scanner.at_end() || self.scanner.peek() == Some(')')
    }

    fn operand_missing(&self, place: &str) -> QueryError {
        let message = format!("expected a word, a phrase or a field test {place}, found none");
        self.scanner.error(self.scanner.position(), message)
    }
}

/// Whether a text has anything to search for.
pub(super) fn searches_for(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
}

fn searches(text: &Text) -> bool {
    searches_for(text.text())
}
