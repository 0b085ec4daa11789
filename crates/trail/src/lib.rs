//! The append-only, Merkle-hashed audit log: entries, checkpoints, bundles and the offline verifier. No database code.
//!
//! The format is described byte by byte in `docs/reference/trail.md`, precisely enough to write another verifier.
//! The way of an entry: [`seal`] turns an [`EntryDraft`] into leaf bytes and a blob of [`Disclosures`]; the leaf's
//! hash goes into the [`Frontier`], whose root a [`Checkpoint`] signs; [`write_bundle`] packs a part of the register
//! for somebody else, who runs [`verify_bundle`] with a [`VerifierKey`] obtained from outside. [`ObjectState`]
//! compares live rows with what their entries committed to.
//!
//! Nothing here reads a clock or makes randomness: times, salts and key seeds are arguments. No input makes it panic.

mod at;
mod bundle;
mod canonical;
mod checkpoint;
mod commitment;
mod disclosure;
mod entry;
mod fold;
mod hash;
mod key;
mod merkle;
mod note;
mod seal;

pub use at::{At, AtError};
pub use bundle::{
    BundleError, BundleFault, BundleLeaf, BundleReport, BundleWriteError, BundleWriter, ErasedValue, Header,
    HeaderError, MAX_SCOPE_BYTES, verify_bundle, write_bundle,
};
pub use canonical::{MAX_DEPTH, MAX_INTEGER, ValueError};
pub use checkpoint::{Checkpoint, SignedCheckpoint};
pub use commitment::{Salt, commit};
pub use disclosure::{
    Disclosure, DisclosureError, Disclosures, MAX_DISCLOSED_PARTS, MAX_DISCLOSURES_BYTES, NoSuchField,
};
pub use entry::name::NameError;
pub use entry::{Entry, EntryError, FieldCommitment, MAX_LEAF_BYTES, Object, Outcome, Standing};
pub use fold::{FoldError, Mismatch, ObjectState};
pub use hash::{Hash, HashError};
pub use key::{KeyError, Origin, OriginError, SigningKey, VerifierKey};
pub use merkle::{
    ConsistencyProof, Frontier, FrontierError, InclusionProof, ProofError, leaf_hash, node_hash,
};
pub use note::NoteError;
pub use seal::{Change, EntryDraft, SealError, Sealed, seal};
