//! For tests only: databases, a fixed clock, scratch folders.

mod database;
mod postgres;

pub use database::{Engine, TestDatabase, engines};
pub use postgres::{PostgresServer, program};

/// Makes a test of each named function `fn(&TestDatabase)`, run on every engine of [`engines`].
///
/// ```text
/// nevertwice_testkit::on_each_engine!(a_case_is_read_back, a_voided_case_stays);
///
/// fn a_case_is_read_back(database: &TestDatabase) { … }
/// ```
#[macro_export]
macro_rules! on_each_engine {
    ($($name:ident),+ $(,)?) => {
        mod on_each_engine {
            $(#[test]
            fn $name() {
                for engine in $crate::engines() {
                    engine.run(super::$name);
                }
            })+
        }
    };
}
