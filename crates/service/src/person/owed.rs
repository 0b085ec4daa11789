//! What a person owes, and handing all of it to somebody else.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_domain::action::Action;
use nevertwice_domain::asset::Asset;
use nevertwice_domain::case::Case;
use nevertwice_domain::control::Control;
use nevertwice_domain::id::{CaseId, PersonId};
use nevertwice_domain::permission::{Relation, Verb};
use nevertwice_domain::person::Person;
use nevertwice_domain::risk::Risk;
use nevertwice_domain::text::Line;
use nevertwice_store::review::ReviewWithCauses;
use nevertwice_store::{
    action as actions, case as cases, catalogue, control as controls, owed, person as people,
    review as reviews, risk as risks, work,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::named;
use crate::error::{Kind, ServiceError};
use crate::risk;
use crate::service::Unit;
use crate::use_case::{Asked, UseCase};

/// What a person owes, as far as the caller may know of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OwedView {
    /// The person's id.
    pub person: String,
    /// The name.
    pub name: String,
    /// `unconfirmed`, `confirmed` or `disabled`.
    pub status: String,
    /// How many things they owe. An administrator is also told of those of cases that are open to the register.
    pub count: u64,
    /// What it is.
    pub items: Vec<OwedRow>,
}

/// One thing that a person owes.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OwedRow {
    /// `case`, `action`, `check`, `review`, `asset`, `risk` or `control`: to be responded to, to be done, its effect to be
    /// judged, to be led, and the others to be answered for.
    pub kind: String,
    /// The reference of the case, action, review, AI asset, risk or control.
    pub reference: String,
    /// What it is.
    pub title: String,
    /// By when.
    pub due_on: Option<String>,
}

/// Lists what a person owes, or what those owe who have left.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListOwed {
    /// Whose; of everybody who has left and still owes something if unsaid.
    pub person: Option<Line>,
}

impl UseCase for ListOwed {
    type Output = Vec<OwedView>;
    const NAME: &'static str = "list_owed";

    fn run(self, asked: &Asked<'_>) -> Result<Vec<OwedView>, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            if unit.caller.may(Verb::ReadCatalogue).is_err() {
                unit.caller.may(Verb::Administer)?;
            }
            let whose = match &self.person {
                Some(name) => vec![named(unit, name, "person")?],
                None => {
                    let mut left = owed::left_owing(unit.tx)?;
                    left.extend(owed::responses_of_left(unit.tx)?.into_iter().map(|(person, _)| person));
                    let left: BTreeSet<PersonId> = left.into_iter().collect();
                    let mut left = people::several(unit.tx, &left.into_iter().collect::<Vec<_>>())?;
                    left.sort_by(|one, other| (&one.name, one.id).cmp(&(&other.name, other.id)));
                    left
                }
            };
            let mut views = Vec::new();
            for person in whose {
                let view = view_of(unit, &person)?;
                // That somebody owes what the caller may not know of is not told.
                if self.person.is_some() || view.count > 0 {
                    views.push(view);
                }
            }
            Ok(views)
        })
    }
}

/// Everything that a person owes.
pub(super) struct Debts {
    /// Cases that they respond to.
    pub(super) cases: Vec<Case>,
    pub(super) actions: Vec<(Action, Case)>,
    /// Actions whose effect they are asked to judge.
    pub(super) checks: Vec<(Action, Case)>,
    pub(super) reviews: Vec<(ReviewWithCauses, Case)>,
    pub(super) assets: Vec<Asset>,
    pub(super) risks: Vec<Risk>,
    pub(super) controls: Vec<Control>,
}

impl Debts {
    /// Reads them, whoever may know of them.
    ///
    /// # Errors
    /// What the store reports.
    pub(super) fn read(unit: &mut Unit<'_>, person: PersonId) -> Result<Self, ServiceError> {
        let ids = owed::to_respond(unit.tx, person)?;
        let responses = cases::several(unit.tx, &ids)?;
        let ids = actions::owed_by(unit.tx, person)?;
        let owed_actions = actions::several(unit.tx, &ids)?;
        let ids = owed::to_judge(unit.tx, person)?;
        let checks = actions::several(unit.tx, &ids)?;
        let ids = owed::to_lead(unit.tx, person)?;
        let led = reviews::several(unit.tx, &ids)?;
        let ids = owed::assets(unit.tx, person)?;
        let assets = catalogue::assets_by_ids(unit.tx, &ids)?;
        let ids = owed::risks(unit.tx, person)?;
        let risks = risks::several(unit.tx, &ids)?;
        let ids = owed::controls(unit.tx, person)?;
        let controls = controls::several(unit.tx, &ids)?;
        let of_cases: Vec<CaseId> = owed_actions
            .iter()
            .chain(&checks)
            .map(|action| action.case_id)
            .chain(led.iter().map(|one| one.review.case_id))
            .collect();
        let of: BTreeMap<CaseId, Case> =
            cases::several(unit.tx, &of_cases)?.into_iter().map(|case| (case.id, case)).collect();
        let with_case = |action: Action| of.get(&action.case_id).cloned().map(|case| (action, case));
        Ok(Self {
            cases: responses,
            actions: owed_actions.into_iter().filter_map(with_case).collect(),
            checks: checks.into_iter().filter_map(with_case).collect(),
            reviews: led
                .into_iter()
                .filter_map(|one| of.get(&one.review.case_id).cloned().map(|case| (one, case)))
                .collect(),
            assets,
            risks,
            controls,
        })
    }
}

