//! How many cases there were, month by month: of the register, or of what a filter shows.

use axum::extract::State;
use axum_extra::extract::Query;
use maud::{Markup, html};
use nevertwice_domain::case::Class;
use nevertwice_domain::measure::{DateBasis, Dimension};
use nevertwice_domain::word::Word;
use nevertwice_render::chart::{Chart, Series, Shape};
use nevertwice_service::search::{GroupView, MeasureVolume, VolumeView};

use super::filter::{self, Asked};
use crate::app::App;
use crate::page;
use crate::paths;
use crate::problem::Problem;
use crate::text;
use crate::ui;
use crate::viewer::Viewer;

/// Months shown: the latest.
const MONTHS: usize = 24;

/// Shows the chart.
pub(crate) async fn show(
    _: paths::CasesOverTime,
    State(app): State<App>,
    viewer: Viewer,
    Query(asked): Query<Asked>,
) -> Result<Markup, Problem> {
    let asked = asked.settled();
    let use_case = MeasureVolume {
        by: vec![Dimension::Month, Dimension::Class],
        date: DateBasis::Earliest,
        query: asked.q.clone(),
        register: false,
    };
    let volume = app.call(&viewer.identity, use_case).await?;
    let today = app.service().moment().at.to_jiff().to_string();
    let now = number(today.get(..7).unwrap_or_default()).unwrap_or(usize::MAX);
    let crumb = ui::Crumb { href: asked.with_query(&asked.q), words: "Register".to_owned() };
    let content = html! {
        (ui::head(Some(crumb), "Cases by month", html! {}, html! {}))
        (filter::chips(&asked))
        p .total { strong { (text::count(volume.n, "case", "cases")) } " in your view" }
        (ui::chart(&chart(&volume, now), "over-time"))
        p .fine {
            "A case counts in the month of the earliest known of reported, detected and occurred. The latest "
            (MONTHS) " months are shown"
            @if volume.missing > 0 { "; of " (text::count(volume.missing, "case", "cases")) " month or class is not known" }
            "."
            @for (reason, count) in volume.left_out.iter().filter(|(_, count)| **count > 0) {
                " " (text::count(*count, "case", "cases")) " not counted: " (why(reason)) "."
            }
        }
    };
    Ok(page::show(&viewer, "Cases by month", content))
}

/// Why a case is not counted, in words.
fn why(reason: &str) -> String {
    match reason {
        "part_of" => "part of another one, which is".to_owned(),
        other => text::plain(other),
    }
}

fn chart(volume: &VolumeView, now: usize) -> Chart {
    let months = months(volume, now);
    let count = |month: &str, class: Class| {
        let is_it = |group: &&GroupView| {
            key(group, "month") == Some(month) && key(group, "class") == Some(class.as_str())
        };
        let counts = volume.groups.iter().filter(is_it).map(|group| group.count);
        Some(counts.fold(0.0, |sum, count| sum + f64::from(u32::try_from(count).unwrap_or(u32::MAX))))
    };
    let series = |class: &Class| Series {
        name: text::title(class.as_str()),
        values: months.iter().map(|month| count(month, *class)).collect(),
    };
    Chart {
        shape: Shape::Columns,
        title: "Cases by month".to_owned(),
        description: "A column for each month, its parts the classes; the same as a table is below."
            .to_owned(),
        label_title: "Month".to_owned(),
        value_title: "Cases".to_owned(),
        series: Class::ALL.iter().map(series).collect(),
        labels: months,
    }
}

/// Every month from the first one with a case to the last one, those without any too.
fn months(volume: &VolumeView, now: usize) -> Vec<String> {
    let known = volume.groups.iter().filter_map(|group| key(group, "month").and_then(number));
    // A date that was mistyped into the future is not to push the real ones out.
    let known = known.filter(|month| *month <= now.saturating_add(1));
    let (Some(first), Some(last)) = (known.clone().min(), known.max()) else { return Vec::new() };
    let first = first.max(last.saturating_sub(MONTHS - 1));
    (first..=last).map(|month| format!("{:04}-{:02}", month / 12, month % 12 + 1)).collect()
}

/// `2026-03` as a number of months.
fn number(month: &str) -> Option<usize> {
    let (year, month) = month.split_once('-')?;
    Some(year.parse::<usize>().ok()? * 12 + month.parse::<usize>().ok()?.checked_sub(1)?)
}

fn key<'g>(group: &'g GroupView, dimension: &str) -> Option<&'g str> {
    group.key.get(dimension)?.as_str()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// April 2026.
    const NOW: usize = 2026 * 12 + 3;

    fn volume(groups: &[(&str, &str, u64)]) -> VolumeView {
        let group = |(month, class, count): &(&str, &str, u64)| json!({ "key": { "month": month, "class": class }, "count": count });
        let groups: Vec<_> = groups.iter().map(group).collect();
        let view = json!({ "scope": "viewer", "n": 3, "groups": groups, "missing": 0, "left_out": {}, "withheld": 0 });
        serde_json::from_value(view).unwrap()
    }

    #[test]
    fn a_month_without_cases_is_a_month_too() {
        let chart = chart(
            &volume(&[("2099-01", "event", 1), ("2025-11", "incident", 2), ("2026-01", "event", 1)]),
            NOW,
        );
        assert_eq!(chart.labels, ["2025-11", "2025-12", "2026-01"]);
        let incidents = chart.series.iter().find(|series| series.name == "Incident").unwrap();
        assert_eq!(incidents.values, [Some(2.0), Some(0.0), Some(0.0)]);
    }

    #[test]
    fn the_latest_months_are_shown() {
        let labels = chart(&volume(&[("2020-01", "event", 1), ("2026-03", "event", 1)]), NOW).labels;
        assert_eq!((labels.len(), labels.first().unwrap().as_str()), (MONTHS, "2024-04"));
        assert!(chart(&volume(&[]), NOW).labels.is_empty());
    }
}
