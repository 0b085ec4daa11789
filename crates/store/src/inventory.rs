//! Every statement, bulk table and trailed table of the crate: for the trail's verification, and for the test that
//! prepares them all on both engines.

use crate::record::{Record, RecordDef};

/// Every trailed table.
pub(crate) static RECORDS: &[&RecordDef] = &[
    <nevertwice_domain::person::PersonRecord as Record>::DEF,
    <nevertwice_domain::person::Token as Record>::DEF,
    crate::settings::DEF,
    <nevertwice_domain::field::Field as Record>::DEF,
    <nevertwice_domain::supplier::Supplier as Record>::DEF,
    <nevertwice_domain::asset::Asset as Record>::DEF,
    <nevertwice_domain::asset::AssetVersion as Record>::DEF,
    <nevertwice_domain::case::CaseRecord as Record>::DEF,
    <nevertwice_domain::case::TimelineEntry as Record>::DEF,
    <nevertwice_domain::case::CostLine as Record>::DEF,
    <nevertwice_domain::evidence::Evidence as Record>::DEF,
    <nevertwice_domain::evidence::Comment as Record>::DEF,
    <nevertwice_domain::import::Gap as Record>::DEF,
    <nevertwice_domain::review::ReviewRecord as Record>::DEF,
    crate::review::CAUSES,
    crate::review::LINKS,
    crate::lesson::LESSONS,
    crate::lesson::CASES,
    <nevertwice_domain::action::ActionRecord as Record>::DEF,
    <nevertwice_domain::action::DueMove as Record>::DEF,
    <nevertwice_domain::action::EffectivenessCheck as Record>::DEF,
    <nevertwice_domain::import::ImportRun as Record>::DEF,
];

/// Tables that are not in the trail, and why.
#[cfg(test)]
pub(crate) static UNTRAILED: &[(&str, &str)] = &[
    ("schema_migrations", "the history of the schema"),
    ("store_info", "written once; its id is in every bundle"),
    ("trail_head", "the trail itself, checked against its entries"),
    ("trail_entries", "the trail itself"),
    ("counters", "checked against the references that they gave out"),
    ("import_rows", "by which the next file is recognised; the cases they became are trailed"),
    ("import_profiles", "remembered mappings: a convenience"),
];

/// The statements of every module that declares some.
#[cfg(test)]
pub(crate) static STATEMENTS: &[&[&crate::statement::Statement]] = &[
    crate::migrate::ALL,
    crate::dialect::backup::ALL,
    crate::settings::ALL,
    crate::counter::ALL,
    crate::person::ALL,
    crate::catalogue::ALL,
    crate::case::ALL,
    crate::review::ALL,
    crate::lesson::ALL,
    crate::action::ALL,
    crate::import::ALL,
    crate::trail::ALL,
    crate::trail::read::ALL,
    crate::trail::verify::ALL,
];

/// The tables filled by [`Tx::insert_rows`](crate::engine::Tx::insert_rows) that are not trailed.
#[cfg(test)]
pub(crate) static TABLES: &[&crate::engine::TableDef] = &[
    &crate::trail::ENTRIES,
    &crate::import::ROW_TABLE,
    &crate::archive::IMPORT_PROFILES,
    &crate::archive::COUNTERS,
];

#[cfg(test)]
pub(crate) mod tests;
