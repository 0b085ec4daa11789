//! What hangs on a case that a later file speaks of: its cost and its gaps follow the file, the work done here is named.

use nevertwice_domain::action::Action;
use nevertwice_domain::case::{Case, CostKind, CostLine};
use nevertwice_domain::evidence::Comment;
use nevertwice_domain::import::{Gap, GapState};
use nevertwice_domain::money::Money;
use nevertwice_domain::text::Prose;
use nevertwice_exchange::planned::{GapKind, PlannedAction, PlannedCost};
use nevertwice_store::{
    action as actions, case as cases, import as imports, lesson as lessons, person as people,
    review as reviews,
};

use super::{Left, Update, is_filled};
use crate::error::ServiceError;
use crate::import::records::{
    came_from, is_of_import, line_and_rest, new_comment, new_cost, new_gap, shortened, statement,
};
use crate::service::Unit;

impl Update<'_> {
    /// Cost lines that an import made follow the file; beside lines that were entered here nothing is added.
    pub(super) fn cost(
        &self,
        unit: &mut Unit<'_>,
        case: &Case,
        left: &mut Vec<Left>,
    ) -> Result<bool, ServiceError> {
        let planned = &self.planned.costs;
        let lines = cases::costs(unit.tx, case.id)?;
        let Unmatched { missing, gone } = Unmatched::of(planned, &lines);
        // A file that says nothing of costs takes none away.
        if planned.is_empty() || missing.is_empty() && gone.is_empty() {
            return Ok(false);
        }
        if lines.is_empty() {
            let new = planned.iter().map(|cost| new_cost(unit, case, cost, self.file));
            cases::add_costs(unit.tx, &new.collect::<Result<Vec<_>, _>>()?, case.version)?;
            return Ok(true);
        }
        if lines.len() != planned.len() || !lines.iter().all(is_of_import) {
            left.extend(missing.iter().map(|cost| Left::new("cost", written(cost))));
            let no_more =
                |line: &&CostLine| format!("no more {}", Money::new(line.amount_minor, line.currency));
            left.extend(gone.iter().map(|line| Left::new("cost", no_more(line))));
            return Ok(false);
        }
        for (line, cost) in lines.iter().zip(planned) {
            let after = CostLine {
                kind: said_kind(cost).unwrap_or(line.kind),
                basis: cost.basis,
                amount_minor: cost.amount.minor,
                currency: cost.amount.currency,
                minimum_minor: cost.minimum_minor,
                maximum_minor: cost.maximum_minor,
                note: Some(came_from(self.file)?),
                ..line.clone()
            };
            imports::save_cost(unit.tx, line, &after, case.version)?;
        }
        Ok(true)
    }

    /// Gaps that the row fills are settled; what it leaves open anew is added. An action that is missing belongs to the
    /// work done here, and a class that is not said stays what it is.
    pub(super) fn gaps(&self, unit: &mut Unit<'_>, case: &Case) -> Result<bool, ServiceError> {
        let there = cases::gaps(unit.tx, case.id)?;
        let mut is_changed = false;
        for gap in there.iter().filter(|gap| gap.state == GapState::Open) {
            if is_filled(gap, self.columns, self.row, self.planned) {
                let settled =
                    gap.clone().settle(true, came_from(self.file)?, unit.caller.id(), unit.moment.at)?;
                cases::save_gap(unit.tx, gap, &settled, case.version)?;
                is_changed = true;
            }
        }
        let mut new = Vec::new();
        for gap in &self.planned.gaps {
            let place = Some(shortened(&gap.column)?);
            let is_there = there.iter().any(|known| {
                known.kind.as_str() == gap.kind.as_str()
                    && known.place == place
                    && known.detail == gap.detail()
            });
            if !is_there && !gap.kind.is_action() && gap.kind != GapKind::ClassAssumed {
                new.push(new_gap(unit, case.id, gap.kind.as_str(), place, gap.detail())?);
            }
        }
        is_changed |= !new.is_empty();
        cases::add_gaps(unit.tx, &new, case.version)?;
        Ok(is_changed)
    }

    /// Names what the row says otherwise than the work done here: it is changed there, not by a file.
    pub(super) fn name_work_done_here(
        &self,
        unit: &mut Unit<'_>,
        case: &Case,
        left: &mut Vec<Left>,
    ) -> Result<(), ServiceError> {
        if let Some(cause) = &self.planned.cause {
            let said = statement(cause.as_str())?;
            let reviews = reviews::of_case(unit.tx, case.id)?;
            let mut causes = reviews.iter().flat_map(|review| review.causes.causes());
            let is_same = |note: &Option<Prose>| note.as_ref().is_none_or(|whole| whole == cause);
            if !causes.any(|known| known.statement == said && is_same(&known.support.note)) {
                left.push(Left::new("root cause", cause));
            }
        }
        if let Some(lesson) = &self.planned.lesson {
            let (line, rest) = line_and_rest(lesson)?;
            let lessons = lessons::of_case(unit.tx, case.id)?;
            if !lessons.iter().any(|known| known.statement == line && known.detail == rest) {
                left.push(Left::new("lesson", lesson));
            }
        }
        self.name_actions(unit, case, left)
    }

    fn name_actions(
        &self,
        unit: &mut Unit<'_>,
        case: &Case,
        left: &mut Vec<Left>,
    ) -> Result<(), ServiceError> {
        let mut found = Vec::new();
        let there = actions::of_case(unit.tx, case.id)?;
        for action in &self.planned.actions {
            found.extend(difference(unit, action, &there)?);
        }
        let gaps = cases::gaps(unit.tx, case.id)?;
        let is_known = |kind: GapKind, detail: &Option<Prose>| {
            gaps.iter().any(|gap: &Gap| gap.kind.as_str() == kind.as_str() && gap.detail == *detail)
        };
        for gap in self.planned.gaps.iter().filter(|gap| gap.kind.is_action()) {
            let detail = gap.detail();
            if !is_known(gap.kind, &detail) {
                found.push(Left::new("action", detail.as_ref().map_or(gap.found.as_str(), Prose::as_str)));
            }
        }
        found.sort_by_key(|left| left.what);
        left.extend(found);
        Ok(())
    }

    /// Notes, and the text that is kept of a record, that no comment has yet, become comments; so does what is not applied,
    /// as the file may be gone by the time that somebody looks. Gives whether there were notes.
    pub(super) fn comments(
        &self,
        unit: &mut Unit<'_>,
        case: &Case,
        left: &[Left],
    ) -> Result<bool, ServiceError> {
        if self.planned.notes.is_empty() && left.is_empty() {
            return Ok(false);
        }
        let there = cases::comments(unit.tx, case.id)?;
        let is_there = |text: &str| there.iter().any(|comment| comment.text.as_str() == text);
        let is_said = |line: &str| there.iter().any(|comment| has_lines(comment.text.as_str(), line));
        let notes = self.planned.notes.iter().filter(|text| !is_there(text.as_str()));
        let notes: Vec<Prose> = notes.cloned().collect();
        let lines: Vec<String> = left.iter().map(|left| format!("- {}: {}", left.what, left.said)).collect();
        let new = lines.iter().zip(left).filter(|(line, left)| !is_said(line) && !is_there(&left.said));
        let (lines, left): (Vec<&str>, Vec<&Left>) = new.map(|(line, left)| (line.as_str(), left)).unzip();
        let has_notes = !notes.is_empty();
        let texts = notes.into_iter().chain(self.not_applied(&lines, &left));
        let comments: Vec<Comment> = texts.map(|text| new_comment(unit, case.id, text)).collect();
        cases::add_comments(unit.tx, &comments, case.version)?;
        Ok(has_notes)
    }

    /// What is not applied in one comment, or in one each where they are too long together.
    fn not_applied(&self, lines: &[&str], left: &[&Left]) -> Vec<Prose> {
        if lines.is_empty() {
            return Vec::new();
        }
        let said = |text: &str| Prose::parse(&format!("Said by {}, and not applied:\n\n{text}", self.file));
        match said(&lines.join("\n")) {
            Ok(text) => vec![text],
            Err(_) => {
                let each = lines.iter().zip(left);
                each.filter_map(|(line, left)| said(line).or_else(|_| Prose::parse(&left.said)).ok())
                    .collect()
            }
        }
    }
}

