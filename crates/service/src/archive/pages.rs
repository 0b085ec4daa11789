//! A case as a page and as rows of sheets: what `case show` tells, for a reader without the program.

use nevertwice_exchange::archive::{Manifest, Page, Section};

use crate::case::{CaseView, CostView, ImpactView};

/// Columns of the sheet of cases.
pub(super) const CASE_COLUMNS: &[&str] = &[
    "reference",
    "origin_reference",
    "title",
    "class",
    "state",
    "decision",
    "severity",
    "category",
    "tags",
    "occurred",
    "detected",
    "reported",
    "acknowledged",
    "contained",
    "resolved",
    "closed",
    "reporter",
    "responders",
    "suppliers",
    "assets",
    "part_of",
    "restricted",
    "registered_at",
    "registered_by",
];

/// Columns of the sheet of actions.
pub(super) const ACTION_COLUMNS: &[&str] = &[
    "reference",
    "case",
    "title",
    "state",
    "owner",
    "due_on",
    "strength",
    "completed_on",
    "completion",
    "judged",
    "judged_by",
    "not_doing_reason",
    "not_doing_by",
    "not_doing_until",
];

/// Columns of the sheet of lessons: a row for each case that a lesson was learned from.
pub(super) const LESSON_COLUMNS: &[&str] = &["reference", "case", "state", "statement"];

/// What the folder of views is.
pub(super) fn about(manifest: &Manifest) -> String {
    let count = |kind: &str| {
        manifest.kinds.iter().find(|known| known.kind == kind).map_or(0, |known| known.rows).to_string()
    };
    let mut facts = vec![
        ("Register".to_owned(), manifest.store.id.to_string()),
        ("Cases".to_owned(), count("cases")),
        ("Actions".to_owned(), count("actions")),
        ("Lessons".to_owned(), count("lessons")),
        ("Entries of the trail".to_owned(), manifest.trail.entries.to_string()),
        ("Root of the trail".to_owned(), manifest.trail.root.clone()),
    ];
    if manifest.store.is_sample {
        facts.push(("SAMPLE".to_owned(), "this register holds invented data only".to_owned()));
    }
    let text = "What is in this folder is for people to read; an import of the archive ignores it.\n\
        cases/YEAR has a page for each case. cases.csv, actions.csv and lessons.csv open in any spreadsheet program; a \
        text that such a program would take for a formula begins with an apostrophe.\n\
        The register itself is in the files beside this folder: one JSON object a line. manifest.json names them, \
        SHA256SUMS has their sums.";
    let sections = vec![Section::Prose { heading: "About this folder".to_owned(), text: text.to_owned() }];
    Page { title: "Register of incidents".to_owned(), facts, sections }.markdown()
}

/// A case's row among the cases.
pub(super) fn case_row(case: &CaseView) -> Vec<String> {
    let some = |value: &Option<String>| value.clone().unwrap_or_default();
    vec![
        case.reference.clone(),
        some(&case.origin_reference),
        case.title.clone(),
        case.class.clone(),
        case.state.clone(),
        case.decision.clone(),
        case.severity.map(|level| level.to_string()).unwrap_or_default(),
        some(&case.category),
        case.tags.join(", "),
        some(&case.occurred),
        some(&case.detected),
        some(&case.reported),
        some(&case.acknowledged),
        some(&case.contained),
        some(&case.resolved),
        some(&case.closed),
        some(&case.reporter),
        case.responders.join(", "),
        case.suppliers.join(", "),
        case.assets.join(", "),
        some(&case.part_of),
        case.restricted.to_string(),
        case.registered_at.clone(),
        case.registered_by.clone(),
    ]
}

/// The rows of a case's actions.
pub(super) fn action_rows(case: &CaseView) -> Vec<Vec<String>> {
    let some = |value: &Option<String>| value.clone().unwrap_or_default();
    let row = |action: &crate::case::ActionOutline| {
        vec![
            action.reference.clone(),
            case.reference.clone(),
            action.title.clone(),
            action.state.clone(),
            action.owner.clone(),
            action.due_on.clone(),
            action.strength.clone(),
            some(&action.completed_on),
            some(&action.completion),
            some(&action.judged),
            some(&action.judged_by),
            some(&action.not_doing_reason),
            some(&action.not_doing_by),
            some(&action.not_doing_until),
        ]
    };
    case.actions.iter().map(row).collect()
}

/// The rows of the lessons from a case.
pub(super) fn lesson_rows(case: &CaseView) -> Vec<Vec<String>> {
    let lessons = case.lessons.iter();
    lessons
        .map(|lesson| {
            vec![
                lesson.reference.clone(),
                case.reference.clone(),
                lesson.state.clone(),
                lesson.statement.clone(),
            ]
        })
        .collect()
}

/// A case's page.
pub(super) fn page(case: &CaseView) -> Page {
    let prose = |heading: &str, text: &Option<String>| Section::Prose {
        heading: heading.to_owned(),
        text: text.clone().unwrap_or_default(),
    };
    let mut sections = vec![
        prose("Summary", &case.summary),
        prose("Criteria of the decision", &case.decision_criteria),
        prose("Why it is void", &case.void_reason),
        timeline(case),
    ];
    sections.extend(reviews(case));
    sections.extend([lessons(case), actions(case), costs(case), evidence(case), comments(case), gaps(case)]);
    Page { title: format!("{} {}", case.reference, case.title), facts: facts(case), sections }
}

