//! A record held against the standard: every value with its path and, where it does not fit, what is wrong with it.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::reader::Flaw;
use super::standard::{Kind, Node, Standard};
use super::{dates, discovery, is_foreign, path};

/// Violations that are named; a record with more is broken in any case.
const NAMED: usize = 100;

/// Bytes of a path. A member's name may be as long as its record, and every value below it would have it in its path.
const LONGEST_PATH: usize = 1_000;

/// Bytes of all values of a record with their paths: what the case keeps of them goes into one entry of the trail.
const MOST: usize = 2 * 1024 * 1024;

/// Groups whose parts say something by being there: `action.hacking`.
const GROUPS: [&str; 4] = ["action", "actor", "attribute", "value_chain"];

/// Fields that version 1.4 asks for and earlier versions did not.
const NOT_REQUIRED_BEFORE: [&str; 3] = ["summary", "asset.cloud", "victim.government"];

/// What a record says, place by place.
pub(super) struct Look<'r> {
    /// Every value, in the order of their paths.
    pub(super) leaves: Vec<Leaf<'r>>,
    /// Parts of groups that are there: `action.hacking`.
    pub(super) parts: Vec<String>,
    /// Where the record does not fulfil the standard.
    pub(super) violations: Vec<Violation>,
    /// Paths of numbers and texts that fit and that amounts and dates are read of.
    fitting: BTreeSet<String>,
    /// Whether the record names a version before 1.4.
    is_early: bool,
    /// How much there is room for yet; nothing once a path was too long.
    room: Option<usize>,
}

/// One value of a record.
pub(super) struct Leaf<'r> {
    /// Its path: `action.hacking.variety[2]`.
    pub(super) path: String,
    /// Its field without numbers: `action.hacking.variety`.
    pub(super) place: String,
    /// What the standard says about it.
    pub(super) node: Option<&'r Node>,
    /// The value; a whole object or list where the standard does not know it.
    pub(super) value: &'r Value,
    /// What is wrong with it.
    pub(super) flaw: Option<LeafFlaw>,
}

/// What is wrong with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LeafFlaw {
    /// Its field is not known.
    Field,
    /// It is not listed, or does not have the form that is asked for.
    Value,
    /// It is of another type.
    Shape,
}

/// A place where a record does not fulfil the standard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Violation {
    pub(super) path: String,
    pub(super) found: String,
    pub(super) expected: String,
}

impl<'r> Look<'r> {
    /// Looks at a whole record.
    pub(super) fn at(standard: &'r Standard, record: &'r Map<String, Value>) -> Self {
        let mut look = Self {
            leaves: Vec::new(),
            parts: Vec::new(),
            violations: Vec::new(),
            fitting: BTreeSet::new(),
            is_early: is_before_1_4(record.get("schema_version")),
            room: Some(MOST),
        };
        look.fields(standard, standard.root(), record, "", "");
        look
    }

    /// Whether a part of a date or an amount is there and fits.
    pub(super) fn fits(&self, path: &str) -> bool {
        self.fitting.contains(path)
    }

    /// Why not everything was looked at, if it was not.
    pub(super) fn unseen(&self) -> Option<Flaw> {
        self.room.is_none().then(|| Flaw {
            found: format!("paths of over {LONGEST_PATH} bytes, or over {MOST} bytes of values and paths"),
            expected: "a smaller record; the limits are in the documentation",
        })
    }

    fn fields(
        &mut self,
        standard: &'r Standard,
        node: &'r Node,
        object: &'r Map<String, Value>,
        at: &str,
        place: &str,
    ) {
        let Kind::Object { fields, open } = &node.kind else { return };
        if !self.has_room_for(at) {
            return;
        }
        if object.len() < node.fewest {
            self.violation(at, "nothing", "at least one field");
        }
        for name in &node.required {
            let path = path::field(at, name);
            let is_asked = !(self.is_early && NOT_REQUIRED_BEFORE.contains(&path.as_str()));
            if !object.contains_key(name) && is_asked {
                self.violation(&path, "nothing", "a value");
            }
        }
        for (name, value) in object.iter().filter(|(name, _)| !(at.is_empty() && is_foreign(name))) {
            let below = path::field(at, name);
            let place = path::field(place, name);
            match fields.get(name) {
                Some(field) if at.is_empty() => self.root_field(standard, field, value, &below),
                Some(field) => self.value(standard, field, value, &below, &place),
                None if *open => self.anything(value, &below, &place),
                None => {
                    if !(self.is_early && at == "action") {
                        self.violation(&below, "a field that VERIS does not know", "none");
                    }
                    self.leaf(below, place, None, value, Some(LeafFlaw::Field));
                }
            }
        }
    }

    /// Two fields have had several shapes.
    fn root_field(&mut self, standard: &'r Standard, field: &'r Node, value: &'r Value, name: &str) {
        match (name, value) {
            ("discovery_method", Value::String(text)) => {
                let is_known = discovery::listed(standard, text).is_some();
                if !is_known {
                    self.violation(
                        name,
                        &quoted(value),
                        "a method that VERIS lists, such as \"Ext - customer\"",
                    );
                }
                let flaw = (!is_known).then_some(LeafFlaw::Value);
                self.leaf(name.to_owned(), name.to_owned(), None, value, flaw);
            }
            ("victim", Value::Array(victims)) => {
                self.violation(name, "a list", "an object");
                for (at, victim) in victims.iter().enumerate() {
                    self.value(standard, field, victim, &path::element(name, at), name);
                }
            }
            _ => self.value(standard, field, value, name, name),
        }
    }

