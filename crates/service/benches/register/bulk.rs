//! Work on the whole register: import, rebuilding the index, verifying the trail, a backup.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use nevertwice_service::backup::CreateBackup;
use nevertwice_service::case::RestrictCase;
use nevertwice_service::import::ImportSpreadsheet;
use nevertwice_service::register::VerifyTrail;
use nevertwice_service::search::{ListCases, RebuildIndex};

use crate::figure::{Bound, Figure, timed};
use crate::scratch::Register;
use crate::{Outcome, corpus};

/// Threads that restrict cases; not measured.
const THREADS: usize = 8;

/// What an import made.
pub(crate) struct Imported {
    /// Rows of the register: cases and all that hangs on them.
    pub(crate) records: u64,
    pub(crate) figures: Vec<Figure>,
}

/// Fills an empty register with `count` cases from a spreadsheet.
pub(crate) fn import(register: &Register, scratch: &Path, count: u64) -> Outcome<Imported> {
    let file = scratch.join("register.csv");
    corpus::write(&file, count)?;
    let before = register.ask(VerifyTrail {})?.rows;
    let import = ImportSpreadsheet {
        file,
        map: None,
        sheet: None,
        date_order: None,
        severity_worst: None,
        update: false,
        dry_run: false,
    };
    let (imported_s, view) = timed(|| register.ask(import))?;
    if (view.created, view.rejected) != (count, 0) {
        return Err(format!(
            "expected {count} cases, {} were created, {} rejected",
            view.created, view.rejected
        )
        .into());
    }
    // At a million cases verifying takes minutes: it counts the rows and is measured in one.
    let (verified_s, verified) = timed(|| register.ask(VerifyTrail {}))?;
    if !verified.ok {
        return Err(format!("the trail does not verify: {:?}", verified.findings.first()).into());
    }
    let records = verified.rows - before;
    let rate = records as f64 / imported_s;
    let figures = vec![
        Figure::new("import, durable records", "/s", rate).target("≥ 10,000 /s", Bound::AtLeast(10_000.0)),
        Figure::new("import, whole spreadsheet", "s", imported_s),
        Figure::new("trail verified", "s", verified_s),
        Figure::new("trail verified, rows", "/s", verified.rows as f64 / verified_s),
    ];
    Ok(Imported { records, figures })
}

/// Lists for the first time after an import, which fills the index.
pub(crate) fn first_list(register: &Register, count: u64) -> Outcome<Figure> {
    let list = ListCases { query: String::new(), limit: 1, after: None, sort: None };
    let (searchable_s, page) = timed(|| register.ask(list))?;
    if page.total != count {
        return Err(format!("expected {count} cases in the index, found {}", page.total).into());
    }
    Ok(Figure::new("searchable after the import", "s", searchable_s))
}

/// Puts a tenth of the cases on need-to-know lists. Before there is an index: one that is there follows each of them
/// before the next is answered, which is measured by itself.
pub(crate) fn restrict_a_tenth(register: &Register, count: u64) -> Outcome<()> {
    let next = AtomicU64::new(1);
    std::thread::scope(|scope| {
        let restrict = || -> Outcome<()> {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed) * 10;
                if number > count {
                    return Ok(());
                }
                register.ask(RestrictCase { case: register.case(number)?, readers: Some(Vec::new()) })?;
            }
        };
        let running: Vec<_> = (0..THREADS).map(|_| scope.spawn(restrict)).collect();
        running.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a writer panicked")?)
    })
}

/// Measures what is done to the register as a whole.
pub(crate) fn measure(register: &Register, scratch: &Path) -> Outcome<Vec<Figure>> {
    let (rebuilt_s, rebuilt) = timed(|| register.ask(RebuildIndex {}))?;
    let backup = CreateBackup { out: Some(scratch.join("backup")), with_keys: false };
    let (backed_up_s, backup) = timed(|| register.ask(backup))?;
    Ok(vec![
        Figure::new("index rebuilt", "s", rebuilt_s),
        Figure::new("index rebuilt, documents", "/s", rebuilt.documents as f64 / rebuilt_s),
        Figure::new("backup made", "s", backed_up_s),
        Figure::new("backup made, size", "MB", backup.size_bytes as f64 / 1e6),
    ])
}
