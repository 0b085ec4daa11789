//! The tree of a text, made harmless before it is rendered.

use comrak::nodes::{Node, NodeLink, NodeList, NodeValue};
use comrak::{Arena, nodes::AstNode};

use super::MarkdownOptions;
use super::reference::references;
use super::wall::is_allowed_address;

/// Deeper nesting becomes text: a browser's tree and the wall's are built in time that grows with the depth.
const DEPTH_LIMIT: usize = 32;

/// Larger tables become text: a short text can name half a million empty cells.
const CELL_LIMIT: usize = 10_000;

/// Longest title of a link in bytes, which a browser shows as a tip; a longer one is left out.
const LONGEST_TITLE: usize = 1024;

/// A node that is still to be looked at.
struct Place<'a> {
    node: Node<'a>,
    depth: usize,
    in_link: bool,
}

/// Takes out of the tree what must not reach a page, and puts links at references.
pub(super) fn make_harmless<'a>(arena: &'a Arena<'a>, root: Node<'a>, options: &MarkdownOptions<'_>) {
    let mut waiting = vec![Place { node: root, depth: 0, in_link: false }];
    while let Some(place) = waiting.pop() {
        change(arena, &place, options, &mut waiting);
    }
}

/// Changes one node and lets its children wait.
fn change<'a>(
    arena: &'a Arena<'a>,
    place: &Place<'a>,
    options: &MarkdownOptions<'_>,
    waiting: &mut Vec<Place<'a>>,
) {
    let Place { node, depth, in_link } = *place;
    if depth >= DEPTH_LIMIT || is_large_table(node) {
        flatten(arena, node);
    }
    let value = node.data().value.clone();
    let mut inside_link = in_link;
    match value {
        NodeValue::Heading(mut heading) => {
            heading.level = heading.level.saturating_add(options.heading_level.max(1) - 1).min(6);
            node.data_mut().value = NodeValue::Heading(heading);
        }
        NodeValue::HtmlBlock(html) => {
            node.data_mut().value = NodeValue::Paragraph;
            node.append(text(arena, html.literal.trim_end()));
        }
        NodeValue::HtmlInline(html) => node.data_mut().value = NodeValue::Text(html.into()),
        NodeValue::TaskItem(task) => unbox(arena, node, mark(task.symbol)),
        NodeValue::Link(link) | NodeValue::Image(link) if in_link || !is_allowed_address(&link.url) => {
            return unwrap(arena, node, &link, place, waiting);
        }
        NodeValue::Image(link) | NodeValue::Link(link) => {
            if node.first_child().is_none() {
                node.append(text(arena, &link.url));
            }
            node.data_mut().value = NodeValue::Link(with_short_title(link));
            inside_link = true;
        }
        NodeValue::Text(literal) if !in_link => return link_references(arena, node, &literal, options),
        _ => {}
    }
    let children = node.children().map(|node| Place { node, depth: depth + 1, in_link: inside_link });
    waiting.extend(children);
}

fn with_short_title(mut link: Box<NodeLink>) -> Box<NodeLink> {
    if link.title.len() > LONGEST_TITLE {
        link.title.clear();
    }
    link
}

fn is_large_table(node: Node<'_>) -> bool {
    let NodeValue::Table(table) = &node.data().value else { return false };
    table.num_columns.saturating_mul(table.num_rows) > CELL_LIMIT
}

/// Makes a node the text that it holds, in a paragraph if it is a block. A list item and the parts of a table have to
/// stay what they are; what is in them is next.
fn flatten<'a>(arena: &'a Arena<'a>, node: Node<'a>) {
    let value = node.data().value.clone();
    let plain = match value {
        NodeValue::Text(_) | NodeValue::Code(_) | NodeValue::SoftBreak | NodeValue::LineBreak => return,
        NodeValue::Item(_) | NodeValue::TaskItem(_) | NodeValue::TableRow(_) | NodeValue::TableCell => return,
        NodeValue::CodeBlock(_) | NodeValue::HtmlBlock(_) | NodeValue::ThematicBreak => return,
        _ => plain(node, usize::MAX),
    };
    node.children().collect::<Vec<_>>().into_iter().for_each(AstNode::detach);
    if value.block() {
        node.data_mut().value = NodeValue::Paragraph;
        node.append(text(arena, &plain));
    } else {
        node.data_mut().value = NodeValue::Text(plain.into());
    }
}

