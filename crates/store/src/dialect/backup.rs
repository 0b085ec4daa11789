//! Snapshots of the whole database and their return.
