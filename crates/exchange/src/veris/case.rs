//! A case out of a record: everything that is read goes to a fact, a tag, a gap or the text that is kept.

use std::collections::BTreeSet;

use nevertwice_domain::case::{Class, Decision, Tag};
use nevertwice_domain::text::{LINE_LIMIT, Line, Prose, TextError};
use serde_json::Value;

use super::amounts::{self, Amounts};
use super::dates::{self, Occurred};
use super::discovery;
use super::kept::Kept;
use super::look::{Leaf, LeafFlaw, Look};
use super::path::verbatim;
use super::standard::Standard;
use super::{tags, title};
use crate::planned::{Gap, GapKind, Moments, PlannedCase, Said};

/// Gaps of one case; what a record has beyond is kept as text, and one more gap says so.
pub(super) const GAPS: usize = 100;

/// Fields whose texts are codes: searched like listed values.
const CODES: [&str; 5] = [
    "victim.industry",
    "victim.region",
    "actor.external.region",
    "actor.partner.region",
    "actor.partner.industry",
];

/// A record on its way to a case.
struct Draft<'r> {
    standard: &'r Standard,
    occurred: Occurred,
    amounts: Amounts,
    tags: BTreeSet<Tag>,
    gaps: Vec<Gap>,
    /// Gaps that there was no room for.
    further: usize,
    description: Vec<String>,
    cause: Option<Prose>,
    class: Option<(Class, Decision)>,
    kept: Kept,
}

/// Builds the case of a record that the look belongs to.
///
/// # Errors
/// Never for a title and comments that were put together here.
pub(super) fn build(standard: &Standard, record: &Value, look: &Look<'_>) -> Result<PlannedCase, TextError> {
    let mut draft = Draft {
        standard,
        occurred: dates::occurred(record, |name| look.fits(&format!("{}.{name}", dates::PLACE))),
        amounts: amounts::read(record, |path| look.fits(path)),
        tags: look.parts.iter().filter_map(|part| tags::of_place(part)).collect(),
        gaps: Vec::new(),
        further: 0,
        description: Vec::new(),
        cause: None,
        class: None,
        kept: Kept::default(),
    };
    // First, so that it has its place however much else is not known.
    if record.get("security_incident").is_none() {
        draft.gap(Gap::new(GapKind::ClassAssumed, "security_incident", ""));
    }
    for gap in std::mem::take(&mut draft.amounts.gaps) {
        draft.gap(gap);
    }
    look.leaves.iter().for_each(|leaf| draft.take(leaf));
    let said_class = draft.class.is_some();
    let (class, decision) = draft.class.unwrap_or((Class::Incident, Decision::Incident));
    if draft.further > 0 {
        let found = format!("{} more values that are not known, kept in the comments", draft.further);
        draft.gaps.push(Gap::new(GapKind::ValueUnknown, "record", &found));
    }
    let description = draft.description();
    let (detection, detection_method) = discovery::read(record.get("discovery_method"));
    Ok(PlannedCase {
        title: title::title(record, class)?,
        description,
        class,
        decision,
        severity: None,
        standing: None,
        moments: Moments { occurred: draft.occurred.when, ..Moments::default() },
        detection,
        detection_method,
        category: None,
        cause: draft.cause,
        lesson: None,
        actions: Vec::new(),
        gaps: draft.gaps,
        reporter: None,
        suppliers: Vec::new(),
        assets: Vec::new(),
        costs: draft.amounts.costs,
        tags: draft.tags.into_iter().collect(),
        notes: draft.kept.comments()?,
        fields: Vec::new(),
        people: Vec::new(),
        // A title that was put together here is not what the record says: it takes nothing from one that was edited.
        said: Said { title: false, class: said_class },
    })
}

/// The number of a record, if it can be kept as one.
pub(super) fn origin_reference(record: &Value) -> Option<Line> {
    record.get("incident_id").and_then(Value::as_str).and_then(|text| Line::parse(text).ok())
}

