//! An import that is killed and run again ends where the uninterrupted one ended.

use std::path::Path;
use std::time::Instant;

use super::facts::{Finding, total};
use super::{content, import};
use crate::interrupt::kill_after;
use crate::program::Register;

/// Imports `file` without interruption, then `kills` times with a kill, evenly spread over the time that the
/// uninterrupted import took.
///
/// # Errors
/// When the program fails other than by being killed.
pub(crate) fn check<'p>(
    fresh: impl Fn(&str) -> anyhow::Result<Register<'p>>,
    file: &Path,
    kills: u32,
) -> anyhow::Result<Vec<Finding>> {
    let whole = fresh("whole")?;
    let start = Instant::now();
    import(&whole, file)?;
    let took = start.elapsed();
    println!("the uninterrupted import took {:.2} s", took.as_secs_f64());
    let expected = content::of(&whole)?;
    let mut findings = Vec::new();
    for kill in 1..=kills {
        let register = fresh(&format!("kill{kill}"))?;
        let after = took * kill / (kills + 1);
        let words = ["import", "spreadsheet", &file.to_string_lossy(), "--json"];
        let killed = kill_after(&mut register.command(&words), after)?;
        let there = total(&register, &["case", "list"])?;
        import(&register, file)?;
        let state = if killed { "killed" } else { "ended" };
        let equal = if content::of(&register)? == expected { "equal" } else { "different" };
        findings.push(Finding::new(
            format!("{state} after {} ms at {there} cases", after.as_millis()),
            "equal",
            equal,
        ));
    }
    Ok(findings)
}
