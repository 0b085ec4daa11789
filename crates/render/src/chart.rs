//! Charts: data with words around it, drawn as SVG and told as a table.
//!
//! One drawing serves page, print, PDF and mail: it has no colours and no fonts, only classes, so that the style sheet
//! around it decides. A style sheet gives `text` 12 units and has
//!
//! | class | on |
//! |---|---|
//! | `chart` and `chart-bars`, `chart-columns` or `chart-line` | the drawing |
//! | `chart-bar` with `series-1` to `series-8` | what stands for a value of a bar or column |
//! | `chart-path`, `chart-point` with `series-1` to `series-8` | a line and its points; a path needs `fill: none` |
//! | `chart-grid`, `chart-axis` | lines at the ticks, and the line at zero |
//! | `chart-tick`, `chart-label`, `chart-value`, `chart-unit` | words: at ticks, of what is counted, of values, of the axis |
//! | `chart-legend`, `chart-swatch` with `series-1` to `series-8` | the names of several series |
//! | `chart-empty` | the words where there is nothing to draw |
//!
//! The ninth series looks like the first. A chart of so many says nothing in any colours.

mod bars;
mod columns;
mod drawing;
mod frame;
mod heat;
mod legend;
mod line;
mod scale;
mod stack;

use crate::number::grouped;
use crate::table::{Cell, Kind, Table, html};

use drawing::Drawing;

pub use heat::{HeatCell, HeatMap};

/// Width of every drawing, in its own units. It is shown as wide as there is room.
const WIDTH: f64 = 640.0;

/// A chart: what is shown, in which shape, and the words that make it readable without seeing it.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// The shape.
    pub shape: Shape,
    /// What it is about, in a line.
    pub title: String,
    /// What it shows, in a sentence or two, for whoever does not see it.
    pub description: String,
    /// What the labels are: `Category`, `Month`.
    pub label_title: String,
    /// What the values are, with their unit: `Cases`, `Cost (EUR)`.
    pub value_title: String,
    /// What is counted, in the order in which it is drawn.
    pub labels: Vec<String>,
    /// The values. Several series of bars and columns stand on each other, several lines beside each other.
    pub series: Vec<Series>,
}

/// One value for each label.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Its name; shown where there are several.
    pub name: String,
    /// The values in the order of the labels. `None` and what is not finite is not known and not drawn, which is not
    /// zero; so are values that are missing at the end.
    pub values: Vec<Option<f64>>,
}

/// How a chart is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Lying bars, one below the other: a ranking, see [`Chart::ranked`].
    Bars,
    /// Standing columns, one beside the other: amounts over time.
    Columns,
    /// Lines from left to right: a development over time. Where a value is not known the line is broken.
    Line,
}

impl Chart {
    /// The chart with its labels in the order of their sums, the largest first; equal ones stay as they were.
    #[must_use]
    pub fn ranked(mut self) -> Self {
        let mut order: Vec<usize> = (0..self.labels.len()).collect();
        order.sort_by(|&a, &b| self.sum(b).total_cmp(&self.sum(a)));
        self.labels = order.iter().map(|&at| self.labels[at].clone()).collect();
        for series in &mut self.series {
            series.values = order.iter().map(|&at| series.value(at)).collect();
        }
        self
    }

    /// The drawing as the text of an `svg` element, without a declaration before it. `prefix` makes the ids of the title and
    /// the description unlike those of other charts in the page; of it only letters and digits of ASCII, `-` and `_` count.
    ///
    /// It has `role="img"` and is named by its title and description; tips (`title`) on bars and points name their values.
    #[must_use]
    pub fn svg(&self, prefix: &str) -> String {
        let mut drawing = Drawing::new();
        let height = match self.shape {
            _ if !self.has_values() => empty(&mut drawing),
            Shape::Bars => bars::draw(&mut drawing, self),
            Shape::Columns => columns::draw(&mut drawing, self),
            Shape::Line => line::draw(&mut drawing, self),
        };
        drawing.finish(self, prefix, height)
    }

    /// What the chart shows as a table: a row for each label, a column for each series.
    #[must_use]
    pub fn table(&self) -> (Table, Vec<Vec<Cell>>) {
        let mut table = Table::new(&self.title).with(&self.label_title, Kind::Text);
        for series in &self.series {
            table = table.with(self.column_title(series), Kind::Number);
        }
        let row = |(at, label): (usize, &String)| {
            let values = self.series.iter().map(|series| Cell::from(series.value(at)));
            std::iter::once(Cell::Text(label.clone())).chain(values).collect()
        };
        (table, self.labels.iter().enumerate().map(row).collect())
    }

    /// The same table as HTML, see [`crate::table::html`].
    #[must_use]
    pub fn html_table(&self) -> String {
        let (table, rows) = self.table();
        html(&table, rows)
    }

    fn column_title(&self, series: &Series) -> String {
        match self.series.len() {
            1 => self.value_title.clone(),
            _ => format!("{}: {}", self.value_title, series.name),
        }
    }

    fn has_values(&self) -> bool {
        (0..self.labels.len()).any(|at| self.series.iter().any(|series| series.value(at).is_some()))
    }

    /// The sum of what is known of a label.
    fn sum(&self, at: usize) -> f64 {
        self.series.iter().filter_map(|series| series.value(at)).sum()
    }

    /// What a bar or a point says when it is pointed at.
    fn tip(&self, at: usize, series: &Series, value: f64) -> String {
        let label = self.labels.get(at).map_or("", String::as_str);
        match self.series.len() {
            1 => format!("{label}: {}", grouped(value)),
            _ => format!("{label}, {}: {}", series.name, grouped(value)),
        }
    }
}

impl Series {
    /// The value at a label, if it is known.
    fn value(&self, at: usize) -> Option<f64> {
        self.values.get(at).copied().flatten().filter(|value| value.is_finite())
    }
}

impl Shape {
    fn class(self) -> &'static str {
        match self {
            Self::Bars => "chart-bars",
            Self::Columns => "chart-columns",
            Self::Line => "chart-line",
        }
    }
}

/// The class of a series, which counts from 0.
fn series_class(at: usize) -> String {
    format!("series-{}", at % 8 + 1)
}

/// Says that there is nothing to draw; returns the height.
fn empty(drawing: &mut Drawing) -> f64 {
    drawing.words("chart-empty", drawing::Anchor::Middle, (WIDTH / 2.0, 44.0), "No data");
    80.0
}

#[cfg(test)]
mod tests;
