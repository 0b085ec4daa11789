//! Which Rust types can be bound and read, and how.

use nevertwice_domain::time::{Date, Timestamp};
use uuid::Uuid;

use super::Value;

/// A type that can be bound as a parameter.
pub trait ToValue {
    /// The value to bind.
    fn to_value(&self) -> Value;
}

/// A type that can be read from a column.
pub trait FromValue: Sized {
    /// From either engine's form; the error says what was expected and found.
    fn from_value(value: Value) -> Result<Self, String>;
}

/// Builds the parameters of a statement: `&params![id, title, due_on]`, in the order of `$1, $2, …`.
#[macro_export]
macro_rules! params {
    ($($value:expr),* $(,)?) => { [$($crate::engine::ToValue::to_value(&$value)),*] };
}

/// Implements [`ToValue`] and [`FromValue`] for id types over a UUID (`From<Uuid>`, `.uuid()`).
#[macro_export]
macro_rules! sql_ids {
    ($($name:ty),+ $(,)?) => {$(
        impl $crate::engine::ToValue for $name {
            fn to_value(&self) -> $crate::engine::Value { $crate::engine::Value::Uuid(self.uuid()) }
        }
        impl $crate::engine::FromValue for $name {
            fn from_value(value: $crate::engine::Value) -> Result<Self, String> {
                <uuid::Uuid as $crate::engine::FromValue>::from_value(value).map(Self::from)
            }
        }
    )+};
}

/// Implements [`ToValue`] and [`FromValue`] for types kept as text (`Display`, `FromStr`).
#[macro_export]
macro_rules! sql_texts {
    ($($name:ty),+ $(,)?) => {$(
        impl $crate::engine::ToValue for $name {
            fn to_value(&self) -> $crate::engine::Value { $crate::engine::Value::Text(self.to_string()) }
        }
        impl $crate::engine::FromValue for $name {
            fn from_value(value: $crate::engine::Value) -> Result<Self, String> {
                let text = <String as $crate::engine::FromValue>::from_value(value)?;
                text.parse().map_err(|error| format!("{error}"))
            }
        }
    )+};
}

fn unexpected<T>(expected: &str, found: &Value) -> Result<T, String> {
    Err(format!("expected {expected}, found {}", found.kind()))
}

impl ToValue for Value {
    fn to_value(&self) -> Value {
        self.clone()
    }
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value {
        (**self).to_value()
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, ToValue::to_value)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Null => Ok(None),
            value => T::from_value(value).map(Some),
        }
    }
}

impl ToValue for bool {
    fn to_value(&self) -> Value {
        Value::Bool(*self)
    }
}

impl FromValue for bool {
    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Bool(flag) => Ok(flag),
            Value::Int(0) => Ok(false),
            Value::Int(1) => Ok(true),
            Value::Int(other) => Err(format!("expected 0 or 1, found {other}")),
            other => unexpected("bool", &other),
        }
    }
}

impl ToValue for i64 {
    fn to_value(&self) -> Value {
        Value::Int(*self)
    }
}

impl FromValue for i64 {
    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Int(number) => Ok(number),
            other => unexpected("int", &other),
        }
    }
}

/// Narrower or unsigned integers: checked both ways.
macro_rules! checked_integers {
    ($($name:ty),+) => {$(
        impl ToValue for $name {
            fn to_value(&self) -> Value {
                i64::try_from(*self).map_or_else(
                    |_| Value::Unfit(format!("expected at most {}, found {self}", i64::MAX)),
                    Value::Int,
                )
            }
        }
        impl FromValue for $name {
            fn from_value(value: Value) -> Result<Self, String> {
                let number = i64::from_value(value)?;
                Self::try_from(number).map_err(|_| {
                    format!("expected a number from {} to {}, found {number}", Self::MIN, Self::MAX)
                })
            }
        }
    )+};
}

checked_integers!(i16, i32, u8, u16, u32, u64, usize);

impl ToValue for f64 {
    fn to_value(&self) -> Value {
        Value::Real(*self)
    }
}

impl FromValue for f64 {
    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Real(number) => Ok(number),
            other => unexpected("real", &other),
        }
    }
}

impl ToValue for str {
    fn to_value(&self) -> Value {
        Value::Text(self.to_owned())
    }
}

impl ToValue for String {
    fn to_value(&self) -> Value {
        Value::Text(self.clone())
    }
}

impl FromValue for String {
    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Text(text) => Ok(text),
            other => unexpected("text", &other),
        }
    }
}

impl ToValue for [u8] {
    fn to_value(&self) -> Value {
        Value::Bytes(self.to_vec())
    }
}

impl ToValue for Vec<u8> {
    fn to_value(&self) -> Value {
        Value::Bytes(self.clone())
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Bytes(bytes) => Ok(bytes),
            other => unexpected("bytes", &other),
        }
    }
}

impl<const N: usize> ToValue for [u8; N] {
    fn to_value(&self) -> Value {
        Value::Bytes(self.to_vec())
    }
}

impl<const N: usize> FromValue for [u8; N] {
    fn from_value(value: Value) -> Result<Self, String> {
        let bytes = Vec::<u8>::from_value(value)?;
        Self::try_from(bytes).map_err(|found| format!("expected {N} bytes, found {}", found.len()))
    }
}

impl ToValue for Uuid {
    fn to_value(&self) -> Value {
        Value::Uuid(*self)
    }
}

impl FromValue for Uuid {
    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Uuid(id) => Ok(id),
            Value::Bytes(bytes) => Self::from_slice(&bytes)
                .map_err(|_| format!("expected a uuid of 16 bytes, found {}", bytes.len())),
            other => unexpected("uuid", &other),
        }
    }
}

impl ToValue for Date {
    fn to_value(&self) -> Value {
        Value::Date(*self)
    }
}

impl FromValue for Date {
    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Date(date) => Ok(date),
            // Only the one form the store writes: another spelling of the same day would sort elsewhere.
            Value::Text(text) => match text.parse::<Self>() {
                Ok(date) if date.to_string() == text => Ok(date),
                _ => Err(format!("expected a date YYYY-MM-DD, found {} characters", text.chars().count())),
            },
            other => unexpected("date", &other),
        }
    }
}

impl ToValue for Timestamp {
    fn to_value(&self) -> Value {
        Value::Timestamp(*self)
    }
}

impl FromValue for Timestamp {
    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Timestamp(instant) => Ok(instant),
            Value::Int(millis) => {
                let instant = Self::from_millis(millis);
                if instant.millis() == millis {
                    Ok(instant)
                } else {
                    Err(format!("expected an instant up to {}, found {millis} ms", Self::MAX))
                }
            }
            other => unexpected("timestamp", &other),
        }
    }
}

impl ToValue for serde_json::Value {
    fn to_value(&self) -> Value {
        Value::Json(self.to_string())
    }
}

impl FromValue for serde_json::Value {
    fn from_value(value: Value) -> Result<Self, String> {
        JsonText::from_value(value)
            .and_then(|text| serde_json::from_str(&text.0).map_err(|error| format!("expected JSON: {error}")))
    }
}

/// JSON text that must come back byte for byte, such as canonical JSON (RFC 8785) whose hash is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonText(pub String);

impl ToValue for JsonText {
    fn to_value(&self) -> Value {
        Value::Json(self.0.clone())
    }
}

impl FromValue for JsonText {
    fn from_value(value: Value) -> Result<Self, String> {
        match value {
            Value::Json(text) | Value::Text(text) => Ok(Self(text)),
            other => unexpected("json", &other),
        }
    }
}
