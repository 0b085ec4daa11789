//! What people read: Markdown as HTML, tables as CSV and workbooks, charts and trees of causes as SVG. Never sees the database, has no clock.

pub mod chart;
pub mod markdown;
pub mod table;
pub mod tree;

mod markup;
mod number;
