//! A running server: holds the data folder and answers commands of this machine.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use nevertwice_service::job::Worker;
use nevertwice_service::local::Listener;
use nevertwice_service::mail::Mailing;
use nevertwice_service::{Kind, Service};
use nevertwice_web::Origin;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::args::ServeArgs;
use crate::failure::Failure;
use crate::mail::Smtp;
use crate::output::say;
use crate::session::Session;
use crate::web::{Running, Web};

/// How often leftovers are looked for.
const SWEEP_EVERY: Duration = Duration::from_secs(60 * 60);

/// Serves until SIGINT or SIGTERM.
pub(super) fn serve(session: &Session, args: &ServeArgs) -> Result<(), Failure> {
    let service = session.service_here()?;
    let web = Web::bind(service, &session.config, &args.web)?;
    send_mails(service, session, args, web.as_ref())?;
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

/// Has mails sent, if a server for them is named.
fn send_mails(
    service: &Service,
    session: &Session,
    args: &ServeArgs,
    web: Option<&Web>,
) -> Result<(), Failure> {
    let (of_file, args_of_mail) = (session.config.mail.as_ref(), &args.mail);
    let server = args_of_mail.mail_server.as_ref().or(of_file.map(|(server, _)| server));
    let from = args_of_mail.mail_from.as_ref().or(of_file.map(|(_, from)| from));
    let Some(server) = server else { return Ok(()) };
    let missing = |what: &str| Err(Failure::new(Kind::Invalid, "mail.incomplete", what));
    let Some(from) = from else {
        return missing("mails need somebody whom they are from: name an address with --mail-from");
    };
    let public = args.web.public_url.as_ref().or(session.config.public_url.as_ref());
    let Some(origin) = web.map(|web| &web.origin).or(public) else {
        return missing("mails hold links: name the address that people type with --public-url");
    };
    let post = Arc::new(Smtp::new(server, from)?);
    service.send_mails(Mailing { post, origin: origin.to_string() })?;
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
