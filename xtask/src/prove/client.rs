//! Asking a running server without the program in between, as fast as it answers: one line of JSON through its socket.

use std::io::{BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

/// Longer than any server may take over an answer.
const PATIENCE: Duration = Duration::from_secs(300);

/// Somebody who asks one server.
#[derive(Clone)]
pub(crate) struct Client {
    socket: PathBuf,
    /// Whose token goes with every question; without one it is the person of the operating system's user.
    token: Option<String>,
    /// How long to wait for an answer.
    patience: Duration,
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
        Client { socket: data.join("run.sock"), token: None, patience: PATIENCE }
    }

    /// The same server, asked with a person's token.
    pub(crate) fn with_token(&self, token: Option<&str>) -> Client {
        Client { token: token.map(str::to_owned), ..self.clone() }
    }

    /// The same server, asked by somebody who waits no longer than that for an answer.
    pub(crate) fn waiting(&self, patience: Duration) -> Client {
        Client { patience, ..self.clone() }
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

    /// Asks for every row of a list, as `list_cases` gives them by pages.
    ///
    /// # Errors
    /// When a page is refused, or the list has another number of rows than it says.
    pub(crate) fn every(&self, list: &str) -> anyhow::Result<Vec<Value>> {
        let mut all = Vec::new();
        let mut after = Value::Null;
        loop {
            let input = json!({"query": "", "limit": 1000, "after": after, "sort": null});
            let mut page = self.get(list, &input)?;
            all.append(page["items"].as_array_mut().context("a list without items")?);
            after = page["next"].take();
            if after.is_null() {
                let total = page["total"].as_u64().context("a list without a total")?;
                if total != all.len() as u64 {
                    bail!("{list} says that there are {total}, and lists {}", all.len());
                }
                return Ok(all);
            }
        }
    }

    /// Asks for the cases that have a word.
    pub(crate) fn list(&self, word: &str) -> Answer {
        self.ask("list_cases", &json!({"query": word, "limit": 10, "after": null, "sort": null}))
    }

    /// Every byte of an answer, progress included.
    ///
    /// # Errors
    /// When the server is away or goes away.
    pub(crate) fn bytes(&self, name: &str, input: &Value) -> std::io::Result<Vec<u8>> {
        let mut stream = self.send(UnixStream::connect(&self.socket)?, name, input)?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer)
    }

    fn exchange(&self, name: &str, input: &Value) -> std::io::Result<Answer> {
        let stream = match UnixStream::connect(&self.socket) {
            Ok(stream) => self.send(stream, name, input)?,
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused) => {
                return Ok(Answer::Refused("no server".to_owned(), error.to_string()));
            }
            Err(error) => return Err(error),
        };
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

    fn send(&self, mut stream: UnixStream, name: &str, input: &Value) -> std::io::Result<UnixStream> {
        stream.set_read_timeout(Some(self.patience))?;
        let request = json!({"name": name, "input": input, "token": self.token, "database": null});
        stream.write_all(format!("{request}\n").as_bytes())?;
        Ok(stream)
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
