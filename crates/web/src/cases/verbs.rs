//! What people do to a case.

mod access;
mod attach;
mod consequences;
mod course;
mod facts;
mod impact;
mod triage;

use nevertwice_domain::reference::CaseRef;
use nevertwice_service::ServiceError;
use nevertwice_service::case::{CaseView, ShowCase};

use crate::app::App;
use crate::paths;
use crate::ui::Crumb;
use crate::viewer::Viewer;

pub(crate) use access::{MakePart, Restrict};
pub(crate) use attach::{Comment, NoteCost, NoteMoment, Settle, TO_COLLEAGUES, to_reporter};
pub(crate) use consequences::{
    ApproveDeclaration, ChangePerformance, DeclareNotNeeded, NotePerformance, RecordControlChange,
    TakeDeclarationBack, TakePerformanceBack,
};
pub(crate) use course::{Close, Reopen, Resolve, TakeOn, Void};
pub(crate) use facts::ChangeFacts;
pub(crate) use impact::DescribeAiImpact;
pub(crate) use triage::{Classify, Decide};

/// The case as it stands, if the viewer may know of it.
fn case_of(app: &App, viewer: &Viewer, case: CaseRef) -> Result<CaseView, ServiceError> {
    app.run(&viewer.identity, ShowCase { case })
}

/// Back to a part of the page of a case.
fn back_to(case: CaseRef, part: &str) -> Crumb {
    let page = paths::Case { case };
    let href = if part.is_empty() { page.to_string() } else { format!("{page}#{part}") };
    Crumb { href, words: case.to_string() }
}
