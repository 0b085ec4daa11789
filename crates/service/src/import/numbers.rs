//! References for the records of one batch: as gapless as any, but the counter is read and written once per kind and not
//! once per record.

use nevertwice_domain::reference::Reference;
use nevertwice_store::{Tx, counter};

use crate::error::ServiceError;

/// Gives out references of one kind within a unit of work. Nobody else may do so in that unit before [`Self::settle`].
pub(super) struct Numbers<R> {
    year: i16,
    first: Option<R>,
    /// How many after the first.
    further: u32,
}

impl<R: Reference> Numbers<R> {
    /// None given out yet; `year` is the year of registration.
    pub(super) fn new(year: i16) -> Self {
        Self { year, first: None, further: 0 }
    }

    /// The next reference.
    pub(super) fn next(&mut self, tx: &mut Tx) -> Result<R, ServiceError> {
        let Some(first) = self.first else {
            let first = counter::next::<R>(tx, self.year)?;
            self.first = Some(first);
            return Ok(first);
        };
        self.further += 1;
        Ok(R::from_parts(self.year, first.number() + self.further))
    }

    /// Moves the stored counter on to the last reference that was given out.
    pub(super) fn settle(&self, tx: &mut Tx) -> Result<(), ServiceError> {
        if self.further > 0 {
            counter::reserve::<R>(tx, self.year, self.further)?;
        }
        Ok(())
    }
}
