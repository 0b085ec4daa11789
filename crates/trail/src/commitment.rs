//! Commitments: what a leaf says about a value without telling it.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::canonical::{self, ValueError};
use crate::hash::Hash;

/// Sixteen random bytes of one value's own. Without them a commitment cannot be tied to a guessed value.
pub type Salt = [u8; 16];

/// Keeps commitments apart from every other use of SHA-256; its length is fixed.
const DOMAIN: &[u8; 16] = b"nevertwice/val/1";

/// The commitment to a field's value: SHA-256 over the domain, the salt, the length of the field name as eight
/// bytes big-endian, the field name, and the canonical JSON (RFC 8785) of the value.
///
/// # Errors
/// The value holds a number beyond ±(2⁵³ − 1) or nests too deep.
pub fn commit(field: &str, salt: &Salt, value: &Value) -> Result<Hash, ValueError> {
    let mut json = Vec::with_capacity(64);
    canonical::write_value(value, &mut json)?;
    Ok(commit_json(field, salt, &json))
}

/// The commitment to a value whose canonical JSON is at hand.
pub(crate) fn commit_json(field: &str, salt: &Salt, json: &[u8]) -> Hash {
    let length = u64::try_from(field.len()).unwrap_or(u64::MAX);
    let digest = Sha256::new()
        .chain_update(DOMAIN)
        .chain_update(salt)
        .chain_update(length.to_be_bytes())
        .chain_update(field)
        .chain_update(json)
        .finalize();
    Hash::from_bytes(digest.into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_commitment_is_the_documented_hash() {
        let mut bytes = b"nevertwice/val/1".to_vec();
        bytes.extend([7; 16]);
        bytes.extend([0, 0, 0, 0, 0, 0, 0, 5]);
        bytes.extend(br#"title"Door""#);
        let expected = Hash::from_bytes(Sha256::digest(&bytes).into());
        assert_eq!(commit("title", &[7; 16], &json!("Door")).unwrap(), expected);
        // The example of docs/reference/trail.md.
        assert_eq!(expected.to_string(), "7d47ea3d2df86458b550b298f1a69dd37947e5c937ac0328f1c801ed3f0acf04");
    }

    #[test]
    fn field_salt_and_value_each_change_the_commitment() {
        let base = commit("title", &[7; 16], &json!("Door")).unwrap();
        for (field, salt, value) in [
            ("titl", 7, json!("Door")),
            ("title", 8, json!("Door")),
            ("title", 7, json!("door")),
            ("title", 7, json!(null)),
        ] {
            assert_ne!(commit(field, &[salt; 16], &value).unwrap(), base);
        }
    }

    #[test]
    fn the_border_between_field_and_value_counts() {
        assert_ne!(commit("a", &[0; 16], &json!(12)).unwrap(), commit("a1", &[0; 16], &json!(2)).unwrap());
    }
}
