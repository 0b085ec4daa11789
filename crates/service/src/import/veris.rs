//! The import of VERIS records: preview, or the real thing.

use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};

use nevertwice_domain::permission::Verb;
use nevertwice_domain::text::Line;
use nevertwice_exchange::planned::{CasePreview, ChangePreview, Counts, RejectionPreview};
use nevertwice_exchange::spreadsheet::mapping::FieldRule;
use nevertwice_exchange::veris::{Limits, RawRecord, Records, RejectedRecords, Standard, Strictness, plan};
use serde::{Deserialize, Serialize};

use super::rules::Rules;
use super::sheet::unreadable;
use super::source::{PlannedRows, Rejected, Source, create};
use super::view::ImportView;
use super::{fates, foresee, run};
use crate::error::ServiceError;
use crate::folder::cannot;
use crate::use_case::{Asked, UseCase};

/// Cases that a preview shows in full.
const SHOWN: usize = 5;

/// Imports VERIS records, or shows what an import would do.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportVeris {
    /// A file, or a folder of files that end in `.json` or `.jsonl`, by its absolute path.
    pub path: PathBuf,
    /// Reject records that do not fulfil version 1.4.1 instead of leaving gaps.
    pub strict: bool,
    /// Apply records that differ from an earlier file.
    pub update: bool,
    /// Show what would happen; change nothing.
    pub dry_run: bool,
}

/// What a preview found in detail.
#[derive(Serialize)]
struct Preview {
    counts: Counts,
    cases: Vec<CasePreview>,
    rejections: Vec<RejectionPreview>,
    changes: Vec<ChangePreview>,
}

/// Files of records, with what is known of the standard.
struct Incidents {
    standard: Standard,
    strictness: Strictness,
    files: Vec<PathBuf>,
    is_folder: bool,
}

impl UseCase for ImportVeris {
    type Output = ImportView;
    const NAME: &'static str = "import_veris";

    fn run(self, asked: &Asked<'_>) -> Result<ImportView, ServiceError> {
        asked.service.read(asked.identity, |unit| unit.caller.may(Verb::Import))?;
        let mut incidents = Incidents::open(&self)?;
        if self.dry_run {
            return preview(asked, &mut incidents, self.update);
        }
        let file = match incidents.is_folder {
            true => run::ImportedFile::read_folder(&self.path, &incidents.files)?,
            false => run::ImportedFile::read(&self.path)?,
        };
        let mut rules = Rules::new(self.update, format!("strict: {}", self.strict));
        rules.flag("--strict", self.strict);
        let (finished, gaps) = run::run(asked, &mut incidents, &file, &rules)?;
        let written = fates::write(asked, &mut incidents, &finished, gaps)?;
        Ok(ImportView::of_run(&finished, self.update, written))
    }
}

fn preview(asked: &Asked<'_>, incidents: &mut Incidents, update: bool) -> Result<ImportView, ServiceError> {
    let outlook = foresee::outlook(asked, incidents, update, SHOWN)?;
    let mut view = ImportView { update, ..ImportView::default() };
    view.count(outlook.counts.clone(), &outlook.places);
    let preview = Preview {
        counts: outlook.counts,
        cases: outlook.cases,
        rejections: outlook.rejections,
        changes: outlook.changes,
    };
    view.preview = Some(serde_json::to_value(&preview).map_err(ServiceError::internal)?);
    Ok(view)
}

impl Incidents {
    fn open(input: &ImportVeris) -> Result<Self, ServiceError> {
        let is_folder = input.path.is_dir();
        let files = if is_folder { files_of(&input.path)? } else { vec![input.path.clone()] };
        let strictness = if input.strict { Strictness::Strict } else { Strictness::Lenient };
        Ok(Self { standard: Standard::load().map_err(ServiceError::internal)?, strictness, files, is_folder })
    }
}

/// Files of records in a folder, by name; those below it are not looked at.
fn files_of(folder: &Path) -> Result<Vec<PathBuf>, ServiceError> {
    let entries = std::fs::read_dir(folder)
        .and_then(Iterator::collect::<std::io::Result<Vec<_>>>)
        .map_err(|error| cannot("list", folder, &error))?;
    let is_record = |path: &Path| {
        let ending = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        path.is_file() && ending.is_some_and(|ending| ending == "json" || ending == "jsonl")
    };
    let mut files: Vec<PathBuf> =
        entries.iter().map(std::fs::DirEntry::path).filter(|path| is_record(path)).collect();
    files.sort();
    if files.is_empty() {
        return Err(unreadable(format!("{} has no file that ends in .json or .jsonl", folder.display())));
    }
    Ok(files)
}

impl Source for Incidents {
    fn name(&self) -> &'static str {
        "veris"
    }

    fn profile(&self) -> Result<Line, ServiceError> {
        Line::parse("veris").map_err(ServiceError::internal)
    }

    fn columns(&self) -> Vec<String> {
        Vec::new()
    }

    fn total(&self) -> Option<u64> {
        None
    }

    fn fields(&self) -> Vec<(FieldRule, String)> {
        Vec::new()
    }

    fn rows(&mut self) -> Result<PlannedRows<'_>, ServiceError> {
        let records =
            AllRecords { files: self.files.iter(), is_named: self.is_folder, current: None, next: 1 };
        let (standard, strictness) = (&self.standard, self.strictness);
        // The first file is opened at once, so that a wrong path is told before anything is begun.
        if let Some(first) = self.files.first() {
            File::open(first).map_err(|error| cannot("read", first, &error))?;
        }
        Ok(Box::new(records.map(move |record| record.map(|record| plan(standard, strictness, record)))))
    }

    fn rejected_ending(&self) -> &'static str {
        "jsonl"
    }

    fn rejected(&self, path: &Path) -> Result<Rejected, ServiceError> {
        Ok(Rejected::Records(RejectedRecords::new(create(path)?)))
    }
}

/// The records of one file after the other, counted through.
struct AllRecords<'f> {
    files: std::slice::Iter<'f, PathBuf>,
    /// Whether a place names its file.
    is_named: bool,
    current: Option<(Records<BufReader<File>>, &'f PathBuf)>,
    next: u64,
}

impl Iterator for AllRecords<'_> {
    type Item = Result<RawRecord, ServiceError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some((records, path)) = &mut self.current {
                match records.next() {
                    Some(Ok(record)) => {
                        self.next = record.number + 1;
                        return Some(Ok(record));
                    }
                    Some(Err(error)) => return Some(Err(cannot("read", path, &error))),
                    None => self.current = None,
                }
            }
            let path = self.files.next()?;
            let name =
                self.is_named.then(|| path.file_name().unwrap_or_default().to_string_lossy().into_owned());
            match File::open(path) {
                Ok(file) => {
                    let records = Records::new(BufReader::new(file), name, self.next, Limits::default());
                    self.current = Some((records, path));
                }
                Err(error) => return Some(Err(cannot("read", path, &error))),
            }
        }
    }
}
