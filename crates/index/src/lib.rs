//! The read model: search, facets, similar cases, exact measures. The only crate that names the search engine.
