//! The append-only, Merkle-hashed audit log: entries, checkpoints, bundles and the offline verifier. No database code.
