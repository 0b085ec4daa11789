//! The mapping: every choice of an import, visible and changeable. Its text form is TOML.

mod raw;

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::action::ActionPurpose;
use nevertwice_domain::case::{Class, Severity};
use nevertwice_domain::field::{FieldKey, FieldType};
use thiserror::Error;

pub(super) use raw::DEFAULT_SCALE;

use super::reader::Layout;
use super::synonyms::key;
use super::target::{Moment, Target};
use super::value::date::DateOrder;
use super::value::money::AmountRule;
use super::value::words::Worst;
use crate::planned::Standing;

/// How a file becomes cases.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The class of rows that name none, or one that is not known; those rows get a gap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class_when_missing: Option<Class>,
    /// Where the table lies in the file.
    #[serde(default)]
    pub layout: Layout,
    /// The columns, in the order of the file.
    #[serde(default, rename = "column")]
    pub columns: Vec<Column>,
}

/// What one column becomes.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "raw::RawColumn", into = "raw::RawColumn")]
pub struct Column {
    /// The name in the header row; `Notes (2)` is the second of that name, `(column 4)` has none.
    pub source: String,
    /// What it becomes.
    pub rule: Rule,
}

/// What a column becomes, with the choices that belong to it.
#[derive(Debug, Clone, PartialEq)]
pub enum Rule {
    /// The number of the case in the old register.
    OriginReference,
    /// A moment in the life of the case.
    Moment {
        /// Which.
        moment: Moment,
        /// Which number is the day, where a date does not show it.
        order: Option<DateOrder>,
    },
    /// What happened, in a line.
    Title,
    /// What happened, at length.
    Description,
    /// The class.
    Class {
        /// What the column's words stand for.
        values: BTreeMap<String, Class>,
    },
    /// The severity.
    Severity(SeverityRule),
    /// Where the case stands.
    Status {
        /// What the column's words stand for.
        values: BTreeMap<String, Standing>,
    },
    /// The company's own category.
    Category,
    /// The root cause.
    Cause,
    /// The lesson.
    Lesson,
    /// The actions.
    Actions {
        /// Why they are taken, if the column says so.
        purpose: Option<ActionPurpose>,
    },
    /// Who owns the actions.
    ActionOwner,
    /// When the actions are due.
    ActionDue {
        /// Which number is the day.
        order: Option<DateOrder>,
    },
    /// Suppliers.
    Supplier,
    /// Assets.
    Asset,
    /// What it cost.
    Cost(AmountRule),
    /// Anything else worth keeping.
    Notes,
    /// Who reported it.
    Reporter,
    /// Tags.
    Tags,
    /// A field that the company defines.
    Field(FieldRule),
    /// Left out.
    Ignore,
}

/// How severities are read: first by `values`, then numbers by their place on the scale.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeverityRule {
    /// What the column's words and numbers stand for, 1 to 5; 5 is worst.
    pub values: BTreeMap<String, Severity>,
    /// Which end of the numbers is the worst; while nobody said, numbers become gaps.
    pub worst: Option<Worst>,
    /// The lowest and the highest number of the scale.
    pub scale: (i64, i64),
}

/// A field that the company defines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldRule {
    /// Its short name.
    pub key: FieldKey,
    /// What it holds.
    pub kind: FieldType,
    /// Which number is the day, for a date.
    pub order: Option<DateOrder>,
    /// What may be chosen, for a choice.
    pub choices: BTreeSet<String>,
}

