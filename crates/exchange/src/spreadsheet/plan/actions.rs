//! Owners and dates for the actions of a row. An action without exactly one named person, or without a day, is a gap.

use nevertwice_domain::person::PersonKind;
use nevertwice_domain::time::Date;

use super::draft::{self, Draft, Due, Named};
use crate::planned::{Gap, GapKind, Mention, PlannedAction, Rejection};
use crate::spreadsheet::reader::Cell;
use crate::spreadsheet::value::actions::{self, Written};
use crate::spreadsheet::value::date::{self, DateOrder};
use crate::spreadsheet::value::name;

/// The actions of a row, and everybody whom it names as an owner.
pub(super) struct Assigned {
    pub(super) actions: Vec<PlannedAction>,
    pub(super) mentions: Vec<Mention>,
}

/// What a row says about the owner and the date of one action.
struct Terms {
    owners: Vec<Mention>,
    owner_text: Option<String>,
    due: Option<Date>,
    due_text: Option<String>,
}

/// Turns the listed actions into actions and gaps. An owner or a date without any action goes to the notes; both
/// together speak of an action that nobody wrote down.
pub(super) fn assign(row: &mut Draft) -> Result<Assigned, Rejection> {
    let count = row.actions.iter().map(|listed| listed.actions.len()).sum();
    let (owner, due) = (row.owner.take(), row.due.take());
    let mut found = Assigned { actions: Vec::new(), mentions: Vec::new() };
    if count == 0 {
        row.gaps.extend(unwritten(owner.as_ref(), due.as_ref()));
        row.notes.extend(
            owner.into_iter().chain(due.map(|due| Named { column: due.column, text: due.cell.text() })),
        );
        return Ok(found);
    }
    let owners = shares(owner.as_ref().map(|owner| owner.text.as_str()), count);
    let dues = dues(due.as_ref(), count);
    let mut shared = owners.into_iter().zip(dues);
    for listed in std::mem::take(&mut row.actions) {
        for written in listed.actions {
            let (owner_text, due_share) = shared.next().unwrap_or((None, (None, None)));
            let terms = Terms::new(&written, owner_text, due_share, due.as_ref().and_then(|due| due.order));
            found.mentions.extend(terms.owners.iter().cloned());
            match terms.missing() {
                Some(kind) => row.gaps.push(terms.gap(kind, &listed.column, &written.text)),
                None => found.actions.extend(terms.action(&listed.column, &written, listed.purpose)?),
            }
        }
    }
    Ok(found)
}

fn unwritten(owner: Option<&Named>, due: Option<&Due>) -> Option<Gap> {
    let (owner, due) = (owner?, due?);
    let gap = Gap::new(GapKind::ActionWithoutText, &owner.column, "");
    Some(Gap { owner: Some(owner.text.clone()), due: Some(due.cell.text()), ..gap })
}

/// One text per action: the entries of a cell that has as many lines or numbers as there are actions, otherwise the
/// whole cell for each.
fn shares(text: Option<&str>, count: usize) -> Vec<Option<String>> {
    let entries = text.map(actions::split).unwrap_or_default();
    if count > 1 && entries.len() == count {
        return entries.into_iter().map(Some).collect();
    }
    vec![text.map(str::to_owned); count]
}

/// One date and its text per action.
fn dues(due: Option<&Due>, count: usize) -> Vec<(Option<Date>, Option<String>)> {
    let Some(due) = due else { return vec![(None, None); count] };
    let whole = day(&due.cell, due.order);
    let text = due.cell.text();
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if whole.is_none() && count > 1 && lines.len() == count {
        return lines
            .into_iter()
            .map(|line| (numbered_day(line, due.order), Some(line.to_owned())))
            .collect();
    }
    vec![(whole, Some(text)); count]
}

/// A date, or a date behind a number: `2) 2025-03-01`. The number is taken off second, because `17. March 2025` is a
/// date.
fn numbered_day(line: &str, order: Option<DateOrder>) -> Option<Date> {
    let read = |text: &str| day(&Cell::Text(text.to_owned()), order);
    read(line).or_else(|| actions::marker(line).and_then(read))
}

/// A date that is precise to the day.
fn day(cell: &Cell, order: Option<DateOrder>) -> Option<Date> {
    date::read_ordered(cell, order).and_then(|when| when.date())
}

impl Terms {
    /// What the action says about itself comes first.
    fn new(
        written: &Written,
        owner_text: Option<String>,
        (due, due_text): (Option<Date>, Option<String>),
        order: Option<DateOrder>,
    ) -> Self {
        let own_day =
            written.due.as_ref().map(|text| (day(&Cell::Text(text.clone()), order), Some(text.clone())));
        let (due, due_text) = own_day.unwrap_or((due, due_text));
        let owners = match written.owners.as_slice() {
            [] => owner_text.as_deref().map(name::read).unwrap_or_default(),
            own => own.to_vec(),
        };
        Self { owners, owner_text, due, due_text }
    }

    fn person(&self) -> Option<&Mention> {
        self.owners.iter().find(|mention| mention.kind == PersonKind::Person)
    }

    fn missing(&self) -> Option<GapKind> {
        let people = self.owners.iter().filter(|mention| mention.kind == PersonKind::Person).count();
        match (people, self.owners.len(), self.due) {
            (0, 0, _) => Some(GapKind::ActionWithoutOwner),
            (0, _, _) => Some(GapKind::ActionOwnedByTeam),
            (2.., _, _) => Some(GapKind::ActionWithSeveralOwners),
            (1, _, None) => Some(GapKind::ActionWithoutDate),
            (1, _, Some(_)) => None,
        }
    }

    fn gap(self, kind: GapKind, column: &str, text: &str) -> Gap {
        Gap { owner: self.owner_text, due: self.due_text, ..Gap::new(kind, column, text) }
    }

    fn action(
        &self,
        column: &str,
        written: &Written,
        purpose: Option<nevertwice_domain::action::ActionPurpose>,
    ) -> Result<Option<PlannedAction>, Rejection> {
        let (Some(owner), Some(due)) = (self.person(), self.due) else { return Ok(None) };
        let text = draft::prose(column, &written.text)?;
        Ok(Some(PlannedAction { text, owner: owner.clone(), due, purpose }))
    }
}
