//! A review with its ladder, and what to think about next.

use std::io::{self, Write};

use nevertwice_service::case::CauseLineView;
use nevertwice_service::review::ReviewView;
use nevertwice_service::search::ReviewList;

use super::case::ladder;
use super::table::{fact, heading, indented, list_end, table};
use crate::args::CauseView;

/// A review.
pub(crate) fn review(review: &ReviewView, view: CauseView, out: &mut dyn Write) -> io::Result<()> {
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
    causes(review, view, out)?;
    similar(review, out)?;
    if !review.objections.is_empty() {
        heading("Before you submit", out)?;
    }
    for objection in &review.objections {
        let mark = if objection.blocks { "!" } else { "?" };
        let place = objection.number.as_deref().map(|number| format!("why {number}: ")).unwrap_or_default();
        writeln!(out, "  {mark} {place}{} {} [{}]", objection.message, objection.question, objection.rule)?;
    }
    if !review.dismissed.is_empty() {
        heading("Set aside", out)?;
    }
    for one in &review.dismissed {
        let place = one.number.as_deref().map(|number| format!("why {number}: ")).unwrap_or_default();
        writeln!(out, "  · {place}{} {}: {} [{}]", one.message, one.by, one.reason, one.rule)?;
    }
    if !review.questions.is_empty() {
        heading("What to ask next", out)?;
    }
    for question in &review.questions {
        writeln!(out, "  · {}", question.text)?;
    }
    Ok(())
}

fn causes(review: &ReviewView, view: CauseView, out: &mut dyn Write) -> io::Result<()> {
    match view {
        CauseView::Ladder => {
            heading("Causes", out)?;
            writeln!(out, "  {}", review.problem)?;
            ladder(&review.causes, out)
        }
        CauseView::Tree => {
            heading("Causes", out)?;
            writeln!(out, "  {}", review.problem)?;
            tree(&review.causes, out)
        }
        CauseView::Prose => {
            heading("Root causes and contributing factors (10.2 b)", out)?;
            for told in &review.told {
                let mark = if told.primary { "Primary cause. " } else { "" };
                writeln!(out, "  {:>4}  {mark}{}", told.number, told.text)?;
            }
            Ok(())
        }
    }
}

/// Each cause below what it explains, with a line that leads to it.
fn tree(causes: &[CauseLineView], out: &mut dyn Write) -> io::Result<()> {
    // Whether the answers to the same why go on below, by depth.
    let goes_on = |at: usize, depth: usize| {
        let below = causes.iter().skip(at + 1).take_while(|next| next.depth >= depth);
        below.into_iter().any(|next| next.depth == depth)
    };
    for (at, cause) in causes.iter().enumerate() {
        let stems: String =
            (1..cause.depth).map(|depth| if goes_on(at, depth) { "│  " } else { "   " }).collect();
        let joint = if goes_on(at, cause.depth) { "├─ " } else { "└─ " };
        let mark = if cause.primary { " ◆ primary cause" } else { "" };
        let on_ladder = cause.links.iter().find(|link| link.on_ladder);
        let did = on_ladder.map(|link| link.kind.replace('_', " ")).unwrap_or_default();
        writeln!(
            out,
            "  {stems}{joint}{} {} ({did}; {}){mark}",
            cause.number, cause.statement, cause.confidence
        )?;
        for link in cause.links.iter().filter(|link| !link.on_ladder) {
            let below = if goes_on(at, cause.depth) { "│  " } else { "   " };
            let effect = if link.effect == "0" { "what happened" } else { &format!("why {}", link.effect) };
            writeln!(out, "  {stems}{below}also {}: {effect}", link.kind.replace('_', " "))?;
        }
    }
    Ok(())
}

fn similar(review: &ReviewView, out: &mut dyn Write) -> io::Result<()> {
    let Some(look) = &review.similar else { return Ok(()) };
    heading("Similar cases", out)?;
    for hit in &look.hits {
        writeln!(out, "  {}  {}  {}", hit.case, hit.verdict.replace('_', " "), hit.title)?;
    }
    indented(&look.finding, 2, out)?;
    writeln!(out, "  {} {}", look.looked_by, look.looked_at)
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
