//! Signing in, and what belongs to it: invitations, sessions, links, passwords, second factors.
//!
//! Nobody is anybody's caller before they signed in, so some of these use cases are run by [`Identity::Nobody`]; they
//! prove in the same call who they are. What is kept in the trail is that something was set, by whom and when; secrets
//! are kept as hashes beside it, and neither in the trail nor in an archive.
//!
//! [`Identity::Nobody`]: crate::Identity::Nobody

mod attempts;
mod gate;
mod invitation;
mod link;
mod myself;
mod password;
mod second_factor;
mod secret;
mod session;
mod setup;
mod sign_in;

pub(crate) use invitation::invite_anew;
pub use invitation::{AcceptInvitation, InvitationShown, InvitationView, Invite, Invited, ShowInvitation};
pub use link::{EnterByLink, NewSignInLink};
pub use myself::{SelfView, ShowSelf};
pub use password::ChangePassword;
pub use second_factor::{
    ConfirmSecondFactor, RecoveryCodes, RemoveSecondFactor, SecondFactorStarted, StartSecondFactor,
};
pub use secret::Secret;
pub use session::{EndOtherSessions, EndSession, ListSessions, SessionView, SignOut};
pub use sign_in::{SignIn, SignedIn};

pub(crate) use attempts::{Door, place_of};
pub(crate) use gate::Gate;
pub(crate) use session::end_access;
