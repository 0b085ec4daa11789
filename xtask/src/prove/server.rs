//! A running `nevertwice serve`, and everything that it says.

use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};

use crate::machine::run;
use crate::program::Register;
use crate::readiness::{self, pause, until};

/// What the server says on standard error when commands can reach it.
const READY: &str = "Serving ";

/// How long a server that refuses to start may take to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server that refused to start.
pub(crate) struct NotReady {
    /// Its exit code.
    pub(crate) code: i32,
    /// What it said.
    pub(crate) words: String,
}

/// A server that holds a register's data folder.
pub(crate) struct Serving {
    child: Child,
    /// Hears both its outputs until they end.
    talk: Option<JoinHandle<Vec<u8>>>,
}

impl Serving {
    /// Starts a server and waits until it is ready.
    ///
    /// # Errors
    /// When it does not get ready.
    pub(crate) fn start(register: &Register<'_>) -> anyhow::Result<Serving> {
        Serving::of(&mut register.command(&["serve"]))
    }

    /// Starts a server as a command says and waits until it is ready.
    ///
    /// # Errors
    /// When it does not get ready.
    pub(crate) fn of(command: &mut Command) -> anyhow::Result<Serving> {
        Serving::saying(command, READY).map(|(serving, _)| serving)
    }

    /// Starts a server as a command says and waits until it says so, with the line in which it does.
    ///
    /// # Errors
    /// When it does not get ready.
    pub(crate) fn saying(command: &mut Command, ready: &str) -> anyhow::Result<(Serving, String)> {
        let (serving, line) = Serving::wait(command, ready)?;
        Ok((serving, line?))
    }

    /// Starts a server that may refuse to start.
    ///
    /// # Errors
    /// When it cannot be started, or when it neither gets ready nor ends by itself.
    pub(crate) fn of_or_refused(command: &mut Command) -> anyhow::Result<Result<Serving, NotReady>> {
        let (mut serving, ready) = Serving::wait(command, READY)?;
        let Err(error) = ready else { return Ok(Ok(serving)) };
        let words = error.to_string();
        let ended =
            until("the end of a server that refuses to start", PATIENCE, || Ok(serving.child.try_wait()?));
        let status = ended.with_context(|| words.clone())?;
        let code = status.code().with_context(|| format!("the server broke down: {status}: {words}"))?;
        Ok(Err(NotReady { code, words }))
    }

    fn wait(command: &mut Command, ready: &str) -> anyhow::Result<(Serving, anyhow::Result<String>)> {
        let (heard, said) = std::io::pipe().context("no pipe for what the server says")?;
        let spawned = command.stdout(said.try_clone()?).stderr(said).spawn();
        // The command holds the pipe open as long as it is there itself.
        command.stdout(Stdio::null()).stderr(Stdio::null());
        let child = spawned.context("cannot start the server")?;
        let (talk, line) = readiness::listen(heard, ready, "error:");
        Ok((Serving { child, talk: Some(talk) }, line))
    }

    /// The number of its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Starts a server and kills it after that time, whether it is ready by then or not.
    ///
    /// # Errors
    /// When it cannot be started or killed.
    pub(crate) fn start_and_kill(register: &Register<'_>, after: Duration) -> anyhow::Result<()> {
        let mut command = register.command(&["serve"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        pause(after);
        child.kill().context("cannot kill the server")?;
        child.wait()?;
        Ok(())
    }

    /// Asks the server to end, waits for it, and gives everything that it said.
    ///
    /// # Errors
    /// When it ends with an error.
    pub(crate) fn stop(mut self) -> anyhow::Result<Vec<u8>> {
        self.signal("-TERM")?;
        let status = self.child.wait()?;
        if !status.success() {
            bail!("the server ended with {status}");
        }
        self.said()
    }

    /// Sends the server a signal.
    ///
    /// # Errors
    /// When it cannot be sent.
    pub(crate) fn signal(&self, signal: &str) -> anyhow::Result<()> {
        run(Command::new("kill").args([signal, &self.child.id().to_string()]))
    }

    /// Kills the server, as a power cut would, but for what the system has not written yet; gives everything that it said.
    ///
    /// # Errors
    /// When it cannot be killed.
    pub(crate) fn kill(mut self) -> anyhow::Result<Vec<u8>> {
        self.child.kill().context("cannot kill the server")?;
        self.child.wait()?;
        self.said()
    }

    /// What a server said that has ended.
    fn said(&mut self) -> anyhow::Result<Vec<u8>> {
        let talk = self.talk.take().context("the server's talk was given away")?;
        talk.join().map_err(|_| anyhow!("the server's talk was not heard"))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // After stop and kill there is nothing left to kill, which is no error.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
