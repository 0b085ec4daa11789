//! The register in the browser: where it listens, and under which address people reach it.

use std::net::SocketAddr;

use nevertwice_service::{Kind, Service};
use nevertwice_web::{App, Listening, Origin, Proxies};
use tokio::sync::oneshot;

use crate::args::{Listen, WebArgs};
use crate::config::Config;
use crate::failure::Failure;

/// A web server that listens and does not answer yet.
pub(crate) struct Web {
    listening: Listening,
    app: App,
    /// The address that people type.
    pub(crate) origin: Origin,
}

/// A web server that answers.
pub(crate) struct Running {
    stop: oneshot::Sender<()>,
    thread: std::thread::JoinHandle<std::io::Result<()>>,
}

impl Web {
    /// Takes the address; nothing if there is none to listen at.
    ///
    /// # Errors
    /// The address is taken, or people could not be sent to it safely.
    pub(crate) fn bind(service: &Service, config: &Config, args: &WebArgs) -> Result<Option<Self>, Failure> {
        let Listen::At(address) = args.listen.or(config.listen).unwrap_or_default() else { return Ok(None) };
        let listening = Listening::bind(address).map_err(|error| taken(address, &error))?;
        let origin = match args.public_url.clone().or_else(|| config.public_url.clone()) {
            Some(origin) => origin,
            None => own_address(listening.address())?,
        };
        let proxies = match args.trusted_proxies.is_empty() {
            true => config.trusted_proxies.clone(),
            false => args.trusted_proxies.clone(),
        };
        let app = App::new(service.clone(), origin.clone(), Proxies::new(proxies));
        Ok(Some(Self { listening, app, origin }))
    }

    /// Begins to answer.
    ///
    /// # Errors
    /// No thread can be had.
    pub(crate) fn start(self) -> Result<Running, Failure> {
        let (stop, stopped) = oneshot::channel();
        let Self { listening, app, .. } = self;
        let serve = move || {
            listening.serve(app, async move {
                // Whether it was told or whoever would tell it is gone: it stops.
                let _ = stopped.await;
            })
        };
        let thread = std::thread::Builder::new().name("web-server".to_owned()).spawn(serve)?;
        Ok(Running { stop, thread })
    }
}

impl Running {
    /// Lets what is under way end, and stops.
    ///
    /// # Errors
    /// It broke down.
    pub(crate) fn stop(self) -> Result<(), Failure> {
        // If it has ended already there is nobody to tell.
        let _ = self.stop.send(());
        let broke_down = |_| Failure::new(Kind::Internal, "serve.web", "the web server broke down");
        Ok(self.thread.join().map_err(broke_down)??)
    }
}

fn taken(address: SocketAddr, error: &std::io::Error) -> Failure {
    let message = format!(
        "cannot listen at {address}: {error}; choose another with --listen ADDRESS, or answer only commands of this \
         machine with --listen none"
    );
    Failure::new(Kind::Unavailable, "serve.listen", message)
}

/// The address itself, if people of this machine alone can reach it.
fn own_address(address: SocketAddr) -> Result<Origin, Failure> {
    format!("http://{address}").parse().map_err(|_| {
        let message = format!(
            "{address} can be reached from other machines, where passwords must not travel in the clear: put a proxy \
             with TLS before it and name its address with --public-url https://…"
        );
        Failure::new(Kind::Invalid, "serve.public_url", message)
    })
}
