//! What everybody may do: `+` allowed, `-` refused, `?` there is no such thing.

/// What is expected of one use case; a column for each of [`crate::fixture::CALLERS`].
pub(super) struct Row {
    pub(super) name: &'static str,
    /// On an open case, and on a restricted one whose list they are on.
    pub(super) open: &'static str,
    /// On a restricted case whose list they are not on.
    pub(super) shut_out: &'static str,
}

/// About a case, or what hangs on one: who is shut out finds nothing.
const fn case(name: &'static str, open: &'static str) -> Row {
    Row { name, open, shut_out: "-??????????" }
}

/// About the register: no case makes a difference.
const fn register(name: &'static str, open: &'static str) -> Row {
    Row { name, open, shut_out: open }
}

//                      ┌ stranger
//                      │┌ reporter
//                      ││┌ reporter of the case
//                      │││┌ responder
//                      ││││┌ responder on the case
//                      │││││┌ owner of the action
//                      ││││││┌ manager
//                      │││││││┌ auditor
//                      ││││││││┌ sales
//                      │││││││││┌ board
//                      ││││││││││┌ administrator
const ADMINISTER: &str = "----------+";
const IMPORT: &str = "------+----";
const READ_TRAIL: &str = "------++--+";
const EDIT_CATALOGUE: &str = "------+----";
const READ_CATALOGUE: &str = "---++-++---";
const READ_PROCEDURE: &str = "-++++++++++";
const READ_REGISTER: &str = "------++-+-";
const REPORT: &str = "-++++++-+++";
const READ: &str = "-?+++?++???";
const COMMENT: &str = "-?+++?+-???";
const EDIT: &str = "-?--+?+-???";
const RESPOND: &str = "-?-++?+-???";
const DECIDE: &str = "-?---?+-???";
/// A responder is named for it by working on the case; this one leads its review and wrote its lesson: never own work.
const APPROVE: &str = "-?---?+-???";
const READ_ACTION: &str = "-?++++++???";
const EDIT_ACTION: &str = "-?--+-+-???";
const COMPLETE: &str = "-?---+--???";
/// The responder has a part in the case, the owner of the action does not judge it.
const JUDGE: &str = "-?--+-+-???";
/// The owner of the action owns the risk too.
const READ_RISK: &str = "-??+++++???";
const EDIT_RISK: &str = "-??---+-???";
/// Nobody but the owner, who has accepted it in the first scene.
const ACCEPT_RISK: &str = "-??--+--???";
/// Everybody may ask; what is found is another matter.
const SEARCH: &str = "-++++++++++";

/// About oneself: everybody who may act.
const EVERYBODY: &str = "-++++++++++";

/// What nobody who is known is needed for: whoever asks proves who they are in the same call, or is refused.
pub(super) static NOBODY: &[&str] = &[
    "sign_in",
    "show_invitation",
    "accept_invitation",
    "enter_by_link",
    "may_report_openly",
    "report_openly",
    "show_receipt",
    "answer_by_receipt",
];

