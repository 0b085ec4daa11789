//! A register in a scratch folder, and asking it.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;

use nevertwice_domain::money::Currency;
use nevertwice_domain::reference::{CaseRef, Reference as _};
use nevertwice_domain::settings::TimeZoneName;
use nevertwice_domain::text::Line;
use nevertwice_service::clock::{SystemClock, SystemEntropy};
use nevertwice_service::folder::{Folder, Held};
use nevertwice_service::setup::{self, Edge, Founding};
use nevertwice_service::use_case::{Asked, UseCase};
use nevertwice_service::{Identity, Service};
use nevertwice_store::DatabaseUrl;

use crate::Outcome;

/// Who does everything.
const USER: &str = "bench";

/// An open register.
#[derive(Clone)]
pub(crate) struct Register(Service);

impl Register {
    /// A new one.
    pub(crate) fn found(root: &Path, url: &DatabaseUrl) -> Outcome<Self> {
        let founding = Founding {
            company: Line::from_str("Bench")?,
            time_zone: TimeZoneName::from_str("Europe/Berlin")?,
            currency: Currency::from_str("EUR")?,
            person: Line::from_str("Robin Bench")?,
            os_user: Line::from_str(USER)?,
            severity_words: None,
            categories: Vec::new(),
            sample: false,
        };
        Ok(Self(setup::found(hold(root)?, url, &founding, &edge())?))
    }

    /// The one that is there.
    pub(crate) fn open(root: &Path, url: &DatabaseUrl) -> Outcome<Self> {
        Ok(Self(setup::open(hold(root)?, url, &edge())?))
    }

    /// Runs a use case.
    pub(crate) fn ask<U: UseCase>(&self, use_case: U) -> Outcome<U::Output> {
        let identity = Identity::OsUser(USER.to_owned());
        let asked = Asked::new(&self.0, &identity);
        Ok(asked.run(use_case).map_err(|error| format!("{}: {error}", U::NAME))?)
    }

    /// The reference of the case with a number; all cases of a bench are of one year.
    pub(crate) fn case(&self, number: u64) -> Outcome<CaseRef> {
        let now = self.0.moment().at.to_string();
        Ok(CaseRef::from_parts(now[..4].parse()?, u32::try_from(number)?))
    }
}

fn hold(root: &Path) -> Outcome<Folder> {
    match Folder::hold(root)? {
        Held::Ours(folder) => Ok(folder),
        Held::Elsewhere => Err(format!("another process holds {}", root.display()).into()),
    }
}

fn edge() -> Edge {
    Edge { clock: Arc::new(SystemClock), entropy: Arc::new(SystemEntropy) }
}
