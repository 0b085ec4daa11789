//! What is shown of a risk.

use std::collections::BTreeMap;

use nevertwice_domain::case::Case;
use nevertwice_domain::id::{CaseId, ControlId, PersonId, RiskId};
use nevertwice_domain::permission::Verb;
use nevertwice_domain::risk::{Exposure, Risk, RiskAssessment};
use nevertwice_domain::settings::Settings;
use nevertwice_store::{case as cases, control as controls, risk as risks, settings};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{may_know, relation};
use crate::case::Names;
use crate::control::ControlOutline;
use crate::error::ServiceError;
use crate::service::Unit;

/// A risk as a row.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RiskOutline {
    /// Its reference.
    pub reference: String,
    /// What could happen.
    pub title: String,
    /// Who answers for it.
    pub owner: String,
    /// `mitigate`, `avoid`, `share` or `accept`.
    pub treatment: String,
    /// `open` or `closed`.
    pub state: String,
    /// How likely, 1 to 5.
    pub likelihood: u8,
    /// How bad, 1 to 5.
    pub impact: u8,
    /// Likelihood times impact, 1 to 25.
    pub score: u8,
    /// `low`, `medium`, `high` or `very_high`.
    pub band: String,
    /// Whether its owner accepted what remains since the last look.
    pub accepted: bool,
}

/// A risk with every look that was taken at it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RiskView {
    /// Its reference.
    pub reference: String,
    /// Its version, to be named by a change.
    pub version: u64,
    /// What could happen.
    pub title: String,
    /// More about it.
    pub description: Option<String>,
    /// Who answers for it.
    pub owner: String,
    /// `mitigate`, `avoid`, `share` or `accept`.
    pub treatment: String,
    /// `open` or `closed`.
    pub state: String,
    /// Why it is closed.
    pub closed_reason: Option<String>,
    /// How likely, 1 to 5.
    pub likelihood: u8,
    /// The same in the company's words.
    pub likelihood_word: String,
    /// How bad, 1 to 5.
    pub impact: u8,
    /// The same in the company's words.
    pub impact_word: String,
    /// Likelihood times impact, 1 to 25.
    pub score: u8,
    /// `low`, `medium`, `high` or `very_high`.
    pub band: String,
    /// Who accepted what remains since the last look.
    pub accepted_by: Option<String>,
    /// When, RFC 3339.
    pub accepted_at: Option<String>,
    /// The controls that keep it small.
    pub controls: Vec<ControlOutline>,
    /// The cases that it is about, those that the caller may read.
    pub cases: Vec<RiskCaseView>,
    /// The looks that were taken at it, the latest first.
    pub assessments: Vec<AssessmentView>,
    /// When it was registered, RFC 3339.
    pub created_at: String,
    /// What the caller may do to it, whatever its state: `edit_risk`, `accept_risk`.
    pub may: Vec<String>,
}

/// A case that a risk is about.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct RiskCaseView {
    /// Its reference.
    pub reference: String,
    /// What happened.
    pub title: String,
}

/// A look at a risk.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct AssessmentView {
    /// The risk.
    pub risk: String,
    /// What could happen.
    pub title: String,
    /// 1, 2, 3, … in order.
    pub number: u32,
    /// How likely before, 1 to 5; none at the first look.
    pub likelihood_before: Option<u8>,
    /// How bad before, 1 to 5; none at the first look.
    pub impact_before: Option<u8>,
    /// What both came to; none at the first look.
    pub band_before: Option<String>,
    /// How likely after, 1 to 5.
    pub likelihood_after: u8,
    /// How bad after, 1 to 5.
    pub impact_after: u8,
    /// What both come to.
    pub band_after: String,
    /// Why it is so now.
    pub why: String,
    /// Who assessed.
    pub assessed_by: String,
    /// When, RFC 3339.
    pub assessed_at: String,
    /// The case that asked for it, if the caller may read it.
    pub case: Option<String>,
    /// The lesson of that case that asked for it.
    pub lesson: Option<String>,
    /// The owner who accepted what remained.
    pub accepted_by: Option<String>,
    /// When, RFC 3339.
    pub accepted_at: Option<String>,
}

impl RiskOutline {
    pub(super) fn of(risk: &Risk, names: &Names) -> Self {
        let exposure = risk.exposure();
        Self {
            reference: risk.reference.to_string(),
            title: risk.title.to_string(),
            owner: names.person(risk.owner_id),
            treatment: risk.treatment.to_string(),
            state: risk.state.to_string(),
            likelihood: exposure.likelihood.level(),
            impact: exposure.impact.level(),
            score: exposure.score(),
            band: exposure.band().to_string(),
            accepted: risk.is_accepted(),
        }
    }
}

/// Those of some risks that the caller may know of, as rows.
///
/// # Errors
/// What the store reports.
pub(crate) fn outlines(unit: &mut Unit<'_>, risks: &[Risk]) -> Result<Vec<RiskOutline>, ServiceError> {
    let known: Vec<&Risk> = risks.iter().filter(|risk| may_know(&unit.caller, risk)).collect();
    let owners: Vec<PersonId> = known.iter().map(|risk| risk.owner_id).collect();
    let names = Names::of_people(unit.tx, &owners)?;
    Ok(known.into_iter().map(|risk| RiskOutline::of(risk, &names)).collect())
}

