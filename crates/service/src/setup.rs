//! Setting a register up, and opening one.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use nevertwice_domain::id::{PersonId, RequestId};
use nevertwice_domain::money::Currency;
use nevertwice_domain::permission::Role;
use nevertwice_domain::person::{Person, PersonKind, PersonStatus};
use nevertwice_domain::settings::{
    Settings, TimeZoneName, default_cause_categories, impact_words, likelihood_words,
};
use nevertwice_domain::text::Line;
use nevertwice_store::settings::{self as store_settings, StoreInfo};
use nevertwice_store::trail::{self, Act};
use nevertwice_store::{DatabaseUrl, Db, OpenOptions, person as people};

use crate::clock::{Clock, Entropy, Moment};
use crate::error::{Kind, ServiceError};
use crate::folder::Folder;
use crate::keys;
use crate::service::Service;

/// What a new register is made of.
#[derive(Debug, Clone)]
pub struct Founding {
    /// The company's name.
    pub company: Line,
    /// Its time zone.
    pub time_zone: TimeZoneName,
    /// Its currency.
    pub currency: Currency,
    /// Name of the first person, who runs the register and its settings.
    pub person: Line,
    /// The operating-system user that acts as this person.
    pub os_user: Line,
    /// The company's words for severity 1 to 5; info to critical if unsaid.
    pub severity_words: Option<[Line; 5]>,
    /// The company's categories.
    pub categories: Vec<Line>,
    /// Invented sample data only.
    pub sample: bool,
}

/// Where time and randomness come from.
#[derive(Clone)]
pub struct Edge {
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
}

/// Sets up a register in an empty database, and opens it.
///
/// # Errors
/// There is a register already, or what the store reports.
pub fn found(
    folder: Folder,
    url: &DatabaseUrl,
    founding: &Founding,
    edge: &Edge,
) -> Result<Service, ServiceError> {
    let db = open_database(url)?;
    if db.read(|tx| Ok::<_, ServiceError>(store_settings::identity(tx)?))?.is_some() {
        let message = format!("there is a register in {} already; nothing was changed", db.url());
        return Err(ServiceError::new(Kind::Conflict, "init.already_there", message));
    }
    let moment = Moment::new(&*edge.clock, Arc::clone(&edge.entropy));
    let info = StoreInfo { id: moment.id(), created_at: moment.at, is_sample: founding.sample };
    keys::unmake(&folder)?;
    keys::make(&folder, info.id, &moment.secret())?;
    let founding = founding.clone();
    let founded = db.write_alone(move |tx| {
        let person_id: PersonId = moment.id();
        let request: RequestId = moment.id();
        trail::begin(
            tx,
            Act { actor: person_id, action: "found_register", at: moment.at, request, seed: moment.seed() },
        );
        store_settings::found(tx, info, first_settings(&founding)?)?;
        let person = Person::new(
            person_id,
            PersonKind::Person,
            PersonStatus::Unconfirmed,
            founding.person.clone(),
            moment.at,
        )
        .confirm(
            PersonKind::Person,
            BTreeSet::from([Role::Manager, Role::Responder, Role::Reporter, Role::Administrator]),
            None,
            Some(Some(founding.os_user.clone())),
        )?;
        people::insert(tx, &person)?;
        Ok::<_, ServiceError>(())
    });
    if let Err(error) = founded {
        // If nobody knows whether the register came about, its key has to stay.
        if error.kind != Kind::Unknown {
            // What cannot be removed now is removed by the next attempt.
            let _ = keys::unmake(&folder);
        }
        return Err(error);
    }
    // The register is there; if the sign that it is not yet stays, opening it removes it.
    let _ = keys::settle(&folder);
    Ok(Service::assemble(db, folder, info, Arc::clone(&edge.clock), Arc::clone(&edge.entropy)))
}

/// Opens a register.
///
/// # Errors
/// There is none yet, or what the store reports.
pub fn open(folder: Folder, url: &DatabaseUrl, edge: &Edge) -> Result<Service, ServiceError> {
    if let Some(file) = url.file()
        && !file.exists()
    {
        return Err(no_register(&url.to_string()));
    }
    let db = open_database(url)?;
    let info = db
        .read(|tx| Ok::<_, ServiceError>(store_settings::identity(tx)?))?
        .ok_or_else(|| no_register(&url.to_string()))?;
    keys::settle(&folder)?;
    Ok(Service::assemble(db, folder, info, Arc::clone(&edge.clock), Arc::clone(&edge.entropy)))
}

/// The database of a folder when nobody names another.
///
/// # Errors
/// The path cannot be written as an address.
pub fn default_database(root: &Path) -> DatabaseUrl {
    DatabaseUrl::in_file(Folder::database(root))
}

fn open_database(url: &DatabaseUrl) -> Result<Db, ServiceError> {
    Ok(nevertwice_store::open(url, OpenOptions::default())?)
}

fn no_register(url: &str) -> ServiceError {
    let message =
        format!("there is no register in {url}; set one up with init, or look at a sample with demo");
    ServiceError::new(Kind::NotFound, "init.missing", message)
}

fn first_settings(founding: &Founding) -> Result<Settings, ServiceError> {
    let line = |text: &str| Line::parse(text).map_err(ServiceError::internal);
    Ok(Settings {
        version: 0,
        company: founding.company.clone(),
        time_zone: founding.time_zone.clone(),
        currency: founding.currency,
        severity_words: match &founding.severity_words {
            Some(words) => words.clone(),
            None => [line("info")?, line("low")?, line("medium")?, line("high")?, line("critical")?],
        },
        categories: founding.categories.clone(),
        cause_categories: default_cause_categories(),
        sample: founding.sample,
        open_reporting: false,
        likelihood_words: likelihood_words(),
        impact_words: impact_words(),
    })
}
