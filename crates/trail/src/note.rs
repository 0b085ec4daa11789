//! C2SP signed notes with exactly one Ed25519 signature.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::key::{Origin, SigningKey, VerifierKey};

/// What stands before the name in a signature line: an em dash and a space.
const SIGNATURE_PREFIX: &str = "\u{2014} ";
/// The longest note, in bytes; those of the trail have at most seven hundred.
const MAX_NOTE: usize = 2048;

/// A signed note is malformed or is not signed by the given key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// Too long or not UTF-8.
    #[error("expected at most {MAX_NOTE} bytes of UTF-8, found other bytes")]
    Bytes,
    /// Not a text, a blank line and one signature line.
    #[error(
        "expected the text, a blank line and exactly one signature line, each ended by a line feed, without other control characters"
    )]
    Form,
    /// The signature line is not of the form that signed notes have.
    #[error(
        "expected a signature line of the form \"\u{2014} <origin> <base64 of 68 bytes>\", found other text"
    )]
    SignatureLine,
    /// The signature is by another key.
    #[error("expected a signature by {expected}, found one by another key or name")]
    OtherKey {
        /// The verifier key that was given.
        expected: String,
    },
    /// The signature does not fit the text.
    #[error(
        "the signature by {expected} does not fit the text: the text was changed or somebody else signed it"
    )]
    Signature {
        /// The verifier key that was given.
        expected: String,
    },
    /// The signed text is not a checkpoint.
    #[error("expected a checkpoint of three lines (origin, size, base64 root), found another text")]
    NotACheckpoint,
    /// The signed text is not the seal of a bundle.
    #[error("expected the seal of a bundle, of two lines, found another text")]
    NotASeal,
    /// The checkpoint is of another trail.
    #[error("expected a checkpoint of {expected}, found one of another trail")]
    OtherOrigin {
        /// The origin of the key.
        expected: Origin,
    },
}

/// The note of a text, which consists of full lines, none of them blank.
pub(crate) fn sign(text: &str, key: &SigningKey) -> String {
    let verifier = key.verifier_key();
    let mut signature = verifier.id().to_vec();
    signature.extend(key.sign(text.as_bytes()));
    format!("{text}\n{SIGNATURE_PREFIX}{} {}\n", verifier.origin(), STANDARD.encode(signature))
}

/// The text of a note that is signed by the key and by nobody else.
///
/// C2SP lets a verifier skip signatures of unknown keys; here every byte must be accounted for, so they are refused.
pub(crate) fn open<'a>(note: &'a [u8], key: &VerifierKey) -> Result<&'a str, NoteError> {
    if note.len() > MAX_NOTE {
        return Err(NoteError::Bytes);
    }
    let note = std::str::from_utf8(note).map_err(|_| NoteError::Bytes)?;
    let (before, signature_line) = note.split_once("\n\n").ok_or(NoteError::Form)?;
    let text = note.get(..=before.len()).ok_or(NoteError::Form)?;
    let line = signature_line.strip_suffix('\n').ok_or(NoteError::Form)?;
    let control = |c: char| c < ' ' && c != '\n';
    if line.contains('\n') || note.contains(control) {
        return Err(NoteError::Form);
    }
    check_signature(text, line, key)?;
    Ok(text)
}

fn check_signature(text: &str, line: &str, key: &VerifierKey) -> Result<(), NoteError> {
    let line = line.strip_prefix(SIGNATURE_PREFIX).ok_or(NoteError::SignatureLine)?;
    let (name, base64) = line.split_once(' ').ok_or(NoteError::SignatureLine)?;
    let bytes = STANDARD.decode(base64).map_err(|_| NoteError::SignatureLine)?;
    let (id, signature) = bytes.split_first_chunk().ok_or(NoteError::SignatureLine)?;
    let signature = signature.try_into().map_err(|_| NoteError::SignatureLine)?;
    if name != key.origin().as_str() || *id != key.id() {
        return Err(NoteError::OtherKey { expected: key.to_string() });
    }
    if key.verifies(text.as_bytes(), signature) {
        Ok(())
    } else {
        Err(NoteError::Signature { expected: key.to_string() })
    }
}

#[cfg(test)]
mod tests;
