//! Adding, changing and retiring controls.

use nevertwice_domain::control::{Control, ControlEdit, ControlRef, ImplementationStatus, OwnControlRef};
use nevertwice_domain::id::PersonId;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::person::Person;
use nevertwice_domain::text::{Line, Prose};
use nevertwice_store::{control as controls, counter};
use serde::{Deserialize, Serialize};

use super::show::view_of;
use super::{ControlView, written_down};
use crate::case::same_version;
use crate::error::ServiceError;
use crate::person::named;
use crate::service::Unit;
use crate::set::Set;
use crate::use_case::Change;

/// Adds a control of the company's own.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewControl {
    /// What it is called.
    pub title: Line,
    /// What it is in this company.
    #[serde(default)]
    pub description: Option<Prose>,
    /// Why it is needed.
    #[serde(default)]
    pub justification: Option<Prose>,
    /// How far it is put in place; not at all if unsaid.
    #[serde(default)]
    pub status: Option<ImplementationStatus>,
    /// Who answers for it.
    #[serde(default)]
    pub owner: Option<Line>,
}

/// Changes what is said of a control; what is absent stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EditControl {
    /// The control.
    pub control: ControlRef,
    /// The version that the caller saw.
    #[serde(default)]
    pub version: Option<u64>,
    /// What it is called; only of the company's own.
    #[serde(default)]
    pub title: Option<Line>,
    /// What it is in this company.
    #[serde(default)]
    pub description: Option<Set<Prose>>,
    /// Whether the company needs it.
    #[serde(default)]
    pub applicable: Option<bool>,
    /// Why it is needed, or why not.
    #[serde(default)]
    pub justification: Option<Set<Prose>>,
    /// How far it is put in place.
    #[serde(default)]
    pub status: Option<ImplementationStatus>,
    /// Who answers for it.
    #[serde(default)]
    pub owner: Option<Set<Line>>,
}

/// Retires a control of the company's own.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RetireControl {
    /// The control.
    pub control: ControlRef,
    /// Why.
    pub reason: Prose,
}

impl Change for NewControl {
    type Output = ControlView;
    const NAME: &'static str = "new_control";
    const ACTION: &'static str = "create_control";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ControlView, ServiceError> {
        unit.caller.may(Verb::EditCatalogue)?;
        let owner_id = match &self.owner {
            Some(name) => Some(owner(unit, name)?),
            None => None,
        };
        let reference = counter::next::<OwnControlRef>(unit.tx, 0)?;
        let control = Control::own(unit.moment.id(), reference, self.title.clone(), unit.moment.at);
        let control = control.edit(ControlEdit {
            description: Some(self.description.clone()),
            justification: Some(self.justification.clone()),
            status: self.status,
            owner_id: Some(owner_id),
            ..ControlEdit::default()
        })?;
        controls::insert(unit.tx, &control)?;
        view_of(unit, &control)
    }
}

impl Change for EditControl {
    type Output = ControlView;
    const NAME: &'static str = "edit_control";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ControlView, ServiceError> {
        unit.caller.may(Verb::EditCatalogue)?;
        let before = existing(unit, self.control)?;
        same_version(&self.control, before.version, self.version)?;
        let owner_id = match &self.owner {
            Some(Set::To(name)) => Some(Some(owner(unit, name)?)),
            Some(Set::Clear) => Some(None),
            None => None,
        };
        let after = before.clone().edit(ControlEdit {
            title: self.title.clone(),
            description: self.description.clone().map(Set::into_option),
            applicable: self.applicable,
            justification: self.justification.clone().map(Set::into_option),
            status: self.status,
            owner_id,
        })?;
        saved(unit, &before, &after)
    }
}

impl Change for RetireControl {
    type Output = ControlView;
    const NAME: &'static str = "retire_control";

    fn change(&self, unit: &mut Unit<'_>) -> Result<ControlView, ServiceError> {
        unit.caller.may(Verb::EditCatalogue)?;
        let before = existing(unit, self.control)?;
        let after = before.clone().retire(self.reason.clone(), unit.moment.at)?;
        saved(unit, &before, &after)
    }
}

/// As [`written_down`], where the control is what the use case is about.
fn existing(unit: &mut Unit<'_>, reference: ControlRef) -> Result<Control, ServiceError> {
    let is_there = reference.of_the_standard().is_some() || controls::find(unit.tx, reference)?.is_some();
    if !is_there {
        return Err(ServiceError::not_found(format!("control {reference}")));
    }
    written_down(unit, reference)
}

fn saved(unit: &mut Unit<'_>, before: &Control, after: &Control) -> Result<ControlView, ServiceError> {
    if before == after {
        return view_of(unit, before);
    }
    let saved = controls::save(unit.tx, before, after)?;
    view_of(unit, &saved)
}

/// Hands a control to somebody else who answers for it from now on.
///
/// # Errors
/// The caller may not, or the control is retired.
pub(crate) fn hand_over(unit: &mut Unit<'_>, control: &Control, to: &Person) -> Result<(), ServiceError> {
    unit.caller.may(Verb::EditCatalogue)?;
    let after =
        control.clone().edit(ControlEdit { owner_id: Some(Some(to.id)), ..ControlEdit::default() })?;
    controls::save(unit.tx, control, &after)?;
    Ok(())
}

/// Somebody who can answer for something.
fn owner(unit: &mut Unit<'_>, name: &Line) -> Result<PersonId, ServiceError> {
    let person = named(unit, name, "owner")?;
    if !person.can_own() {
        let message = format!("{name} is a team or has left; name the one person who answers for it");
        return Err(ServiceError::invalid("owner", "control.owner_unfit", message));
    }
    Ok(person.id)
}
