//! Who may do what: the table of roles and verbs, and nothing else decides.
//!
//! Default deny. What one may not see does not exist: [`Denied::Invisible`] becomes "not found", the same as for a
//! record that is not there.

use thiserror::Error;

use crate::refusal::Refusal;
use crate::word::Word;

words! {
    /// What a person may do in the register; a person can hold several.
    Role("role") {
        /// Reports and follows own reports.
        Reporter = "reporter",
        /// Works on cases.
        Responder = "responder",
        /// Runs the register: the security lead.
        Manager = "manager",
        /// Reads the register, samples, verifies.
        Auditor = "auditor",
        /// Reads approved, customer-safe copies.
        Sales = "sales",
        /// Reads figures and titles.
        Board = "board",
        /// Looks after people, settings, backups and keys; does not read cases by this role.
        Administrator = "administrator",
    }
}

words! {
    /// What a use case does, as far as permission goes.
    Verb("verb") {
        /// Report a case.
        Report = "report",
        /// Comment on a case.
        Comment = "comment",
        /// Read a case, its causes, evidence, actions.
        ReadCase = "read_case",
        /// Read an approved internal lesson.
        ReadLesson = "read_lesson",
        /// Edit a case, its timeline, evidence, causes; write lessons and actions for it.
        EditCase = "edit_case",
        /// Classify, decide an event, void, restrict, close, re-open.
        DecideCase = "decide_case",
        /// Complete an action.
        CompleteAction = "complete_action",
        /// Judge effectiveness, approve a review or lesson.
        Approve = "approve",
        /// Read figures over the whole register.
        ReadRegister = "read_register",
        /// Bring cases in, or take an import back.
        Import = "import",
        /// Write suppliers, assets, controls and company fields.
        EditCatalogue = "edit_catalogue",
        /// Read suppliers, assets, controls, company fields, names of people.
        ReadCatalogue = "read_catalogue",
        /// Read the incident management procedure.
        ReadProcedure = "read_procedure",
        /// Write the incident management procedure.
        EditProcedure = "edit_procedure",
        /// Approve a version of the incident management procedure.
        ApproveProcedure = "approve_procedure",
        /// Read a risk.
        ReadRisk = "read_risk",
        /// Register, change, assess and close a risk.
        EditRisk = "edit_risk",
        /// Accept what remains of a risk.
        AcceptRisk = "accept_risk",
        /// Verify and export the trail.
        ReadTrail = "read_trail",
        /// People, roles, settings, backups, keys.
        Administer = "administer",
    }
}

words! {
    /// What an access token may be used for, of all that its person may do.
    Scope("scope") {
        /// Read what the person may read.
        Read = "read",
        /// Report cases and comment on them.
        Report = "report",
        /// Edit cases, lessons and actions, the catalogue; import.
        Edit = "edit",
        /// Classify, decide, approve, judge.
        Decide = "decide",
        /// Administer the register, and the person's own ways of signing in.
        Administer = "administer",
    }
}

impl Verb {
    /// The scope that a token needs for it. The answer to a change shows the record that was changed.
    #[must_use]
    pub fn scope(self) -> Scope {
        match self {
            Self::Report | Self::Comment => Scope::Report,
            Self::ReadCase
            | Self::ReadLesson
            | Self::ReadRegister
            | Self::ReadCatalogue
            | Self::ReadProcedure
            | Self::ReadRisk
            | Self::ReadTrail => Scope::Read,
            Self::EditCase
            | Self::CompleteAction
            | Self::Import
            | Self::EditCatalogue
            | Self::EditProcedure
            | Self::EditRisk => Scope::Edit,
            Self::DecideCase | Self::Approve | Self::ApproveProcedure | Self::AcceptRisk => Scope::Decide,
            Self::Administer => Scope::Administer,
        }
    }
}

