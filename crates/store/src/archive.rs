//! What an archive holds of the database: which tables, in which order, and their rows as JSON that is the same on
//! both engines.
//!
//! Every table is either [archived](tables) or left out with a reason; a test fails on one that is neither.

mod import;
mod row;
mod withhold;

use nevertwice_domain::{
    account, action, asset, awareness, case, cause, control, evidence, field, import as imports, lesson,
    person, procedure, review, risk, supplier,
};

use crate::column::ColumnType::{self, Int, Text, Timestamp, Uuid};
use crate::engine::session::Sql;
use crate::engine::{Row, TableDef, Tx};
use crate::error::StoreError;
use crate::migrate::MIGRATIONS;
use crate::record::{Record, RecordDef};

pub use import::Import;
pub use row::Columns;

pub(crate) use withhold::is_withheld;

#[cfg(test)]
mod tests;

/// A table whose rows are in an archive.
#[derive(Debug)]
pub struct Table {
    pub(crate) def: &'static TableDef,
    pub(crate) types: &'static [ColumnType],
    /// What the rows are ordered by: the primary key.
    key: &'static [&'static str],
}

/// Tables that are not in an archive, and why.
#[cfg(test)]
pub(crate) static LEFT_OUT: &[(&str, &str)] = &[
    (
        "tokens",
        "hashes of secrets: whoever holds an archive must not learn them, nor their trace in the trail",
    ),
    ("account_secrets", "hashes of passwords and seeds of codes: as with tokens"),
    ("recovery_codes", "hashes of secrets"),
    ("sessions", "who was signed in, where the archive was made"),
    ("sign_in_links", "hashes of secrets"),
    ("requests", "answers of the last day, for whoever sends a request again"),
    ("jobs", "what the register that the archive is made of has still to do"),
    ("mail_preferences", "who wants no mail from the register that the archive is made of"),
    ("drafts", "what people had not sent, where the archive was made"),
    ("receipts", "hashes of secrets"),
    ("store_info", "one row, which the manifest tells"),
    ("trail_head", "worked out from the entries; the manifest tells their number and root"),
    ("schema_migrations", "of the database, not of the register; the manifest tells the step"),
];

pub(crate) static IMPORT_PROFILES: TableDef =
    TableDef { name: "import_profiles", columns: &["profile", "mapping", "saved_at"] };

pub(crate) static COUNTERS: TableDef =
    TableDef { name: "counters", columns: &["prefix", "year", "last_number"] };

/// Each after those that it refers to, as an import brings them back.
static TABLES: &[Table] = &[
    Table::of(<person::PersonRecord as Record>::DEF, &["id"]),
    Table::of(<account::Account as Record>::DEF, &["person_id"]),
    Table::of(crate::settings::DEF, &["id"]),
    Table::of(<field::Field as Record>::DEF, &["id"]),
    Table::of(<supplier::Supplier as Record>::DEF, &["id"]),
    Table::of(<asset::Asset as Record>::DEF, &["id"]),
    Table::of(<asset::AssetVersion as Record>::DEF, &["id"]),
    Table::of(crate::control::CONTROLS, &["id"]),
    Table::of(<case::CaseRecord as Record>::DEF, &["id"]),
    Table::of(<case::TimelineEntry as Record>::DEF, &["id"]),
    Table::of(<case::CostLine as Record>::DEF, &["id"]),
    Table::of(<evidence::Comment as Record>::DEF, &["id"]),
    Table::of(<imports::Gap as Record>::DEF, &["id"]),
    Table::of(<review::ReviewRecord as Record>::DEF, &["id"]),
    Table::of(crate::review::CASES, &["review_id", "case_id"]),
    Table::of(crate::review::CAUSES, &["id"]),
    Table::of(crate::review::LINKS, &["cause_id", "effect"]),
    Table::of(<cause::Dismissal as Record>::DEF, &["cause_id", "rule", "statement_sha256"]),
    Table::of(<review::SimilarLook as Record>::DEF, &["review_id"]),
    Table::of(crate::lesson::LESSONS, &["id"]),
    Table::of(crate::lesson::CASES, &["lesson_id", "case_id"]),
    Table::of(<action::ActionRecord as Record>::DEF, &["id"]),
    Table::of(<action::DueMove as Record>::DEF, &["action_id", "number"]),
    Table::of(<action::EffectivenessCheck as Record>::DEF, &["id"]),
    Table::of(<lesson::LessonConfirmation as Record>::DEF, &["id"]),
    Table::of(<awareness::AwarenessRecord as Record>::DEF, &["id"]),
    Table::of(<awareness::Acknowledgement as Record>::DEF, &["item_id", "person_id"]),
    Table::of(<case::ControlPerformance as Record>::DEF, &["case_id", "control_id"]),
    Table::of(<control::ControlChange as Record>::DEF, &["id"]),
    Table::of(<case::Declaration as Record>::DEF, &["id"]),
    Table::of(crate::risk::RISKS, &["id"]),
    Table::of(crate::risk::CONTROLS, &["risk_id", "control_id"]),
    Table::of(crate::risk::CASES, &["risk_id", "case_id"]),
    Table::of(<risk::RiskAssessment as Record>::DEF, &["risk_id", "number"]),
    Table::of(<lesson::LessonCoverage as Record>::DEF, &["id"]),
    Table { def: &crate::lesson::CARRIERS, types: &[Uuid, Uuid, Uuid], key: &["lesson_id"] },
    Table::of(<evidence::Evidence as Record>::DEF, &["id"]),
    Table::of(<procedure::ProcedureRecord as Record>::DEF, &["id"]),
    Table::of(<imports::ImportRun as Record>::DEF, &["id"]),
    Table {
        def: &crate::import::ROW_TABLE,
        types: &[Uuid, Int, Text, Text, Text, Text, Text, Uuid],
        key: &["run_id", "row_number"],
    },
    Table { def: &IMPORT_PROFILES, types: &[Text, Text, Timestamp], key: &["profile"] },
    Table { def: &COUNTERS, types: &[Text, Int, Int], key: &["prefix", "year"] },
    Table {
        def: &crate::trail::ENTRIES,
        types: &[Int, Timestamp, Text, Uuid, Text, Uuid, Uuid, Text, ColumnType::Bytes, Text],
        key: &["seq"],
    },
];

