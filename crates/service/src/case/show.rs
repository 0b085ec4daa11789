//! Showing a case as one story.

use std::collections::BTreeMap;
use std::sync::Arc;

use nevertwice_domain::action::{Action, EffectivenessCheck};
use nevertwice_domain::case::{Case, CostLine, TimelineEntry, durations, missing};
use nevertwice_domain::evidence::{Comment, Evidence};
use nevertwice_domain::id::PersonId;
use nevertwice_domain::import::Gap;
use nevertwice_domain::lesson::Lesson;
use nevertwice_domain::permission::Verb;
use nevertwice_domain::procedure::Rules;
use nevertwice_domain::reference::CaseRef;
use nevertwice_domain::time::Date;
use nevertwice_store::review::ReviewWithCauses;
use nevertwice_store::{action as actions, case as cases, lesson as lessons, receipt as receipts};
use serde::{Deserialize, Serialize};

use super::cause_lines;
use super::checklist::checklist;
use super::consequences::Consequences;
use super::decide::may_respond;
use super::hanging::known_reviews;
use super::load::carried;
use super::view::{
    ActionOutline, CaseView, DurationView, LessonOutline, MissingView, ReviewOutline, comment_view,
    cost_view, evidence_view, gap_view, impact_view, timeline_view,
};
use super::{Names, RespondToCase, readable};
use crate::caller::Caller;
use crate::catalogue::field_values;
use crate::error::ServiceError;
use crate::lesson::Carried;
use crate::procedure::{rules_of, shipped_rules};
use crate::service::Unit;
use crate::use_case::{Asked, UseCase};

/// Shows a case.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ShowCase {
    /// Its reference.
    pub case: CaseRef,
}

impl UseCase for ShowCase {
    type Output = CaseView;
    const NAME: &'static str = "show_case";

    fn run(self, asked: &Asked<'_>) -> Result<CaseView, ServiceError> {
        asked.service.read(asked.identity, |unit| {
            let case = readable(unit, self.case)?;
            view_of(unit, &case)
        })
    }
}

/// What hangs on a case.
#[derive(Default)]
pub(crate) struct Hanging {
    pub(crate) timeline: Vec<TimelineEntry>,
    pub(crate) costs: Vec<CostLine>,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) comments: Vec<Comment>,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) reviews: Vec<ReviewWithCauses>,
    pub(crate) lessons: Vec<Lesson>,
    /// What puts the lessons to work.
    pub(crate) carried: Arc<Carried>,
    pub(crate) actions: Vec<Action>,
    pub(crate) checks: Vec<EffectivenessCheck>,
    pub(crate) consequences: Consequences,
    pub(crate) parent: Option<String>,
    pub(crate) parts: Vec<String>,
}

impl Hanging {
    fn read(unit: &mut Unit<'_>, case: &Case) -> Result<Self, ServiceError> {
        let actions = actions::of_case(unit.tx, case.id)?;
        let ids: Vec<_> = actions.iter().map(|action| action.id).collect();
        let lessons = lessons::of_case(unit.tx, case.id)?;
        Ok(Self {
            carried: Arc::new(carried(unit.tx, &lessons)?),
            timeline: cases::timeline(unit.tx, case.id)?,
            costs: cases::costs(unit.tx, case.id)?,
            evidence: cases::evidence(unit.tx, case.id)?,
            comments: cases::comments(unit.tx, case.id)?,
            gaps: cases::gaps(unit.tx, case.id)?,
            reviews: known_reviews(unit, &[case.id])?,
            lessons,
            checks: actions::checks_of(unit.tx, &ids)?,
            consequences: Consequences::of_case(unit.tx, case.id)?,
            actions,
            parent: parent_reference(unit, case)?,
            parts: visible_parts(unit, case)?,
        })
    }
}

/// A case with everything that hangs on it.
///
/// # Errors
/// What the store reports.
pub(crate) fn view_of(unit: &mut Unit<'_>, case: &Case) -> Result<CaseView, ServiceError> {
    let hanging = Hanging::read(unit, case)?;
    assembled(unit, case, hanging)
}

/// A case that was reported just now: nothing but what came with it hangs on it yet, and the writer need not look.
///
/// # Errors
/// What the store reports.
pub(super) fn view_of_new(
    unit: &mut Unit<'_>,
    case: &Case,
    evidence: Vec<Evidence>,
) -> Result<CaseView, ServiceError> {
    assembled(unit, case, Hanging { evidence, ..Hanging::default() })
}

