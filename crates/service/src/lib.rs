//! Use cases: authorise, load, transition, save, trail, commit. The only crate that opens units of work.
