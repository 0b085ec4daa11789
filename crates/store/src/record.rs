//! Rows of trailed tables: one declaration gives insert, update, delete, reading and the trail's commitments.
//!
//! The trail commits to *columns*, so a column that is in the table is in the trail, without anyone having to
//! remember it; a test compares the declarations with the schema of both engines.

use std::sync::OnceLock;

use nevertwice_domain::object::ObjectKind;
use nevertwice_domain::reference::Reference;
use nevertwice_trail::Change;
use uuid::Uuid;

use crate::column::ColumnType;
use crate::engine::{FromValue, Row, TableDef, ToValue, Tx, Value};
use crate::error::StoreError;
use crate::statement::Statement;
use crate::trail::Touched;

/// A trailed table: its columns, which of them are its key, and whose aggregate it belongs to.
#[derive(Debug)]
pub(crate) struct RecordDef {
    /// Name and columns.
    pub(crate) table: TableDef,
    /// Type of each column.
    pub(crate) types: &'static [ColumnType],
    /// The kind of aggregate that a row belongs to.
    pub(crate) kind: ObjectKind,
    /// The column that holds the aggregate's id.
    pub(crate) object: &'static str,
    /// The key within the aggregate; empty for the one row that is the aggregate itself.
    pub(crate) key: &'static [&'static str],
    statements: OnceLock<RecordStatements>,
}

/// The statements that a declaration gives.
#[derive(Debug)]
pub(crate) struct RecordStatements {
    /// The rows of an aggregate, in order of their keys.
    pub(crate) of_object: Statement,
    /// The rows of several aggregates.
    pub(crate) of_objects: Statement,
    /// Rows of aggregates that the trail does not know.
    pub(crate) orphans: Statement,
    /// How many references begin with a text; only for tables that have references.
    pub(crate) count_references: Statement,
    update: Statement,
    delete: Statement,
}

/// A row of a trailed table.
pub(crate) trait Record: Sized {
    /// Its declaration.
    const DEF: &'static RecordDef;
    /// Its values, in the order of the columns.
    fn values(&self) -> Vec<Value>;
    /// From a row of the table.
    fn from_row(row: &mut Row) -> Result<Self, StoreError>;
}

/// A text column worked out from the others, such as a folded name to look up by.
pub(crate) fn derived<R>(row: &R, derive: fn(&R) -> String) -> Value {
    derive(row).to_value()
}

/// Declares how a type is a row of a trailed table; columns are named as the fields. Behind a semicolon stand text
/// columns that are worked out from the others.
macro_rules! record {
    ($type:ty as $table:literal of $kind:ident by $object:ident [$($key:ident),*] {
        $($column:ident: $column_type:ty),+ $(,)?
        $(; $($derived:ident = $derive:expr),+ $(,)?)?
    }) => {
        impl $crate::record::Record for $type {
            const DEF: &'static $crate::record::RecordDef = {
                static DEF: $crate::record::RecordDef = $crate::record::RecordDef::new(
                    $crate::engine::TableDef {
                        name: $table,
                        columns: &[$(stringify!($column)),+ $(, $(stringify!($derived)),+)?],
                    },
                    &[
                        $(<$column_type as $crate::column::Column>::TYPE),+
                        $(, $({ let _ = stringify!($derived); $crate::column::ColumnType::Text }),+)?
                    ],
                    nevertwice_domain::object::ObjectKind::$kind,
                    stringify!($object),
                    &[$(stringify!($key)),*],
                );
                &DEF
            };

            fn values(&self) -> Vec<$crate::engine::Value> {
                vec![
                    $($crate::engine::ToValue::to_value(&self.$column)),+
                    $(, $($crate::record::derived(self, $derive)),+)?
                ]
            }

            fn from_row(row: &mut $crate::engine::Row) -> Result<Self, $crate::StoreError> {
                Ok(Self { $($column: row.take::<$column_type>(stringify!($column))?),+ })
            }
        }
    };
}

