//! Which case needs which review, within how many days, led and approved by whom.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use super::notation::{NotationError, number, text_form};
use crate::case::{Class, Severity};
use crate::permission::Role;
use crate::person::Person;
use crate::review::{ReviewError, ReviewKind};
use crate::text::{Line, fold};
use crate::word::Word;

words! {
    /// Who leads a review.
    Leader("leader of a review") {
        /// Whoever responded to the case, unless somebody else is named.
        Responder = "responder",
        /// A manager, and nobody else; one apart from the response if nobody is named.
        Manager = "manager",
    }
}

/// Least and most severe, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SeverityRange {
    /// The least severe.
    pub from: Severity,
    /// The most severe.
    pub to: Severity,
}

/// One rule: the cases that it is for, and the review that they need. The first that fits a case counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewRule {
    /// The classes; every class if none is named.
    pub classes: BTreeSet<Class>,
    /// The severities; every one if none is named.
    pub severity: Option<SeverityRange>,
    /// The categories, as the company words them; every one if none is named.
    pub categories: Vec<Line>,
    /// How deep the review goes.
    pub kind: ReviewKind,
    /// Within how many working days it is held: of an incident from when it was resolved, otherwise from triage.
    pub within_days: u16,
    /// How many people take part at least, with who leads it.
    pub people: u16,
    /// Who leads it.
    pub leader: Leader,
    /// How many people approve it, 1 or 2.
    pub approvals: u8,
}

/// The severity that stands for one that nobody has set.
#[must_use]
pub(super) fn or_middle(severity: Option<Severity>) -> u8 {
    severity.unwrap_or(Severity::MIDDLE).level()
}

/// Most days that a rule may name.
pub(super) const DAYS_LIMIT: u16 = 1_000;

const EXPECTED: &str = "a line such as \"incident, severity 4 to 5: full within 10 days, 3 people, led by manager, 2 approvals\": \
     before the colon any, or classes (event, weakness, near_miss, incident), a severity and a category; behind it full, \
     five_whys or light, and at least within how many days (at most 1000)";

impl ReviewRule {
    /// Whether the rule is for a case.
    #[must_use]
    pub fn fits(&self, class: Class, severity: Option<Severity>, category: Option<&Line>) -> bool {
        let level = or_middle(severity);
        let of_category = |category: &Line| {
            self.categories.iter().any(|known| fold(known.as_str()) == fold(category.as_str()))
        };
        (self.classes.is_empty() || self.classes.contains(&class))
            && self.severity.is_none_or(|range| (range.from.level()..=range.to.level()).contains(&level))
            && (self.categories.is_empty() || category.is_some_and(of_category))
    }

