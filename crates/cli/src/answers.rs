//! What each command answers with `--json`, for the reference documentation.

use nevertwice_service::schema;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use crate::commands::{Checked, Founded, SampleView};
use crate::config::Setting;

/// Commands and the type of their answer. In brackets: a list of it.
pub(crate) const ANSWERS: &[(&str, &str)] = &[
    ("init", "Founded"),
    ("demo", "SampleView"),
    (
        "case new, show, edit, classify, decide, void, restrict, respond, resolve, close, reopen, part-of",
        "CaseView",
    ),
    ("case list", "CaseList"),
    ("case similar", "[SimilarView]"),
    ("case declare, approve-declaration, remove-declaration", "[DeclarationView]"),
    ("case comment", "CommentView"),
    ("case timeline", "TimelineView"),
    ("case cost", "CostView"),
    ("case evidence", "EvidenceView"),
    ("case gap", "GapView"),
    (
        "review new, show, schedule, hold, evaluate, similar, light, submit, approve, send-back, waive",
        "ReviewView",
    ),
    ("review list", "ReviewList"),
    ("why add, edit, remove, move, link, edit-link, unlink, dismiss", "ReviewView"),
    ("lesson new, show, edit, link, unlink, cover, approve-cover, confirm, approve, retire", "LessonView"),
    ("lesson similar", "[LessonRow]"),
    ("lesson gaps", "LessonGapList"),
    ("awareness publish, show, acknowledge, withdraw", "AwarenessView"),
    ("awareness list", "AwarenessList"),
    ("lesson list", "LessonList"),
    (
        "action new, show, start, move, hand-over, complete, reopen, strength, not-doing, renew, take-up, cost, \
         plan-check, check",
        "ActionView",
    ),
    ("action decide-again", "ActionsToDecide"),
    ("action list", "ActionList"),
    ("control list", "[ControlRow]"),
    ("control show, new, edit, retire", "ControlView"),
    ("control change", "ControlChangeView"),
    ("control changes", "ChangeList"),
    ("control performance", "[PerformanceView]"),
    ("risk list", "RiskList"),
    ("risk show, new, edit, assess, accept, link, close, reopen", "RiskView"),
    ("procedure show, new, edit, submit, approve, send-back, withdraw", "ProcedureView"),
    ("procedure versions", "[ProcedureRow]"),
    ("procedure say-do", "SayDoView"),
    ("work", "WorkView"),
    ("person new, confirm, disable", "PersonView"),
    ("person list", "[PersonView]"),
    ("person owes", "[OwedView]"),
    ("person hand-over", "HandedOver"),
    ("person token", "TokenView"),
    ("person tokens", "[TokenRow]"),
    ("person revoke-token", "TokenRow"),
    ("person invite", "Invited"),
    ("person sign-in-link", "InvitationView"),
    ("supplier new, show, edit", "SupplierView"),
    ("supplier list", "[SupplierView]"),
    ("asset new, show, edit, version", "AssetView"),
    ("asset list", "[AssetView]"),
    ("field new", "FieldView"),
    ("field list", "[FieldView]"),
    ("field set", "FieldValuesView"),
    ("import spreadsheet, veris", "ImportView"),
    ("import archive", "ImportedView"),
    ("export archive", "ArchiveView"),
    ("import runs", "[ImportRunView]"),
    ("import undo", "ImportRunView"),
    ("search", "SearchList"),
    ("measure volume", "VolumeView"),
    ("measure loop", "LoopView"),
    ("settings show, edit", "SettingsView"),
    ("trail checkpoint", "CheckpointView"),
    ("trail export", "ExportView"),
    ("trail verify", "VerificationView"),
    ("trail verify --bundle", "BundleView"),
    ("index rebuild", "Rebuilt"),
    ("backup create", "BackupView"),
    ("backup verify", "BackupVerification"),
    ("backup restore", "RestoreView"),
    ("doctor", "HealthView"),
    ("config show", "[Setting]"),
    ("config check", "Checked"),
];

/// Every type by its name.
pub(crate) fn schemas() -> Vec<(String, RefOr<Schema>)> {
    fn own<T: ToSchema + PartialSchema>() -> (String, RefOr<Schema>) {
        (T::name().into_owned(), T::schema())
    }
    let mut all = schema::all();
    all.extend([own::<Founded>(), own::<SampleView>(), own::<Setting>(), own::<Checked>()]);
    all
}