words! {
    /// Under which condition a role has a verb.
    Grant("grant") {
        /// Never.
        Never = "–",
        /// On one's own reports only.
        Own = "own",
        /// On cases that one works on.
        Assigned = "assigned",
        /// When one is named for it: the owner of the action or risk, the person asked to approve.
        Named = "if named",
        /// Everywhere, but never on one's own work.
        NotOwnWork = "✓, never own work",
        /// When one is named for it, and never on one's own work.
        NamedNotOwnWork = "if named, never own work",
        /// Class, state and title only; one's own reports completely.
        Outline = "class, state, title",
        /// Everywhere.
        Always = "✓",
    }
}

/// How a person stands to the object of a use case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Relation {
    /// Reported the case.
    pub own: bool,
    /// Works on the case: responder, facilitator, owner of one of its actions.
    pub assigned: bool,
    /// Is named for exactly this: owns the action or risk, was asked to approve.
    pub named: bool,
    /// Did the work that is to be approved or judged.
    pub author: bool,
    /// The case is restricted and the person is not on its need-to-know list.
    pub shut_out: bool,
}

/// A refusal of permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Denied {
    /// The person may not know that the object exists.
    #[error("there is no such record")]
    Invisible,
    /// The person may see the object but not do this.
    #[error("your roles do not allow this; it is for {}", whom(*verb))]
    Forbidden {
        /// What was wanted.
        verb: Verb,
    },
    /// Nobody approves or judges their own work.
    #[error("this is your own work, whole or in part; somebody else has to approve or judge it")]
    OwnWork,
}

impl Refusal for Denied {
    fn code(&self) -> &'static str {
        match self {
            Self::Invisible => "not_found",
            Self::Forbidden { .. } => "forbidden",
            Self::OwnWork => "own_work",
        }
    }
}

/// The table of PRODUCT §9: what a role grants.
#[must_use]
pub fn grant(role: Role, verb: Verb) -> Grant {
    match role {
        Role::Reporter => reporter(verb),
        Role::Responder => responder(verb),
        Role::Manager => manager(verb),
        Role::Auditor => auditor(verb),
        Role::Sales => sales(verb),
        Role::Board => board(verb),
        Role::Administrator => administrator(verb),
    }
}

/// Decides whether somebody with `roles` may do `verb` to an object that they stand in `relation` to.
///
/// # Errors
/// [`Denied::Invisible`] if they may not even read it, [`Denied::OwnWork`] or [`Denied::Forbidden`] otherwise.
pub fn authorize(
    roles: impl IntoIterator<Item = Role>,
    verb: Verb,
    relation: Relation,
) -> Result<(), Denied> {
    if relation.shut_out {
        return Err(Denied::Invisible);
    }
    let (mut readable, mut own_work) = (false, false);
    for role in roles {
        match weigh(grant(role, verb), relation) {
            Weight::Yes => return Ok(()),
            Weight::OwnWork => own_work = true,
            Weight::No => {}
        }
        readable |= about_a_case(verb) && weigh(grant(role, Verb::ReadCase), relation) == Weight::Yes;
    }
    if own_work {
        return Err(Denied::OwnWork);
    }
    if readable || !about_a_case(verb) || verb == Verb::Report {
        return Err(Denied::Forbidden { verb });
    }
    Err(Denied::Invisible)
}

#[derive(PartialEq, Eq)]
enum Weight {
    Yes,
    No,
    OwnWork,
}

fn weigh(grant: Grant, relation: Relation) -> Weight {
    let yes = match grant {
        Grant::Never => false,
        Grant::Always => true,
        Grant::Own | Grant::Outline => relation.own,
        Grant::Assigned => relation.assigned,
        Grant::Named => relation.named,
        Grant::NotOwnWork if relation.author => return Weight::OwnWork,
        Grant::NotOwnWork => true,
        Grant::NamedNotOwnWork if relation.author => return Weight::OwnWork,
        Grant::NamedNotOwnWork => relation.named,
    };
    if yes { Weight::Yes } else { Weight::No }
}