/// A mapping that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MappingError {
    /// Not the text form of a mapping.
    #[error("the mapping file cannot be read: {0}")]
    Syntax(String),
    /// A choice stands at a column that it does not belong to.
    #[error("column {column:?} becomes {target}, which has no {option}; {option} belongs to {belongs_to}")]
    Misplaced {
        /// The column.
        column: String,
        /// What it becomes.
        target: Target,
        /// The choice.
        option: &'static str,
        /// Where the choice belongs.
        belongs_to: &'static str,
    },
    /// A value of a choice that is not known.
    #[error("column {column:?}, value {value:?}: {problem}")]
    Value {
        /// The column.
        column: String,
        /// The value of the column.
        value: String,
        /// What is wrong.
        problem: String,
    },
    /// A scale with less than two numbers.
    #[error(
        "column {column:?} has the scale [{low}, {high}]; expected the lowest number first and a higher one second"
    )]
    Scale {
        /// The column.
        column: String,
        /// The first number.
        low: i64,
        /// The second number.
        high: i64,
    },
    /// The file has no such column.
    #[error("the mapping names the column {column:?}, which the file does not have; it has: {found}")]
    NoSuchColumn {
        /// The name in the mapping.
        column: String,
        /// The columns of the file.
        found: String,
    },
    /// Two columns become the same fact.
    #[error("the columns {first:?} and {second:?} both become {target}; expected one of them")]
    Twice {
        /// One column.
        first: String,
        /// The other column.
        second: String,
        /// What both become.
        target: Target,
    },
}

impl Mapping {
    /// Reads the text form.
    ///
    /// # Errors
    /// Not TOML, an unknown word, or a choice that does not belong to its column.
    pub fn from_toml(text: &str) -> Result<Self, MappingError> {
        toml::from_str(text).map_err(|error| MappingError::Syntax(error.to_string()))
    }

    /// The text form.
    ///
    /// # Errors
    /// [`MappingError::Syntax`] if it cannot be written; no mapping made by [`super::guess`] is of that kind.
    pub fn to_toml(&self) -> Result<String, MappingError> {
        toml::to_string(self).map_err(|error| MappingError::Syntax(error.to_string()))
    }

    /// The same mapping for another file of the same columns: where the table lies is found anew.
    #[must_use]
    pub fn without_layout(mut self) -> Self {
        self.layout = Layout::default();
        self
    }

    /// The rule of a column, by its name in the header row; case and punctuation do not matter.
    #[must_use]
    pub fn rule(&self, source: &str) -> Option<&Rule> {
        let wanted = key(source);
        self.columns.iter().find(|column| key(&column.source) == wanted).map(|column| &column.rule)
    }
}

impl Rule {
    /// The fact that the column becomes.
    #[must_use]
    pub const fn target(&self) -> Target {
        match self {
            Self::OriginReference => Target::OriginReference,
            Self::Moment { moment, .. } => moment.target(),
            Self::Title => Target::Title,
            Self::Description => Target::Description,
            Self::Class { .. } => Target::Class,
            Self::Severity(_) => Target::Severity,
            Self::Status { .. } => Target::Status,
            Self::Category => Target::Category,
            Self::Cause => Target::Cause,
            Self::Lesson => Target::Lesson,
            Self::Actions { .. } => Target::Actions,
            Self::ActionOwner => Target::ActionOwner,
            Self::ActionDue { .. } => Target::ActionDue,
            Self::Supplier => Target::Supplier,
            Self::Asset => Target::Asset,
            Self::Cost(_) => Target::Cost,
            Self::Notes => Target::Notes,
            Self::Reporter => Target::Reporter,
            Self::Tags => Target::Tags,
            Self::Field(_) => Target::Field,
            Self::Ignore => Target::Ignore,
        }
    }

    /// The order of its dates.
    #[must_use]
    pub const fn date_order(&self) -> Option<DateOrder> {
        match self {
            Self::Moment { order, .. } | Self::ActionDue { order } => *order,
            Self::Field(field) => field.order,
            _ => None,
        }
    }
}

impl SeverityRule {
    /// The severity of a number on the scale: the five levels are spread evenly over it. `None` off the scale.
    #[must_use]
    pub fn level(&self, number: i64, worst: Worst) -> Option<Severity> {
        let (low, high) = self.scale;
        if !(low..=high).contains(&number) || low == high {
            return None;
        }
        let place = match worst {
            Worst::High => number - low,
            Worst::Low => high - number,
        };
        // Rounded to the nearest level, halves upwards.
        let level = 1 + (place * 8 + (high - low)) / (2 * (high - low));
        u8::try_from(level).ok().and_then(|level| Severity::new(level).ok())
    }
}

#[cfg(test)]
mod tests;
