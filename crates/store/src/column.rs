//! What a column holds, and the form in which the trail commits to it.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::time::{Date, Timestamp};
use nevertwice_domain::{
    account, action, asset, awareness, case, cause, control, evidence, field, id, import, job, lesson, money,
    permission, person, procedure, reference, review, risk, settings, strength, text, when,
};
use uuid::Uuid;

use crate::engine::{FromValue, ToValue, Value};

/// The type of a column of a trailed table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ColumnType {
    /// A truth value.
    Bool,
    /// A whole number.
    Int,
    /// Text; lists and blocks are JSON text.
    Text,
    /// An id.
    Uuid,
    /// A civil date.
    Date,
    /// An instant.
    Timestamp,
    /// Bytes, such as a hash.
    Bytes,
}

/// A Rust type that a column of a trailed table can hold.
pub(crate) trait Column: ToValue + FromValue {
    /// The type of the column.
    const TYPE: ColumnType;
}

impl ColumnType {
    /// The JSON that the trail commits to, from what either engine returned.
    ///
    /// # Errors
    /// The value is not of this type: the program never wrote it.
    pub(crate) fn commit_form(self, value: Value) -> Result<serde_json::Value, String> {
        use serde_json::Value as Json;
        if value == Value::Null {
            return Ok(Json::Null);
        }
        Ok(match self {
            Self::Bool => Json::Bool(bool::from_value(value)?),
            Self::Int => whole_number(i64::from_value(value)?),
            Self::Text => Json::String(String::from_value(value)?),
            Self::Uuid => Json::String(Uuid::from_value(value)?.to_string()),
            Self::Date => Json::String(Date::from_value(value)?.to_string()),
            Self::Timestamp => Json::String(Timestamp::from_value(value)?.to_string()),
            Self::Bytes => Json::String(hexadecimal(&Vec::<u8>::from_value(value)?)),
        })
    }

    /// The value of such a form, as both engines take it.
    ///
    /// # Errors
    /// It is not of this type.
    pub(crate) fn read_form(self, form: serde_json::Value) -> Result<Value, String> {
        use serde_json::Value as Json;
        let unexpected = |expected: &str| format!("expected {expected}");
        Ok(match (self, form) {
            (Self::Bool, Json::Bool(flag)) => Value::Bool(flag),
            (Self::Int, Json::Number(number)) => {
                Value::Int(number.as_i64().ok_or_else(|| unexpected("a whole number of 64 bits"))?)
            }
            (Self::Int, Json::String(text)) => {
                Value::Int(text.parse().map_err(|_| unexpected("a whole number of 64 bits"))?)
            }
            (Self::Text, Json::String(text)) => Value::Text(text),
            (Self::Uuid, Json::String(text)) => Value::Uuid(text.parse().map_err(|_| unexpected("a UUID"))?),
            (Self::Date, Json::String(text)) => {
                Value::Date(text.parse().map_err(|_| unexpected("a date such as 2026-03-17"))?)
            }
            (Self::Timestamp, Json::String(text)) => Value::Timestamp(
                text.parse().map_err(|_| unexpected("a time such as 2026-03-17T10:22:00.000Z"))?,
            ),
            (Self::Bytes, Json::String(text)) => {
                Value::Bytes(from_hexadecimal(&text).ok_or_else(|| unexpected("hexadecimal digits"))?)
            }
            (Self::Bool, _) => return Err(unexpected("true or false")),
            (Self::Int, _) => return Err(unexpected("a whole number")),
            (_, _) => return Err(unexpected("a text")),
        })
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs.iter().map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?)).collect()
}

/// Numbers beyond 2^53 − 1 are committed as text: canonical JSON (RFC 8785) cannot hold them exactly.
fn whole_number(number: i64) -> serde_json::Value {
    const EXACT: u64 = (1 << 53) - 1;
    if number.unsigned_abs() <= EXACT { number.into() } else { number.to_string().into() }
}

impl<T: Column> Column for Option<T> {
    const TYPE: ColumnType = T::TYPE;
}

macro_rules! columns {
    ($type:ident: $($name:ty),+ $(,)?) => { $( impl Column for $name { const TYPE: ColumnType = ColumnType::$type; } )+ };
}

columns!(Bool: bool);
columns!(Int: i64, u64, u32);
columns!(Text: String);
columns!(Date: Date);
columns!(Timestamp: Timestamp);

sql_ids!(
    id::CaseId,
    id::TimelineId,
    id::CostId,
    id::EvidenceId,
    id::CommentId,
    id::PersonId,
    id::SupplierId,
    id::AssetId,
    id::AssetVersionId,
    id::FieldId,
    id::ReviewId,
    id::CauseId,
    id::LessonId,
    id::ProcedureId,
    id::CoverageId,
    id::ConfirmationId,
    id::AwarenessId,
    id::ActionId,
    id::CheckId,
    id::ControlId,
    id::ControlChangeId,
    id::RiskId,
    id::AssessmentId,
    id::DeclarationId,
    id::ImportRunId,
    id::GapId,
    id::TokenId,
    id::SessionId,
    id::JobId,
    id::RequestId,
);
columns!(Uuid: Uuid,
    id::CaseId, id::TimelineId, id::CostId, id::EvidenceId, id::CommentId, id::PersonId, id::SupplierId, id::AssetId, id::AssetVersionId, id::FieldId, id::ReviewId, id::CauseId, id::LessonId, id::ProcedureId, id::ActionId, id::CheckId, id::ImportRunId, id::GapId, id::TokenId, id::CoverageId, id::ConfirmationId, id::AwarenessId, id::ControlId, id::ControlChangeId, id::RiskId, id::AssessmentId, id::DeclarationId,
);

