//! Who may ask which address. This table is written by hand from what the product promises, and decides nothing: it is
//! printed as a page of the documentation, and the tests ask every address as everybody and compare.

use std::fmt::Write as _;

use crate::routes::Route;

/// What is expected of an address for one principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// It may be asked; something else than permission may stand in the way.
    Allowed,
    /// It may not.
    Refused,
    /// Sign in first: a page leads there, a program is told so.
    SignIn,
    /// There is no such thing, as far as they may know.
    NotThere,
}

/// What is expected of one address; a letter for each of [`PRINCIPALS`], as [`Expected::of`] reads it.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// The address and its method.
    pub route: Route,
    /// On an open case, and on a restricted one whose list they are on.
    pub open: &'static str,
    /// On a restricted case whose list they are not on; none where no case makes a difference.
    pub shut_out: Option<&'static str>,
    /// Whether programs ask the same below `/api/v1`, and what is expected there is the same.
    has_api: bool,
}

/// Who asks, in the order of the columns.
pub const PRINCIPALS: [&str; 15] = [
    "nobody",
    "reporter",
    "reporter of the case",
    "responder",
    "responder on the case",
    "owner of the action",
    "manager",
    "auditor",
    "sales",
    "board",
    "administrator",
    "disabled",
    "unconfirmed",
    "token of a manager for reporting only",
    "token that was taken back",
];

//                           ┌ nobody
//                           │┌ reporter
//                           ││┌ reporter of the case
//                           │││┌ responder
//                           ││││┌ responder on the case
//                           │││││┌ owner of the action
//                           ││││││┌ manager
//                           │││││││┌ auditor
//                           ││││││││┌ sales
//                           │││││││││┌ board
//                           ││││││││││┌ administrator
//                           │││││││││││┌ disabled
//                           ││││││││││││┌ unconfirmed
//                           │││││││││││││┌ token for reporting only
//                           ││││││││││││││┌ token that was taken back
const EVERYBODY: &str = "+++++++++++++++";
/// On this machine only, and the tests do not ask from there.
const NO_ONE: &str = "???????????????";
/// The form for signing in; whoever shows a token that does not hold is told so.
const COME_IN: &str = "++++++++++++++s";
/// Forms of one's own that show nothing yet.
const SELF: &str = "s++++++++++ss+s";
/// What one owns oneself: a token needs the right to administer for it.
const OWN: &str = "s++++++++++ss-s";
/// What one began to write: a token needs the right to edit for it.
const DRAFT: &str = "s++++++++++ss-s";
/// Everybody may ask; what is found is another matter.
const SEARCH: &str = "s++++++++++ss-s";
const REPORT: &str = "s++++++-+++ss+s";
const READ: &str = "s?+++?++???ss-s";
const COMMENT: &str = "s?+++?+-???ss+s";
const EDIT: &str = "s?--+?+-???ss-s";
const RESPOND: &str = "s?-++?+-???ss-s";
const DECIDE: &str = "s?---?+-???ss-s";
/// The responder on the case leads its review and wrote its lesson: never own work.
const APPROVE: &str = "s?---?+-???ss-s";
const READ_ACTION: &str = "s?++++++???ss-s";
const EDIT_ACTION: &str = "s?--+-+-???ss-s";
const COMPLETE: &str = "s?---+--???ss-s";
/// The owner of the action does not judge it.
const JUDGE: &str = "s?--+-+-???ss-s";
/// The owner of the action owns the risk too.
const READ_RISK: &str = "s??+++++???ss-s";
const EDIT_RISK: &str = "s??---+-???ss-s";
/// Nobody but its owner.
const ACCEPT_RISK: &str = "s??--+--???ss-s";
const READ_CATALOGUE: &str = "s--++-++---ss-s";
const READ_COMPANY: &str = "s--++-++--+ss-s";
const EDIT_CATALOGUE: &str = "s-----+----ss-s";
const READ_PROCEDURE: &str = "s++++++++++ss-s";
/// A version that was never approved is for those who read the whole register.
const READ_DRAFT: &str = "s?????++?+?ss-s";
const READ_REGISTER: &str = "s-----++-+-ss-s";
const ADMINISTER: &str = "s---------+ss-s";
const EXPORT: &str = "s-----++--?ss-s";
const SHUT_OUT_OF_EXPORT: &str = "s-----??--?ss-s";
/// For whom there is no such case.
const SHUT_OUT: &str = "s??????????ss?s";

