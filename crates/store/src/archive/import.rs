//! Bringing the rows of an archive back into an empty database, all or none.

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::settings::Settings;
use nevertwice_domain::time::Timestamp;
use nevertwice_trail::{Frontier, Hash};

use super::Table;
use super::row::Columns;
use crate::dialect::archive::{self as place, Place};
use crate::engine::{FromValue, Tx, Value};
use crate::error::StoreError;
use crate::migrate::{self, MIGRATIONS};
use crate::settings::{self, StoreInfo};
use crate::trail::verify::{self, Verification};
use crate::url::DatabaseUrl;
use crate::{case, trail};

/// An import under way. Nothing of it is in the database before [`Self::commit`]; dropped, or killed at any moment, it
/// leaves the database empty.
pub struct Import {
    // First, so that it is closed before its place is cleared.
    tx: Tx,
    place: Place,
    frontier: Frontier,
    last_at: Option<Timestamp>,
}

impl Import {
    /// Begins an import into an empty database, with the schema at the step that the archive was made at.
    ///
    /// # Errors
    /// [`StoreError::Occupied`] if the database is not empty, [`StoreError::Schema`] if the step is unknown; what the
    /// database reports.
    pub fn begin(url: &DatabaseUrl, schema: u32, info: StoreInfo) -> Result<Self, StoreError> {
        let steps = migrate::through(schema).ok_or_else(|| {
            let known = MIGRATIONS.last().map_or(0, |last| last.number);
            StoreError::Schema(format!(
                "the archive's schema (step {schema}) is newer than this program knows (step {known}); use a newer program"
            ))
        })?;
        let (mut tx, place) = place::open(url, steps)?;
        settings::give_identity(&mut tx, info)?;
        Ok(Self { tx, place, frontier: Frontier::new(), last_at: None })
    }

    /// Brings the rows of a table back, as `next` gives them until it gives none. Returns how many.
    ///
    /// # Errors
    /// What `next` or the database reports.
    pub fn load<E: From<StoreError>>(
        &mut self,
        table: &Table,
        columns: &Columns,
        next: &mut dyn FnMut() -> Result<Option<Vec<Value>>, E>,
    ) -> Result<u64, E> {
        let (frontier, last_at) = (&mut self.frontier, &mut self.last_at);
        let is_trail = std::ptr::eq(table.def, &trail::ENTRIES);
        let mut watched = || {
            let row = next()?;
            if let (true, Some(values)) = (is_trail, &row) {
                let value = |column| columns.value(values, column).cloned().unwrap_or(Value::Null);
                let corrupt = |detail| StoreError::corrupt("trail_entries", "?", "leaf_hash", detail);
                frontier
                    .append(Hash::from_bytes(<[u8; 32]>::from_value(value("leaf_hash")).map_err(corrupt)?));
                *last_at = Option::<Timestamp>::from_value(value("at")).map_err(corrupt)?;
            }
            Ok(row)
        };
        place::load(&mut self.tx, table.def, columns.names(), &mut watched)
    }

    /// Sets the head of the trail, brings the schema up to date, and compares everything: references between rows,
    /// the trail, every row with it.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] if a row refers to one that is not there or the register has no settings; what the
    /// database reports. What is wrong with the contents is a finding.
    pub fn verify(&mut self, progress: &mut dyn FnMut(u64)) -> Result<Verification, StoreError> {
        trail::set_head(&mut self.tx, &self.frontier, self.last_at)?;
        place::check_references(&mut self.tx)?;
        migrate::run_within(&mut self.tx)?;
        verify::verify(&mut self.tx, progress)
    }

    /// The settings that were brought back.
    ///
    /// # Errors
    /// There are none for this register; what the database reports.
    pub fn settings(&mut self) -> Result<Settings, StoreError> {
        settings::get(&mut self.tx)
    }

    /// Every evidence file that the rows refer to, with its size, in the order of hashes.
    ///
    /// # Errors
    /// What the database reports.
    pub fn files(&mut self) -> Result<Vec<(Sha256Text, u64)>, StoreError> {
        case::every_file(&mut self.tx)
    }

    /// Makes it the register of this database.
    ///
    /// # Errors
    /// What the database or the disk reports; after [`StoreError::OutcomeUnknown`] it may have happened.
    pub fn commit(self) -> Result<(), StoreError> {
        place::commit(self.tx, self.place)
    }
}
