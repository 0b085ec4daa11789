//! The import of a spreadsheet: preview, or the real thing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use nevertwice_domain::permission::Verb;
use nevertwice_domain::text::Line;
use nevertwice_exchange::spreadsheet::{Answers, Mapping, Preview, ReadOptions, Source, guess, preview};
use nevertwice_store::import as imports;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{fates, run};
use crate::error::{Kind, ServiceError};
use crate::use_case::{Asked, UseCase};

/// Imports a spreadsheet, or shows what an import would do.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportSpreadsheet {
    /// The file, by its absolute path.
    pub file: PathBuf,
    /// A mapping file instead of the guess or the remembered mapping.
    pub map: Option<PathBuf>,
    /// Which sheet of a workbook.
    pub sheet: Option<String>,
    /// The order of day, month and year where a column leaves it open.
    pub date_order: Option<DateOrderInput>,
    /// Which end of a numeric severity scale is worst.
    pub severity_worst: Option<WorstInput>,
    /// Apply rows that differ from an earlier file.
    pub update: bool,
    /// Show what would happen; change nothing.
    pub dry_run: bool,
}

/// Order of day, month and year: `dmy`, `mdy` or `ymd`.
pub type DateOrderInput = String;
/// Which end is worst: `high` or `low`.
pub type WorstInput = String;

/// What an import did, or would do.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct ImportView {
    /// Reference of the run; none for a preview.
    pub run: Option<String>,
    /// Rows read, blank ones included.
    pub read: u64,
    /// Rows that became cases.
    pub created: u64,
    /// Rows that differ from an earlier file.
    pub changed: u64,
    /// Rows that were there already, and blank ones.
    pub skipped: u64,
    /// Rows that could not be used.
    pub rejected: u64,
    /// Gaps by kind, of the rows that became cases; with `duplicate_reference` and `blank_row`.
    pub gaps: BTreeMap<String, u64>,
    /// The fate of every row, CSV.
    pub fates_file: Option<String>,
    /// The rejected rows, to be mended and imported again, CSV.
    pub rejected_file: Option<String>,
    /// The mapping that was used, TOML.
    pub mapping: String,
    /// What was guessed and is worth a look.
    pub notes: Vec<String>,
    /// What a preview found in detail.
    #[schema(value_type = Option<Object>)]
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub preview: Option<serde_json::Value>,
}

impl UseCase for ImportSpreadsheet {
    type Output = ImportView;
    const NAME: &'static str = "import_spreadsheet";

    fn run(self, asked: &Asked<'_>) -> Result<ImportView, ServiceError> {
        let currency = asked.service.read(asked.identity, |unit| {
            unit.caller.may(Verb::Import)?;
            Ok(nevertwice_store::settings::get(unit.tx)?.currency)
        })?;
        let answers = self.answers(currency)?;
        let (mut source, mapping, notes) = self.open(asked, &answers)?;
        if self.dry_run {
            return self.preview(&mut source, &answers, mapping, notes);
        }
        let profile = profile_of(&mapping)?;
        let file = run::ImportedFile::read(&self.file)?;
        let finished = run::run(asked, &mut source, &mapping, &profile, &file, self.update)?;
        let written = fates::write(asked, &mut source, &mapping, &finished)?;
        remember(asked, &profile, &mapping)?;
        Ok(ImportView {
            run: Some(finished.reference.to_string()),
            read: finished.read_count,
            created: finished.created_count,
            changed: finished.changed_count,
            skipped: finished.skipped_count,
            rejected: finished.rejected_count,
            gaps: written.gaps,
            fates_file: Some(written.fates_file),
            rejected_file: written.rejected_file,
            mapping: mapping.to_toml().map_err(ServiceError::internal)?,
            notes,
            preview: None,
        })
    }
}

impl ImportSpreadsheet {
    fn answers(&self, currency: nevertwice_domain::money::Currency) -> Result<Answers, ServiceError> {
        let date_order = self
            .date_order
            .as_deref()
            .map(str::parse)
            .transpose()
            .map_err(|error| ServiceError::invalid("date_order", "import.date_order", error))?;
        let severity_worst = self
            .severity_worst
            .as_deref()
            .map(str::parse)
            .transpose()
            .map_err(|error| ServiceError::invalid("severity_worst", "import.severity_worst", error))?;
        Ok(Answers { date_order, severity_worst, default_currency: Some(currency) })
    }

