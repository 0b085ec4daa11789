//! The server, asked without a network: every address as everybody, every form with everything.

mod access;
mod canary;
mod csrf;
mod errors;
mod fixture;
mod forms;
mod headers;
mod life;
mod naughty;
mod sessions;
