//! Publishing an item, acknowledging it, taking it back.

use std::collections::BTreeSet;

use nevertwice_domain::awareness::{Audience, AudienceKind, AwarenessItem, NewAwareness};
use nevertwice_domain::id::PersonId;
use nevertwice_domain::permission::{Denied, Relation, Role, Scope, Verb};
use nevertwice_domain::reference::{AwarenessRef, LessonRef};
use nevertwice_domain::text::{Line, Prose};
use nevertwice_domain::time::Date;
use nevertwice_store::{awareness, counter, settings};
use serde::{Deserialize, Serialize};

use super::AwarenessView;
use super::view::{known, view_of};
use crate::error::ServiceError;
use crate::lesson;
use crate::person::named;
use crate::service::Unit;
use crate::use_case::Change;

/// Publishes what a lesson tells people.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PublishAwareness {
    /// The lesson.
    pub lesson: LessonRef,
    /// What it says, in one line.
    pub title: Line,
    /// What it says, written for those who read it: without blame, without the case.
    pub text: Prose,
    /// Whom it is for.
    pub audience: AudienceKind,
    /// The roles, if it is for roles.
    #[serde(default)]
    pub roles: BTreeSet<Role>,
    /// The people, if it is for some by name.
    #[serde(default)]
    pub people: Vec<Line>,
    /// Until when it is to be acknowledged.
    pub due_on: Date,
}

/// Says that the caller has read an item.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AcknowledgeAwareness {
    /// The item.
    pub item: AwarenessRef,
}

/// Takes an item back.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WithdrawAwareness {
    /// The item.
    pub item: AwarenessRef,
    /// Why.
    pub reason: Prose,
}

impl Change for PublishAwareness {
    type Output = AwarenessView;
    const NAME: &'static str = "publish_awareness";

    fn change(&self, unit: &mut Unit<'_>) -> Result<AwarenessView, ServiceError> {
        let lesson = lesson::allowed(unit, self.lesson, Verb::DecideCase)?;
        let audience = self.audience(unit)?;
        let today = unit.moment.at.date_in(&settings::get(unit.tx)?.time_zone.zone());
        let new = NewAwareness {
            id: unit.moment.id(),
            reference: counter::next::<AwarenessRef>(unit.tx, today.year())?,
            title: self.title.clone(),
            text: self.text.clone(),
            audience,
            due_on: self.due_on,
            by: unit.caller.id(),
            at: unit.moment.at,
            today,
        };
        let item = AwarenessItem::publish(new, &lesson)?;
        awareness::insert(unit.tx, &item)?;
        view_of(unit, &item)
    }
}

impl PublishAwareness {
    fn audience(&self, unit: &mut Unit<'_>) -> Result<Audience, ServiceError> {
        let refused = |message| Err(ServiceError::invalid("audience", "awareness.audience", message));
        match self.audience {
            AudienceKind::Everybody if !self.roles.is_empty() || !self.people.is_empty() => {
                refused("it is for everybody, and names some; choose one of the two")
            }
            AudienceKind::Roles if !self.people.is_empty() => {
                refused("it is for roles, and names people; choose one of the two")
            }
            AudienceKind::People if !self.roles.is_empty() => {
                refused("it is for people by name, and names roles; choose one of the two")
            }
            AudienceKind::Everybody => Ok(Audience::Everybody),
            AudienceKind::Roles => Ok(Audience::Roles(self.roles.clone())),
            AudienceKind::People => Ok(Audience::People(self.named_people(unit)?)),
        }
    }

    fn named_people(&self, unit: &mut Unit<'_>) -> Result<BTreeSet<PersonId>, ServiceError> {
        let mut ids = BTreeSet::new();
        for name in &self.people {
            let person = named(unit, name, "people")?;
            if person.may_act().is_err() {
                let message =
                    format!("{name} is a team, not confirmed or has left, and cannot acknowledge anything");
                return Err(ServiceError::invalid("people", "awareness.person_unfit", message));
            }
            ids.insert(person.id);
        }
        Ok(ids)
    }
}

impl Change for AcknowledgeAwareness {
    type Output = AwarenessView;
    const NAME: &'static str = "acknowledge_awareness";

    fn change(&self, unit: &mut Unit<'_>) -> Result<AwarenessView, ServiceError> {
        unit.caller.within(Scope::Edit)?;
        let item = known(unit, self.item)?;
        let me = unit.caller.person.clone();
        let before = awareness::acknowledgements(unit.tx, &[item.id])?;
        let has_before = before.iter().any(|one| one.person_id == me.id);
        let read = item.acknowledge(&me, has_before, unit.moment.at)?;
        let saved = awareness::save(unit.tx, &item, &item)?;
        awareness::acknowledge(unit.tx, &read, saved.version)?;
        view_of(unit, &saved)
    }
}

impl Change for WithdrawAwareness {
    type Output = AwarenessView;
    const NAME: &'static str = "withdraw_awareness";

    fn change(&self, unit: &mut Unit<'_>) -> Result<AwarenessView, ServiceError> {
        let before = known(unit, self.item)?;
        // Whoever may know of it is told that they may not, not that it is not there.
        let forbidden = Denied::Forbidden { verb: Verb::DecideCase };
        let allowed = unit.caller.roles_allow(Verb::DecideCase, Relation::default(), self.item);
        allowed.map_err(|_| ServiceError::denied(forbidden, self.item))?;
        unit.caller.within(Verb::DecideCase.scope())?;
        let after = before.clone().withdraw(self.reason.clone(), unit.caller.id(), unit.moment.at)?;
        let saved = awareness::save(unit.tx, &before, &after)?;
        view_of(unit, &saved)
    }
}
