//! Commands for the register as a whole.

use nevertwice_domain::text::Line;
use nevertwice_service::doctor::{Doctor, Health};
use nevertwice_service::search::{MeasureVolume, RebuildIndex, Search, ShowLoop};
use nevertwice_service::settings::ShowSettings;
use nevertwice_service::setup::{self, Founding};
use nevertwice_service::{Kind, os_user};
use serde::Serialize;
use utoipa::ToSchema;

use crate::args::{ConfigCommand, IndexCommand, InitArgs, MeasureCommand};
use crate::failure::Failure;
use crate::output::print;
use crate::session::{self, Session};
use crate::text;

/// What `init` made.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Founded {
    /// The data folder.
    data: String,
    /// The database, without secrets.
    database: String,
    /// The register's id.
    store: String,
    /// Who runs it.
    person: String,
    /// The operating system's user who acts as that person.
    os_user: String,
}

/// That the configuration can be used.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Checked {
    /// True; a configuration that cannot be used is an error.
    ok: bool,
    /// The register's id.
    store: String,
}

/// Sets up a register.
pub(super) fn init(session: &Session, args: InitArgs) -> Result<(), Failure> {
    let config = &session.config;
    let folder = session::hold(&config.data)?.with_signing_key(config.signing_key.clone());
    let user = os_user::current();
    let line = |text: &str| {
        Line::parse(text)
            .map_err(|error| Failure::new(Kind::Invalid, "init.user", format!("user name: {error}")))
    };
    let founding = Founding {
        company: args.company,
        time_zone: args.time_zone,
        currency: args.currency,
        person: args.person.map_or_else(|| line(&user), Ok)?,
        os_user: line(&user)?,
        severity_words: None,
        categories: Vec::new(),
        sample: false,
    };
    let service = setup::found(folder, &config.database, &founding, &session::edge())?;
    let founded = Founded {
        data: config.data.display().to_string(),
        database: config.database.to_string(),
        store: service.info().id.to_string(),
        person: founding.person.to_string(),
        os_user: user,
    };
    print(session.json, &founded, |founded, out| {
        writeln!(out, "A register for {} is set up in {}.", founding.company, founded.data)?;
        writeln!(
            out,
            "You ({}) run it; add colleagues with: nevertwice person new NAME --role responder",
            founded.person
        )?;
        writeln!(out, "Report the first case with: nevertwice case new TITLE")
    })
}

/// Searches.
pub(super) fn search(
    session: &Session,
    words: &[String],
    limit: usize,
    offset: usize,
) -> Result<(), Failure> {
    let found = session.call(Search { query: words.join(" "), limit, offset })?;
    print(session.json, &found, text::search)
}

/// Measures.
pub(super) fn measure(session: &Session, command: MeasureCommand) -> Result<(), Failure> {
    match command {
        MeasureCommand::Volume { by, date, query, register } => {
            let volume = session.call(MeasureVolume { by: by.clone(), date, query, register })?;
            print(session.json, &volume, |volume, out| text::volume(volume, &by, out))
        }
        MeasureCommand::Loop { by, query } => {
            let found = session.call(ShowLoop { query, by: Some(by) })?;
            print(session.json, &found, text::learning)
        }
    }
}

/// Looks at the register's health; anything that is not well is a failure.
pub(super) fn doctor(session: &Session) -> Result<(), Failure> {
    let health = session.call(Doctor {})?;
    print(session.json, &health, text::health)?;
    let ailing = health.checks.iter().filter(|check| check.state == Health::Failing).count();
    if ailing == 0 {
        return Ok(());
    }
    Err(Failure::new(Kind::Internal, "doctor.findings", format!("{ailing} check(s) failed")))
}

/// Makes the index anew.
pub(super) fn index(session: &Session, command: &IndexCommand) -> Result<(), Failure> {
    let IndexCommand::Rebuild = command;
    let rebuilt = session.call(RebuildIndex {})?;
    print(session.json, &rebuilt, |rebuilt, out| writeln!(out, "{} documents indexed.", rebuilt.documents))
}

/// Shows or checks the settings.
pub(super) fn config(session: &Session, command: &ConfigCommand) -> Result<(), Failure> {
    if matches!(command, ConfigCommand::Check) {
        // Opening the register is the check: folder, database, schema.
        let store = session.call(ShowSettings {})?.store;
        return print(session.json, &Checked { ok: true, store }, |checked, out| {
            writeln!(out, "The settings can be used; the register is {}.", checked.store)
        });
    }
    print(session.json, &session.config.settings(), |settings, out| {
        for setting in settings {
            writeln!(out, "{:<10} {}  ({})", setting.name, setting.value, setting.origin)?;
        }
        Ok(())
    })
}
