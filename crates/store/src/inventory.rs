//! Every statement, bulk table and trailed table of the crate: for the trail's verification, and for the test that
//! prepares them all on both engines.

use nevertwice_domain::object::ObjectKind;

use crate::column::ColumnType;
use crate::record::{Record, RecordDef};

/// Every trailed table.
pub(crate) static RECORDS: &[&RecordDef] = &[
    <nevertwice_domain::person::PersonRecord as Record>::DEF,
    <nevertwice_domain::person::Token as Record>::DEF,
    <nevertwice_domain::account::Account as Record>::DEF,
    crate::settings::DEF,
    <nevertwice_domain::field::Field as Record>::DEF,
    <nevertwice_domain::supplier::Supplier as Record>::DEF,
    <nevertwice_domain::asset::Asset as Record>::DEF,
    <nevertwice_domain::asset::AssetVersion as Record>::DEF,
    crate::control::CONTROLS,
    <nevertwice_domain::case::CaseRecord as Record>::DEF,
    <nevertwice_domain::case::TimelineEntry as Record>::DEF,
    <nevertwice_domain::case::CostLine as Record>::DEF,
    <nevertwice_domain::evidence::Evidence as Record>::DEF,
    <nevertwice_domain::evidence::Comment as Record>::DEF,
    <nevertwice_domain::import::Gap as Record>::DEF,
    <nevertwice_domain::review::ReviewRecord as Record>::DEF,
    crate::review::CAUSES,
    crate::review::LINKS,
    crate::review::CASES,
    <nevertwice_domain::cause::Dismissal as Record>::DEF,
    <nevertwice_domain::review::SimilarLook as Record>::DEF,
    crate::lesson::LESSONS,
    crate::lesson::CASES,
    <nevertwice_domain::action::ActionRecord as Record>::DEF,
    <nevertwice_domain::action::DueMove as Record>::DEF,
    <nevertwice_domain::action::EffectivenessCheck as Record>::DEF,
    <nevertwice_domain::procedure::ProcedureRecord as Record>::DEF,
    <nevertwice_domain::lesson::LessonCoverage as Record>::DEF,
    <nevertwice_domain::lesson::LessonConfirmation as Record>::DEF,
    <nevertwice_domain::awareness::AwarenessRecord as Record>::DEF,
    <nevertwice_domain::awareness::Acknowledgement as Record>::DEF,
    <nevertwice_domain::case::ControlPerformance as Record>::DEF,
    <nevertwice_domain::control::ControlChange as Record>::DEF,
    <nevertwice_domain::case::Declaration as Record>::DEF,
    crate::risk::RISKS,
    crate::risk::CONTROLS,
    crate::risk::CASES,
    <nevertwice_domain::risk::RiskAssessment as Record>::DEF,
    <nevertwice_domain::import::ImportRun as Record>::DEF,
];

/// Text columns in which nobody can write words of their own, and why: the tables (`*` is all), the columns, the reason.
const NO_OWN_WORDS: &[(&str, &[&str], &str)] = &[
    ("*", &["reference"], "given by the register"),
    (
        "*",
        &[
            "state",
            "class",
            "kind",
            "origin",
            "decision",
            "detection",
            "basis",
            "confidence",
            "outcome",
            "scope",
        ],
        "a word of the program's own",
    ),
    ("*", &["purpose", "strength"], "a word of the program's own"),
    ("*", &["impact_initial", "impact_final"], "levels, in words of the program's own"),
    (
        "*",
        &["occurred", "detected", "reported", "acknowledged", "contained", "resolved", "closed", "collected"],
        "a time, kept with its precision",
    ),
    (
        "*",
        &["responders", "readers", "participants", "suppliers", "assets", "authors", "lessons"],
        "ids of records that are nobody's secret",
    ),
    ("actions", &["planned_cost_currency", "actual_cost_currency"], "a code of ISO 4217"),
    ("actions", &["shown_by"], "ids of evidence of the case"),
    ("awareness_items", &["audience", "roles"], "words of the program's own"),
    ("awareness_items", &["people"], "ids of records that are nobody's secret"),
    ("comments", &["correspondence"], "a word of the program's own"),
    ("cost_lines", &["currency"], "a code of ISO 4217"),
    ("evidence", &["sha256"], "a hash"),
    (
        "gaps",
        &["place"],
        "the heading of a column, or a path in a file, which the import's mapping tells too",
    ),
    ("control_performances", &["performance"], "a word of the program's own"),
    ("declarations", &["link"], "a word of the program's own"),
    ("controls", &["status"], "a word of the program's own"),
    ("risks", &["treatment"], "a word of the program's own"),
    ("reviews", &["trigger"], "a text of the program's own"),
    ("causes", &["category"], "one of the company's categories, which are of no case"),
    ("cause_links", &["effect"], "which cause"),
    ("dismissed_findings", &["rule", "statement_sha256"], "a word of the program's own, and a hash"),
    ("similar_looks", &["hits"], "ids of cases, and words of the program's own"),
];

