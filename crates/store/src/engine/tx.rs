//! The transaction a unit of work runs in.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::failure::{CommitFailure, Effect, Failure};
use super::session::{Begin, Insert, Session, Sql};
use super::table::{ROWS_AT_ONCE, TableDef, chunk, list_text};
use super::{Row, Value};
use crate::error::StoreError;
use crate::statement::{Dialect, Statement};

/// A transaction on either engine, given to a unit of work by [`Db::read`](super::Db::read) or
/// [`Db::write`](super::Db::write).
///
/// Once a statement has failed, every later one is refused until the transaction is rolled back, as PostgreSQL does; a
/// unit cannot go on by accident after an error.
pub struct Tx {
    session: Session,
    /// The statement that failed, while nothing has been rolled back since.
    failed: Option<String>,
    /// The transaction collided with another, or its connection was lost.
    effect: Effect,
    /// The unit may have changed a row.
    has_written: bool,
    contexts: HashMap<TypeId, Box<dyn Any + Send>>,
    kept: HashMap<TypeId, Box<dyn Any + Send>>,
    #[cfg(feature = "fault")]
    faults: Option<super::fault::Faults>,
}

impl Tx {
    pub(crate) fn new(session: Session) -> Self {
        Self {
            session,
            failed: None,
            effect: Effect::Statement,
            has_written: false,
            contexts: HashMap::new(),
            kept: HashMap::new(),
            #[cfg(feature = "fault")]
            faults: None,
        }
    }

    /// Every row, in memory.
    ///
    /// # Errors
    /// What the database or the connection reports.
    pub fn query(&mut self, statement: &Statement, params: &[Value]) -> Result<Vec<Row>, StoreError> {
        let mut rows = Vec::new();
        self.select(statement, params, &mut |row| {
            rows.push(row);
            ControlFlow::Continue(())
        })?;
        Ok(rows)
    }

    /// The row, if there is one.
    ///
    /// # Errors
    /// [`StoreError::RowsAffected`] if there are several, and as [`Self::query`].
    pub fn query_opt(&mut self, statement: &Statement, params: &[Value]) -> Result<Option<Row>, StoreError> {
        let mut rows = self.query(statement, params)?;
        match rows.len() {
            0 | 1 => Ok(rows.pop()),
            found => Err(miscounted(statement, found as u64)),
        }
    }

    /// The one row.
    ///
    /// # Errors
    /// [`StoreError::RowsAffected`] if there is none or more than one, and as [`Self::query`].
    pub fn query_one(&mut self, statement: &Statement, params: &[Value]) -> Result<Row, StoreError> {
        self.query_opt(statement, params)?.ok_or_else(|| miscounted(statement, 0))
    }

