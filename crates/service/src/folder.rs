//! The data folder: everything that the register owns on disk. One process at a time holds it.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use rustix::fs::{FlockOperation, flock, statfs};

use crate::error::{Kind, ServiceError};

/// File systems on which locks and write order cannot be relied on, by their magic numbers (`statfs(2)`).
const NETWORK_FILE_SYSTEMS: [(u64, &str); 6] = [
    (0x6969, "NFS"),
    (0x517B, "SMB"),
    (0xFF53_4D42, "CIFS"),
    (0xFE53_4D42, "SMB2"),
    (0x5346_414F, "AFS"),
    (0x00C3_6400, "Ceph"),
];

/// The data folder, held by this process until the last clone is dropped.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
    signing_key: Option<PathBuf>,
    lock: Arc<File>,
}

/// What came of trying to hold a folder.
#[derive(Debug)]
pub enum Held {
    /// It is ours.
    Ours(Folder),
    /// Another process holds it.
    Elsewhere,
}

/// A place in the queue of those who want to hold a folder. Whoever drops it leaves the queue.
#[derive(Debug)]
pub struct Queued {
    freed: mpsc::Receiver<Result<Folder, ServiceError>>,
}

impl Folder {
    /// Makes the folder if it is not there, for its owner only, and holds it.
    ///
    /// # Errors
    /// It cannot be made, lies on a network file system, or is not writable.
    pub fn hold(root: &Path) -> Result<Held, ServiceError> {
        let (lock, path) = open_lock(root)?;
        match flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => Ok(Held::Ours(Self::locked(root, lock))),
            Err(rustix::io::Errno::WOULDBLOCK) => Ok(Held::Elsewhere),
            Err(error) => Err(cannot("lock", &path, &error.into())),
        }
    }

    /// Queues up for a folder that another process holds: the operating system hands it over.
    ///
    /// # Errors
    /// As [`Self::hold`].
    pub fn queue(root: &Path) -> Result<Queued, ServiceError> {
        let (lock, path) = open_lock(root)?;
        let (hand_over, freed) = mpsc::channel();
        let folder = Self::locked(root, lock);
        let wait = move || {
            let outcome = flock(&*folder.lock, FlockOperation::LockExclusive);
            let outcome = outcome.map(|()| folder).map_err(|error| cannot("lock", &path, &error.into()));
            // Nobody takes it any more if the queue was left; then the lock goes with it.
            let _ = hand_over.send(outcome);
        };
        std::thread::Builder::new()
            .name("folder-queue".to_owned())
            .spawn(wait)
            .map_err(|error| cannot("wait for", root, &error))?;
        Ok(Queued { freed })
    }

    fn locked(root: &Path, lock: File) -> Self {
        Self { root: root.to_owned(), signing_key: None, lock: Arc::new(lock) }
    }

    /// Where it lies.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The database file, unless the database is elsewhere.
    #[must_use]
    pub fn database(root: &Path) -> PathBuf {
        root.join("nevertwice.db")
    }

    /// The index.
    #[must_use]
    pub fn index(&self) -> PathBuf {
        self.root.join("index")
    }

    /// Evidence files by their hash.
    #[must_use]
    pub fn evidence(&self) -> PathBuf {
        self.root.join("evidence")
    }

    /// Where the keys lie.
    #[must_use]
    pub fn keys(&self) -> PathBuf {
        self.root.join("keys")
    }

    /// The same folder, with the signing key kept elsewhere if `path` names a place.
    #[must_use]
    pub fn with_signing_key(self, path: Option<PathBuf>) -> Self {
        Self { signing_key: path, ..self }
    }

    /// The secret key that signs checkpoints.
    #[must_use]
    pub fn signing_key(&self) -> PathBuf {
        self.signing_key.clone().unwrap_or_else(|| self.keys().join("signing.key"))
    }

    /// The public key that checkpoints are verified with.
    #[must_use]
    pub fn verifier_key(&self) -> PathBuf {
        self.keys().join("verifier.key")
    }

    /// There while a register is being set up: its keys belong to nobody yet.
    pub(crate) fn founding(&self) -> PathBuf {
        self.root.join("founding")
    }

    /// The log of checkpoints and restores.
    #[must_use]
    pub fn checkpoints(&self) -> PathBuf {
        self.root.join("checkpoints.log")
    }

    /// Backups made without naming a place.
    #[must_use]
    pub fn backups(&self) -> PathBuf {
        self.root.join("backups")
    }

    /// Fates of import runs and the rows to mend.
    #[must_use]
    pub fn imports(&self) -> PathBuf {
        self.root.join("imports")
    }

    /// The socket that a running server listens on.
    #[must_use]
    pub fn socket(root: &Path) -> PathBuf {
        root.join("run.sock")
    }
}

