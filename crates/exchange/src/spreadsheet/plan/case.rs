//! A case out of what its row says.

use nevertwice_domain::case::{Class, Decision};
use nevertwice_domain::text::{LINE_LIMIT, Line, Prose};

use super::draft::{self, Draft, Named};
use super::{Columns, actions};
use crate::planned::{Gap, GapKind, Mention, PlannedCase, Rejection, Said, Standing};
use crate::spreadsheet::mapping::Rule;
use crate::spreadsheet::reader::Cell;

/// Builds the case of a row.
///
/// # Errors
/// Nothing says what happened, or a text does not fit.
pub(super) fn build(columns: &Columns, cells: &[Cell]) -> Result<PlannedCase, Rejection> {
    let mut row = columns.draft(cells)?;
    let has_titles = columns.name_of(|rule| matches!(rule, Rule::Title)).is_some();
    let said = Said { title: row.title.is_some() || !has_titles, class: row.class.is_some() };
    let (title, description) = what_happened(columns, &mut row)?;
    let assigned = actions::assign(&mut row)?;
    let class = row.class.unwrap_or_else(|| assumed_class(columns, &mut row));
    let notes = notes(&row.notes)?.into_iter().collect();
    let people = people(&row, &assigned.mentions);
    let standing = row.standing.or(row.moments.closed.map(|_| Standing::Closed));
    let by_class = if class == Class::Incident { Decision::Incident } else { Decision::Undecided };
    Ok(PlannedCase {
        title,
        description,
        class,
        decision: row.decision.unwrap_or(by_class),
        severity: row.severity,
        standing,
        moments: row.moments,
        detection: None,
        detection_method: None,
        category: row.category,
        cause: row.cause,
        lesson: row.lesson,
        actions: assigned.actions,
        gaps: row.gaps,
        reporter: row.reporter,
        suppliers: row.suppliers,
        assets: row.assets,
        costs: row.cost.into_iter().collect(),
        tags: row.tags,
        notes,
        fields: row.fields,
        people,
        said,
    })
}

/// The title is the only fact that a case cannot do without. A description stands in for it; a title of several lines
/// or above the limit is shortened, its whole text opens the description.
fn what_happened(columns: &Columns, row: &mut Draft) -> Result<(Line, Option<Prose>), Rejection> {
    let column = columns.name_of(|rule| matches!(rule, Rule::Title));
    let from_description = row.title.is_none();
    let Some(text) = row.title.take().or_else(|| row.descriptions.first().cloned()) else {
        let column = column.unwrap_or_else(|| "title".to_owned());
        let error = row.gaps.iter().find(|gap| gap.kind == GapKind::CellError && gap.column == column);
        let found = error.map_or("nothing", |gap| gap.found.as_str()).to_owned();
        let (expected, fix) = ("what happened".to_owned(), "fill in the cell".to_owned());
        return Err(Rejection { column, found, expected, fix });
    };
    let column =
        column.or_else(|| columns.name_of(|rule| matches!(rule, Rule::Description))).unwrap_or_default();
    let short = one_line(&text);
    if short != text && !from_description {
        row.descriptions.insert(0, text);
    }
    let title = draft::line(&column, &short)?;
    let description = match row.descriptions.join("\n\n") {
        // A description that the title repeats word for word is not kept twice.
        same if same.is_empty() || same == short => None,
        text => Some(draft::prose(&column, &text)?),
    };
    Ok((title, description))
}

/// The first line, cut at a word where it is above the limit.
fn one_line(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    if line.chars().count() <= LINE_LIMIT {
        return line.to_owned();
    }
    let head: String = line.chars().take(LINE_LIMIT - 1).collect();
    let cut = head.rfind(' ').filter(|at| *at > head.len() / 2).unwrap_or(head.len());
    format!("{}…", &head[..cut])
}

/// A word that is not known has its gap already.
fn assumed_class(columns: &Columns, row: &mut Draft) -> Class {
    if !row.gaps.iter().any(|gap| gap.kind == GapKind::ClassUnknown) {
        let column =
            columns.name_of(|rule| matches!(rule, Rule::Class { .. })).unwrap_or_else(|| "class".to_owned());
        row.gaps.push(Gap::new(GapKind::ClassAssumed, &column, ""));
    }
    columns.class_when_missing
}

/// One column of notes as it is; of several, each under its name.
fn notes(notes: &[Named]) -> Result<Option<Prose>, Rejection> {
    match notes {
        [] => Ok(None),
        [only] => draft::prose(&only.column, &only.text).map(Some),
        several => {
            let joined: Vec<_> =
                several.iter().map(|note| format!("{}: {}", note.column, note.text)).collect();
            draft::prose(&several[0].column, &joined.join("\n\n")).map(Some)
        }
    }
}

fn people(row: &Draft, owners: &[Mention]) -> Vec<Mention> {
    let mut people: Vec<Mention> = Vec::new();
    for mention in row.reporter.iter().chain(owners) {
        if !people.contains(mention) {
            people.push(mention.clone());
        }
    }
    people
}

impl Columns {
    fn name_of(&self, is: impl Fn(&Rule) -> bool) -> Option<String> {
        self.rules.iter().position(is).and_then(|at| self.names.get(at).cloned())
    }
}
