//! A case as one story: what happened, when, why, what was learned, what is done about it.

use std::io::{self, Write};

use nevertwice_service::case::{
    CaseView, CauseLineView, ChecklistLineView, ChecklistView, CostView, DurationView, ReviewOutline,
};
use nevertwice_service::search::{CaseList, SimilarView};

use super::action::actions;
use super::control::{control_change, declarations, performances};
use super::risk::look;
use super::table::{fact, heading, indented, list_end, table, values};

/// The story of a case.
pub(crate) fn case_story(case: &CaseView, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}  {}", case.reference, case.title)?;
    writeln!(out, "{}", head_line(case))?;
    if let Some(summary) = &case.summary {
        writeln!(out)?;
        indented(summary, 2, out)?;
    }
    facts(case, out)?;
    timeline(case, out)?;
    for review in &case.reviews {
        causes(review, out)?;
    }
    learned(case, out)?;
    consequences(case, out)?;
    attachments(case, out)?;
    checklist(&case.checklist, out)?;
    still_missing(case, out)
}

/// The loop, link by link.
fn checklist(list: &ChecklistView, out: &mut dyn Write) -> io::Result<()> {
    if list.lines.is_empty() {
        return Ok(());
    }
    let title = if list.learned { "Learned" } else { "Loop" };
    heading(&format!("{title}: {} of {} in place", list.in_place, list.lines.len()), out)?;
    let row = |line: &ChecklistLineView| {
        let owed = if line.owed_by.is_empty() { "–".to_owned() } else { line.owed_by.join(", ") };
        let due = line.due_on.clone().unwrap_or_else(|| "–".to_owned());
        vec![line.link.clone(), line.state.replace('_', " "), owed, due]
    };
    let rows: Vec<Vec<String>> = list.lines.iter().map(row).collect();
    table(&["link", "state", "owed by", "due"], &rows, out)
}

/// How controls did, what changed in controls and risks, which links of the loop are not needed.
fn consequences(case: &CaseView, out: &mut dyn Write) -> io::Result<()> {
    if !case.controls.is_empty() {
        heading("Controls", out)?;
        performances(&case.controls, out)?;
    }
    case.control_changes.iter().try_for_each(|change| control_change(change, out))?;
    if !case.risk_assessments.is_empty() {
        heading("Risks looked at again", out)?;
    }
    for one in &case.risk_assessments {
        writeln!(out, "  {}  {}", one.risk, one.title)?;
        look(one, out)?;
    }
    if !case.declarations.is_empty() {
        heading("Not needed", out)?;
        declarations(&case.declarations, out)?;
    }
    Ok(())
}

/// Where a case stands after a step.
pub(crate) fn case_step(case: &CaseView, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}  {}", case.reference, head_line(case))?;
    still_missing(case, out)
}

/// A list of cases.
pub(crate) fn case_list(list: &CaseList, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Vec<String>> = list
        .items
        .iter()
        .map(|row| {
            vec![
                row.reference.clone(),
                row.class.clone(),
                row.state.clone(),
                row.severity.map_or_else(|| "–".to_owned(), |level| level.to_string()),
                row.reported.as_deref().map_or("–", |text| text.get(..10).unwrap_or(text)).to_owned(),
                format!("{}{}", if row.restricted { "(restricted) " } else { "" }, row.title),
            ]
        })
        .collect();
    table(&["reference", "class", "state", "sev", "reported", "title"], &rows, out)?;
    list_end(&list.notes, (rows.len(), list.total), list.next.as_deref(), out)
}

/// Similar cases with the reasons why.
pub(crate) fn similar(found: &[SimilarView], out: &mut dyn Write) -> io::Result<()> {
    for case in found {
        writeln!(out, "{}  {}", case.reference, case.title)?;
        for reason in &case.reasons {
            writeln!(out, "    {reason}")?;
        }
    }
    if found.is_empty() {
        writeln!(out, "No similar case in your view.")?;
    }
    Ok(())
}

