//! The columns of the register. Which ones are shown stands in the address, so that whoever is sent it sees the same.

use maud::{Markup, html};
use nevertwice_service::search::CaseRow;

use super::filter::Asked;
use crate::paths;
use crate::ui;
use crate::viewer::Viewer;

nevertwice_domain::words! {
    /// A column that may be shown or not; the reference and what happened always are.
    Column("column") {
        /// Event, near miss, weakness or incident.
        Class = "class",
        /// Where the case stands.
        State = "state",
        /// How bad.
        Severity = "severity",
        /// Of the company's own list.
        Category = "category",
        /// Who works on it.
        Responders = "responders",
        /// Its tags.
        Tags = "tags",
        /// When it happened.
        Occurred = "occurred",
        /// When it was noticed.
        Detected = "detected",
        /// When it was reported.
        Reported = "reported",
        /// When it entered the register.
        Registered = "registered",
    }
}

/// Shown unless others are chosen.
const USUAL: [Column; 5] =
    [Column::Class, Column::State, Column::Severity, Column::Category, Column::Reported];

/// The columns that these words choose, in the order of the table; the usual ones if none is chosen.
pub(super) fn chosen(words: &[String]) -> Vec<Column> {
    let chosen: Vec<Column> =
        all().filter(|column| words.iter().any(|word| word == column.as_str())).collect();
    if chosen.is_empty() { USUAL.to_vec() } else { chosen }
}

fn all() -> impl Iterator<Item = Column> {
    use nevertwice_domain::word::Word;
    Column::ALL.iter().copied()
}

/// The menu in which columns are chosen.
pub(super) fn menu(asked: &Asked) -> Markup {
    let shown = chosen(&asked.column);
    html! {
        details .more {
            summary .button .small { "Columns" }
            form .panel method="get" action=(paths::Cases) {
                // A script keeps it in step with what is typed.
                input type="hidden" name="q" value=(asked.q) data-asked;
                @if !asked.sort.is_empty() { input type="hidden" name="sort" value=(asked.sort); }
                fieldset {
                    legend .hidden { "Columns beside the reference and what happened" }
                    @for column in all() {
                        label .option {
                            input type="checkbox" name="column" value=(column.as_str()) checked[shown.contains(&column)];
                            (column.heading())
                        }
                    }
                }
                button .button .small type="submit" { "Show these" }
            }
        }
    }
}

impl Column {
    /// What stands above it.
    pub(super) fn heading(self) -> &'static str {
        match self {
            Self::Class => "Class",
            Self::State => "State",
            Self::Severity => "Severity",
            Self::Category => "Category",
            Self::Responders => "Who works on it",
            Self::Tags => "Tags",
            Self::Occurred => "Occurred",
            Self::Detected => "Detected",
            Self::Reported => "Reported",
            Self::Registered => "Registered",
        }
    }

    /// What the list is put in order by, if it can be.
    pub(super) fn sort(self) -> Option<&'static str> {
        match self {
            Self::Severity => Some("severity"),
            Self::Reported => Some("reported"),
            Self::Registered => Some("registered"),
            _ => None,
        }
    }

    /// Its cell in a row.
    pub(super) fn cell(self, viewer: &Viewer, row: &CaseRow) -> Markup {
        let when = |text: &Option<String>| {
            html! { @match text { Some(at) => (ui::when_day(at)), None => "–" } }
        };
        let several = |texts: &[String]| {
            html! { @if texts.is_empty() { "–" } @else { (texts.join(", ")) } }
        };
        let content = match self {
            Self::Class => ui::class(&row.class),
            Self::State => ui::state(&row.state),
            Self::Severity => ui::severity_short(row.severity, &viewer.me.severity_words),
            Self::Category => html! { (row.category.as_deref().unwrap_or("–")) },
            Self::Responders => several(&row.responders),
            Self::Tags => several(&row.tags),
            Self::Occurred => when(&row.occurred),
            Self::Detected => when(&row.detected),
            Self::Reported => when(&row.reported),
            Self::Registered => {
                html! { @match &row.registered_at { Some(at) => (ui::instant(at, &viewer.me.time_zone)), None => "–" } }
            }
        };
        let is_date = matches!(self, Self::Occurred | Self::Detected | Self::Reported | Self::Registered);
        html! { td data-label=(self.heading()) .date[is_date] { (content) } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_is_shown_in_the_order_of_the_table() {
        let words = ["tags", "class", "nonsense"].map(str::to_owned);
        assert_eq!(chosen(&words), [Column::Class, Column::Tags]);
        assert_eq!(chosen(&[]), USUAL);
        assert_eq!(chosen(&["nonsense".to_owned()]), USUAL);
    }
}
