//! A Rust file as a flat list of tokens with their lines, macro bodies included and doc comments left out.

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// One token and the line it starts on, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) line: usize,
}

/// What a token is, as far as the rules care.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// An identifier or keyword.
    Ident(String),
    /// The value of a string literal, whatever its form.
    Text(String),
    /// Punctuation, and the opening and closing of groups.
    Mark(char),
    /// Numbers, characters, lifetimes.
    Other,
}

impl Token {
    /// Whether this is the identifier `name`.
    pub(crate) fn is(&self, name: &str) -> bool {
        matches!(&self.kind, TokenKind::Ident(ident) if ident == name)
    }

    /// Whether this is the punctuation `mark`.
    pub(crate) fn is_mark(&self, mark: char) -> bool {
        self.kind == TokenKind::Mark(mark)
    }

    /// The identifier, if it is one.
    pub(crate) fn ident(&self) -> Option<&str> {
        match &self.kind {
            TokenKind::Ident(ident) => Some(ident),
            _ => None,
        }
    }

    /// The value of the string literal, if it is one.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            TokenKind::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Flattens a stream, leaving out `#[doc = …]`, which is what comments for documentation are.
pub(crate) fn flatten(stream: TokenStream) -> Vec<Token> {
    let mut tokens = Vec::new();
    push(stream, &mut tokens);
    tokens
}

fn push(stream: TokenStream, out: &mut Vec<Token>) {
    for tree in stream {
        let line = tree.span().start().line;
        match tree {
            TokenTree::Group(group) if is_documentation(&group.stream()) => drop_attribute_start(out),
            TokenTree::Group(group) => {
                let (open, close) = marks(group.delimiter());
                out.extend(open.map(|mark| Token { kind: TokenKind::Mark(mark), line }));
                push(group.stream(), out);
                let end = group.span_close().start().line;
                out.extend(close.map(|mark| Token { kind: TokenKind::Mark(mark), line: end }));
            }
            TokenTree::Ident(ident) => out.push(Token { kind: TokenKind::Ident(ident.to_string()), line }),
            TokenTree::Punct(punct) => out.push(Token { kind: TokenKind::Mark(punct.as_char()), line }),
            TokenTree::Literal(literal) => {
                let kind = match syn::Lit::new(literal) {
                    syn::Lit::Str(text) => TokenKind::Text(text.value()),
                    _ => TokenKind::Other,
                };
                out.push(Token { kind, line });
            }
        }
    }
}

fn is_documentation(stream: &TokenStream) -> bool {
    let mut start = stream.clone().into_iter();
    matches!(start.next(), Some(TokenTree::Ident(ident)) if ident == "doc")
        && matches!(start.next(), Some(TokenTree::Punct(punct)) if punct.as_char() == '=')
}

fn drop_attribute_start(out: &mut Vec<Token>) {
    while out.last().is_some_and(|token| token.is_mark('!') || token.is_mark('#')) {
        out.pop();
    }
}

fn marks(delimiter: Delimiter) -> (Option<char>, Option<char>) {
    match delimiter {
        Delimiter::Parenthesis => (Some('('), Some(')')),
        Delimiter::Brace => (Some('{'), Some('}')),
        Delimiter::Bracket => (Some('['), Some(']')),
        Delimiter::None => (None, None),
    }
}