macro_rules! text_columns {
    ($($name:ty),+ $(,)?) => { sql_texts!($($name),+); columns!(Text: $($name),+); };
}

text_columns!(
    text::Line,
    text::Prose,
    when::When,
    money::Currency,
    asset::Sha256Text,
    field::FieldKey,
    settings::TimeZoneName,
    reference::CaseRef,
    reference::ReviewRef,
    reference::LessonRef,
    reference::ActionRef,
    reference::ImportRef,
    reference::AwarenessRef,
    reference::AssetRef,
    reference::SupplierRef,
    reference::ProcedureRef,
    reference::RiskRef,
    control::ControlRef,
    control::ImplementationStatus,
    risk::Treatment,
    risk::RiskState,
    case::Performance,
    case::LoopLink,
    case::Class,
    case::CaseState,
    case::Decision,
    case::Origin,
    case::DetectionSource,
    case::TimelineKind,
    case::CostKind,
    case::CostBasis,
    action::ActionPurpose,
    action::ActionKind,
    action::ActionState,
    action::CheckOutcome,
    strength::ActionStrength,
    lesson::LessonState,
    lesson::CoverageKind,
    awareness::AudienceKind,
    awareness::AwarenessState,
    review::ReviewKind,
    review::ReviewState,
    review::ReviewScope,
    procedure::ProcedureState,
    procedure::Measured,
    procedure::Outcome,
    person::PersonKind,
    person::PersonStatus,
    account::SignInAddress,
    account::SessionHow,
    job::JobState,
    account::LinkPurpose,
    evidence::Correspondence,
    asset::AssetKind,
    field::FieldSubject,
    field::FieldType,
    import::Fate,
    import::GapState,
    cause::CauseKind,
    cause::Confidence,
    cause::LinkKind,
    cause::Statement,
);

impl ToValue for case::Severity {
    fn to_value(&self) -> Value {
        Value::Int(i64::from(self.level()))
    }
}

impl FromValue for case::Severity {
    fn from_value(value: Value) -> Result<Self, String> {
        let level = u8::from_value(value)?;
        Self::new(level).map_err(|error| error.to_string())
    }
}

columns!(Int: case::Severity);

impl ToValue for risk::Rating {
    fn to_value(&self) -> Value {
        Value::Int(i64::from(self.level()))
    }
}

impl FromValue for risk::Rating {
    fn from_value(value: Value) -> Result<Self, String> {
        Self::new(u8::from_value(value)?).map_err(|error| error.to_string())
    }
}

columns!(Int: risk::Rating);

/// Lists and blocks that are read and written whole: JSON text.
macro_rules! json_columns {
    ($($name:ty),+ $(,)?) => {$(
        impl ToValue for $name {
            fn to_value(&self) -> Value {
                match serde_json::to_string(self) {
                    Ok(text) => Value::Text(text),
                    Err(error) => Value::Unfit(error.to_string()),
                }
            }
        }
        impl FromValue for $name {
            fn from_value(value: Value) -> Result<Self, String> {
                serde_json::from_str(&String::from_value(value)?).map_err(|error| error.to_string())
            }
        }
        impl Column for $name { const TYPE: ColumnType = ColumnType::Text; }
    )+};
}

json_columns!(
    BTreeSet<case::Tag>,
    BTreeSet<id::PersonId>,
    BTreeSet<id::SupplierId>,
    BTreeSet<id::EvidenceId>,
    BTreeMap<id::AssetId, Option<id::AssetVersionId>>,
    BTreeMap<id::FieldId, text::Prose>,
    BTreeSet<text::Line>,
    BTreeSet<id::LessonId>,
    BTreeSet<permission::Role>,
    procedure::Rules,
    review::Evaluation,
    cause::Support,
    Vec<text::Line>,
    [text::Line; 5],
    case::Impact,
    case::AiImpact,
    Vec<review::SimilarHit>,
);

/// Every scope together is kept as none: a token from before there were scopes may be used for everything.
impl ToValue for BTreeSet<permission::Scope> {
    fn to_value(&self) -> Value {
        if *self == person::every_scope() {
            return Value::Null;
        }
        match serde_json::to_string(self) {
            Ok(text) => Value::Text(text),
            Err(error) => Value::Unfit(error.to_string()),
        }
    }
}

impl FromValue for BTreeSet<permission::Scope> {
    fn from_value(value: Value) -> Result<Self, String> {
        if value == Value::Null {
            return Ok(person::every_scope());
        }
        serde_json::from_str(&String::from_value(value)?).map_err(|error| error.to_string())
    }
}

impl Column for BTreeSet<permission::Scope> {
    const TYPE: ColumnType = ColumnType::Text;
}
