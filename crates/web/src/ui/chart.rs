//! What a chart stands in.

use maud::{Markup, PreEscaped, html};
use nevertwice_render::chart::Chart;

/// A chart with its table behind it, for whoever does not see it and whoever wants the numbers. `prefix` is unlike that
/// of any other chart of the page.
pub(crate) fn chart(chart: &Chart, prefix: &str) -> Markup {
    html! {
        figure .chart-frame {
            div .scroll role="group" tabindex="0" aria-label=(chart.title) { (PreEscaped(chart.svg(prefix))) }
            details {
                summary { "As a table" }
                section .scroll tabindex="0" aria-label={ (chart.title) " as a table" } { (PreEscaped(chart.html_table())) }
            }
        }
    }
}
