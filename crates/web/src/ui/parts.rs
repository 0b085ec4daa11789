//! Heads of pages, sections, and what is said when there is nothing.

use maud::{Markup, html};

/// The way back up.
pub(crate) struct Crumb {
    pub(crate) href: String,
    pub(crate) words: String,
}

/// The head of a page: where one is, what it is, what can be done.
pub(crate) fn head(crumb: Option<Crumb>, title: &str, beside: Markup, doing: Markup) -> Markup {
    html! {
        header .head {
            @if let Some(crumb) = crumb { p .crumb { a href=(crumb.href) { (crumb.words) } } }
            div .head-row {
                div .head-title { h1 { (title) } (beside) }
                div .doing { (doing) }
            }
        }
    }
}

/// A part of a page with a heading and what can be done about it; one that counts nothing is not printed.
pub(crate) fn section(id: &str, title: &str, count: Option<usize>, doing: Markup, content: Markup) -> Markup {
    let heading = format!("{id}-heading");
    html! {
        section .part .nothing[count == Some(0)] id=(id) aria-labelledby=(heading) {
            div .part-head {
                h2 id=(heading) { (title) @if let Some(count) = count { " " span .count { (count) } } }
                div .doing { (doing) }
            }
            (content)
        }
    }
}

/// What is said when there is nothing: one sentence, and what to do.
pub(crate) fn empty(sentence: &str, doing: Markup) -> Markup {
    html! { div .empty { p { (sentence) } (doing) } }
}

/// Remarks on a query.
pub(crate) fn notes(notes: &[String]) -> Markup {
    html! { @for note in notes { p .note { (crate::error_page::sentence(note)) } } }
}

/// Where a list goes on.
pub(crate) fn more(next: Option<String>, first: Option<String>) -> Markup {
    html! {
        @if next.is_some() || first.is_some() {
            nav .paging aria-label="Pages" {
                @if let Some(first) = first { a .button href=(first) { "First page" } }
                @if let Some(next) = next { a .button href=(next) rel="next" data-key="n" { "Next page" } }
            }
        }
    }
}
