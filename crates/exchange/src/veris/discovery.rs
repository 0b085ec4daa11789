//! How an incident was noticed. Version 1.3 has one text (`Ext - actor disclosure`), version 1.4 lists by who noticed.

use nevertwice_domain::case::DetectionSource;
use nevertwice_domain::text::Line;
use serde_json::{Map, Value};

use super::standard::Standard;

/// Who noticed, by the beginning of a text and by the field of an object.
const SOURCES: [(&str, &str, DetectionSource); 3] = [
    ("ext", "external", DetectionSource::External),
    ("int", "internal", DetectionSource::Internal),
    ("prt", "partner", DetectionSource::Supplier),
];

/// A text as 1.4 writes it: the field, and the value that it lists there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Listed<'s> {
    /// The field below `discovery_method`.
    pub(super) field: &'static str,
    /// A value of its varieties; none where the field is a mere flag.
    pub(super) value: Option<&'s str>,
}

/// Reads a text of version 1.3; `None` for one that version 1.4.1 cannot say.
pub(super) fn listed<'s>(standard: &'s Standard, text: &str) -> Option<Listed<'s>> {
    for flag in ["other", "unknown"] {
        if text.trim().eq_ignore_ascii_case(flag) {
            return Some(Listed { field: flag, value: None });
        }
    }
    let ((_, field, _), method) = cut(text)?;
    let value = standard.node(&["discovery_method", field, "variety"])?.listed(method)?;
    Some(Listed { field, value: Some(value) })
}

/// Who noticed, and how: of either shape. Who is known only if it is one.
pub(super) fn read(method: Option<&Value>) -> (Option<DetectionSource>, Option<Line>) {
    match method {
        Some(Value::String(text)) => match cut(text) {
            Some(((_, _, source), method)) => (Some(source), joined(&[method])),
            None => (None, None),
        },
        Some(Value::Object(sources)) => of_object(sources),
        _ => (None, None),
    }
}

fn of_object(sources: &Map<String, Value>) -> (Option<DetectionSource>, Option<Line>) {
    let mut named =
        SOURCES.iter().filter_map(|(_, field, source)| Some((sources.get(*field)?.as_object()?, *source)));
    match (named.next(), named.next()) {
        (Some((only, source)), None) => {
            let varieties =
                only.get("variety").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let methods: Vec<&str> = varieties.iter().filter_map(Value::as_str).collect();
            (Some(source), joined(&methods))
        }
        _ => (None, None),
    }
}

/// The parts of `Ext - actor disclosure`.
fn cut(text: &str) -> Option<((&'static str, &'static str, DetectionSource), &str)> {
    let (who, method) = text.trim().split_once('-')?;
    let source = SOURCES.iter().find(|(short, _, _)| who.trim().eq_ignore_ascii_case(short))?;
    Some((*source, method.trim()))
}

/// Methods in one line; an unknown one says nothing.
fn joined(methods: &[&str]) -> Option<Line> {
    let known: Vec<&str> =
        methods.iter().copied().filter(|method| !method.eq_ignore_ascii_case("unknown")).collect();
    Line::parse(&known.join(", ")).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn both_shapes_say_the_same() {
        let standard = Standard::load().unwrap();
        let text = json!("Ext - actor disclosure");
        let object = json!({ "external": { "variety": ["Actor disclosure"] } });
        let (source, method) = read(Some(&text));
        assert_eq!((source, method.unwrap().as_str()), (Some(DetectionSource::External), "actor disclosure"));
        let (source, method) = read(Some(&object));
        assert_eq!((source, method.unwrap().as_str()), (Some(DetectionSource::External), "Actor disclosure"));
        let known = listed(&standard, "Ext - actor disclosure").unwrap();
        assert_eq!((known.field, known.value), ("external", Some("Actor disclosure")));
    }

    #[test]
    fn what_is_not_known_is_not_said() {
        let standard = Standard::load().unwrap();
        assert_eq!(listed(&standard, "Ext - a passing parrot"), None);
        assert_eq!(listed(&standard, "unknown"), Some(Listed { field: "unknown", value: None }));
        assert_eq!(read(Some(&json!("Int - unknown"))), (Some(DetectionSource::Internal), None));
        let two = json!({ "external": { "variety": ["Audit"] }, "internal": { "variety": ["Hids"] } });
        assert_eq!(read(Some(&two)), (None, None));
        assert_eq!(read(Some(&json!(7))), (None, None));
    }
}
