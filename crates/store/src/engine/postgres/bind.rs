//! Values in PostgreSQL's binary form.

use std::error::Error;

use bytes::BytesMut;
use jiff::civil::Date;
use nevertwice_domain::time::Timestamp;
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use uuid::Uuid;

use crate::engine::Value;

type Failure = Box<dyn Error + Sync + Send>;

/// 2000-01-01T00:00:00Z, where PostgreSQL counts from, in milliseconds since 1970.
const POSTGRES_EPOCH: i64 = 946_684_800_000;

/// A parameter. Its type on the server decides the width of a number; anything else must be of the same kind.
#[derive(Debug)]
pub(super) struct Bound<'a>(pub(super) &'a Value);

impl ToSql for Bound<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match (self.0, ty) {
            (Value::Null, _) => Ok(IsNull::Yes),
            (Value::Bool(flag), &Type::BOOL) => flag.to_sql(ty, out),
            (Value::Int(number), &Type::INT8) => number.to_sql(ty, out),
            (Value::Int(number), &Type::INT4) => i32::try_from(*number)?.to_sql(ty, out),
            (Value::Int(number), &Type::INT2) => i16::try_from(*number)?.to_sql(ty, out),
            // As on SQLite, which does not keep -0.0.
            (Value::Real(number), &Type::FLOAT8) => (*number + 0.0).to_sql(ty, out),
            (Value::Text(text), &(Type::TEXT | Type::VARCHAR | Type::BPCHAR)) => text.to_sql(ty, out),
            (Value::Bytes(bytes), &Type::BYTEA) => bytes.to_sql(ty, out),
            (Value::Uuid(id), &Type::UUID) => id.to_sql(ty, out),
            (Value::Date(date), &Type::DATE) => date.to_sql(ty, out),
            (Value::Timestamp(instant), &Type::TIMESTAMPTZ) => {
                microseconds(*instant)?.to_sql(&Type::INT8, out)
            }
            (Value::Json(text), &Type::JSON) => text.to_sql(&Type::TEXT, out),
            (value, ty) => Err(format!("expected {ty}, found {}", value.kind()).into()),
        }
    }

    fn accepts(_ty: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A column.
pub(super) struct Read(pub(super) Value);

impl<'a> FromSql<'a> for Read {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        Ok(Self(match *ty {
            Type::BOOL => Value::Bool(bool::from_sql(ty, raw)?),
            Type::INT8 => Value::Int(i64::from_sql(ty, raw)?),
            Type::INT4 => Value::Int(i32::from_sql(ty, raw)?.into()),
            Type::INT2 => Value::Int(i16::from_sql(ty, raw)?.into()),
            Type::FLOAT8 => Value::Real(f64::from_sql(ty, raw)?),
            Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME => Value::Text(String::from_sql(ty, raw)?),
            Type::BYTEA => Value::Bytes(Vec::from_sql(ty, raw)?),
            Type::UUID => Value::Uuid(Uuid::from_sql(ty, raw)?),
            Type::DATE => Value::Date(Date::from_sql(ty, raw)?),
            Type::TIMESTAMPTZ => Value::Timestamp(instant(i64::from_sql(&Type::INT8, raw)?)?),
            Type::JSON => Value::Json(String::from_sql(&Type::TEXT, raw)?),
            _ => {
                return Err(
                    format!("columns of type {ty} cannot be read; CAST it, such as a sum to BIGINT").into()
                );
            }
        }))
    }

    fn from_sql_null(_ty: &Type) -> Result<Self, Failure> {
        Ok(Self(Value::Null))
    }

    fn accepts(_ty: &Type) -> bool {
        true
    }
}

fn microseconds(instant: Timestamp) -> Result<i64, Failure> {
    (instant.millis() - POSTGRES_EPOCH)
        .checked_mul(1000)
        .ok_or_else(|| format!("{instant} is out of range").into())
}

/// Not rounded: a time finer than a millisecond was not written by this program and must not look as if it were.
fn instant(microseconds: i64) -> Result<Timestamp, Failure> {
    let millis = microseconds.div_euclid(1000).checked_add(POSTGRES_EPOCH);
    match millis.map(|millis| (millis, Timestamp::from_millis(millis))) {
        Some((millis, instant)) if microseconds.rem_euclid(1000) == 0 && instant.millis() == millis => {
            Ok(instant)
        }
        _ => {
            Err(format!("expected an instant to the millisecond, found {microseconds} µs since 2000").into())
        }
    }
}