/// An amount of minor units as a decimal with its currency.
pub(crate) fn money(line: &CostView) -> String {
    match nevertwice_domain::money::Currency::parse(&line.currency) {
        Ok(currency) => nevertwice_domain::money::Money::new(line.amount_minor, currency).to_string(),
        Err(_) => format!("{} {}", line.amount_minor, line.currency),
    }
}

fn head_line(case: &CaseView) -> String {
    let mut parts = vec![case.class.replace('_', " "), case.state.replace('_', " ")];
    parts.extend(case.severity.map(|level| format!("severity {level}")));
    parts.extend(case.category.clone());
    if case.restricted {
        parts.push("restricted".to_owned());
    }
    if case.origin == "import" {
        parts.push("imported".to_owned());
    }
    parts.join(" · ")
}

fn facts(case: &CaseView, out: &mut dyn Write) -> io::Result<()> {
    heading("Facts", out)?;
    for (label, value) in [
        ("occurred", &case.occurred),
        ("detected", &case.detected),
        ("reported", &case.reported),
        ("acknowledged", &case.acknowledged),
        ("contained", &case.contained),
        ("resolved", &case.resolved),
        ("closed", &case.closed),
        ("reporter", &case.reporter),
        ("was", &case.origin_reference),
        ("part of", &case.part_of),
        ("detected by", &case.detection),
        ("detected through", &case.detection_method),
        ("decision", &decision(case)),
        ("criteria", &case.decision_criteria),
        ("void because", &case.void_reason),
        ("re-opened", &reopened(case)),
        ("because", &case.reopen_reason),
    ] {
        fact(label, value.as_deref(), out)?;
    }
    for (label, values) in [
        ("responders", &case.responders),
        ("need to know", &case.readers),
        ("parts", &case.parts),
        ("suppliers", &case.suppliers),
        ("AI assets", &case.assets),
        ("tags", &case.tags),
    ] {
        fact(label, Some(&values.join(", ")), out)?;
    }
    values(&case.fields, out)?;
    for duration in &case.durations {
        fact(&duration.kind.replace('_', " "), Some(&span(duration)), out)?;
    }
    let impact = &case.impact_final;
    for (label, level) in [
        ("confidentiality", &impact.confidentiality),
        ("integrity", &impact.integrity),
        ("availability", &impact.availability),
    ] {
        fact(label, level.as_deref(), out)?;
    }
    if let Some(ai) = &case.ai_impact {
        fact("AI impact", Some(&serde_json::to_string(ai).unwrap_or_default()), out)?;
    }
    Ok(())
}

/// The event decision (A.5.25): what, who, when.
fn decision(case: &CaseView) -> Option<String> {
    let (by, at) = (case.decided_by.as_ref()?, case.decided_at.as_deref()?);
    Some(format!("{} ({by}, {})", case.decision.replace('_', " "), minute(at)))
}

fn reopened(case: &CaseView) -> Option<String> {
    let at = case.reopened_at.as_deref()?;
    let times =
        if case.reopened_count > 1 { format!(", {} times", case.reopened_count) } else { String::new() };
    Some(format!("{}{times}", minute(at)))
}

/// An instant to the minute.
fn minute(instant: &str) -> String {
    instant.get(..16).unwrap_or(instant).replace('T', " ")
}

fn span(duration: &DurationView) -> String {
    if duration.seconds < 0 {
        return "the dates are out of order: mend them with case edit".to_owned();
    }
    let (days, rest) = (duration.seconds / 86_400, duration.seconds % 86_400);
    if !duration.to_the_minute {
        return format!("{days} d");
    }
    match days {
        0 => format!("{} h {} min", rest / 3_600, rest % 3_600 / 60),
        _ => format!("{days} d {} h", rest / 3_600),
    }
}

