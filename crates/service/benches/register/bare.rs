//! The engines without the register around them: SQLite and Tantivy on the same data, in the same process.

use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, params};
use tantivy::aggregation::AggregationCollector;
use tantivy::aggregation::agg_req::Aggregations;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{FuzzyTermQuery, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Order, Searcher, TantivyDocument, Term};

use crate::Outcome;

/// A copy of a register's database, with the settings that the register gives it.
pub(crate) struct BareDatabase {
    connection: Connection,
    case: Row,
    entry: Row,
    frontier: Vec<u8>,
    written: u32,
}

/// A row to write again and again under other keys.
struct Row {
    insert: String,
    values: Vec<Value>,
    columns: Vec<String>,
}

impl BareDatabase {
    /// Copies the database of a register, so that tables and indexes are as large as there.
    pub(crate) fn copy(database: &Path, to: &Path) -> Outcome<Self> {
        let source = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        source.execute("VACUUM INTO ?1", [to.to_string_lossy()])?;
        drop(source);
        let connection = Connection::open(to)?;
        connection.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "secure_delete", true)?;
        connection.pragma_update(None, "cache_size", -16_384)?;
        connection.pragma_update(None, "wal_autocheckpoint", 2_000)?;
        // The last case is one that a person typed in, not one that was imported.
        let case = Row::last(&connection, "cases", "reference")?;
        let entry = Row::last(&connection, "trail_entries", "seq")?;
        let frontier = connection.query_row("SELECT frontier FROM trail_head", [], |row| row.get(0))?;
        Ok(Self { connection, case, entry, frontier, written: 0 })
    }

    /// Commits what reporting a case commits: the case, its entry in the trail, the counter and the head.
    pub(crate) fn write(&mut self) -> Outcome<()> {
        self.written += 1;
        let number = self.written;
        let mut id = [0xFF; 16];
        id[12..].copy_from_slice(&number.to_be_bytes());
        self.case.set("id", Value::Blob(id.to_vec()));
        self.case.set("reference", Value::Text(format!("CASE-9999-{number:04}")));
        self.entry.set("object_id", Value::Blob(id.to_vec()));
        self.entry.set("seq", Value::Integer(1_000_000_000 + i64::from(number)));
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        for row in [&self.case, &self.entry] {
            let mut insert = self.connection.prepare_cached(&row.insert)?;
            insert.execute(rusqlite::params_from_iter(&row.values))?;
        }
        self.connection
            .prepare_cached("UPDATE counters SET last_number = ?1 WHERE prefix = 'CASE'")?
            .execute([number])?;
        self.connection
            .prepare_cached("UPDATE trail_head SET seq = ?1, frontier = ?2 WHERE id = 1")?
            .execute(params![number, self.frontier])?;
        Ok(self.connection.execute_batch("COMMIT")?)
    }

    /// Reads the row of one case.
    pub(crate) fn read(&self, reference: &str) -> Outcome<()> {
        let mut select = self.connection.prepare_cached("SELECT * FROM cases WHERE reference = ?1")?;
        let columns = select.column_count();
        select.query_row([reference], |row| {
            (0..columns).try_for_each(|at| row.get::<_, Value>(at).map(drop))
        })?;
        Ok(())
    }

    /// Reads the rows of several cases.
    pub(crate) fn read_several(&self, references: &[String]) -> Outcome<()> {
        let marks = vec!["?"; references.len()].join(", ");
        let text = format!("SELECT * FROM cases WHERE reference IN ({marks})");
        let mut select = self.connection.prepare_cached(&text)?;
        let columns = select.column_count();
        let mut rows = select.query(rusqlite::params_from_iter(references))?;
        while let Some(row) = rows.next()? {
            (0..columns).try_for_each(|at| row.get::<_, Value>(at).map(drop))?;
        }
        Ok(())
    }
}

impl Row {
    fn last(connection: &Connection, table: &str, order: &str) -> Outcome<Self> {
        let mut select =
            connection.prepare(&format!("SELECT * FROM {table} ORDER BY {order} DESC LIMIT 1"))?;
        let columns: Vec<String> = select.column_names().map(str::to_owned).collect();
        let values = select
            .query_row([], |row| (0..columns.len()).map(|at| row.get(at)).collect::<Result<Vec<_>, _>>())?;
        let marks = vec!["?"; columns.len()].join(", ");
        Ok(Self { insert: format!("INSERT INTO {table} VALUES ({marks})"), values, columns })
    }

    fn set(&mut self, column: &str, value: Value) {
        if let Some(at) = self.columns.iter().position(|name| name == column) {
            self.values[at] = value;
        }
    }
}

/// The open half of a register's index, read without the register.
pub(crate) struct BareIndex {
    searcher: Searcher,
}

impl BareIndex {
    /// Opens it.
    pub(crate) fn open(folder: &Path) -> Outcome<Self> {
        let generation = std::fs::read_to_string(folder.join("CURRENT"))?;
        let index = tantivy::Index::open_in_dir(folder.join(generation.trim()).join("open"))?;
        Ok(Self { searcher: index.reader()?.searcher() })
    }

    /// The latest 50 cases and how many there are.
    pub(crate) fn page(&self) -> Outcome<()> {
        let top = TopDocs::with_limit(50).order_by_fast_field::<i64>("registered_order", Order::Desc);
        self.searcher.search(&self.cases()?, &(top, Count))?;
        Ok(())
    }

    /// The best ten documents with a word that begins so, with what is stored of them.
    pub(crate) fn prefix(&self, beginning: &str) -> Outcome<()> {
        let term = Term::from_field_text(self.field("text")?, beginning);
        let query = FuzzyTermQuery::new_prefix(term, 0, false);
        let (top, _) = self.searcher.search(&query, &(TopDocs::with_limit(10).order_by_score(), Count))?;
        for (_, address) in top {
            self.searcher.doc::<TantivyDocument>(address)?;
        }
        Ok(())
    }

    /// The values of five fields with their counts, of all cases.
    pub(crate) fn facets(&self) -> Outcome<()> {
        let wanted = ["class", "state", "category", "tag", "severity"]
            .map(|field| (field.to_owned(), serde_json::json!({ "terms": { "field": field, "size": 20 } })));
        let wanted: Aggregations =
            serde_json::from_value(wanted.into_iter().collect::<serde_json::Map<_, _>>().into())?;
        let collector = AggregationCollector::from_aggs(wanted, Default::default());
        self.searcher.search(&self.cases()?, &collector)?;
        Ok(())
    }

    fn cases(&self) -> Outcome<TermQuery> {
        Ok(TermQuery::new(Term::from_field_text(self.field("kind")?, "case"), IndexRecordOption::Basic))
    }

    fn field(&self, name: &str) -> Outcome<tantivy::schema::Field> {
        Ok(self.searcher.schema().get_field(name)?)
    }
}
