//! Whether the company learns: the loop score, how far the cases have come, and where they stop.

use axum::extract::State;
use axum_extra::extract::Query;
use maud::{Markup, html};
use nevertwice_domain::word::Word as _;
use nevertwice_render::chart::{Chart, Series, Shape};
use nevertwice_service::search::{LoopGroup, LoopGroupView, LoopScore, LoopView, ShowLoop};

use crate::app::App;
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::text;
use crate::ui;
use crate::viewer::Viewer;

/// What is asked of the page.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// Which cases; all if empty.
    q: String,
    /// What the score is told apart by.
    by: Option<LoopGroup>,
}

/// Shows it.
pub(crate) async fn show(
    _: paths::Loop,
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Markup, Problem> {
    let found = app.call(&viewer.identity, ShowLoop { query: asked.q.clone(), by: asked.by }).await?;
    let whose = if found.scope == "viewer" { "in your view" } else { "every case that is not restricted" };
    let beside = html! { p .head-facts { span { "as of " (ui::day(&found.as_of)) } span { (whose) } } };
    let content = html! {
        (ui::head(None, "Are we learning?", beside, html! {}))
        (score(&found.score))
        p .fine {
            "A case is learned when it is closed, its actions were judged to work, and controls and risks say what it changed. "
            "It counts from the day after its last link was due under its procedure."
        }
        (ui::section("funnel", "How far the cases have come", Some(size(found.cases)), html! {}, html! {
            (ui::chart(&funnel(&found), "funnel-chart"))
            p .fine { "Where they stop: "
                @for (at, step) in found.funnel.iter().enumerate() {
                    @if at > 0 { " · " }
                    (leads(&step.lacking_query, &format!("{} {}", lacking(&step.link), found.cases.saturating_sub(step.count))))
                }
            }
            @if found.exceptions > 0 {
                p .fine { (leads(&found.exceptions_query, &text::count(found.exceptions, "case", "cases")))
                    " with an exception: a link that two people agreed is not needed, or a lesson that something covers already." }
            }
            @if found.before_the_loop > 0 {
                p .fine { (leads(&found.before_the_loop_query, &text::count(found.before_the_loop, "case", "cases")))
                    " closed before the loop: brought in from elsewhere, in no figure until somebody opens them again." }
            }
        }))
        (ui::section("groups", "The score by", None, tabs(&asked, &found.by), groups(&found)))
    };
    Ok(page::show(&viewer, "Are we learning?", content))
}

fn score(score: &LoopScore) -> Markup {
    let LoopScore { due, learned, percent, due_query, open_query } = score;
    let learned_query =
        if due_query.is_empty() { String::new() } else { format!("{due_query} loop:learned") };
    html! {
        p .score {
            @match percent {
                Some(percent) => { strong { (percent) " %" } " learned: "
                    (leads(&learned_query, &learned.to_string())) " of "
                    (leads(due_query, &text::count(*due, "case", "cases"))) " whose every link is due" }
                None => { strong { "–" } " no case yet whose every link is due" }
            }
            @if due > learned { " · " (leads(open_query, &format!("{} owe something", due - learned))) }
        }
    }
}

/// A figure that leads to its cases, for whoever may list them.
fn leads(query: &str, words: &str) -> Markup {
    if query.is_empty() {
        html! { (words) }
    } else {
        html! { a href=(cases(query)) { (words) } }
    }
}

/// The list of the cases of a query.
fn cases(query: &str) -> String {
    format!("{}?q={}", paths::Cases, text::in_query(query))
}

fn size(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// A link of the loop as it is called on pages.
pub(crate) fn link_words(word: &str) -> String {
    match word {
        "similar" => "similar cases".to_owned(),
        other => text::plain(other),
    }
}

/// What the cases lack that stop before a link.
fn lacking(word: &str) -> String {
    match word {
        "learned" => "not learned".to_owned(),
        other => format!("without {}", link_words(other)),
    }
}

fn funnel(found: &LoopView) -> Chart {
    let value = |count: u64| Some(f64::from(u32::try_from(count).unwrap_or(u32::MAX)));
    Chart {
        shape: Shape::Bars,
        title: "The loop, link by link".to_owned(),
        description:
            "A bar for each link of the loop: of how many cases it is in place; the same as a table is below."
                .to_owned(),
        label_title: "Link".to_owned(),
        value_title: "Cases".to_owned(),
        series: vec![Series {
            name: "In place, or not needed".to_owned(),
            values: found.funnel.iter().map(|step| value(step.count)).collect(),
        }],
        labels: found.funnel.iter().map(|step| text::title(&link_words(&step.link))).collect(),
    }
}

/// What the score can be told apart by.
fn tabs(asked: &Asked, by: &str) -> Markup {
    let href = |group: &LoopGroup| {
        let query =
            if asked.q.is_empty() { String::new() } else { format!("&q={}", text::in_query(&asked.q)) };
        format!("{}?by={group}{query}", paths::Loop)
    };
    html! { nav .views aria-label="Told apart by" {
        @for group in LoopGroup::ALL {
            a href=(href(group)) aria-current=[(group.as_str() == by).then_some("true")] { (text::title(group.as_str())) }
        }
    } }
}

fn groups(found: &LoopView) -> Markup {
    if found.groups.is_empty() {
        let none = match found.scope.as_str() {
            "viewer" => "No case yet whose every link is due.",
            _ => "No group yet with three cases whose every link is due.",
        };
        return html! { p .fine { (none) } };
    }
    html! { section .scroll tabindex="0" aria-label="Loop score of each group" { table .rows data-rows {
        thead { tr {
            th scope="col" { (text::title(&found.by)) } th scope="col" .num { "Learned" } th scope="col" .num { "Due" }
            th scope="col" .num { "Score" } th scope="col" .num { "Owe something" }
        } }
        tbody { @for group in &found.groups { (row(group)) } }
    } } }
}

fn row(group: &LoopGroupView) -> Markup {
    let LoopScore { due, learned, percent, due_query, open_query } = &group.score;
    html! { tr {
        td data-label="Group" .what { (group.value.as_deref().map_or_else(|| "Not said".to_owned(), text::title)) }
        td data-label="Learned" .num { (learned) }
        td data-label="Due" .num { (leads(due_query, &due.to_string())) }
        td data-label="Score" .num { @if let Some(percent) = percent { (percent) " %" } @else { "–" } }
        td data-label="Owe something" .num { (leads(open_query, &due.saturating_sub(*learned).to_string())) }
    } }
}
