//! A review with its ladder, and what to think about next.

use std::io::{self, Write};

use nevertwice_service::review::ReviewView;
use nevertwice_service::search::ReviewList;

use super::case::ladder;
use super::table::{fact, heading, indented, list_end, table};

/// A review.
pub(crate) fn review(review: &ReviewView, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "{}  {} · {} · of {}",
        review.reference,
        review.kind.replace('_', " "),
        review.state,
        review.case
    )?;
    fact("led by", Some(&review.facilitator), out)?;
    fact("participants", Some(&review.participants.join(", ")), out)?;
    fact("trigger", Some(&review.trigger), out)?;
    fact(
        if review.scope == "trend" { "trend with" } else { "together with" },
        Some(&review.also.join(", ")),
        out,
    )?;
    fact("due", Some(&review.due_on), out)?;
    fact("set for", review.scheduled_on.as_deref(), out)?;
    fact("held", review.held_on.as_deref(), out)?;
    fact("submitted by", review.drafted_by.as_deref(), out)?;
    fact("first approved by", review.first_approved_by.as_deref(), out)?;
    fact("approved by", review.approved_by.as_deref(), out)?;
    fact("waived because", review.waived_reason.as_deref(), out)?;
    if !review.asked.is_empty() {
        heading("Asked beforehand", out)?;
    }
    for question in &review.asked {
        writeln!(out, "  · {question}")?;
    }
    if let Some(said) = &review.evaluation {
        heading("How the response went", out)?;
        let texts = [
            ("went well", Some(&said.went_well)),
            ("lucky", said.was_lucky.as_ref()),
            ("surprised", said.surprised.as_ref()),
            ("procedure followed", Some(&said.followed)),
            ("where not", said.deviations.as_ref()),
        ];
        for (name, text) in texts {
            fact(name, text.map(String::as_str), out)?;
        }
    }
    if let Some(minutes) = &review.minutes {
        heading("Minutes", out)?;
        indented(minutes, 2, out)?;
    }
    heading("Causes", out)?;
    writeln!(out, "  {}", review.problem)?;
    ladder(&review.causes, out)?;
    if !review.objections.is_empty() {
        heading("Before you submit", out)?;
    }
    for objection in &review.objections {
        let mark = if objection.blocks { "!" } else { "?" };
        let place = objection.number.as_deref().map(|number| format!("why {number}: ")).unwrap_or_default();
        writeln!(out, "  {mark} {place}{} {}", objection.message, objection.question)?;
    }
    if !review.questions.is_empty() {
        heading("What to ask next", out)?;
    }
    for question in &review.questions {
        writeln!(out, "  · {}", question.text)?;
    }
    Ok(())
}

/// A page of reviews.
pub(crate) fn review_list(list: &ReviewList, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<Vec<String>> = list
        .items
        .iter()
        .map(|row| {
            vec![
                row.reference.clone(),
                row.state.clone(),
                row.due_on.clone(),
                row.facilitator.clone(),
                row.case.clone(),
                row.problem.clone(),
            ]
        })
        .collect();
    table(&["reference", "state", "due", "led by", "case", "problem"], &rows, out)?;
    list_end(&list.notes, (rows.len(), list.total), list.next.as_deref(), out)
}