impl RecordDef {
    /// For the `record!` macro.
    pub(crate) const fn new(
        table: TableDef,
        types: &'static [ColumnType],
        kind: ObjectKind,
        object: &'static str,
        key: &'static [&'static str],
    ) -> Self {
        Self { table, types, kind, object, key, statements: OnceLock::new() }
    }

    pub(crate) fn statements(&self) -> &RecordStatements {
        self.statements.get_or_init(|| RecordStatements::of(self))
    }

    /// Every statement, for the test that prepares them.
    #[cfg(test)]
    pub(crate) fn all_statements(&self) -> [&Statement; 6] {
        let all = self.statements();
        [&all.of_object, &all.of_objects, &all.orphans, &all.count_references, &all.update, &all.delete]
    }

    /// The field under which the trail knows a column of a row with these values.
    pub(crate) fn field(&self, column: &str, values: &[Value]) -> String {
        let mut field = self.table.name.to_owned();
        for key in self.key {
            field.push('/');
            field.push_str(&key_text(&values[self.position(key)], self.types[self.position(key)]));
        }
        field.push('/');
        field.push_str(column);
        field
    }

    /// The aggregate that a row belongs to.
    pub(crate) fn object_id(&self, values: &[Value]) -> Result<Uuid, StoreError> {
        let value = values[self.position(self.object)].clone();
        Uuid::from_value(value)
            .map_err(|detail| StoreError::corrupt(self.table.name, "?", self.object, detail))
    }

    /// What the trail commits to for a whole row: every column that is not NULL.
    pub(crate) fn commit_forms(
        &self,
        values: &[Value],
    ) -> Result<Vec<(String, serde_json::Value)>, StoreError> {
        let mut forms = Vec::with_capacity(values.len());
        for ((column, kind), value) in self.table.columns.iter().zip(self.types).zip(values) {
            let form = kind.commit_form(value.clone()).map_err(|detail| {
                StoreError::corrupt(self.table.name, self.key_of(values), column, detail)
            })?;
            if !form.is_null() {
                forms.push((self.field(column, values), form));
            }
        }
        Ok(forms)
    }

    /// A row's key as text, for messages.
    pub(crate) fn key_of(&self, values: &[Value]) -> String {
        let columns = if self.key.is_empty() { std::slice::from_ref(&self.object) } else { self.key };
        let texts: Vec<String> = columns
            .iter()
            .map(|key| key_text(&values[self.position(key)], self.types[self.position(key)]))
            .collect();
        texts.join("/")
    }

    /// The letters before the first hyphen of the table's references, such as `CASE`.
    pub(crate) fn prefix(&self) -> Option<&'static str> {
        use nevertwice_domain::reference as r;
        (self.key.is_empty() && self.has("reference")).then_some(match self.kind {
            ObjectKind::Case => r::CaseRef::PREFIX,
            ObjectKind::Review => r::ReviewRef::PREFIX,
            ObjectKind::Lesson => r::LessonRef::PREFIX,
            ObjectKind::Action => r::ActionRef::PREFIX,
            ObjectKind::Supplier => r::SupplierRef::PREFIX,
            ObjectKind::Asset => r::AssetRef::PREFIX,
            ObjectKind::AwarenessItem => r::AwarenessRef::PREFIX,
            ObjectKind::ImportRun => r::ImportRef::PREFIX,
            ObjectKind::Procedure => r::ProcedureRef::PREFIX,
            ObjectKind::Control => nevertwice_domain::control::OwnControlRef::PREFIX,
            ObjectKind::Risk => r::RiskRef::PREFIX,
            ObjectKind::Person | ObjectKind::Field | ObjectKind::Settings => return None,
        })
    }

    fn has(&self, column: &str) -> bool {
        self.table.columns.contains(&column)
    }

    fn position(&self, column: &str) -> usize {
        self.table.columns.iter().position(|c| *c == column).unwrap_or(0)
    }
}

fn key_text(value: &Value, kind: ColumnType) -> String {
    match kind.commit_form(value.clone()) {
        Ok(serde_json::Value::String(text)) => text,
        Ok(other) => other.to_string(),
        Err(_) => "unreadable".to_owned(),
    }
}

impl RecordStatements {
    fn of(def: &RecordDef) -> Self {
        let table = def.table.name;
        let columns = def.table.columns.join(", ");
        let mut order = vec![def.object];
        order.extend(def.key);
        let order = order.join(", ");
        let identity: Vec<&str> = std::iter::once(def.object).chain(def.key.iter().copied()).collect();
        let matching = |first: usize| {
            let parts: Vec<String> =
                identity.iter().enumerate().map(|(i, column)| format!("{column} = ${}", first + i)).collect();
            parts.join(" AND ")
        };
        let set: Vec<String> = def
            .table
            .columns
            .iter()
            .enumerate()
            .map(|(i, column)| format!("{column} = ${}", i + 1))
            .collect();
        let statement = |what: &str, sql: String| Statement::new(leak(format!("{what} {table}")), leak(sql));
        Self {
            of_object: statement(
                "read of",
                format!("SELECT {columns} FROM {table} WHERE {} = $1 ORDER BY {order}", def.object),
            ),
            of_objects: statement(
                "read list of",
                format!("SELECT {columns} FROM {table} WHERE {} IN ($*) ORDER BY {order}", def.object),
            ),
            orphans: statement(
                "find unrecorded rows of",
                format!(
                    "SELECT {columns} FROM {table} WHERE NOT EXISTS \
                     (SELECT 1 FROM trail_entries WHERE trail_entries.object_id = {table}.{})",
                    def.object
                ),
            ),
            count_references: statement(
                "count references of",
                format!(
                    "SELECT count(*) AS n FROM {table} WHERE {} LIKE $1",
                    if def.has("reference") { "reference" } else { "CAST(1 AS TEXT)" }
                ),
            ),
            update: statement(
                "update",
                format!(
                    "UPDATE {table} SET {} WHERE {}",
                    set.join(", "),
                    matching(def.table.columns.len() + 1)
                ),
            ),
            delete: statement("delete from", format!("DELETE FROM {table} WHERE {}", matching(1))),
        }
    }
}

