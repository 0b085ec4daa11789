//! What a row says that cannot become a fact without somebody's help: a list to work off, never a guess.

use nevertwice_domain::text::Prose;

nevertwice_domain::words! {
    /// What is missing or unclear. Gaps are counted per kind.
    GapKind("kind of import gap") {
        /// An action for which nobody is named.
        ActionWithoutOwner = "action_without_owner",
        /// An action whose owner is a team or a function; a team never satisfies "named owner".
        ActionOwnedByTeam = "action_owned_by_team",
        /// An action for which several people are named; exactly one owns it.
        ActionWithSeveralOwners = "action_with_several_owners",
        /// An action with a named owner whose date is missing, unreadable or not precise to the day.
        ActionWithoutDate = "action_without_date",
        /// An owner and a date, but nothing that says what is to be done.
        ActionWithoutText = "action_without_text",
        /// No class is given; the case got the class that the mapping takes then.
        ClassAssumed = "class_assumed",
        /// A word for the class that is not known; the case got the class that the mapping takes then.
        ClassUnknown = "class_unknown",
        /// A numeric severity while nobody said which end of the scale is the worst.
        SeverityDirectionUnknown = "severity_direction_unknown",
        /// A severity that is neither a known word nor on the scale.
        SeverityUnknown = "severity_unknown",
        /// A word for the status that is not known.
        StatusUnknown = "status_unknown",
        /// Something in a column of dates that is no date, or none in the column's order.
        DateUnreadable = "date_unreadable",
        /// Something in a column of amounts that is no amount.
        AmountUnreadable = "amount_unreadable",
        /// An amount without a currency.
        CurrencyUnknown = "currency_unknown",
        /// A value that does not fit its company field, a name that is none, or a tag that cannot be one.
        ValueUnreadable = "value_unreadable",
        /// A field that the standard of the source does not know.
        FieldUnknown = "field_unknown",
        /// A value that the standard of the source does not list, or that does not have the form that it asks for.
        ValueUnknown = "value_unknown",
        /// A value of another shape than the standard of the source says, such as a text instead of a list.
        ShapeUnexpected = "shape_unexpected",
        /// An estimate without its amount, or with bounds that do not enclose it.
        AmountIncomplete = "amount_incomplete",
        /// An error value of the workbook such as `#REF!`, or a formula without a stored value.
        CellError = "cell_error",
    }
}

impl GapKind {
    /// True for an action that became a gap instead of an action.
    #[must_use]
    pub const fn is_action(self) -> bool {
        matches!(
            self,
            Self::ActionWithoutOwner
                | Self::ActionOwnedByTeam
                | Self::ActionWithSeveralOwners
                | Self::ActionWithoutDate
                | Self::ActionWithoutText
        )
    }
}

/// One gap of a row.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Gap {
    /// What is missing or unclear.
    pub kind: GapKind,
    /// The column, or the path in the record, that it comes from.
    pub column: String,
    /// What stands there, verbatim; the action's text for an action.
    pub found: String,
    /// For an action, what its row says about the owner, verbatim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// For an action, what its row says about the date, verbatim.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<String>,
}

impl Gap {
    pub(crate) fn new(kind: GapKind, column: &str, found: &str) -> Self {
        Self { kind, column: column.to_owned(), found: found.to_owned(), owner: None, due: None }
    }

    /// All that is known, in one text: `Rotate keys (owner: team platform; due: 06.02.2023)`. `None` where the cell is
    /// empty.
    #[must_use]
    pub fn detail(&self) -> Option<Prose> {
        let known = [("owner", &self.owner), ("due", &self.due)];
        let known: Vec<String> = known
            .iter()
            .filter_map(|(name, value)| value.as_ref().map(|value| format!("{name}: {value}")))
            .collect();
        let text = match (self.found.is_empty(), known.is_empty()) {
            (_, true) => self.found.clone(),
            (true, false) => known.join("; "),
            (false, false) => format!("{} ({})", self.found, known.join("; ")),
        };
        Prose::parse(&text).ok()
    }
}
