//! Index documents, made from the store's records.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::tz::TimeZone;
use nevertwice_domain::action::{Action, EffectivenessCheck};
use nevertwice_domain::asset::Asset;
use nevertwice_domain::case::{Case, CaseState, Checklist, ChecklistLine, CostLine, LoopOf, TimelineEntry};
use nevertwice_domain::cause::Cause;
use nevertwice_domain::evidence::{Comment, Evidence};
use nevertwice_domain::field::{Field, FieldValues};
use nevertwice_domain::id::{ActionId, CaseId, FieldId, PersonId};
use nevertwice_domain::import::{Gap, GapState};
use nevertwice_domain::lesson::{Lesson, LessonState};
use nevertwice_domain::read_model::{
    ActionDocument, AssetDocument, CaseDocument, Common, CompanyValue, Counts, Document, DocumentAccess,
    FieldValue, Learning, LessonDocument, Passage, ReviewDocument, SupplierDocument, TextPart,
};
use nevertwice_domain::review::ReviewState;
use nevertwice_domain::supplier::Supplier;
use nevertwice_domain::time::{Date, Timestamp};
use nevertwice_store::review::ReviewWithCauses;
use nevertwice_store::{
    Tx, action as actions, case as cases, catalogue, lesson as lessons, review as reviews,
};
use uuid::Uuid;

use crate::case::{Consequences, EveryRules, Hanging, LoopRecords, carried};
use crate::error::ServiceError;
use crate::lesson::Carried;

/// What every document needs: the company's time zone and fields.
pub(super) struct Context {
    zone: TimeZone,
    fields: BTreeMap<FieldId, Field>,
    rules: EveryRules,
}

impl Context {
    pub(super) fn read(tx: &mut Tx) -> Result<Self, ServiceError> {
        let zone = nevertwice_store::settings::get(tx)?.time_zone.zone();
        let fields = catalogue::fields(tx)?.into_iter().map(|field| (field.id, field)).collect();
        Ok(Self { zone, fields, rules: EveryRules::read(tx)? })
    }

    fn common(&self, id: Uuid, reference: String, title: String, at: Timestamp) -> Common {
        Common {
            id,
            reference,
            origin_reference: None,
            links: Vec::new(),
            title,
            state: "",
            open: false,
            registered_at: at,
            registered_local: self.zone.to_datetime(at.to_jiff()),
            access: DocumentAccess::Open { named: Vec::new() },
            tags: Vec::new(),
            fields: Vec::new(),
            passages: Vec::new(),
        }
    }
}

/// Everything that hangs on some cases, read with one statement per table.
pub(crate) struct Gathered {
    /// Whose parts some of the cases are.
    wholes: BTreeMap<CaseId, Case>,
    timeline: BTreeMap<CaseId, Vec<TimelineEntry>>,
    costs: BTreeMap<CaseId, Vec<CostLine>>,
    evidence: BTreeMap<CaseId, Vec<Evidence>>,
    comments: BTreeMap<CaseId, Vec<Comment>>,
    gaps: BTreeMap<CaseId, Vec<Gap>>,
    reviews: BTreeMap<CaseId, Vec<ReviewWithCauses>>,
    actions: BTreeMap<CaseId, Vec<Action>>,
    lessons: BTreeMap<CaseId, Vec<Lesson>>,
    /// What puts the lessons to work.
    carried: Arc<Carried>,
    checks: BTreeMap<ActionId, Vec<EffectivenessCheck>>,
    consequences: BTreeMap<CaseId, Consequences>,
}

fn grouped<K: Ord, T>(rows: Vec<T>, key: impl Fn(&T) -> K) -> BTreeMap<K, Vec<T>> {
    let mut groups: BTreeMap<K, Vec<T>> = BTreeMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}

