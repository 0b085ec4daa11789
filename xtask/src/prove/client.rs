//! Asking a running server without the program in between, as fast as it answers: one line of JSON through its socket.

use std::io::{BufRead as _, BufReader, ErrorKind, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::bail;
use serde_json::{Value, json};

/// Longer than any server may take over an answer.
const PATIENCE: Duration = Duration::from_secs(300);

/// Somebody who asks one server.
#[derive(Clone)]
pub(crate) struct Client {
    socket: PathBuf,
}

/// What the server said.
#[derive(Debug)]
pub(crate) enum Answer {
    /// It is done.
    Done(Value),
    /// It is not done: kind and code of the error, and its words.
    Refused(String, String),
    /// It may be done: the server says so, or went away.
    Unknown(String),
}

impl Client {
    /// A client of the server that holds the data folder `data`.
    pub(crate) fn of(data: &Path) -> Client {
        Client { socket: data.join("run.sock") }
    }

    /// Asks for a use case.
    pub(crate) fn ask(&self, name: &str, input: &Value) -> Answer {
        match self.exchange(name, input) {
            Ok(answer) => answer,
            Err(error) => Answer::Unknown(format!("cut: {error}")),
        }
    }

    /// Asks for what must be answered.
    ///
    /// # Errors
    /// When it is refused, or the server goes away.
    pub(crate) fn get(&self, name: &str, input: &Value) -> anyhow::Result<Value> {
        match self.ask(name, input) {
            Answer::Done(value) => Ok(value),
            Answer::Refused(code, message) => bail!("{name}: {code}: {message}"),
            Answer::Unknown(message) => bail!("{name}: {message}"),
        }
    }

    /// Every item of a use case that lists in pages.
    ///
    /// # Errors
    /// As [`Client::get`], or the answer is no page.
    pub(crate) fn every(&self, name: &str) -> anyhow::Result<Vec<Value>> {
        let mut input = json!({"query": "", "limit": 1000, "after": null, "sort": null});
        let mut all = Vec::new();
        loop {
            let mut page = self.get(name, &input)?;
            let Value::Array(items) = page["items"].take() else { bail!("{name} gives no items: {page}") };
            all.extend(items);
            match page["next"].take() {
                Value::Null => return Ok(all),
                next => input["after"] = next,
            }
        }
    }

    /// Asks for the cases that have a word.
    pub(crate) fn list(&self, word: &str) -> Answer {
        self.ask("list_cases", &json!({"query": word, "limit": 10, "after": null, "sort": null}))
    }

    fn exchange(&self, name: &str, input: &Value) -> std::io::Result<Answer> {
        let stream = match UnixStream::connect(&self.socket) {
            Ok(stream) => stream,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => {
                return Ok(Answer::Refused("no server".to_owned(), error.to_string()));
            }
            Err(error) => return Err(error),
        };
        stream.set_read_timeout(Some(PATIENCE))?;
        let request = json!({"name": name, "input": input, "token": null, "database": null});
        (&stream).write_all(format!("{request}\n").as_bytes())?;
        for line in BufReader::new(&stream).lines() {
            let frame: Value = serde_json::from_str(&line?)?;
            if let Some(outcome) = frame.get("outcome") {
                return Ok(Answer::Done(outcome.clone()));
            }
            if let Some(error) = frame.get("error") {
                return Ok(refusal(error));
            }
        }
        Ok(Answer::Unknown("cut: no answer".to_owned()))
    }
}

/// The reference of the case of that title in a list.
pub(crate) fn listed(list: &Value, title: &str) -> Option<String> {
    let row = list["items"].as_array()?.iter().find(|row| row["title"] == title)?;
    row["reference"].as_str().map(str::to_owned)
}

fn refusal(error: &Value) -> Answer {
    let word = |name: &str| error[name].as_str().unwrap_or_default().to_owned();
    match word("kind").as_str() {
        "unknown" => Answer::Unknown(format!("{}: {}", word("code"), word("message"))),
        kind => Answer::Refused(format!("{kind} ({})", word("code")), word("message")),
    }
}