/// Who may do something, in words.
fn whom(verb: Verb) -> String {
    let granted = Role::ALL.iter().map(|role| (role, grant(*role, verb)));
    let granted: Vec<_> = granted.filter(|(_, grant)| *grant != Grant::Never).collect();
    if granted.iter().all(|(_, grant)| *grant == Grant::Named) {
        return "whoever is named for it, such as the owner of an action".to_owned();
    }
    let words = granted.into_iter().map(|(role, grant)| match grant {
        Grant::Always | Grant::NotOwnWork => format!("the role {role}"),
        condition => format!("the role {role} ({condition})"),
    });
    words.collect::<Vec<_>>().join(", ")
}

/// Verbs whose object is a case or hangs on one: refused to those who may not read it as if it were not there.
fn about_a_case(verb: Verb) -> bool {
    matches!(
        verb,
        Verb::Comment
            | Verb::ReadCase
            | Verb::EditCase
            | Verb::DecideCase
            | Verb::CompleteAction
            | Verb::Approve
    )
}

fn reporter(verb: Verb) -> Grant {
    match verb {
        Verb::Report | Verb::ReadLesson | Verb::ReadProcedure => Grant::Always,
        Verb::Comment | Verb::ReadCase => Grant::Own,
        Verb::CompleteAction | Verb::ReadRisk | Verb::AcceptRisk => Grant::Named,
        _ => Grant::Never,
    }
}

fn responder(verb: Verb) -> Grant {
    match verb {
        Verb::Report
        | Verb::ReadLesson
        | Verb::Comment
        | Verb::ReadCase
        | Verb::ReadCatalogue
        | Verb::ReadProcedure
        | Verb::ReadRisk => Grant::Always,
        Verb::EditCase => Grant::Assigned,
        Verb::CompleteAction | Verb::AcceptRisk => Grant::Named,
        Verb::Approve => Grant::NamedNotOwnWork,
        _ => Grant::Never,
    }
}

fn manager(verb: Verb) -> Grant {
    match verb {
        Verb::CompleteAction | Verb::AcceptRisk => Grant::Named,
        Verb::Approve | Verb::ApproveProcedure => Grant::NotOwnWork,
        Verb::Administer => Grant::Never,
        _ => Grant::Always,
    }
}

fn auditor(verb: Verb) -> Grant {
    match verb {
        Verb::ReadCase
        | Verb::ReadLesson
        | Verb::ReadRegister
        | Verb::ReadTrail
        | Verb::ReadCatalogue
        | Verb::ReadProcedure
        | Verb::ReadRisk => Grant::Always,
        _ => Grant::Never,
    }
}

fn sales(verb: Verb) -> Grant {
    match verb {
        Verb::Report | Verb::ReadProcedure => Grant::Always,
        Verb::Comment | Verb::ReadCase => Grant::Own,
        Verb::CompleteAction | Verb::ReadRisk | Verb::AcceptRisk => Grant::Named,
        _ => Grant::Never,
    }
}

fn board(verb: Verb) -> Grant {
    match verb {
        Verb::Report | Verb::ReadLesson | Verb::ReadRegister | Verb::ReadProcedure => Grant::Always,
        Verb::Comment => Grant::Own,
        Verb::ReadCase => Grant::Outline,
        Verb::CompleteAction | Verb::ReadRisk | Verb::AcceptRisk => Grant::Named,
        _ => Grant::Never,
    }
}

fn administrator(verb: Verb) -> Grant {
    match verb {
        Verb::Administer | Verb::ReadTrail | Verb::Report | Verb::ReadLesson | Verb::ReadProcedure => {
            Grant::Always
        }
        Verb::Comment | Verb::ReadCase => Grant::Own,
        Verb::CompleteAction | Verb::ReadRisk | Verb::AcceptRisk => Grant::Named,
        _ => Grant::Never,
    }
}

/// The table as rows for the documentation: each verb with the grant of every role in order of [`Role::ALL`].
#[must_use]
pub fn table() -> Vec<(Verb, Vec<Grant>)> {
    Verb::ALL.iter().map(|&verb| (verb, Role::ALL.iter().map(|&role| grant(role, verb)).collect())).collect()
}

#[cfg(test)]
mod tests;
