//! Commands on people.

use clap::Subcommand;
use nevertwice_domain::permission::{Role, Scope};
use nevertwice_domain::person::{PersonKind, PersonStatus};
use nevertwice_domain::text::Line;

/// Commands on people.
#[derive(Debug, Subcommand)]
pub(crate) enum PersonCommand {
    /// Add a person or team.
    New {
        /// The name.
        name: Line,
        /// A role: reporter, responder, manager, auditor, sales, board or administrator.
        #[arg(long = "role")]
        roles: Vec<Role>,
        /// E-mail address.
        #[arg(long)]
        email: Option<Line>,
        /// The operating-system user that acts as this person.
        #[arg(long)]
        os_user: Option<Line>,
        /// It is a team.
        #[arg(long)]
        team: bool,
    },
    /// List people and teams by name.
    List {
        /// Only unconfirmed, confirmed or disabled ones.
        #[arg(long)]
        status: Option<PersonStatus>,
    },
    /// Confirm a person that an import made of a name, or change roles.
    Confirm {
        /// Name or id.
        person: Line,
        /// person or team.
        #[arg(long)]
        kind: Option<PersonKind>,
        /// Another name.
        #[arg(long)]
        name: Option<Line>,
        /// A role; those given replace all.
        #[arg(long = "role")]
        roles: Vec<Role>,
        /// E-mail address.
        #[arg(long)]
        email: Option<Line>,
        /// The operating-system user that acts as this person.
        #[arg(long)]
        os_user: Option<Line>,
    },
    /// Disable a person: every session and token ends, the history stays.
    Disable {
        /// Name or id.
        person: Line,
    },
    /// List what a person owes, or what those owe who have left.
    Owes {
        /// Name or id; everybody who has left if unsaid.
        person: Option<Line>,
    },
    /// Hand everything that a person owes to another one; what cannot be handed over is told.
    HandOver {
        /// Who owes it, by name or id.
        person: Line,
        /// Who owes it from now on.
        to: Line,
    },
    /// Make an access token; its secret is shown this once.
    Token {
        /// Name or id.
        person: Line,
        /// What it is for.
        #[arg(long, default_value = "command line")]
        label: Line,
        /// Days until it ends.
        #[arg(long)]
        days: Option<u32>,
        /// What it may be used for: read, report, edit, decide or administer; everything if none is given.
        #[arg(long = "scope")]
        scopes: Vec<Scope>,
    },
    /// List your own access tokens, without their secrets.
    Tokens,
    /// Take an access token back: one of yours, or as an administrator anybody's.
    RevokeToken {
        /// Its id, as person tokens shows it.
        id: String,
    },
    /// Invite a person to choose a password, or another one; the code is shown this once and holds for seven days.
    Invite {
        /// Name or id.
        person: Line,
        /// Take their second factor away at once, because they have lost it.
        #[arg(long)]
        remove_second_factor: bool,
        /// Send the invitation by mail instead of showing the code.
        #[arg(long)]
        send: bool,
    },
    /// Make a code that signs you in, once, within ten minutes.
    SignInLink {
        /// Somebody else, by name or id; for administrators of a register with sample data.
        #[arg(long)]
        person: Option<Line>,
    },
}
