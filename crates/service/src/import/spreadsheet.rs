//! The import of a spreadsheet: preview, or the real thing.

use std::path::PathBuf;

use nevertwice_domain::money::Currency;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::text::Line;
use nevertwice_exchange::spreadsheet::{Answers, Mapping, Preview};
use nevertwice_store::import as imports;
use serde::{Deserialize, Serialize};

use super::rules::Rules;
use super::sheet::Sheet;
use super::source::Source as _;
use super::view::ImportView;
use super::{fates, foresee, run};
use crate::error::ServiceError;
use crate::use_case::{Asked, UseCase};

/// Cases that a preview shows in full.
const SHOWN: usize = 5;

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

impl UseCase for ImportSpreadsheet {
    type Output = ImportView;
    const NAME: &'static str = "import_spreadsheet";

    fn run(self, asked: &Asked<'_>) -> Result<ImportView, ServiceError> {
        let currency = asked.service.read(asked.identity, |unit| {
            unit.caller.may(Verb::Import)?;
            Ok(nevertwice_store::settings::get(unit.tx)?.currency)
        })?;
        let mut sheet = self.open(asked, currency)?;
        if self.dry_run {
            return preview(asked, &mut sheet, self.update);
        }
        let profile = sheet.profile()?;
        let file = run::ImportedFile::read(&self.file)?;
        let mapping = sheet.guess.mapping.to_toml().map_err(ServiceError::internal)?;
        let (finished, gaps) = run::run(asked, &mut sheet, &file, &self.rules(mapping.clone()))?;
        let written = fates::write(asked, &mut sheet, &finished, gaps)?;
        remember(asked, &profile, &sheet.guess.mapping)?;
        Ok(ImportView {
            mapping,
            notes: notes(&sheet),
            ..ImportView::of_run(&finished, self.update, written)
        })
    }
}

impl ImportSpreadsheet {
    /// The file and how to read it: by the mapping file, by what was remembered of files of this shape, or guessed.
    fn open(&self, asked: &Asked<'_>, currency: Currency) -> Result<Sheet, ServiceError> {
        let mapping = self.mapping()?;
        let mut layout = mapping.as_ref().map(|mapping| mapping.layout.clone()).unwrap_or_default();
        layout.sheet = self.sheet.clone().or(layout.sheet);
        let (spreadsheet, survey) = Sheet::look(&self.file, &layout)?;
        let profile = Line::parse(&survey.header.fingerprint()).map_err(ServiceError::internal)?;
        let known = asked.service.read(asked.identity, |unit| Ok(imports::mapping(unit.tx, &profile)?))?;
        let remembered =
            known.as_deref().map(Mapping::from_toml).transpose().map_err(ServiceError::internal)?;
        let answers = Answers {
            mapping,
            remembered,
            date_order: answer("date_order", self.date_order.as_deref())?,
            severity_worst: answer("severity_worst", self.severity_worst.as_deref())?,
            currency: Some(currency),
            class: None,
        };
        Sheet::understand(spreadsheet, survey, &answers)
    }

    /// What the options and what was remembered come down to is the mapping.
    fn rules(&self, mapping: String) -> Rules {
        let mut rules = Rules::new(self.update, mapping);
        let map = self.map.as_ref().and_then(|path| path.file_name());
        rules.option("--map", map.map(|name| name.to_string_lossy()).as_deref());
        rules.option("--sheet", self.sheet.as_deref());
        rules.option("--date-order", self.date_order.as_deref());
        rules.option("--severity-worst", self.severity_worst.as_deref());
        rules
    }

    fn mapping(&self) -> Result<Option<Mapping>, ServiceError> {
        let Some(path) = &self.map else { return Ok(None) };
        let wrong = |error: &dyn std::fmt::Display| {
            ServiceError::invalid("map", "import.mapping", format!("{}: {error}", path.display()))
        };
        let text = std::fs::read_to_string(path).map_err(|error| wrong(&error))?;
        Mapping::from_toml(&text).map(Some).map_err(|error| wrong(&error))
    }
}

fn answer<T: std::str::FromStr>(field: &str, text: Option<&str>) -> Result<Option<T>, ServiceError>
where
    T::Err: std::fmt::Display,
{
    text.map(str::parse).transpose().map_err(|error| ServiceError::invalid(field, "import.answer", error))
}

fn preview(asked: &Asked<'_>, sheet: &mut Sheet, update: bool) -> Result<ImportView, ServiceError> {
    let mut found = Preview::of_columns(&sheet.survey, &sheet.guess);
    // While a question is open, nobody can say what becomes of a row.
    if sheet.guess.blocking().is_empty() {
        found.of_rows(foresee::outlook(asked, sheet, update, SHOWN)?);
    }
    let mut view = ImportView {
        read: found.row_count,
        update,
        mapping: sheet.guess.mapping.to_toml().map_err(ServiceError::internal)?,
        notes: notes(sheet),
        preview: Some(serde_json::to_value(&found).map_err(ServiceError::internal)?),
        ..ImportView::default()
    };
    if let Some(counts) = found.counts {
        view.count(counts, &found.places);
    }
    Ok(view)
}

/// What was decided and what is open, for people.
fn notes(sheet: &Sheet) -> Vec<String> {
    let said = |column: &Option<String>, text: &str| match column {
        Some(column) => format!("{column}: {text}"),
        None => text.to_owned(),
    };
    let notes = sheet.guess.notes.iter().map(|note| said(&note.column, &note.text));
    let questions =
        sheet.guess.questions.iter().map(|q| said(&q.column, &format!("{} ({})", q.text, q.answer)));
    notes.chain(questions).collect()
}

fn remember(asked: &Asked<'_>, profile: &Line, mapping: &Mapping) -> Result<(), ServiceError> {
    let text = mapping.clone().without_layout().to_toml().map_err(ServiceError::internal)?;
    let profile = profile.clone();
    asked.service.write(asked.identity, "remember_mapping", move |unit| {
        Ok(imports::remember_mapping(unit.tx, &profile, &text, unit.moment.at)?)
    })?;
    Ok(())
}
