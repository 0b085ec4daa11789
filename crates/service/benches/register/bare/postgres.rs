//! PostgreSQL without the register around it: one connection, in the same process.

use std::error::Error;

use bytes::{BufMut as _, BytesMut};
use postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, Config, NoTls, Statement};

use super::BareDatabase;
use crate::Outcome;

/// A copy on the same server, with the settings of the server.
pub(crate) struct PostgresCopy {
    client: Client,
    config: Config,
    name: String,
    statements: Statements,
    case: Row,
    entry: Row,
    frontier: Vec<u8>,
    written: u32,
}

/// Prepared once, as a program would that does nothing else.
struct Statements {
    insert_case: Statement,
    insert_entry: Statement,
    count: Statement,
    move_head: Statement,
    read: Statement,
    read_several: Statement,
}

/// A row to write again and again under other keys, its values as the server sends them.
struct Row {
    insert: String,
    values: Vec<Raw>,
    columns: Vec<String>,
}

/// A value of any type in the form in which it travels; nothing if it is NULL.
#[derive(Debug)]
struct Raw(Option<Vec<u8>>);

impl PostgresCopy {
    /// Copies a database that nobody is connected to.
    pub(crate) fn make(database: &str) -> Outcome<Self> {
        let mut config: Config = database.parse()?;
        let original = config.get_dbname().ok_or("the address names no database")?.to_owned();
        let name = format!("{original}_bare");
        config
            .dbname("postgres")
            .connect(NoTls)?
            .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {original} STRATEGY file_copy"))?;
        let mut client = config.dbname(&name).connect(NoTls)?;
        // The last case is one that a person typed in, not one that was imported.
        let case = Row::last(&mut client, "cases", "reference")?;
        let entry = Row::last(&mut client, "trail_entries", "seq")?;
        let frontier = client.query_one("SELECT frontier FROM trail_head", &[])?.get(0);
        let statements = Statements {
            insert_case: client.prepare(&case.insert)?,
            insert_entry: client.prepare(&entry.insert)?,
            count: client.prepare("UPDATE counters SET last_number = $1 WHERE prefix = 'CASE'")?,
            move_head: client.prepare("UPDATE trail_head SET seq = $1, frontier = $2 WHERE id = 1")?,
            read: client.prepare("SELECT * FROM cases WHERE reference = $1")?,
            read_several: client.prepare("SELECT * FROM cases WHERE reference = ANY($1)")?,
        };
        Ok(Self { client, config, name, statements, case, entry, frontier, written: 0 })
    }
}

impl BareDatabase for PostgresCopy {
    fn write(&mut self) -> Outcome<()> {
        self.written += 1;
        let number = i64::from(self.written);
        let mut id = vec![0xFF; 16];
        id[12..].copy_from_slice(&self.written.to_be_bytes());
        self.case.set("id", id.clone());
        self.case.set("reference", format!("CASE-9999-{number:04}").into_bytes());
        self.entry.set("object_id", id);
        self.entry.set("seq", (1_000_000_000 + number).to_be_bytes().to_vec());
        let mut transaction = self.client.transaction()?;
        transaction.execute(&self.statements.insert_case, &self.case.parameters())?;
        transaction.execute(&self.statements.insert_entry, &self.entry.parameters())?;
        transaction.execute(&self.statements.count, &[&number])?;
        transaction.execute(&self.statements.move_head, &[&number, &self.frontier])?;
        Ok(transaction.commit()?)
    }

    fn read(&mut self, reference: &str) -> Outcome<()> {
        taken(&self.client.query_one(&self.statements.read, &[&reference])?)
    }

    fn read_several(&mut self, references: &[String]) -> Outcome<()> {
        self.client.query(&self.statements.read_several, &[&references])?.iter().try_for_each(taken)
    }

    fn remove(self: Box<Self>) -> Outcome<()> {
        let Self { client, mut config, name, .. } = *self;
        client.close()?;
        let mut client = config.dbname("postgres").connect(NoTls)?;
        Ok(client.batch_execute(&format!("DROP DATABASE {name}"))?)
    }
}

/// Takes every value of a row out of it.
fn taken(row: &postgres::Row) -> Outcome<()> {
    (0..row.len()).try_for_each(|at| row.try_get::<_, Raw>(at).map(drop))?;
    Ok(())
}

impl Row {
    fn last(client: &mut Client, table: &str, order: &str) -> Outcome<Self> {
        let row = client.query_one(&format!("SELECT * FROM {table} ORDER BY {order} DESC LIMIT 1"), &[])?;
        let columns: Vec<String> = row.columns().iter().map(|column| column.name().to_owned()).collect();
        let values = (0..row.len()).map(|at| row.try_get(at)).collect::<Result<_, _>>()?;
        let marks: Vec<String> = (1..=columns.len()).map(|at| format!("${at}")).collect();
        Ok(Self { insert: format!("INSERT INTO {table} VALUES ({})", marks.join(", ")), values, columns })
    }

    fn set(&mut self, column: &str, value: Vec<u8>) {
        if let Some(at) = self.columns.iter().position(|name| name == column) {
            self.values[at] = Raw(Some(value));
        }
    }

    fn parameters(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.values.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
    }
}

impl<'a> FromSql<'a> for Raw {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(Some(raw.to_vec())))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(None))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

impl ToSql for Raw {
    fn to_sql(&self, _: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        Ok(match &self.0 {
            Some(raw) => {
                out.put_slice(raw);
                IsNull::No
            }
            None => IsNull::Yes,
        })
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}
