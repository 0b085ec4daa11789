//! Workbooks (.xlsx), read cell by cell through calamine. The archive was checked before, see [`super::archive`].

use std::io::{Read, Seek};
use std::panic::AssertUnwindSafe;

use calamine::{DataRef, Reader as _, SheetType, SheetVisible, Xlsx, XlsxCellReader};
use jiff::civil::DateTime;

use super::error::ReadError;
use super::{Cell, Limits, NOT_COMPUTED, RawRow};

/// An opened workbook.
pub(super) struct Workbook<R> {
    xlsx: Xlsx<R>,
}

impl<R: Read + Seek> Workbook<R> {
    pub(super) fn open(mut input: R, limits: &Limits) -> Result<Self, ReadError> {
        super::archive::check(&mut input, limits)?;
        let xlsx = guarded(|| Xlsx::new(input).map_err(ReadError::damaged))?;
        Ok(Self { xlsx })
    }

    /// The names of its worksheets, the visible ones first.
    pub(super) fn sheets(&self) -> Vec<String> {
        let metadata = self.xlsx.sheets_metadata();
        let named = |visible: bool| {
            metadata
                .iter()
                .filter(move |s| {
                    s.typ == SheetType::WorkSheet && (s.visible == SheetVisible::Visible) == visible
                })
                .map(|s| s.name.clone())
        };
        named(true).chain(named(false)).collect()
    }

    pub(super) fn rows<'a>(
        &'a mut self,
        sheet: &str,
        limits: Limits,
    ) -> Result<WorkbookRows<'a, R>, ReadError> {
        let xlsx = &mut self.xlsx;
        let cells = guarded(|| xlsx.worksheet_cells_reader(sheet).map_err(ReadError::damaged))?;
        Ok(WorkbookRows { cells, held: None, ended: false, limits })
    }
}

/// The rows of a sheet that hold something.
pub(super) struct WorkbookRows<'a, R: Read + Seek> {
    cells: XlsxCellReader<'a, R>,
    /// The first cell of the next row.
    held: Option<Placed>,
    ended: bool,
    limits: Limits,
}

/// A cell with its position, from 0.
struct Placed {
    row: u32,
    column: usize,
    cell: Cell,
    formula: bool,
}

impl<R: Read + Seek> WorkbookRows<'_, R> {
    pub(super) fn next_row(&mut self) -> Result<Option<RawRow>, ReadError> {
        let Some(first) = self.next_placed()? else { return Ok(None) };
        let number = u64::from(first.row) + 1;
        let mut row = RawRow { number, cells: Vec::new(), formulas: 0, flaw: None };
        let (at, mut size) = (first.row, 0);
        let mut next = Some(first);
        while let Some(placed) = next {
            if placed.row != at {
                self.held = Some(placed);
                break;
            }
            size += placed.cell.text_bytes();
            self.check(number, &placed, size)?;
            put(&mut row, placed);
            next = self.next_placed()?;
        }
        match &self.held {
            Some(held) if held.row < at => {
                let detail = format!("row {} follows row {number} in its sheet", held.row + 1);
                Err(ReadError::damaged(detail))
            }
            _ => Ok(Some(row)),
        }
    }

    /// The next cell that holds something.
    fn next_placed(&mut self) -> Result<Option<Placed>, ReadError> {
        if let Some(held) = self.held.take() {
            return Ok(Some(held));
        }
        while !self.ended {
            let cells = &mut self.cells;
            let read = guarded(|| cells.next_cell_with_formula_metadata().map_err(ReadError::damaged));
            self.ended = !matches!(read, Ok(Some(_)));
            let Some(record) = read? else { break };
            let formula = record.formula.is_some();
            let cell = cell(record.value, formula)?;
            if cell.is_blank() {
                continue;
            }
            let column = usize::try_from(record.pos.1).unwrap_or(usize::MAX);
            return Ok(Some(Placed { row: record.pos.0, column, cell, formula }));
        }
        Ok(None)
    }

    fn check(&self, row: u64, placed: &Placed, size: usize) -> Result<(), ReadError> {
        if placed.column >= self.limits.columns {
            let (found, limit) = (placed.column.saturating_add(1), self.limits.columns);
            return Err(ReadError::TooManyColumns { row, found, limit });
        }
        if size > self.limits.row_bytes {
            return Err(ReadError::RowTooLarge { row, limit: self.limits.row_bytes });
        }
        Ok(())
    }
}

/// The workbook reader indexes and subtracts what the file claims: a panic in it is a damaged file, not a crash.
fn guarded<T>(read: impl FnOnce() -> Result<T, ReadError>) -> Result<T, ReadError> {
    std::panic::catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err(ReadError::damaged("a part contradicts itself")))
}

fn put(row: &mut RawRow, placed: Placed) {
    if row.cells.len() <= placed.column {
        row.cells.resize(placed.column + 1, Cell::Empty);
    }
    row.formulas += u32::from(placed.formula);
    row.cells[placed.column] = placed.cell;
}

fn cell(value: DataRef<'_>, formula: bool) -> Result<Cell, ReadError> {
    Ok(match value {
        DataRef::Empty if formula => Cell::Error(NOT_COMPUTED.to_owned()),
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => Cell::Text(number.to_string()),
        DataRef::Float(number) => Cell::Number(number),
        DataRef::String(text) => Cell::Text(text),
        DataRef::SharedString(text) => Cell::Text(text.to_owned()),
        DataRef::Bool(truth) => Cell::Bool(truth),
        DataRef::DateTime(at) if at.is_datetime() => {
            let parts = at.to_ymd_hms_milli();
            moment(parts).map_or(Cell::Number(at.as_f64()), Cell::Moment)
        }
        DataRef::DateTime(duration) => Cell::Number(duration.as_f64()),
        DataRef::DateTimeIso(text) => text.parse::<DateTime>().map_or(Cell::Text(text), Cell::Moment),
        DataRef::DurationIso(text) => Cell::Text(text),
        DataRef::Error(error) => Cell::Error(error.to_string()),
    })
}

/// Serials count to the millisecond; a wall clock is kept to the second. The day that Excel invented, 1900-02-29, is
/// none.
fn moment((year, month, day, hour, minute, second, _): (u16, u8, u8, u8, u8, u8, u16)) -> Option<DateTime> {
    let small = |n: u8| i8::try_from(n).ok();
    let year = i16::try_from(year).ok()?;
    DateTime::new(year, small(month)?, small(day)?, small(hour)?, small(minute)?, small(second)?, 0).ok()
}

#[cfg(test)]
mod tests;
