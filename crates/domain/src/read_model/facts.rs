//! The same shape for every kind of document.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::{Document, DocumentKind, Learning, LeftOut};
use crate::case::Severity;
use crate::id::{AssetId, PersonId, SupplierId};
use crate::query::DateField;
use crate::text::fold;
use crate::time::Date;
use crate::when::{Precision, When};

/// What an index evaluates about a document, apart from its texts and access.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Facts {
    /// Class.
    pub class: Option<&'static str>,
    /// Severity.
    pub severity: Option<Severity>,
    /// Category.
    pub category: Option<String>,
    /// Event decision.
    pub decision: Option<&'static str>,
    /// Where it came from.
    pub origin: Option<&'static str>,
    /// Owners.
    pub owners: Vec<Uuid>,
    /// Reporters.
    pub reporters: Vec<Uuid>,
    /// Suppliers.
    pub suppliers: Vec<Uuid>,
    /// Assets.
    pub assets: Vec<Uuid>,
    /// Its dates.
    pub dates: Vec<(DateField, When)>,
    /// What it has, by the words of the query field `has`.
    pub has: BTreeSet<&'static str>,
    /// Import gaps.
    pub gaps: Vec<String>,
    /// Links of the loop that are in place, by the words of the query field `loop`.
    pub loop_words: Vec<&'static str>,
    /// Why figures leave it out.
    pub left_out: Option<LeftOut>,
}

impl Document {
    /// The document's facts in the shape that every kind shares.
    #[must_use]
    pub fn facts(&self) -> Facts {
        let mut facts = match self {
            Self::Case(_) => self.case_facts(),
            Self::Action(_) => self.action_facts(),
            Self::Lesson(lesson) => Facts {
                owners: people(lesson.owner),
                dates: due(lesson.review_on, lesson.common.open),
                has: words([("action", lesson.action_count)]),
                ..Facts::default()
            },
            Self::Review(review) => Facts {
                owners: people(review.facilitator),
                dates: due(review.due, review.common.open),
                has: words([("cause", review.cause_count), ("lesson", review.lesson_count)]),
                ..Facts::default()
            },
            Self::Asset(asset) => Facts {
                category: asset.category.clone(),
                owners: people(asset.owner),
                suppliers: asset.suppliers.iter().copied().map(SupplierId::uuid).collect(),
                ..Facts::default()
            },
            Self::Supplier(supplier) => Facts { owners: people(supplier.owner), ..Facts::default() },
        };
        let common = self.common();
        let registered = When::new(common.registered_local, Precision::Second, None);
        facts.dates.push((DateField::Registered, registered));
        facts.add_words(!common.tags.is_empty());
        facts
    }

    fn case_facts(&self) -> Facts {
        let Self::Case(case) = self else { return Facts::default() };
        let dates = [
            (DateField::Reported, case.reported),
            (DateField::Occurred, case.occurred),
            (DateField::Detected, case.detected),
            (DateField::Closed, case.closed),
        ];
        let counts = &case.counts;
        Facts {
            class: Some(case.class.as_str()),
            severity: case.severity,
            category: case.category.clone(),
            decision: Some(case.decision.as_str()),
            origin: Some(case.origin.as_str()),
            owners: case.responders.iter().copied().map(PersonId::uuid).collect(),
            reporters: people(case.reporter),
            suppliers: case.suppliers.iter().copied().map(SupplierId::uuid).collect(),
            assets: case.assets.iter().copied().map(AssetId::uuid).collect(),
            dates: dates
                .into_iter()
                .filter_map(|(field, when)| Some((field, when?)))
                .chain(due(case.open_due, true))
                .chain(case.learning.due.map(|day| (DateField::LoopDue, When::day(day))))
                .collect(),
            has: words([
                ("action", counts.actions),
                ("lesson", counts.lessons),
                ("cause", counts.causes),
                ("evidence", counts.evidence),
                ("timeline", counts.timeline),
                ("comment", counts.comments),
                ("review", counts.reviews),
                ("cost", counts.costs),
            ]),
            gaps: case.gaps.clone(),
            loop_words: case.learning.words(),
            left_out: match case.part_of {
                _ if case.common.state == "void" => Some(LeftOut::Void),
                Some(_) => Some(LeftOut::PartOf),
                None => None,
            },
        }
    }

