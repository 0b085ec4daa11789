//! A running server: holds the data folder and answers commands of this machine.

use std::sync::Arc;

use nevertwice_service::Kind;
use nevertwice_service::local::Listener;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::failure::Failure;
use crate::output::say;
use crate::session::Session;

/// Serves until SIGINT or SIGTERM.
pub(super) fn serve(session: &Session) -> Result<(), Failure> {
    let service = session.service_here()?;
    let listener = Arc::new(Listener::bind(service.root())?);
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    let stopper = Arc::clone(&listener);
    let handle = signals.handle();
    let watcher = std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        if signals.forever().next().is_some() {
            stopper.stop();
        }
    })?;
    say(format_args!("Serving {}; stop with Ctrl-C.", service.root().display()));
    listener.serve(service);
    handle.close();
    watcher
        .join()
        .map_err(|_| Failure::new(Kind::Internal, "serve.watcher", "the signal watcher broke down"))?;
    say("Stopped.");
    Ok(())
}
