//! A map of likelihood and impact: five by five cells, the worst in the upper right corner, with numbers in them or the
//! way of one thing through them.

use super::WIDTH;
use super::drawing::{Anchor, Drawing, Frame};
use crate::number::grouped;
use crate::table::{Cell, Kind, Table, html};

/// Room for the words at the left, and how many characters fit into it.
const LABELS: f64 = 144.0;
const LABEL_LIMIT: usize = 17;
/// Room above for what stands upwards.
const HEAD: f64 = 24.0;
/// Height of a cell.
const ROW: f64 = 44.0;
/// Room below for the words and what stands to the right.
const FOOT: f64 = 44.0;

/// A map of cells: what is shown, and the words that make it readable without seeing it.
///
/// A style sheet has `chart-heat` on the drawing, `heat-cell` with `heat-1` to `heat-4` on a cell, `chart-word` on what
/// follows the number of a row or column, `chart-value` on a number, `chart-path` and `chart-point` with `series-4` on a way, and the words as of other charts.
#[derive(Debug, Clone, PartialEq)]
pub struct HeatMap {
    /// What it is about, in a line.
    pub title: String,
    /// What it shows, in a sentence or two, for whoever does not see it.
    pub description: String,
    /// What stands upwards: `Likelihood`.
    pub row_title: String,
    /// What stands to the right: `Impact`.
    pub column_title: String,
    /// The words of the rows, the least first: it is drawn lowest.
    pub rows: Vec<String>,
    /// The words of the columns, the least first.
    pub columns: Vec<String>,
    /// The cells of each row, in the order of the rows; of each row in the order of the columns.
    pub cells: Vec<Vec<HeatCell>>,
    /// The way of one thing: row and column of each place, counted from 0, in order.
    pub way: Vec<(usize, usize)>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeatCell {
    /// How many are in it; nothing is written where there are none.
    pub count: u64,
    /// How bad it is to be here, 1 to 4.
    pub tone: u8,
    /// The same in words, for the tip.
    pub word: String,
    /// Where it leads, if there is something to show.
    pub href: Option<String>,
}

impl HeatMap {
    /// The drawing as the text of an `svg` element; see [`super::Chart::svg`]. With links it is a group, as what is in a
    /// picture cannot be followed by whoever does not see it.
    #[must_use]
    pub fn svg(&self, prefix: &str) -> String {
        let mut drawing = Drawing::new();
        drawing.words("chart-unit", Anchor::Start, (0.0, HEAD - 10.0), &self.row_title);
        for (row, words) in self.rows.iter().enumerate() {
            let base = self.middle(row, 0).1 + 4.0;
            drawing.numbered_words("chart-label", Anchor::End, (LABELS - 8.0, base), words, LABEL_LIMIT);
            for column in 0..self.columns.len() {
                self.cell(&mut drawing, row, column);
            }
        }
        let bottom = HEAD + number(self.rows.len()) * ROW;
        for (column, words) in self.columns.iter().enumerate() {
            let x = self.middle(0, column).0;
            drawing.numbered_words("chart-label", Anchor::Middle, (x, bottom + 16.0), words, LABEL_LIMIT);
        }
        drawing.words("chart-unit", Anchor::End, (WIDTH, bottom + 36.0), &self.column_title);
        self.draw_way(&mut drawing);
        let role = if self.has_links() { "group" } else { "img" };
        let frame = Frame { class: "chart-heat", role, title: &self.title, description: &self.description };
        drawing.finish_as(&frame, prefix, bottom + FOOT)
    }

    /// The same as a table: the worst row first, a column for each word.
    #[must_use]
    pub fn html_table(&self) -> String {
        let mut table = Table::new(&self.title).with(&self.row_title, Kind::Text);
        for words in &self.columns {
            table = table.with(format!("{}: {words}", self.column_title), Kind::Number);
        }
        #[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 risks")]
        let value = |cell: &HeatCell| Cell::from(Some(cell.count as f64));
        let row = |(words, cells): (&String, &Vec<HeatCell>)| {
            std::iter::once(Cell::Text(words.clone())).chain(cells.iter().map(value)).collect::<Vec<_>>()
        };
        html(&table, self.rows.iter().zip(&self.cells).rev().map(row))
    }

    fn has_links(&self) -> bool {
        self.cells.iter().flatten().any(|cell| cell.href.is_some())
    }