    fn action_facts(&self) -> Facts {
        let Self::Action(action) = self else { return Facts::default() };
        let check = action.check_on.map(|day| (DateField::Check, When::day(day)));
        Facts {
            class: action.class.map(|class| class.as_str()),
            severity: action.severity,
            owners: vec![action.owner.uuid()],
            dates: due(Some(action.due), action.common.open).into_iter().chain(check).collect(),
            has: words([("evidence", action.evidence_count), ("check", action.check_count)]),
            ..Facts::default()
        }
    }

    /// Kind of the record as the query language names it.
    #[must_use]
    pub fn kind_word(&self) -> &'static str {
        DocumentKind::as_str(self.kind())
    }
}

impl Learning {
    fn words(&self) -> Vec<&'static str> {
        let whole = [
            ("learned", self.is_learned),
            ("before", self.is_before_the_loop),
            ("exception", self.is_exception),
            ("part", self.is_part),
        ];
        let whole = whole.into_iter().filter(|(_, is_so)| *is_so).map(|(word, _)| word);
        self.in_place.iter().copied().chain(whole).collect()
    }
}

impl Facts {
    /// Adds the words for what the facts themselves show.
    fn add_words(&mut self, tagged: bool) {
        let dated = |field: DateField| self.dates.iter().any(|(f, _)| *f == field);
        let shown = [
            ("tag", tagged),
            ("owner", !self.owners.is_empty()),
            ("reporter", !self.reporters.is_empty()),
            ("supplier", !self.suppliers.is_empty()),
            ("asset", !self.assets.is_empty()),
            ("gap", !self.gaps.is_empty()),
            ("severity", self.severity.is_some()),
            ("category", self.category.is_some()),
            ("due", dated(DateField::Due)),
            ("check", dated(DateField::Check)),
            ("reported", dated(DateField::Reported)),
            ("occurred", dated(DateField::Occurred)),
            ("detected", dated(DateField::Detected)),
            ("closed", dated(DateField::Closed)),
        ];
        self.has.extend(shown.into_iter().filter(|(_, has)| *has).map(|(word, _)| word));
    }
}

/// The form in which references are compared: folded, the number padded as references are written.
#[must_use]
pub fn reference_key(text: &str) -> String {
    use crate::reference::{ActionRef, AssetRef, CaseRef, LessonRef, ReviewRef, SupplierRef};
    fn written<R: std::str::FromStr + ToString>(text: &str) -> Option<String> {
        text.parse::<R>().ok().map(|reference| reference.to_string())
    }
    let known = written::<CaseRef>(text)
        .or_else(|| written::<ActionRef>(text))
        .or_else(|| written::<LessonRef>(text))
        .or_else(|| written::<ReviewRef>(text))
        .or_else(|| written::<AssetRef>(text))
        .or_else(|| written::<SupplierRef>(text));
    fold(known.as_deref().unwrap_or(text))
}

fn due(day: Option<Date>, open: bool) -> Vec<(DateField, When)> {
    let Some(day) = day.map(When::day) else { return Vec::new() };
    let mut dates = vec![(DateField::Due, day)];
    if open {
        dates.push((DateField::OpenDue, day));
    }
    dates
}

fn people(person: Option<PersonId>) -> Vec<Uuid> {
    person.map(PersonId::uuid).into_iter().collect()
}

fn words<const N: usize>(counts: [(&'static str, u32); N]) -> BTreeSet<&'static str> {
    counts.into_iter().filter(|(_, count)| *count > 0).map(|(word, _)| word).collect()
}
