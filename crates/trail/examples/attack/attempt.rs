//! One attempt: a changed bundle, signed again by nobody, by a stranger or by the holder of the key.

use nevertwice_trail::{Checkpoint, VerifierKey};

use crate::bundle::Bundle;
use crate::kinds::{KeyHolder, Kind};
use crate::pen::{self, Pen};
use crate::random::Random;

/// What is attacked, and with what.
pub(crate) struct Case<'a> {
    /// The bundle.
    pub(crate) bundle: &'a Bundle,
    /// Its bytes.
    pub(crate) bytes: &'a [u8],
    /// Every bundle that the holder of the key signed: to arrive at one of them is no forgery.
    pub(crate) signed: &'a [Vec<u8>],
    /// Other bundles, of this register and of others, that their key holders signed.
    pub(crate) others: &'a [Bundle],
    /// The pen of the register.
    pub(crate) pen: &'a Pen,
    /// A pen of the same name with another key.
    pub(crate) stranger: &'a Pen,
    /// The key that the bundle is verified with.
    pub(crate) key: &'a VerifierKey,
}

/// Who signs what was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signer {
    /// Nobody: the signatures stay as they are.
    Nobody,
    /// A stranger signs checkpoint and seal with a key of their own.
    Stranger,
    /// The holder of the key signs both; what is known is only the key.
    KeyHolder,
    /// The holder of the key signs both; a checkpoint over all entries is known from before.
    KeyHolderKnown,
}

/// A file and what it is verified against.
pub(crate) struct Attempt {
    pub(crate) bytes: Vec<u8>,
    pub(crate) known: Option<Checkpoint>,
}

impl Signer {
    /// All, in the order of the table.
    pub(crate) const ALL: [Self; 4] = [Self::Nobody, Self::Stranger, Self::KeyHolder, Self::KeyHolderKnown];

    /// Whether a change that this one signed has to be refused.
    pub(crate) fn must_fail(self, kind: &Kind) -> bool {
        match self {
            Self::Nobody | Self::Stranger => true,
            Self::KeyHolder => kind.key_holder == KeyHolder::Never,
            Self::KeyHolderKnown => kind.key_holder != KeyHolder::Withholds,
        }
    }

    /// Makes one attempt; none if the bundle has nothing that the change could be made to.
    pub(crate) fn attempt(self, kind: &Kind, case: &Case<'_>, random: &mut Random) -> Option<Attempt> {
        let mut bundle = case.bundle.clone();
        (kind.change)(case, random, &mut bundle)?;
        let pen = match self {
            Self::Nobody => None,
            Self::Stranger => Some(case.stranger),
            Self::KeyHolder | Self::KeyHolderKnown => Some(case.pen),
        };
        if let Some(pen) = pen {
            if !kind.keeps_checkpoint {
                pen.sign_checkpoint(&mut bundle);
            }
            pen.sign_seal(&mut bundle);
        }
        let known = match self {
            Self::KeyHolderKnown => Some(pen::known(case.bundle, &case.pen.origin, usize::MAX)?),
            _ => None,
        };
        Some(Attempt { bytes: bundle.bytes(), known })
    }
}