impl Queued {
    /// Waits for the folder; none if it is not ours after that long.
    ///
    /// # Errors
    /// What the file system reports.
    pub fn wait(&self, at_most: Duration) -> Result<Option<Folder>, ServiceError> {
        match self.freed.recv_timeout(at_most) {
            Ok(outcome) => outcome.map(Some),
            Err(mpsc::RecvTimeoutError::Timeout) => Ok(None),
            Err(mpsc::RecvTimeoutError::Disconnected) => {
                Err(ServiceError::internal("the queue for the data folder broke down"))
            }
        }
    }
}

fn open_lock(root: &Path) -> Result<(File, PathBuf), ServiceError> {
    make_private(root).map_err(|error| cannot("make the folder", root, &error))?;
    refuse_network(root)?;
    let path = root.join("lock");
    let lock = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(&path)
        .map_err(|error| cannot("open", &path, &error))?;
    Ok((lock, path))
}

/// Makes a folder and its parents, so that they are there after a power cut; the folder itself is for its owner only.
///
/// # Errors
/// What the file system reports.
pub fn make_private(path: &Path) -> io::Result<()> {
    make_durable(path, fs::DirBuilder::new().mode(0o700))
}

fn make_durable(path: &Path, how: &fs::DirBuilder) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    make_durable(parent, &fs::DirBuilder::new())?;
    match how.create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
        other => other?,
    }
    // The new name is in the parent.
    File::open(parent).and_then(|parent| parent.sync_all())
}

/// Makes a file for its owner only, empty if it is there already, and opens it for writing.
///
/// # Errors
/// It cannot be made.
pub(crate) fn create_private(path: &Path) -> Result<File, ServiceError> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| cannot("write", path, &error))
}

/// Whether others than the owner may read a path.
///
/// # Errors
/// What the file system reports.
pub fn is_private(path: &Path) -> io::Result<bool> {
    Ok(fs::metadata(path)?.permissions().mode() & 0o077 == 0)
}

fn refuse_network(root: &Path) -> Result<(), ServiceError> {
    let kind =
        statfs(root).map_err(|error| cannot("look at the file system of", root, &error.into()))?.f_type;
    let magic = u64::try_from(kind).unwrap_or(0) & 0xFFFF_FFFF;
    match NETWORK_FILE_SYSTEMS.iter().find(|(number, _)| *number == magic) {
        None => Ok(()),
        Some((_, name)) => {
            let message = format!(
                "{} lies on {name}, a network file system, where locks and the order of writes cannot be relied on; \
                 choose a folder on a local disk",
                root.display()
            );
            Err(ServiceError::new(Kind::Unavailable, "folder.network", message))
        }
    }
}

/// Makes what was written into a folder durable.
pub(crate) fn sync_folder(folder: &Path) -> Result<(), ServiceError> {
    File::open(folder).and_then(|file| file.sync_all()).map_err(|error| cannot("sync", folder, &error))
}

/// An error of the file system, naming what was to be done and where.
pub(crate) fn cannot(what: &str, path: &Path, error: &io::Error) -> ServiceError {
    let kind = if error.kind() == io::ErrorKind::NotFound { Kind::NotFound } else { Kind::Unavailable };
    ServiceError::new(kind, "folder.io", format!("cannot {what} {}: {error}", path.display()))
}
