//! Risks.

use std::io::{self, Write};

use nevertwice_service::risk::{AssessmentView, RiskList, RiskOutline, RiskView};

use super::control::words;
use super::table::{fact, heading, indented, list_end, table};

/// Risks.
pub(crate) fn risks(list: &RiskList, out: &mut dyn Write) -> io::Result<()> {
    let row = |risk: &RiskOutline| {
        vec![
            risk.reference.clone(),
            risk.state.clone(),
            format!("{} × {} = {} {}", risk.likelihood, risk.impact, risk.score, words(&risk.band)),
            if risk.accepted { "accepted" } else { "not accepted" }.to_owned(),
            risk.owner.clone(),
            risk.title.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = list.items.iter().map(row).collect();
    table(&["risk", "state", "likelihood × impact", "what remains", "owner", "title"], &rows, out)?;
    list_end(&[], (list.items.len(), list.total), list.next.as_deref(), out)
}

/// A risk.
pub(crate) fn risk(risk: &RiskView, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}  {}  ({})", risk.reference, risk.title, risk.state)?;
    fact("owner", Some(&risk.owner), out)?;
    fact("treatment", Some(&risk.treatment), out)?;
    fact("likelihood", Some(&format!("{} {}", risk.likelihood, risk.likelihood_word)), out)?;
    fact("impact", Some(&format!("{} {}", risk.impact, risk.impact_word)), out)?;
    fact("score", Some(&format!("{} {}", risk.score, words(&risk.band))), out)?;
    fact("closed because", risk.closed_reason.as_deref(), out)?;
    fact("accepted by", risk.accepted_by.as_deref(), out)?;
    let controls: Vec<&str> = risk.controls.iter().map(|control| control.reference.as_str()).collect();
    fact("controls", Some(&controls.join(", ")), out)?;
    let cases: Vec<&str> = risk.cases.iter().map(|case| case.reference.as_str()).collect();
    fact("cases", Some(&cases.join(", ")), out)?;
    if let Some(description) = &risk.description {
        indented(description, 2, out)?;
    }
    heading("Looks, the latest first", out)?;
    risk.assessments.iter().try_for_each(|one| look(one, out))
}

/// A look at a risk.
pub(crate) fn look(look: &AssessmentView, out: &mut dyn Write) -> io::Result<()> {
    let before = match (look.likelihood_before, look.impact_before) {
        (Some(likelihood), Some(impact)) => format!("{likelihood} × {impact} → "),
        _ => String::new(),
    };
    let day = look.assessed_at.get(..10).unwrap_or(&look.assessed_at);
    let (likelihood, impact) = (look.likelihood_after, look.impact_after);
    let band = words(&look.band_after);
    writeln!(out, "  {day}  {before}{likelihood} × {impact} {band}, by {}", look.assessed_by)?;
    let because: Vec<&str> = [&look.case, &look.lesson].into_iter().flatten().map(String::as_str).collect();
    fact("because of", Some(&because.join(" → ")), out)?;
    fact("accepted by", look.accepted_by.as_deref(), out)?;
    indented(&look.why, 4, out)
}
