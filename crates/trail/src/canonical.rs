//! Canonical JSON (RFC 8785) of the values that entries commit to.

use serde::Serialize;
use serde_json::Value;

/// The largest magnitude of a number in a value, a sequence number or a revision: 2⁵³ − 1.
///
/// RFC 8785 writes every number as a double, so of two larger integers one would read as the other.
pub const MAX_INTEGER: u64 = (1 << 53) - 1;

/// How deep arrays and objects may nest in a value.
pub const MAX_DEPTH: usize = 64;

/// A value that has no canonical form here.
#[derive(Debug, thiserror::Error)]
pub enum ValueError {
    /// A number outside ±(2⁵³ − 1).
    #[error("expected numbers between -(2^53 - 1) and 2^53 - 1, found {0}: write it as a string")]
    NumberTooLarge(serde_json::Number),
    /// Arrays and objects nest too deep.
    #[error("expected at most {MAX_DEPTH} nested arrays and objects, found more")]
    TooDeep,
    /// The JSON library refused it.
    #[error("a value cannot be written as JSON: {0}")]
    Json(#[from] serde_json::Error),
}

/// Appends the canonical JSON of a value.
pub(crate) fn write_value(value: &Value, out: &mut Vec<u8>) -> Result<(), ValueError> {
    check(value, MAX_DEPTH)?;
    match value {
        // The general canonicaliser allocates for every fragment; nearly all values are one of these, for which
        // the plain serialiser writes the same bytes (`plain_and_general_serialisers_agree`).
        Value::Null | Value::Bool(_) | Value::String(_) => write_plain(value, out)?,
        Value::Number(number) => match number.as_i64() {
            Some(integer) => write_plain(&integer, out)?,
            None => serde_json_canonicalizer::to_writer(value, out)?,
        },
        Value::Array(_) | Value::Object(_) => serde_json_canonicalizer::to_writer(value, out)?,
    }
    Ok(())
}

/// Appends JSON that is canonical because its author wrote the keys in order and used no floating-point number.
pub(crate) fn write_plain(value: &impl Serialize, out: &mut Vec<u8>) -> Result<(), serde_json::Error> {
    serde_json::to_writer(out, value)
}

fn check(value: &Value, depth: usize) -> Result<(), ValueError> {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
        Value::Number(number) if in_range(number) => Ok(()),
        Value::Number(number) => Err(ValueError::NumberTooLarge(number.clone())),
        Value::Array(_) | Value::Object(_) if depth == 0 => Err(ValueError::TooDeep),
        Value::Array(items) => items.iter().try_for_each(|item| check(item, depth - 1)),
        Value::Object(members) => members.values().try_for_each(|member| check(member, depth - 1)),
    }
}

fn in_range(number: &serde_json::Number) -> bool {
    /// 2⁵³ − 1, which a double holds exactly.
    const LIMIT: f64 = 9_007_199_254_740_991.0;
    match (number.as_i64(), number.as_f64()) {
        (Some(integer), _) => integer.unsigned_abs() <= MAX_INTEGER,
        (None, Some(float)) => float.abs() <= LIMIT,
        (None, None) => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn canonical(value: &Value) -> Result<String, ValueError> {
        let mut out = Vec::new();
        write_value(value, &mut out).map(|()| String::from_utf8(out).unwrap())
    }

    #[test]
    fn values_are_written_as_rfc_8785_says() {
        for (value, text) in [
            (json!(null), "null"),
            (json!(true), "true"),
            (json!(-42), "-42"),
            (json!(1.0), "1"),
            (json!(-0.0), "0"),
            (json!(1e-7), "1e-7"),
            (json!(333_333_333.333_333_3), "333333333.3333333"),
            (json!("\u{20ac}$\u{0f}\nA'B\"\\/\u{7f}"), "\"€$\\u000f\\nA'B\\\"\\\\/\u{7f}\""),
            (
                json!({"b": [1, {"z": 1, "a": 2}], "\u{10000}": 1, "\u{fb33}": 2, "": 0}),
                "{\"\":0,\"b\":[1,{\"a\":2,\"z\":1}],\"\u{10000}\":1,\"\u{fb33}\":2}",
            ),
        ] {
            assert_eq!(canonical(&value).unwrap(), text);
        }
    }

    #[test]
    fn a_number_that_a_double_cannot_hold_is_refused() {
        assert_eq!(canonical(&json!(MAX_INTEGER)).unwrap(), "9007199254740991");
        for value in
            [json!(MAX_INTEGER + 1), json!(i64::MIN), json!(u64::MAX), json!(9_007_199_254_740_992.0)]
        {
            assert!(matches!(canonical(&value), Err(ValueError::NumberTooLarge(_))), "{value}");
            assert!(matches!(canonical(&json!([{"a": value}])), Err(ValueError::NumberTooLarge(_))));
        }
    }

    #[test]
    fn deep_nesting_is_refused() {
        let nested = |depth| (0..depth).fold(json!(1), |inner, _| json!([inner]));
        assert!(canonical(&nested(MAX_DEPTH)).is_ok());
        assert!(matches!(canonical(&nested(MAX_DEPTH + 1)), Err(ValueError::TooDeep)));
    }

    proptest! {
        #[test]
        fn plain_and_general_serialisers_agree(text in any::<String>(), number in -(1_i64 << 53) + 1..1 << 53) {
            for value in [json!(text), json!(number)] {
                prop_assert_eq!(canonical(&value).unwrap(), serde_json_canonicalizer::to_string(&value).unwrap());
            }
        }

        #[test]
        fn a_number_reads_back_to_the_same_bytes(number in any::<f64>()) {
            let small = number % 9e15;
            if small.is_finite() {
                let text = canonical(&json!(small)).unwrap();
                let again: Value = serde_json::from_str(&text).unwrap();
                prop_assert_eq!(canonical(&again).unwrap(), text);
            }
        }
    }
}