/// Whether a text has these lines, from the beginning of the first to the end of the last.
fn has_lines(text: &str, lines: &str) -> bool {
    text.match_indices(lines).any(|(at, _)| {
        let (before, behind) = (&text[..at], &text[at + lines.len()..]);
        (before.is_empty() || before.ends_with('\n')) && (behind.is_empty() || behind.starts_with('\n'))
    })
}

/// What a file says of costs and the case has otherwise, each line counted once: two equal losses are two.
struct Unmatched<'c> {
    /// Costs that no line has.
    missing: Vec<&'c PlannedCost>,
    /// Lines of an import that the file does not say any more.
    gone: Vec<&'c CostLine>,
}

impl<'c> Unmatched<'c> {
    fn of(planned: &'c [PlannedCost], lines: &'c [CostLine]) -> Self {
        let mut rest: Vec<&CostLine> = lines.iter().collect();
        let is_missing = |cost: &&PlannedCost| match rest.iter().position(|line| says_so(line, cost)) {
            Some(at) => {
                rest.remove(at);
                false
            }
            None => true,
        };
        // What says its kind first, so that nothing else takes the line that it needs.
        let (said, unsaid): (Vec<_>, Vec<_>) = planned.iter().partition(|cost| said_kind(cost).is_some());
        let missing = said.into_iter().chain(unsaid).filter(is_missing).collect();
        Self { missing, gone: rest.into_iter().filter(|line| is_of_import(line)).collect() }
    }
}

