//! A crash between the commits of the two halves.

use std::cell::Cell;

use crate::error::IndexError;

thread_local! {
    static ARMED: Cell<bool> = const { Cell::new(false) };
}

/// Fails once, where the program could be killed.
pub(crate) fn between_the_commits() -> Result<(), IndexError> {
    if ARMED.replace(false) {
        return Err(IndexError::File { path: "crash".into(), error: std::io::Error::other("killed") });
    }
    Ok(())
}

/// The next commit of both halves on this thread fails between them.
pub(super) fn arm() {
    ARMED.set(true);
}
