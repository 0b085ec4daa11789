//! A running server: holds the data folder and answers commands of this machine.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use nevertwice_service::job::Worker;
use nevertwice_service::local::Listener;
use nevertwice_service::{Kind, Service};
use nevertwice_web::Origin;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::args::WebArgs;
use crate::failure::Failure;
use crate::output::say;
use crate::session::Session;
use crate::web::{Running, Web};

/// How often leftovers are looked for.
const SWEEP_EVERY: Duration = Duration::from_secs(60 * 60);

/// Serves until SIGINT or SIGTERM.
pub(super) fn serve(session: &Session, args: &WebArgs) -> Result<(), Failure> {
    let service = session.service_here()?;
    let web = Web::bind(service, &session.config, args)?;
    hold(service, web, |origin| invite_the_first(service, origin))
}

/// Answers commands of this machine, and browsers if there is a web server, until SIGINT or SIGTERM; `welcome` says
/// what whoever reads the console has to know of the address.
pub(super) fn hold(
    service: &Service,
    web: Option<Web>,
    welcome: impl FnOnce(&Origin) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let listener = Arc::new(Listener::bind(service.root())?);
    let mut signals = Signals::new([SIGINT, SIGTERM])?;
    let stopper = Arc::clone(&listener);
    let handle = signals.handle();
    let (stop, stopped) = mpsc::channel::<()>();
    let sweeper = {
        let service = service.clone();
        std::thread::Builder::new().name("sweeper".to_owned()).spawn(move || sweep(&service, &stopped))?
    };
    let worker = {
        let worker = Worker::new(service.clone());
        std::thread::Builder::new().name("worker".to_owned()).spawn(move || worker.run())?
    };
    let watcher = std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        if signals.forever().next().is_some() {
            stopper.stop();
        }
    })?;
    say(format_args!("Serving {}; stop with Ctrl-C.", service.root().display()));
    let running = match web {
        Some(web) => {
            let origin = web.origin.clone();
            let running = web.start()?;
            welcome(&origin)?;
            Some(running)
        }
        None => None,
    };
    listener.serve(service);
    running.map(Running::stop).transpose()?;
    handle.close();
    drop(stop);
    service.stop_work();
    worker.join().map_err(|_| Failure::new(Kind::Internal, "serve.worker", "the worker broke down"))?;
    sweeper.join().map_err(|_| Failure::new(Kind::Internal, "serve.sweeper", "the sweeper broke down"))?;
    watcher
        .join()
        .map_err(|_| Failure::new(Kind::Internal, "serve.watcher", "the signal watcher broke down"))?;
    say("Stopped.");
    Ok(())
}

/// Says where the register is, and while nobody can run it from the browser, how the first administrator gets in.
fn invite_the_first(service: &Service, origin: &Origin) -> Result<(), Failure> {
    say(format_args!("Open {origin}"));
    if let Some(code) = service.setup_code()? {
        say(format_args!(
            "{} has no password yet: open {origin}/setup and type\n  {}\nwithin an hour; every start makes a new code.",
            code.person,
            code.secret.as_str()
        ));
    }
    Ok(())
}

/// Looks for leftovers at once and every hour until `stopped` is closed.
fn sweep(service: &Service, stopped: &mpsc::Receiver<()>) {
    loop {
        if let Err(error) = service.sweep() {
            say(format_args!("Leftover files could not be removed: {}", error.message));
        }
        if stopped.recv_timeout(SWEEP_EVERY) != Err(mpsc::RecvTimeoutError::Timeout) {
            return;
        }
    }
}