fn timeline(case: &CaseView, out: &mut dyn Write) -> io::Result<()> {
    if case.timeline.is_empty() {
        return Ok(());
    }
    heading("Timeline", out)?;
    for entry in &case.timeline {
        writeln!(out, "  {:<25} {:<11} {}", entry.occurred, entry.kind.replace('_', " "), entry.text)?;
    }
    Ok(())
}

fn causes(review: &ReviewOutline, out: &mut dyn Write) -> io::Result<()> {
    heading(&format!("Causes ({}, {}, led by {})", review.reference, review.state, review.facilitator), out)?;
    writeln!(out, "  {}", review.problem)?;
    ladder(&review.causes, out)
}

/// The ladder, each answer indented by its depth.
pub(super) fn ladder(causes: &[CauseLineView], out: &mut dyn Write) -> io::Result<()> {
    for cause in causes {
        let primary = if cause.primary { "  ← primary" } else { "" };
        let indent = 2 * cause.depth;
        let CauseLineView { number, statement, confidence, .. } = cause;
        writeln!(out, "  {:indent$}why {number}: {statement}  [{confidence}]{primary}", "")?;
        if let Some(evidence) = &cause.evidence {
            writeln!(out, "  {:indent$}       {evidence}", "")?;
        }
        if let Some((changeable, note)) = cause.changeable.zip(cause.changeable_note.as_ref()) {
            let word = if changeable { "can be changed" } else { "accepted" };
            writeln!(out, "  {:indent$}       {word}: {note}", "")?;
        }
    }
    Ok(())
}

fn learned(case: &CaseView, out: &mut dyn Write) -> io::Result<()> {
    if !case.lessons.is_empty() {
        heading("Lessons", out)?;
    }
    for lesson in &case.lessons {
        let exception = if lesson.is_exception { " (exception)" } else { "" };
        let state = lesson.state.replace('_', " ");
        writeln!(out, "  {}  {state:<12} {}{exception}", lesson.reference, lesson.statement)?;
    }
    actions(&case.actions, out)
}

fn attachments(case: &CaseView, out: &mut dyn Write) -> io::Result<()> {
    if !case.costs.is_empty() {
        heading("Costs", out)?;
    }
    for line in &case.costs {
        writeln!(out, "  {:<18} {}  {}", line.kind.replace('_', " "), money(line), line.basis)?;
    }
    if !case.evidence.is_empty() {
        heading("Evidence", out)?;
    }
    for item in &case.evidence {
        let place = item.sha256.as_deref().or(item.link.as_deref()).unwrap_or_default();
        writeln!(out, "  {}  {place}", item.name)?;
    }
    if !case.comments.is_empty() {
        heading("Comments", out)?;
    }
    for comment in &case.comments {
        writeln!(out, "  {} {}:", comment.written_at.get(..16).unwrap_or_default(), comment.author)?;
        indented(&comment.text, 4, out)?;
    }
    let open: Vec<_> = case.gaps.iter().filter(|gap| gap.state == "open").collect();
    if !open.is_empty() {
        heading("Gaps to work off", out)?;
    }
    for gap in open {
        let tail = gap.id.get(gap.id.len().saturating_sub(6)..).unwrap_or(&gap.id);
        let place = gap.place.as_ref().map(|place| format!(" ({place})")).unwrap_or_default();
        let detail = gap.detail.as_deref().unwrap_or_default();
        writeln!(out, "  …{tail}  {}{place}  {detail}", gap.kind.replace('_', " "))?;
    }
    Ok(())
}

fn still_missing(case: &CaseView, out: &mut dyn Write) -> io::Result<()> {
    if case.missing.is_empty() || matches!(case.state.as_str(), "closed" | "void") {
        return Ok(());
    }
    heading("Missing before it can be closed", out)?;
    for missing in &case.missing {
        writeln!(out, "  – {}", missing.text)?;
    }
    Ok(())
}