    fn value(&mut self, standard: &'r Standard, node: &'r Node, value: &'r Value, at: &str, place: &str) {
        match (&node.kind, value) {
            (Kind::Object { .. }, Value::Object(object)) => {
                if place
                    .split_once('.')
                    .is_some_and(|(group, part)| GROUPS.contains(&group) && !part.contains('.'))
                {
                    self.parts.push(place.to_owned());
                }
                self.fields(standard, node, object, at, place);
            }
            (Kind::List(element), Value::Array(elements)) => {
                self.list(node, elements, at);
                for (number, value) in elements.iter().enumerate() {
                    self.value(standard, element, value, &path::element(at, number), place);
                }
            }
            (kind, value) if is_of(kind, value) => self.scalar(node, value, at, place),
            (kind, value) => {
                self.violation(at, &quoted(value), expected(kind));
                self.leaf(at.to_owned(), place.to_owned(), Some(node), value, Some(LeafFlaw::Shape));
            }
        }
    }

    fn list(&mut self, node: &Node, elements: &[Value], at: &str) {
        if elements.len() < node.fewest {
            self.violation(at, "an empty list", "at least one element");
        }
        let mut seen = BTreeSet::new();
        if node.unique
            && let Some(twice) = elements.iter().find(|element| !seen.insert(element.to_string()))
        {
            self.violation(at, &format!("{} twice", quoted(twice)), "every element once");
        }
    }

    fn scalar(&mut self, node: &'r Node, value: &'r Value, at: &str, place: &str) {
        let flaw = wrong(node, value);
        if let Some(expected) = &flaw {
            self.violation(at, &quoted(value), expected);
        } else if value.as_str().is_some_and(|text| text.chars().count() < node.fewest) {
            self.violation(at, "an empty text", "a text");
        }
        let flaw = flaw.map(|_| LeafFlaw::Value);
        self.leaf(at.to_owned(), place.to_owned(), Some(node), value, flaw);
    }

    /// Below a field that may hold anything.
    fn anything(&mut self, value: &'r Value, at: &str, place: &str) {
        if !self.has_room_for(at) {
            return;
        }
        match value {
            Value::Object(fields) if !fields.is_empty() => {
                for (name, value) in fields {
                    self.anything(value, &path::field(at, name), &path::field(place, name));
                }
            }
            Value::Array(elements) if !elements.is_empty() => {
                for (number, value) in elements.iter().enumerate() {
                    self.anything(value, &path::element(at, number), place);
                }
            }
            value => self.leaf(at.to_owned(), place.to_owned(), None, value, None),
        }
    }

    fn leaf(
        &mut self,
        path: String,
        place: String,
        node: Option<&'r Node>,
        value: &'r Value,
        flaw: Option<LeafFlaw>,
    ) {
        let size = path.len() + place.len() + path::literal(value).len();
        self.room = self.room.filter(|_| path.len() <= LONGEST_PATH).and_then(|room| room.checked_sub(size));
        if self.room.is_none() {
            return;
        }
        if flaw.is_none() && (place.starts_with("impact.") || place.starts_with(dates::PLACE)) {
            self.fitting.insert(path.clone());
        }
        self.leaves.push(Leaf { path, place, node, value, flaw });
    }

    fn has_room_for(&mut self, path: &str) -> bool {
        self.room = self.room.filter(|_| path.len() <= LONGEST_PATH);
        self.room.is_some()
    }

    fn violation(&mut self, path: &str, found: &str, expected: &str) {
        if self.violations.len() < NAMED {
            self.violations.push(Violation {
                path: path.to_owned(),
                found: found.to_owned(),
                expected: expected.to_owned(),
            });
        }
    }
}

/// What was expected of a value that has the right type, if it does not fit.
fn wrong(node: &Node, value: &Value) -> Option<String> {
    if let Some(number) = value.as_f64() {
        let (lowest, highest) = node.range;
        let is_inside = lowest.is_none_or(|low| number >= low) && highest.is_none_or(|high| number <= high);
        let bound = |bound: Option<f64>, name: &str| bound.map(|bound| format!("{name} {bound}"));
        let bounds: Vec<String> =
            bound(lowest, "at least").into_iter().chain(bound(highest, "at most")).collect();
        return (!is_inside).then(|| bounds.join(" and "));
    }
    let text = value.as_str()?;
    if let Some(values) = &node.values {
        return (!values.iter().any(|listed| listed == text))
            .then(|| "a value that VERIS 1.4.1 lists".to_owned());
    }
    let length = text.chars().count();
    if let Some(longest) = node.longest
        && (length > longest || length < node.fewest)
    {
        return Some(format!("{} to {longest} characters", node.fewest));
    }
    let pattern = node.pattern.as_ref().filter(|pattern| !pattern.is_match(text))?;
    Some(format!("a text of the form {pattern}"))
}

fn is_of(kind: &Kind, value: &Value) -> bool {
    match kind {
        Kind::Object { .. } | Kind::List(_) => false,
        Kind::Text => value.is_string(),
        Kind::Integer => value.is_i64() || value.is_u64(),
        Kind::Number => value.is_number(),
        Kind::Flag => value.is_boolean(),
    }
}

fn expected(kind: &Kind) -> &'static str {
    match kind {
        Kind::Object { .. } => "an object",
        Kind::List(_) => "a list",
        Kind::Text => "a text",
        Kind::Integer => "a whole number",
        Kind::Number => "a number",
        Kind::Flag => "true or false",
    }
}

fn quoted(value: &Value) -> String {
    super::reader::shortened(&path::literal(value))
}

/// Whether a record says that it was written for a version before 1.4.
fn is_before_1_4(version: Option<&Value>) -> bool {
    let Some(text) = version.and_then(Value::as_str) else { return false };
    let mut numbers = text.trim().split('.').map(|number| number.parse::<u32>().ok());
    match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(major), minor) => (major, minor.unwrap_or(0)) < (1, 4),
        (None, _) => false,
    }
}
