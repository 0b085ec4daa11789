//! For tests only: databases, a fixed clock, scratch folders.