/// Whether somebody is told that there is something of a case that they do not read: who looks after people is.
fn is_counted(administers: bool, case: &Case) -> bool {
    administers && !case.restricted
}

/// Those who have left with how many things they still owe, of up to `limit` things and as far as the caller may know;
/// nobody for whoever could not hand it over.
///
/// # Errors
/// What the store reports.
pub(crate) fn left_owing(unit: &mut Unit<'_>, limit: u32) -> Result<Vec<(Person, u64)>, ServiceError> {
    let may = |verb| unit.caller.roles_allow(verb, Relation::default(), "such record").is_ok();
    if !may(Verb::EditCatalogue) {
        return Ok(Vec::new());
    }
    let administers = may(Verb::Administer);
    let mut owed = work::owed_by_left(unit.tx, limit)?;
    owed.extend(owed::responses_of_left(unit.tx)?.into_iter().map(|(person, case)| (person, Some(case))));
    let ids: BTreeSet<CaseId> = owed.iter().filter_map(|(_, case)| *case).collect();
    let found: BTreeMap<CaseId, Case> = cases::several(unit.tx, &ids.into_iter().collect::<Vec<_>>())?
        .into_iter()
        .map(|case| (case.id, case))
        .collect();
    let mut counts: BTreeMap<PersonId, u64> = BTreeMap::new();
    for (person, case) in owed {
        let reads = |case: &Case| unit.caller.may_to_case(Verb::ReadCase, case).is_ok();
        let is_told = |case: &Case| reads(case) || is_counted(administers, case);
        if case.is_none_or(|id| found.get(&id).is_some_and(is_told)) {
            *counts.entry(person).or_default() += 1;
        }
    }
    let left = people::several(unit.tx, &counts.keys().copied().collect::<Vec<_>>())?;
    let with_count = |person: Person| counts.get(&person.id).copied().map(|count| (person, count));
    Ok(left.into_iter().filter_map(with_count).collect())
}

fn view_of(unit: &mut Unit<'_>, person: &Person) -> Result<OwedView, ServiceError> {
    let debts = Debts::read(unit, person.id)?;
    let me = unit.caller.id();
    let administers = unit.caller.may(Verb::Administer).is_ok();
    let reads = |case: &Case| {
        unit.caller.may_to_case(Verb::ReadCase, case).is_ok() || (person.id == me && !case.shuts_out(me))
    };
    let is_counted = |case: &Case| reads(case) || is_counted(administers, case);
    let in_cases = debts.actions.iter().chain(&debts.checks).map(|(_, case)| case);
    let in_cases = in_cases.chain(debts.reviews.iter().map(|(_, case)| case)).chain(&debts.cases);
    let knows = |risk: &&Risk| risk::may_know(&unit.caller, risk);
    let count = in_cases.filter(|case| is_counted(case)).count()
        + debts.assets.len()
        + debts.controls.len()
        + debts.risks.iter().filter(|risk| administers || knows(risk)).count();
    let action = |kind: &str, due_on: Option<String>, action: &Action| OwedRow {
        kind: kind.to_owned(),
        reference: action.reference.to_string(),
        title: action.title.to_string(),
        due_on,
    };
    let mut items = Vec::new();
    for case in debts.cases.iter().filter(|case| reads(case)) {
        items.push(OwedRow {
            kind: "case".to_owned(),
            reference: case.reference.to_string(),
            title: case.title.to_string(),
            due_on: None,
        });
    }
    for (one, _) in debts.actions.iter().filter(|(_, case)| reads(case)) {
        items.push(action("action", Some(one.due_on.to_string()), one));
    }
    for (one, _) in debts.checks.iter().filter(|(_, case)| reads(case)) {
        items.push(action("check", None, one));
    }
    for (one, _) in debts.reviews.iter().filter(|(_, case)| reads(case)) {
        items.push(OwedRow {
            kind: "review".to_owned(),
            reference: one.review.reference.to_string(),
            title: one.review.problem.to_string(),
            due_on: Some(one.review.due_on.to_string()),
        });
    }
    let answered_for = |kind: &str, reference: String, title: String| OwedRow {
        kind: kind.to_owned(),
        reference,
        title,
        due_on: None,
    };
    let asset = |one: &Asset| answered_for("asset", one.reference.to_string(), one.name.to_string());
    items.extend(debts.assets.iter().map(asset));
    let risk = |one: &Risk| answered_for("risk", one.reference.to_string(), one.title.to_string());
    items.extend(debts.risks.iter().filter(knows).map(risk));
    let control = |one: &Control| answered_for("control", one.reference.to_string(), one.title.to_string());
    items.extend(debts.controls.iter().map(control));
    Ok(OwedView {
        person: person.id.to_string(),
        name: person.name.to_string(),
        status: person.status.to_string(),
        count: count as u64,
        items,
    })
}

/// Whether an error says why one thing is not handed over, and not that nothing can be done at all.
pub(super) fn is_about_one(error: &ServiceError) -> bool {
    matches!(error.kind, Kind::Invalid | Kind::Conflict | Kind::Forbidden | Kind::NotFound)
}
