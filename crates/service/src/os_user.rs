//! Names of operating-system users.

use nix::unistd::{Uid, User};

/// The name of a user id; the number itself if the system has no name for it.
#[must_use]
pub fn name_of(uid: u32) -> String {
    match User::from_uid(Uid::from_raw(uid)) {
        Ok(Some(user)) => user.name,
        Ok(None) | Err(_) => uid.to_string(),
    }
}

/// The name of the user that runs this process.
#[must_use]
pub fn current() -> String {
    name_of(rustix::process::geteuid().as_raw())
}
