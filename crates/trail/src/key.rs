//! Origins and Ed25519 keys in the text forms of C2SP signed notes.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _};
use sha2::{Digest, Sha256};

/// The signature type byte of Ed25519.
const ED25519: u8 = 1;
const SECRET_PREFIX: &str = "PRIVATE+KEY+";
/// The longest origin, in bytes.
const MAX_ORIGIN: usize = 200;

/// The name of a trail: the first line of its checkpoints and the name of its key, by convention a URL without a
/// scheme such as `example.com/incidents`. Without spaces, control characters and `+`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

/// A text is not an origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected an origin such as example.com/incidents, of 1 to {MAX_ORIGIN} bytes without spaces, control characters and +, found {0:?}"
)]
pub struct OriginError(String);

/// The secret key that signs checkpoints and bundles of one origin. Its `Debug` shows no secret, and its bytes are
/// wiped from memory when it is dropped.
#[derive(Clone)]
pub struct SigningKey {
    verifier: VerifierKey,
    secret: ed25519_dalek::SigningKey,
}

/// The public key that checkpoints and bundles of one origin are verified with. Obtain it outside the bundle.
#[derive(Clone, PartialEq, Eq)]
pub struct VerifierKey {
    origin: Origin,
    public: ed25519_dalek::VerifyingKey,
}

/// A text is not a key. It does not repeat the text, which may hold a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// Not of the form of a verifier key.
    #[error("expected a verifier key of the form <origin>+<8 hexadecimal digits>+<base64>, found other text")]
    VerifierForm,
    /// Not of the form of a signing key.
    #[error(
        "expected a signing key of the form PRIVATE+KEY+<origin>+<8 hexadecimal digits>+<base64>, found other text"
    )]
    SigningForm,
    /// The name in the key is not an origin.
    #[error(transparent)]
    Origin(#[from] OriginError),
    /// The key bytes are not standard base64 of the Ed25519 type byte and 32 bytes.
    #[error("expected the key as base64 of 33 bytes, of which the first is 1 for Ed25519, found other text")]
    Bytes,
    /// The public key is not a point that signatures can be trusted with.
    #[error("expected an Ed25519 public key, found bytes that are none or a weak one")]
    Point,
    /// The key id does not belong to the name and the bytes.
    #[error("expected the key id {expected}, found {found}: a character of the key is wrong or missing")]
    Id {
        /// The id that follows from name and bytes.
        expected: String,
        /// The id given.
        found: String,
    },
}

impl Origin {
    /// The origin as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let refused = |c: char| c.is_whitespace() || c.is_control() || c == '+';
        if text.is_empty() || text.len() > MAX_ORIGIN || text.contains(refused) {
            return Err(OriginError(text.chars().take(40).collect()));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl SigningKey {
    /// The key of an origin from 32 random bytes (the seed of RFC 8032).
    pub fn from_seed(origin: Origin, seed: &[u8; 32]) -> Self {
        let secret = ed25519_dalek::SigningKey::from_bytes(seed);
        let verifier = VerifierKey { origin, public: secret.verifying_key() };
        Self { verifier, secret }
    }

    /// Reads `PRIVATE+KEY+<origin>+<key id>+<base64>`.
    ///
    /// # Errors
    /// The text is not exactly of this form, or its parts do not belong together.
    pub fn parse(text: &str) -> Result<Self, KeyError> {
        let parts = text.strip_prefix(SECRET_PREFIX).ok_or(KeyError::SigningForm)?;
        let (origin, id, seed) = split_key(parts).ok_or(KeyError::SigningForm)?;
        let key = Self::from_seed(origin.parse()?, &decode_key(seed)?);
        key.verifier.expect_id(id)?;
        Ok(key)
    }

    /// The key as text that [`SigningKey::parse`] reads. It is the secret: keep it out of logs and backups.
    pub fn to_secret_text(&self) -> String {
        let VerifierKey { origin, .. } = &self.verifier;
        format!("{SECRET_PREFIX}{origin}+{}+{}", self.verifier.id_text(), encode_key(self.secret.as_bytes()))
    }

    /// The public half.
    pub fn verifier_key(&self) -> &VerifierKey {
        &self.verifier
    }

    /// The Ed25519 signature of a text.
    pub(crate) fn sign(&self, text: &[u8]) -> [u8; 64] {
        self.secret.sign(text).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({}, secret redacted)", self.verifier.origin)
    }
}

impl VerifierKey {
    /// The name of the trail that the key belongs to.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// The key id: the first four bytes of SHA-256 over the origin, a line feed, the type byte and the public key.
    pub(crate) fn id(&self) -> [u8; 4] {
        let digest: [u8; 32] = Sha256::new()
            .chain_update(self.origin.as_str())
            .chain_update([b'\n', ED25519])
            .chain_update(self.public.as_bytes())
            .finalize()
            .into();
        let [first, second, third, fourth, ..] = digest;
        [first, second, third, fourth]
    }

    /// Whether this is the key's signature of a text. Strict: no second signature of a text can be derived from one.
    pub(crate) fn verifies(&self, text: &[u8], signature: &[u8; 64]) -> bool {
        self.public.verify_strict(text, &Signature::from_bytes(signature)).is_ok()
    }

    fn id_text(&self) -> String {
        self.id().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn expect_id(&self, found: &str) -> Result<(), KeyError> {
        let expected = self.id_text();
        if expected == found {
            Ok(())
        } else {
            Err(KeyError::Id { expected, found: found.chars().take(16).collect() })
        }
    }
}

impl FromStr for VerifierKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let (origin, id, public) = split_key(text).ok_or(KeyError::VerifierForm)?;
        let origin = origin.parse()?;
        let public =
            ed25519_dalek::VerifyingKey::from_bytes(&decode_key(public)?).map_err(|_| KeyError::Point)?;
        if public.is_weak() {
            return Err(KeyError::Point);
        }
        let key = Self { origin, public };
        key.expect_id(id)?;
        Ok(key)
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{}+{}", self.origin, self.id_text(), encode_key(self.public.as_bytes()))
    }
}

impl fmt::Debug for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifierKey({self})")
    }
}

/// Origin, id and base64, of which only the last may contain a plus.
fn split_key(text: &str) -> Option<(&str, &str, &str)> {
    let (origin, rest) = text.split_once('+')?;
    let (id, key) = rest.split_once('+')?;
    Some((origin, id, key))
}

fn decode_key(text: &str) -> Result<[u8; 32], KeyError> {
    let bytes = STANDARD.decode(text).map_err(|_| KeyError::Bytes)?;
    let (&[kind], key) = bytes.split_first_chunk().ok_or(KeyError::Bytes)?;
    if kind != ED25519 {
        return Err(KeyError::Bytes);
    }
    key.try_into().map_err(|_| KeyError::Bytes)
}

fn encode_key(key: &[u8; 32]) -> String {
    let mut bytes = [ED25519; 33];
    bytes[1..].copy_from_slice(key);
    STANDARD.encode(bytes)
}

#[cfg(test)]
mod tests;