    /// The file and how to read it: by the mapping file, by what was remembered of files of this shape, or guessed.
    fn open(
        &self,
        asked: &Asked<'_>,
        answers: &Answers,
    ) -> Result<(Source, Mapping, Vec<String>), ServiceError> {
        if let Some(path) = &self.map {
            let mut mapping = read_mapping(path)?;
            mapping.apply(answers);
            let source = self.source(&mapping.read_options())?;
            return Ok((source, mapping, Vec::new()));
        }
        let options = ReadOptions { sheet: self.sheet.clone(), ..ReadOptions::default() };
        let mut source = self.source(&options)?;
        let guessed = guess(&mut source, answers).map_err(unreadable)?;
        let profile = profile_of(&guessed.mapping)?;
        let known = asked.service.read(asked.identity, |unit| Ok(imports::mapping(unit.tx, &profile)?))?;
        if let Some(text) = known {
            let mut mapping = Mapping::from_toml(&text).map_err(ServiceError::internal)?;
            mapping.apply(answers);
            let source = self.source(&mapping.read_options())?;
            let note =
                "the mapping remembered for files of this shape was used; --map takes another".to_owned();
            return Ok((source, mapping, vec![note]));
        }
        let mut notes = guessed.notes;
        notes.extend(guessed.questions.iter().map(ToString::to_string));
        Ok((source, guessed.mapping, notes))
    }

    fn source(&self, options: &ReadOptions) -> Result<Source, ServiceError> {
        Source::open(&self.file, options).map_err(unreadable)
    }

    fn preview(
        &self,
        source: &mut Source,
        answers: &Answers,
        mapping: Mapping,
        notes: Vec<String>,
    ) -> Result<ImportView, ServiceError> {
        let mut guessed = guess(source, answers).map_err(unreadable)?;
        guessed.mapping = mapping;
        let found: Preview = preview(source, &guessed).map_err(unplannable)?;
        let mut gaps = found.gaps.clone();
        gaps.insert("duplicate_reference".to_owned(), found.duplicate_references);
        gaps.insert("blank_row".to_owned(), found.blank);
        Ok(ImportView {
            run: None,
            read: found.read,
            created: found.cases,
            skipped: found.blank,
            rejected: found.rejected,
            gaps,
            mapping: guessed.mapping.to_toml().map_err(ServiceError::internal)?,
            notes,
            preview: Some(serde_json::to_value(&found).map_err(ServiceError::internal)?),
            ..ImportView::default()
        })
    }
}

fn read_mapping(path: &Path) -> Result<Mapping, ServiceError> {
    let wrong = |error: &dyn std::fmt::Display| {
        ServiceError::invalid("map", "import.mapping", format!("{}: {error}", path.display()))
    };
    let text = std::fs::read_to_string(path).map_err(|error| wrong(&error))?;
    Mapping::from_toml(&text).map_err(|error| wrong(&error))
}

fn profile_of(mapping: &Mapping) -> Result<Line, ServiceError> {
    Line::parse(&mapping.profile()).map_err(ServiceError::internal)
}

fn remember(asked: &Asked<'_>, profile: &Line, mapping: &Mapping) -> Result<(), ServiceError> {
    let text = mapping.to_toml().map_err(ServiceError::internal)?;
    let profile = profile.clone();
    asked.service.write(asked.identity, "remember_mapping", move |unit| {
        Ok(imports::remember_mapping(unit.tx, &profile, &text, unit.moment.at)?)
    })?;
    Ok(())
}

/// A file that cannot be read.
pub(super) fn unreadable(error: impl std::fmt::Display) -> ServiceError {
    ServiceError::invalid("file", "import.unreadable", error)
}

/// A file that can be read, but not be understood without an answer.
pub(super) fn unplannable(error: impl std::fmt::Display) -> ServiceError {
    ServiceError::new(Kind::Invalid, "import.question_open", error)
}
