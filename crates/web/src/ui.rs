//! The components that pages are made of.

mod badge;
mod chart;
mod dialog;
mod facts;
mod field;
mod hints;
mod parts;
mod stepper;
mod time;

pub(crate) use badge::{class, restricted, severity, severity_short, state};
pub(crate) use chart::chart;
pub(crate) use dialog::{keys, palette};
pub(crate) use facts::{Facts, facts, own_fields};
pub(crate) use field::{Choice, Field, FieldKind, choices, error_summary};
pub(crate) use hints::hints;
pub(crate) use parts::{Crumb, empty, head, more, notes, section};
pub(crate) use stepper::stepper;
pub(crate) use time::{day, instant, when, when_day};
