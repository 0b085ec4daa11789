//! The fields and values of VERIS 1.4.1, read from the data files beside the program's code.

use std::collections::BTreeMap;

use regex::{Regex, RegexBuilder};
use serde::Deserialize;
use thiserror::Error;

const STRUCTURE: &str = include_str!("../../data/veris/structure.json");
const VALUES: &str = include_str!("../../data/veris/values.json");

/// The fields that VERIS knows, with what they may hold.
#[derive(Debug)]
pub struct Standard {
    root: Node,
}

/// Data files that cannot be used.
#[derive(Debug, Error)]
pub enum StandardError {
    /// Not JSON of the expected shape.
    #[error("the data files of VERIS cannot be read: {0}")]
    Shape(#[from] serde_json::Error),
    /// A pattern is not a regular expression.
    #[error("the data files of VERIS have a pattern that cannot be compiled: {0}")]
    Pattern(#[from] regex::Error),
    /// A field has a list of values that is not there.
    #[error("the data files of VERIS have no list of values {0:?}")]
    List(String),
}

/// What a place in a record may hold.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// Fields that must be there.
    pub(super) required: Vec<String>,
    /// Fewest fields, elements or characters.
    pub(super) fewest: usize,
    /// Most characters.
    pub(super) longest: Option<usize>,
    /// Whether no element may stand twice.
    pub(super) unique: bool,
    /// Lowest and highest number.
    pub(super) range: (Option<f64>, Option<f64>),
    /// What a text must look like.
    pub(super) pattern: Option<Regex>,
    /// The values that a text may have.
    pub(super) values: Option<Vec<String>>,
}

/// The type of a place.
#[derive(Debug)]
pub(super) enum Kind {
    /// Fields by name; `open` ones may have others beside them.
    Object { fields: BTreeMap<String, Node>, open: bool },
    /// Elements of one kind.
    List(Box<Node>),
    /// A text.
    Text,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// Yes or no.
    Flag,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct NodeForm {
    #[serde(rename = "type")]
    kind: KindForm,
    #[serde(default)]
    required: Vec<String>,
    additional_properties: Option<bool>,
    #[serde(default)]
    properties: BTreeMap<String, NodeForm>,
    items: Option<Box<NodeForm>>,
    min_items: Option<usize>,
    min_length: Option<usize>,
    min_properties: Option<usize>,
    max_length: Option<usize>,
    #[serde(default)]
    unique_items: bool,
    minimum: Option<f64>,
    maximum: Option<f64>,
    pattern: Option<String>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum KindForm {
    Object,
    Array,
    String,
    Integer,
    Number,
    Boolean,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ValuesForm {
    #[serde(rename = "version")]
    _version: String,
    lists: BTreeMap<String, Vec<String>>,
    fields: BTreeMap<String, String>,
}

impl Standard {
    /// VERIS 1.4.1.
    ///
    /// # Errors
    /// Never for the data files that the program is built with.
    pub fn load() -> Result<Self, StandardError> {
        let structure: NodeForm = serde_json::from_str(STRUCTURE)?;
        let values: ValuesForm = serde_json::from_str(VALUES)?;
        Ok(Self { root: Node::build(structure, "", &values)? })
    }

    /// What a record may hold.
    pub(super) fn root(&self) -> &Node {
        &self.root
    }

    /// What a place may hold, by field names; elements of a list are not named.
    pub(super) fn node(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(&self.root, |node, name| node.field(name)).map(Node::innermost)
    }
}

impl Node {
    /// The field of a name.
    pub(super) fn field(&self, name: &str) -> Option<&Node> {
        match &self.innermost().kind {
            Kind::Object { fields, .. } => fields.get(name),
            _ => None,
        }
    }

    /// What the elements of a list hold; the place itself where it is none.
    pub(super) fn innermost(&self) -> &Node {
        match &self.kind {
            Kind::List(element) => element.innermost(),
            _ => self,
        }
    }

    /// The listed value that a text is, read without regard to case.
    pub(super) fn listed(&self, text: &str) -> Option<&str> {
        let values = self.innermost().values.as_deref()?;
        values.iter().find(|value| value.eq_ignore_ascii_case(text.trim())).map(String::as_str)
    }

    fn build(form: NodeForm, path: &str, values: &ValuesForm) -> Result<Self, StandardError> {
        let kind = match form.kind {
            KindForm::Object => {
                let mut fields = BTreeMap::new();
                for (name, field) in form.properties {
                    let below = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    fields.insert(name, Self::build(field, &below, values)?);
                }
                Kind::Object { fields, open: form.additional_properties != Some(false) }
            }
            KindForm::Array => match form.items {
                Some(element) => Kind::List(Box::new(Self::build(*element, path, values)?)),
                None => Kind::Object { fields: BTreeMap::new(), open: true },
            },
            KindForm::String => Kind::Text,
            KindForm::Integer => Kind::Integer,
            KindForm::Number => Kind::Number,
            KindForm::Boolean => Kind::Flag,
        };
        let list = values.fields.get(path).filter(|_| matches!(kind, Kind::Text));
        let lists =
            |name: &String| values.lists.get(name).cloned().ok_or_else(|| StandardError::List(name.clone()));
        Ok(Self {
            kind,
            required: form.required,
            fewest: form.min_items.or(form.min_length).or(form.min_properties).unwrap_or(0),
            longest: form.max_length,
            unique: form.unique_items,
            range: (form.minimum, form.maximum),
            pattern: form.pattern.as_deref().map(pattern).transpose()?,
            values: list.map(lists).transpose()?,
        })
    }
}

/// Digits of other scripts than Latin are no digits of a code.
fn pattern(text: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(text).unicode(false).build()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::veris::tags;

    #[test]
    fn every_list_of_values_has_its_field() {
        let standard = Standard::load().unwrap();
        let values: ValuesForm = serde_json::from_str(VALUES).unwrap();
        for path in values.fields.keys() {
            let names: Vec<&str> = path.split('.').collect();
            assert!(standard.node(&names).unwrap().values.is_some(), "{path}");
        }
        assert_eq!(standard.node(&["action", "hacking", "variety"]).unwrap().listed("sqli"), Some("SQLi"));
    }

    #[test]
    fn every_listed_value_has_a_tag_of_its_own() {
        let values: ValuesForm = serde_json::from_str(VALUES).unwrap();
        for (path, list) in &values.fields {
            let mut seen = BTreeMap::new();
            for value in &values.lists[list] {
                let tag = tags::of_value(path, value).unwrap_or_else(|| panic!("{path} {value} has no tag"));
                assert_eq!(seen.insert(tag.clone(), value), None, "{tag} stands for two values");
            }
        }
    }
}
