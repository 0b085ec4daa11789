//! Running text as people typed it, made into harmless HTML with links at references.

use maud::{Markup, PreEscaped, html};
use nevertwice_render::markdown::{MarkdownOptions, to_html};

use crate::paths;

/// Level of a text's first heading: below the headings of the page.
const HEADING: u8 = 4;
/// Level of the first heading of a document that a page shows as a part of itself; what stands below it is written `##`.
const DOCUMENT_HEADING: u8 = 2;

/// Shows running text.
pub(crate) fn prose(text: &str) -> Markup {
    prose_with(text, HEADING, &path_of)
}

/// The same for whoever may open no record: a reference leads nowhere.
pub(crate) fn prose_without_references(text: &str) -> Markup {
    prose_with(text, HEADING, &|_| None)
}

/// Shows a document with chapters.
pub(crate) fn document(text: &str) -> Markup {
    prose_with(text, DOCUMENT_HEADING, &path_of)
}

fn prose_with(text: &str, heading_level: u8, path_of: &dyn Fn(&str) -> Option<String>) -> Markup {
    let options = MarkdownOptions { heading_level, path_of };
    html! { div .prose { (PreEscaped(to_html(text, &options))) } }
}

/// Shows running text if there is any.
pub(crate) fn prose_of(text: Option<&str>) -> Markup {
    html! { @if let Some(text) = text { (prose(text)) } }
}

/// Where a reference leads.
pub(crate) fn path_of(reference: &str) -> Option<String> {
    let path = match reference.split('-').next()? {
        "CASE" => paths::Case { case: reference.parse().ok()? }.to_string(),
        "PIR" => paths::Review { review: reference.parse().ok()? }.to_string(),
        "LSN" => paths::Lesson { lesson: reference.parse().ok()? }.to_string(),
        "ACT" => paths::Action { action: reference.parse().ok()? }.to_string(),
        "AWR" => paths::Awareness { item: reference.parse().ok()? }.to_string(),
        "AST" => paths::AssetPage { asset: reference.parse().ok()? }.to_string(),
        "PRC" => paths::ProcedureVersion { procedure: reference.parse().ok()? }.to_string(),
        "RSK" => paths::Risk { risk: reference.parse().ok()? }.to_string(),
        "SUP" => paths::SupplierPage { supplier: reference.parse().ok()? }.to_string(),
        _ => return None,
    };
    Some(path)
}

/// A reference as a link, if it leads somewhere.
pub(crate) fn reference(text: &str) -> Markup {
    html! {
        @match path_of(text) {
            Some(path) => { a .ref href=(path) { (text) } }
            None => (text),
        }
    }
}