/// Statement texts are static; one is made per declaration and kept for the program's life.
fn leak(text: String) -> &'static str {
    Box::leak(text.into_boxed_str())
}

/// Inserts rows of one or several aggregates; `revision` is that of their aggregate after the change.
pub(crate) fn insert<R: Record>(tx: &mut Tx, rows: &[R], revision: u64) -> Result<(), StoreError> {
    insert_each(tx, rows.iter().map(|row| (row, revision)))
}

/// Inserts rows, each with the revision of its aggregate.
pub(crate) fn insert_each<'r, R: Record + 'r>(
    tx: &mut Tx,
    rows: impl IntoIterator<Item = (&'r R, u64)>,
) -> Result<(), StoreError> {
    let def = R::DEF;
    let mut all = Vec::new();
    for (row, revision) in rows {
        let values = row.values();
        let id = def.object_id(&values)?;
        let changes = def.commit_forms(&values)?.into_iter().map(|(field, value)| Change { field, value });
        Touched::record(tx, def.kind, id, revision, changes);
        all.push(values);
    }
    if all.is_empty() {
        return Ok(());
    }
    tx.insert_rows(&def.table, def.table.columns, all).map(drop)
}

/// Updates a row to a new content; nothing happens if nothing changed.
pub(crate) fn update<R: Record>(tx: &mut Tx, before: &R, after: &R, revision: u64) -> Result<(), StoreError> {
    let def = R::DEF;
    let (old, new) = (before.values(), after.values());
    if old == new {
        return Ok(());
    }
    let mut changes = Vec::new();
    for (index, column) in def.table.columns.iter().enumerate() {
        if old[index] != new[index] {
            let value = def.types[index]
                .commit_form(new[index].clone())
                .map_err(|detail| StoreError::corrupt(def.table.name, def.key_of(&new), column, detail))?;
            changes.push(Change { field: def.field(column, &new), value });
        }
    }
    let mut params = new.clone();
    params.push(old[def.position(def.object)].clone());
    params.extend(def.key.iter().map(|key| old[def.position(key)].clone()));
    Touched::record(tx, def.kind, def.object_id(&new)?, revision, changes);
    tx.exec_one(&def.statements().update, &params)
}

/// Deletes a row; the trail keeps that its values are gone.
pub(crate) fn delete<R: Record>(tx: &mut Tx, row: &R, revision: u64) -> Result<(), StoreError> {
    let def = R::DEF;
    let values = row.values();
    let gone = def.commit_forms(&values)?;
    let changes = gone.into_iter().map(|(field, _)| Change { field, value: serde_json::Value::Null });
    Touched::record(tx, def.kind, def.object_id(&values)?, revision, changes);
    let mut params = vec![values[def.position(def.object)].clone()];
    params.extend(def.key.iter().map(|key| values[def.position(key)].clone()));
    tx.exec_one(&def.statements().delete, &params)
}

/// The rows of an aggregate.
pub(crate) fn of_object<R: Record>(tx: &mut Tx, id: Uuid) -> Result<Vec<R>, StoreError> {
    let rows = tx.query(&R::DEF.statements().of_object, &[id.to_value()])?;
    rows.into_iter().map(|mut row| R::from_row(&mut row)).collect()
}

/// The rows of several aggregates.
pub(crate) fn of_objects<R: Record>(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<R>, StoreError> {
    let list: Vec<Value> = ids.iter().map(ToValue::to_value).collect();
    let rows = tx.query_list(&R::DEF.statements().of_objects, &list)?;
    rows.into_iter().map(|mut row| R::from_row(&mut row)).collect()
}

/// The rows that a statement selects; it must select every column of the table.
pub(crate) fn select<R: Record>(
    tx: &mut Tx,
    statement: &Statement,
    params: &[Value],
) -> Result<Vec<R>, StoreError> {
    tx.query(statement, params)?.into_iter().map(|mut row| R::from_row(&mut row)).collect()
}

/// The one row that a statement selects, if there is one.
pub(crate) fn select_opt<R: Record>(
    tx: &mut Tx,
    statement: &Statement,
    params: &[Value],
) -> Result<Option<R>, StoreError> {
    tx.query_opt(statement, params)?.map(|mut row| R::from_row(&mut row)).transpose()
}

#[cfg(test)]
pub(crate) mod tests;
