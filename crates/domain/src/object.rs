//! The kinds of records that the trail speaks of: each change is entered under the aggregate that it belongs to.

words! {
    /// An aggregate whose every change is in the trail.
    ObjectKind("kind of object") {
        /// A case with its timeline, costs, evidence, comments and gaps, how controls did on it, what it changed in them, and
        /// the links of its loop that are declared not needed.
        Case = "case",
        /// A review with its causes.
        Review = "review",
        /// A lesson with the cases that it was learned from.
        Lesson = "lesson",
        /// An action with its moves and checks.
        Action = "action",
        /// A person or team with its tokens.
        Person = "person",
        /// A supplier.
        Supplier = "supplier",
        /// An AI asset with its versions.
        Asset = "asset",
        /// A control.
        Control = "control",
        /// A risk with its assessments.
        Risk = "risk",
        /// A company-defined field.
        Field = "field",
        /// A version of the incident management procedure.
        Procedure = "procedure",
        /// An import run.
        ImportRun = "import_run",
        /// An awareness item with its acknowledgements.
        AwarenessItem = "awareness_item",
        /// The company's settings.
        Settings = "settings",
    }
}
