//! One step of a risk at a time.

use nevertwice_domain::control::ControlRef;
use nevertwice_domain::id::{CaseId, LessonId, PersonId};
use nevertwice_domain::permission::{Grant, Role, Verb, grant};
use nevertwice_domain::person::Person;
use nevertwice_domain::reference::{CaseRef, LessonRef, RiskRef};
use nevertwice_domain::risk::{Exposure, Look, NewRisk as Registered, Rating, Risk, RiskEdit, Treatment};
use nevertwice_domain::text::{Line, Prose};
use nevertwice_store::{counter, risk as risks};
use serde::{Deserialize, Serialize};

use super::view::view_of;
use super::{RiskView, allowed};
use crate::case::{readable as readable_case, same_version};
use crate::control::{lesson_of_case, written_down};
use crate::error::ServiceError;
use crate::person::named;
use crate::service::Unit;
use crate::set::Set;
use crate::use_case::Change;

/// Registers a risk with the first look at it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct NewRisk {
    /// What could happen.
    pub title: Line,
    /// More about it.
    #[serde(default)]
    pub description: Option<Prose>,
    /// Who answers for it.
    pub owner: Line,
    /// What is done about it.
    pub treatment: Treatment,
    /// How likely it is.
    pub likelihood: Rating,
    /// How bad it is.
    pub impact: Rating,
    /// Why it is so.
    pub why: Prose,
    /// The case that showed it.
    #[serde(default)]
    pub case: Option<CaseRef>,
    /// The lesson of that case that asked for it.
    #[serde(default)]
    pub lesson: Option<LessonRef>,
}

/// Changes the facts of a risk; what is absent stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct EditRisk {
    /// The risk.
    pub risk: RiskRef,
    /// The version that the caller saw.
    #[serde(default)]
    pub version: Option<u64>,
    /// What could happen.
    #[serde(default)]
    pub title: Option<Line>,
    /// More about it.
    #[serde(default)]
    pub description: Option<Set<Prose>>,
    /// Who answers for it.
    #[serde(default)]
    pub owner: Option<Line>,
    /// What is done about it.
    #[serde(default)]
    pub treatment: Option<Treatment>,
}

/// Looks at a risk again. Who may read the risk reads why.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AssessRisk {
    /// The risk.
    pub risk: RiskRef,
    /// The version that the caller saw.
    #[serde(default)]
    pub version: Option<u64>,
    /// How likely it is now.
    pub likelihood: Rating,
    /// How bad it is now.
    pub impact: Rating,
    /// Why it is so now.
    pub why: Prose,
    /// The case that asked for it.
    #[serde(default)]
    pub case: Option<CaseRef>,
    /// The lesson of that case that asked for it.
    #[serde(default)]
    pub lesson: Option<LessonRef>,
}

/// The owner accepts what remains since the last look.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AcceptRisk {
    /// The risk.
    pub risk: RiskRef,
    /// The version that the caller saw: nobody accepts what they did not see.
    #[serde(default)]
    pub version: Option<u64>,
}

/// Links a control or a case, or takes the link away.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LinkRisk {
    /// The risk.
    pub risk: RiskRef,
    /// A control that keeps it small.
    #[serde(default)]
    pub control: Option<ControlRef>,
    /// A case that it is about.
    #[serde(default)]
    pub case: Option<CaseRef>,
    /// Takes the link away.
    #[serde(default)]
    pub remove: bool,
}

/// Closes a risk: it is gone.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CloseRisk {
    /// The risk.
    pub risk: RiskRef,
    /// Why.
    pub reason: Prose,
}

/// Opens a closed risk again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReopenRisk {
    /// The risk.
    pub risk: RiskRef,
}

impl Change for NewRisk {
    type Output = RiskView;
    const NAME: &'static str = "new_risk";
    const ACTION: &'static str = "register_risk";

    fn change(&self, unit: &mut Unit<'_>) -> Result<RiskView, ServiceError> {
        unit.caller.may(Verb::EditRisk)?;
        let owner_id = owner(unit, &self.owner)?;
        let exposure = Exposure { likelihood: self.likelihood, impact: self.impact };
        let look = look(unit, exposure, &self.why, (self.case, self.lesson))?;
        let new = Registered {
            id: unit.moment.id(),
            reference: counter::next::<RiskRef>(unit.tx, 0)?,
            title: self.title.clone(),
            description: self.description.clone(),
            owner_id,
            treatment: self.treatment,
        };
        let risk = Risk::register(new, look)?;
        risks::insert(unit.tx, &risk)?;
        view_of(unit, &risk)
    }
}

