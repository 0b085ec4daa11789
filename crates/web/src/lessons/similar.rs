//! "This lesson is there already": approved lessons to link instead of writing one again.

use maud::{Markup, html};
use nevertwice_domain::reference::CaseRef;
use nevertwice_service::search::LessonRow;

use crate::paths;
use crate::prose::reference;
use crate::ui;

/// The lessons that could be linked to a case instead, each with a button that does it.
pub(crate) fn offer(case: CaseRef, rows: &[LessonRow]) -> Markup {
    if rows.is_empty() {
        return html! {};
    }
    let content = html! {
        p .fine { "If one of these says it, link it: that it was needed again is worth knowing." }
        ul .lines {
            @for row in rows {
                li {
                    (reference(&row.reference)) " " (row.statement) " " (ui::state(&row.state))
                    @if let Ok(lesson) = row.reference.parse() {
                        form method="post" action=(paths::LessonCases { lesson }) {
                            input type="hidden" name="case" value=(case);
                            button .button .small type="submit" { "Link " (case) " to it" }
                        }
                    }
                }
            }
        }
    };
    ui::section("similar-lessons", "Is it one of these?", Some(rows.len()), html! {}, content)
}
