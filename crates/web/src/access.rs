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
const READ_CATALOGUE: &str = "s--++-++---ss-s";
const READ_COMPANY: &str = "s--++-++--+ss-s";
/// For whom there is no such case.
const SHUT_OUT: &str = "s??????????ss?s";

/// About the register or oneself: no case makes a difference.
const fn register(method: &'static str, path: &'static str, open: &'static str) -> Row {
    Row { route: Route { method, path }, open, shut_out: None }
}

/// About a case, or what hangs on one: for whoever is shut out there is none.
const fn case(method: &'static str, path: &'static str, open: &'static str) -> Row {
    Row { route: Route { method, path }, open, shut_out: Some(SHUT_OUT) }
}

/// Every address. The form of a change is shown to whoever may read the record; who may change it is asked when it is
/// sent.
#[rustfmt::skip]
pub static MATRIX: &[Row] = &[
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
    register("GET", "/account", OWN),
    register("GET", "/account/password", SELF),
    register("POST", "/account/password", OWN),
    register("GET", "/account/second-factor", SELF),
    register("POST", "/account/second-factor", OWN),
    register("POST", "/account/second-factor/confirmation", OWN),
    register("POST", "/account/second-factor/removal", OWN),
    register("POST", "/account/sessions/{id}/end", OWN),
    register("POST", "/account/sessions/others", OWN),
    register("GET", "/account/tokens", SELF),
    register("POST", "/account/tokens", OWN),
    register("POST", "/account/tokens/{id}/revocation", OWN),

    register("GET", "/", SEARCH),
    register("GET", "/report", SELF),
    register("POST", "/report", REPORT),
    case("GET", "/cases/{case}/receipt", READ),
    register("GET", "/cases", SEARCH),
    register("GET", "/cases/facets", SEARCH),
    register("GET", "/cases/export/{ending}", SEARCH),
    case("GET", "/cases/{case}", READ),
    // Searching: what a token is for is asked before any case is looked at.
    Row { shut_out: Some("s??????????ss-s"), ..case("GET", "/cases/{case}/similar", READ) },
    case("GET", "/cases/{case}/facts", READ),
    case("POST", "/cases/{case}/facts", EDIT),
    case("GET", "/cases/{case}/ai-impact", READ),
    case("POST", "/cases/{case}/ai-impact", EDIT),
    case("GET", "/cases/{case}/classification", READ),
    case("POST", "/cases/{case}/classification", DECIDE),
    case("GET", "/cases/{case}/decision", READ),
    case("POST", "/cases/{case}/decision", DECIDE),
    case("GET", "/cases/{case}/response", READ),
    case("POST", "/cases/{case}/response", RESPOND),
    case("GET", "/cases/{case}/resolution", READ),
    case("POST", "/cases/{case}/resolution", EDIT),
    case("GET", "/cases/{case}/closure", READ),
    case("POST", "/cases/{case}/closure", DECIDE),
    case("GET", "/cases/{case}/reopening", READ),
    case("POST", "/cases/{case}/reopening", DECIDE),
    case("GET", "/cases/{case}/restriction", READ),
    case("POST", "/cases/{case}/restriction", DECIDE),
    case("GET", "/cases/{case}/parent", READ),
    case("POST", "/cases/{case}/parent", DECIDE),
    case("GET", "/cases/{case}/timeline", READ),
    case("POST", "/cases/{case}/timeline", EDIT),
    case("GET", "/cases/{case}/costs", READ),
    case("POST", "/cases/{case}/costs", EDIT),
    case("GET", "/cases/{case}/comments", READ),
    case("POST", "/cases/{case}/comments", COMMENT),
    case("GET", "/cases/{case}/gaps/{gap}/settlement", READ),
    case("POST", "/cases/{case}/gaps/{gap}/settlement", EDIT),
    case("GET", "/cases/{case}/evidence", READ),
    case("POST", "/cases/{case}/evidence", EDIT),
    case("GET", "/cases/{case}/evidence/{id}", READ),

    register("GET", "/reviews", SEARCH),
    case("GET", "/reviews/{review}", READ),
    case("GET", "/cases/{case}/reviews", READ),
    case("POST", "/cases/{case}/reviews", EDIT),
    case("GET", "/reviews/{review}/date", READ),
    case("POST", "/reviews/{review}/date", EDIT),
    case("GET", "/reviews/{review}/meeting", READ),
    case("POST", "/reviews/{review}/meeting", EDIT),
    case("GET", "/reviews/{review}/whys", READ),
    case("POST", "/reviews/{review}/whys", EDIT),
    case("GET", "/reviews/{review}/whys/{number}", READ),
    case("POST", "/reviews/{review}/whys/{number}", EDIT),
    case("GET", "/reviews/{review}/whys/{number}/removal", READ),
    case("POST", "/reviews/{review}/whys/{number}/removal", EDIT),
    case("GET", "/reviews/{review}/submission", READ),
    case("POST", "/reviews/{review}/submission", EDIT),
    case("GET", "/reviews/{review}/return", READ),
    case("POST", "/reviews/{review}/return", EDIT),
    case("GET", "/reviews/{review}/approval", READ),
    case("POST", "/reviews/{review}/approval", APPROVE),
    case("GET", "/reviews/{review}/waiver", READ),
    case("POST", "/reviews/{review}/waiver", APPROVE),

    register("GET", "/lessons", SEARCH),
    case("GET", "/lessons/{lesson}", READ),
    case("GET", "/cases/{case}/lessons", READ),
    case("POST", "/cases/{case}/lessons", EDIT),
    case("GET", "/lessons/{lesson}/text", READ),
    case("POST", "/lessons/{lesson}/text", EDIT),
    case("GET", "/lessons/{lesson}/approval", READ),
    case("POST", "/lessons/{lesson}/approval", APPROVE),
    case("GET", "/lessons/{lesson}/cases", READ),
    case("POST", "/lessons/{lesson}/cases", EDIT),
    case("GET", "/lessons/{lesson}/retirement", READ),
    case("POST", "/lessons/{lesson}/retirement", DECIDE),

    register("GET", "/actions", SEARCH),
    case("GET", "/actions/{action}", READ_ACTION),
    case("GET", "/cases/{case}/actions", READ),
    case("POST", "/cases/{case}/actions", EDIT),
    case("GET", "/actions/{action}/start", READ_ACTION),
    case("POST", "/actions/{action}/start", COMPLETE),
    case("GET", "/actions/{action}/due-date", READ_ACTION),
    case("POST", "/actions/{action}/due-date", EDIT_ACTION),
    case("GET", "/actions/{action}/strength", READ_ACTION),
    case("POST", "/actions/{action}/strength", EDIT_ACTION),
    case("GET", "/actions/{action}/checks", READ_ACTION),
    case("POST", "/actions/{action}/checks", EDIT_ACTION),
    case("GET", "/actions/{action}/completion", READ_ACTION),
    case("POST", "/actions/{action}/completion", COMPLETE),
    case("GET", "/actions/{action}/completion/undoing", READ_ACTION),
    case("POST", "/actions/{action}/completion/undoing", COMPLETE),
    case("GET", "/actions/{action}/not-doing", READ_ACTION),
    case("POST", "/actions/{action}/not-doing", JUDGE),
    case("GET", "/actions/{action}/judgement", READ_ACTION),
    case("POST", "/actions/{action}/judgement", JUDGE),
    case("GET", "/actions/{action}/owner", READ_ACTION),
    case("POST", "/actions/{action}/owner", EDIT_ACTION),

    register("GET", "/search", SEARCH),
    register("GET", "/ai-assets", READ_CATALOGUE),
    register("GET", "/ai-assets/{asset}", READ_CATALOGUE),
    register("GET", "/suppliers", READ_CATALOGUE),
    register("GET", "/suppliers/{supplier}", READ_CATALOGUE),
    register("GET", "/people", READ_COMPANY),
    register("GET", "/settings", READ_COMPANY),

    // Last, for it ends what the others are about.
    case("GET", "/cases/{case}/voiding", READ),
    case("POST", "/cases/{case}/voiding", DECIDE),
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
    for row in MATRIX {
        let _ = write!(page, "| `{} {}` |", row.route.method, row.route.path);
        for expected in row.expected(false) {
            let _ = write!(page, " {} |", expected.sign());
        }
        let _ = writeln!(page, " {} |", if row.shut_out.is_some() { "yes" } else { "" });
    }
    page
}
