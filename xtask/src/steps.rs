//! Steps that are run one after the other, each with its name and duration, all of them even if one fails.

use std::time::{Duration, Instant};

use anyhow::bail;

/// What was run so far.
#[derive(Default)]
pub(crate) struct Steps {
    done: Vec<Done>,
}

struct Done {
    name: &'static str,
    took: Duration,
    failed: bool,
}

impl Steps {
    /// Runs one step. A failure is printed and remembered.
    pub(crate) fn run(&mut self, name: &'static str, step: impl FnOnce() -> anyhow::Result<()>) {
        println!("\n=== {name}");
        let start = Instant::now();
        let outcome = step();
        if let Err(error) = &outcome {
            println!("{name}: {error:#}");
        }
        self.done.push(Done { name, took: start.elapsed(), failed: outcome.is_err() });
    }

    /// Prints all steps with their durations.
    ///
    /// # Errors
    /// When a step failed.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        println!();
        for step in &self.done {
            let mark = if step.failed { "FAILED" } else { "ok" };
            println!("{mark:>6} {:>8.1} s  {}", step.took.as_secs_f64(), step.name);
        }
        let failed: Vec<_> = self.done.iter().filter(|step| step.failed).map(|step| step.name).collect();
        if !failed.is_empty() {
            bail!("failed: {}", failed.join(", "));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_failure_fails_the_whole_and_the_rest_is_run() {
        let mut steps = Steps::default();
        let mut ran = false;
        steps.run("first", || bail!("no"));
        steps.run("second", || {
            ran = true;
            Ok(())
        });
        assert!(ran);
        assert_eq!(steps.finish().expect_err("the first failed").to_string(), "failed: first");
    }

    #[test]
    fn no_failure_is_success() {
        let mut steps = Steps::default();
        steps.run("only", || Ok(()));
        assert!(steps.finish().is_ok());
    }
}
