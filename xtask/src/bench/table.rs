//! Figures as tables in Markdown.

use super::report::{Beside, Figure, Report};

/// From the smallest to the largest size, a page may take so much longer.
const GROWTH: f64 = 1.5;

/// The figures of one report.
pub(crate) fn of_report(report: &Report) -> String {
    let rows = report.figures.iter().map(|figure| {
        let target = figure
            .target
            .as_ref()
            .map_or(String::new(), |target| format!("{}: {}", target.text, verdict(figure.is_met())));
        [
            figure.name.clone(),
            amount(figure.value, &figure.unit),
            figure.p99.map_or(String::new(), |p99| amount(p99, &figure.unit)),
            figure.bare.map_or(String::new(), |bare| amount(bare, &figure.unit)),
            figure.share().map_or(String::new(), |share| share_text(share, figure)),
            target,
        ]
    });
    let cases = format!("{} cases", grouped(&report.cases.to_string()));
    let (what, bare) = match report.beside {
        Beside::Engine => {
            (format!("{cases}, {} records", grouped(&report.records.to_string())), "bare engine")
        }
        Beside::Page => (format!("{cases}, over HTTP"), "bare page"),
    };
    let head = [
        what,
        "median".to_owned(),
        "p99".to_owned(),
        bare.to_owned(),
        "of bare".to_owned(),
        "target".to_owned(),
    ];
    table(&std::iter::once(head).chain(rows).collect::<Vec<_>>())
}

/// How much longer the same takes in a larger register.
pub(crate) fn of_growth(small: &Report, large: &Report) -> String {
    let rows = small.figures.iter().filter(|figure| figure.p99.is_some()).filter_map(|before| {
        let after = large.figures.iter().find(|figure| figure.name == before.name)?;
        let growth = after.value / before.value;
        let is_page = before.target.is_some() && before.target.as_ref()?.text == "p99 < 10 ms";
        let target = if is_page {
            format!("≤ {GROWTH}: {}", verdict(Some(growth <= GROWTH)))
        } else {
            String::new()
        };
        Some([
            before.name.clone(),
            amount(before.value, &before.unit),
            amount(after.value, &after.unit),
            format!("{growth:.2} ×"),
            target,
        ])
    });
    let head = [
        "median".to_owned(),
        format!("{} cases", grouped(&small.cases.to_string())),
        format!("{} cases", grouped(&large.cases.to_string())),
        "growth".to_owned(),
        "target".to_owned(),
    ];
    table(&std::iter::once(head).chain(rows).collect::<Vec<_>>())
}

fn verdict(met: Option<bool>) -> &'static str {
    match met {
        Some(true) => "met",
        Some(false) => "**missed**",
        None => "not measured",
    }
}

/// Of a rate more is better, of a duration less.
fn share_text(share: f64, figure: &Figure) -> String {
    match figure.unit.as_str() {
        "/s" if share < 0.1 => format!("{:.1} %", share * 100.0),
        "/s" => format!("{:.0} %", share * 100.0),
        _ => format!("{share:.1} ×"),
    }
}

fn amount(value: f64, unit: &str) -> String {
    let number = match value {
        _ if value >= 1_000.0 => grouped(&format!("{value:.0}")),
        _ if value >= 100.0 => format!("{value:.0}"),
        _ if value >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    };
    if unit == "/s" { format!("{number}/s") } else { format!("{number} {unit}") }
}

/// Digits with commas at the thousands.
fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Rows with columns as wide as their longest cell, numbers to the right.
fn table<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0).max(3);
    let is_number = |column: usize| (1..N - 1).contains(&column);
    let line = |row: &[String; N]| {
        let cells = row.iter().enumerate().map(|(column, cell)| {
            let width = width(column);
            if is_number(column) { format!(" {cell:>width$} ") } else { format!(" {cell:<width$} ") }
        });
        format!("|{}|", cells.collect::<Vec<_>>().join("|"))
    };
    let rule = (0..N).map(|column| {
        let dashes = "-".repeat(width(column));
        if is_number(column) { format!(" {dashes}:") } else { format!(" {dashes} ") }
    });
    let mut lines: Vec<String> = rows.iter().map(line).collect();
    lines.insert(1.min(lines.len()), format!("|{}|", rule.collect::<Vec<_>>().join("|")));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::report::tests::report;

    #[test]
    fn a_missed_target_stands_in_the_table() {
        let text = of_report(&report(1_000, 6.0));
        assert!(text.starts_with("| 1,000 cases, 4,000 records | "), "{text}");
        assert!(
            text.contains("6.00 ms | 12.0 ms |     1.00 ms |   6.0 × | p99 < 10 ms: **missed** |"),
            "{text}"
        );
    }

    #[test]
    fn over_http_the_figures_stand_beside_a_bare_page() {
        let text = of_report(&Report { beside: Beside::Page, ..report(1_000, 6.0) });
        let head = text.lines().next().expect("it has a head");
        assert!(head.starts_with("| 1,000 cases, over HTTP |") && head.contains("| bare page |"), "{head}");
    }

    #[test]
    fn growth_compares_the_medians() {
        let text = of_growth(&report(1_000, 2.0), &report(100_000, 2.5));
        assert!(text.contains("1.25 × | ≤ 1.5: met"), "{text}");
        let text = of_growth(&report(1_000, 2.0), &report(100_000, 3.5));
        assert!(text.contains("1.75 × | ≤ 1.5: **missed**"), "{text}");
    }
}