pub(super) static ROWS: &[Row] = &[
    register("show_settings", "---++-++--+"),
    register("edit_settings", ADMINISTER),
    register("new_person", ADMINISTER),
    register("list_people", "---++-++--+"),
    register("confirm_person", ADMINISTER),
    register("list_owed", "---++-++--+"),
    register("hand_over_everything", EDIT_CATALOGUE),
    register("disable_person", ADMINISTER),
    register("new_token", ADMINISTER),
    register("new_own_token", EVERYBODY),
    register("list_tokens", EVERYBODY),
    // The token of somebody else.
    register("revoke_token", "-?????????+"),
    register("invite", ADMINISTER),
    register("show_self", EVERYBODY),
    register("sign_out", EVERYBODY),
    register("list_sessions", EVERYBODY),
    // A session that nobody has.
    register("end_session", "-??????????"),
    register("end_other_sessions", EVERYBODY),
    register("new_sign_in_link", EVERYBODY),
    register("change_password", EVERYBODY),
    register("show_mail_preferences", EVERYBODY),
    register("set_mail_preferences", EVERYBODY),
    register("keep_draft", EVERYBODY),
    register("show_draft", EVERYBODY),
    register("list_drafts", EVERYBODY),
    register("drop_draft", EVERYBODY),
    register("start_second_factor", EVERYBODY),
    register("confirm_second_factor", EVERYBODY),
    register("remove_second_factor", EVERYBODY),
    register("new_supplier", EDIT_CATALOGUE),
    register("list_suppliers", READ_CATALOGUE),
    register("show_supplier", READ_CATALOGUE),
    register("edit_supplier", EDIT_CATALOGUE),
    register("new_asset", EDIT_CATALOGUE),
    register("new_asset_version", EDIT_CATALOGUE),
    register("list_assets", READ_CATALOGUE),
    register("show_asset", READ_CATALOGUE),
    register("edit_asset", EDIT_CATALOGUE),
    register("new_field", EDIT_CATALOGUE),
    register("list_fields", READ_CATALOGUE),
    register("report_case", REPORT),
    case("show_case", READ),
    case("show_activity", READ),
    case("edit_case", EDIT),
    case("set_fields", EDIT),
    case("classify_case", DECIDE),
    case("decide_case", DECIDE),
    case("respond_to_case", RESPOND),
    case("resolve_case", EDIT),
    case("close_case", DECIDE),
    case("reopen_case", DECIDE),
    case("restrict_case", DECIDE),
    case("part_of_case", DECIDE),
    case("add_timeline_entry", EDIT),
    case("add_cost", EDIT),
    case("add_comment", COMMENT),
    case("add_evidence", EDIT),
    case("find_evidence", READ),
    case("settle_gap", EDIT),
    case("new_review", EDIT),
    case("show_review", READ),
    case("schedule_review", EDIT),
    case("hold_review", EDIT),
    case("add_why", EDIT),
    case("edit_why", EDIT),
    case("move_why", EDIT),
    case("remove_why", EDIT),
    case("link_causes", EDIT),
    case("edit_cause_link", EDIT),
    case("remove_cause_link", EDIT),
    case("dismiss_finding", EDIT),
    case("record_similar", EDIT),
    case("submit_review", EDIT),
    case("send_review_back", EDIT),
    case("waive_review", APPROVE),
    case("approve_review", APPROVE),
    case("evaluate_review", EDIT),
    case("write_light_review", EDIT),
    register("show_procedure", READ_PROCEDURE),
    register("list_procedures", READ_PROCEDURE),
    // One that was never approved.
    register("show_procedure_version", "-?????++?+?"),
    register("say_do", READ_REGISTER),
    register("draft_procedure", EDIT_CATALOGUE),
    // Before anybody has written on it or submitted it: never own work.
    register("approve_procedure", EDIT_CATALOGUE),
    register("edit_procedure", EDIT_CATALOGUE),
    register("send_procedure_back", EDIT_CATALOGUE),
    register("submit_procedure", EDIT_CATALOGUE),
    register("withdraw_procedure", EDIT_CATALOGUE),
    case("new_lesson", EDIT),
    case("show_lesson", READ),
    case("edit_lesson", EDIT),
    case("link_lesson", EDIT),
    case("approve_lesson", APPROVE),
    case("retire_lesson", DECIDE),
    case("cover_lesson", EDIT),
    case("approve_coverage", APPROVE),
    case("unlink_lesson", EDIT),
    case("confirm_lesson", EDIT),
    case("find_similar_lessons", READ),
    register("list_lesson_gaps", SEARCH),
    case("publish_awareness", DECIDE),
    // An item for everybody.
    register("show_awareness", EVERYBODY),
    register("list_awareness", SEARCH),
    register("acknowledge_awareness", EVERYBODY),
    register("withdraw_awareness", "------+----"),
    case("new_action", EDIT),
    case("show_action", READ_ACTION),
    case("start_action", COMPLETE),
    case("move_action", EDIT_ACTION),
    case("rate_strength", EDIT_ACTION),
    case("plan_check", EDIT_ACTION),
    case("complete_action", COMPLETE),
    case("reopen_action", COMPLETE),
    case("not_doing_action", JUDGE),
    case("check_action", JUDGE),
    case("hand_over_action", EDIT_ACTION),
    register("show_work", EVERYBODY),
    case("renew_not_doing", JUDGE),
    case("take_up_action", EDIT_ACTION),
    case("set_action_cost", EDIT_ACTION),
    register("list_decide_again", SEARCH),
    case("declare_not_needed", EDIT),
    // Nobody declared that one, so nobody is its author.
    case("approve_declaration", EDIT),
    case("remove_declaration", EDIT),
    register("list_controls", READ_CATALOGUE),
    register("show_control", READ_CATALOGUE),
    register("new_control", EDIT_CATALOGUE),
    register("edit_control", EDIT_CATALOGUE),
    register("retire_control", EDIT_CATALOGUE),
    case("add_performance", EDIT),
    case("edit_performance", EDIT),
    case("remove_performance", EDIT),
    // The right to change controls comes first, then that to the case.
    Row { name: "new_control_change", open: EDIT_CATALOGUE, shut_out: "------?----" },
    register("list_changes", READ_CATALOGUE),
    register("list_risks", SEARCH),
    register("show_risk", READ_RISK),
    register("new_risk", EDIT_CATALOGUE),
    register("edit_risk", EDIT_RISK),
    register("assess_risk", EDIT_RISK),
    register("accept_risk", ACCEPT_RISK),
    register("link_risk", EDIT_RISK),
    register("close_risk", EDIT_RISK),
    register("reopen_risk", EDIT_RISK),
    register("list_cases", SEARCH),
    register("list_actions", SEARCH),
    register("list_lessons", SEARCH),
    register("list_reviews", SEARCH),
    register("search", SEARCH),
    register("facets", SEARCH),
    register("measure_volume", SEARCH),
    register("show_loop", SEARCH),
    case("find_similar", READ),
    register("rebuild_index", ADMINISTER),
    register("verify_trail", READ_TRAIL),
    register("show_trail_head", READ_TRAIL),
    register("make_checkpoint", READ_TRAIL),
    // The right to export comes first, then that to each case: an administrator does not read cases.
    Row { name: "export_bundle", open: "------++--?", shut_out: "------??--?" },
    register("create_backup", ADMINISTER),
    register("export_archive", ADMINISTER),
    register("doctor", ADMINISTER),
    register("import_spreadsheet", IMPORT),
    register("import_veris", IMPORT),
    register("list_imports", IMPORT),
    register("undo_import", IMPORT),
    case("void_case", DECIDE),
];
