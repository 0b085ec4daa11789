//! The conformance suite: what the engine promises, on both engines.

mod smoke;
