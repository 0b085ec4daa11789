//! Finding records, counting them, and finding cases like another: from the index, shown from the store.

mod learning;
mod list;
mod loop_score;
mod measure;
mod query;
mod similar;

pub use learning::{LessonList, LessonRow, ListLessons, ListReviews, ReviewList, ReviewRow};
pub(crate) use learning::{lesson_rows, lessons_with_any};
pub(crate) use list::action_rows;
pub use list::{
    ActionList, ActionRow, CaseList, CaseRow, ListActions, ListCases, RebuildIndex, Rebuilt, Search,
    SearchHit, SearchList,
};
pub(crate) use loop_score::learned_and_open;
pub use loop_score::{FunnelStep, LoopGroup, LoopGroupView, LoopScore, LoopView, ShowLoop};
pub use measure::{FacetValue, FacetView, Facets, GroupView, MeasureVolume, VolumeView};
pub use similar::{FindSimilar, SimilarView};
