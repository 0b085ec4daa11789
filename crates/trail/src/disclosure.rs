//! The values behind the commitments of one entry, kept beside its leaf and erasable one by one.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::canonical::{self, ValueError};
use crate::commitment::Salt;
use crate::entry::name::{self, NameError};
use crate::hash;

/// The largest blob of disclosures, in bytes: a verifier need not hold more of one entry in memory.
pub const MAX_DISCLOSURES_BYTES: usize = 8 << 20;

/// How many parts the disclosures of one entry may have: each `[`, `{` and `,` outside strings begins one.
///
/// Bytes alone are no bound for the memory: read as JSON, eight mebibytes of the smallest objects fill a hundred times
/// as much. No entry comes near it, since a leaf has room for 11,000 fields.
pub const MAX_DISCLOSED_PARTS: usize = 1 << 17;

/// What stands in the place of an erased value.
const ERASED: &str = "erased";

/// What is known of one committed value.
#[derive(Debug, Clone, PartialEq)]
pub enum Disclosure {
    /// The value and its salt, which together prove the commitment.
    Open {
        /// The salt that the commitment was made with.
        salt: Salt,
        /// The value; null says that the field was emptied.
        value: Value,
    },
    /// Value and salt are gone for good; the commitment alone remains.
    Erased,
}

/// All disclosures of one entry, by field. Stored as one blob of canonical JSON: an object whose members are
/// `"field":["<salt>",value]`, or `"field":"erased"`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Disclosures(BTreeMap<String, Disclosure>);

/// A blob is not the disclosures of an entry.
#[derive(Debug, thiserror::Error)]
pub enum DisclosureError {
    /// The blob is longer than [`MAX_DISCLOSURES_BYTES`].
    #[error("expected at most {MAX_DISCLOSURES_BYTES} bytes of disclosures, found {0}")]
    TooLong(usize),
    /// The blob has more than [`MAX_DISCLOSED_PARTS`] parts.
    #[error(
        "expected at most {MAX_DISCLOSED_PARTS} values and parts of values in the disclosures, found {0}"
    )]
    TooManyParts(usize),
    /// The blob is not JSON.
    #[error("the disclosures are not JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// The JSON is not an object.
    #[error("expected the disclosures to be a JSON object, found other JSON")]
    NotAnObject,
    /// A member's name is not a field name.
    #[error(transparent)]
    Field(#[from] NameError),
    /// A member is neither a salt with a value nor the marker of an erased value.
    #[error(
        "the disclosure of {0}: expected [\"<32 hexadecimal digits>\", value] or \"erased\", found other JSON"
    )]
    Member(String),
    /// A value has no canonical form.
    #[error("the disclosure of {field}: {source}")]
    Value {
        /// The field.
        field: String,
        /// What is wrong with the value.
        source: ValueError,
    },
    /// The blob is not in canonical form.
    #[error("the disclosures are not in canonical form (RFC 8785): the same content is written differently")]
    NotCanonical,
}

/// The entry has no such field.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the entry has no value for the field {0}")]
pub struct NoSuchField(pub String);

impl Disclosures {
    /// Reads a blob, accepting nothing but the bytes that [`Disclosures::encode`] would write.
    ///
    /// # Errors
    /// The blob is too long, not JSON, not of this shape, or not canonical.
    pub fn decode(blob: &[u8]) -> Result<Self, DisclosureError> {
        if blob.len() > MAX_DISCLOSURES_BYTES {
            return Err(DisclosureError::TooLong(blob.len()));
        }
        let parts = count_parts(blob);
        if parts > MAX_DISCLOSED_PARTS {
            return Err(DisclosureError::TooManyParts(parts));
        }
        let Value::Object(members) = serde_json::from_slice(blob)? else {
            return Err(DisclosureError::NotAnObject);
        };
        let mut fields = BTreeMap::new();
        for (field, member) in members {
            name::check_field(&field)?;
            let disclosure = parse_member(member).ok_or_else(|| DisclosureError::Member(field.clone()))?;
            fields.insert(field, disclosure);
        }
        let disclosures = Self(fields);
        // One spelling for one content; this also catches a field given twice, of which the parser keeps the last.
        if disclosures.encode()? == blob { Ok(disclosures) } else { Err(DisclosureError::NotCanonical) }
    }

