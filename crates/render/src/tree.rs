//! The causes of a review as a tree: the problem at the top, its causes below, what each did beside its line.
//!
//! As a chart it has no colours and no fonts, only classes, and the same input gives the same bytes. Many branches are
//! wrapped: at the top into several drawings, each with the problem above it, so that each fits a sheet of paper, and
//! further down into rows. A style sheet gives `text` 12 units and has
//!
//! | class | on |
//! |---|---|
//! | `tree` | a drawing |
//! | `tree-box` with `tree-confirmed`, `tree-likely` or `tree-assumed` | a cause; how sure it is shows by the stroke |
//! | `tree-line` with the same three, or alone | a connection, or the part that several share |
//! | `tree-problem`, `tree-primary` | the box of the problem, and of the primary cause, beside `tree-box` |
//! | `tree-words`, `tree-fine`, `tree-mark` | statements; numbers, kinds and links; the word that marks the primary cause |

mod layout;
#[cfg(test)]
mod tests;

use std::fmt::Write as _;

use nevertwice_domain::cause::Confidence;

use crate::markup::escaped;
use crate::table::{Cell, Kind, Table, html};

use layout::{Placed, Segment};

/// A tree of causes, with the words that make it readable without seeing it.
#[derive(Debug, Clone, PartialEq)]
pub struct CauseTree {
    /// What it is about, in a line.
    pub title: String,
    /// What it shows, in a sentence or two.
    pub description: String,
    /// The problem.
    pub problem: String,
    /// The causes, each before those beneath it.
    pub nodes: Vec<TreeNode>,
}

/// A cause.
#[derive(Debug, Clone, PartialEq)]
pub struct TreeNode {
    /// How many whys deep, from 1; at most one deeper than the node before it.
    pub depth: usize,
    /// Its number.
    pub number: String,
    /// The cause.
    pub statement: String,
    /// What it is, in words.
    pub kind: String,
    /// What it did to the effect above it, in words.
    pub link: String,
    /// How sure it is.
    pub confidence: Confidence,
    /// How sure the connection is.
    pub link_confidence: Confidence,
    /// Whether it is marked primary.
    pub primary: bool,
    /// What else it explains, each in a line.
    pub also: Vec<String>,
}

impl CauseTree {
    /// The drawings, each as the text of an `svg` element; one at least. `prefix` makes their ids unlike those of others
    /// in the page: it begins with a letter and has letters, digits and hyphens.
    #[must_use]
    pub fn svgs(&self, prefix: &str) -> Vec<String> {
        let sheets = layout::sheets(&self.problem, &self.nodes);
        let count = sheets.len();
        let draw = |(at, sheet): (usize, &layout::Sheet)| {
            let part = if count > 1 { format!(", part {} of {count}", at + 1) } else { String::new() };
            self.draw(sheet, &format!("{prefix}-{at}"), &part)
        };
        sheets.iter().enumerate().map(draw).collect()
    }

    /// The same as a table: a row for each cause.
    #[must_use]
    pub fn html_table(&self) -> String {
        let table = Table::new(&self.title)
            .with("Why", Kind::Text)
            .with("Cause", Kind::Text)
            .with("What it is", Kind::Text)
            .with("What it did", Kind::Text)
            .with("How sure", Kind::Text);
        let rows = self.nodes.iter().map(|node| {
            let mark = if node.primary { " (primary cause)" } else { "" };
            let did: Vec<&str> =
                std::iter::once(node.link.as_str()).chain(node.also.iter().map(String::as_str)).collect();
            vec![
                Cell::Text(node.number.clone()),
                Cell::Text(format!("{}{mark}", node.statement)),
                Cell::Text(node.kind.clone()),
                Cell::Text(did.join("; ")),
                Cell::Text(node.confidence.to_string()),
            ]
        });
        html(&table, rows)
    }

    fn draw(&self, sheet: &layout::Sheet, id: &str, part: &str) -> String {
        let (width, height) = (sheet.width, sheet.height);
        let (title, description) = (escaped(&self.title), escaped(&self.description));
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"tree\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\n\
             <title id=\"{id}-title\">{title}{part}</title>\n<desc id=\"{id}-desc\">{description}</desc>\n"
        );
        sheet.lines.iter().for_each(|line| segment(&mut svg, line));
        sheet.boxes.iter().for_each(|placed| draw_box(&mut svg, placed));
        svg.push_str("</svg>\n");
        svg
    }
}

/// How a stroke shows how sure something is.
fn sureness(confidence: Confidence) -> &'static str {
    match confidence {
        Confidence::Confirmed => " tree-confirmed",
        Confidence::Likely => " tree-likely",
        Confidence::Assumed => " tree-assumed",
    }
}

fn segment(svg: &mut String, line: &Segment) {
    let class = line.confidence.map_or("", sureness);
    let ((x1, y1), (x2, y2)) = (line.from, line.to);
    // Writing to a string does not fail.
    let _ =
        writeln!(svg, "<line class=\"tree-line{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>");
}

fn draw_box(svg: &mut String, placed: &Placed) {
    let layout::Content { lines, confidence, role, link, whole } = &placed.content;
    let class = confidence.map_or("", sureness);
    let (x, y, width, height) = (placed.x, placed.y, layout::BOX, placed.height);
    let _ = writeln!(
        svg,
        "<rect class=\"tree-box{role}{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"4\">\
         <title>{}</title></rect>",
        escaped(whole)
    );
    if let Some(link) = link {
        let (x, y) = (x + layout::BOX / 2 + 5, y - 5);
        let _ = writeln!(svg, "<text class=\"tree-fine\" x=\"{x}\" y=\"{y}\">{}</text>", escaped(link));
    }
    for (at, (class, words)) in (0..).zip(lines) {
        let (x, y) = (x + layout::PADDING, y + layout::PADDING + layout::LINE * (at + 1) - 4);
        let _ = writeln!(svg, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{}</text>", escaped(words));
    }
}
