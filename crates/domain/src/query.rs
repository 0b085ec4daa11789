//! The one query language: the same text in the browser, on the command line and in the API.
//!
//! [`parse`] turns what a person typed into a [`Query`] or says at which character it stopped understanding.
//! [`Query::compile`] applies what the text alone cannot know (today's date, who "me" is, which records carry a
//! name) and yields a [`Filter`], the plain form that an index evaluates. The fields are listed by [`fields`].

mod compile;
mod date;
mod display;
mod error;
mod field;
mod filter;
mod parser;
mod scanner;
mod value;

use std::collections::{BTreeMap, BTreeSet};

pub use compile::{Compiled, Context, Names, Note};
pub use date::{DateValue, Period, Unit};
pub use error::{QueryError, Span};
pub use field::{Field, FieldInfo, NameKind, fields};
pub use filter::{CompanyTest, DateField, Filter, IdField, TermField, TextScope};

/// Longest query text, in characters.
pub const LENGTH_LIMIT: usize = 4_096;
/// Deepest nesting of parentheses.
pub const DEPTH_LIMIT: usize = 32;
/// Most words and values in one query.
pub const TERM_LIMIT: usize = 128;

/// A parsed query. Its `Display` is the normal form, which parses to the same query.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    root: Option<Node>,
}

/// A node of a query's tree. Built by [`Node::all`], [`Node::any`] and [`Node::negate`] only, so that equal
/// queries have equal trees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// Every part holds; at least two parts, none of them `All`.
    All(Vec<Self>),
    /// At least one part holds; at least two parts, none of them `Any`.
    Any(Vec<Self>),
    /// The part does not hold; the part is not `Not`.
    Not(Box<Self>),
    /// A word or phrase anywhere in the record.
    Text(Text),
    /// A test of one field.
    Field {
        /// The field.
        field: Field,
        /// What its value must fulfil.
        test: Test,
    },
}

/// What a field's value must fulfil.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Test {
    /// Equal to one of the values (never empty).
    AnyOf(Vec<Value>),
    /// Compared with one value.
    Compare(Comparison, Value),
    /// Between two values, both included; at least one end is given.
    Range(Option<Value>, Option<Value>),
}

/// A comparison sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>=`
    AtLeast,
    /// `>`
    Greater,
}

/// A value as typed, read as its field demands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A member of a closed vocabulary.
    Word(&'static str),
    /// A severity, 1 to 5.
    Level(u8),
    /// A date, period or age.
    Date(DateValue),
    /// A word, phrase, name or company value.
    Text(Text),
    /// The person who asks.
    Me,
}

/// Text to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    text: String,
    quoted: bool,
    prefix: bool,
}

impl Text {
    /// A word; what cannot stand without quotes becomes a phrase.
    #[must_use]
    pub fn word(text: &str) -> Self {
        Self { text: text.to_owned(), quoted: !display::stands_bare(text), prefix: false }
    }

    /// A phrase: these words in this order.
    #[must_use]
    pub fn phrase(text: &str) -> Self {
        Self { text: text.to_owned(), quoted: true, prefix: false }
    }

    /// The same text, its last word being the beginning of a word.
    #[must_use]
    pub fn beginning(self) -> Self {
        Self { prefix: true, ..self }
    }

    /// The text as typed, without quotes and star.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it was quoted.
    #[must_use]
    pub fn is_quoted(&self) -> bool {
        self.quoted
    }

    /// Whether its last word is only the beginning of a word.
    #[must_use]
    pub fn is_prefix(&self) -> bool {
        self.prefix
    }
}

/// Reads a query. An empty text means everything.
///
/// # Errors
/// [`QueryError`] names the position and, where there are any, the words that would do.
pub fn parse(text: &str) -> Result<Query, QueryError> {
    parser::parse(text, false).map(|root| Query { root })
}

/// Reads a query that is still being typed: a bare word at the very end counts as the beginning of a word.
///
/// # Errors
/// As [`parse`].
pub fn parse_typing(text: &str) -> Result<Query, QueryError> {
    parser::parse(text, true).map(|root| Query { root })
}

