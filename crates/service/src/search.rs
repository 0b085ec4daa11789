//! Finding records, counting them, and finding cases like another: from the index, shown from the store.

mod list;
mod measure;
mod query;
mod similar;

pub use list::{
    ActionList, ActionRow, CaseList, CaseRow, ListActions, ListCases, RebuildIndex, Rebuilt, Search,
    SearchHit, SearchList,
};
pub use measure::{FacetView, Facets, GroupView, MeasureVolume, VolumeView};
pub use similar::{FindSimilar, SimilarView};
