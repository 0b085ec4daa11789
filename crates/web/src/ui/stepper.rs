//! The states of a case as steps, with where it stands.

use maud::{Markup, html};

use crate::text;

/// The way of a case; what is left out of it was passed over.
const STEPS: [&str; 7] = ["reported", "triaged", "responding", "resolved", "in_review", "acting", "closed"];

/// Shows where a case stands.
pub(crate) fn stepper(state: &str) -> Markup {
    let Some(at) = STEPS.iter().position(|step| *step == state) else {
        return html! { p .steps-void { "This case is " strong { (text::plain(state)) } "." } };
    };
    html! {
        ol .steps aria-label="Where this case stands" {
            @for (place, step) in STEPS.iter().enumerate() {
                li data-step=(if place < at { "past" } else if place == at { "now" } else { "ahead" })
                    aria-current=[(place == at).then_some("step")] { (text::title(step)) }
            }
        }
    }
}