/// Declares a use case that finds a risk, changes it in one step and shows it.
macro_rules! step {
    ($type:ty, $name:literal, $verb:expr, $step:expr) => {
        impl Change for $type {
            type Output = RiskView;
            const NAME: &'static str = $name;

            fn change(&self, unit: &mut Unit<'_>) -> Result<RiskView, ServiceError> {
                let step: fn(&mut Unit<'_>, &Self, Risk) -> Result<Risk, ServiceError> = $step;
                let before = allowed(unit, self.risk, $verb)?;
                let after = step(unit, self, before.clone())?;
                let saved = if before == after { before } else { risks::save(unit.tx, &before, &after)? };
                view_of(unit, &saved)
            }
        }
    };
}

step!(EditRisk, "edit_risk", Verb::EditRisk, |unit, input, risk| {
    same_version(&input.risk, risk.version, input.version)?;
    let owner_id = match &input.owner {
        Some(name) => Some(owner(unit, name)?),
        None => None,
    };
    Ok(risk.edit(RiskEdit {
        title: input.title.clone(),
        description: input.description.clone().map(Set::into_option),
        owner_id,
        treatment: input.treatment,
    })?)
});

step!(AssessRisk, "assess_risk", Verb::EditRisk, |unit, input, risk| {
    same_version(&input.risk, risk.version, input.version)?;
    let exposure = Exposure { likelihood: input.likelihood, impact: input.impact };
    let look = look(unit, exposure, &input.why, (input.case, input.lesson))?;
    Ok(risk.assess(look)?)
});

step!(AcceptRisk, "accept_risk", Verb::AcceptRisk, |unit, input, risk| {
    same_version(&input.risk, risk.version, input.version)?;
    Ok(risk.accept(unit.caller.id(), unit.moment.at)?)
});

step!(LinkRisk, "link_risk", Verb::EditRisk, |unit, input, risk| {
    let mut risk = risk;
    if input.control.is_none() && input.case.is_none() {
        let message = "name a control or a case to link";
        return Err(ServiceError::invalid("control", "risk.nothing_to_link", message));
    }
    if let Some(reference) = input.control {
        let control = written_down(unit, reference)?;
        risk = risk.with_control(control.id, !input.remove);
    }
    if let Some(reference) = input.case {
        let case = readable_case(unit, reference)?;
        risk = risk.with_case(case.id, !input.remove);
    }
    Ok(risk)
});

step!(CloseRisk, "close_risk", Verb::EditRisk, |_, input, risk| Ok(risk.close(input.reason.clone())?));

step!(ReopenRisk, "reopen_risk", Verb::EditRisk, |_, _, risk| Ok(risk.reopen()?));

/// What the caller says who looked at a risk.
fn look(
    unit: &mut Unit<'_>,
    exposure: Exposure,
    why: &Prose,
    asked_by: (Option<CaseRef>, Option<LessonRef>),
) -> Result<Look, ServiceError> {
    let (case_id, lesson_id) = asking(unit, asked_by)?;
    Ok(Look {
        id: unit.moment.id(),
        exposure,
        why: why.clone(),
        case_id,
        lesson_id,
        by: unit.caller.id(),
        at: unit.moment.at,
    })
}

/// The case that asks for a look, and its lesson.
fn asking(
    unit: &mut Unit<'_>,
    (case, lesson): (Option<CaseRef>, Option<LessonRef>),
) -> Result<(Option<CaseId>, Option<LessonId>), ServiceError> {
    let Some(reference) = case else {
        if lesson.is_some() {
            return Err(nevertwice_domain::risk::RiskError::LessonWithoutCase.into());
        }
        return Ok((None, None));
    };
    let case = readable_case(unit, reference)?;
    case.may_grow()?;
    let lesson = lesson_of_case(unit, lesson, &case)?;
    Ok((Some(case.id), lesson))
}

/// The person who will answer for a risk: one human being who is there and can accept what remains of it.
fn owner(unit: &mut Unit<'_>, name: &Line) -> Result<PersonId, ServiceError> {
    fit_owner(&named(unit, name, "owner")?)
}

/// Whether a person can answer for a risk.
///
/// # Errors
/// A team, somebody who left, or who could not accept what remains.
pub(super) fn fit_owner(person: &Person) -> Result<PersonId, ServiceError> {
    let name = &person.name;
    let unfit = |message| Err(ServiceError::invalid("owner", "risk.owner_unfit", message));
    if !person.can_own() {
        return unfit(format!("{name} is a team or has left; name the one person who answers for it"));
    }
    // Whoever has no role yet, such as a name from an import, is given one when they are confirmed.
    let accepts = |role: &Role| grant(*role, Verb::AcceptRisk) != Grant::Never;
    if !person.roles.is_empty() && !person.roles.iter().any(accepts) {
        return unfit(format!("{name} has no role that accepts risks; name somebody else, or have it added"));
    }
    Ok(person.id)
}
