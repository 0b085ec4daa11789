//! What the wording rules ask of a text, beside it.

use maud::{Markup, html};
use nevertwice_service::hint::HintView;

/// The hints on a text; nothing if there are none.
pub(crate) fn hints(hints: &[HintView]) -> Markup {
    html! {
        @if !hints.is_empty() {
            ul .hints aria-label="On the wording" {
                @for hint in hints {
                    li .hint-line data-blocks[hint.blocks()] {
                        p {
                            strong { @if hint.blocks() { "To mend before it is approved: " } @else { "Worth a look: " } }
                            q { (hint.words) } " " (hint.message)
                        }
                        p .fine { (hint.question) }
                    }
                }
            }
        }
    }
}
