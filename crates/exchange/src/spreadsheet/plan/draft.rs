//! What the cells of one row say, collected column by column.

use std::collections::BTreeSet;

use nevertwice_domain::action::ActionPurpose;
use nevertwice_domain::case::{Class, Decision, Severity, Tag};
use nevertwice_domain::text::{Line, Prose, TextError};
use nevertwice_domain::when::When;

use super::Columns;
use crate::planned::{Gap, GapKind, Mention, Moments, PlannedCost, PlannedField, Rejection, Standing};
use crate::spreadsheet::mapping::{FieldRule, Rule, SeverityRule};
use crate::spreadsheet::reader::Cell;
use crate::spreadsheet::synonyms::key;
use crate::spreadsheet::target::Moment;
use crate::spreadsheet::value::actions::{self, Written};
use crate::spreadsheet::value::date::{self, DateOrder};
use crate::spreadsheet::value::money::{self, AmountFlaw, AmountRule};
use crate::spreadsheet::value::name;
use crate::spreadsheet::value::words;
use crate::spreadsheet::value::{field, is_placeholder};

/// A row on its way to a case.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) title: Option<String>,
    pub(super) descriptions: Vec<String>,
    pub(super) class: Option<Class>,
    pub(super) decision: Option<Decision>,
    pub(super) severity: Option<Severity>,
    pub(super) standing: Option<Standing>,
    pub(super) moments: Moments,
    pub(super) category: Option<Line>,
    pub(super) cause: Option<Prose>,
    pub(super) lesson: Option<Prose>,
    pub(super) actions: Vec<Listed>,
    pub(super) owner: Option<Named>,
    pub(super) due: Option<Due>,
    pub(super) reporter: Option<Mention>,
    pub(super) suppliers: Vec<Line>,
    pub(super) assets: Vec<Line>,
    pub(super) cost: Option<PlannedCost>,
    pub(super) tags: Vec<Tag>,
    pub(super) notes: Vec<Named>,
    pub(super) fields: Vec<PlannedField>,
    pub(super) gaps: Vec<Gap>,
}

/// A text with the column that it comes from.
pub(super) struct Named {
    pub(super) column: String,
    pub(super) text: String,
}

/// The actions of one column.
pub(super) struct Listed {
    pub(super) column: String,
    pub(super) purpose: Option<ActionPurpose>,
    pub(super) actions: Vec<Written>,
}

/// The cell with the date or dates of the actions.
pub(super) struct Due {
    pub(super) column: String,
    pub(super) cell: Cell,
    pub(super) order: Option<DateOrder>,
}

impl Draft {
    /// Takes what one cell says. Empty cells and placeholders say nothing.
    pub(super) fn take(&mut self, rule: &Rule, column: &str, cell: &Cell) -> Result<(), Rejection> {
        if let (Cell::Error(text), false) = (cell, matches!(rule, Rule::Ignore)) {
            self.gaps.push(Gap::new(GapKind::CellError, column, text));
            return Ok(());
        }
        let text = cell.text();
        if is_placeholder(&text) {
            return Ok(());
        }
        let named = |text: String| Named { column: column.to_owned(), text };
        match rule {
            Rule::Ignore => {}
            Rule::OriginReference => {
                line(column, &text)?;
            }
            Rule::Title => self.title = Some(text),
            Rule::Description => self.descriptions.push(text),
            Rule::Moment { moment, order } => self.moment(*moment, *order, column, cell),
            Rule::Class { values } => self.class(values.get(&key(&text)).copied(), column, &text),
            Rule::Severity(rule) => self.severity(rule, column, &text),
            Rule::Status { values } => self.status(values.get(&key(&text)).copied(), column, &text),
            Rule::Category => self.category = Some(line(column, &text)?),
            Rule::Cause => self.cause = Some(prose(column, &text)?),
            Rule::Lesson => self.lesson = Some(prose(column, &text)?),
            Rule::Actions { purpose } => {
                let actions = actions::read(&text);
                self.actions.push(Listed { column: column.to_owned(), purpose: *purpose, actions });
            }
            Rule::ActionOwner => self.owner = Some(named(text)),
            Rule::ActionDue { order } => {
                self.due = Some(Due { column: column.to_owned(), cell: cell.clone(), order: *order });
            }
            Rule::Supplier => self.suppliers = lines(column, &text)?,
            Rule::Asset => self.assets = lines(column, &text)?,
            Rule::Cost(rule) => self.cost(*rule, column, cell, &text),
            Rule::Notes => self.notes.push(named(text)),
            Rule::Reporter => self.reporter(column, &text),
            Rule::Tags => self.tags(column, &text),
            Rule::Field(rule) => self.field(rule, column, cell, &text)?,
        }
        Ok(())
    }

    fn moment(&mut self, moment: Moment, order: Option<DateOrder>, column: &str, cell: &Cell) {
        let Some(when) = date::read_ordered(cell, order) else {
            self.gaps.push(Gap::new(GapKind::DateUnreadable, column, &cell.text()));
            return;
        };
        *self.moments.slot(moment) = Some(when);
    }

    fn class(&mut self, mapped: Option<Class>, column: &str, text: &str) {
        let word = words::class(text);
        if let Some((_, Decision::NotAnIncident)) = word {
            self.decision = Some(Decision::NotAnIncident);
        }
        match mapped.or(word.map(|(class, _)| class)) {
            Some(class) => self.class = Some(class),
            None => self.gaps.push(Gap::new(GapKind::ClassUnknown, column, text)),
        }
    }