/// About the register or oneself: no case makes a difference.
const fn register(method: &'static str, path: &'static str, open: &'static str) -> Row {
    Row { route: Route { method, path, is_api: false }, open, shut_out: None, has_api: false }
}

/// About a case, or what hangs on one: for whoever is shut out there is none.
const fn case(method: &'static str, path: &'static str, open: &'static str) -> Row {
    Row { shut_out: Some(SHUT_OUT), ..register(method, path, open) }
}

impl Row {
    /// Programs ask the same, and are answered the same.
    const fn and_api(self) -> Self {
        Self { has_api: true, ..self }
    }

    /// For programs only.
    const fn api_only(self) -> Self {
        Self { route: Route { is_api: true, ..self.route }, ..self }
    }
}

/// Every page, and what programs alone ask. The form of a change is shown to whoever may read the record; who may change it is asked when it is
/// sent.
#[rustfmt::skip]
static MATRIX: &[Row] = &[
    register("GET", "/livez", EVERYBODY),
    register("GET", "/readyz", EVERYBODY),
    register("GET", "/metrics", NO_ONE),
    register("GET", "/assets/{version}/{*name}", EVERYBODY),

    register("GET", "/sign-in", COME_IN),
    register("POST", "/sign-in", EVERYBODY),
    register("POST", "/sign-out", EVERYBODY),
    register("GET", "/setup", EVERYBODY),
    register("POST", "/setup", EVERYBODY),
    register("GET", "/invitation/{code}", EVERYBODY),
    register("POST", "/invitation/{code}", EVERYBODY),
    register("GET", "/enter/{code}", EVERYBODY),
    register("POST", "/enter/{code}", EVERYBODY),
    // Whoever asks is nobody here, whatever they show.
    register("GET", "/open-report", EVERYBODY),
    register("POST", "/open-report", EVERYBODY),
    register("GET", "/receipt", EVERYBODY),
    register("POST", "/receipt", EVERYBODY),
    register("POST", "/receipt/answers", EVERYBODY),
    register("GET", "/account", OWN),
    register("GET", "/account/password", SELF),
    register("POST", "/account/password", OWN),
    register("GET", "/account/second-factor", SELF),
    register("POST", "/account/second-factor", OWN),
    register("POST", "/account/second-factor/confirmation", OWN),
    register("POST", "/account/second-factor/removal", OWN),
    register("POST", "/account/sessions/{id}/end", OWN),
    register("POST", "/account/sessions/others", OWN),
    register("POST", "/drafts", DRAFT),
    register("POST", "/drafts/dropped", DRAFT),
    register("POST", "/account/mails", OWN),
    register("GET", "/account/tokens", SELF),
    register("POST", "/account/tokens", OWN),
    register("POST", "/account/tokens/{id}/revocation", OWN),

    register("GET", "/", SEARCH),
    register("GET", "/report", REPORT),
    register("POST", "/report", REPORT),
    case("GET", "/cases/{case}/receipt", READ),
    register("GET", "/cases", SEARCH).and_api(),
    register("GET", "/cases/facets", SEARCH).and_api(),
    register("GET", "/cases/over-time", SEARCH),
    register("GET", "/cases/export/{ending}", SEARCH),
    case("GET", "/cases/{case}", READ).and_api(),
    // Searching: what a token is for is asked before any case is looked at.
    Row { shut_out: Some("s??????????ss-s"), ..case("GET", "/cases/{case}/similar", READ).and_api() },
    case("GET", "/cases/{case}/activity", READ).and_api(),
    // The right to export comes first, then that to the case; an administrator does not read cases.
    Row { shut_out: Some(SHUT_OUT_OF_EXPORT), ..case("POST", "/cases/{case}/proof", EXPORT) },
    case("GET", "/cases/{case}/facts", READ),
    case("POST", "/cases/{case}/facts", EDIT).and_api(),
    case("GET", "/cases/{case}/ai-impact", READ),
    case("POST", "/cases/{case}/ai-impact", EDIT).and_api(),
    case("GET", "/cases/{case}/classification", READ),
    case("POST", "/cases/{case}/classification", DECIDE).and_api(),
    case("GET", "/cases/{case}/decision", READ),
    case("POST", "/cases/{case}/decision", DECIDE).and_api(),
    case("GET", "/cases/{case}/response", READ),
    case("POST", "/cases/{case}/response", RESPOND).and_api(),
    case("GET", "/cases/{case}/resolution", READ),
    case("POST", "/cases/{case}/resolution", EDIT).and_api(),
    case("GET", "/cases/{case}/closure", READ),
    case("POST", "/cases/{case}/closure", DECIDE).and_api(),
    case("GET", "/cases/{case}/reopening", READ),
    case("POST", "/cases/{case}/reopening", DECIDE).and_api(),
    case("GET", "/cases/{case}/restriction", READ),
    case("POST", "/cases/{case}/restriction", DECIDE).and_api(),
    case("GET", "/cases/{case}/parent", READ),
    case("POST", "/cases/{case}/parent", DECIDE).and_api(),
    case("GET", "/cases/{case}/timeline", READ),
    case("POST", "/cases/{case}/timeline", EDIT).and_api(),
    case("GET", "/cases/{case}/costs", READ),
    case("POST", "/cases/{case}/costs", EDIT).and_api(),
    case("GET", "/cases/{case}/comments", READ),
    case("POST", "/cases/{case}/comments", COMMENT).and_api(),
    case("GET", "/cases/{case}/gaps/{gap}/settlement", READ),
    case("POST", "/cases/{case}/gaps/{gap}/settlement", EDIT).and_api(),
    case("GET", "/cases/{case}/evidence", READ),
    case("POST", "/cases/{case}/evidence", EDIT).and_api(),
    case("GET", "/cases/{case}/evidence/{id}", READ).and_api(),

    register("GET", "/reviews", SEARCH).and_api(),
    case("GET", "/reviews/{review}", READ).and_api(),
    case("GET", "/cases/{case}/reviews", READ),
    case("POST", "/cases/{case}/reviews", EDIT).and_api(),
    case("GET", "/reviews/{review}/date", READ),
    case("POST", "/reviews/{review}/date", EDIT).and_api(),
    case("GET", "/reviews/{review}/meeting", READ),
    case("POST", "/reviews/{review}/meeting", EDIT).and_api(),
    case("GET", "/reviews/{review}/whys", READ),
    case("POST", "/reviews/{review}/whys", EDIT).and_api(),
    case("GET", "/reviews/{review}/whys/{number}", READ),
    case("POST", "/reviews/{review}/whys/{number}", EDIT).and_api(),
    case("GET", "/reviews/{review}/whys/{number}/removal", READ),
    case("POST", "/reviews/{review}/whys/{number}/removal", EDIT).and_api(),
    case("GET", "/reviews/{review}/whys/{number}/links", READ),
    case("POST", "/reviews/{review}/whys/{number}/links", EDIT).and_api(),
    case("GET", "/reviews/{review}/whys/{number}/links/{effect}", READ),
    case("POST", "/reviews/{review}/whys/{number}/links/{effect}", EDIT).and_api(),
    case("GET", "/reviews/{review}/whys/{number}/links/{effect}/removal", READ),
    case("POST", "/reviews/{review}/whys/{number}/links/{effect}/removal", EDIT).and_api(),
    case("GET", "/reviews/{review}/whys/{number}/findings/{rule}/dismissal", READ),
    case("POST", "/reviews/{review}/whys/{number}/findings/{rule}/dismissal", EDIT).and_api(),
    case("GET", "/reviews/{review}/similar", READ),
    case("POST", "/reviews/{review}/similar", EDIT).and_api(),
    case("GET", "/reviews/{review}/submission", READ),
    case("POST", "/reviews/{review}/submission", EDIT).and_api(),
    case("GET", "/reviews/{review}/return", READ),
    case("POST", "/reviews/{review}/return", EDIT).and_api(),
    case("GET", "/reviews/{review}/approval", READ),
    case("POST", "/reviews/{review}/approval", APPROVE).and_api(),
    case("GET", "/reviews/{review}/waiver", READ),
    case("POST", "/reviews/{review}/waiver", APPROVE).and_api(),
    case("GET", "/reviews/{review}/evaluation", READ),
    case("POST", "/reviews/{review}/evaluation", EDIT).and_api(),
    case("GET", "/reviews/{review}/light", READ),
    case("POST", "/reviews/{review}/light", EDIT).and_api(),

    register("GET", "/work", SEARCH).api_only(),

    register("GET", "/procedure", READ_PROCEDURE).and_api(),
    register("GET", "/procedure/say-do", READ_REGISTER).and_api(),
    register("GET", "/loop", SEARCH).and_api(),
    register("GET", "/procedure/versions", READ_PROCEDURE).and_api(),
    register("GET", "/procedure/versions/new", READ_PROCEDURE),
    register("POST", "/procedure/versions/new", EDIT_CATALOGUE).and_api(),
    register("GET", "/procedure/versions/{procedure}", READ_DRAFT).and_api(),
    register("GET", "/procedure/versions/{procedure}/text", READ_DRAFT),
    register("POST", "/procedure/versions/{procedure}/text", EDIT_CATALOGUE).and_api(),
    register("GET", "/procedure/versions/{procedure}/submission", READ_DRAFT),
    register("POST", "/procedure/versions/{procedure}/submission", EDIT_CATALOGUE).and_api(),
    register("GET", "/procedure/versions/{procedure}/return", READ_DRAFT),
    register("POST", "/procedure/versions/{procedure}/return", EDIT_CATALOGUE).and_api(),
    register("GET", "/procedure/versions/{procedure}/approval", READ_DRAFT),
    register("POST", "/procedure/versions/{procedure}/approval", EDIT_CATALOGUE).and_api(),
    register("GET", "/procedure/versions/{procedure}/withdrawal", READ_DRAFT),
    register("POST", "/procedure/versions/{procedure}/withdrawal", EDIT_CATALOGUE).and_api(),

    register("GET", "/lessons", SEARCH).and_api(),
    case("GET", "/lessons/{lesson}", READ).and_api(),
    case("GET", "/cases/{case}/lessons", READ),
    case("POST", "/cases/{case}/lessons", EDIT).and_api(),
    case("GET", "/lessons/{lesson}/text", READ),
    case("POST", "/lessons/{lesson}/text", EDIT).and_api(),
    case("GET", "/lessons/{lesson}/approval", READ),
    case("POST", "/lessons/{lesson}/approval", APPROVE).and_api(),
    case("GET", "/lessons/{lesson}/cases", READ),
    case("POST", "/lessons/{lesson}/cases", EDIT).and_api(),
    case("GET", "/lessons/{lesson}/retirement", READ),
    case("POST", "/lessons/{lesson}/retirement", DECIDE).and_api(),

    case("GET", "/lessons/{lesson}/cases/removal", READ),
    case("POST", "/lessons/{lesson}/cases/removal", EDIT).and_api(),
    case("GET", "/lessons/{lesson}/coverage", READ),
    case("POST", "/lessons/{lesson}/coverage", EDIT).and_api(),
    case("GET", "/lessons/{lesson}/coverage/approval", READ),
    case("POST", "/lessons/{lesson}/coverage/approval", APPROVE).and_api(),
    case("GET", "/lessons/{lesson}/confirmation", READ),
    case("POST", "/lessons/{lesson}/confirmation", EDIT).and_api(),
    register("GET", "/lessons/orphans", SEARCH).and_api(),
    register("GET", "/lessons/stale", SEARCH).and_api(),
    case("GET", "/cases/{case}/lessons/similar", READ).api_only(),
    case("GET", "/lessons/{lesson}/awareness", READ),
    case("POST", "/lessons/{lesson}/awareness", DECIDE).and_api(),
    // An item for everybody.
    register("GET", "/awareness", SEARCH).and_api(),
    register("GET", "/awareness/{item}", SEARCH).and_api(),
    register("GET", "/awareness/{item}/acknowledgement", SEARCH),
    register("POST", "/awareness/{item}/acknowledgement", SEARCH).and_api(),
    register("GET", "/awareness/{item}/withdrawal", SEARCH),
    register("POST", "/awareness/{item}/withdrawal", EDIT_CATALOGUE).and_api(),
    register("GET", "/controls", READ_CATALOGUE).and_api(),
    register("GET", "/controls/new", READ_CATALOGUE),
    register("POST", "/controls/new", EDIT_CATALOGUE).and_api(),
    register("GET", "/controls/{control}", READ_CATALOGUE).and_api(),
    register("GET", "/controls/{control}/facts", READ_CATALOGUE),
    register("POST", "/controls/{control}/facts", EDIT_CATALOGUE).and_api(),
    register("GET", "/controls/{control}/retirement", READ_CATALOGUE),
    register("POST", "/controls/{control}/retirement", EDIT_CATALOGUE).and_api(),
    register("GET", "/changes", READ_CATALOGUE).and_api(),
    case("GET", "/cases/{case}/controls", READ),
    case("POST", "/cases/{case}/controls", EDIT).and_api(),
    case("GET", "/cases/{case}/controls/{control}", READ),
    case("POST", "/cases/{case}/controls/{control}", EDIT).and_api(),
    case("GET", "/cases/{case}/controls/{control}/removal", READ),
    case("POST", "/cases/{case}/controls/{control}/removal", EDIT).and_api(),
    case("GET", "/cases/{case}/control-changes", READ),
    // The right to change controls comes first, then that to the case.
    Row {
        shut_out: Some("s-----?----ss-s"),
        ..case("POST", "/cases/{case}/control-changes", EDIT_CATALOGUE).and_api()
    },
    case("GET", "/cases/{case}/declarations", READ),
    case("POST", "/cases/{case}/declarations", EDIT).and_api(),
    case("GET", "/cases/{case}/declarations/{link}/approval", READ),
    // Nobody declared that one, so nobody is its author.
    case("POST", "/cases/{case}/declarations/{link}/approval", EDIT).and_api(),
    case("GET", "/cases/{case}/declarations/{link}/removal", READ),
    case("POST", "/cases/{case}/declarations/{link}/removal", EDIT).and_api(),
    register("GET", "/risks", SEARCH).and_api(),
    register("GET", "/risks/new", READ_CATALOGUE),
    register("POST", "/risks/new", EDIT_CATALOGUE).and_api(),
    register("GET", "/risks/{risk}", READ_RISK).and_api(),
    register("GET", "/risks/{risk}/facts", READ_RISK),
    register("POST", "/risks/{risk}/facts", EDIT_RISK).and_api(),
    register("GET", "/risks/{risk}/assessments", READ_RISK),
    register("POST", "/risks/{risk}/assessments", EDIT_RISK).and_api(),
    register("GET", "/risks/{risk}/acceptance", READ_RISK),
    register("POST", "/risks/{risk}/acceptance", ACCEPT_RISK).and_api(),
    register("GET", "/risks/{risk}/links", READ_RISK),
    register("POST", "/risks/{risk}/links", EDIT_RISK).and_api(),
    register("GET", "/risks/{risk}/closure", READ_RISK),
    register("POST", "/risks/{risk}/closure", EDIT_RISK).and_api(),
    register("GET", "/risks/{risk}/reopening", READ_RISK),
    register("POST", "/risks/{risk}/reopening", EDIT_RISK).and_api(),

    register("GET", "/actions", SEARCH).and_api(),
    case("GET", "/actions/{action}", READ_ACTION).and_api(),
    case("GET", "/cases/{case}/actions", READ),
    case("POST", "/cases/{case}/actions", EDIT).and_api(),
    case("GET", "/actions/{action}/start", READ_ACTION),
    case("POST", "/actions/{action}/start", COMPLETE).and_api(),
    case("GET", "/actions/{action}/due-date", READ_ACTION),
    case("POST", "/actions/{action}/due-date", EDIT_ACTION).and_api(),
    case("GET", "/actions/{action}/strength", READ_ACTION),
    case("POST", "/actions/{action}/strength", EDIT_ACTION).and_api(),
    case("GET", "/actions/{action}/checks", READ_ACTION),
    case("POST", "/actions/{action}/checks", EDIT_ACTION).and_api(),
    case("GET", "/actions/{action}/completion", READ_ACTION),
    case("POST", "/actions/{action}/completion", COMPLETE).and_api(),
    case("GET", "/actions/{action}/completion/undoing", READ_ACTION),
    case("POST", "/actions/{action}/completion/undoing", COMPLETE).and_api(),
    case("GET", "/actions/{action}/not-doing", READ_ACTION),
    case("POST", "/actions/{action}/not-doing", JUDGE).and_api(),
    register("GET", "/actions/decide-again", SEARCH).and_api(),
    case("GET", "/actions/{action}/not-doing/renewal", READ_ACTION),
    case("POST", "/actions/{action}/not-doing/renewal", JUDGE).and_api(),
    case("GET", "/actions/{action}/taking-up", READ_ACTION),
    case("POST", "/actions/{action}/taking-up", EDIT_ACTION).and_api(),
    case("GET", "/actions/{action}/cost", READ_ACTION),
    case("POST", "/actions/{action}/cost", EDIT_ACTION).and_api(),
    case("GET", "/actions/{action}/judgement", READ_ACTION),
    case("POST", "/actions/{action}/judgement", JUDGE).and_api(),
    case("GET", "/actions/{action}/owner", READ_ACTION),
    case("POST", "/actions/{action}/owner", EDIT_ACTION).and_api(),

    register("GET", "/search", SEARCH).and_api(),
    register("GET", "/ai-assets", READ_CATALOGUE).and_api(),
    register("GET", "/ai-assets/new", READ_CATALOGUE),
    register("POST", "/ai-assets/new", EDIT_CATALOGUE).and_api(),
    register("GET", "/ai-assets/{asset}", READ_CATALOGUE).and_api(),
    register("GET", "/ai-assets/{asset}/facts", READ_CATALOGUE),
    register("POST", "/ai-assets/{asset}/facts", EDIT_CATALOGUE).and_api(),
    register("GET", "/ai-assets/{asset}/versions", READ_CATALOGUE),
    register("POST", "/ai-assets/{asset}/versions", EDIT_CATALOGUE).and_api(),
    register("GET", "/suppliers", READ_CATALOGUE).and_api(),
    register("GET", "/suppliers/new", READ_CATALOGUE),
    register("POST", "/suppliers/new", EDIT_CATALOGUE).and_api(),
    register("GET", "/suppliers/{supplier}", READ_CATALOGUE).and_api(),
    register("GET", "/suppliers/{supplier}/facts", READ_CATALOGUE),
    register("POST", "/suppliers/{supplier}/facts", EDIT_CATALOGUE).and_api(),
    register("GET", "/people", READ_COMPANY).and_api(),
    register("GET", "/people/owed", READ_COMPANY).and_api(),
    register("GET", "/people/{person}/hand-over", READ_COMPANY).and_api(),
    register("POST", "/people/{person}/hand-over", EDIT_CATALOGUE).and_api(),
    register("GET", "/people/new", READ_COMPANY),
    register("POST", "/people/new", ADMINISTER).and_api(),
    register("GET", "/people/{person}", READ_COMPANY),
    register("GET", "/people/{person}/roles", READ_COMPANY),
    register("POST", "/people/{person}/roles", ADMINISTER).and_api(),
    // Leads back to the person and shows nothing itself.
    register("GET", "/people/{person}/invitation", SELF),
    register("POST", "/people/{person}/invitation", ADMINISTER).and_api(),
    register("GET", "/people/{person}/disabling", READ_COMPANY),
    register("POST", "/people/{person}/disabling", ADMINISTER).and_api(),
    register("GET", "/settings", READ_COMPANY).and_api(),
    register("GET", "/settings/company", READ_COMPANY),
    register("POST", "/settings/company", ADMINISTER).and_api(),

    register("GET", "/api/openapi.json", EVERYBODY),
    register("GET", "/api/docs", EVERYBODY),
    register("GET", "/account", SELF).api_only(),
    register("POST", "/cases", REPORT).api_only(),
    register("GET", "/measures/volume", SEARCH).api_only(),
    register("GET", "/fields", READ_CATALOGUE).api_only(),

    // Last, for it ends what the others are about.
    case("GET", "/cases/{case}/voiding", READ),
    case("POST", "/cases/{case}/voiding", DECIDE).and_api(),
];