impl Gathered {
    /// Reads it.
    ///
    /// # Errors
    /// What the store reports.
    pub(crate) fn read(tx: &mut Tx, all: &[Case]) -> Result<Self, ServiceError> {
        let ids: &[CaseId] = &all.iter().map(|case| case.id).collect::<Vec<_>>();
        let wholes: BTreeSet<CaseId> = all.iter().filter_map(|case| case.part_of).collect();
        let wholes = cases::several(tx, &wholes.into_iter().collect::<Vec<_>>())?;
        let mut lessons: BTreeMap<CaseId, Vec<Lesson>> = BTreeMap::new();
        let learned = lessons::of_cases(tx, ids)?;
        let carried = Arc::new(carried(tx, &learned)?);
        for lesson in learned {
            for case in &lesson.cases {
                lessons.entry(*case).or_default().push(lesson.clone());
            }
        }
        let actions = actions::of_cases(tx, ids)?;
        let action_ids: Vec<ActionId> = actions.iter().map(|action| action.id).collect();
        Ok(Self {
            wholes: wholes.into_iter().map(|case| (case.id, case)).collect(),
            timeline: grouped(cases::timelines(tx, ids)?, |entry| entry.case_id),
            costs: grouped(cases::costs_of(tx, ids)?, |line| line.case_id),
            evidence: grouped(cases::evidence_of(tx, ids)?, |item| item.case_id),
            comments: grouped(cases::comments_of(tx, ids)?, |comment| comment.case_id),
            gaps: grouped(cases::gaps_of(tx, ids)?, |gap| gap.case_id),
            reviews: reviews_by_case(reviews::of_cases(tx, ids)?),
            checks: grouped(actions::checks_of(tx, &action_ids)?, |check| check.action_id),
            actions: grouped(actions, |action| action.case_id),
            consequences: Consequences::of_cases(tx, ids)?,
            lessons,
            carried,
        })
    }

    /// The reviews that were opened for a case. What a review of several cases found is searched with the one that it was
    /// opened for alone: whoever may know of that one may know of the review.
    fn reviews_of_its_own(&self, case: CaseId) -> impl Iterator<Item = &ReviewWithCauses> {
        let all = self.reviews.get(&case).into_iter().flatten();
        all.filter(move |review| review.review.case_id == case)
    }

    /// What hangs on one of the cases; it is not there any more afterwards.
    pub(crate) fn take(&mut self, case: CaseId) -> Hanging {
        let actions = self.actions.remove(&case).unwrap_or_default();
        let checks = actions.iter().flat_map(|action| self.checks.remove(&action.id).unwrap_or_default());
        let lessons = self.lessons.remove(&case).unwrap_or_default();
        Hanging {
            carried: Arc::clone(&self.carried),
            checks: checks.collect(),
            timeline: self.timeline.remove(&case).unwrap_or_default(),
            costs: self.costs.remove(&case).unwrap_or_default(),
            evidence: self.evidence.remove(&case).unwrap_or_default(),
            comments: self.comments.remove(&case).unwrap_or_default(),
            gaps: self.gaps.remove(&case).unwrap_or_default(),
            reviews: self.reviews.remove(&case).unwrap_or_default(),
            lessons,
            actions,
            consequences: self.consequences.remove(&case).unwrap_or_default(),
            parent: None,
            parts: Vec::new(),
        }
    }

    /// Whether everybody who may know of a case may know of the one that it is a part of. If not it counts as a case of
    /// its own: left out of figures, it would tell that there is something behind it.
    fn is_known_part(&self, case: &Case, whole: CaseId) -> bool {
        let Some(whole) = self.wholes.get(&whole) else { return true };
        !whole.restricted || (case.restricted && case.readers.is_subset(&whole.readers))
    }
}

