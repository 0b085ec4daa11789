//! A SHA-256 digest and its one text form.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A SHA-256 digest: of a leaf, a node, a root or a commitment.
///
/// Its text form is 64 lower-case hexadecimal digits; no other spelling is read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; 32]);

/// A text is not 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} lower-case hexadecimal digits, found {found} bytes of other text")]
pub struct HashError {
    expected: usize,
    found: usize,
}

impl Hash {
    /// The digest with these 32 bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes of the digest.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl FromStr for Hash {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        parse_hex(text.as_bytes()).map(Self)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for byte in self.0 {
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hash({self})")
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut text = [0; 64];
        write_hex(&self.0, &mut text);
        // Hexadecimal digits are ASCII, so the fallback is never taken.
        serializer.serialize_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

/// Reads exactly `2 * N` lower-case hexadecimal digits.
pub(crate) fn parse_hex<const N: usize>(text: &[u8]) -> Result<[u8; N], HashError> {
    let error = HashError { expected: 2 * N, found: text.len() };
    if text.len() != 2 * N {
        return Err(error);
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(text.chunks_exact(2)) {
        let &[high, low] = pair else { return Err(error) };
        *byte = digit(high).ok_or(error)? << 4 | digit(low).ok_or(error)?;
    }
    Ok(bytes)
}

/// Appends the bytes as lower-case hexadecimal digits.
pub(crate) fn push_hex(bytes: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + 2 * bytes.len(), 0);
    write_hex(bytes, &mut out[start..]);
}

/// Fills `out`, twice as long as `bytes`, with lower-case hexadecimal digits.
fn write_hex(bytes: &[u8], out: &mut [u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for (pair, byte) in out.chunks_exact_mut(2).zip(bytes) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 15)];
    }
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_reads_back_what_it_writes() {
        let hash = Hash::from_bytes(std::array::from_fn(|i| u8::try_from(i * 8).unwrap()));
        let text = hash.to_string();
        assert!(text.starts_with("0008101820"), "{text}");
        assert_eq!(text.parse(), Ok(hash));
        assert_eq!(serde_json::to_string(&hash).unwrap(), format!("\"{text}\""));
        assert_eq!(serde_json::from_str::<Hash>(&format!("\"{text}\"")).unwrap(), hash);
    }

    #[test]
    fn other_spellings_of_a_hash_are_refused() {
        let good = "ab".repeat(32);
        for bad in ["", "ab", &good.to_uppercase(), &format!("{good}0"), &good.replace('a', "g"), &good[..63]]
        {
            let error = bad.parse::<Hash>().unwrap_err();
            assert!(error.to_string().contains("expected 64"), "{bad}: {error}");
        }
    }
}