/// The tables of an archive, each after those that it refers to.
#[must_use]
pub fn tables() -> &'static [Table] {
    TABLES
}

/// The step of the schema that this program's tables are of.
#[must_use]
pub fn schema() -> u32 {
    MIGRATIONS.last().map_or(0, |last| last.number)
}

impl Table {
    const fn of(def: &'static RecordDef, key: &'static [&'static str]) -> Self {
        Self { def: &def.table, types: def.types, key }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.def.name
    }

    /// Every column, in order.
    #[must_use]
    pub fn columns(&self) -> Columns {
        Columns::new(self.def.columns.to_vec(), self.types.to_vec())
    }

    /// The columns of these names, as an archive of an older schema may have fewer.
    ///
    /// # Errors
    /// The table has no such column, or a name stands out of order or twice.
    pub fn columns_named(&self, names: &[String]) -> Result<Columns, String> {
        let mut rest = self.def.columns.iter().copied().zip(self.types.iter().copied());
        let mut chosen = (Vec::new(), Vec::new());
        for name in names {
            let (column, kind) = rest.find(|(column, _)| column == name).ok_or_else(|| {
                let known = self.def.columns.join(", ");
                format!("{} has the columns {known}, in this order; found {name} out of it", self.def.name)
            })?;
            chosen.0.push(column);
            chosen.1.push(kind);
        }
        Ok(Columns::new(chosen.0, chosen.1))
    }

    /// Hands over every row as the text of a JSON object, in the order of the primary key, without holding more than
    /// one. What must not leave the register is taken out.
    ///
    /// # Errors
    /// What the database or `each` reports; [`StoreError::Corrupt`] for a row that this program never wrote.
    pub fn each_row<E: From<StoreError>>(
        &self,
        tx: &mut Tx,
        mut each: impl FnMut(&mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        let columns = self.columns();
        let text = format!(
            "SELECT {} FROM {} ORDER BY {}",
            self.def.columns.join(", "),
            self.def.name,
            self.key.join(", ")
        );
        let is_trail = std::ptr::eq(self.def, &crate::trail::ENTRIES);
        let mut object = Vec::new();
        stream(tx, self.def.name, &text, &mut |row| {
            object.clear();
            if is_trail {
                columns.write(&withhold::without_secrets(&row)?, &mut object)
            } else {
                columns.write(row.values(), &mut object)
            }
            .map_err(|detail| row.corrupt(self.key.first().copied().unwrap_or_default(), detail))?;
            each(&mut object)
        })
    }
}

/// Runs a text that is made here and not declared; an error of `each` ends the reading.
fn stream<E: From<StoreError>>(
    tx: &mut Tx,
    table: &str,
    text: &str,
    each: &mut dyn FnMut(Row) -> Result<(), E>,
) -> Result<(), E> {
    use std::ops::ControlFlow;
    let mut outcome = Ok(());
    let name = format!("archive {table}").into();
    let taken = tx.session().query(Sql { name: &name, text }, &[], &mut |row| match each(row) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            outcome = Err(error);
            ControlFlow::Break(())
        }
    });
    taken.map_err(|failure| failure.error)?;
    outcome
}