/// The documents of cases, with those of their reviews, actions and lessons.
pub(super) fn of_cases(
    tx: &mut Tx,
    context: &Context,
    ids: &[CaseId],
) -> Result<Vec<Document>, ServiceError> {
    let all = cases::several(tx, ids)?;
    let hanging = Gathered::read(tx, &all)?;
    let mut documents = Vec::with_capacity(all.len());
    let mut lessons: BTreeMap<Uuid, Lesson> = BTreeMap::new();
    for case in &all {
        documents.push(Document::Case(of_case(context, case, &hanging)));
        for action in hanging.actions.get(&case.id).into_iter().flatten() {
            documents.push(Document::Action(of_action(context, action, case, &hanging)));
        }
        for review in hanging.reviews_of_its_own(case.id) {
            documents.push(Document::Review(of_review(context, review, case, &hanging)));
        }
        for lesson in hanging.lessons.get(&case.id).into_iter().flatten() {
            lessons.insert(lesson.id.uuid(), lesson.clone());
        }
    }
    documents.extend(
        of_lessons(tx, context, &lessons.into_values().collect::<Vec<_>>())?
            .into_iter()
            .map(Document::Lesson),
    );
    Ok(documents)
}

fn access(case: &Case, also: impl IntoIterator<Item = PersonId>) -> DocumentAccess {
    if case.restricted {
        return DocumentAccess::Restricted { readers: case.readers.iter().copied().collect() };
    }
    DocumentAccess::Open { named: case.reporter.into_iter().chain(also).collect() }
}

fn passage(part: TextPart, text: &impl ToString) -> Passage {
    Passage { part, text: text.to_string() }
}

fn count(rows: Option<&Vec<impl Sized>>) -> u32 {
    rows.map_or(0, |rows| u32::try_from(rows.len()).unwrap_or(u32::MAX))
}

fn of_case(context: &Context, case: &Case, hanging: &Gathered) -> CaseDocument {
    let of = case.id;
    let actions = hanging.actions.get(&of);
    let reviews = hanging.reviews.get(&of);
    let lessons = hanging.lessons.get(&of);
    let causes = reviews.into_iter().flatten().map(|review| review.causes.causes().len()).sum::<usize>();
    let mut common =
        context.common(of.uuid(), case.reference.to_string(), case.title.to_string(), case.registered_at);
    common.origin_reference = case.origin_reference.as_ref().map(ToString::to_string);
    common.links = links(actions, hanging.reviews_of_its_own(of));
    common.state = case.state.as_str();
    common.open = !matches!(case.state, CaseState::Closed | CaseState::Void);
    common.access = access(case, []);
    common.tags = case.tags.iter().map(ToString::to_string).collect();
    common.fields = field_values(context, &case.fields);
    common.passages = case_passages(case, hanging);
    CaseDocument {
        common,
        class: case.class,
        severity: case.severity,
        category: case.category.as_ref().map(ToString::to_string),
        decision: case.decision,
        origin: case.origin,
        reported: case.reported,
        occurred: case.occurred,
        detected: case.detected,
        closed: case.closed,
        responders: case.responders.iter().copied().collect(),
        reporter: case.reporter,
        suppliers: case.suppliers.iter().copied().collect(),
        assets: case.assets.keys().copied().collect(),
        part_of: case.part_of.filter(|whole| hanging.is_known_part(case, *whole)),
        open_due: actions.into_iter().flatten().filter(|a| is_owed(a, case)).map(|a| a.due_on).min(),
        counts: Counts {
            actions: count(actions),
            lessons: count(lessons),
            causes: u32::try_from(causes).unwrap_or(u32::MAX),
            evidence: count(hanging.evidence.get(&of)),
            timeline: count(hanging.timeline.get(&of)),
            comments: count(hanging.comments.get(&of)),
            reviews: count(reviews),
            costs: count(hanging.costs.get(&of)),
        },
        gaps: open_gaps(hanging.gaps.get(&of).filter(|_| case.state != CaseState::Void)),
        learning: learning(context, case, hanging),
    }
}

