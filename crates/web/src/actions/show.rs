//! An action: what is owed, every move of its date, and whether it worked.

use axum::extract::State;
use maud::{Markup, html};
use nevertwice_domain::reference::ActionRef;
use nevertwice_service::action::{ActionView, ShowAction};

use crate::app::App;
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::prose::{prose_of, reference};
use crate::text;
use crate::ui::{self, Facts};
use crate::viewer::Viewer;

/// Shows an action.
pub(crate) async fn show(
    path: paths::Action,
    State(app): State<App>,
    viewer: Viewer,
) -> Result<Markup, Problem> {
    let action = app.call(&viewer.identity, ShowAction { action: path.action }).await?;
    let title = format!("{} {}", action.reference, action.title);
    Ok(page::show(&viewer, &title, whole(&viewer, path.action, &action)))
}

fn whole(viewer: &Viewer, at: ActionRef, action: &ActionView) -> Markup {
    html! {
        (head(at, action))
        div .case {
            div .case-story {
                (ui::section("what", "What is done", None, html! {}, html! {
                    (prose_of(action.description.as_deref()))
                    @if action.description.is_none() { p .fine { "Nothing is written down beyond the title." } }
                    @if matches!(action.state.as_str(), "open" | "in_progress") { (ui::hints(&action.hints)) }
                }))
                @if action.completion.is_some() { (completion(action)) }
                @if !action.evidence.is_empty() { (evidence(viewer, action)) }
                (checks(viewer, at, action))
                @if !action.moves.is_empty() { (moves(viewer, action)) }
            }
            aside .case-beside aria-label="Facts" { (facts(viewer, action)) }
        }
    }
}

fn head(at: ActionRef, action: &ActionView) -> Markup {
    let crumb = ui::Crumb {
        href: crate::prose::path_of(&action.case).unwrap_or_default(),
        words: action.case.clone(),
    };
    let beside = html! {
        p .head-facts {
            span .ref { (action.reference) }
            (ui::state(&action.state))
            @if action.overdue { (ui::state("overdue")) }
            @if action.decide_again { (ui::state("decide_again")) }
            span .class { (text::title(&action.strength)) }
        }
    };
    ui::head(Some(crumb), &action.title, beside, doing(at, action))
}

fn doing(action: ActionRef, view: &ActionView) -> Markup {
    let (owes, edits, approves) = ("complete_action", "edit_case", "approve");
    let all: Vec<(&str, &str, String)> = match view.state.as_str() {
        "open" | "in_progress" => vec![
            (owes, "Complete", paths::Completion { action }.to_string()),
            (owes, "Start", paths::ActionStart { action }.to_string()),
            (edits, "Move the date", paths::DueDate { action }.to_string()),
            (edits, "Hand over", paths::Owner { action }.to_string()),
            (edits, "Strength", paths::Strength { action }.to_string()),
            (edits, "Cost", paths::ActionCost { action }.to_string()),
            (approves, "Not doing it", paths::NotDoing { action }.to_string()),
        ],
        "done" => vec![
            (approves, "Did it work?", paths::Judgement { action }.to_string()),
            (owes, "Not done after all", paths::CompletionUndoing { action }.to_string()),
            (edits, "Cost", paths::ActionCost { action }.to_string()),
        ],
        "not_doing" => vec![
            (edits, "Take it up after all", paths::TakingUp { action }.to_string()),
            (approves, "Still not doing it", paths::NotDoingRenewal { action }.to_string()),
        ],
        _ => vec![(edits, "Cost", paths::ActionCost { action }.to_string())],
    };
    let may = |verb: &str| view.may.iter().any(|one| one == verb);
    let is_due = |words: &str| words != "Start" || view.state == "open";
    let steps: Vec<(&str, String)> = all
        .into_iter()
        .filter(|(verb, words, _)| may(verb) && is_due(words))
        .map(|(_, words, href)| (words, href))
        .collect();
    let (first, rest) = match steps.split_first() {
        Some((first, rest)) => (Some(first), rest),
        None => (None, [].as_slice()),
    };
    html! {
        @if let Some((words, href)) = first { a .button .primary href=(href) { (words) } }
        @if !rest.is_empty() {
            details .more {
                summary .button { "More" }
                ul { @for (words, href) in rest { li { a href=(href) { (words) } } } }
            }
        }
    }
}

fn evidence(viewer: &Viewer, action: &ActionView) -> Markup {
    // Whoever owes an action need not be able to open what belongs to its case.
    let opens = viewer.is_any_of(&["responder", "manager", "auditor"]);
    let content = html! {
        ul .lines {
            @for one in &action.evidence {
                li {
                    @match (&one.link, action.case.parse()) {
                        (Some(link), _) => { a href=(link) rel="noreferrer" { (one.name) } }
                        (None, Ok(case)) if opens => { a href=(paths::EvidenceFile { case, id: one.id.clone() }) { (one.name) } }
                        _ => (one.name),
                    }
                    @if one.shows_completion { " " span .fine { "shows that it is done" } }
                }
            }
        }
    };
    ui::section("evidence", "Evidence", Some(action.evidence.len()), html! {}, content)
}

