//! The migration files, compiled in.

use super::Migration;

/// Declares the migrations from the names of their files, the same for both engines.
macro_rules! migrations {
    ($($number:literal $name:literal),+ $(,)?) => {
        &[$(Migration {
            number: $number,
            name: $name,
            sqlite: include_str!(concat!("../../migrations/sqlite/", $name, ".sql")),
            postgres: include_str!(concat!("../../migrations/postgres/", $name, ".sql")),
        }),+]
    };
}

/// Every step, oldest first. Steps are only ever added at the end; a released file never changes.
pub(crate) static MIGRATIONS: &[Migration] = migrations![
    1 "0001_foundation",
    2 "0002_register",
    3 "0003_accounts",
    4 "0004_requests",
    5 "0005_jobs",
    6 "0006_mail",
    7 "0007_open_reports",
    8 "0008_drafts",
    9 "0009_procedure",
    10 "0010_controls_risks",
    11 "0011_lessons_actions",
    12 "0012_causes",
    13 "0013_actions_under_procedure",
    14 "0014_work_in_order",
    15 "0015_checks_judged_early",
    16 "0016_lessons_failed",
];