/// How far a case has come in its loop: what does not depend on the day.
fn learning(context: &Context, case: &Case, hanging: &Gathered) -> Learning {
    let none = Consequences::default();
    let actions = hanging.actions.get(&case.id).map_or(&[][..], Vec::as_slice);
    let records = LoopRecords {
        reviews: hanging.reviews.get(&case.id).map_or(&[], Vec::as_slice),
        lessons: hanging.lessons.get(&case.id).map_or(&[], Vec::as_slice),
        carried: &hanging.carried,
        actions,
        checks: actions.iter().filter_map(|action| hanging.checks.get(&action.id)).flatten().collect(),
        consequences: hanging.consequences.get(&case.id).unwrap_or(&none),
    };
    let rules = context.rules.of(records.procedure());
    let of = LoopOf { state: case.state, origin: case.origin, severity: case.severity, rules };
    // On no day in particular, so that the index need not be made again when one has passed.
    let facts = records.facts(case, rules, Date::MIN, &|_| String::new());
    let checklist = Checklist::of(of, &facts, Date::MIN);
    let in_place = checklist.lines.iter().filter(|line| line.is_in_place()).map(ChecklistLine::word);
    Learning {
        in_place: in_place.collect(),
        is_learned: checklist.is_learned,
        is_before_the_loop: checklist.is_before_the_loop,
        is_exception: checklist.is_exception,
        is_part: case.part_of.is_some_and(|whole| hanging.is_known_part(case, whole)),
        due: checklist.due_on,
    }
}

fn links<'r>(
    actions: Option<&Vec<Action>>,
    reviews: impl Iterator<Item = &'r ReviewWithCauses>,
) -> Vec<String> {
    let actions = actions.into_iter().flatten().map(|action| action.reference.to_string());
    actions.chain(reviews.map(|review| review.review.reference.to_string())).collect()
}

/// Reviews by every case that they are of: each is counted with all of them.
fn reviews_by_case(all: Vec<ReviewWithCauses>) -> BTreeMap<CaseId, Vec<ReviewWithCauses>> {
    let mut by_case: BTreeMap<CaseId, Vec<ReviewWithCauses>> = BTreeMap::new();
    for review in all {
        for case in review.cases() {
            by_case.entry(case).or_default().push(review.clone());
        }
    }
    by_case
}

/// Nobody owes anything for a case that was entered by mistake.
fn is_owed(action: &Action, case: &Case) -> bool {
    !action.state.is_finished() && case.state != CaseState::Void
}

fn open_gaps(gaps: Option<&Vec<Gap>>) -> Vec<String> {
    let open = gaps.into_iter().flatten().filter(|gap| gap.state == GapState::Open);
    open.map(|gap| gap.kind.to_string()).collect::<BTreeSet<_>>().into_iter().collect()
}

fn field_values(context: &Context, values: &FieldValues) -> Vec<CompanyValue> {
    let known = values.iter().filter_map(|(id, text)| Some((context.fields.get(id)?, text)));
    known
        .map(|(field, text)| CompanyValue {
            key: field.key.clone(),
            value: FieldValue::read(field.kind, text.as_str()),
        })
        .collect()
}

/// What the causes say, and their categories: `cause:configuration` finds both.
fn cause_passages(review: &ReviewWithCauses) -> Vec<Passage> {
    let said = |cause: &Cause| {
        let category = cause.category.as_ref().map(|category| passage(TextPart::Cause, category));
        std::iter::once(passage(TextPart::Cause, &cause.statement)).chain(category).collect::<Vec<_>>()
    };
    review.causes.causes().iter().flat_map(said).collect()
}

fn case_passages(case: &Case, hanging: &Gathered) -> Vec<Passage> {
    let of = case.id;
    let mut passages = Vec::new();
    passages.extend(case.summary.iter().map(|text| passage(TextPart::Body, text)));
    for review in hanging.reviews_of_its_own(of) {
        passages.extend(cause_passages(review));
    }
    let lessons = hanging.lessons.get(&of).into_iter().flatten();
    passages.extend(lessons.map(|lesson| passage(TextPart::Lesson, &lesson.statement)));
    let actions = hanging.actions.get(&of).into_iter().flatten();
    passages.extend(actions.map(|action| passage(TextPart::Action, &action.title)));
    let timeline = hanging.timeline.get(&of).into_iter().flatten();
    passages.extend(timeline.map(|entry| passage(TextPart::Timeline, &entry.text)));
    let comments = hanging.comments.get(&of).into_iter().flatten();
    passages.extend(comments.map(|comment| passage(TextPart::Comment, &comment.text)));
    let evidence = hanging.evidence.get(&of).into_iter().flatten();
    passages.extend(evidence.map(|item| passage(TextPart::Evidence, &item.name)));
    let gaps = hanging.gaps.get(&of).into_iter().flatten();
    passages.extend(gaps.filter_map(|gap| Some(passage(TextPart::Body, gap.detail.as_ref()?))));
    passages
}

