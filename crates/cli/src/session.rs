//! Running use cases: in this process if the data folder is free, through a running server if one holds it.

use std::cell::OnceCell;
use std::path::Path;
use std::sync::Arc;

use nevertwice_service::clock::{SystemClock, SystemEntropy};
use nevertwice_service::folder::Folder;
use nevertwice_service::local::{self, Connection, Holder};
use nevertwice_service::setup::{self, Edge};
use nevertwice_service::use_case::{Asked, Progress, UseCase};
use nevertwice_service::{Identity, Kind, Service, os_user};

use crate::args::Global;
use crate::config::Config;
use crate::failure::Failure;
use crate::output;

/// How this call reaches the register, and in whose name.
pub(crate) struct Session {
    pub(crate) config: Config,
    token: Option<String>,
    pub(crate) json: bool,
    here: OnceCell<Service>,
}

enum Reached<'s> {
    Here(&'s Service),
    Server(Connection),
}

/// The clock and randomness of this machine.
pub(crate) fn edge() -> Edge {
    Edge { clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy) }
}

impl Session {
    /// A session by the options of this call.
    ///
    /// # Errors
    /// The configuration or the token file cannot be read.
    pub(crate) fn new(global: &Global) -> Result<Self, Failure> {
        let config = Config::load(global)?;
        let token = global.token_file.as_deref().map(read_token).transpose()?;
        Ok(Self { config, token, json: global.json, here: OnceCell::new() })
    }

    /// Runs a use case.
    ///
    /// # Errors
    /// What it reports, or the register cannot be reached.
    pub(crate) fn call<U: UseCase>(&self, use_case: U) -> Result<U::Output, Failure> {
        self.call_watched(use_case, &|_| ())
    }

    /// Runs a use case that tells about its progress.
    ///
    /// # Errors
    /// As [`Self::call`].
    pub(crate) fn call_watched<U: UseCase>(
        &self,
        use_case: U,
        progress: &(dyn Fn(Progress) + Sync),
    ) -> Result<U::Output, Failure> {
        match self.reach()? {
            Reached::Here(service) => {
                let identity = self.identity();
                Ok(Asked::new(service, &identity).watched(progress).run(use_case)?)
            }
            Reached::Server(connection) => {
                let database = self.config.named_database();
                Ok(connection.ask(self.token.as_deref(), database, &use_case, progress)?)
            }
        }
    }

    /// The register opened in this process.
    ///
    /// # Errors
    /// Another process holds the folder, or it cannot be opened.
    pub(crate) fn service_here(&self) -> Result<&Service, Failure> {
        match self.reach()? {
            Reached::Here(service) => Ok(service),
            Reached::Server(_) => Err(held_elsewhere(&self.config.data)),
        }
    }

    /// Who acts.
    pub(crate) fn identity(&self) -> Identity {
        match &self.token {
            Some(token) => Identity::Token(token.clone()),
            None => Identity::OsUser(os_user::current()),
        }
    }

    fn reach(&self) -> Result<Reached<'_>, Failure> {
        if let Some(service) = self.here.get() {
            return Ok(Reached::Here(service));
        }
        let root = &self.config.data;
        if !root.is_dir() {
            let message = format!(
                "there is no register in {}; set one up with init, or look at a sample with demo",
                root.display()
            );
            return Err(Failure::new(Kind::NotFound, "init.missing", message));
        }
        match local::reach(root)? {
            Holder::Server(connection) => Ok(Reached::Server(connection)),
            Holder::Us(folder) => {
                let service = self.open(folder)?;
                Ok(Reached::Here(self.here.get_or_init(|| service)))
            }
        }
    }

    fn open(&self, folder: Folder) -> Result<Service, Failure> {
        let folder = folder.with_signing_key(self.config.signing_key.clone());
        let service = setup::open(folder, &self.config.database, &edge())?;
        if self.config.mail.is_some() {
            // A command puts mails down for the server that comes after it.
            service.expect_mails();
        }
        if service.info().is_sample {
            output::say("SAMPLE: this register holds invented data only.");
        }
        Ok(service)
    }
}

/// Holds a folder that nobody else may hold; waits for a command that is about to end.
///
/// # Errors
/// A server, or something that does not end, holds it.
pub(crate) fn hold(root: &Path) -> Result<Folder, Failure> {
    match local::reach(root)? {
        Holder::Us(folder) => Ok(folder),
        Holder::Server(_) => Err(held_elsewhere(root)),
    }
}

fn held_elsewhere(root: &Path) -> Failure {
    let message = format!("another process (a running server?) holds {}; stop it first", root.display());
    Failure::new(Kind::Unavailable, "folder.held", message)
}

fn read_token(path: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Failure::new(
            Kind::Invalid,
            "token.file",
            format!("cannot read the token file {}: {error}", path.display()),
        )
    })?;
    Ok(text.trim().to_owned())
}