/// Makes the item of a task list an item that begins with a mark: a page has no form fields that do nothing.
fn unbox<'a>(arena: &'a Arena<'a>, node: Node<'a>, mark: &str) {
    let list = node.parent().and_then(|parent| match &parent.data().value {
        NodeValue::List(list) => Some(*list),
        _ => None,
    });
    node.data_mut().value = NodeValue::Item(list.unwrap_or_else(NodeList::default));
    let mark = text(arena, mark);
    match node.first_child() {
        Some(first) if matches!(first.data().value, NodeValue::Paragraph) => first.prepend(mark),
        _ => {
            let paragraph = arena.alloc(NodeValue::Paragraph.into());
            paragraph.append(mark);
            node.prepend(paragraph);
        }
    }
}

/// Stands before a task that is done (there is a sign in its box) or open.
fn mark(sign: Option<char>) -> &'static str {
    if sign.is_some() { "☑ " } else { "☐ " }
}

/// Puts what a link or an image holds in its place; an image without a text is its address.
fn unwrap<'a>(
    arena: &'a Arena<'a>,
    node: Node<'a>,
    link: &NodeLink,
    place: &Place<'a>,
    waiting: &mut Vec<Place<'a>>,
) {
    if node.first_child().is_none() {
        node.append(text(arena, &link.url));
    }
    for child in node.children().collect::<Vec<_>>() {
        node.insert_before(child);
        waiting.push(Place { node: child, ..*place });
    }
    node.detach();
}

/// Cuts a text at its references and makes those links for which there is a path.
fn link_references<'a>(arena: &'a Arena<'a>, node: Node<'a>, literal: &str, options: &MarkdownOptions<'_>) {
    let mut from = 0;
    for (range, reference) in references(literal) {
        let path =
            (options.path_of)(&reference).filter(|path| path.starts_with('/') && is_allowed_address(path));
        let Some(url) = path else { continue };
        if from < range.start {
            node.insert_before(text(arena, &literal[from..range.start]));
        }
        let link = NodeLink { url, title: String::new() };
        let link: Node<'a> = arena.alloc(NodeValue::Link(Box::new(link)).into());
        link.append(text(arena, &literal[range.clone()]));
        node.insert_before(link);
        from = range.end;
    }
    if from == literal.len() && from > 0 {
        node.detach();
    } else if from > 0 {
        node.data_mut().value = NodeValue::Text(literal[from..].to_owned().into());
    }
}

fn text<'a>(arena: &'a Arena<'a>, literal: &str) -> Node<'a> {
    arena.alloc(NodeValue::Text(literal.to_owned().into()).into())
}

/// What a node holds as one line: parts are separated by one space. Nothing is added once there are more characters
/// than `limit`.
pub(super) fn plain(root: Node<'_>, limit: usize) -> String {
    let mut line = Line { text: String::new(), count: 0, space: false };
    let mut waiting = vec![root];
    while let Some(node) = waiting.pop() {
        if line.count > limit {
            break;
        }
        match &node.data().value {
            NodeValue::Text(literal) => line.add(literal, limit),
            NodeValue::Code(code) => line.add(&code.literal, limit),
            NodeValue::HtmlInline(literal) => line.add(literal, limit),
            NodeValue::CodeBlock(code) => line.add_part(&code.literal, limit),
            NodeValue::HtmlBlock(html) => line.add_part(&html.literal, limit),
            NodeValue::Image(link) if node.first_child().is_none() => line.add(&link.url, limit),
            NodeValue::TaskItem(task) => line.add_part(mark(task.symbol), limit),
            value if value.block() || matches!(value, NodeValue::SoftBreak | NodeValue::LineBreak) => {
                line.space = true;
            }
            _ => {}
        }
        waiting.extend(node.reverse_children());
    }
    line.text
}

/// A line that grows; runs of white space are one space, none at its ends.
struct Line {
    text: String,
    count: usize,
    space: bool,
}

impl Line {
    fn add_part(&mut self, part: &str, limit: usize) {
        self.space = true;
        self.add(part, limit);
        self.space = true;
    }

    fn add(&mut self, part: &str, limit: usize) {
        for c in part.chars() {
            if self.count > limit {
                return;
            }
            if c.is_whitespace() || c.is_control() {
                self.space = true;
                continue;
            }
            if std::mem::take(&mut self.space) && !self.text.is_empty() {
                self.text.push(' ');
                self.count += 1;
            }
            self.text.push(c);
            self.count += 1;
        }
    }
}