fn of_action(context: &Context, action: &Action, case: &Case, hanging: &Gathered) -> ActionDocument {
    let checks = hanging.checks.get(&action.id);
    let evidence = hanging.evidence.get(&case.id).into_iter().flatten();
    let own_evidence = evidence.filter(|item| item.action_id == Some(action.id)).count();
    let mut common = context.common(
        action.id.uuid(),
        action.reference.to_string(),
        action.title.to_string(),
        action.created_at,
    );
    common.links = vec![case.reference.to_string()];
    common.state = action.state.as_str();
    common.open = is_owed(action, case);
    common.access = access(case, [action.owner_id]);
    common.fields = field_values(context, &action.fields);
    common.passages.extend(action.description.iter().map(|text| passage(TextPart::Body, text)));
    common.passages.extend(action.completion.iter().map(|text| passage(TextPart::Body, text)));
    ActionDocument {
        common,
        owner: action.owner_id,
        due: action.due_on,
        check_on: checks
            .into_iter()
            .flatten()
            .find(|check| check.outcome.is_none())
            .map(|check| check.planned_on),
        evidence_count: u32::try_from(own_evidence).unwrap_or(u32::MAX),
        check_count: count(checks),
        class: Some(case.class),
        severity: case.severity,
    }
}

fn of_review(
    context: &Context,
    review: &ReviewWithCauses,
    case: &Case,
    hanging: &Gathered,
) -> ReviewDocument {
    let record = &review.review;
    let mut common = context.common(
        record.id.uuid(),
        record.reference.to_string(),
        record.problem.to_string(),
        record.created_at,
    );
    common.links = vec![case.reference.to_string()];
    common.state = record.state.as_str();
    let is_complete = matches!(record.state, ReviewState::Approved | ReviewState::Waived);
    common.open = !is_complete && case.state != CaseState::Void;
    common.access = access(case, [record.facilitator_id]);
    common.passages.extend(record.minutes.iter().map(|text| passage(TextPart::Body, text)));
    common.passages.extend(cause_passages(review));
    ReviewDocument {
        common,
        facilitator: Some(record.facilitator_id),
        due: Some(record.due_on),
        cause_count: u32::try_from(review.causes.causes().len()).unwrap_or(u32::MAX),
        lesson_count: count(hanging.lessons.get(&case.id)),
    }
}

/// A lesson is restricted as long as every case that it was learned from is: then it is for the people on their lists.
fn of_lessons(tx: &mut Tx, context: &Context, all: &[Lesson]) -> Result<Vec<LessonDocument>, ServiceError> {
    let ids: Vec<CaseId> = all
        .iter()
        .flat_map(|lesson| lesson.cases.iter().copied())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let origins: BTreeMap<CaseId, Case> =
        cases::several(tx, &ids)?.into_iter().map(|case| (case.id, case)).collect();
    let lesson_ids: Vec<_> = all.iter().map(|lesson| lesson.id).collect();
    let actions = actions::of_lessons(tx, &lesson_ids)?;
    let of_actions: Vec<CaseId> = actions.iter().map(|action| action.case_id).collect();
    let of_actions: BTreeMap<CaseId, Case> =
        cases::several(tx, &of_actions)?.into_iter().map(|case| (case.id, case)).collect();
    let by_lesson = grouped(actions, |action| action.lesson_id);
    Ok(all
        .iter()
        .map(|lesson| {
            let own: Vec<&Case> = lesson.cases.iter().filter_map(|id| origins.get(id)).collect();
            let access = lesson_access(lesson, &own);
            let known = |action: &&Action| {
                of_actions.get(&action.case_id).is_none_or(|case| is_known_to_all(case, &access))
            };
            let actions = by_lesson.get(&Some(lesson.id)).into_iter().flatten().filter(known).count();
            of_lesson(context, lesson, &own, access, actions)
        })
        .collect())
}

