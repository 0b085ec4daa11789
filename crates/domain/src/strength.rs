//! How strongly an action works, from a rule on its wording and kind.

use crate::action::ActionKind;

words! {
    /// How strongly an action works, strongest first (hierarchy of controls).
    ActionStrength("action strength") {
        /// Takes the hazard away.
        Eliminate = "eliminate",
        /// Builds a barrier that works by itself.
        Engineer = "engineer",
        /// Makes it seen sooner.
        Detect = "detect",
        /// Writes down how to work.
        Procedure = "procedure",
        /// Tells people.
        Train = "train",
    }
}

/// The strength of an action and why, from its wording and kind.
#[must_use]
pub fn rate(_title: &str, kind: ActionKind) -> (ActionStrength, &'static str) {
    match kind {
        ActionKind::Technical | ActionKind::Physical => (ActionStrength::Engineer, "a technical or physical barrier"),
        ActionKind::Procedural | ActionKind::Supplier => (ActionStrength::Procedure, "a rule that people follow"),
        ActionKind::People => (ActionStrength::Train, "relies on people remembering"),
    }
}
