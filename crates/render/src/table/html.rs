//! Tables as HTML.

use super::{Cell, Column, Kind, Table};
use crate::markup::escaped;
use crate::number::grouped;

/// A table as an HTML `table` with a caption, headers that say what they are about, and the first cell of each row as its
/// header. Class `data` on the table, `number` on cells of number columns; no other attributes. Numbers are grouped by
/// thousands, days stand in `time`.
///
/// Cells beyond the columns are left out, missing ones are empty.
#[must_use]
pub fn html(table: &Table, rows: impl IntoIterator<Item = Vec<Cell>>) -> String {
    let mut text =
        format!("<table class=\"data\">\n<caption>{}</caption>\n<thead>\n<tr>", escaped(&table.title));
    for column in &table.columns {
        text.push_str(&format!("<th scope=\"col\"{}>{}</th>", class(column), escaped(&column.title)));
    }
    text.push_str("</tr>\n</thead>\n<tbody>\n");
    for cells in rows {
        text.push_str("<tr>");
        for (at, column) in table.columns.iter().enumerate() {
            let content = cells.get(at).map(content).unwrap_or_default();
            let (tag, scope) = if at == 0 { ("th", " scope=\"row\"") } else { ("td", "") };
            text.push_str(&format!("<{tag}{scope}{}>{content}</{tag}>", class(column)));
        }
        text.push_str("</tr>\n");
    }
    text.push_str("</tbody>\n</table>\n");
    text
}

fn class(column: &Column) -> &'static str {
    if column.kind == Kind::Number { " class=\"number\"" } else { "" }
}

fn content(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => escaped(text),
        Cell::Number(number) => grouped(*number),
        Cell::Date(day) => format!("<time datetime=\"{day}\">{day}</time>"),
    }
}
