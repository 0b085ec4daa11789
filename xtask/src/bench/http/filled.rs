//! A register with generated cases in it, made or found again.

use std::path::Path;

use crate::corpus;
use crate::program::{Program, Register};

/// A register of so many cases, with its index filled. In `keep` it is looked for and left behind; what was reported in
/// earlier runs makes it at most a tenth larger, or it is made anew.
///
/// # Errors
/// When the program fails.
pub(super) fn register<'p>(
    program: &'p Program,
    keep: Option<&Path>,
    cases: u64,
    database: Option<String>,
) -> anyhow::Result<Register<'p>> {
    let Some(keep) = keep else {
        let register = Register::init(program, database)?;
        corpus::fill(&register, cases, program.is_release())?;
        return Ok(register);
    };
    let folder = keep.join(format!("cases-{cases}"));
    let register = Register::kept(program, &folder);
    if register.data().exists() {
        let total = corpus::total(&register)?;
        if (cases..=cases + cases / 10).contains(&total) {
            println!("  the register in {} has {total} cases", folder.display());
            return Ok(register);
        }
        println!("  the register in {} has {total} cases and is made anew", folder.display());
        std::fs::remove_dir_all(&folder)?;
    }
    // One that is only half filled must not be found by the next run.
    let half = keep.join(format!("cases-{cases}-unfinished"));
    if half.exists() {
        std::fs::remove_dir_all(&half)?;
    }
    std::fs::create_dir_all(&half)?;
    let unfinished = Register::kept(program, &half);
    unfinished.json(&["init"])?;
    corpus::fill(&unfinished, cases, program.is_release())?;
    std::fs::rename(&half, &folder)?;
    Ok(register)
}
