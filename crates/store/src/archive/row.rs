//! One row as one JSON object: members in the order of the columns, none for NULL, each type in one form.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value as Json;

use crate::column::ColumnType;
use crate::engine::Value;

/// Columns with their types.
#[derive(Debug, Clone)]
pub struct Columns {
    names: Vec<&'static str>,
    types: Vec<ColumnType>,
}

impl Columns {
    pub(crate) fn new(names: Vec<&'static str>, types: Vec<ColumnType>) -> Self {
        Self { names, types }
    }

    /// Their names, in order.
    #[must_use]
    pub fn names(&self) -> &[&'static str] {
        &self.names
    }

    /// The values of a row from the text of its object, which must be exactly what a row is written as.
    ///
    /// # Errors
    /// What was expected and found.
    pub fn read(&self, object: &[u8]) -> Result<Vec<Value>, String> {
        let Members(members) = serde_json::from_slice(object).map_err(|error| error.to_string())?;
        let mut members = members.into_iter().peekable();
        let mut values = Vec::with_capacity(self.names.len());
        for (name, kind) in self.names.iter().zip(&self.types) {
            let value = match members.next_if(|(member, _)| member == name) {
                Some((_, json)) => kind.read_form(json).and_then(|value| value.check().map(|()| value)),
                None => Ok(Value::Null),
            };
            values.push(value.map_err(|detail| format!("{name}: {detail}"))?);
        }
        if let Some((member, _)) = members.next() {
            let expected = self.names.join(", ");
            return Err(format!(
                "expected members {expected}, in this order and each once; found {member:?}"
            ));
        }
        let mut again = Vec::with_capacity(object.len());
        self.write(&values, &mut again)?;
        if again != object {
            return Err("the same row is written in another way than this format says".to_owned());
        }
        Ok(values)
    }

    /// Appends the object of a row.
    ///
    /// # Errors
    /// Every value is NULL, or one is not of its column's type.
    pub fn write(&self, values: &[Value], out: &mut Vec<u8>) -> Result<(), String> {
        let mut sign = b'{';
        for ((name, kind), value) in self.names.iter().zip(&self.types).zip(values) {
            if *value == Value::Null {
                continue;
            }
            out.push(sign);
            sign = b',';
            write_json(name, out)?;
            out.push(b':');
            match (kind, value) {
                // Nearly all bytes of a register are text: not worth a copy.
                (ColumnType::Text, Value::Text(text)) => write_json(text, out)?,
                (kind, value) => {
                    let form =
                        kind.commit_form(value.clone()).map_err(|detail| format!("{name}: {detail}"))?;
                    write_json(&form, out)?;
                }
            }
        }
        if sign == b'{' {
            return Err("expected a value in at least one column".to_owned());
        }
        out.push(b'}');
        Ok(())
    }

    /// The value of a column among those of a row.
    pub(crate) fn value<'v>(&self, values: &'v [Value], column: &str) -> Option<&'v Value> {
        self.names.iter().position(|name| *name == column).and_then(|at| values.get(at))
    }
}

fn write_json<T: serde::Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> Result<(), String> {
    serde_json::to_writer(out, value).map_err(|error| error.to_string())
}

/// The members of an object in the order in which they stand, repeated ones too.
struct Members(Vec<(String, Json)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a row as a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}
