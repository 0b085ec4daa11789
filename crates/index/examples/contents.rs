//! Prints everything that the files of an index hold, a line each: `contents INDEX-FOLDER open|restricted`.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "it is run for what it prints")]

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [folder, half] = words.as_slice() else {
        eprintln!("expected the index folder, and open or restricted");
        return ExitCode::FAILURE;
    };
    match nevertwice_index::contents(Path::new(folder), half == "restricted", &mut |text| println!("{text}"))
    {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
