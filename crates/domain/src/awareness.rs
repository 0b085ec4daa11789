//! Awareness items: what a lesson tells people, in words for them, to be read and acknowledged (ISO/IEC 27002:2022, 6.3).

use std::collections::BTreeSet;
use std::ops::Deref;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::id::{AwarenessId, LessonId, PersonId};
use crate::lesson::{Lesson, LessonState};
use crate::permission::Role;
use crate::person::{Person, PersonKind, PersonStatus};
use crate::reference::{ActionRef, AwarenessRef, CaseRef, LessonRef, ReviewRef};
use crate::refusal::Refusal;
use crate::text::{Line, Prose};
use crate::time::{Date, Timestamp};

words! {
    /// Whom an awareness item is for.
    AudienceKind("audience") {
        /// Everybody in the company.
        Everybody = "everybody",
        /// Whoever has one of some roles.
        Roles = "roles",
        /// Some people, by name.
        People = "people",
    }
}

words! {
    /// Where an awareness item stands.
    AwarenessState("state of an awareness item") {
        /// To be read and acknowledged.
        Published = "published",
        /// Taken back.
        Withdrawn = "withdrawn",
    }
}

/// Whom an item is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// Everybody in the company.
    Everybody,
    /// Whoever has one of these roles.
    Roles(BTreeSet<Role>),
    /// These people.
    People(BTreeSet<PersonId>),
}

/// What is written down about an awareness item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AwarenessRecord {
    /// Identity.
    pub id: AwarenessId,
    /// Counts the changes; a change must name the version that it saw.
    pub version: u64,
    /// The reference.
    pub reference: AwarenessRef,
    /// The lesson that it tells of.
    pub lesson_id: LessonId,
    /// What it says, in one line.
    pub title: Line,
    /// What it says, written for those who read it.
    pub text: Prose,
    /// Whom it is for.
    pub audience: AudienceKind,
    /// The roles, if it is for roles.
    pub roles: BTreeSet<Role>,
    /// The people, if it is for some by name.
    pub people: BTreeSet<PersonId>,
    /// Until when it is to be acknowledged.
    pub due_on: Date,
    /// Where it stands.
    pub state: AwarenessState,
    /// Who published it.
    pub published_by: PersonId,
    /// When.
    pub published_at: Timestamp,
    /// Why it was taken back.
    pub withdrawn_reason: Option<Prose>,
    /// Who took it back.
    pub withdrawn_by: Option<PersonId>,
    /// When.
    pub withdrawn_at: Option<Timestamp>,
}

/// An awareness item; reads like its record, changes only through its transitions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AwarenessItem(AwarenessRecord);

/// That somebody has read an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// The item.
    pub item_id: AwarenessId,
    /// Who.
    pub person_id: PersonId,
    /// When.
    pub acknowledged_at: Timestamp,
}

/// What an item is published with.
#[derive(Debug, Clone)]
pub struct NewAwareness {
    /// Identity.
    pub id: AwarenessId,
    /// The reference.
    pub reference: AwarenessRef,
    /// What it says, in one line.
    pub title: Line,
    /// What it says.
    pub text: Prose,
    /// Whom it is for.
    pub audience: Audience,
    /// Until when it is to be acknowledged.
    pub due_on: Date,
    /// Who publishes it.
    pub by: PersonId,
    /// Now.
    pub at: Timestamp,
    /// Today.
    pub today: Date,
}

/// A change to an awareness item that the rules refuse.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AwarenessError {
    /// The lesson is not in force.
    #[error("the lesson is {state}; only an approved one that holds is told to others")]
    LessonNotInForce {
        /// Where the lesson stands.
        state: LessonState,
    },
    /// The text names a record.
    #[error("the text names {reference}; write it so that it stands without the case")]
    NamesRecord {
        /// Which of the two texts.
        field: &'static str,
        /// The reference found.
        reference: String,
    },
    /// For nobody.
    #[error("it is for nobody; choose at least one role or person")]
    NoAudience,
    /// To be acknowledged until a day that has passed.
    #[error("{due_on} has passed; today is {today}")]
    DueInPast {
        /// The date given.
        due_on: Date,
        /// Today.
        today: Date,
    },
    /// It was taken back.
    #[error("it was withdrawn; there is nothing to do about it any more")]
    Withdrawn,
    /// Somebody acknowledges what is not for them.
    #[error("it is not for you; there is nothing to acknowledge")]
    NotForYou,
    /// Acknowledged before.
    #[error("you have acknowledged this already")]
    AcknowledgedAlready,
}

impl Refusal for AwarenessError {
    fn code(&self) -> &'static str {
        match self {
            Self::LessonNotInForce { .. } => "awareness.lesson_not_in_force",
            Self::NamesRecord { .. } => "awareness.names_record",
            Self::NoAudience => "awareness.no_audience",
            Self::DueInPast { .. } => "awareness.due_in_past",
            Self::Withdrawn => "awareness.withdrawn",
            Self::NotForYou => "awareness.not_for_you",
            Self::AcknowledgedAlready => "awareness.acknowledged_already",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NamesRecord { field, .. } => Some(field),
            Self::NoAudience => Some("audience"),
            Self::DueInPast { .. } => Some("due_on"),
            _ => None,
        }
    }
}