    fn severity(&mut self, rule: &SeverityRule, column: &str, text: &str) {
        let mapped = rule.values.get(&key(text)).copied().or_else(|| words::severity(text));
        let number = words::severity_number(text);
        match (mapped, number, rule.worst) {
            (Some(severity), _, _) => self.severity = Some(severity),
            (None, Some(_), None) => {
                self.gaps.push(Gap::new(GapKind::SeverityDirectionUnknown, column, text));
            }
            (None, Some(number), Some(worst)) => match rule.level(number, worst) {
                Some(severity) => self.severity = Some(severity),
                None => self.gaps.push(Gap::new(GapKind::SeverityUnknown, column, text)),
            },
            (None, None, _) => self.gaps.push(Gap::new(GapKind::SeverityUnknown, column, text)),
        }
    }

    fn status(&mut self, mapped: Option<Standing>, column: &str, text: &str) {
        let word = words::standing(text);
        if let Some((_, Decision::NotAnIncident)) = word {
            self.decision = Some(Decision::NotAnIncident);
        }
        match mapped.or(word.map(|(standing, _)| standing)) {
            Some(standing) => self.standing = Some(standing),
            None => self.gaps.push(Gap::new(GapKind::StatusUnknown, column, text)),
        }
    }

    fn cost(&mut self, rule: AmountRule, column: &str, cell: &Cell, text: &str) {
        match money::read(cell, rule) {
            Ok((amount, basis)) => self.cost = Some(PlannedCost::new(amount, basis)),
            Err(AmountFlaw::CurrencyUnknown | AmountFlaw::SignShared(_)) => {
                self.gaps.push(Gap::new(GapKind::CurrencyUnknown, column, text));
            }
            Err(AmountFlaw::Unreadable) => self.gaps.push(Gap::new(GapKind::AmountUnreadable, column, text)),
        }
    }

    fn reporter(&mut self, column: &str, text: &str) {
        match name::one(text) {
            Some(mention) => self.reporter = Some(mention),
            None => self.gaps.push(Gap::new(GapKind::ValueUnreadable, column, text)),
        }
    }

    fn tags(&mut self, column: &str, text: &str) {
        for part in text.split([',', ';', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
            match Tag::parse(part.trim_start_matches('#')) {
                Ok(tag) if !self.tags.contains(&tag) => self.tags.push(tag),
                Ok(_) => {}
                Err(_) => self.gaps.push(Gap::new(GapKind::ValueUnreadable, column, part)),
            }
        }
    }

    fn field(&mut self, rule: &FieldRule, column: &str, cell: &Cell, text: &str) -> Result<(), Rejection> {
        let Some(value) = field::read(cell, rule.kind, rule.order, &rule.choices) else {
            self.gaps.push(Gap::new(GapKind::ValueUnreadable, column, text));
            return Ok(());
        };
        let (key, label, value) = (rule.key.clone(), column.to_owned(), prose(column, &value)?);
        self.fields.push(PlannedField { key, label, kind: rule.kind, value });
        Ok(())
    }
}

impl Moments {
    fn slot(&mut self, moment: Moment) -> &mut Option<When> {
        match moment {
            Moment::Occurred => &mut self.occurred,
            Moment::Detected => &mut self.detected,
            Moment::Reported => &mut self.reported,
            Moment::Acknowledged => &mut self.acknowledged,
            Moment::Contained => &mut self.contained,
            Moment::Resolved => &mut self.resolved,
            Moment::Closed => &mut self.closed,
        }
    }
}

impl Columns {
    /// Everything that the cells of a row say.
    pub(super) fn draft(&self, cells: &[Cell]) -> Result<Draft, Rejection> {
        let mut draft = Draft::default();
        for ((cell, rule), name) in cells.iter().zip(&self.rules).zip(&self.names) {
            draft.take(rule, name, cell)?;
        }
        Ok(draft)
    }
}

/// A text in one line, or the reason why it cannot be kept.
pub(super) fn line(column: &str, text: &str) -> Result<Line, Rejection> {
    Line::parse(text).map_err(|error| refused(column, text, &error))
}

/// A running text, or the reason why it cannot be kept.
pub(super) fn prose(column: &str, text: &str) -> Result<Prose, Rejection> {
    Prose::parse(text).map_err(|error| refused(column, text, &error))
}

/// The first characters of a text.
pub(super) fn shortened(text: &str) -> String {
    const SHOWN: usize = 80;
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    text.chars().take(SHOWN).chain(['…']).collect()
}

/// Several names in one cell, each once.
fn lines(column: &str, text: &str) -> Result<Vec<Line>, Rejection> {
    let mut seen = BTreeSet::new();
    let parts = text.split([';', '\n']).map(str::trim).filter(|part| !is_placeholder(part));
    parts.filter(|part| seen.insert(key(part))).map(|part| line(column, part)).collect()
}

fn refused(column: &str, text: &str, error: &TextError) -> Rejection {
    Rejection {
        column: column.to_owned(),
        found: format!(
            "a text that {}: {:?}",
            error.to_string().replace("; expected", ", expected"),
            shortened(text)
        ),
        expected: "a text that fits".to_owned(),
        fix: "shorten or mend the cell".to_owned(),
    }
}
