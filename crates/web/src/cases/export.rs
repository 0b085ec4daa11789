//! The register as a table to carry away: exactly what the filter shows, in its order, all pages of it.

use std::io::Seek as _;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum_extra::extract::Query;
use nevertwice_domain::when::When;
use nevertwice_render::table::{Cell, CsvWriter, Kind, Table, TableError, Workbook, XlsxWriter};
use nevertwice_service::search::{CaseRow, ListCases};
use nevertwice_service::{Kind as Failure, ServiceError};
use tokio_util::io::ReaderStream;

use super::filter::Asked;
use crate::app::App;
use crate::paths;
use crate::problem::Problem;
use crate::viewer::Viewer;

/// Rows read at once.
const PAGE: usize = 1_000;

/// A format of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Csv,
    Xlsx,
}

/// Gives the table as a file.
pub(crate) async fn export(
    path: paths::CasesExport,
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let asked = asked.settled();
    let format = match path.ending.as_str() {
        "csv" => Format::Csv,
        "xlsx" => Format::Xlsx,
        _ => return Err(Problem::no_such_page()),
    };
    let file = app.blocking(move |app| written(app, &viewer, &asked, format)).await?;
    let (kind, name) = match format {
        Format::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"cases.csv\""),
        Format::Xlsx => (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "attachment; filename=\"cases.xlsx\"",
        ),
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static(name)),
    ];
    Ok((headers, Body::from_stream(ReaderStream::new(tokio::fs::File::from_std(file)))).into_response())
}

/// Writes the table into a file without a name, which is gone when it was sent.
fn written(app: &App, viewer: &Viewer, asked: &Asked, format: Format) -> Result<std::fs::File, ServiceError> {
    let mut file = tempfile::tempfile_in(app.service().root()).map_err(|error| no_room(&error))?;
    let table = table();
    match format {
        Format::Csv => {
            let mut writer =
                CsvWriter::new(&table, std::io::BufWriter::new(&mut file)).map_err(|e| failed(&e))?;
            each(app, viewer, asked, |row| writer.row(&cells(&row)))?;
            writer.finish().map_err(|error| failed(&error))?;
        }
        Format::Xlsx => {
            let created_at = app.service().moment().at.to_jiff();
            let options = Workbook { created_at, scratch: Some(app.service().root()) };
            let mut writer = XlsxWriter::new(&table, &options).map_err(|error| failed(&error))?;
            each(app, viewer, asked, |row| writer.row(&cells(&row)))?;
            writer.finish(&mut file).map_err(|error| failed(&error))?;
        }
    }
    file.rewind().map_err(|error| no_room(&error))?;
    Ok(file)
}

/// Reads page after page.
fn each(
    app: &App,
    viewer: &Viewer,
    asked: &Asked,
    mut write: impl FnMut(CaseRow) -> Result<(), TableError>,
) -> Result<(), ServiceError> {
    let mut after = None;
    loop {
        let use_case = ListCases {
            query: asked.q.clone(),
            limit: PAGE,
            after,
            sort: Some(asked.sort.clone()).filter(|sort| !sort.is_empty()),
        };
        let list = app.run(&viewer.identity, use_case)?;
        for row in list.items {
            write(row).map_err(|error| failed(&error))?;
        }
        after = list.next;
        if after.is_none() {
            return Ok(());
        }
    }
}

fn table() -> Table {
    Table::new("Cases")
        .with("Reference", Kind::Reference)
        .with("Title", Kind::Text)
        .with("Class", Kind::Text)
        .with("State", Kind::Text)
        .with("Severity", Kind::Number)
        .with("Category", Kind::Text)
        .with("Reported", Kind::Date)
        .with("Registered at", Kind::Text)
        .with("Earlier reference", Kind::Text)
        .with("Occurred", Kind::Date)
        .with("Detected", Kind::Date)
        .with("Responders", Kind::Text)
        .with("Tags", Kind::Text)
}

fn cells(row: &CaseRow) -> [Cell; 13] {
    let text = |value: &Option<String>| value.as_deref().map_or(Cell::Empty, Cell::from);
    [
        Cell::from(row.reference.as_str()),
        Cell::from(row.title.as_str()),
        Cell::from(row.class.as_str()),
        Cell::from(row.state.as_str()),
        row.severity.map_or(Cell::Empty, |level| Cell::Number(f64::from(level))),
        text(&row.category),
        when(row.reported.as_deref()),
        text(&row.registered_at),
        text(&row.origin_reference),
        when(row.occurred.as_deref()),
        when(row.detected.as_deref()),
        several(&row.responders),
        several(&row.tags),
    ]
}

/// A day where exactly a day is known; anything else as it is written, for a cell cannot hold half a date.
fn when(text: Option<&str>) -> Cell {
    let Some(text) = text else { return Cell::Empty };
    match text.parse::<When>() {
        Ok(when) if when.precision() == nevertwice_domain::when::Precision::Day => {
            when.date().map_or(Cell::from(text), Cell::Date)
        }
        _ => Cell::from(text),
    }
}

/// Several values of one field, apart by semicolons, as an import reads them: a name may have a comma in it.
fn several(texts: &[String]) -> Cell {
    if texts.is_empty() { Cell::Empty } else { Cell::from(texts.join("; ")) }
}

fn failed(error: &TableError) -> ServiceError {
    match error {
        TableError::TooManyRows { .. } => ServiceError::new(Failure::Invalid, "export.too_many_rows", error),
        TableError::Output(error) => no_room(error),
        other => ServiceError::internal(other),
    }
}

fn no_room(error: &std::io::Error) -> ServiceError {
    // Where the register lies is nobody's business but that of whoever reads the log.
    tracing::error!(%error, "the table cannot be written");
    let message = "the table cannot be written to the disk of the server; its log says why";
    ServiceError::new(Failure::Unavailable, "export.io", message)
}