fn of_lesson(
    context: &Context,
    lesson: &Lesson,
    own: &[&Case],
    access: DocumentAccess,
    actions: usize,
) -> LessonDocument {
    let mut common = context.common(
        lesson.id.uuid(),
        lesson.reference.to_string(),
        lesson.statement.to_string(),
        lesson.created_at,
    );
    // References of its cases: only those that whoever sees the lesson may see.
    common.links =
        own.iter().filter(|case| !case.restricted).map(|case| case.reference.to_string()).collect();
    common.state = lesson.state.as_str();
    common.open = matches!(
        lesson.state,
        LessonState::Draft
            | LessonState::Approved
            | LessonState::Overtaken
            | LessonState::DidNotHold
            | LessonState::Regressed
    );
    common.access = access;
    common.fields = field_values(context, &lesson.fields);
    common.tags = lesson.tags.iter().map(ToString::to_string).collect();
    common.passages.extend(lesson.detail.iter().map(|text| passage(TextPart::Body, text)));
    LessonDocument {
        common,
        owner: Some(lesson.author_id),
        review_on: lesson.review_on,
        action_count: u32::try_from(actions).unwrap_or(u32::MAX),
    }
}

fn lesson_access(lesson: &Lesson, own: &[&Case]) -> DocumentAccess {
    if !own.is_empty() && own.iter().all(|case| case.restricted) {
        let readers: BTreeSet<PersonId> = own.iter().flat_map(|case| case.readers.iter().copied()).collect();
        return DocumentAccess::Restricted { readers: readers.into_iter().collect() };
    }
    DocumentAccess::Open { named: vec![lesson.author_id] }
}

/// Whether everybody who may find a document may know of a case.
fn is_known_to_all(case: &Case, access: &DocumentAccess) -> bool {
    match access {
        _ if !case.restricted => true,
        DocumentAccess::Open { .. } => false,
        DocumentAccess::Restricted { readers } => readers.iter().all(|reader| case.readers.contains(reader)),
    }
}

/// The document of a supplier.
pub(super) fn of_supplier(context: &Context, supplier: &Supplier) -> Document {
    let mut common = context.common(
        supplier.id.uuid(),
        supplier.reference.to_string(),
        supplier.name.to_string(),
        supplier.created_at,
    );
    common.open = true;
    common.state = "known";
    common.fields = field_values(context, &supplier.fields);
    common.passages.extend(supplier.provides.iter().map(|text| passage(TextPart::Body, text)));
    common.passages.extend(supplier.agreement.iter().map(|text| passage(TextPart::Body, text)));
    common.passages.extend(supplier.contingency_plan.iter().map(|text| passage(TextPart::Body, text)));
    Document::Supplier(SupplierDocument { common, owner: None })
}

/// The document of an asset.
pub(super) fn of_asset(context: &Context, asset: &Asset) -> Document {
    let mut common = context.common(
        asset.id.uuid(),
        asset.reference.to_string(),
        asset.name.to_string(),
        asset.created_at,
    );
    common.open = true;
    common.state = "known";
    common.fields = field_values(context, &asset.fields);
    common.passages.extend(asset.description.iter().map(|text| passage(TextPart::Body, text)));
    Document::Asset(AssetDocument {
        common,
        category: Some(asset.kind.to_string()),
        owner: asset.owner_id,
        suppliers: asset.supplier_id.into_iter().collect(),
    })
}