    fn cell(&self, drawing: &mut Drawing, row: usize, column: usize) {
        let Some(cell) = self.cells.get(row).and_then(|cells| cells.get(column)) else { return };
        let (x, y) = self.middle(row, column);
        let half = self.width() / 2.0;
        if let Some(href) = &cell.href {
            let name = format!(
                "{}: {}, {}: {}, {}",
                self.row_title,
                self.rows[row],
                self.column_title,
                self.columns[column],
                grouped_count(cell.count)
            );
            drawing.open_link(href, &name);
        }
        let class = format!("heat-cell heat-{}", cell.tone.clamp(1, 4));
        let tip = (cell.count > 0).then(|| format!("{}: {}", cell.word, grouped_count(cell.count)));
        let corners = ((x - half, y - ROW / 2.0), (x + half, y + ROW / 2.0));
        drawing.rectangle(&class, corners.0, corners.1, tip.as_deref());
        if cell.count > 0 {
            drawing.words("chart-value", Anchor::Middle, (x, y + 4.0), &grouped_count(cell.count));
        }
        if cell.href.is_some() {
            drawing.close_link();
        }
    }

    fn draw_way(&self, drawing: &mut Drawing) {
        let places: Vec<(f64, f64)> =
            self.way.iter().map(|&(row, column)| self.middle(row, column)).collect();
        if places.len() > 1 {
            drawing.path("chart-path series-4", &places);
        }
        for (at, place) in places.iter().enumerate() {
            drawing.point("chart-point series-4", *place, &format!("{}", at + 1));
        }
    }

    /// The middle of a cell; the first row is the lowest.
    fn middle(&self, row: usize, column: usize) -> (f64, f64) {
        let from_top = self.rows.len().saturating_sub(row + 1);
        (LABELS + (number(column) + 0.5) * self.width(), HEAD + (number(from_top) + 0.5) * ROW)
    }

    fn width(&self) -> f64 {
        (WIDTH - LABELS) / number(self.columns.len().max(1))
    }
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 risks")]
fn grouped_count(count: u64) -> String {
    grouped(count as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(href: Option<&str>, way: Vec<(usize, usize)>) -> HeatMap {
        let cell = |count| HeatCell {
            count,
            tone: 2,
            word: "Medium".to_owned(),
            href: href.filter(|_| count > 0).map(str::to_owned),
        };
        HeatMap {
            title: "Risks <now>".to_owned(),
            description: "How many are how likely and how bad.".to_owned(),
            row_title: "Likelihood".to_owned(),
            column_title: "Impact".to_owned(),
            rows: ["Rare", "Likely"].map(str::to_owned).to_vec(),
            columns: ["Minor", "Severe"].map(str::to_owned).to_vec(),
            cells: vec![vec![cell(0), cell(3)], vec![cell(1), cell(0)]],
            way,
        }
    }

    #[test]
    fn a_map_without_links_is_a_picture_and_one_with_links_a_group() {
        let picture = map(None, Vec::new()).svg("one");
        assert!(picture.contains("role=\"img\"") && !picture.contains("<a "), "{picture}");
        assert!(picture.contains("Risks &lt;now&gt;"), "words are escaped: {picture}");
        let group = map(Some("/risks?likelihood=1&impact=2"), Vec::new()).svg("one");
        assert!(group.contains("role=\"group\"") && group.matches("<a ").count() == 2, "{group}");
        assert!(group.contains("href=\"/risks?likelihood=1&amp;impact=2\""), "{group}");
        assert!(group.contains("aria-label=\"Likelihood: Rare, Impact: Severe, 3\""), "{group}");
        assert_eq!(group.matches("</a>").count(), 2);
    }

    #[test]
    fn an_empty_cell_has_no_number_and_the_worst_row_stands_highest() {
        let drawing = map(None, Vec::new()).svg("one");
        assert_eq!(drawing.matches("chart-value").count(), 2, "{drawing}");
        let table = map(None, Vec::new()).html_table();
        assert!(table.find("Likely") < table.find("Rare"), "{table}");
    }

    #[test]
    fn a_way_goes_from_place_to_place() {
        let drawing = map(None, vec![(1, 1), (0, 1)]).svg("one");
        assert!(drawing.contains("<polyline class=\"chart-path series-4\""), "{drawing}");
        assert_eq!(drawing.matches("<circle").count(), 2);
        let still = map(None, vec![(1, 1)]).svg("one");
        assert!(!still.contains("<polyline") && still.contains("<circle"), "{still}");
    }
    #[test]
    fn the_number_of_a_row_stays_where_there_is_no_room_for_its_words() {
        let rows = ["1 Rare & odd", "2 More often than anybody likes"].map(str::to_owned).to_vec();
        let drawing = HeatMap { rows, ..map(None, Vec::new()) }.svg("one");
        assert!(
            drawing.contains(">1<tspan class=\"chart-word\"> Rare &amp; odd</tspan></text>"),
            "{drawing}"
        );
        let short =
            "<title>2 More often than anybody likes</title>2<tspan class=\"chart-word\"> More often tha…<";
        assert!(drawing.contains(short), "{drawing}");
        assert!(drawing.contains(">Severe</text>"), "one word is no number with words: {drawing}");
    }
}
