use proptest::prelude::*;

use super::*;

const NO_RULE: AmountRule = AmountRule { currency: None, decimal: None };

fn amount(text: &str) -> Result<String, AmountFlaw> {
    read(&Cell::Text(text.to_owned()), NO_RULE).map(|(money, _)| money.to_string())
}

#[test]
fn amounts_are_read_as_people_write_them() {
    let cases = [
        ("€1.200,50", "1200.50 EUR"),
        ("€ 46.000,75", "46000.75 EUR"),
        ("€250,00", "250.00 EUR"),
        ("1,200.50 USD", "1200.50 USD"),
        ("USD 1200.5", "1200.50 USD"),
        ("1.200 €", "1200.00 EUR"),
        ("1,200 EUR", "1200.00 EUR"),
        ("1.200.000 EUR", "1200000.00 EUR"),
        ("0.125k EUR", "125.00 EUR"),
        ("12k EUR", "12000.00 EUR"),
        ("1.5 Mio. €", "1500000.00 EUR"),
        ("(250) EUR", "-250.00 EUR"),
        ("(€250,00)", "-250.00 EUR"),
        ("-€3.20", "-3.20 EUR"),
        ("250- EUR", "-250.00 EUR"),
        ("1.200,- €", "1200.00 EUR"),
        ("CHF 1'000.--", "1000.00 CHF"),
        ("1 200,50 €", "1200.50 EUR"),
        ("1\u{a0}200 €", "1200.00 EUR"),
        ("US$ 5", "5.00 USD"),
        ("$5 USD", "5.00 USD"),
        ("£10", "10.00 GBP"),
        ("5,5 €", "5.50 EUR"),
        ("JPY 1,200", "1200 JPY"),
        ("12 eur", "12.00 EUR"),
    ];
    for (text, expected) in cases {
        assert_eq!(amount(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn an_estimate_is_marked() {
    for text in ["~ 5000 EUR", "ca. 5.000 €", "approx. €5,000", "5000 EUR (est.)"] {
        let read = read(&Cell::Text(text.to_owned()), NO_RULE).unwrap();
        assert_eq!((read.0.minor, read.1), (500_000, CostBasis::Estimate), "{text}");
    }
}

#[test]
fn an_amount_without_a_currency_asks_for_one() {
    for text in ["1200", "1.200,50"] {
        assert_eq!(amount(text), Err(AmountFlaw::CurrencyUnknown), "{text}");
    }
    for text in ["$5", "kr 100"] {
        assert!(matches!(amount(text), Err(AmountFlaw::SignShared(_))), "{text}");
    }
    let dollars = AmountRule { currency: Some(Currency::parse("CAD").unwrap()), decimal: None };
    assert_eq!(read(&Cell::Text("$5".to_owned()), dollars).unwrap().0.to_string(), "5.00 CAD");
    let euros = AmountRule { currency: Some(Currency::EUR), decimal: None };
    assert!(matches!(read(&Cell::Text("$5".to_owned()), euros), Err(AmountFlaw::SignShared(_))));
    assert_eq!(read(&Cell::Text("5".to_owned()), euros).unwrap().0.to_string(), "5.00 EUR");
}

#[test]
fn what_is_not_an_amount_is_unreadable() {
    for text in [
        "",
        "none",
        "5-10 EUR",
        "EUR",
        "1.2.3 EUR",
        "12 34 EUR",
        "1,00,000 EUR",
        "5 boxes",
        "€5 USD",
        "5.001,5 EUR €x",
        "1.23456 EUR",
    ] {
        assert_eq!(amount(text), Err(AmountFlaw::Unreadable), "{text}");
    }
}

#[test]
fn a_named_decimal_mark_wins() {
    let rule =
        AmountRule { currency: Some(Currency::parse("BHD").unwrap()), decimal: Some(DecimalMark::Point) };
    assert_eq!(read(&Cell::Text("1.200".to_owned()), rule).unwrap().0.to_string(), "1.200 BHD");
}

#[test]
fn numbers_of_a_workbook_are_whole_minor_units() {
    let rule = AmountRule { currency: Some(Currency::EUR), decimal: None };
    assert_eq!(read(&Cell::Number(46_000.75), rule).unwrap().0.minor, 4_600_075);
    assert_eq!(read(&Cell::Number(0.1 + 0.2), rule).unwrap().0.minor, 30);
    assert_eq!(read(&Cell::Number(0.125), rule), Err(AmountFlaw::Unreadable));
    assert_eq!(read(&Cell::Number(f64::NAN), rule), Err(AmountFlaw::Unreadable));
    assert_eq!(read(&Cell::Number(5.0), NO_RULE), Err(AmountFlaw::CurrencyUnknown));
}

#[test]
fn plain_numbers_are_read_with_either_mark() {
    for (text, expected) in [
        ("1.200,5", Some("1200.5")),
        ("-3", Some("-3")),
        ("1,5", Some("1.5")),
        ("1.2.3", None),
        ("a1", None),
        ("5 kg", None),
    ] {
        assert_eq!(decimal(text, None).as_deref(), expected, "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "[~ (-]{0,3}[€$a-z]{0,3}[0-9., ']{0,12}[km,-]{0,2}[ €a-z)]{0,5}") {
        let _ = amount(&text);
        let _ = decimal(&text, None);
    }

    #[test]
    fn both_styles_give_the_same_amount(minor in 0i64..100_000_000_000) {
        let money = Money::new(minor, Currency::EUR);
        let plain = money.to_string();
        let (whole, cents) = plain.trim_end_matches(" EUR").split_once('.').unwrap();
        let grouped: Vec<_> = whole.as_bytes().rchunks(3).rev().map(|g| std::str::from_utf8(g).unwrap()).collect();
        prop_assert_eq!(amount(&format!("€{},{cents}", grouped.join("."))), Ok(plain.clone()));
        prop_assert_eq!(amount(&format!("{}.{cents} EUR", grouped.join(","))), Ok(plain.clone()));
    }
}
