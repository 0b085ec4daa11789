//! Runs the probe `entry` with whatever the fuzzer finds.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| nevertwice_probe::run("entry", bytes));
