//! The socket of a running server: a command on the same machine asks the server to run the use case that it would
//! have run itself. Who asks is what the operating system says of the peer, or the token that comes along.
//!
//! One request per connection, as a line of JSON; answers are lines of JSON: any number of progress frames, then the
//! outcome or the error. A connection without a request only asks whether a server is there.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use nevertwice_store::DatabaseUrl;
use serde::{Deserialize, Serialize};

use crate::caller::Identity;
use crate::error::{Kind, ServiceError};
use crate::folder::{Folder, Held, cannot};
use crate::service::Service;
use crate::use_case::{Asked, Progress, UseCase, run_named};

/// Largest request: a use case's input, not a file.
const REQUEST_LIMIT: u64 = 16 << 20;
/// How long a peer may take over its request.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often a command that waits for the folder looks for a server's socket.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How often it looks before it gives up: after twenty seconds.
const LOOKS: u32 = 400;

#[derive(Serialize, Deserialize)]
struct Request {
    name: String,
    input: serde_json::Value,
    token: Option<String>,
    /// The database that the command names, if it names one.
    #[serde(default)]
    database: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Frame {
    Progress(Progress),
    Outcome(serde_json::Value),
    Error(ServiceError),
}

/// Who holds a folder.
pub enum Holder {
    /// This process.
    Us(Folder),
    /// A server that answers.
    Server(Connection),
}

/// A connection to a running server: good for one request.
pub struct Connection {
    root: PathBuf,
    stream: UnixStream,
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
        Ok(None) => return,
        Ok(Some((request, identity))) => {
            let out = Mutex::new(stream);
            let progress = |progress: Progress| {
                if let Ok(mut out) = out.lock() {
                    // Whoever stopped listening finds out by the outcome.
                    let _ = send(&mut *out, &Frame::Progress(progress));
                }
            };
            let asked = Asked::new(service, &identity).watched(&progress);
            let run = || {
                refuse_other_database(request.database.as_deref(), service)?;
                run_named(&request.name, request.input, &asked)
            };
            match run() {
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

/// Reads the request; none if the peer only asked whether somebody is there.
fn request(stream: &UnixStream) -> Result<Option<(Request, Identity)>, ServiceError> {
    let broken = |error: &dyn std::fmt::Display| {
        ServiceError::new(Kind::Unavailable, "socket.broken", format!("the request cannot be read: {error}"))
    };
    let peer = rustix::net::sockopt::socket_peercred(stream).map_err(|error| broken(&error))?;
    let mut line = String::new();
    BufReader::new(stream.take(REQUEST_LIMIT)).read_line(&mut line).map_err(|error| broken(&error))?;
    if line.is_empty() {
        return Ok(None);
    }
    let mut request: Request = serde_json::from_str(&line).map_err(|error| broken(&error))?;
    let identity = match request.token.take() {
        Some(token) => Identity::Token(token),
        None => Identity::OsUser(crate::os_user::name_of(peer.uid.as_raw())),
    };
    Ok(Some((request, identity)))
}

/// A command that names a database means that one: it must not change another.
fn refuse_other_database(named: Option<&str>, service: &Service) -> Result<(), ServiceError> {
    let served = place_of(service.db().url());
    match named {
        Some(named) if named != served => {
            let message = format!(
                "the database named is {named}, but the server that holds {} serves {served}; name no database (flag, \
                 environment, config.toml), or another data folder with --data; nothing was done",
                service.root().display()
            );
            Err(ServiceError::new(Kind::Conflict, "database.other", message))
        }
        _ => Ok(()),
    }
}

/// Where a database is, in a form that two processes with different working folders can compare, without password.
fn place_of(url: &DatabaseUrl) -> String {
    if let Some(file) = url.file() {
        let absolute = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
        let resolved = absolute.canonicalize().unwrap_or(absolute);
        return format!("sqlite:{}", resolved.display());
    }
    let shown = url.to_string();
    let shown = shown.strip_prefix("postgresql:").map_or(shown.clone(), |rest| format!("postgres:{rest}"));
    shown.replacen(":***@", "@", 1).replace("?password=***", "?").replace("&password=***", "")
}

fn send(out: &mut impl Write, frame: &Frame) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(frame)?;
    line.push(b'\n');
    out.write_all(&line)?;
    out.flush()
}

/// Holds a folder, or finds the server that does. A folder that is held by something else (another command, a server
/// about to start or to stop) is waited for.
///
/// # Errors
/// It stays held by something that does not answer, or what [`Folder::hold`] reports.
pub fn reach(root: &Path) -> Result<Holder, ServiceError> {
    if let Held::Ours(folder) = Folder::hold(root)? {
        return Ok(Holder::Us(folder));
    }
    let queued = Folder::queue(root)?;
    for _ in 0..LOOKS {
        if let Some(connection) = Connection::to(root)? {
            return Ok(Holder::Server(connection));
        }
        if let Some(folder) = queued.wait(LOOK_EVERY)? {
            return Ok(Holder::Us(folder));
        }
    }
    Err(away(root, &"nobody listens"))
}

impl Connection {
    /// Connects to the server that holds a folder; none if nobody listens.
    fn to(root: &Path) -> Result<Option<Self>, ServiceError> {
        use std::io::ErrorKind::{ConnectionRefused, NotFound};
        match UnixStream::connect(Folder::socket(root)) {
            Ok(stream) => Ok(Some(Self { root: root.to_owned(), stream })),
            Err(error) if matches!(error.kind(), ConnectionRefused | NotFound) => Ok(None),
            Err(error) => Err(away(root, &error)),
        }
    }

    /// Asks the server to run a use case, on the database that the command names, if it names one.
    ///
    /// # Errors
    /// The server serves another database, goes away, or what the use case reports.
    pub fn ask<U: UseCase>(
        self,
        token: Option<&str>,
        database: Option<&DatabaseUrl>,
        use_case: &U,
        progress: &dyn Fn(Progress),
    ) -> Result<U::Output, ServiceError> {
        let away = |error: &dyn std::fmt::Display| away(&self.root, error);
        let request = Request {
            name: U::NAME.to_owned(),
            input: serde_json::to_value(use_case).map_err(ServiceError::internal)?,
            token: token.map(str::to_owned),
            database: database.map(place_of),
        };
        let mut line = serde_json::to_vec(&request).map_err(ServiceError::internal)?;
        line.push(b'\n');
        (&self.stream).write_all(&line).map_err(|error| away(&error))?;
        for line in BufReader::new(&self.stream).lines() {
            let line = line.map_err(|error| away(&error))?;
            match serde_json::from_str(&line).map_err(|error| away(&error))? {
                Frame::Progress(seen) => progress(seen),
                Frame::Error(error) => return Err(error),
                Frame::Outcome(value) => {
                    return serde_json::from_value(value).map_err(ServiceError::internal);
                }
            }
        }
        Err(ServiceError::new(
            Kind::Unknown,
            "socket.cut",
            "the server went away before it answered; look whether the change was made before repeating it",
        ))
    }
}

fn away(root: &Path, error: &dyn std::fmt::Display) -> ServiceError {
    let message = format!(
        "another process holds {} but does not answer on its socket ({error}); wait until it is done, or stop it",
        root.display()
    );
    ServiceError::new(Kind::Unavailable, "folder.held", message)
}
