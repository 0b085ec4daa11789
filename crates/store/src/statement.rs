//! Named SQL statements: one text for both engines, written with `$1, $2, …`.

use std::sync::{Arc, OnceLock};

#[cfg(test)]
mod tests;

/// Which engine a session speaks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// A statement declared with [`statements!`](crate::statements). Its name stands in every error.
///
/// `$*` in place of the parameters marks a list: see [`Tx::query_list`](crate::engine::Tx::query_list).
#[derive(Debug)]
pub struct Statement {
    name: &'static str,
    sql: &'static str,
    /// The name once more as a shared text, so that rows can carry it without a copy each.
    shared_name: OnceLock<Arc<str>>,
    sqlite: OnceLock<String>,
}

impl Statement {
    /// For [`statements!`](crate::statements).
    #[must_use]
    pub const fn new(name: &'static str, sql: &'static str) -> Self {
        Self { name, sql, shared_name: OnceLock::new(), sqlite: OnceLock::new() }
    }

    /// Module and name, such as `action::FIND`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name.strip_prefix("nevertwice_store::").unwrap_or(self.name)
    }

    /// The text as declared.
    #[must_use]
    pub fn sql(&self) -> &'static str {
        self.sql
    }

    pub(crate) fn shared_name(&self) -> &Arc<str> {
        self.shared_name.get_or_init(|| Arc::from(self.name()))
    }

    /// The text in the form the engine takes, worked out once.
    pub(crate) fn text(&self, dialect: Dialect) -> &str {
        match dialect {
            Dialect::Postgres => self.sql,
            Dialect::Sqlite => self.sqlite.get_or_init(|| number_parameters(self.sql)),
        }
    }

    /// Whether its parameters are one list (`$*`).
    #[cfg(test)]
    pub(crate) fn is_list(&self) -> bool {
        self.sql.contains("$*")
    }
}

/// Declares the statements of a module and their inventory `ALL`, which one test prepares on both engines.
///
/// ```text
/// statements! {
///     /// One action by its reference.
///     FIND = "SELECT id, title FROM actions WHERE reference = $1";
/// }
/// ```
/// declares `static FIND: &Statement` (named `module::FIND`) and `pub(crate) static ALL: &[&Statement]`.
/// A module without statements of its own needs none; the list of modules is in `crate::inventory`.
#[macro_export]
macro_rules! statements {
    ($( $(#[$meta:meta])* $vis:vis $name:ident = $sql:expr; )+) => {
        $( $(#[$meta])*
        $vis static $name: &$crate::statement::Statement = {
            static DECLARED: $crate::statement::Statement =
                $crate::statement::Statement::new(concat!(module_path!(), "::", stringify!($name)), $sql);
            &DECLARED
        }; )+

        /// Every statement of this module.
        #[cfg(test)]
        pub(crate) static ALL: &[&$crate::statement::Statement] = &[$($name),+];
        // The statements of test modules are in no inventory; they are used all the same.
        #[cfg(test)]
        const _: fn() -> usize = || ALL.len();
    };
}

/// Rewrites `$n` to `?n`, but not inside literals, quoted names and comments.
///
/// In SQLite `$1` is a *named* parameter, numbered by first appearance; `?1` means what PostgreSQL means by `$1`.
pub(crate) fn number_parameters(sql: &str) -> String {
    let bytes = sql.as_bytes();
    let mut out = String::with_capacity(sql.len());
    let mut at = 0;
    while at < bytes.len() {
        let end = match (bytes[at], bytes.get(at + 1)) {
            (quote @ (b'\'' | b'"'), _) => after(sql, at + 1, if quote == b'"' { "\"" } else { "'" }),
            (b'-', Some(b'-')) => after(sql, at + 2, "\n"),
            (b'/', Some(b'*')) => after(sql, at + 2, "*/"),
            (b'$', Some(digit)) if digit.is_ascii_digit() => {
                out.push('?');
                at += 1;
                continue;
            }
            _ => at + sql[at..].chars().next().map_or(1, char::len_utf8),
        };
        out.push_str(&sql[at..end]);
        at = end;
    }
    out
}

/// The position after the next `closing` from `from`, or the end. A doubled quote reads as two literals: the same.
fn after(sql: &str, from: usize, closing: &str) -> usize {
    sql[from..].find(closing).map_or(sql.len(), |at| from + at + closing.len())
}