fn assembled(unit: &mut Unit<'_>, case: &Case, hanging: Hanging) -> Result<CaseView, ServiceError> {
    let mut people: Vec<PersonId> = case.responders.iter().chain(&case.readers).copied().collect();
    people.extend([case.reporter, case.decided_by, Some(case.registered_by)].into_iter().flatten());
    people.extend(hanging.timeline.iter().map(|entry| entry.recorded_by));
    people.extend(hanging.comments.iter().map(|comment| comment.author_id));
    people.extend(hanging.evidence.iter().map(|item| item.collected_by));
    people.extend(hanging.reviews.iter().map(|r| r.review.facilitator_id));
    people.extend(hanging.reviews.iter().filter_map(|r| r.review.approved_by));
    people.extend(
        hanging.actions.iter().flat_map(|action| [Some(action.owner_id), action.not_doing_by]).flatten(),
    );
    people.extend(hanging.checks.iter().flat_map(|check| [check.judged_by, check.judge_id]).flatten());
    people.extend(hanging.lessons.iter().map(|lesson| lesson.author_id));
    people.extend(hanging.lessons.iter().filter_map(|lesson| lesson.approved_by));
    let risks = hanging.consequences.linked.iter().chain(&hanging.consequences.looked_at);
    people.extend(risks.map(|risk| risk.owner_id));
    let mut names = Names::beside(&unit.caller.person, unit.tx, &people)?;
    names.add_catalogue(unit.tx, case.suppliers.iter().copied(), case.assets.keys().copied())?;
    let versioned: Vec<_> =
        case.assets.iter().filter(|(_, version)| version.is_some()).map(|(id, _)| *id).collect();
    names.add_versions(unit.tx, &versioned)?;
    let fields = field_values(unit, &case.fields)?;
    let mut may = may(&unit.caller, case);
    if may_ask_reporter(unit, case)? {
        may.push("ask_reporter".to_owned());
    }
    let rules = rules_of(unit.tx, hanging.records().procedure())?;
    let rules = rules.as_ref().unwrap_or(shipped_rules());
    let checklist = checklist(unit, case, (&hanging.records(), rules), &|person| names.person(person))?;
    let consequences = hanging.consequences.clone();
    let today = crate::procedure::today(unit)?;
    let mut view = CaseView { may, checklist, ..put_together(case, hanging, &names, fields, (rules, today)) };
    consequences.add_to(unit, case, &mut view)?;
    Ok(view)
}

/// What the caller may do to a case, so that nobody is shown a way that ends at a refusal.
fn may(caller: &Caller, case: &Case) -> Vec<String> {
    let verbs = [Verb::Comment, Verb::EditCase, Verb::DecideCase].into_iter();
    let mut may: Vec<String> = verbs
        .filter(|verb| caller.may_to_case(*verb, case).is_ok())
        .map(|verb| verb.as_str().to_owned())
        .collect();
    if may_respond(caller, case).is_ok() {
        may.push(RespondToCase::NAME.to_owned());
    }
    may
}

/// Whether a question would reach whoever reported the case without an account. A case with a reporter has no receipt,
/// so that the writer need not look for one.
fn may_ask_reporter(unit: &mut Unit<'_>, case: &Case) -> Result<bool, ServiceError> {
    let may_edit = case.reporter.is_none() && unit.caller.may_to_case(Verb::EditCase, case).is_ok();
    Ok(may_edit && receipts::is_held(unit.tx, case.id)?)
}

/// The view of a case from everything that it shows; `names` must know everybody and everything in it.
pub(crate) fn put_together(
    case: &Case,
    hanging: Hanging,
    names: &Names,
    fields: BTreeMap<String, String>,
    (rules, today): (&Rules, Date),
) -> CaseView {
    let facts = hanging.records().facts(case, rules, today, &|person| names.person(person));
    let Hanging {
        timeline,
        costs,
        evidence,
        comments,
        gaps,
        reviews,
        lessons,
        carried,
        actions,
        checks,
        consequences: _,
        parent,
        parts,
    } = hanging;
    let mut view = CaseView::of_facts(case, names);
    view.part_of = parent;
    view.parts = parts;
    view.fields = fields;
    view.durations = durations(case).iter().map(DurationView::of).collect();
    view.timeline = timeline.iter().map(|entry| timeline_view(entry, names)).collect();
    view.timeline.sort_by_key(|entry| entry.sort_key);
    view.costs = costs.iter().map(cost_view).collect();
    view.evidence = evidence.iter().map(|item| evidence_view(item, names)).collect();
    view.comments = comments.iter().map(|comment| comment_view(comment, names)).collect();
    view.gaps = gaps.iter().map(gap_view).collect();
    view.reviews =
        reviews.iter().map(|review| ReviewOutline::of(review, names, cause_lines(&review.causes))).collect();
    let outline = |lesson: &Lesson| LessonOutline::of(lesson, case.id, &carried, names);
    view.lessons = lessons.iter().map(outline).collect();
    view.actions = actions.iter().map(|action| ActionOutline::of(action, &checks, names)).collect();
    view.impact_initial = impact_view(&case.impact_initial);
    view.impact_final = impact_view(&case.impact_final);
    view.missing =
        missing(case.state, &facts).into_iter().map(|m| MissingView { code: m.code, text: m.text }).collect();
    view
}

/// The incident that this is a part of; nothing if the caller may not know of that one.
///
/// # Errors
/// What the store reports.
pub(super) fn parent_reference(unit: &mut Unit<'_>, case: &Case) -> Result<Option<String>, ServiceError> {
    let Some(id) = case.part_of else { return Ok(None) };
    Ok(cases::get(unit.tx, id)?
        .filter(|parent| !parent.shuts_out(unit.caller.id()))
        .map(|p| p.reference.to_string()))
}

/// The parts of this incident that the caller may know of.
///
/// # Errors
/// What the store reports.
pub(super) fn visible_parts(unit: &mut Unit<'_>, case: &Case) -> Result<Vec<String>, ServiceError> {
    let ids = cases::parts_of(unit.tx, case.id)?;
    let parts = cases::several(unit.tx, &ids)?;
    let mut visible: Vec<String> = parts
        .iter()
        .filter(|part| !part.shuts_out(unit.caller.id()))
        .map(|part| part.reference.to_string())
        .collect();
    visible.sort();
    Ok(visible)
}