impl Draft<'_> {
    fn take(&mut self, leaf: &Leaf<'_>) {
        match leaf.flaw {
            Some(flaw) => self.flawed(leaf, flaw),
            None => self.fitting(leaf),
        }
    }

    /// What does not fit is kept word for word; a text is searched like a listed value all the same.
    fn flawed(&mut self, leaf: &Leaf<'_>, flaw: LeafFlaw) {
        let is_searched = self.is_searched(leaf) || leaf.place == "discovery_method";
        if let Some(text) = leaf.value.as_str().filter(|_| is_searched && self.further == 0) {
            self.tags.extend(tags::of_value(&leaf.place, text));
        }
        let kind = match (flaw, leaf.place.as_str()) {
            (_, "security_incident") => GapKind::ClassUnknown,
            (LeafFlaw::Field, _) => GapKind::FieldUnknown,
            (LeafFlaw::Value, _) => GapKind::ValueUnknown,
            (LeafFlaw::Shape, _) => GapKind::ShapeUnexpected,
        };
        self.gap(Gap::new(kind, &leaf.path, &verbatim(leaf.value)));
    }

    fn fitting(&mut self, leaf: &Leaf<'_>) {
        if self.amounts.used.contains(&leaf.path) {
            return;
        }
        if let Some(name) = leaf.path.strip_prefix(dates::PLACE).and_then(|rest| rest.strip_prefix('.')) {
            if !self.occurred.used.contains(&name) {
                self.gap(Gap::new(GapKind::DateUnreadable, &leaf.path, &verbatim(leaf.value)));
            }
            return;
        }
        match leaf.value {
            Value::String(text) if text.is_empty() => {}
            Value::String(text) => self.text(leaf, text),
            Value::Bool(true) if leaf.node.is_some() => self.tags.extend(tags::of_place(&leaf.place)),
            value => self.kept.add(&leaf.path, &verbatim(value)),
        }
    }

    fn text(&mut self, leaf: &Leaf<'_>, text: &str) {
        match leaf.place.as_str() {
            "incident_id" if Line::parse(text).is_ok_and(|line| line.as_str() == text) => {}
            "security_incident" => self.class = class(text),
            "discovery_method" => self.tags.extend(self.method(text)),
            "summary" if Prose::parse(text).is_ok() => self.description.insert(0, text.to_owned()),
            "reference" if Prose::parse(text).is_ok() => self.description.push(format!("Reference: {text}")),
            // An action needs a person and a day: this one has neither.
            "corrective_action" => {
                self.gap(Gap::new(GapKind::ActionWithoutOwner, &leaf.path, &verbatim(leaf.value)));
            }
            "control_failure" => match Prose::parse(text) {
                Ok(cause) => self.cause = Some(cause),
                Err(_) => self.kept.add(&leaf.path, &verbatim(leaf.value)),
            },
            place if self.is_searched(leaf) => match tags::of_value(place, text) {
                Some(tag) => drop(self.tags.insert(tag)),
                None => self.kept.add(&leaf.path, &verbatim(leaf.value)),
            },
            _ => self.kept.add(&leaf.path, &verbatim(leaf.value)),
        }
    }

    /// Whether the texts of a place become tags.
    fn is_searched(&self, leaf: &Leaf<'_>) -> bool {
        let is_listed = leaf.node.is_some_and(|node| node.innermost().values.is_some());
        is_listed || CODES.contains(&leaf.place.as_str())
    }

    /// A text of version 1.3 gets the tag that version 1.4 gives it.
    fn method(&self, text: &str) -> Option<Tag> {
        let listed = discovery::listed(self.standard, text)?;
        match listed.value {
            Some(value) => tags::of_value(&format!("discovery_method.{}.variety", listed.field), value),
            None => tags::of_place(&format!("discovery_method.{}", listed.field)),
        }
    }

    /// Adds a gap; what does not fit into one is kept as text as well.
    fn gap(&mut self, gap: Gap) {
        let is_whole =
            gap.column.chars().count() <= LINE_LIMIT && (gap.found.is_empty() || gap.detail().is_some());
        if self.gaps.len() >= GAPS {
            self.further += 1;
            self.kept.add(&gap.column, &gap.found);
        } else {
            if !is_whole {
                self.kept.add(&gap.column, &verbatim(&Value::String(gap.found.clone())));
            }
            self.gaps.push(gap);
        }
    }

    /// Summary and reference; one that is too long together is kept in the comments.
    fn description(&mut self) -> Option<Prose> {
        let parts = std::mem::take(&mut self.description);
        match Prose::parse(&parts.join("\n\n")) {
            Ok(text) => Some(text),
            Err(_) => {
                parts.iter().for_each(|part| self.kept.add("summary", part));
                None
            }
        }
    }
}

fn class(text: &str) -> Option<(Class, Decision)> {
    match text {
        "Confirmed" => Some((Class::Incident, Decision::Incident)),
        "Suspected" => Some((Class::Event, Decision::Undecided)),
        "Near miss" => Some((Class::NearMiss, Decision::Undecided)),
        "False positive" => Some((Class::Event, Decision::NotAnIncident)),
        _ => None,
    }
}
