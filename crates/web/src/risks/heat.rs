//! The picture of likelihood and impact.

use maud::{Markup, PreEscaped, html};
use nevertwice_domain::risk::{Band, Exposure, Rating};
use nevertwice_render::chart::{HeatCell, HeatMap};
use nevertwice_service::risk::{HeatView, RiskView};

use crate::paths;
use crate::text;

/// Open risks at the first look and now, one beside the other.
pub(super) fn both(heat: &HeatView) -> Markup {
    html! {
        div .heat-pair {
            (figure(&counted(heat, &heat.before, true), "heat-before"))
            (figure(&counted(heat, &heat.after, false), "heat-after"))
        }
    }
}

fn counted(heat: &HeatView, counts: &[Vec<u64>], is_before: bool) -> HeatMap {
    let cell = |exposure: Exposure| {
        let (likelihood, impact) = (exposure.likelihood, exposure.impact);
        let row = counts.get(likelihood.place());
        let count = row.and_then(|row| row.get(impact.place())).copied().unwrap_or(0);
        let at_first = if is_before { "&at_first=yes" } else { "" };
        let href = format!("{}?state=open&likelihood={likelihood}&impact={impact}{at_first}", paths::Risks);
        coloured(exposure, count, Some(href).filter(|_| count > 0))
    };
    let when = if is_before { "at the first look" } else { "now" };
    HeatMap {
        title: format!("Open risks {when}"),
        description: format!(
            "How many open risks in your view were how likely and how bad {when}; the worst corner is the upper right. The same as a table is below."
        ),
        cells: cells(cell),
        ..scale(&heat.likelihood_words, &heat.impact_words)
    }
}

/// The way of one risk from its first look to the last.
pub(super) fn way(risk: &RiskView, likelihood_words: &[String], impact_words: &[String]) -> Markup {
    let place = |likelihood: u8, impact: u8| (usize::from(likelihood) - 1, usize::from(impact) - 1);
    let way: Vec<(usize, usize)> =
        risk.assessments.iter().rev().map(|look| place(look.likelihood_after, look.impact_after)).collect();
    let map = HeatMap {
        title: "From the first look to the last".to_owned(),
        description: format!(
            "The way of {} through likelihood and impact; each look with its figures is listed below.",
            risk.reference
        ),
        cells: cells(|exposure| coloured(exposure, 0, None)),
        way,
        ..scale(likelihood_words, impact_words)
    };
    html! {
        figure .chart-frame {
            div .scroll role="group" tabindex="0" aria-label=(map.title) { (PreEscaped(map.svg("way"))) }
        }
    }
}

fn scale(likelihood_words: &[String], impact_words: &[String]) -> HeatMap {
    let numbered = |words: &[String]| {
        let word = |(place, word): (usize, &String)| format!("{} {word}", place + 1);
        words.iter().enumerate().map(word).collect()
    };
    HeatMap {
        title: String::new(),
        description: String::new(),
        row_title: "Likelihood".to_owned(),
        column_title: "Impact".to_owned(),
        rows: numbered(likelihood_words),
        columns: numbered(impact_words),
        cells: Vec::new(),
        way: Vec::new(),
    }
}

fn cells(cell: impl Fn(Exposure) -> HeatCell) -> Vec<Vec<HeatCell>> {
    let row = |likelihood: &Rating| {
        let in_row = |impact: &Rating| cell(Exposure { likelihood: *likelihood, impact: *impact });
        Rating::ALL.iter().map(in_row).collect()
    };
    Rating::ALL.iter().map(row).collect()
}

fn coloured(exposure: Exposure, count: u64, href: Option<String>) -> HeatCell {
    let tone = match exposure.band() {
        Band::Low => 1,
        Band::Medium => 2,
        Band::High => 3,
        Band::VeryHigh => 4,
    };
    HeatCell { count, tone, word: text::title(exposure.band().as_str()), href }
}

fn figure(map: &HeatMap, prefix: &str) -> Markup {
    html! {
        figure .chart-frame {
            figcaption { (map.title) }
            div .scroll role="group" tabindex="0" aria-label=(map.title) { (PreEscaped(map.svg(prefix))) }
            details {
                summary { "As a table" }
                section .scroll tabindex="0" aria-label={ (map.title) " as a table" } { (PreEscaped(map.html_table())) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_leads_to_its_list_if_there_is_one() {
        let mut after = vec![vec![0; 5]; 5];
        after[3][4] = 2;
        let words = ["a", "b", "c", "d", "e"].map(str::to_owned).to_vec();
        let heat =
            HeatView { likelihood_words: words.clone(), impact_words: words, before: after.clone(), after };
        let now = counted(&heat, &heat.after, false);
        let hrefs: Vec<_> = now.cells.iter().flatten().filter_map(|cell| cell.href.as_deref()).collect();
        assert_eq!(hrefs, ["/risks?state=open&likelihood=4&impact=5"]);
        assert_eq!((now.cells[3][4].count, now.cells[3][4].tone), (2, 4));
        let before = counted(&heat, &heat.before, true);
        assert!(before.cells[3][4].href.as_deref().is_some_and(|href| href.ends_with("&at_first=yes")));
    }
}