    /// Whether it fits every case that another rule fits.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        let levels =
            |rule: &Self| rule.severity.map_or((1, 5), |range| (range.from.level(), range.to.level()));
        let ((from, to), (others_from, others_to)) = (levels(self), levels(other));
        let names =
            |category: &Line| self.categories.iter().any(|one| fold(one.as_str()) == fold(category.as_str()));
        let all_classes = self.classes.len() == Class::ALL.len();
        (self.classes.is_empty()
            || all_classes
            || !other.classes.is_empty() && self.classes.is_superset(&other.classes))
            && from <= others_from
            && others_to <= to
            && (self.categories.is_empty()
                || !other.categories.is_empty() && other.categories.iter().all(names))
    }

    /// Whether it fits every case.
    #[must_use]
    pub fn fits_all(&self) -> bool {
        let whole = |range: SeverityRange| range.from.level() == 1 && range.to.level() == 5;
        (self.classes.is_empty() || self.classes.len() == Class::ALL.len())
            && self.severity.is_none_or(whole)
            && self.categories.is_empty()
    }

    /// Whether a review under this rule does for a case that another rule is for: at least as deep, with as many people
    /// and approvals, led by nobody less.
    #[must_use]
    pub fn does_for(&self, other: &Self) -> bool {
        // The kinds stand in their order, the deepest first.
        self.kind <= other.kind
            && self.people >= other.people
            && self.approvals >= other.approvals
            && (self.leader == Leader::Manager || other.leader == Leader::Responder)
    }

    /// Whether somebody may lead the review, under a version of the procedure that has this rule.
    ///
    /// # Errors
    /// It is led by a manager, and they are none.
    pub fn may_be_led_by(&self, person: &Person, procedure: u32) -> Result<(), ReviewError> {
        match self.leader {
            Leader::Manager if !person.roles.contains(&Role::Manager) => {
                Err(ReviewError::LeaderUnfit { leader: person.name.clone(), procedure })
            }
            Leader::Manager | Leader::Responder => Ok(()),
        }
    }

    /// The cases that it is for, in words: `incidents of severity 4 to 5`.
    #[must_use]
    pub fn scope(&self) -> String {
        let mut parts = Vec::new();
        if self.classes.is_empty() {
            parts.push("any".to_owned());
        }
        parts.extend(self.classes.iter().map(ToString::to_string));
        if let Some(SeverityRange { from, to }) = self.severity {
            let (from, to) = (from.level(), to.level());
            parts.push(if from == to {
                format!("severity {from}")
            } else {
                format!("severity {from} to {to}")
            });
        }
        parts.extend(self.categories.iter().map(|category| format!("category {category}")));
        parts.join(", ")
    }

    fn read_scope(&mut self, part: &str, line: &str) -> Result<(), NotationError> {
        let error = || NotationError::new(line, EXPECTED);
        if let Some(severity) = part.strip_prefix("severity ") {
            let severity = severity.replace(" to ", "-").replace('–', "-");
            let (from, to) = severity.split_once('-').unwrap_or((&severity, &severity));
            let level =
                |text: &str| text.trim().parse::<u8>().ok().and_then(|level| Severity::new(level).ok());
            let (from, to) = (level(from).ok_or_else(error)?, level(to).ok_or_else(error)?);
            if from.level() > to.level() || self.severity.is_some() {
                return Err(error());
            }
            self.severity = Some(SeverityRange { from, to });
        } else if let Some(category) = part.strip_prefix("category ") {
            self.categories.push(Line::parse(category).map_err(|_| error())?);
        } else if part != "any" {
            self.classes.insert(Class::parse(part).map_err(|_| error())?);
        }
        Ok(())
    }

    fn read_demand(&mut self, part: &str, line: &str) -> Result<(), NotationError> {
        let error = || NotationError::new(line, EXPECTED);
        let words: Vec<&str> = part.split_whitespace().collect();
        match words.as_slice() {
            [people, "person" | "people"] => self.people = number(people, line, EXPECTED)?,
            ["led", "by", leader] => self.leader = Leader::parse(leader).map_err(|_| error())?,
            ["1", "approval"] => self.approvals = 1,
            ["2", "approvals"] => self.approvals = 2,
            _ => return Err(error()),
        }
        Ok(())
    }
}

impl fmt::Display for ReviewRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, within_days, people, leader, approvals, .. } = self;
        let (days, noun) = (plural(*within_days, "day"), if *people == 1 { "person" } else { "people" });
        let approvals = plural(u16::from(*approvals), "approval");
        write!(f, "{}: {kind} within {days}, {people} {noun}, led by {leader}, {approvals}", self.scope())
    }
}

/// `1 day`, `2 days`.
pub(super) fn plural(many: u16, noun: &str) -> String {
    format!("{many} {noun}{}", if many == 1 { "" } else { "s" })
}

impl FromStr for ReviewRule {
    type Err = NotationError;

    fn from_str(line: &str) -> Result<Self, NotationError> {
        let error = || NotationError::new(line, EXPECTED);
        let (scope, demand) = line.rsplit_once(':').ok_or_else(error)?;
        let mut demands = demand.split(',').map(str::trim);
        let first: Vec<&str> = demands.next().unwrap_or_default().split_whitespace().collect();
        let [kind, "within", days, "day" | "days"] = first.as_slice() else { return Err(error()) };
        let within_days = number(days, line, EXPECTED)?;
        if !(1..=DAYS_LIMIT).contains(&within_days) {
            return Err(error());
        }
        let mut rule = Self {
            classes: BTreeSet::new(),
            severity: None,
            categories: Vec::new(),
            kind: ReviewKind::parse(kind).map_err(|_| error())?,
            within_days,
            people: 1,
            leader: Leader::Responder,
            approvals: 1,
        };
        for part in scope.split(',').map(str::trim) {
            rule.read_scope(part, line)?;
        }
        for part in demands {
            rule.read_demand(part, line)?;
        }
        Ok(rule)
    }
}

text_form!(ReviewRule);
