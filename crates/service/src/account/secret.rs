//! Secrets on their way in and out: never shown by `Debug`, kept as hashes only.

use std::fmt;

use nevertwice_domain::asset::Sha256Text;
use serde::{Deserialize, Serialize};

use crate::caller::secret_hash;

/// The letters of base 32 (RFC 4648 §6): none is taken for another when it is read out.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// Letters of a code that stand together.
const GROUP: usize = 4;

/// A text that nobody but its owner may see.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a text.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The text itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The secret of a session: a marker that scanners can look for, then 64 hexadecimal digits.
    pub(super) fn of_session(bytes: &[u8; 32]) -> Self {
        Self(format!("nvs_{}", Sha256Text::from_digest(bytes)))
    }

    /// A code for people, of 160 bits: eight groups of four letters and digits, fit for a link and for reading out.
    pub(crate) fn of_link(bytes: &[u8; 32]) -> Self {
        Self(grouped(&base32(&bytes[..20])))
    }

    /// A recovery code, of 80 bits: four groups.
    pub(super) fn of_recovery(bytes: &[u8]) -> Self {
        Self(grouped(&base32(bytes)))
    }

    /// What is kept of a session's secret.
    pub(super) fn hash(&self) -> Sha256Text {
        secret_hash(&self.0)
    }

    /// Whether it has the form of a code for people, of [`Self::of_link`].
    pub(crate) fn is_code(&self) -> bool {
        let letters: Vec<u8> = self.0.bytes().filter(|byte| *byte != b'-').collect();
        letters.len() == 32 && letters.iter().all(|letter| BASE32.contains(letter))
    }

    /// What is kept of a code for people: how it is grouped, and in which case it is typed, does not matter.
    pub(crate) fn code_hash(&self) -> Sha256Text {
        code_hash(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// As [`Secret::code_hash`].
pub(super) fn code_hash(code: &str) -> Sha256Text {
    let letters: String =
        code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
    secret_hash(&letters)
}

/// Bytes in base 32, without padding.
pub(super) fn base32(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(5) * 8);
    for chunk in bytes.chunks(5) {
        let mut group = [0; 8];
        group[3..3 + chunk.len()].copy_from_slice(chunk);
        let bits = u64::from_be_bytes(group);
        let letters = (chunk.len() * 8).div_ceil(5);
        text.extend((0..letters).map(|at| char::from(BASE32[(bits >> (35 - 5 * at) & 31) as usize])));
    }
    text
}

fn grouped(letters: &str) -> String {
    let mut text = String::with_capacity(letters.len() + letters.len() / GROUP);
    for (at, letter) in letters.chars().enumerate() {
        if at > 0 && at % GROUP == 0 {
            text.push('-');
        }
        text.push(letter);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_32_is_that_of_the_rfc() {
        // RFC 4648 §10, without the padding.
        for (plain, coded) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn a_code_is_the_same_however_it_is_typed() {
        let code = Secret::of_link(&[7; 32]);
        assert!(code.is_code());
        assert!(!Secret::new("AAAA".to_owned()).is_code() && !Secret::new("0".repeat(32)).is_code());
        assert_eq!(code.as_str().len(), 39, "{}", code.as_str());
        let typed = Secret::new(format!(" {} ", code.as_str().to_lowercase().replace('-', " ")));
        assert_eq!(typed.code_hash(), code.code_hash());
        assert_ne!(Secret::of_link(&[8; 32]).code_hash(), code.code_hash());
    }

    #[test]
    fn no_secret_is_shown() {
        assert_eq!(format!("{:?}", Some(Secret::of_session(&[1; 32]))), "Some(Secret(…))");
    }
}
