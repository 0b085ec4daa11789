//! Runs test programs, shows what they say as they say it, and counts.

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};

use crate::machine::shown;

/// How many tests passed and failed so far.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Tally {
    /// Runs nextest, which talks on standard error and sums up in a line such as
    /// `Summary [ 0.3s] 22 tests run: 20 passed, 2 failed, 0 skipped`.
    ///
    /// # Errors
    /// When a test fails, or when there was no summary.
    pub(crate) fn nextest(&mut self, command: &mut Command) -> anyhow::Result<()> {
        let mut child =
            command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn().context("cannot start nextest")?;
        let heard = child.stderr.take().map(|talk| self.listen(talk, nextest_summary)).unwrap_or_default();
        let status = child.wait()?;
        if !status.success() || heard == 0 {
            bail!("{} failed: {status}", shown(command));
        }
        Ok(())
    }

    /// Runs the browser tests with node's runner, whose `spec` sums up in lines such as `ℹ pass 12` and `ℹ fail 1`. What
    /// was skipped or put off counts as failed: a test that did not run has shown nothing.
    ///
    /// # Errors
    /// When a test fails or was left out, or when there was no summary.
    pub(crate) fn browser(&mut self, command: &mut Command) -> anyhow::Result<()> {
        let mut child =
            command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("cannot start node")?;
        let before = (self.passed, self.failed);
        if let Some(talk) = child.stdout.take() {
            self.listen(talk, browser_summary);
        }
        let status = child.wait()?;
        let (passed, failed) = (self.passed - before.0, self.failed - before.1);
        if !status.success() || passed == 0 || failed > 0 {
            bail!("{} failed: {status}, {passed} passed, {failed} failed or left out", shown(command));
        }
        Ok(())
    }

    /// Prints every line and adds up the summaries; gives how many there were.
    fn listen(&mut self, talk: impl Read, summary: fn(&str) -> Option<Tally>) -> usize {
        let mut heard = 0;
        for line in BufReader::new(talk).lines().map_while(Result::ok) {
            println!("{line}");
            if let Some(tally) = summary(&line) {
                self.passed += tally.passed;
                self.failed += tally.failed;
                heard += 1;
            }
        }
        heard
    }
}

fn nextest_summary(line: &str) -> Option<Tally> {
    let (_, counts) = line.trim_start().strip_prefix("Summary [")?.split_once("run: ")?;
    let count = |what: &[&str]| counts.split(", ").filter_map(|part| number(part, what)).sum();
    Some(Tally { passed: count(&["passed"]), failed: count(&["failed", "exec", "timed"]) })
}

fn browser_summary(line: &str) -> Option<Tally> {
    let (word, number) = line.strip_prefix("ℹ ")?.split_once(' ')?;
    let count = number.parse().ok()?;
    match word {
        "pass" => Some(Tally { passed: count, failed: 0 }),
        "fail" | "cancelled" | "skipped" | "todo" => Some(Tally { passed: 0, failed: count }),
        _ => None,
    }
}

/// The number of `12 passed (1 slow)` if the word behind it is one of `what`.
fn number(part: &str, what: &[&str]) -> Option<u64> {
    let (number, rest) = part.split_once(' ')?;
    let word = rest.split_whitespace().next()?;
    what.contains(&word).then(|| number.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_of_nextest_are_read() {
        for (line, passed, failed) in [
            ("     Summary [   0.337s] 22 tests run: 22 passed, 0 skipped", 22, 0),
            (
                "     Summary [   1.002s] 5 tests run: 2 passed (1 slow), 2 failed, 1 timed out, 0 skipped",
                2,
                3,
            ),
            ("     Summary [   1.002s] 5/9 tests run: 3 passed, 1 failed, 1 exec failed, 4 skipped", 3, 2),
        ] {
            assert_eq!(nextest_summary(line), Some(Tally { passed, failed }), "{line}");
        }
        assert_eq!(nextest_summary("        PASS [   0.006s] a_test"), None);
    }

    #[test]
    fn summaries_of_the_browser_tests_are_read_and_what_was_left_out_counts_as_failed() {
        for (line, passed, failed) in [
            ("ℹ pass 12", 12, 0),
            ("ℹ fail 3", 0, 3),
            ("ℹ cancelled 1", 0, 1),
            ("ℹ skipped 2", 0, 2),
            ("ℹ todo 4", 0, 4),
        ] {
            assert_eq!(browser_summary(line), Some(Tally { passed, failed }), "{line}");
        }
        for line in ["ℹ tests 12", "ℹ duration_ms 5042.7", "✔ a page says ℹ pass 12 (3.1ms)", "  ℹ pass 12"]
        {
            assert_eq!(browser_summary(line), None, "{line}");
        }
    }

    #[test]
    fn node_that_says_nothing_or_leaves_a_test_out_has_failed() {
        let shell = |script: &str| {
            let mut command = Command::new("sh");
            command.args(["-c", script]);
            command
        };
        for (script, is_good) in [
            ("echo 'ℹ pass 2'; echo 'ℹ fail 0'", true),
            ("true", false),
            ("echo 'ℹ pass 2'; echo 'ℹ fail 0'; exit 1", false),
            ("echo 'ℹ pass 2'; echo 'ℹ skipped 1'", false),
        ] {
            let mut tally = Tally::default();
            assert_eq!(tally.browser(&mut shell(script)).is_ok(), is_good, "{script}");
        }
    }
}
