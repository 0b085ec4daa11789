//! A record as a JSON value without losing a member: of two members with one name in an object a parser keeps the last.

use std::fmt;

use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Deserializer, Map, Number, Value};

use super::{is_foreign, path};

/// Bytes of the paths of members that stand twice.
const MOST: usize = 2 * 1024 * 1024;

/// A value, and what would be lost of its text if it were all.
#[derive(Debug, PartialEq)]
pub(super) struct Json {
    /// The value; of members that stand twice it has the last.
    pub(super) value: Value,
    /// The others, each with its path.
    pub(super) displaced: Vec<(String, Value)>,
    /// How many more there are: paths may be long, and these would have come to too much.
    pub(super) more: usize,
}

/// Reads a text that is one JSON value. What is no part of a record loses nothing by standing twice.
///
/// # Errors
/// It is none, or deeper than the parser goes.
pub(super) fn read(text: &str) -> serde_json::Result<Json> {
    let mut walk = Walk { room: MOST, ..Walk::default() };
    let mut parser = Deserializer::from_str(text);
    let value = Below(&mut walk).deserialize(&mut parser)?;
    parser.end()?;
    Ok(Json { value, displaced: walk.displaced, more: walk.more })
}

/// Where in the value, and what was displaced so far.
#[derive(Default)]
struct Walk {
    at: Vec<Step>,
    displaced: Vec<(String, Value)>,
    more: usize,
    /// Bytes of paths that there is room for yet.
    room: usize,
}

enum Step {
    Field(String),
    Element(usize),
}

/// A value at the place that the walk has come to.
struct Below<'w>(&'w mut Walk);

impl Walk {
    fn displace(&mut self, name: &str, value: Value) {
        let root = match self.at.first() {
            Some(Step::Field(root)) => root,
            Some(Step::Element(_)) => "",
            None => name,
        };
        if is_foreign(root) {
            return;
        }
        let names = self.at.iter().map(|step| match step {
            Step::Field(name) => name.len(),
            Step::Element(_) => 0,
        });
        let Some(room) = self.room.checked_sub(names.sum::<usize>() + name.len()) else {
            self.more += 1;
            return;
        };
        self.room = room;
        let above = self.at.iter().fold(String::new(), |path, step| match step {
            Step::Field(name) => path::field(&path, name),
            Step::Element(at) => path::element(&path, *at),
        });
        self.displaced.push((path::field(&above, name), value));
    }
}

impl<'de> DeserializeSeed<'de> for Below<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Below<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number that is none"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        loop {
            self.0.at.push(Step::Element(list.len()));
            let element = elements.next_element_seed(Below(self.0))?;
            self.0.at.pop();
            match element {
                Some(element) => list.push(element),
                None => return Ok(Value::Array(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            self.0.at.push(Step::Field(name));
            let value = members.next_value_seed(Below(self.0))?;
            let Some(Step::Field(name)) = self.0.at.pop() else {
                return Err(A::Error::custom("a member without a name"));
            };
            match fields.entry(name) {
                Entry::Vacant(free) => drop(free.insert(value)),
                Entry::Occupied(mut taken) => {
                    let earlier = taken.insert(value);
                    self.0.displace(taken.key(), earlier);
                }
            }
        }
        Ok(Value::Object(fields))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_member_that_stands_twice_is_displaced_with_its_path() {
        for (text, expected) in [
            (r#"{"a":1,"b":2}"#, vec![]),
            (r#"{"a":1,"b":2,"a":1}"#, vec![("a", json!(1))]),
            (r#"{"a":{"b":[{},{"c d":1,"c d":2}]}}"#, vec![("a.b[1].c d", json!(1))]),
            (r#"{"a":{"x":1},"a":{"x":2,"x":3}}"#, vec![("a.x", json!(2)), ("a", json!({ "x": 1 }))]),
            (r#"{"a":1,"\u0061":2}"#, vec![("a", json!(1))]),
            (r#"{"":{"a.b":1,"a.b":2}}"#, vec![(r#"[""]["a.b"]"#, json!(1))]),
            (r#"{"_id":1,"_id":{"a":1,"a":2},"_import_reason":"x","_import_reason":"y"}"#, vec![]),
            (r#"{"plus":{"_id":1,"_id":2}}"#, vec![("plus._id", json!(1))]),
        ] {
            let read = read(text).unwrap();
            let displaced: Vec<_> =
                read.displaced.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
            assert_eq!(displaced, expected, "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        /// Any text is read as the parser reads it, or refused as it refuses it.
        #[test]
        fn any_text_is_read_as_by_the_parser_alone(text in "[\\[\\]{}\":,0-9eE.\\-+a-c\\\\untrl ]{0,40}") {
            let own = read(&text).map(|json| json.value).map_err(|error| error.to_string());
            let plain = serde_json::from_str::<Value>(&text).map_err(|error| error.to_string());
            prop_assert_eq!(own, plain);
        }
    }
}
