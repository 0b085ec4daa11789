//! Runs the probe `row` with whatever the fuzzer finds.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| nevertwice_probe::run("row", bytes));