/// A risk with everything that the caller may know of it.
///
/// # Errors
/// What the store reports.
pub(super) fn view_of(unit: &mut Unit<'_>, risk: &Risk) -> Result<RiskView, ServiceError> {
    let words = settings::get(unit.tx)?;
    let looks: Vec<RiskAssessment> = risk.assessments().rev().cloned().collect();
    let mut people = vec![risk.owner_id];
    people.extend(risk.latest().accepted_by);
    let names = Names::of_people(unit.tx, &people)?;
    let ids: Vec<ControlId> = risk.controls.iter().copied().collect();
    let mut linked = controls::several(unit.tx, &ids)?;
    linked.sort_by_key(|control| control.reference);
    let ids: Vec<CaseId> = risk.cases.iter().copied().collect();
    let mut about = readable_cases(unit, &ids)?;
    about.sort_by_key(|case| case.reference);
    let case_view =
        |case: &Case| RiskCaseView { reference: case.reference.to_string(), title: case.title.to_string() };
    let may = [Verb::EditRisk, Verb::AcceptRisk].into_iter();
    let relation = relation(&unit.caller, risk);
    let may = may.filter(|verb| unit.caller.may_in(*verb, relation, "risk").is_ok());
    let may = may.map(|verb| verb.as_str().to_owned()).collect();
    let assessments = looks_at(unit, &looks, &[risk])?;
    let (exposure, latest) = (risk.exposure(), risk.latest());
    let (likelihood_word, impact_word) = in_words(&words, exposure);
    Ok(RiskView {
        reference: risk.reference.to_string(),
        version: risk.version,
        title: risk.title.to_string(),
        description: risk.description.as_ref().map(ToString::to_string),
        owner: names.person(risk.owner_id),
        treatment: risk.treatment.to_string(),
        state: risk.state.to_string(),
        closed_reason: risk.closed_reason.as_ref().map(ToString::to_string),
        likelihood: exposure.likelihood.level(),
        likelihood_word,
        impact: exposure.impact.level(),
        impact_word,
        score: exposure.score(),
        band: exposure.band().to_string(),
        accepted_by: latest.accepted_by.map(|id| names.person(id)),
        accepted_at: latest.accepted_at.map(|at| at.to_string()),
        controls: linked.iter().map(ControlOutline::of).collect(),
        cases: about.iter().map(case_view).collect(),
        assessments,
        created_at: risk.created_at.to_string(),
        may,
    })
}

fn in_words(words: &Settings, exposure: Exposure) -> (String, String) {
    let likelihood = &words.likelihood_words[exposure.likelihood.place()];
    (likelihood.to_string(), words.impact_words[exposure.impact.place()].to_string())
}

/// Looks at risks, in the order in which they are given; none of a risk that the caller may not know of.
///
/// # Errors
/// What the store reports.
pub(crate) fn assessment_views(
    unit: &mut Unit<'_>,
    looks: &[RiskAssessment],
) -> Result<Vec<AssessmentView>, ServiceError> {
    let mut ids: Vec<RiskId> = looks.iter().map(|look| look.risk_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut known = risks::several(unit.tx, &ids)?;
    known.retain(|risk| may_know(&unit.caller, risk));
    looks_at(unit, looks, &known.iter().collect::<Vec<_>>())
}

fn looks_at(
    unit: &mut Unit<'_>,
    looks: &[RiskAssessment],
    known: &[&Risk],
) -> Result<Vec<AssessmentView>, ServiceError> {
    let people = looks.iter().flat_map(|look| [Some(look.assessed_by), look.accepted_by]);
    let people: Vec<PersonId> = people.flatten().collect();
    let names = Names::of_people(unit.tx, &people)?;
    let ids: Vec<CaseId> = looks.iter().filter_map(|look| look.case_id).collect();
    let asking: BTreeMap<CaseId, String> =
        readable_cases(unit, &ids)?.iter().map(|case| (case.id, case.reference.to_string())).collect();
    let lessons = crate::control::lesson_references(unit, looks.iter().filter_map(|look| look.lesson_id))?;
    let view = |look: &RiskAssessment| {
        let risk = known.iter().find(|risk| risk.id == look.risk_id)?;
        let case = look.case_id.and_then(|id| asking.get(&id).cloned());
        Some(AssessmentView {
            risk: risk.reference.to_string(),
            title: risk.title.to_string(),
            number: look.number,
            likelihood_before: look.likelihood_before.map(|rating| rating.level()),
            impact_before: look.impact_before.map(|rating| rating.level()),
            band_before: look.before_exposure().map(|exposure| exposure.band().to_string()),
            likelihood_after: look.likelihood_after.level(),
            impact_after: look.impact_after.level(),
            band_after: look.after_exposure().band().to_string(),
            why: look.why.to_string(),
            assessed_by: names.person(look.assessed_by),
            assessed_at: look.assessed_at.to_string(),
            // Of a case that one may not know of, nothing is told through its lesson either.
            lesson: look.lesson_id.filter(|_| case.is_some()).and_then(|id| lessons.get(&id).cloned()),
            case,
            accepted_by: look.accepted_by.map(|id| names.person(id)),
            accepted_at: look.accepted_at.map(|at| at.to_string()),
        })
    };
    Ok(looks.iter().filter_map(view).collect())
}

fn readable_cases(unit: &mut Unit<'_>, ids: &[CaseId]) -> Result<Vec<Case>, ServiceError> {
    let mut found = cases::several(unit.tx, ids)?;
    found.retain(|case| unit.caller.may_to_case(Verb::ReadCase, case).is_ok());
    Ok(found)
}
