//! Waiting for a server to say that it is ready.

use std::io::{BufRead as _, BufReader, Read};
use std::sync::mpsc::channel;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{anyhow, bail};

/// How long a server may be silent before it says that it is ready.
const PATIENCE: Duration = Duration::from_secs(60);

/// Listens to a server until a line contains `ready`. Its talk is read to the end on a thread of its own, so that
/// the server never waits for us.
///
/// # Errors
/// When the talk ends or pauses for too long before that, or when a line contains `failed`; with what was said.
pub(crate) fn wait(talk: impl Read + Send + 'static, ready: &str, failed: &str) -> anyhow::Result<()> {
    listen(talk, ready, failed).1.map(drop)
}

/// The same with the line that says so, and with the thread that gives every byte of the talk once that has ended.
pub(crate) fn listen(
    talk: impl Read + Send + 'static,
    ready: &str,
    failed: &str,
) -> (JoinHandle<Vec<u8>>, anyhow::Result<String>) {
    let (sender, lines) = channel();
    let listener = std::thread::spawn(move || {
        let mut all = Vec::new();
        for line in BufReader::new(talk).split(b'\n').map_while(Result::ok) {
            // Nobody listens once the server is ready; the lines are read all the same.
            sender.send(String::from_utf8_lossy(&line).into_owned()).ok();
            all.extend(line);
            all.push(b'\n');
        }
        all
    });
    let mut heard = Vec::new();
    while let Ok(line) = lines.recv_timeout(PATIENCE) {
        if line.contains(ready) {
            return (listener, Ok(line));
        }
        let given_up = line.contains(failed);
        heard.push(line);
        if given_up {
            break;
        }
    }
    (listener, Err(anyhow!("the server did not get ready:\n{}", heard.join("\n"))))
}

/// Asks again and again until there is an answer.
///
/// # Errors
/// What asking reports, and when there is no answer in time; `what` says what was waited for.
pub(crate) fn until<T>(
    what: &str,
    patience: Duration,
    mut ask: impl FnMut() -> anyhow::Result<Option<T>>,
) -> anyhow::Result<T> {
    let start = Instant::now();
    loop {
        if let Some(answer) = ask()? {
            return Ok(answer);
        }
        if start.elapsed() > patience {
            bail!("waited for {} s in vain: {what}", patience.as_secs());
        }
        pause(Duration::from_millis(20));
    }
}

/// Lets time go by: a proof on real processes waits in real time.
pub(crate) fn pause(time: Duration) {
    let (_sender, nothing) = channel::<()>();
    // Nothing is ever sent, so this ends by its time.
    nothing.recv_timeout(time).ok();
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{listen, until, wait};

    #[test]
    fn asking_ends_with_the_first_answer_or_in_vain() {
        let mut asked = 0;
        let answer = until("three questions", Duration::from_secs(60), || {
            asked += 1;
            Ok((asked == 3).then_some(asked))
        });
        assert_eq!(answer.expect("an answer"), 3);
        let vain = until("an answer", Duration::ZERO, || Ok(None::<()>)).expect_err("there is none");
        assert!(vain.to_string().ends_with("in vain: an answer"), "{vain}");
    }

    #[test]
    fn the_first_line_that_says_so_ends_the_waiting() {
        assert!(wait("starting\nready now\nFATAL: later\n".as_bytes(), "ready", "FATAL").is_ok());
    }

    #[test]
    fn a_server_that_gives_up_is_an_error_with_its_words() {
        let error =
            wait("starting\nFATAL: no lock\nready\n".as_bytes(), "ready", "FATAL").expect_err("it gave up");
        assert!(error.to_string().ends_with("starting\nFATAL: no lock"), "{error}");
    }

    #[test]
    fn whatever_is_said_before_and_after_is_heard() {
        let (talk, ready) = listen(&b"starting\nready\n\xff later"[..], "ready", "FATAL");
        assert_eq!(ready.expect("it says so"), "ready");
        assert_eq!(talk.join().expect("it listens to the end"), b"starting\nready\n\xff later\n");
    }

    #[test]
    fn a_server_that_ends_silently_is_an_error() {
        assert!(wait("".as_bytes(), "ready", "FATAL").is_err());
    }
}
