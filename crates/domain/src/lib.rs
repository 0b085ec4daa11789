//! What an incident register is: types that cannot be wrong, state machines, rules, the query language.
//!
//! No I/O, no clock, no randomness: times and ids come in as arguments, every rule can be tested as a table.

#[macro_use]
pub mod word;

pub mod formula;
pub mod id;
pub mod money;
pub mod object;
pub mod reference;
pub mod refusal;
pub mod text;
pub mod time;
pub mod when;

pub mod account;
pub mod action;
pub mod approver;
pub mod asset;
pub mod awareness;
pub mod case;
pub mod cause;
pub mod control;
pub mod evidence;
pub mod field;
pub mod import;
pub mod job;
pub mod lesson;
pub mod measure;
pub mod mention;
pub mod permission;
pub mod person;
pub mod procedure;
pub mod query;
pub mod read_model;
pub mod review;
pub mod risk;
pub mod settings;
pub mod strength;
pub mod supplier;
pub mod wording;