/// A column of a trailed table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TrailedColumn {
    /// The kind of record that a row of the table belongs to.
    pub kind: ObjectKind,
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// Whether it holds text, such as a name, a list or a block; otherwise a number, a truth value, a time or an id.
    pub is_text: bool,
    /// For text, why nobody can write words of their own there, if that is so.
    pub no_own_words: Option<&'static str>,
}

impl TrailedColumn {
    /// Whether a row of the table belongs to a case or to what hangs on one, so that restricting the case hides it.
    #[must_use]
    pub fn hangs_on_a_case(&self) -> bool {
        matches!(self.kind, ObjectKind::Case | ObjectKind::Review | ObjectKind::Lesson | ObjectKind::Action)
    }
}

/// Every column of every trailed table: for whoever has to look at all that a register holds.
pub fn trailed_columns() -> impl Iterator<Item = TrailedColumn> {
    RECORDS.iter().flat_map(|def| {
        def.table.columns.iter().zip(def.types).map(|(column, kind)| TrailedColumn {
            kind: def.kind,
            table: def.table.name,
            column,
            is_text: *kind == ColumnType::Text,
            no_own_words: no_own_words(def.table.name, column),
        })
    })
}

fn no_own_words(table: &str, column: &str) -> Option<&'static str> {
    let of =
        |(of, columns, _): &&(&str, &[&str], &str)| (*of == "*" || *of == table) && columns.contains(&column);
    NO_OWN_WORDS.iter().find(of).map(|(.., why)| *why)
}

/// Tables that are not in the trail, and why.
#[cfg(test)]
pub(crate) static UNTRAILED: &[(&str, &str)] = &[
    ("schema_migrations", "the history of the schema"),
    ("store_info", "written once; its id is in every bundle"),
    ("trail_head", "the trail itself, checked against its entries"),
    ("trail_entries", "the trail itself"),
    ("counters", "checked against the references that they gave out"),
    (
        "lesson_carriers",
        "worked out from actions and coverages, which are trailed, for the schema to hold lessons to",
    ),
    ("import_rows", "by which the next file is recognised; the cases they became are trailed"),
    ("import_profiles", "remembered mappings: a convenience"),
    ("account_secrets", "hashes of passwords and seeds of codes; that they were set is in accounts"),
    ("recovery_codes", "hashes of secrets, each gone once it was used"),
    ("sessions", "who is signed in; comes and goes with every visit"),
    ("requests", "by which a request that is sent again is known; gone after a day"),
    ("jobs", "what is still to be done; what it does is trailed if anything is"),
    ("mail_preferences", "who wants no mail is nobody's business but theirs"),
    ("drafts", "what somebody has not sent yet is nobody's business but theirs; gone after thirty days"),
    ("receipts", "hashes of secrets; that somebody reported openly is in their cases"),
    ("sign_in_links", "hashes of secrets that hold for a while; that somebody was invited is in accounts"),
];

/// The statements of every module that declares some.
#[cfg(test)]
pub(crate) static STATEMENTS: &[&[&crate::statement::Statement]] = &[
    crate::migrate::ALL,
    crate::dialect::backup::ALL,
    crate::settings::ALL,
    crate::counter::ALL,
    crate::person::ALL,
    crate::account::ALL,
    crate::account::secret::ALL,
    crate::account::session::ALL,
    crate::draft::ALL,
    crate::account::link::ALL,
    crate::request::ALL,
    crate::job::ALL,
    crate::mail::ALL,
    crate::receipt::ALL,
    crate::catalogue::ALL,
    crate::case::ALL,
    crate::control::ALL,
    crate::risk::ALL,
    crate::review::ALL,
    crate::procedure::ALL,
    crate::promised::ALL,
    crate::lesson::ALL,
    crate::action::ALL,
    crate::awareness::ALL,
    crate::owed::ALL,
    crate::import::ALL,
    crate::searchable::ALL,
    crate::visibility::ALL,
    crate::work::ALL,
    crate::trail::ALL,
    crate::trail::read::ALL,
    crate::trail::verify::ALL,
];

/// The tables filled by [`Tx::insert_rows`](crate::engine::Tx::insert_rows) that are not trailed.
#[cfg(test)]
pub(crate) static TABLES: &[&crate::engine::TableDef] = &[
    &crate::trail::ENTRIES,
    &crate::import::ROW_TABLE,
    &crate::lesson::CARRIERS,
    &crate::archive::IMPORT_PROFILES,
    &crate::archive::COUNTERS,
];

#[cfg(test)]
pub(crate) mod tests;
