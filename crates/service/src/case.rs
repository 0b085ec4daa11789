//! Cases: report, look at, edit, decide, close.

mod activity;
mod attach;
mod causes;
mod checklist;
mod consequences;
mod decide;
mod declare;
mod edit;
mod ending;
mod hanging;
mod load;
mod names;
mod report;
mod show;
mod view;

pub use activity::{ActivityEntryView, ActivityView, ShowActivity};
pub(crate) use attach::comment;
pub use attach::{
    AddComment, AddCost, AddEvidence, AddTimelineEntry, CommentAdded, CostAdded, EvidenceAdded, EvidenceFile,
    EvidenceSource, FindEvidence, SettleGap, TimelineAdded,
};
pub use causes::{CauseLineView, CauseLinkView};
pub(crate) use causes::{branch_version, cause_lines, cause_version, link_version};
pub use checklist::{ChecklistLineView, ChecklistView};
pub(crate) use checklist::{EveryRules, LoopRecords, is_thorough};
pub(crate) use consequences::Consequences;
pub use consequences::DeclarationView;
pub use decide::{
    ClassifyCase, CloseCase, DecideCase, PartOfCase, ReopenCase, ResolveCase, RespondToCase, RestrictCase,
    VoidCase,
};
pub(crate) use declare::may_approve_declaration;
pub use declare::{ApproveDeclaration, DeclareNotNeeded, RemoveDeclaration};
pub use edit::{AssetLink, EditCase};
pub(crate) use ending::end_with;
pub(crate) use hanging::hanging_on;
pub(crate) use load::{allowed, carried, editable, readable, same_version, save};
pub(crate) use names::Names;
pub use report::{ATTACHMENT_LIMIT, ATTACHMENTS, Attachment, ReportCase};
pub use show::ShowCase;
pub(crate) use show::{Hanging, put_together};
pub use view::{
    ActionOutline, CaseView, CommentView, CostView, DurationView, EvidenceView, GapView, ImpactView,
    LessonOutline, MissingView, ReviewOutline, TimelineView,
};