/// A cost as one says it.
fn written(cost: &PlannedCost) -> String {
    let bound = |minor: Option<i64>| {
        minor.map_or_else(|| "?".to_owned(), |minor| Money::new(minor, cost.amount.currency).to_string())
    };
    match (cost.minimum_minor, cost.maximum_minor) {
        (None, None) => cost.amount.to_string(),
        (low, high) => format!("{} ({} to {})", cost.amount, bound(low), bound(high)),
    }
}

fn says_so(line: &CostLine, cost: &PlannedCost) -> bool {
    let amount = cost.amount;
    (line.amount_minor, line.currency, line.basis) == (amount.minor, amount.currency, cost.basis)
        && (line.minimum_minor, line.maximum_minor) == (cost.minimum_minor, cost.maximum_minor)
        && said_kind(cost).is_none_or(|kind| kind == line.kind)
}

/// What a file says that a cost went into; most say nothing of that, and what was said here stays.
fn said_kind(cost: &PlannedCost) -> Option<CostKind> {
    (cost.kind != CostKind::Other).then_some(cost.kind)
}

/// What an action of the file has otherwise than the one of the same words.
fn difference(
    unit: &mut Unit<'_>,
    planned: &PlannedAction,
    there: &[Action],
) -> Result<Vec<Left>, ServiceError> {
    let (title, _) = line_and_rest(&planned.text)?;
    let (text, owner, due) = (&planned.text, &planned.owner.name, planned.due);
    let Some(action) = there.iter().find(|action| action.title == title) else {
        return Ok(vec![Left::new("action", format_args!("{text} (owner: {owner}; due: {due})"))]);
    };
    let named = people::by_name(unit.tx, planned.owner.name.as_str())?;
    let mut differs = Vec::new();
    if !named.iter().any(|person| person.id == action.owner_id) {
        differs.push(Left::new("owner", format_args!("{owner} of: {text}")));
    }
    if ![action.due_on, action.original_due_on].contains(&planned.due) {
        differs.push(Left::new("due date", format_args!("{due} of: {text}")));
    }
    Ok(differs)
}