impl Query {
    /// The query that every record fulfils.
    #[must_use]
    pub fn everything() -> Self {
        Self::default()
    }

    /// A query from a tree.
    #[must_use]
    pub fn from_node(root: Node) -> Self {
        Self { root: Some(root) }
    }

    /// The tree; `None` means everything.
    #[must_use]
    pub fn root(&self) -> Option<&Node> {
        self.root.as_ref()
    }

    /// Whether every record fulfils it.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.root.is_none()
    }

    /// Both queries together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { root: Node::all(self.root.into_iter().chain(other.root).collect()) }
    }

    /// The names of people, suppliers and assets in it, which have to be looked up before compiling.
    #[must_use]
    pub fn names(&self) -> BTreeSet<(NameKind, String)> {
        let mut found = BTreeSet::new();
        if let Some(root) = &self.root {
            root.visit(&mut |node| {
                if let Node::Field { field, test: Test::AnyOf(values) } = node
                    && let Some(kind) = field.name_kind()
                {
                    found.extend(values.iter().filter_map(|v| match v {
                        Value::Text(text) => Some((kind, text.text.clone())),
                        _ => None,
                    }));
                }
            });
        }
        found
    }

    /// The company's own fields that it tests, as typed.
    #[must_use]
    pub fn company_fields(&self) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        if let Some(root) = &self.root {
            root.visit(&mut |node| {
                if let Node::Field { field: Field::Company(name), .. } = node {
                    found.insert(name.clone());
                }
            });
        }
        found
    }

    /// The bare words of the query that a typing error may be in: not quoted, not excluded.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        fn collect(node: &Node, found: &mut Vec<String>) {
            match node {
                Node::All(parts) | Node::Any(parts) => parts.iter().for_each(|p| collect(p, found)),
                Node::Text(text) if !text.quoted => found.push(text.text.clone()),
                Node::Not(_) | Node::Text(_) | Node::Field { .. } => {}
            }
        }
        let mut found = Vec::new();
        if let Some(root) = &self.root {
            collect(root, &mut found);
        }
        found
    }

    /// The same query with some of its bare words replaced.
    #[must_use]
    pub fn with_words(&self, replacements: &BTreeMap<String, String>) -> Self {
        Self { root: self.root.as_ref().map(|root| root.with_words(replacements)) }
    }
}

impl Node {
    /// Every part holds; `None` when there is no part.
    #[must_use]
    pub fn all(parts: Vec<Self>) -> Option<Self> {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::All(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        if flat.len() > 1 { Some(Self::All(flat)) } else { flat.pop() }
    }

    /// At least one part holds; `None` when there is no part.
    #[must_use]
    pub fn any(parts: Vec<Self>) -> Option<Self> {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::Any(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        if flat.len() > 1 { Some(Self::Any(flat)) } else { flat.pop() }
    }

    /// The opposite.
    #[must_use]
    pub fn negate(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }

    fn visit(&self, see: &mut impl FnMut(&Self)) {
        see(self);
        match self {
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.visit(see);
                }
            }
            Self::Not(inner) => inner.visit(see),
            Self::Text(_) | Self::Field { .. } => {}
        }
    }

    fn with_words(&self, replacements: &BTreeMap<String, String>) -> Self {
        match self {
            Self::All(parts) => Self::All(parts.iter().map(|p| p.with_words(replacements)).collect()),
            Self::Any(parts) => Self::Any(parts.iter().map(|p| p.with_words(replacements)).collect()),
            Self::Text(text) if !text.quoted => match replacements.get(&text.text) {
                Some(new) => Self::Text(Text { prefix: false, ..Text::word(new) }),
                None => self.clone(),
            },
            Self::Not(_) | Self::Text(_) | Self::Field { .. } => self.clone(),
        }
    }
}

#[cfg(test)]
mod reference_page;
#[cfg(test)]
mod tests;
