//! Runs the probe `workbook` with whatever the fuzzer finds.
#![no_main]

use std::panic;

libfuzzer_sys::fuzz_target!(init: {
    // The reader takes a panic of the library below it for a damaged file, so that one is no finding; any other
    // unwinds up to the fuzzer, which ends there.
    panic::set_hook(Box::new(|what| {
        if !what.location().is_some_and(|at| at.file().contains("calamine")) {
            eprintln!("{what}");
        }
    }));
}, |bytes: &[u8]| nevertwice_probe::run("workbook", bytes));
