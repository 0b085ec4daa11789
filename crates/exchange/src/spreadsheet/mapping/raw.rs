//! A column as its TOML table writes it, before it is known which choices belong together.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::action::ActionPurpose;
use nevertwice_domain::case::{Class, Severity};
use nevertwice_domain::field::{FieldKey, FieldType};
use nevertwice_domain::money::Currency;
use nevertwice_domain::word::Word;

use super::{Column, FieldRule, MappingError, Rule, SeverityRule};
use crate::planned::Standing;
use crate::spreadsheet::target::Target;
use crate::spreadsheet::value::date::DateOrder;
use crate::spreadsheet::value::money::{AmountRule, DecimalMark};
use crate::spreadsheet::value::words::Worst;

/// The scale of a severity where none is written.
pub(in crate::spreadsheet) const DEFAULT_SCALE: (i64, i64) = (1, 5);

#[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawColumn {
    source: String,
    target: Option<Target>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    date_order: Option<DateOrder>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    currency: Option<Currency>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    decimal: Option<DecimalMark>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    worst: Option<Worst>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    scale: Option<[i64; 2]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    purpose: Option<ActionPurpose>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    field: Option<FieldKey>,
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<FieldType>,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    choices: BTreeSet<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    values: BTreeMap<String, RawValue>,
}

/// A number or a word.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
enum RawValue {
    Number(i64),
    Word(String),
}

impl TryFrom<RawColumn> for Column {
    type Error = MappingError;

    fn try_from(raw: RawColumn) -> Result<Self, MappingError> {
        let source = raw.source.clone();
        let Some(target) = raw.target else {
            let problem = "expected target = \"…\", for example target = \"title\"".to_owned();
            return Err(MappingError::Value { column: source.clone(), value: source, problem });
        };
        raw.refuse_misplaced(target)?;
        Ok(Self { rule: raw.rule(target)?, source })
    }
}

impl RawColumn {
    fn refuse_misplaced(&self, target: Target) -> Result<(), MappingError> {
        let is_date = target.moment().is_some() || matches!(target, Target::ActionDue | Target::Field);
        let has_values = matches!(target, Target::Class | Target::Severity | Target::Status);
        let options = [
            ("date_order", self.date_order.is_some(), is_date, "dates"),
            ("currency", self.currency.is_some(), target == Target::Cost, "cost"),
            ("decimal", self.decimal.is_some(), target == Target::Cost, "cost"),
            ("worst", self.worst.is_some(), target == Target::Severity, "severity"),
            ("scale", self.scale.is_some(), target == Target::Severity, "severity"),
            ("purpose", self.purpose.is_some(), target == Target::Actions, "actions"),
            ("field", self.field.is_some(), target == Target::Field, "field"),
            ("type", self.kind.is_some(), target == Target::Field, "field"),
            ("choices", !self.choices.is_empty(), target == Target::Field, "field"),
            ("values", !self.values.is_empty(), has_values, "class, severity and status"),
        ];
        match options.into_iter().find(|(_, present, allowed, _)| *present && !*allowed) {
            Some((option, _, _, belongs_to)) => {
                Err(MappingError::Misplaced { column: self.source.clone(), target, option, belongs_to })
            }
            None => Ok(()),
        }
    }

