//! What is in an archive only for people: a page for each case, and sheets of cases, actions and lessons.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use nevertwice_domain::case::Case;
use nevertwice_domain::field::Field;
use nevertwice_domain::id::CaseId;
use nevertwice_domain::reference::Reference as _;
use nevertwice_domain::time::Date;
use nevertwice_exchange::archive::{Manifest, Sheet};
use nevertwice_store::{Tx, case as cases, catalogue};
use uuid::Uuid;

use super::pages;
use crate::case::{CaseView, EveryRules, Names, put_together};
use crate::catalogue::by_key;
use crate::error::ServiceError;
use crate::feed::Gathered;
use crate::folder::{cannot, create_private, make_private};
use crate::use_case::Progress;

/// Cases read at once.
const PORTION: u32 = 256;

/// Writes every page and sheet.
///
/// # Errors
/// What the store or the file system reports.
pub(super) fn write(
    tx: &mut Tx,
    folder: &Path,
    manifest: &Manifest,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<(), ServiceError> {
    make_private(folder).map_err(|error| cannot("make the folder", folder, &error))?;
    let about = folder.join("README.md");
    write_file(&about, pages::about(manifest).as_bytes())?;
    let mut views = Views {
        folder,
        names: Names::all(tx)?,
        fields: catalogue::fields(tx)?,
        cases: sheet(folder, "cases.csv", pages::CASE_COLUMNS)?,
        actions: sheet(folder, "actions.csv", pages::ACTION_COLUMNS)?,
        lessons: sheet(folder, "lessons.csv", pages::LESSON_COLUMNS)?,
        rules: EveryRules::read(tx)?,
        years: BTreeSet::new(),
    };
    let total = Some(cases::count(tx)?);
    let (mut after, mut done) = (CaseId::new(Uuid::nil()), 0);
    loop {
        let ids = cases::ids_after(tx, after, PORTION)?;
        let Some(last) = ids.last() else { break };
        after = *last;
        views.write_portion(tx, &ids)?;
        done += ids.len() as u64;
        progress(Progress { done, total });
    }
    for (path, sheet) in [views.cases, views.actions, views.lessons] {
        let out = sheet.finish().map_err(|error| cannot("write", &path, &error))?;
        out.into_inner().map_err(|error| cannot("write", &path, &error.into_error()))?;
    }
    Ok(())
}

type NamedSheet = (PathBuf, Sheet<BufWriter<File>>);

struct Views<'f> {
    folder: &'f Path,
    names: Names,
    fields: Vec<Field>,
    rules: EveryRules,
    cases: NamedSheet,
    actions: NamedSheet,
    lessons: NamedSheet,
    /// Years whose folder is there.
    years: BTreeSet<i16>,
}

impl Views<'_> {
    fn write_portion(&mut self, tx: &mut Tx, ids: &[CaseId]) -> Result<(), ServiceError> {
        let all = cases::several(tx, ids)?;
        let parents: Vec<CaseId> = all.iter().filter_map(|case| case.part_of).collect();
        let parents: BTreeMap<CaseId, String> = cases::references(tx, &parents)?
            .into_iter()
            .map(|(id, reference)| (id, reference.to_string()))
            .collect();
        let mut gathered = Gathered::read(tx, &all)?;
        for case in &all {
            let mut hanging = gathered.take(case.id);
            hanging.parent = case.part_of.and_then(|id| parents.get(&id).cloned());
            let fields = by_key(&self.fields, &case.fields);
            // On no day in particular: an archive is the same whenever it is made.
            let rules = self.rules.of(hanging.records().procedure());
            let view = put_together(case, hanging, &self.names, fields, (rules, Date::MIN));
            self.write_case(case, &view)?;
        }
        Ok(())
    }

    fn write_case(&mut self, case: &Case, view: &CaseView) -> Result<(), ServiceError> {
        let year = case.reference.year();
        let folder = self.folder.join("cases").join(format!("{year:04}"));
        if self.years.insert(year) {
            make_private(&folder).map_err(|error| cannot("make the folder", &folder, &error))?;
        }
        let path = folder.join(format!("{}.md", case.reference));
        write_file(&path, pages::page(view).markdown().as_bytes())?;
        add(&mut self.cases, &pages::case_row(view))?;
        for row in pages::action_rows(view) {
            add(&mut self.actions, &row)?;
        }
        for row in pages::lesson_rows(view) {
            add(&mut self.lessons, &row)?;
        }
        Ok(())
    }
}

fn sheet(folder: &Path, name: &str, columns: &[&str]) -> Result<NamedSheet, ServiceError> {
    let path = folder.join(name);
    let out = BufWriter::new(create_private(&path)?);
    let sheet = Sheet::new(out, columns).map_err(|error| cannot("write", &path, &error))?;
    Ok((path, sheet))
}

fn add((path, sheet): &mut NamedSheet, row: &[String]) -> Result<(), ServiceError> {
    sheet.write(row).map_err(|error| cannot("write", path, &error))
}

fn write_file(path: &Path, content: &[u8]) -> Result<(), ServiceError> {
    create_private(path)?.write_all(content).map_err(|error| cannot("write", path, &error))
}
