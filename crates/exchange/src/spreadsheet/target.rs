//! What a column of a spreadsheet can become.

nevertwice_domain::words! {
    /// The fact that a column is imported as.
    Target("import target") {
        /// The number of the case in the old register.
        OriginReference = "origin_reference",
        /// When it occurred.
        Occurred = "occurred",
        /// When it was detected.
        Detected = "detected",
        /// When it was reported.
        Reported = "reported",
        /// When somebody took it up.
        Acknowledged = "acknowledged",
        /// When it was contained.
        Contained = "contained",
        /// When it was resolved.
        Resolved = "resolved",
        /// When the case was closed.
        Closed = "closed",
        /// What happened, in a line.
        Title = "title",
        /// What happened, at length.
        Description = "description",
        /// Event, weakness, near miss or incident.
        Class = "class",
        /// How bad it was.
        Severity = "severity",
        /// Where the case stands.
        Status = "status",
        /// The company's own category.
        Category = "category",
        /// The root cause.
        Cause = "cause",
        /// The lesson.
        Lesson = "lesson",
        /// The actions; one cell may hold several.
        Actions = "actions",
        /// Who owns the actions.
        ActionOwner = "action_owner",
        /// When the actions are due.
        ActionDue = "action_due",
        /// The supplier concerned.
        Supplier = "supplier",
        /// The asset concerned.
        Asset = "asset",
        /// What it cost.
        Cost = "cost",
        /// Anything else worth keeping.
        Notes = "notes",
        /// Who reported it.
        Reporter = "reporter",
        /// Tags, separated by commas or semicolons.
        Tags = "tags",
        /// A field that the company defines.
        Field = "field",
        /// Left out on purpose.
        Ignore = "ignore",
    }
}

nevertwice_domain::words! {
    /// A moment in the life of a case.
    Moment("moment of a case") {
        /// When it happened.
        Occurred = "occurred",
        /// When it was noticed.
        Detected = "detected",
        /// When it was reported.
        Reported = "reported",
        /// When somebody took it up.
        Acknowledged = "acknowledged",
        /// When it could do no more harm.
        Contained = "contained",
        /// When service was as before.
        Resolved = "resolved",
        /// When the case was closed.
        Closed = "closed",
    }
}

impl Moment {
    /// The target of the same name.
    #[must_use]
    pub const fn target(self) -> Target {
        match self {
            Self::Occurred => Target::Occurred,
            Self::Detected => Target::Detected,
            Self::Reported => Target::Reported,
            Self::Acknowledged => Target::Acknowledged,
            Self::Contained => Target::Contained,
            Self::Resolved => Target::Resolved,
            Self::Closed => Target::Closed,
        }
    }
}

impl Target {
    /// True for a fact that several columns can feed: their texts are joined.
    #[must_use]
    pub const fn takes_several(self) -> bool {
        matches!(
            self,
            Self::Actions | Self::Notes | Self::Tags | Self::Description | Self::Field | Self::Ignore
        )
    }

    /// The moment of the same name, if it is one.
    #[must_use]
    pub const fn moment(self) -> Option<Moment> {
        Some(match self {
            Self::Occurred => Moment::Occurred,
            Self::Detected => Moment::Detected,
            Self::Reported => Moment::Reported,
            Self::Acknowledged => Moment::Acknowledged,
            Self::Contained => Moment::Contained,
            Self::Resolved => Moment::Resolved,
            Self::Closed => Moment::Closed,
            _ => return None,
        })
    }
}
