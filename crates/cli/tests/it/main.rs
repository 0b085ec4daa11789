//! The real program in a scratch folder: what a person types, what they see, what a script gets.

mod bad_input;
mod classic;
mod demo;
mod register;
mod scratch;
mod server;
