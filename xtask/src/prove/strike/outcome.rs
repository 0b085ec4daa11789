//! How a command ended.

use std::fs::{self, File};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::Value;

use crate::machine::shown;
use crate::readiness::until;

/// Longer than any command here may take.
const PATIENCE: Duration = Duration::from_secs(300);
/// What the shell and `kill` call 9.
const SIGKILL: i32 = 9;

/// How a command ended that was asked for JSON.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It succeeded, and said this.
    Done(Value),
    /// It failed with this exit code and these words.
    Refused(i32, String),
    /// It was killed.
    Killed,
}

impl Outcome {
    /// Whether it succeeded.
    pub(crate) fn is_done(&self) -> bool {
        matches!(self, Outcome::Done(_))
    }
}

/// Runs a command to its end, what it says going into files in `scratch`.
///
/// # Errors
/// It cannot be started, does not end, breaks down, or succeeds without saying anything.
pub(crate) fn outcome(command: &mut Command, scratch: &Path) -> anyhow::Result<Outcome> {
    let (out, err) = (scratch.join("out"), scratch.join("err"));
    let mut child = command
        .arg("--json")
        .stdin(Stdio::null())
        .stdout(File::create(&out)?)
        .stderr(File::create(&err)?)
        .spawn()
        .with_context(|| format!("cannot start {}", shown(command)))?;
    let ended = until("the end of a command", PATIENCE, || Ok(child.try_wait()?));
    if ended.is_err() {
        child.kill()?;
        child.wait()?;
    }
    let status = ended.with_context(|| format!("{} hangs", shown(command)))?;
    let words = fs::read_to_string(&err)?.trim().to_owned();
    match (status.code(), status.signal()) {
        (Some(0), _) => {
            let said = fs::read_to_string(&out)?;
            let said = serde_json::from_str(&said)
                .with_context(|| format!("{} succeeded and said {said:?}", shown(command)))?;
            Ok(Outcome::Done(said))
        }
        (Some(code), _) => Ok(Outcome::Refused(code, words)),
        (None, Some(SIGKILL)) => Ok(Outcome::Killed),
        (None, _) => bail!("{} broke down: {status}: {words}", shown(command)),
    }
}

/// Whether an error is clear: a documented exit code other than that for the program's own mistakes, and a sentence.
///
/// # Errors
/// It is not.
pub(crate) fn clear(code: i32, words: &str) -> anyhow::Result<()> {
    let last = words.lines().last().unwrap_or_default();
    let error: Value = serde_json::from_str(last).unwrap_or_default();
    expect_clear(code, words, error["error"]["message"].as_str().unwrap_or_default())
}

/// As [`clear`], of a server, which says what is wrong on a line of its own.
///
/// # Errors
/// It is not clear.
pub(crate) fn clear_of_server(code: i32, words: &str) -> anyhow::Result<()> {
    let message = words.lines().find_map(|line| line.strip_prefix("error: "));
    expect_clear(code, words, message.unwrap_or_default())
}

fn expect_clear(code: i32, words: &str, message: &str) -> anyhow::Result<()> {
    if !(2..=7).contains(&code) || message.is_empty() || words.contains("panicked") {
        bail!("no clear error: exit code {code}: {words}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{clear, clear_of_server};

    #[test]
    fn only_a_sentence_with_a_documented_code_is_clear() {
        let said = r#"{"error":{"code":"store.unavailable","message":"the disk is full"}}"#;
        assert!(clear(4, said).is_ok());
        assert!(clear(1, said).is_err() && clear(101, said).is_err());
        assert!(clear(4, "error: the disk is full").is_err());
        assert!(clear_of_server(4, "starting\nerror: the disk is full").is_ok());
        for (code, words) in [
            (1, "error: the disk is full"),
            (101, "error: the disk is full"),
            (4, "thread 'main' panicked at main.rs\nerror: the disk is full"),
            (4, "the server did not get ready:"),
            (4, "error: "),
        ] {
            assert!(clear_of_server(code, words).is_err(), "{code} {words}");
        }
    }
}