/// The first reference of a case, or of what hangs on one, in a text.
fn record_named(text: &str) -> Option<&str> {
    let mut words =
        text.split(|c: char| !(c.is_alphanumeric() || c == '-')).map(|word| word.trim_matches('-'));
    let names_one = |word: &&str| {
        word.parse::<CaseRef>().is_ok()
            || word.parse::<ReviewRef>().is_ok()
            || word.parse::<LessonRef>().is_ok()
            || word.parse::<ActionRef>().is_ok()
    };
    words.find(names_one)
}

impl AwarenessItem {
    /// Publishes what a lesson tells people.
    ///
    /// # Errors
    /// The lesson is not in force, a text names a record, there is no audience, or the date has passed.
    pub fn publish(new: NewAwareness, lesson: &Lesson) -> Result<Self, AwarenessError> {
        if !lesson.state.is_in_force() {
            return Err(AwarenessError::LessonNotInForce { state: lesson.state });
        }
        for (field, text) in [("title", new.title.as_str()), ("text", new.text.as_str())] {
            if let Some(found) = record_named(text) {
                return Err(AwarenessError::NamesRecord { field, reference: found.to_owned() });
            }
        }
        if new.due_on < new.today {
            return Err(AwarenessError::DueInPast { due_on: new.due_on, today: new.today });
        }
        let (audience, roles, people) = match new.audience {
            Audience::Everybody => (AudienceKind::Everybody, BTreeSet::new(), BTreeSet::new()),
            Audience::Roles(roles) if !roles.is_empty() => (AudienceKind::Roles, roles, BTreeSet::new()),
            Audience::People(people) if !people.is_empty() => (AudienceKind::People, BTreeSet::new(), people),
            Audience::Roles(_) | Audience::People(_) => return Err(AwarenessError::NoAudience),
        };
        Ok(Self(AwarenessRecord {
            id: new.id,
            version: 0,
            reference: new.reference,
            lesson_id: lesson.id,
            title: new.title,
            text: new.text,
            audience,
            roles,
            people,
            due_on: new.due_on,
            state: AwarenessState::Published,
            published_by: new.by,
            published_at: new.at,
            withdrawn_reason: None,
            withdrawn_by: None,
            withdrawn_at: None,
        }))
    }

    /// Takes an item back from what was written down.
    #[must_use]
    pub fn restore(record: AwarenessRecord) -> Self {
        Self(record)
    }

    /// Whether somebody belongs to the audience: a person who has not left.
    #[must_use]
    pub fn is_for(&self, person: &Person) -> bool {
        person.kind == PersonKind::Person
            && person.status == PersonStatus::Confirmed
            && match self.0.audience {
                AudienceKind::Everybody => true,
                AudienceKind::Roles => !self.0.roles.is_disjoint(&person.roles),
                AudienceKind::People => self.0.people.contains(&person.id),
            }
    }

    /// Whether it is to be acknowledged and its date has passed.
    #[must_use]
    pub fn is_overdue(&self, today: Date) -> bool {
        self.0.state == AwarenessState::Published && self.0.due_on < today
    }

    /// Somebody has read it; `before` says whether they had said so before.
    ///
    /// # Errors
    /// It was taken back, is not for them, or they have said so before.
    pub fn acknowledge(
        &self,
        person: &Person,
        before: bool,
        at: Timestamp,
    ) -> Result<Acknowledgement, AwarenessError> {
        if !self.is_for(person) {
            return Err(AwarenessError::NotForYou);
        }
        if self.0.state == AwarenessState::Withdrawn {
            return Err(AwarenessError::Withdrawn);
        }
        if before {
            return Err(AwarenessError::AcknowledgedAlready);
        }
        Ok(Acknowledgement { item_id: self.0.id, person_id: person.id, acknowledged_at: at })
    }

    /// Takes it back; what was acknowledged stays.
    ///
    /// # Errors
    /// It was taken back before.
    pub fn withdraw(mut self, reason: Prose, by: PersonId, at: Timestamp) -> Result<Self, AwarenessError> {
        if self.0.state == AwarenessState::Withdrawn {
            return Err(AwarenessError::Withdrawn);
        }
        self.0.state = AwarenessState::Withdrawn;
        self.0.withdrawn_reason = Some(reason);
        self.0.withdrawn_by = Some(by);
        self.0.withdrawn_at = Some(at);
        Ok(self)
    }
}

impl Deref for AwarenessItem {
    type Target = AwarenessRecord;

    fn deref(&self) -> &AwarenessRecord {
        &self.0
    }
}

#[cfg(test)]
mod tests;