    /// Writes the blob.
    ///
    /// # Errors
    /// A value has no canonical form; not possible for disclosures that came from [`Disclosures::decode`].
    pub fn encode(&self) -> Result<Vec<u8>, DisclosureError> {
        let mut writer = Writer::default();
        for (field, disclosure) in &self.0 {
            match disclosure {
                Disclosure::Open { salt, value } => {
                    writer
                        .open(field, salt, value)
                        .map_err(|source| DisclosureError::Value { field: field.clone(), source })?;
                }
                Disclosure::Erased => writer.erased(field),
            }
        }
        Ok(writer.finish())
    }

    /// The disclosure of a field, if the entry has one.
    pub fn get(&self, field: &str) -> Option<&Disclosure> {
        self.0.get(field)
    }

    /// All disclosures, by field name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Disclosure)> {
        self.0.iter().map(|(field, disclosure)| (field.as_str(), disclosure))
    }

    /// Forgets the value and the salt of a field, leaving the marker. Erasing twice changes nothing.
    ///
    /// # Errors
    /// The entry has no such field.
    pub fn erase(&mut self, field: &str) -> Result<(), NoSuchField> {
        let slot = self.0.get_mut(field).ok_or_else(|| NoSuchField(field.to_owned()))?;
        *slot = Disclosure::Erased;
        Ok(())
    }
}

/// Writes a blob member by member; the caller brings checked fields in ascending order.
#[derive(Default)]
pub(crate) struct Writer {
    out: Vec<u8>,
}

impl Writer {
    /// A writer with room for so many bytes.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        Self { out: Vec::with_capacity(bytes) }
    }

    /// Adds an open value and returns its canonical JSON, which the commitment is made over.
    pub(crate) fn open(&mut self, field: &str, salt: &Salt, value: &Value) -> Result<&[u8], ValueError> {
        self.key(field);
        self.out.extend_from_slice(b"[\"");
        hash::push_hex(salt, &mut self.out);
        self.out.extend_from_slice(b"\",");
        let start = self.out.len();
        canonical::write_value(value, &mut self.out)?;
        let end = self.out.len();
        self.out.push(b']');
        Ok(&self.out[start..end])
    }

    /// Adds the marker of an erased value.
    fn erased(&mut self, field: &str) {
        self.key(field);
        self.out.push(b'"');
        self.out.extend_from_slice(ERASED.as_bytes());
        self.out.push(b'"');
    }

    /// The finished blob.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        if self.out.is_empty() {
            self.out.push(b'{');
        }
        self.out.push(b'}');
        self.out
    }

    /// Field names need no escaping in JSON: see `name::check_field`.
    fn key(&mut self, field: &str) {
        self.out.push(if self.out.is_empty() { b'{' } else { b',' });
        self.out.push(b'"');
        self.out.extend_from_slice(field.as_bytes());
        self.out.extend_from_slice(b"\":");
    }
}

/// Counts what [`MAX_DISCLOSED_PARTS`] bounds, without reading the JSON.
pub(crate) fn count_parts(json: &[u8]) -> usize {
    let (mut parts, mut in_string, mut escaped) = (0, false, false);
    for byte in json {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_string = !in_string,
            (false, b'[' | b'{' | b',') => parts += 1,
            _ => {}
        }
    }
    parts
}

fn parse_member(member: Value) -> Option<Disclosure> {
    match member {
        Value::String(marker) if marker == ERASED => Some(Disclosure::Erased),
        Value::Array(pair) => {
            let [salt, value] = <[Value; 2]>::try_from(pair).ok()?;
            let salt = hash::parse_hex(salt.as_str()?.as_bytes()).ok()?;
            Some(Disclosure::Open { salt, value })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
