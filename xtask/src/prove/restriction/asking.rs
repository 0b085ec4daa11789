//! A server whose every word is kept, and questions through its socket with the bytes of its answers.

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use serde_json::Value;

use crate::machine::run;
use crate::program::Register;
use crate::prove::client::Client;

/// How long the server may take to get ready.
const PATIENCE: Duration = Duration::from_secs(60);
/// What it says on standard error when commands can reach it.
const READY: &[u8] = b"Serving ";

/// A running server.
pub(super) struct Server {
    child: Child,
    client: Client,
    talk: Vec<JoinHandle<Vec<u8>>>,
}

impl Server {
    /// Starts a server and keeps everything that it says.
    pub(super) fn start(register: &Register<'_>) -> anyhow::Result<Server> {
        let mut child = register
            .command(&["serve"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("cannot start the server")?;
        let (out, _) = listen(child.stdout.take().context("the server has no standard output")?);
        let (err, ready) = listen(child.stderr.take().context("the server has no standard error")?);
        let server = Server { child, client: Client::of(&register.data()), talk: vec![out, err] };
        ready.recv_timeout(PATIENCE).context("the server did not get ready")?;
        Ok(server)
    }

    /// The bytes of an answer, progress included.
    pub(super) fn bytes(&self, token: Option<&str>, name: &str, input: &Value) -> anyhow::Result<Vec<u8>> {
        Ok(self.client.with_token(token).bytes(name, input)?)
    }

    /// The outcome of what has to succeed.
    pub(super) fn ok(&self, token: Option<&str>, name: &str, input: &Value) -> anyhow::Result<Value> {
        self.client.with_token(token).get(name, input)
    }

    /// Ends the server and gives everything that it said.
    pub(super) fn stop(mut self) -> anyhow::Result<Vec<u8>> {
        run(Command::new("kill").args(["-TERM", &self.child.id().to_string()]))?;
        let status = self.child.wait()?;
        if !status.success() {
            bail!("the server ended with {status}");
        }
        self.said()
    }

    /// Kills the server in the midst of whatever it does, and gives everything that it said.
    pub(super) fn kill(mut self) -> anyhow::Result<Vec<u8>> {
        self.child.kill().context("cannot kill the server")?;
        self.child.wait()?;
        self.said()
    }

    fn said(&mut self) -> anyhow::Result<Vec<u8>> {
        let mut said = Vec::new();
        for talk in std::mem::take(&mut self.talk) {
            said.extend(talk.join().map_err(|_| anyhow!("the server's talk was not heard"))?);
        }
        Ok(said)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // After stop and kill there is nothing left to kill, which is no error.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Keeps what a server says, and tells when it says that it is ready.
fn listen(talk: impl Read + Send + 'static) -> (JoinHandle<Vec<u8>>, Receiver<()>) {
    let (sender, ready) = channel();
    let listener = std::thread::spawn(move || {
        let mut heard = Vec::new();
        for line in BufReader::new(talk).split(b'\n').map_while(Result::ok) {
            if line.starts_with(READY) {
                // Nobody waits for it twice.
                sender.send(()).ok();
            }
            heard.extend(line);
            heard.push(b'\n');
        }
        heard
    });
    (listener, ready)
}
