//! Where the boxes and lines of a tree stand. Whole numbers only: the same on every machine.

use nevertwice_domain::cause::Confidence;

use super::TreeNode;

/// Width of a box.
pub(super) const BOX: u32 = 200;
/// Between the edge of a box and its words.
pub(super) const PADDING: u32 = 8;
/// Height of a line of words.
pub(super) const LINE: u32 = 16;
/// Characters of a line: what fits a box at 12 units.
const LINE_CHARS: usize = 30;
/// Lines of a statement in its box; the rest stands in its tip, in the table and in the prose.
const MOST_LINES: usize = 9;
/// Between boxes that stand beside each other.
const GAP: u32 = 16;
/// Between a box and those beneath it: room for the line and its label.
const DROP: u32 = 36;
/// From a box down to the line that its causes share.
const SHARED: u32 = 12;
/// At the left of wrapped rows: room for the line that leads to them.
const MARGIN: u32 = 20;
/// What stands beside each other at most: four boxes, which fit a sheet of paper and can be read there.
const ROW: u32 = 4 * BOX + 3 * GAP;

/// One drawing.
pub(super) struct Sheet {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) boxes: Vec<Placed>,
    pub(super) lines: Vec<Segment>,
}

/// A box at its place.
pub(super) struct Placed {
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) height: u32,
    pub(super) content: Content,
}

/// What a box says.
#[derive(Clone)]
pub(super) struct Content {
    /// Class and words of each line.
    pub(super) lines: Vec<(&'static str, String)>,
    pub(super) confidence: Option<Confidence>,
    /// A further class: the problem, or the primary cause.
    pub(super) role: &'static str,
    /// The label of the line that leads to it.
    pub(super) link: Option<String>,
    /// Everything, for the tip.
    pub(super) whole: String,
}

/// A straight line.
pub(super) struct Segment {
    pub(super) from: (u32, u32),
    pub(super) to: (u32, u32),
    pub(super) confidence: Option<Confidence>,
}

/// A cause with those beneath it, measured.
struct Branch {
    content: Content,
    link_confidence: Confidence,
    box_height: u32,
    rows: Vec<Row>,
    width: u32,
    height: u32,
}

/// Branches that stand beside each other.
struct Row {
    branches: Vec<Branch>,
    width: u32,
    height: u32,
}

/// The drawings of a tree: one for each row of branches at the top.
pub(super) fn sheets(problem: &str, nodes: &[TreeNode]) -> Vec<Sheet> {
    let content = problem_content(problem);
    let rows = rows(branches(nodes));
    if rows.is_empty() {
        return vec![sheet(&content, None)];
    }
    rows.into_iter().map(|row| sheet(&content, Some(row))).collect()
}

fn sheet(problem: &Content, row: Option<Row>) -> Sheet {
    let top = measured(problem.clone(), Confidence::Confirmed, row.into_iter().collect());
    let (width, height) = (top.width + 2, top.height + 2);
    let mut sheet = Sheet { width, height, boxes: Vec::new(), lines: Vec::new() };
    sheet.place(top, 1, 1);
    sheet
}

/// The branches of a list in which each node stands before those beneath it.
fn branches(nodes: &[TreeNode]) -> Vec<Branch> {
    let Some(first) = nodes.first() else { return Vec::new() };
    let starts: Vec<usize> =
        nodes.iter().enumerate().filter(|(_, node)| node.depth <= first.depth).map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([nodes.len()]);
    let parts = starts.iter().copied().zip(ends);
    parts
        .filter_map(|(start, end)| {
            let (node, beneath) = nodes.get(start..end)?.split_first()?;
            Some(measured(content(node), node.link_confidence, rows(branches(beneath))))
        })
        .collect()
}

/// Branches in rows that are not too wide, in their order.
fn rows(branches: Vec<Branch>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for branch in branches {
        match rows.last_mut() {
            Some(row) if row.width + GAP + branch.width <= ROW => {
                row.width += GAP + branch.width;
                row.height = row.height.max(branch.height);
                row.branches.push(branch);
            }
            _ => {
                rows.push(Row { width: branch.width, height: branch.height, branches: vec![branch] });
            }
        }
    }
    rows
}

fn measured(content: Content, link_confidence: Confidence, rows: Vec<Row>) -> Branch {
    let lines = u32::try_from(content.lines.len()).unwrap_or(u32::MAX);
    let box_height = 2 * PADDING + lines.saturating_mul(LINE);
    let margin = if rows.len() > 1 { MARGIN } else { 0 };
    let widest = rows.iter().map(|row| row.width).max().unwrap_or(0);
    let beneath: u32 = rows.iter().map(|row| DROP + row.height).sum();
    let (width, height) = (BOX.max(margin + widest), box_height + beneath);
    Branch { content, link_confidence, box_height, rows, width, height }
}

impl Sheet {
    fn place(&mut self, branch: Branch, x: u32, y: u32) {
        let wraps = branch.rows.len() > 1;
        let box_x = if wraps { x } else { x + (branch.width - BOX) / 2 };
        self.boxes.push(Placed { x: box_x, y, height: branch.box_height, content: branch.content });
        // What leads down from the box: its middle, or where its rows are wrapped a line along their left.
        let stem = if wraps { x + MARGIN / 2 } else { box_x + BOX / 2 };
        let left = if wraps { x + MARGIN } else { x };
        let from = y + branch.box_height;
        let mut bottom = from;
        for row in branch.rows {
            let height = row.height;
            // Wrapped rows begin at the left, a single one stands in the middle.
            let start = if wraps { left } else { left + (branch.width - row.width) / 2 };
            self.place_row(row, (stem, from), (start, bottom + DROP));
            bottom += DROP + height;
        }
    }