    /// Hands over the rows one by one without holding them all. An error of `each` ends the reading.
    ///
    /// # Errors
    /// What `each` returns, and as [`Self::query`].
    pub fn for_each<E: From<StoreError>>(
        &mut self,
        statement: &Statement,
        params: &[Value],
        mut each: impl FnMut(Row) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut outcome = Ok(());
        self.select(statement, params, &mut |row| match each(row) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                outcome = Err(error);
                ControlFlow::Break(())
            }
        })?;
        outcome
    }

    /// Rows for a list of any length: the statement's only parameters are `$*`, as in `WHERE id IN ($*)`.
    /// Sent in chunks of fixed sizes, so the order of rows holds within a chunk only. Repeats give repeated rows.
    ///
    /// # Errors
    /// As [`Self::query`].
    pub fn query_list(&mut self, statement: &Statement, list: &[Value]) -> Result<Vec<Row>, StoreError> {
        let mut rows = Vec::new();
        let mut rest = list;
        while !rest.is_empty() {
            let (now, later) = rest.split_at(chunk(rest.len()));
            let text = list_text(statement.sql(), self.dialect(), now.len());
            let sql = Sql { name: statement.shared_name(), text: &text };
            self.has_written |= sql.may_write();
            self.run(sql.name, |session| {
                session.query(sql, now, &mut |row| {
                    rows.push(row);
                    ControlFlow::Continue(())
                })
            })?;
            rest = later;
        }
        Ok(rows)
    }

    /// Runs a statement; returns how many rows it affected.
    ///
    /// # Errors
    /// As [`Self::query`].
    pub fn exec(&mut self, statement: &Statement, params: &[Value]) -> Result<u64, StoreError> {
        let sql = Sql { name: statement.shared_name(), text: statement.text(self.dialect()) };
        let had_written = std::mem::replace(&mut self.has_written, true);
        let count = self.run(sql.name, |session| session.execute(sql, params))?;
        // Only now is it known that it changed nothing; a panic on the way leaves that open.
        self.has_written = had_written || count > 0;
        Ok(count)
    }

    /// Runs a statement that must affect exactly one row.
    ///
    /// # Errors
    /// [`StoreError::RowsAffected`] if it affected none or several, and as [`Self::query`].
    pub fn exec_one(&mut self, statement: &Statement, params: &[Value]) -> Result<(), StoreError> {
        match self.exec(statement, params)? {
            1 => Ok(()),
            found => Err(miscounted(statement, found)),
        }
    }

    /// Inserts many rows in few statements. Each row has a value per column, in their order.
    ///
    /// # Errors
    /// As [`Self::query`]; a row of another length or a column the table does not have is a [`StoreError::Driver`].
    pub fn insert_rows(
        &mut self,
        table: &TableDef,
        columns: &[&str],
        rows: impl IntoIterator<Item = Vec<Value>>,
    ) -> Result<u64, StoreError> {
        let name: Arc<str> = Arc::from(format!("insert into {}", table.name));
        let wrong = |detail: String| StoreError::Driver { statement: name.to_string(), detail };
        if let Some(unknown) = columns.iter().find(|column| !table.columns.contains(column)) {
            return Err(wrong(format!("the table has no column {unknown}")));
        }
        let mut rows = rows.into_iter().peekable();
        let mut count = 0;
        while rows.peek().is_some() {
            let mut values = Vec::new();
            for row in rows.by_ref().take(ROWS_AT_ONCE) {
                if row.len() != columns.len() {
                    return Err(wrong(format!("expected {} values, found {}", columns.len(), row.len())));
                }
                values.extend(row);
            }
            count += self.insert_values(table, columns, &name, &values)?;
        }
        Ok(count)
    }

    /// A value of the unit's own, made on first use and dropped when the unit ends: what the unit leaves for
    /// [`after_unit`](super::OpenOptions::after_unit), such as what it touched.
    pub fn context<T: Any + Default + Send>(&mut self) -> &mut T {
        let slot = self.contexts.entry(TypeId::of::<T>()).or_insert_with(|| Box::<T>::default());
        slot.downcast_mut().unwrap_or_else(|| unreachable!("a slot holds the type it is filed under"))
    }

    /// What was read or written in this transaction and is true until it is written again: nobody else changes it
    /// meanwhile, since a writer holds the trail's head and a reader has a snapshot. Units that share a transaction share
    /// it.
    pub(crate) fn kept<T: Any + Send>(&mut self) -> &mut Option<T> {
        let slot = self.kept.entry(TypeId::of::<T>()).or_insert_with(|| Box::new(None::<T>));
        slot.downcast_mut().unwrap_or_else(|| unreachable!("a slot holds the type it is filed under"))
    }

    fn select(
        &mut self,
        statement: &Statement,
        params: &[Value],
        each: &mut super::session::EachRow<'_>,
    ) -> Result<(), StoreError> {
        let sql = Sql { name: statement.shared_name(), text: statement.text(self.dialect()) };
        self.has_written |= sql.may_write();
        self.run(sql.name, |session| session.query(sql, params, each))
    }

    fn insert_values(
        &mut self,
        table: &TableDef,
        columns: &[&str],
        name: &Arc<str>,
        mut values: &[Value],
    ) -> Result<u64, StoreError> {
        let mut count = 0;
        while !values.is_empty() {
            let left = values.len() / columns.len().max(1);
            let rows = match self.dialect() {
                Dialect::Sqlite => chunk(left),
                Dialect::Postgres => left,
            };
            let (now, later) = values.split_at(rows * columns.len());
            let insert = Insert { name, table, columns, values: now };
            self.has_written = true;
            count += self.run(name, |session| session.insert(insert))?;
            values = later;
        }
        Ok(count)
    }
}

