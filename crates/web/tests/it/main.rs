//! The server, asked without a network: every address as everybody, every form with everything.

mod access;
mod fixture;