impl Expected {
    /// What a letter of a row stands for.
    #[must_use]
    pub fn of(letter: char) -> Option<Self> {
        match letter {
            '+' => Some(Self::Allowed),
            '-' => Some(Self::Refused),
            's' => Some(Self::SignIn),
            '?' => Some(Self::NotThere),
            _ => None,
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Self::Allowed => "✓",
            Self::Refused => "–",
            Self::SignIn => "sign in",
            Self::NotThere => "404",
        }
    }
}

impl Row {
    /// What is expected for each of [`PRINCIPALS`], in their order.
    pub fn expected(&self, is_shut_out: bool) -> impl Iterator<Item = Expected> {
        let letters = if is_shut_out { self.shut_out.unwrap_or(self.open) } else { self.open };
        letters.chars().filter_map(Expected::of)
    }
}

/// Every address with what is expected of it.
pub fn matrix() -> impl Iterator<Item = Row> {
    MATRIX.iter().flat_map(|row| [Some(*row), row.has_api.then(|| row.api_only())]).flatten()
}

/// The table as a page of the documentation.
#[must_use]
pub fn page() -> String {
    let mut page = "# Who may ask which address\n\n\
        Generated from the table that the tests compare with what the server answers: every address, asked as everybody, \
        about an open case, a restricted one whose list they are on, and a restricted one whose list they are not on.\n\n\
        - ✓: it may be asked. Something else may stand in the way, such as the state of the record.\n\
        - –: refused (403).\n\
        - sign in: a page leads to `/sign-in` (303); a program is answered 401.\n\
        - 404: there is no such thing, in the same words as if there were none.\n\n\
        Where the last column says yes, a restricted case makes a difference: whoever is signed in and not on its list \
        is answered 404, whatever the row says. The form of a change is shown to whoever may read the record; who may \
        change it is asked when it is sent. `/metrics` is answered on the machine of the server only.\n\n| address |"
        .to_owned();
    for principal in PRINCIPALS {
        let _ = write!(page, " {principal} |");
    }
    page.push_str(" about a case |\n|---|");
    page.push_str(&"---|".repeat(PRINCIPALS.len() + 1));
    page.push('\n');
    for row in matrix() {
        let _ = write!(page, "| `{} {}` |", row.route.method, row.route.address());
        for expected in row.expected(false) {
            let _ = write!(page, " {} |", expected.sign());
        }
        let _ = writeln!(page, " {} |", if row.shut_out.is_some() { "yes" } else { "" });
    }
    page
}