    /// Places a row at `(x, top)`, beneath a line that leads down from a stem.
    fn place_row(&mut self, row: Row, (stem, from): (u32, u32), (mut x, top): (u32, u32)) {
        let shared = top - DROP + SHARED;
        self.lines.push(Segment { from: (stem, from), to: (stem, shared), confidence: None });
        let (mut first, mut last) = (stem, stem);
        for branch in row.branches {
            let width = branch.width;
            let middle = if branch.rows.len() > 1 { x + BOX / 2 } else { x + width / 2 };
            (first, last) = (first.min(middle), last.max(middle));
            let confidence = Some(branch.link_confidence);
            self.lines.push(Segment { from: (middle, shared), to: (middle, top), confidence });
            self.place(branch, x, top);
            x += width + GAP;
        }
        self.lines.push(Segment { from: (first, shared), to: (last, shared), confidence: None });
    }
}

fn problem_content(problem: &str) -> Content {
    let mut lines = vec![("tree-fine", "What happened".to_owned())];
    lines.extend(wrapped(problem).into_iter().map(|line| ("tree-words", line)));
    let whole = problem.to_owned();
    Content { lines, confidence: None, role: " tree-problem", link: None, whole }
}

fn content(node: &TreeNode) -> Content {
    let mut lines = vec![("tree-fine", format!("Why {} · {}", node.number, node.confidence))];
    if node.primary {
        lines.push(("tree-mark", "Primary cause".to_owned()));
    }
    lines.extend(wrapped(&node.statement).into_iter().map(|line| ("tree-words", line)));
    lines.push(("tree-fine", shortened(&node.kind)));
    lines.extend(node.also.iter().flat_map(|also| wrapped(also)).map(|line| ("tree-fine", line)));
    Content {
        lines,
        confidence: Some(node.confidence),
        role: if node.primary { " tree-primary" } else { "" },
        link: Some(node.link.clone()),
        whole: node.statement.clone(),
    }
}

/// A text in lines that fit a box; words that are longer than a line are cut apart.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let mut chars: Vec<char> = word.chars().collect();
        while !chars.is_empty() {
            let piece: String = chars.drain(..chars.len().min(LINE_CHARS)).collect();
            let length = piece.chars().count();
            match lines.last_mut() {
                Some(line) if line.chars().count() + 1 + length <= LINE_CHARS => {
                    line.push(' ');
                    line.push_str(&piece);
                }
                _ => lines.push(piece),
            }
        }
    }
    if lines.len() > MOST_LINES {
        lines.truncate(MOST_LINES);
        if let Some(last) = lines.last_mut() {
            *last = last.chars().take(LINE_CHARS - 2).collect();
            last.push_str(" …");
        }
    }
    lines
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= LINE_CHARS {
        return text.to_owned();
    }
    text.chars().take(LINE_CHARS - 1).chain(['…']).collect()
}
