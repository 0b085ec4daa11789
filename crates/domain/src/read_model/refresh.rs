//! Which documents a change makes stale.

use super::DocumentKind;
use crate::object::ObjectKind;

/// The kinds of documents to make again when a record of that kind has changed: its own and those of the records
/// linked with it that show something of it.
///
/// Names of people, suppliers and assets are ids in the documents, so a change of name makes nothing stale but the
/// record's own document. A change of a company field or of the settings (the time zone) touches every document: it
/// asks for a rebuild, see [`asks_for_rebuild`].
#[must_use]
pub fn refreshes(changed: ObjectKind) -> &'static [DocumentKind] {
    use DocumentKind::{Action, Asset, Case, Lesson, Review, Supplier};
    match changed {
        // Restriction, class and severity of a case show in everything that hangs on it.
        ObjectKind::Case => &[Case, Action, Lesson, Review],
        // Whether a case has a review and its causes; the causes are searched with the case.
        ObjectKind::Review => &[Review, Case],
        // Whether a case or review has lessons; their statements are searched with the case.
        ObjectKind::Lesson => &[Lesson, Case, Review],
        // What is due on the case, what puts the lesson to work.
        ObjectKind::Action => &[Action, Case, Lesson],
        ObjectKind::Supplier => &[Supplier],
        ObjectKind::Asset => &[Asset],
        // Whether what remains of a risk was accepted is a link of the loops of its cases.
        ObjectKind::Risk => &[Case],
        // Undoing a run voids its cases, each with an entry of its own. Controls are found in their list.
        ObjectKind::Control
        | ObjectKind::ImportRun
        | ObjectKind::Person
        | ObjectKind::Field
        | ObjectKind::Procedure
        | ObjectKind::AwarenessItem
        | ObjectKind::Settings => &[],
    }
}

/// Whether a change of that kind makes every document stale.
#[must_use]
pub fn asks_for_rebuild(changed: ObjectKind) -> bool {
    matches!(changed, ObjectKind::Settings)
}
