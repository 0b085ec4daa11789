//! Markdown that people typed, as HTML for a page and as one plain line.
//!
//! CommonMark with the tables, strikethrough, task lists and bare addresses of GitHub Flavored Markdown. The text is read
//! into a tree, the tree is made harmless (`tree`), and what it renders to passes a second wall that lets only a
//! short list of tags through (`wall`). Neither relies on the other.
//!
//! What comes out holds `p br hr h1…h6 strong em del code pre blockquote ul ol li table thead tbody tr th td a` and no
//! other tag; no class, style, id or script; nothing that a browser would fetch by itself.

mod reference;
mod simple;
mod tree;
mod wall;

use std::fmt;

use comrak::options::{Extension, Options, Parse, Render};
use comrak::{Arena, format_html, parse_document};

pub use wall::is_allowed_address;

/// The level that a first-level heading becomes where nothing else is said: pages have their title and sections above.
pub const DEFAULT_HEADING_LEVEL: u8 = 3;

/// How a text becomes HTML.
#[derive(Clone, Copy)]
pub struct MarkdownOptions<'a> {
    /// The level that `# Heading` becomes, 1 to 6; the levels below follow, never past 6.
    pub heading_level: u8,
    /// Where a record is shown: takes its canonical reference, such as `CASE-2026-0042`, and gives a path on this site,
    /// such as `/cases/CASE-2026-0042`. `None`, or a path that is none, leaves the reference as text.
    pub path_of: &'a dyn Fn(&str) -> Option<String>,
}

impl Default for MarkdownOptions<'_> {
    /// Headings from the third level on, references as text.
    fn default() -> Self {
        Self { heading_level: DEFAULT_HEADING_LEVEL, path_of: &|_| None }
    }
}

impl fmt::Debug for MarkdownOptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MarkdownOptions").field("heading_level", &self.heading_level).finish_non_exhaustive()
    }
}

/// A text as HTML that can stand in a page as it is.
///
/// - Raw HTML is shown as the text that it is.
/// - Links lead to `http`, `https`, `mailto` and to paths of this site; others become their text. Each has
///   `rel="nofollow noopener noreferrer"`.
/// - An image becomes a link to it: a page never fetches what a text names.
/// - References such as `case-2026-42` in running text become links where `path_of` knows a path; not in code and not
///   in links. `@names` stay as they are.
/// - What is nested deeper than 32 levels, and a table of more than 10,000 cells, becomes its text without markup.
///
/// The time grows with the length of the text, whatever it holds. Its length is bounded by
/// [`nevertwice_domain::text::PROSE_LIMIT`], not here.
#[must_use]
pub fn to_html(text: &str, options: &MarkdownOptions<'_>) -> String {
    simple::paragraph(text).unwrap_or_else(|| rendered(text, options))
}

fn rendered(text: &str, options: &MarkdownOptions<'_>) -> String {
    let (arena, settings) = (Arena::new(), settings());
    let root = parse_document(&arena, text, &settings);
    tree::make_harmless(&arena, root, options);
    let mut html = String::with_capacity(text.len() * 2);
    match format_html(root, &settings, &mut html) {
        Ok(()) => wall::cleaned(&html),
        // Writing to a string does not fail; if it did, the text itself would still be there.
        Err(fmt::Error) => wall::as_text(text),
    }
}

/// A text as one line without markup, for a row of a list, a mail or a search result: at most `limit` characters, the
/// last of which is `…` where something was left out. Raw HTML stays the text that it is. It is text, not HTML: a page
/// has to escape it.
#[must_use]
pub fn to_plain(text: &str, limit: usize) -> String {
    let (arena, settings) = (Arena::new(), settings());
    let root = parse_document(&arena, text, &settings);
    cut(&tree::plain(root, limit), limit)
}

/// At most `limit` characters of a line, the last of which is `…` where it was longer.
fn cut(line: &str, limit: usize) -> String {
    if line.chars().nth(limit).is_none() {
        return line.to_owned();
    }
    let mut kept: String = line.chars().take(limit.saturating_sub(1)).collect();
    kept.truncate(kept.trim_end().len());
    if limit > 0 {
        kept.push('…');
    }
    kept
}

fn settings() -> Options<'static> {
    Options {
        extension: Extension {
            table: true,
            strikethrough: true,
            tasklist: true,
            autolink: true,
            ..Extension::default()
        },
        parse: Parse::default(),
        render: Render { escape: true, ..Render::default() },
    }
}

#[cfg(test)]
mod tests;
