//! The register in the browser and over HTTP: routes on one page, handlers that parse, ask one use case and show what
//! came of it. No rule of the register stands here.

#![expect(
    clippy::needless_pass_by_value,
    reason = "markup is made in one place and handed on, as maud has it"
)]

pub mod access;
mod account;
mod actions;
mod api;
mod app;
mod assets;
mod awareness;
mod cases;
mod catalogue;
mod company;
mod controls;
mod cookie;
mod done;
mod drafts;
mod entry;
mod error_page;
mod form;
mod fragment;
mod health;
mod help;
mod learning;
mod lessons;
mod listing;
mod merge;
mod metrics;
mod open;
mod origin;
mod page;
mod paths;
mod people;
mod problem;
mod procedure;
mod prose;
mod report;
mod request;
mod reviews;
mod risks;
mod routes;
mod search;
mod server;
mod text;
mod ui;
mod upload;
mod verb;
mod viewer;
mod work;

pub use api::document as api_document;
pub use app::App;
pub use origin::{Origin, OriginError};
pub use routes::{Route, router, routes};
pub use server::{Listening, Proxies};
