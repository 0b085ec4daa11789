//! What people read: Markdown as HTML, tables as CSV and workbooks, charts as SVG. Never sees the database, has no clock.

pub mod chart;
pub mod markdown;
pub mod table;

mod markup;
mod number;
