//! The socket of a running server: a command on the same machine asks the server to run the use case that it would
//! have run itself. Who asks is what the operating system says of the peer, or the token that comes along.
//!
//! One request per connection, as a line of JSON; answers are lines of JSON: any number of progress frames, then the
//! outcome or the error.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::caller::Identity;
use crate::error::{Kind, ServiceError};
use crate::folder::{Folder, cannot};
use crate::service::Service;
use crate::use_case::{Asked, Progress, UseCase, run_named};

/// Largest request: a use case's input, not a file.
const REQUEST_LIMIT: u64 = 16 << 20;
/// How long a peer may take over its request.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Serialize, Deserialize)]
struct Request {
    name: String,
    input: serde_json::Value,
    token: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Frame {
    Progress(Progress),
    Outcome(serde_json::Value),
    Error(ServiceError),
}

/// A server's end of the socket. The socket file goes when it is dropped.
pub struct Listener {
    listener: UnixListener,
    path: PathBuf,
    stop: AtomicBool,
}

impl Listener {
    /// Listens in a data folder, for its owner only.
    ///
    /// # Errors
    /// The socket cannot be made.
    pub fn bind(root: &Path) -> Result<Self, ServiceError> {
        let path = Folder::socket(root);
        // The folder is ours alone, so a socket that is there was left by a server that died.
        if path.exists() {
            std::fs::remove_file(&path).map_err(|error| cannot("remove the old socket", &path, &error))?;
        }
        let listener = UnixListener::bind(&path).map_err(|error| cannot("listen on", &path, &error))?;
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600))
            .map_err(|error| cannot("protect", &path, &error))?;
        Ok(Self { listener, path, stop: AtomicBool::new(false) })
    }

    /// Answers until [`Self::stop`] is called; requests run side by side and are finished before this returns.
    pub fn serve(&self, service: &Service) {
        std::thread::scope(|scope| {
            for stream in self.listener.incoming() {
                if self.stop.load(Ordering::SeqCst) {
                    return;
                }
                match stream {
                    Ok(stream) => drop(scope.spawn(move || answer(&stream, service))),
                    Err(error) => tracing::warn!(%error, "a command could not connect"),
                }
            }
        });
    }

    /// Takes no more requests.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the listener; that nobody is there any more is what is wanted.
        let _ = UnixStream::connect(&self.path);
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

fn answer(stream: &UnixStream, service: &Service) {
    if let Err(error) = stream.set_read_timeout(Some(PATIENCE)) {
        tracing::warn!(%error, "a command's socket cannot be limited in time");
        return;
    }
    let frame = match request(stream) {
        Ok((request, identity)) => {
            let out = Mutex::new(stream);
            let progress = |progress: Progress| {
                if let Ok(mut out) = out.lock() {
                    // Whoever stopped listening finds out by the outcome.
                    let _ = send(&mut *out, &Frame::Progress(progress));
                }
            };
            let asked = Asked { service, identity: &identity, progress: &progress };
            match run_named(&request.name, request.input, &asked) {
                Ok(outcome) => Frame::Outcome(outcome),
                Err(error) => Frame::Error(error),
            }
        }
        Err(error) => Frame::Error(error),
    };
    if let Err(error) = send(&mut &*stream, &frame) {
        tracing::info!(%error, "a command went away before its answer");
    }
}

fn request(stream: &UnixStream) -> Result<(Request, Identity), ServiceError> {
    let broken = |error: &dyn std::fmt::Display| {
        ServiceError::new(Kind::Unavailable, "socket.broken", format!("the request cannot be read: {error}"))
    };
    let peer = rustix::net::sockopt::socket_peercred(stream).map_err(|error| broken(&error))?;
    let mut line = String::new();
    BufReader::new(stream.take(REQUEST_LIMIT)).read_line(&mut line).map_err(|error| broken(&error))?;
    let mut request: Request = serde_json::from_str(&line).map_err(|error| broken(&error))?;
    let identity = match request.token.take() {
        Some(token) => Identity::Token(token),
        None => Identity::OsUser(crate::os_user::name_of(peer.uid.as_raw())),
    };
    Ok((request, identity))
}

fn send(out: &mut impl Write, frame: &Frame) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(frame)?;
    line.push(b'\n');
    out.write_all(&line)?;
    out.flush()
}

/// Asks the server that holds a folder to run a use case.
///
/// # Errors
/// Nobody answers, or what the use case reports.
pub fn ask<U: UseCase>(
    root: &Path,
    token: Option<&str>,
    use_case: &U,
    progress: &dyn Fn(Progress),
) -> Result<U::Output, ServiceError> {
    let path = Folder::socket(root);
    let away = |error: &dyn std::fmt::Display| {
        let message = format!(
            "another process holds {} but does not answer on its socket ({error}); wait until it is done, or stop it",
            root.display()
        );
        ServiceError::new(Kind::Unavailable, "folder.held", message)
    };
    let stream = UnixStream::connect(&path).map_err(|error| away(&error))?;
    let input = serde_json::to_value(use_case).map_err(ServiceError::internal)?;
    let request = Request { name: U::NAME.to_owned(), input, token: token.map(str::to_owned) };
    let mut line = serde_json::to_vec(&request).map_err(ServiceError::internal)?;
    line.push(b'\n');
    (&stream).write_all(&line).map_err(|error| away(&error))?;
    for line in BufReader::new(&stream).lines() {
        let line = line.map_err(|error| away(&error))?;
        match serde_json::from_str(&line).map_err(|error| away(&error))? {
            Frame::Progress(seen) => progress(seen),
            Frame::Error(error) => return Err(error),
            Frame::Outcome(value) => return serde_json::from_value(value).map_err(ServiceError::internal),
        }
    }
    Err(ServiceError::new(
        Kind::Unknown,
        "socket.cut",
        "the server went away before it answered; look whether the change was made before repeating it",
    ))
}
