//! Company-defined typed fields on cases, lessons, actions, assets and suppliers.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::id::FieldId;
use crate::refusal::Refusal;
use crate::text::{Line, Prose, TextError};
use crate::time::Timestamp;
use crate::when::When;

words! {
    /// What a field belongs to.
    FieldSubject("field subject") {
        /// A case.
        Case = "case",
        /// A lesson.
        Lesson = "lesson",
        /// An action.
        Action = "action",
        /// An AI asset.
        Asset = "asset",
        /// A supplier.
        Supplier = "supplier",
    }
}

words! {
    /// What a field holds.
    FieldType("field type") {
        /// Text.
        Text = "text",
        /// A decimal number.
        Number = "number",
        /// A date at any precision.
        Date = "date",
        /// One of a list.
        Choice = "choice",
        /// A person of the register.
        Person = "person",
        /// A web address.
        Link = "link",
    }
}

/// The short name of a field in queries (`field.region`): lower-case letters, digits and `_`, a letter first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct FieldKey(String);

/// A definition of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Identity.
    pub id: FieldId,
    /// Counts the changes; a change must name the version that it saw.
    pub version: u64,
    /// What it belongs to.
    pub subject: FieldSubject,
    /// Its short name.
    pub key: FieldKey,
    /// Its label on screen.
    pub label: Line,
    /// What it holds.
    pub kind: FieldType,
    /// What may be chosen, for a choice.
    pub choices: BTreeSet<Line>,
    /// When it was defined.
    pub created_at: Timestamp,
}

/// The values of one record in their written form; a field without a value has none.
pub type FieldValues = BTreeMap<FieldId, Prose>;

/// A new value for a field; `None` clears it.
pub type FieldChange = (FieldId, Option<Prose>);

/// Puts new values in place of old ones; fields that are not named keep theirs.
pub fn change_values(values: &mut FieldValues, changes: Vec<FieldChange>) {
    for (field, value) in changes {
        match value {
            Some(value) => values.insert(field, value),
            None => values.remove(&field),
        };
    }
}

/// A value or definition that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FieldError {
    /// The short name has other characters.
    #[error(
        "{found:?} is not a field name; expected lower-case letters, digits and _, a letter first, at most 40, such as region"
    )]
    Key {
        /// What was found.
        found: String,
    },
    /// The value is not of the field's type.
    #[error("{found:?} does not fit the field {key} ({kind}); expected {expected}")]
    Value {
        /// The field.
        key: FieldKey,
        /// Its type.
        kind: FieldType,
        /// What was found.
        found: String,
        /// What would do.
        expected: String,
    },
    /// The text cannot be kept.
    #[error("the field {key} {error}")]
    Text {
        /// The field.
        key: FieldKey,
        /// Why.
        error: TextError,
    },
    /// A choice needs choices, and only a choice has them.
    #[error("a field of type choice needs a list of choices, and only that type has one")]
    Choices,
}

impl Refusal for FieldError {
    fn code(&self) -> &'static str {
        match self {
            Self::Key { .. } => "field.key",
            Self::Value { .. } => "field.value",
            Self::Text { .. } => "field.text",
            Self::Choices => "field.choices",
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Self::Key { .. } => "key",
            Self::Choices => "choices",
            Self::Value { .. } | Self::Text { .. } => "fields",
        })
    }
}

impl FieldKey {
    /// Reads a short name.
    ///
    /// # Errors
    /// Other characters, or too long.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let key = text.trim();
        if key.starts_with(|c: char| c.is_ascii_lowercase()) && key.chars().all(good) && key.len() <= 40 {
            return Ok(Self(key.to_owned()));
        }
        Err(FieldError::Key { found: text.to_owned() })
    }

    /// A short name made of a label: `Business Unit` becomes `business_unit`.
    #[must_use]
    pub fn from_label(label: &str) -> Self {
        let folded = crate::text::fold(label);
        let joined: String =
            folded.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect::<String>();
        let words = joined.split('_').filter(|w| !w.is_empty()).collect::<Vec<_>>().join("_");
        let lettered =
            if words.starts_with(|c: char| c.is_ascii_lowercase()) { words } else { format!("f_{words}") };
        Self(lettered.chars().take(40).collect::<String>().trim_end_matches('_').to_owned())
    }

    /// The short name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Field {
    /// Checks a definition.
    ///
    /// # Errors
    /// A choice without choices, or choices without a choice.
    pub fn checked(self) -> Result<Self, FieldError> {
        if (self.kind == FieldType::Choice) == self.choices.is_empty() {
            return Err(FieldError::Choices);
        }
        Ok(self)
    }

    /// Checks a value and brings it into the field's written form. A person's value is checked by the service, which
    /// knows the people.
    ///
    /// # Errors
    /// The value does not fit the type.
    pub fn value(&self, text: &str) -> Result<Prose, FieldError> {
        let prose = Prose::parse(text).map_err(|error| FieldError::Text { key: self.key.clone(), error })?;
        let trimmed = prose.as_str();
        let misfit = |expected: String| FieldError::Value {
            key: self.key.clone(),
            kind: self.kind,
            found: trimmed.to_owned(),
            expected,
        };
        match self.kind {
            FieldType::Text | FieldType::Person => Ok(prose),
            FieldType::Number if is_decimal(trimmed) => Ok(prose),
            FieldType::Number => Err(misfit("a decimal number such as 12 or -0.5".to_owned())),
            FieldType::Date => match trimmed.parse::<When>() {
                Ok(_) => Ok(prose),
                Err(_) => Err(misfit("a date such as 2026-03-17".to_owned())),
            },
            FieldType::Choice => {
                let folded = crate::text::fold(trimmed);
                let chosen = self.choices.iter().find(|choice| crate::text::fold(choice.as_str()) == folded);
                let all = || self.choices.iter().map(Line::as_str).collect::<Vec<_>>().join(", ");
                match chosen.and_then(|choice| Prose::parse(choice.as_str()).ok()) {
                    Some(choice) => Ok(choice),
                    None => Err(misfit(format!("one of: {}", all()))),
                }
            }
            FieldType::Link if is_web_address(trimmed) => Ok(prose),
            FieldType::Link => Err(misfit("a web address beginning with https:// or http://".to_owned())),
        }
    }
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let number =
        |part: &str| !part.is_empty() && part.len() <= 30 && part.bytes().all(|b| b.is_ascii_digit());
    number(whole) && number(fraction)
}

fn is_web_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace)) && text.len() <= 2_000
}

impl fmt::Display for FieldKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl std::str::FromStr for FieldKey {
    type Err = FieldError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl<'de> Deserialize<'de> for FieldKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
