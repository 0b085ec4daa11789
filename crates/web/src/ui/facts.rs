//! Facts with their names: a definition list.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::text;

/// Facts that are known, in order.
#[derive(Default)]
pub(crate) struct Facts(Vec<(&'static str, Markup)>);

impl Facts {
    /// Adds a fact.
    pub(crate) fn with(mut self, name: &'static str, value: Markup) -> Self {
        self.0.push((name, value));
        self
    }

    /// Adds a fact if it is known.
    pub(crate) fn with_text(self, name: &'static str, value: Option<&str>) -> Self {
        match value.filter(|value| !value.is_empty()) {
            Some(value) => self.with(name, html! { (value) }),
            None => self,
        }
    }

    /// Adds a list of words if there are any.
    pub(crate) fn with_list(self, name: &'static str, values: &[String]) -> Self {
        if values.is_empty() { self } else { self.with(name, html! { (values.join(", ")) }) }
    }
}

/// Values of the company's own fields, by their short names.
pub(crate) fn own_fields(fields: &BTreeMap<String, String>) -> Markup {
    html! {
        @if !fields.is_empty() {
            dl .facts { @for (name, value) in fields { div { dt { (text::title(name)) } dd { (value) } } } }
        }
    }
}

/// Shows facts; nothing if there are none.
pub(crate) fn facts(facts: Facts) -> Markup {
    html! {
        @if !facts.0.is_empty() {
            dl .facts { @for (name, value) in facts.0 { div { dt { (name) } dd { (value) } } } }
        }
    }
}
