//! Somebody's pen: signs checkpoints and seals, by a second implementation of the format.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use nevertwice_trail::{Checkpoint, Frontier};
use sha2::{Digest as _, Sha256};

use crate::bundle::{Bundle, CHECKPOINT, SEAL_LINES};

/// A name and a secret key.
#[derive(Clone)]
pub(crate) struct Pen {
    pub(crate) origin: String,
    key: SigningKey,
}

impl Pen {
    /// The pen of a seed.
    pub(crate) fn new(origin: &str, seed: &[u8; 32]) -> Self {
        Self { origin: origin.to_owned(), key: SigningKey::from_bytes(seed) }
    }

    /// The pen of a signing key in its text form.
    pub(crate) fn read(secret: &str) -> Option<Self> {
        let (origin, rest) = secret.trim().strip_prefix("PRIVATE+KEY+")?.split_once('+')?;
        let bytes = STANDARD.decode(rest.split_once('+')?.1).ok()?;
        Some(Self::new(origin, bytes.get(1..)?.try_into().ok()?))
    }

    /// The same key under another name.
    pub(crate) fn named(&self, origin: &str) -> Self {
        Self { origin: origin.to_owned(), key: self.key.clone() }
    }

    /// The text form of the verifier key.
    pub(crate) fn verifier(&self) -> String {
        let mut key = vec![1];
        key.extend(self.key.verifying_key().as_bytes());
        let id: String = self.id().iter().map(|byte| format!("{byte:02x}")).collect();
        format!("{}+{id}+{}", self.origin, STANDARD.encode(key))
    }

    /// The four bytes of the key id and the 64 of the signature over a text.
    pub(crate) fn signature(&self, text: &[u8]) -> Vec<u8> {
        [&self.id()[..], &self.key.sign(text).to_bytes()].concat()
    }

    /// The signature line of a text.
    pub(crate) fn signature_line(&self, text: &[u8]) -> Vec<u8> {
        self.line_of(&self.signature(text))
    }

    /// The signature line with these bytes.
    pub(crate) fn line_of(&self, signature: &[u8]) -> Vec<u8> {
        format!("\u{2014} {} {}", self.origin, STANDARD.encode(signature)).into_bytes()
    }

    /// Writes a checkpoint over the leaves that the bundle has now.
    pub(crate) fn sign_checkpoint(&self, bundle: &mut Bundle) {
        let frontier = bundle.frontier(usize::MAX);
        self.sign_checkpoint_of(bundle, &frontier, frontier.size());
    }

    /// Writes a checkpoint that claims a root and a size.
    pub(crate) fn sign_checkpoint_of(&self, bundle: &mut Bundle, frontier: &Frontier, size: u64) {
        let text = format!("{}\n{size}\n{}\n", self.origin, STANDARD.encode(frontier.root().as_bytes()));
        let mut lines: Vec<Vec<u8>> = text.lines().map(|line| line.as_bytes().to_vec()).collect();
        lines.extend([Vec::new(), self.signature_line(text.as_bytes())]);
        bundle.lines.splice(CHECKPOINT, lines);
    }

    /// Writes a seal over what the bundle says now.
    pub(crate) fn sign_seal(&self, bundle: &mut Bundle) {
        bundle.lines.truncate(bundle.lines.len().saturating_sub(SEAL_LINES));
        let text = seal_text(&bundle.bytes());
        bundle.lines.extend(text.lines().map(|line| line.as_bytes().to_vec()));
        bundle.lines.extend([Vec::new(), self.signature_line(text.as_bytes())]);
    }

    fn id(&self) -> [u8; 4] {
        let digest: [u8; 32] = Sha256::new()
            .chain_update(&self.origin)
            .chain_update([b'\n', 1])
            .chain_update(self.key.verifying_key().as_bytes())
            .finalize()
            .into();
        [digest[0], digest[1], digest[2], digest[3]]
    }
}

/// The text that a seal signs, over these bytes.
pub(crate) fn seal_text(body: &[u8]) -> String {
    format!("nevertwice bundle seal v1\n{}\n", STANDARD.encode(Sha256::digest(body)))
}

/// The checkpoint over the first `size` leaves of a bundle, as one who kept it knows it.
pub(crate) fn known(bundle: &Bundle, origin: &str, size: usize) -> Option<Checkpoint> {
    let frontier = bundle.frontier(size);
    Some(Checkpoint { origin: origin.parse().ok()?, size: frontier.size(), root: frontier.root() })
}