fn facts(case: &CaseView) -> Vec<(String, String)> {
    let impact = |impact: &ImpactView| {
        let parts = [
            ("confidentiality", &impact.confidentiality),
            ("integrity", &impact.integrity),
            ("availability", &impact.availability),
        ];
        let known = parts.into_iter().filter_map(|(name, level)| Some(format!("{name} {}", level.as_ref()?)));
        Some(known.collect::<Vec<_>>().join(", "))
    };
    let list = |values: &[String]| Some(values.join(", "));
    let ai_impact = case.ai_impact.as_ref().and_then(|block| serde_json::to_string(block).ok());
    let named = [
        ("Class", Some(case.class.clone())),
        ("State", Some(case.state.clone())),
        ("Decision", Some(case.decision.clone())),
        ("Decided by", case.decided_by.clone()),
        ("Decided at", case.decided_at.clone()),
        ("Severity", case.severity.map(|level| format!("{level} of 5"))),
        ("Category", case.category.clone()),
        ("Tags", list(&case.tags)),
        ("Restricted to", case.restricted.then(|| case.readers.join(", "))),
        ("Reference before", case.origin_reference.clone()),
        ("Part of", case.part_of.clone()),
        ("Occurred", case.occurred.clone()),
        ("Detected", case.detected.clone()),
        ("Reported", case.reported.clone()),
        ("Acknowledged", case.acknowledged.clone()),
        ("Contained", case.contained.clone()),
        ("Resolved", case.resolved.clone()),
        ("Closed", case.closed.clone()),
        ("Noticed by", case.detection.clone()),
        ("How it was noticed", case.detection_method.clone()),
        ("Impact as feared", impact(&case.impact_initial)),
        ("Impact as it turned out", impact(&case.impact_final)),
        ("AI impact", ai_impact),
        ("Reporter", case.reporter.clone()),
        ("Responders", list(&case.responders)),
        ("Suppliers", list(&case.suppliers)),
        ("AI assets", list(&case.assets)),
        ("Registered", Some(format!("{} by {}", case.registered_at, case.registered_by))),
    ];
    let named = named.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let own = case.fields.iter().map(|(name, value)| (name.clone(), value.clone()));
    named.chain(own).filter(|(_, value)| !value.is_empty()).collect()
}

fn table(heading: &str, columns: &'static [&'static str], rows: Vec<Vec<String>>) -> Section {
    Section::Table { heading: heading.to_owned(), columns, rows }
}

fn timeline(case: &CaseView) -> Section {
    let row = |entry: &crate::case::TimelineView| {
        let source = entry.source.clone().unwrap_or_default();
        vec![entry.occurred.clone(), entry.kind.clone(), entry.text.clone(), source]
    };
    table("Timeline", &["When", "Kind", "What", "Source"], case.timeline.iter().map(row).collect())
}

fn reviews(case: &CaseView) -> Vec<Section> {
    let section = |review: &crate::case::ReviewOutline| {
        let row = |cause: &crate::case::CauseLineView| {
            let support = cause.evidence.clone().unwrap_or_default();
            vec![
                cause.number.clone(),
                cause.statement.clone(),
                cause.kind.clone(),
                cause.confidence.clone(),
                support,
            ]
        };
        let heading = format!("Review {} ({}): {}", review.reference, review.state, review.problem);
        table(
            &heading,
            &["Why", "Statement", "Kind", "Confidence", "Support"],
            review.causes.iter().map(row).collect(),
        )
    };
    case.reviews.iter().map(section).collect()
}

fn lessons(case: &CaseView) -> Section {
    let row = |lesson: &crate::case::LessonOutline| {
        vec![lesson.reference.clone(), lesson.state.clone(), lesson.statement.clone()]
    };
    table("Lessons", &["Reference", "State", "Statement"], case.lessons.iter().map(row).collect())
}

fn actions(case: &CaseView) -> Section {
    let row = |action: &crate::case::ActionOutline| {
        vec![
            action.reference.clone(),
            action.state.clone(),
            action.title.clone(),
            action.owner.clone(),
            action.due_on.clone(),
            action.completion.clone().or_else(|| action.not_doing_reason.clone()).unwrap_or_default(),
        ]
    };
    let rows = case.actions.iter().map(row).collect();
    table("Actions", &["Reference", "State", "What", "Owner", "Due", "Completion, or why not"], rows)
}

fn costs(case: &CaseView) -> Section {
    let row = |line: &CostView| {
        let amount = format!("{} {} (minor units)", line.amount_minor, line.currency);
        vec![line.kind.clone(), line.basis.clone(), amount, line.note.clone().unwrap_or_default()]
    };
    table("Costs", &["Kind", "Basis", "Amount", "Note"], case.costs.iter().map(row).collect())
}

fn evidence(case: &CaseView) -> Section {
    let row = |item: &crate::case::EvidenceView| {
        let place =
            item.sha256.as_ref().map(|sha256| format!("evidence/{sha256}")).or_else(|| item.link.clone());
        vec![item.name.clone(), place.unwrap_or_default(), item.collected.clone(), item.collected_by.clone()]
    };
    table("Evidence", &["Name", "Where", "Collected", "By"], case.evidence.iter().map(row).collect())
}

fn comments(case: &CaseView) -> Section {
    let row = |comment: &crate::case::CommentView| {
        vec![comment.written_at.clone(), comment.author.clone(), comment.text.clone()]
    };
    table("Comments", &["When", "Who", "What"], case.comments.iter().map(row).collect())
}

fn gaps(case: &CaseView) -> Section {
    let row = |gap: &crate::case::GapView| {
        let some = |value: &Option<String>| value.clone().unwrap_or_default();
        vec![gap.kind.clone(), gap.state.clone(), some(&gap.place), some(&gap.detail), some(&gap.settlement)]
    };
    table("Gaps", &["Kind", "State", "Place", "Detail", "Settlement"], case.gaps.iter().map(row).collect())
}
