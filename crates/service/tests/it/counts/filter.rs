//! Random queries, each as text and as a plain test of a case.

use std::collections::BTreeMap;

use nevertwice_domain::case::{Case, CaseState, Class, Decision, Origin};
use nevertwice_domain::id::PersonId;
use nevertwice_domain::when::{Precision, When};
use nevertwice_domain::word::Word;

use super::cases::{CATEGORIES, Dice, TAGS, WORDS};

/// What a query asks of a case.
#[derive(Debug, Clone)]
pub(super) enum Filter {
    Everything,
    All(Box<Self>, Box<Self>),
    Any(Box<Self>, Box<Self>),
    Not(Box<Self>),
    Class(Vec<Class>),
    State(CaseState),
    Unfinished,
    Severity { from: u8, to: u8 },
    Category(&'static str),
    Tag(&'static str),
    Decision(Decision),
    Origin(Origin),
    Restricted(bool),
    Has(&'static str),
    Year(Moment, i16),
    Month(Moment, i16, i8),
    Since(Moment, i16, i8),
    Reporter(&'static str),
    Mine,
    Title(&'static str),
    Word(&'static str),
}

/// Which date is asked for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Moment {
    Reported,
    Occurred,
    Detected,
}

const MOMENTS: [Moment; 3] = [Moment::Reported, Moment::Occurred, Moment::Detected];
const FACTS: [&str; 7] = ["severity", "category", "reported", "occurred", "detected", "reporter", "tag"];

impl Moment {
    fn of(self, case: &Case) -> Option<When> {
        match self {
            Self::Reported => case.reported,
            Self::Occurred => case.occurred,
            Self::Detected => case.detected,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Occurred => "occurred",
            Self::Detected => "detected",
        }
    }
}

impl Filter {
    /// A query of a depth.
    pub(super) fn random(dice: &mut Dice, depth: usize) -> Self {
        let part = |dice: &mut Dice| Box::new(Self::random(dice, depth - 1));
        match if depth == 0 { 9 } else { dice.below(7) } {
            0 | 1 => Self::All(part(dice), part(dice)),
            2 => Self::Any(part(dice), part(dice)),
            3 => Self::Not(part(dice)),
            _ => Self::leaf(dice),
        }
    }

    fn leaf(dice: &mut Dice) -> Self {
        let year = i16::try_from(2023 + dice.below(3)).unwrap();
        let month = i8::try_from(1 + dice.below(12)).unwrap();
        match dice.below(17) {
            0 => Self::Class((0..=dice.below(2)).map(|_| dice.pick(Class::ALL)).collect()),
            1 => Self::State(dice.pick(CaseState::ALL)),
            2 => Self::Unfinished,
            3 => {
                let from = u8::try_from(1 + dice.below(5)).unwrap();
                Self::Severity { from, to: from.max(u8::try_from(1 + dice.below(5)).unwrap()) }
            }
            4 => Self::Category(dice.pick(&CATEGORIES)),
            5 => Self::Tag(dice.pick(&TAGS)),
            6 => Self::Decision(dice.pick(Decision::ALL)),
            7 => Self::Origin(dice.pick(Origin::ALL)),
            8 => Self::Restricted(dice.percent(50)),
            9 => Self::Has(dice.pick(&FACTS)),
            10 => Self::Year(dice.pick(&MOMENTS), year),
            11 => Self::Month(dice.pick(&MOMENTS), year, month),
            12 => Self::Since(dice.pick(&MOMENTS), year, month),
            13 => Self::Reporter(dice.pick(&["ada", "auditor", "responder"])),
            14 => Self::Mine,
            15 => Self::Title(dice.pick(&WORDS)),
            _ => Self::Word(dice.pick(&WORDS)),
        }
    }

    /// The query as somebody types it.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Everything => String::new(),
            Self::All(a, b) => format!("({} {})", a.text(), b.text()),
            Self::Any(a, b) => format!("({} OR {})", a.text(), b.text()),
            Self::Not(a) => format!("NOT ({})", a.text()),
            Self::Class(classes) => {
                format!("class:{}", classes.iter().map(ToString::to_string).collect::<Vec<_>>().join(","))
            }
            Self::State(state) => format!("state:{state}"),
            Self::Unfinished => "state:open".to_owned(),
            Self::Severity { from, to } => format!("severity:{from}..{to}"),
            Self::Category(category) => format!("category:\"{category}\""),
            Self::Tag(tag) => format!("tag:{tag}"),
            Self::Decision(decision) => format!("decision:{decision}"),
            Self::Origin(origin) => format!("origin:{origin}"),
            Self::Restricted(yes) => format!("restricted:{}", if *yes { "yes" } else { "no" }),
            Self::Has(fact) => format!("has:{fact}"),
            Self::Year(moment, year) => format!("{}:{year}", moment.name()),
            Self::Month(moment, year, month) => format!("{}:{year}-{month:02}", moment.name()),
            Self::Since(moment, year, month) => format!("{}:>={year}-{month:02}-01", moment.name()),
            Self::Reporter(name) => format!("reporter:{name}"),
            Self::Mine => "reporter:me".to_owned(),
            Self::Title(word) => format!("title:{word}"),
            Self::Word(word) => (*word).to_owned(),
        }
    }

    /// Whether a case fulfils it.
    pub(super) fn holds(&self, case: &Case, me: PersonId, people: &BTreeMap<String, PersonId>) -> bool {
        let severity = case.severity.map(|severity| severity.level());
        match self {
            Self::Everything => true,
            Self::All(a, b) => a.holds(case, me, people) && b.holds(case, me, people),
            Self::Any(a, b) => a.holds(case, me, people) || b.holds(case, me, people),
            Self::Not(a) => !a.holds(case, me, people),
            Self::Class(classes) => classes.contains(&case.class),
            Self::State(state) => case.state == *state,
            Self::Unfinished => !matches!(case.state, CaseState::Closed | CaseState::Void),
            Self::Severity { from, to } => severity.is_some_and(|level| (*from..=*to).contains(&level)),
            Self::Category(category) => case.category.as_ref().is_some_and(|c| c.as_str() == *category),
            Self::Tag(tag) => case.tags.iter().any(|t| t.as_str() == *tag),
            Self::Decision(decision) => case.decision == *decision,
            Self::Origin(origin) => case.origin == *origin,
            Self::Restricted(yes) => case.restricted == *yes,
            Self::Has(fact) => has(case, fact),
            Self::Year(moment, year) => moment.of(case).is_some_and(|when| when.year() == *year),
            Self::Month(moment, year, month) => moment.of(case).is_some_and(|when| {
                let start = when.start();
                when.precision() >= Precision::Month && (start.year(), start.month()) == (*year, *month)
            }),
            // A stretch of time lies at or after a day when its beginning does.
            Self::Since(moment, year, month) => moment
                .of(case)
                .is_some_and(|when| (when.start().year(), when.start().month()) >= (*year, *month)),
            Self::Reporter(name) => case.reporter == Some(people[*name]) && knows_names(me, people),
            Self::Mine => case.reporter == Some(me),
            Self::Title(word) => contains(case.title.as_str(), word),
            Self::Word(word) => {
                let summary = case.summary.as_ref().map(ToString::to_string).unwrap_or_default();
                contains(case.title.as_str(), word) || contains(&summary, word)
            }
        }
    }
}

/// A reporter may not look up the names of people: such a query finds nothing for them.
fn knows_names(me: PersonId, people: &BTreeMap<String, PersonId>) -> bool {
    me != people["own-reporter"]
}

fn contains(text: &str, word: &str) -> bool {
    text.split(' ').any(|part| part == word)
}

fn has(case: &Case, fact: &str) -> bool {
    match fact {
        "severity" => case.severity.is_some(),
        "category" => case.category.is_some(),
        "reported" => case.reported.is_some(),
        "occurred" => case.occurred.is_some(),
        "detected" => case.detected.is_some(),
        "reporter" => case.reporter.is_some(),
        "tag" => !case.tags.is_empty(),
        other => panic!("nobody tests {other}"),
    }
}
