//! The register over HTTP, as a browser and a program speak to it: a server of its own process, visitors, questions whose
//! answers are looked at, and how long they took.

mod asked;
mod connection;
pub(crate) mod questions;
mod response;
mod site;
mod times;
mod visitor;

pub(crate) use asked::{Ask, Request, escaped};
pub(crate) use connection::Connection;
pub(crate) use site::{Memory, Site};
pub(crate) use times::{Times, rate};
pub(crate) use visitor::{Credential, by_invitation, by_link};
