//! The nevertwice program.

fn main() {}
