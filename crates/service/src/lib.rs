//! Use cases: authorise, load, transition, save, trail, commit. The only crate that opens units of work.
//!
//! A use case is a value ([`use_case::UseCase`]): the web, the command line and a running server's socket run the same
//! one. It resolves its caller and asks for permission first, inside the unit of work.

pub mod account;
pub mod action;
pub mod archive;
pub mod awareness;
pub mod backup;
pub mod bundle;
mod caller;
pub mod case;
pub mod catalogue;
pub mod checkpoint;
mod claim;
pub mod clock;
mod contributors;
pub mod control;
pub mod doctor;
pub mod draft;
pub mod error;
mod escalation;
mod evidence;
mod feed;
mod files;
mod fit;
pub mod folder;
pub mod hint;
pub mod import;
pub mod job;
mod keys;
pub mod lesson;
pub mod local;
pub mod mail;
mod nothing_there;
mod once;
pub mod open;
pub mod os_user;
pub mod person;
pub mod procedure;
pub mod register;
pub mod review;
pub mod risk;
pub mod schema;
pub mod search;
mod service;
pub mod set;
pub mod settings;
pub mod setup;
pub mod use_case;
pub mod work;

pub use caller::{Caller, Identity};
pub use error::{Kind, ServiceError};
pub use once::RequestKey;
pub use service::{Done, Service};