    fn rule(self, target: Target) -> Result<Rule, MappingError> {
        if let Some(moment) = target.moment() {
            return Ok(Rule::Moment { moment, order: self.date_order });
        }
        Ok(match target {
            Target::OriginReference => Rule::OriginReference,
            Target::Title => Rule::Title,
            Target::Description => Rule::Description,
            Target::Class => Rule::Class { values: self.words::<Class>()? },
            Target::Severity => self.severity()?,
            Target::Status => Rule::Status { values: self.words::<Standing>()? },
            Target::Category => Rule::Category,
            Target::Cause => Rule::Cause,
            Target::Lesson => Rule::Lesson,
            Target::Actions => Rule::Actions { purpose: self.purpose },
            Target::ActionOwner => Rule::ActionOwner,
            Target::ActionDue => Rule::ActionDue { order: self.date_order },
            Target::Supplier => Rule::Supplier,
            Target::Asset => Rule::Asset,
            Target::Cost => Rule::Cost(AmountRule { currency: self.currency, decimal: self.decimal }),
            Target::Notes => Rule::Notes,
            Target::Reporter => Rule::Reporter,
            Target::Tags => Rule::Tags,
            Target::Field => Rule::Field(FieldRule {
                key: self.field.unwrap_or_else(|| FieldKey::from_label(&self.source)),
                kind: self.kind.unwrap_or(if self.choices.is_empty() {
                    FieldType::Text
                } else {
                    FieldType::Choice
                }),
                order: self.date_order,
                choices: self.choices,
            }),
            // The moments returned above.
            _ => Rule::Ignore,
        })
    }

    fn words<T: Word>(&self) -> Result<BTreeMap<String, T>, MappingError> {
        let read = |(value, word): (&String, &RawValue)| match word {
            RawValue::Word(word) => match T::parse(word) {
                Ok(parsed) => Ok((value.clone(), parsed)),
                Err(error) => Err(self.value_error(value, error.to_string())),
            },
            RawValue::Number(number) => {
                Err(self.value_error(value, format!("{number} is no {}", T::VOCABULARY)))
            }
        };
        self.values.iter().map(read).collect()
    }

    fn severity(&self) -> Result<Rule, MappingError> {
        let scale = self.scale.map_or(DEFAULT_SCALE, |[low, high]| (low, high));
        if scale.0 >= scale.1 {
            return Err(MappingError::Scale { column: self.source.clone(), low: scale.0, high: scale.1 });
        }
        let read = |(value, level): (&String, &RawValue)| {
            let text = match level {
                RawValue::Number(number) => number.to_string(),
                RawValue::Word(word) => word.clone(),
            };
            match text.parse::<Severity>() {
                Ok(severity) => Ok((value.clone(), severity)),
                Err(error) => Err(self.value_error(value, error.to_string())),
            }
        };
        let values = self.values.iter().map(read).collect::<Result<_, _>>()?;
        Ok(Rule::Severity(SeverityRule { values, worst: self.worst, scale }))
    }

    fn value_error(&self, value: &str, problem: String) -> MappingError {
        MappingError::Value { column: self.source.clone(), value: value.to_owned(), problem }
    }
}

impl From<Column> for RawColumn {
    fn from(column: Column) -> Self {
        let raw = Self { source: column.source, target: Some(column.rule.target()), ..Self::default() };
        match column.rule {
            Rule::Moment { order, .. } | Rule::ActionDue { order } => Self { date_order: order, ..raw },
            Rule::Class { values } => Self { values: words(values), ..raw },
            Rule::Status { values } => Self { values: words(values), ..raw },
            Rule::Severity(rule) => Self {
                worst: rule.worst,
                scale: Some([rule.scale.0, rule.scale.1]),
                values: rule
                    .values
                    .into_iter()
                    .map(|(k, v)| (k, RawValue::Number(v.level().into())))
                    .collect(),
                ..raw
            },
            Rule::Actions { purpose } => Self { purpose, ..raw },
            Rule::Cost(rule) => Self { currency: rule.currency, decimal: rule.decimal, ..raw },
            Rule::Field(rule) => Self {
                field: Some(rule.key),
                kind: Some(rule.kind),
                date_order: rule.order,
                choices: rule.choices,
                ..raw
            },
            _ => raw,
        }
    }
}

fn words<T: Word>(values: BTreeMap<String, T>) -> BTreeMap<String, RawValue> {
    values.into_iter().map(|(value, word)| (value, RawValue::Word(word.as_str().to_owned()))).collect()
}