/// What the writer, the pool and the migrator do with a transaction.
impl Tx {
    pub(crate) fn dialect(&self) -> Dialect {
        self.session.dialect()
    }

    pub(crate) fn session(&mut self) -> &mut Session {
        self.has_written = true;
        &mut self.session
    }

    pub(crate) fn begin(&mut self, begin: Begin) -> Result<(), Failure> {
        self.start_unit();
        self.kept.clear();
        self.failed = None;
        self.effect = Effect::Statement;
        #[cfg(feature = "fault")]
        self.meet_fault("BEGIN")?;
        self.session.begin(begin)
    }

    pub(crate) fn commit(&mut self) -> Result<(), CommitFailure> {
        #[cfg(feature = "fault")]
        self.meet_fault_at_commit()?;
        self.session.commit()
    }

    pub(crate) fn rollback(&mut self) {
        self.kept.clear();
        self.session.rollback();
    }

    /// Forgets what the unit before left.
    pub(crate) fn start_unit(&mut self) {
        self.contexts.clear();
        self.has_written = false;
    }

    /// Says that the unit changed something that no statement shows.
    pub(crate) fn touch(&mut self) {
        self.has_written = true;
    }

    /// Whether the unit left the transaction as it found it: nothing failed, and no row was changed.
    pub(crate) fn is_untouched(&self) -> bool {
        !self.has_written && self.failed.is_none()
    }

    /// Whether no statement of the transaction has failed.
    pub(crate) fn intact(&self) -> Result<(), StoreError> {
        match &self.failed {
            None => Ok(()),
            Some(statement) => Err(StoreError::Aborted { statement: statement.clone() }),
        }
    }

    /// What the worst failure so far did to the transaction.
    pub(crate) fn effect(&self) -> Effect {
        self.effect
    }

    /// Whether the transaction still stands as far as this side can know.
    pub(crate) fn stands(&self) -> bool {
        self.session.stands()
    }

    /// Runs statements without parameters and rows, such as migrations.
    pub(crate) fn batch(&mut self, name: &str, text: &str) -> Result<(), StoreError> {
        let sql = Sql { name: &Arc::from(name), text };
        self.has_written = true;
        self.run(sql.name, |session| session.batch(sql))
    }

    #[cfg(feature = "fault")]
    pub(crate) fn with_faults(mut self, faults: super::fault::Faults) -> Self {
        self.faults = Some(faults);
        self
    }

    fn run<T>(
        &mut self,
        name: &Arc<str>,
        body: impl FnOnce(&mut Session) -> Result<T, Failure>,
    ) -> Result<T, StoreError> {
        self.intact()?;
        #[cfg(feature = "fault")]
        self.meet_fault(name).map_err(|failure| self.note(name, failure))?;
        body(&mut self.session).map_err(|failure| self.note(name, failure))
    }

    fn note(&mut self, name: &str, failure: Failure) -> StoreError {
        self.failed = Some(name.to_owned());
        if failure.effect != Effect::Statement {
            self.effect = failure.effect;
        }
        failure.error
    }

    #[cfg(feature = "fault")]
    fn meet_fault(&mut self, name: &str) -> Result<(), Failure> {
        match &self.faults {
            Some(faults) => faults.clone().meet(&mut self.session, name),
            None => Ok(()),
        }
    }

    #[cfg(feature = "fault")]
    fn meet_fault_at_commit(&mut self) -> Result<(), CommitFailure> {
        match &self.faults {
            Some(faults) => faults.clone().meet_at_commit(&mut self.session),
            None => Ok(()),
        }
    }
}

fn miscounted(statement: &Statement, found: u64) -> StoreError {
    StoreError::RowsAffected { statement: statement.name().to_owned(), expected: 1, found }
}
