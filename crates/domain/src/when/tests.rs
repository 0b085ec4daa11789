//! Partial dates: text form, order, durations.

use proptest::prelude::*;

use super::*;

#[test]
fn every_precision_is_written_as_it_was_read() {
    for text in [
        "2026",
        "2026-03",
        "2026-03-17",
        "2026-03-17T10",
        "2026-03-17T10:22",
        "2026-03-17T10:22:05",
        "2026-03-17T10:22Z",
        "2026-03-17T10:22+02:00",
        "2026-03-17T10:22:05-07:30",
        "0001-01-01",
    ] {
        assert_eq!(text.parse::<When>().unwrap().to_string(), text);
    }
}

#[test]
fn what_is_not_a_date_is_refused() {
    for text in [
        "",
        "26",
        "2026-3",
        "2026-13",
        "2026-02-30",
        "2026-03-17T",
        "2026-03T10",
        "17.03.2026",
        "2026-03-17T25",
        "2026-03-17T10:60",
        "2026-03-17T10:22+25:00",
        "2026-03-17T10:22+2",
        "-2026",
        "2026-03-17-01",
        "٢٠٢٦",
    ] {
        assert!(text.parse::<When>().is_err(), "{text} was accepted");
    }
}

#[test]
fn dates_sort_by_start_and_the_vaguer_one_comes_first() {
    let mut dates: Vec<When> = ["2026-03-17T10:22Z", "2026-03", "2026", "2026-03-01", "2025-12-31"]
        .map(|t| t.parse().unwrap())
        .to_vec();
    dates.sort();
    let sorted: Vec<String> = dates.iter().map(ToString::to_string).collect();
    assert_eq!(sorted, ["2025-12-31", "2026", "2026-03", "2026-03-01", "2026-03-17T10:22Z"]);
}

#[test]
fn a_duration_needs_both_dates_as_precise_as_its_unit() {
    let day: When = "2026-03-17".parse().unwrap();
    let minute: When = "2026-03-18T06:30".parse().unwrap();
    assert_eq!(day.seconds_until(&minute, Precision::Day), Some(30 * 3600 + 1800));
    assert_eq!(day.seconds_until(&minute, Precision::Hour), None);
}

#[test]
fn known_offsets_count_and_a_wrong_order_is_negative() {
    let east: When = "2026-03-17T10:00+02:00".parse().unwrap();
    let utc: When = "2026-03-17T08:30Z".parse().unwrap();
    assert_eq!(east.seconds_until(&utc, Precision::Minute), Some(1800));
    assert_eq!(utc.seconds_until(&east, Precision::Minute), Some(-1800));
}

proptest! {
    #[test]
    fn text_never_panics_and_round_trips(text in "[0-9T:Z+ -]{0,24}|\\PC{0,24}") {
        if let Ok(when) = text.parse::<When>() {
            prop_assert_eq!(when.to_string().parse::<When>().unwrap(), when);
        }
    }
}
