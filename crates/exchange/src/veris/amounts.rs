//! What an incident cost. An amount without a currency is a gap, never a guess; bounds make an estimate.

use std::collections::BTreeSet;

use nevertwice_domain::case::{CostBasis, CostKind};
use nevertwice_domain::money::{Currency, Money};
use serde_json::{Map, Value};

use super::path;
use crate::planned::{Gap, GapKind, PlannedCost};

/// Cost lines of one case; a record with more keeps the others as text.
pub(super) const LINES: usize = 200;

/// What was read of a record's impact.
#[derive(Debug, Default)]
pub(super) struct Amounts {
    /// The cost lines.
    pub(super) costs: Vec<PlannedCost>,
    /// Amounts that are none.
    pub(super) gaps: Vec<Gap>,
    /// Paths of the numbers that are in one of these.
    pub(super) used: BTreeSet<String>,
}

/// An amount with its bounds, as far as they are said.
struct Said<'r> {
    at: String,
    names: [&'static str; 3],
    numbers: [Option<&'r Value>; 3],
}

/// Reads losses one by one; the overall amount only where no loss has one, because it is their sum.
pub(super) fn read(record: &Value, fits: impl Fn(&str) -> bool) -> Amounts {
    let mut amounts = Amounts::default();
    let Some(impact) = record.get("impact").and_then(Value::as_object) else { return amounts };
    let code = impact.get("iso_currency_code").and_then(Value::as_str);
    let currency =
        code.filter(|_| fits("impact.iso_currency_code")).and_then(|code| Currency::parse(code).ok());
    let losses = impact.get("loss").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for (number, loss) in losses.iter().enumerate().take(LINES) {
        let Some(loss) = loss.as_object() else { continue };
        let at = path::element("impact.loss", number);
        let said = Said::of(loss, at, ["amount", "min_amount", "max_amount"], &fits);
        amounts.take(&said, kind(loss), currency);
    }
    if amounts.costs.is_empty() {
        let names = ["overall_amount", "overall_min_amount", "overall_max_amount"];
        amounts.take(&Said::of(impact, "impact".to_owned(), names, &fits), CostKind::Other, currency);
    }
    amounts
}

impl Amounts {
    fn take(&mut self, said: &Said<'_>, kind: CostKind, currency: Option<Currency>) {
        let Some(first) = said.paths().next() else { return };
        match said.cost(kind, currency) {
            Ok(cost) => self.costs.push(cost),
            Err(flaw) => self.gaps.push(Gap::new(flaw, &first, &said.written())),
        }
        self.used.extend(said.paths());
    }
}

impl<'r> Said<'r> {
    fn of(
        object: &'r Map<String, Value>,
        at: String,
        names: [&'static str; 3],
        fits: impl Fn(&str) -> bool,
    ) -> Self {
        let numbers = names.map(|name| object.get(name).filter(|_| fits(&path::field(&at, name))));
        Self { at, names, numbers }
    }

    fn paths(&self) -> impl Iterator<Item = String> {
        let said = self.names.iter().zip(&self.numbers).filter(|(_, number)| number.is_some());
        said.map(|(name, _)| path::field(&self.at, name))
    }

    /// Everything that is said, in one line.
    fn written(&self) -> String {
        let said = self.names.iter().zip(&self.numbers);
        let said = said.filter_map(|(name, number)| number.map(|number| format!("{name}: {number}")));
        said.collect::<Vec<_>>().join(", ")
    }

    fn cost(&self, kind: CostKind, currency: Option<Currency>) -> Result<PlannedCost, GapKind> {
        let currency = currency.ok_or(GapKind::CurrencyUnknown)?;
        let money = |number: Option<&Value>| {
            let read = number.map(|number| Money::from_decimal(&number.to_string(), currency));
            read.transpose().map_err(|_| GapKind::AmountUnreadable)
        };
        let [amount, minimum, maximum] = self.numbers;
        let (minimum, maximum) = (money(minimum)?.map(|m| m.minor), money(maximum)?.map(|m| m.minor));
        let amount = money(amount)?.ok_or(GapKind::AmountIncomplete)?;
        if minimum.is_some_and(|low| low > amount.minor) || maximum.is_some_and(|high| high < amount.minor) {
            return Err(GapKind::AmountIncomplete);
        }
        let is_estimate = minimum.is_some() || maximum.is_some();
        let basis = if is_estimate { CostBasis::Estimate } else { CostBasis::Actual };
        Ok(PlannedCost { kind, amount, basis, minimum_minor: minimum, maximum_minor: maximum })
    }
}

fn kind(loss: &Map<String, Value>) -> CostKind {
    match loss.get("variety").and_then(Value::as_str) {
        Some("Business disruption") => CostKind::Downtime,
        Some("Legal and regulatory") => CostKind::Legal,
        _ => CostKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn impact(impact: &Value) -> Amounts {
        read(&json!({ "impact": impact }), |_| true)
    }

    #[test]
    fn losses_become_cost_lines_and_bounds_an_estimate() {
        let amounts = impact(&json!({ "iso_currency_code": "USD", "overall_amount": 300, "loss": [
            { "variety": "Business disruption", "amount": 100.5, "min_amount": 50, "max_amount": 200 },
            { "variety": "Other", "amount": 199 } ] }));
        let lines: Vec<_> =
            amounts.costs.iter().map(|cost| (cost.kind, cost.amount.minor, cost.basis)).collect();
        let expected =
            [(CostKind::Downtime, 10_050, CostBasis::Estimate), (CostKind::Other, 19_900, CostBasis::Actual)];
        assert_eq!(lines, expected);
        assert_eq!(
            (amounts.costs[0].minimum_minor, amounts.costs[0].maximum_minor),
            (Some(5_000), Some(20_000))
        );
        assert!(amounts.gaps.is_empty() && !amounts.used.contains("impact.overall_amount"));
    }

    #[test]
    fn the_overall_amount_counts_where_no_loss_has_one() {
        let amounts = impact(
            &json!({ "iso_currency_code": "EUR", "overall_amount": 7, "loss": [{ "variety": "Other" }] }),
        );
        assert_eq!(amounts.costs.len(), 1);
    }

    #[test]
    fn what_is_not_said_is_a_gap() {
        for (said, kind) in [
            (json!({ "overall_amount": 7 }), GapKind::CurrencyUnknown),
            (json!({ "overall_amount": 7, "iso_currency_code": "XYZ" }), GapKind::CurrencyUnknown),
            (json!({ "iso_currency_code": "USD", "overall_max_amount": 7 }), GapKind::AmountIncomplete),
            (
                json!({ "iso_currency_code": "USD", "overall_amount": 7, "overall_min_amount": 8 }),
                GapKind::AmountIncomplete,
            ),
            (json!({ "iso_currency_code": "USD", "overall_amount": 1e30 }), GapKind::AmountUnreadable),
            (json!({ "iso_currency_code": "USD", "overall_amount": 0.001 }), GapKind::AmountUnreadable),
        ] {
            let amounts = impact(&said);
            assert!(amounts.costs.is_empty(), "{said}");
            assert_eq!(amounts.gaps.iter().map(|gap| gap.kind).collect::<Vec<_>>(), [kind], "{said}");
        }
    }
}
