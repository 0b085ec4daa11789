//! One value of a column or parameter, the same on both engines.

use nevertwice_domain::time::{Date, Timestamp};
use uuid::Uuid;

/// A value as the engine binds and reads it.
///
/// | variant   | PostgreSQL    | SQLite (STRICT)                                     |
/// |-----------|---------------|-----------------------------------------------------|
/// | Bool      | `boolean`     | INTEGER 0 or 1                                      |
/// | Int       | `bigint` (or `integer`, `smallint`) | INTEGER                       |
/// | Real      | `double precision` | REAL; NaN is refused, -0.0 becomes 0.0         |
/// | Text      | `text`        | TEXT; a NUL character is refused                    |
/// | Bytes     | `bytea`       | BLOB                                                |
/// | Uuid      | `uuid`        | BLOB of 16 bytes; both engines order by the bytes   |
/// | Date      | `date`        | TEXT `YYYY-MM-DD`, years 1 to 9999                  |
/// | Timestamp | `timestamptz` | INTEGER, milliseconds since 1970, years 1 to 9999   |
/// | Json      | `json` (not `jsonb`, which rewrites the text) | TEXT, byte for byte |
///
/// What SQLite returns is the stored form (Int, Real, Text, Bytes or Null); [`FromValue`](super::FromValue)
/// turns either form into the Rust type that the caller asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// SQL NULL.
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A floating-point number. Never money: that is [`Value::Int`] in minor units.
    Real(f64),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// An id.
    Uuid(Uuid),
    /// A civil date.
    Date(Date),
    /// An instant to the millisecond.
    Timestamp(Timestamp),
    /// JSON text, kept byte for byte.
    Json(String),
    /// Something no column can hold; binding it is an error with this text.
    Unfit(String),
}

impl Value {
    /// What kind of value it is, for messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Real(_) => "real",
            Self::Text(_) => "text",
            Self::Bytes(_) => "bytes",
            Self::Uuid(_) => "uuid",
            Self::Date(_) => "date",
            Self::Timestamp(_) => "timestamp",
            Self::Json(_) => "json",
            Self::Unfit(_) => "unfit",
        }
    }

    /// Whether both engines can keep it exactly; if not, why.
    pub(crate) fn check(&self) -> Result<(), String> {
        match self {
            Self::Text(text) | Self::Json(text) => match text.find('\0') {
                Some(at) => Err(format!("expected text without NUL characters, found one at byte {at}")),
                None => Ok(()),
            },
            Self::Real(number) if number.is_nan() => Err("expected a number, found NaN".to_owned()),
            Self::Date(date) if date.year() < 1 => {
                Err(format!("expected a date in the years 1 to 9999, found the year {}", date.year()))
            }
            Self::Unfit(detail) => Err(detail.clone()),
            _ => Ok(()),
        }
    }
}