fn completion(action: &ActionView) -> Markup {
    let content = html! {
        (prose_of(action.completion.as_deref()))
        p .fine {
            @if let Some(by) = &action.completed_by { "By " (by) }
            @if let Some(on) = &action.completed_on { ", " (ui::day(on)) }
        }
    };
    ui::section("completion", "What shows that it is done", None, html! {}, content)
}

fn checks(viewer: &Viewer, at: ActionRef, action: &ActionView) -> Markup {
    let may_plan = action.may.iter().any(|verb| verb == "edit_case");
    let is_open = action.checks.iter().any(|check| check.outcome.is_none());
    let words = if is_open { "Change the check" } else { "Plan a check" };
    let add = html! { @if may_plan { a .button .small data-inline href=(paths::Checks { action: at }) { (words) } } };
    let content = html! {
        @if action.checks.is_empty() { p .fine { "No check is planned. Done is not yet effective." } }
        ol .timeline {
            @for check in &action.checks {
                li {
                    p .moment-head {
                        (ui::day(&check.planned_on)) " "
                        @match &check.outcome { Some(outcome) => (ui::state(outcome)), None => (ui::state("scheduled")) }
                        @if check.later_than_allowed { " " span .fine { "later than the procedure allows" } }
                    }
                    p { (check.measure) }
                    @if let Some(reason) = &check.late_reason { p .fine { "Then because: " (reason) } }
                    @if let Some(reason) = &check.early_reason { p .fine { "Judged before that day because: " (reason) } }
                    @if let Some(evidence) = &check.evidence { p { (evidence) } }
                    p .fine {
                        @match (&check.judged_by, &check.judged_at) {
                            (Some(by), Some(at)) => { "Judged by " (by) ", " (ui::instant(at, &viewer.me.time_zone)) }
                            _ => { @if let Some(judge) = &check.judge { "To be judged by " (judge) } }
                        }
                    }
                }
            }
        }
    };
    ui::section("checks", "Did it work?", Some(action.checks.len()), add, content)
}

fn moves(viewer: &Viewer, action: &ActionView) -> Markup {
    let content = html! {
        ol .timeline {
            @for step in &action.moves {
                li {
                    p .moment-head { (ui::day(&step.from_on)) " → " (ui::day(&step.to_on)) }
                    p { (step.reason) }
                    p .fine { "Moved by " (step.moved_by) ", " (ui::instant(&step.moved_at, &viewer.me.time_zone)) }
                }
            }
        }
    };
    ui::section("moves", "Moves of the date", Some(action.moves.len()), html! {}, content)
}

/// What the procedure asked for when the action was planned.
fn by_the_procedure(mut facts: Facts, action: &ActionView) -> Facts {
    let version = |procedure: &str| match procedure {
        "shipped" => html! { "version shipped with the program" },
        procedure => html! { "version " (reference(procedure)) },
    };
    if let (Some(procedure), Some(latest)) = (&action.procedure, &action.latest_due_on) {
        facts = facts.with(
            "By the procedure",
            html! {
                "until " (ui::day(latest)) ", " (version(procedure))
                @if action.later_than_allowed { br; strong { "later than the procedure allows" } }
            },
        );
    }
    facts = facts.with_text("Due then because", action.due_reason.as_deref());
    match &action.latest_check_on {
        Some(latest) => facts.with("Effect to be judged by", ui::day(latest)),
        None => facts,
    }
}

fn facts(viewer: &Viewer, action: &ActionView) -> Markup {
    let mut facts =
        Facts::default().with("Owner", html! { (action.owner) }).with("Due", ui::day(&action.due_on));
    if action.original_due_on != action.due_on {
        facts = facts.with("Due at first", ui::day(&action.original_due_on));
    }
    facts = by_the_procedure(facts, action).with("Case", reference(&action.case));
    if let Some(lesson) = action.lesson.as_ref().filter(|_| viewer.reads_lessons()) {
        facts = facts.with("Lesson", reference(lesson));
    }
    facts = facts
        .with("Purpose", html! { (text::title(&action.purpose)) })
        .with("Kind", html! { (text::title(&action.kind)) })
        .with("Strength", html! { (text::title(&action.strength)) })
        .with_text("Rated so because", action.strength_reason.as_deref())
        .with_text("Thought to cost", action.planned_cost.as_deref())
        .with_text("Did cost", action.actual_cost.as_deref())
        .with_text("Not done because", action.not_doing_reason.as_deref())
        .with_text("Decided by", action.not_doing_by.as_deref());
    if let Some(until) = &action.not_doing_until {
        facts = facts.with("Looked at again", ui::day(until));
    }
    if let Some(failed) = &action.successor_of {
        facts = facts.with("Follows", reference(failed));
    }
    if !action.successors.is_empty() {
        facts =
            facts.with("Followed by", html! { @for next in &action.successors { (reference(next)) " " } });
    }
    let own = ui::own_fields(&action.fields);
    ui::section("facts", "Facts", None, html! {}, html! { (ui::facts(facts)) (own) })
}
