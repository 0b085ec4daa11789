//! Formats in and out: bytes in, typed rows out. Never sees the database, has no clock.

pub mod archive;
pub mod fates;
pub mod planned;
pub mod spreadsheet;
pub mod veris;
