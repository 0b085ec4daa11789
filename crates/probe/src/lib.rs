//! For tests only: what must hold of every reader of this program, whatever bytes it is given.
//!
//! A [`Probe`] gives bytes to one reader and asserts what has to be true of any answer: nothing panics, what was read
//! can be written and read again, what is accepted is what was signed. The fuzz targets in `fuzz/` run the probes for
//! as long as one likes, with feedback on which code was reached; the tests of this crate run each on its seeds, on
//! what once broke it, and on some thousand changed seeds.

mod archive;
mod bundle;
mod change;
mod entry;
mod mapping;
mod note;
mod query;
mod row;
mod rules;
mod sheet;
mod table;
mod trail;
mod value;
mod veris;
mod workbook;

#[cfg(test)]
mod tests;

pub use change::{Change, changed};

/// A reader, what must hold of it, and examples of what it reads.
#[derive(Debug, Clone, Copy)]
pub struct Probe {
    /// Its name, that of the fuzz target too.
    pub name: &'static str,
    /// Gives bytes to the reader. Panics when something does not hold that must.
    pub run: fn(&[u8]),
    /// What to start from: inputs that the reader accepts, or nearly.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All of them.
pub const PROBES: [Probe; 12] = [
    Probe { name: "archive", run: archive::run, seeds: archive::seeds },
    Probe { name: "bundle", run: bundle::run, seeds: bundle::seeds },
    Probe { name: "entry", run: entry::run, seeds: entry::seeds },
    Probe { name: "mapping", run: mapping::run, seeds: mapping::seeds },
    Probe { name: "note", run: note::run, seeds: note::seeds },
    Probe { name: "query", run: query::run, seeds: query::seeds },
    Probe { name: "row", run: row::run, seeds: row::seeds },
    Probe { name: "rules", run: rules::run, seeds: rules::seeds },
    Probe { name: "table", run: table::run, seeds: table::seeds },
    Probe { name: "value", run: value::run, seeds: value::seeds },
    Probe { name: "veris", run: veris::run, seeds: veris::seeds },
    Probe { name: "workbook", run: workbook::run, seeds: workbook::seeds },
];

/// The probe of a name.
#[must_use]
pub fn probe(name: &str) -> Option<&'static Probe> {
    PROBES.iter().find(|probe| probe.name == name)
}

/// Runs the probe of a name, which must be one of [`PROBES`].
pub fn run(name: &str, bytes: &[u8]) {
    let found = probe(name);
    assert!(found.is_some(), "there is no probe {name}");
    if let Some(probe) = found {
        (probe.run)(bytes);
    }
}

/// The bytes as text, what is not UTF-8 replaced.
fn text(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}
