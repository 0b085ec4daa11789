//! The register's signing key: made once, at `init`, and read for every checkpoint. Its public half is for whoever
//! verifies; it has to reach them by another way than the bundles do.

use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use nevertwice_trail::{Origin, SigningKey, VerifierKey};
use uuid::Uuid;

use crate::error::{Kind, ServiceError};
use crate::folder::{Folder, cannot, make_private, sync_folder};

/// The name of a store's trail: first line of its checkpoints, and the name of its key.
///
/// # Errors
/// None that can happen: an id is an origin.
pub(crate) fn origin_of(store: Uuid) -> Result<Origin, ServiceError> {
    format!("nevertwice/{store}").parse().map_err(ServiceError::internal)
}

/// Makes the key of a new register: the secret for its owner only, the public half in the data folder. Until
/// [`settle`], it counts as the key of a register that may not come about.
///
/// # Errors
/// There is a file in its place already, or it cannot be written.
pub(crate) fn make(folder: &Folder, store: Uuid, seed: &[u8; 32]) -> Result<(), ServiceError> {
    let key = SigningKey::from_seed(origin_of(store)?, seed);
    let (secret, public) = (folder.signing_key(), folder.verifier_key());
    let keys = folder.keys();
    make_private(&keys).map_err(|error| cannot("make the folder", &keys, &error))?;
    for path in [&secret, &public] {
        if path.exists() {
            return Err(already_there(path));
        }
    }
    write_new(&folder.founding(), &key.verifier_key().to_string())
        .and_then(|()| write_new(&secret, &key.to_secret_text()))
        .and_then(|()| write_new(&public, &key.verifier_key().to_string()))
        .inspect_err(|_| {
            // What cannot be removed now is removed by the next attempt.
            let _ = unmake(folder);
        })
}

/// Takes back the keys of a register that did not come about, also if its setting up was cut off. Does nothing in a
/// folder where none is being set up, and leaves a key alone that somebody put there since.
///
/// # Errors
/// They cannot be read or removed.
pub(crate) fn unmake(folder: &Folder) -> Result<(), ServiceError> {
    let Some(made) = text_in(&folder.founding())? else { return Ok(()) };
    let found = text_in(&folder.signing_key())?.and_then(|text| SigningKey::parse(text.trim()).ok());
    if found.is_some_and(|key| key.verifier_key().to_string() != made.trim()) {
        return forget(&folder.founding());
    }
    // The sign that they belong to nobody goes last.
    for path in [folder.signing_key(), folder.verifier_key(), folder.founding()] {
        forget(&path)?;
    }
    Ok(())
}

/// Says that the register has come about, and its keys are its own.
///
/// # Errors
/// The sign that they were not cannot be removed.
pub(crate) fn settle(folder: &Folder) -> Result<(), ServiceError> {
    if folder.founding().exists() { forget(&folder.founding()) } else { Ok(()) }
}

/// The signing key of the register.
///
/// # Errors
/// It is not there, cannot be read, or is the key of another register.
pub(crate) fn signing(folder: &Folder, store: Uuid) -> Result<SigningKey, ServiceError> {
    let path = folder.signing_key();
    let text = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let message = format!(
                "there is no signing key in {}; if it is kept elsewhere, name it with --signing-key, \
                 NEVERTWICE_SIGNING_KEY or signing_key in config.toml",
                path.display()
            );
            return Err(ServiceError::new(Kind::NotFound, "key.missing", message));
        }
        Err(error) => return Err(cannot("read the signing key", &path, &error)),
    };
    let key = SigningKey::parse(text.trim()).map_err(|error| {
        ServiceError::new(Kind::Invalid, "key.unreadable", format!("{}: {error}", path.display()))
    })?;
    let (expected, found) = (origin_of(store)?, key.verifier_key().origin().clone());
    if found == expected {
        return Ok(key);
    }
    let message = format!("{}: expected the key of {expected}, found the key of {found}", path.display());
    Err(ServiceError::new(Kind::Conflict, "key.other_register", message))
}

/// The public half that lies in the data folder, if it does.
///
/// # Errors
/// It cannot be read, or is no key.
pub(crate) fn verifier(folder: &Folder) -> Result<Option<VerifierKey>, ServiceError> {
    let path = folder.verifier_key();
    match fs::read_to_string(&path) {
        Ok(text) => parse_verifier(&text, &path.display()).map(Some),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(cannot("read the verifier key", &path, &error)),
    }
}

/// A verifier key given as a file or as its text.
///
/// # Errors
/// There is no such file and the text is no key, or the file holds none.
pub(crate) fn verifier_from(file_or_text: &str) -> Result<VerifierKey, ServiceError> {
    let path = Path::new(file_or_text);
    if !path.is_file() {
        return parse_verifier(file_or_text, &"the key is neither a file nor a key");
    }
    let text = fs::read_to_string(path).map_err(|error| cannot("read the key", path, &error))?;
    parse_verifier(&text, &path.display())
}

fn parse_verifier(text: &str, place: &dyn std::fmt::Display) -> Result<VerifierKey, ServiceError> {
    text.trim()
        .parse()
        .map_err(|error| ServiceError::invalid("key", "key.unreadable", format!("{place}: {error}")))
}

/// What a file says; nothing if it is not there.
fn text_in(path: &Path) -> Result<Option<String>, ServiceError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(cannot("read", path, &error)),
    }
}

/// Writes a file that must not be there yet, durably, for its owner only.
fn write_new(path: &Path, text: &str) -> Result<(), ServiceError> {
    let mut file = match fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => return Err(already_there(path)),
        Err(error) => return Err(cannot("write", path, &error)),
    };
    writeln!(file, "{text}").and_then(|()| file.sync_all()).map_err(|error| cannot("write", path, &error))?;
    path.parent().map_or(Ok(()), sync_folder)
}

fn already_there(path: &Path) -> ServiceError {
    let message = format!(
        "{} is there already, and a new register needs a key of its own; if it is the key of a register whose \
         database was lost, restore a backup",
        path.display()
    );
    ServiceError::new(Kind::Conflict, "key.already_there", message)
}

fn forget(path: &Path) -> Result<(), ServiceError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(cannot("remove", path, &error)),
        Ok(()) => path.parent().map_or(Ok(()), sync_folder),
    }
}
