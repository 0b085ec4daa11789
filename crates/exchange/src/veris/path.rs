//! The path of a value in a record: `action.hacking.variety[2]`.

use std::borrow::Cow;
use std::fmt::Write as _;

use serde_json::Value;

/// The path of a field below `path`; a name that is no plain word stands in brackets: `plus["a b"]`.
pub(super) fn field(path: &str, name: &str) -> String {
    let is_plain = !name.is_empty()
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ' '))
        && name.trim() == name;
    match (is_plain, path.is_empty()) {
        (true, true) => name.to_owned(),
        (true, false) => format!("{path}.{name}"),
        (false, _) => format!("{path}[{}]", literal(&Value::String(name.to_owned()))),
    }
}

/// The path of an element of the list at `path`.
pub(super) fn element(path: &str, at: usize) -> String {
    format!("{path}[{at}]")
}

/// The value at a path that [`field`] and [`element`] made.
pub(super) fn find<'v>(record: &'v Value, path: &str) -> Option<&'v Value> {
    let mut rest = path;
    let mut value = record;
    while !rest.is_empty() {
        if rest.starts_with("[\"") {
            let mut names = serde_json::Deserializer::from_str(&rest[1..]).into_iter::<String>();
            let name = names.next()?.ok()?;
            value = value.get(&name)?;
            rest = rest[1 + names.byte_offset()..].strip_prefix(']')?;
        } else if let Some(numbered) = rest.strip_prefix('[') {
            let (number, behind) = numbered.split_once(']')?;
            value = value.get(number.parse::<usize>().ok()?)?;
            rest = behind;
        } else {
            let named = rest.strip_prefix('.').unwrap_or(rest);
            let end = named.find(['.', '[']).unwrap_or(named.len());
            value = value.get(&named[..end])?;
            rest = &named[end..];
        }
    }
    Some(value)
}

/// A value as JSON text on one line, without any control character.
pub(super) fn literal(value: &Value) -> String {
    // Within JSON text control characters stand in strings only, where an escape means the same.
    escaped(&value.to_string(), &[]).into_owned()
}

/// A text with its control characters but the allowed ones escaped as in JSON text.
pub(super) fn escaped<'t>(text: &'t str, allowed: &[char]) -> Cow<'t, str> {
    let is_escaped = |c: char| c.is_control() && !allowed.contains(&c);
    if !text.contains(is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if is_escaped(c) {
            // Writing to a string cannot fail.
            let _ = write!(escaped, "\\u{:04x}", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    Cow::Owned(escaped)
}

/// A text as it is if it can be kept so, any other value as JSON text.
pub(super) fn verbatim(value: &Value) -> String {
    match value {
        Value::String(text) if is_keepable(text) => text.clone(),
        other => literal(other),
    }
}

/// Whether nothing is lost when a text is trimmed and checked.
fn is_keepable(text: &str) -> bool {
    !text.is_empty()
        && text.trim() == text
        && !text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\t'))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_path_finds_the_value_that_it_was_made_of() {
        let record =
            json!({ "action": { "hacking": { "variety": ["a", "b"] } }, "plus": { "a.b]\"": { "": [7] } } });
        let odd = element(&field(&field("plus", "a.b]\""), ""), 0);
        assert_eq!(odd, r#"plus["a.b]\""][""][0]"#);
        assert_eq!(find(&record, &odd), Some(&json!(7)));
        let path = element(&field(&field("action", "hacking"), "variety"), 1);
        assert_eq!((path.as_str(), find(&record, &path)), ("action.hacking.variety[1]", Some(&json!("b"))));
        assert_eq!(find(&record, "action.hacking.vector"), None);
        assert_eq!(find(&json!({ "a b.": 1 }), r#"["a b."]"#), Some(&json!(1)));
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(literal(&json!("a\u{0}\u{7f}\u{85}b")), "\"a\\u0000\\u007f\\u0085b\"");
        assert_eq!(verbatim(&json!("two\nlines")), "two\nlines");
        assert_eq!(verbatim(&json!(" x")), "\" x\"");
    }
}
