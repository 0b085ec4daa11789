//! The read model: search, facets, similar cases, exact measures. The only crate that names the search engine.
//!
//! Everything here is derived from the store and can be rebuilt from it. An [`Index`] is a folder with two engine
//! indexes side by side: one for what everybody who sees the register may find, one for restricted records. Term
//! statistics, suggestions and corrections come from the first one alone, so nothing of a restricted record can show
//! through to somebody who is not on its list.

mod access;
mod beginning;
mod column;
mod compile;
mod contents;
mod correction;
mod document;
mod error;
mod facet;
mod fitting;
mod folder;
mod index;
mod memo;
mod order;
mod payload;
mod purge;
mod ranked;
mod rebuild;
mod schema;
mod search;
mod similar;
mod snapshot;
mod snippet;
mod sorted;
mod tokenizer;
mod value_set;
mod volume;
mod writer;

#[cfg(test)]
mod tests;

pub use access::{Access, Reach, Scope};
pub use contents::contents;
pub use error::{IndexError, RebuildReason};
pub use facet::{Facet, FacetCounts};
pub use index::{Index, Opened};
pub use payload::{Position, StoreIdentity};
pub use rebuild::Rebuild;
pub use search::{Hit, Hits, Listed, Page, SearchOptions};
pub use similar::{Reason, Similar, SimilarTo};
pub use sorted::{Cursor, CursorError, Sort, SortBy};
pub use writer::Change;
