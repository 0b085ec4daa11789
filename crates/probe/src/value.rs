//! Single values: dates, amounts, references, names, as the domain writes them and as people type them.

use std::collections::BTreeSet;
use std::fmt::{Debug, Display};
use std::str::FromStr;

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::case::{Severity, Tag};
use nevertwice_domain::field::{FieldKey, FieldType};
use nevertwice_domain::formula::{guard, unguard};
use nevertwice_domain::money::{Currency, Money};
use nevertwice_domain::reference::{
    ActionRef, AssetRef, CaseRef, ImportRef, LessonRef, ReviewRef, SupplierRef,
};
use nevertwice_domain::text::{Line, Prose, fold};
use nevertwice_domain::time::Timestamp;
use nevertwice_domain::when::{Precision, When};
use nevertwice_exchange::spreadsheet::DateOrder;
use nevertwice_exchange::spreadsheet::reader::Cell;
use nevertwice_exchange::spreadsheet::value::{actions, date, field, is_placeholder, money, name, words};

use crate::text;

pub(crate) fn run(bytes: &[u8]) {
    let text = text(bytes);
    written_by_the_domain(&text);
    typed_by_people(&text);
    assert_eq!(unguard(&guard(&text)), text, "a guarded text comes back");
    assert_eq!(fold(&fold(&text)), fold(&text), "folding twice changes nothing: {text:?}");
}

fn written_by_the_domain(text: &str) {
    stable::<When>(text);
    stable::<Money>(text);
    stable::<Currency>(text);
    stable::<Timestamp>(text);
    stable::<Severity>(text);
    stable::<Tag>(text);
    stable::<CaseRef>(text);
    stable::<ReviewRef>(text);
    stable::<LessonRef>(text);
    stable::<ActionRef>(text);
    stable::<ImportRef>(text);
    stable::<AssetRef>(text);
    stable::<SupplierRef>(text);
    let _ = Sha256Text::parse(text);
    if let Ok(when) = text.parse::<When>() {
        let later = When::new(when.start(), Precision::Second, Some(18 * 60));
        let _ = (when.sort_millis(), when.seconds_until(&later, Precision::Year), when.cmp(&later));
    }
    if let Ok(line) = Line::parse(text) {
        let printed = line.to_string();
        assert_eq!(Line::parse(&printed).ok(), Some(line));
    }
    if let Ok(prose) = Prose::parse(text) {
        let printed = prose.to_string();
        assert_eq!(Prose::parse(&printed).ok(), Some(prose));
    }
    let _ = FieldKey::parse(text);
}

/// What is read prints to a text that reads to the same value.
fn stable<T: FromStr + Display + PartialEq + Debug>(text: &str) {
    if let Ok(read) = text.parse::<T>() {
        let printed = read.to_string();
        assert_eq!(printed.parse::<T>().ok(), Some(read), "{text:?} prints as {printed:?}");
    }
}

fn typed_by_people(text: &str) {
    let mut cells = vec![Cell::Text(text.to_owned())];
    if let Ok(number) = text.trim().parse::<f64>() {
        cells.push(Cell::Number(number));
    }
    let choices = BTreeSet::from([text.to_owned(), "EMEA".to_owned()]);
    let rule = money::AmountRule { currency: Some(Currency::EUR), decimal: None };
    for cell in &cells {
        let _ = date::read(cell);
        for order in [DateOrder::Dmy, DateOrder::Mdy, DateOrder::Ymd] {
            if let Some(when) = date::read_ordered(cell, Some(order)) {
                assert_eq!(when.to_string().parse(), Ok(when), "{cell:?}");
            }
        }
        if let Ok((amount, _)) = money::read(cell, rule) {
            assert_eq!(amount.to_string().parse::<Money>().ok(), Some(amount), "{cell:?}");
        }
        let _ = money::read(cell, money::AmountRule::default());
        let kinds =
            [FieldType::Number, FieldType::Date, FieldType::Choice, FieldType::Person, FieldType::Link];
        for kind in kinds {
            let _ = field::read(cell, kind, Some(DateOrder::Dmy), &choices);
        }
    }
    if let Some(plain) = money::decimal(text, None) {
        assert_eq!(money::decimal(&plain, Some(money::DecimalMark::Point)), Some(plain.clone()), "{text:?}");
    }
    let _ = (actions::read(text), name::read(text), name::one(text), is_placeholder(text));
    let _ = (words::class(text), words::standing(text), words::severity(text), words::severity_number(text));
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    const TEXTS: [&str; 56] = [
        "2026",
        "2026-03",
        "2026-03-17",
        "2026-03-17T10",
        "2026-03-17T10:22",
        "2026-03-17T10:22:05Z",
        "2026-03-17T10:22:05+02:00",
        "0000-01-01T00:00:00+18:00",
        "9999-12-31T23:59:59-18:00",
        "31.12.2024",
        "03/04/25",
        "3rd of April 2025",
        "Apr 2025",
        "April 3, 2025 5:30 pm",
        "5. M\u{e4}rz 2025",
        "KW 12 2025",
        "Q3 2025",
        "45000",
        "45000.75",
        "-1",
        "1e308",
        "1250.50 EUR",
        "-3.20 USD",
        "7 JPY",
        "0.005 BHD",
        "\u{20ac}1.200,50",
        "1,200.50 USD",
        "(250)",
        "12k EUR",
        "CHF 1'000.-",
        "approx. $5",
        "~ 1.5m\u{a3}",
        "92233720368547758.07 EUR",
        "-92233720368547758.08 EUR",
        "CASE-2026-0042",
        "AST-0019",
        "SUP-4294967295",
        "PIR-0001-9999",
        "LSN-2026-0003",
        "ACT-2026-0031",
        "IMP-2026-0001",
        "2026-03-01T10:00:00.007Z",
        "1. new lock; 2. rounds",
        "- a\n- b (done)\n\u{2022} c",
        "a) one b) two",
        "A. Meier, Ops team / J\u{f6}rg <j@example.com>",
        "near miss",
        "in progress",
        "High (4)",
        "P1",
        "critical",
        "n/a",
        "tbd",
        "=1+1",
        "'''=x",
        "\u{130}stanbul \u{df}\u{1f600}",
    ];
    TEXTS.iter().map(|text| text.as_bytes().to_vec()).collect()
}
