use proptest::prelude::*;

use super::*;

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn ordered(value: &str, order: DateOrder) -> Option<String> {
    read_ordered(&text(value), Some(order)).map(|when| when.to_string())
}

#[test]
fn dates_that_need_no_order_are_read_at_their_precision() {
    let cases = [
        ("2025-03-17", "2025-03-17"),
        ("2025-3-7", "2025-03-07"),
        ("2025/03/17", "2025-03-17"),
        ("2025.03.17", "2025-03-17"),
        ("20250317", "2025-03-17"),
        ("17 Mar 2025", "2025-03-17"),
        ("17-Mar-25", "2025-03-17"),
        ("March 17, 2025", "2025-03-17"),
        ("the 17th of March 2025", "2025-03-17"),
        ("Mon, 17 March 2025", "2025-03-17"),
        ("17. März 2025", "2025-03-17"),
        ("1er août 2025", "2025-08-01"),
        ("17 de marzo de 2025", "2025-03-17"),
        ("2025 Mar 17", "2025-03-17"),
        ("March 2025", "2025-03"),
        ("Mar-25", "2025-03"),
        ("03/2025", "2025-03"),
        ("2025-03", "2025-03"),
        ("2025", "2025"),
        ("45733", "2025-03-17"),
        ("17 Mar 2025 14:05", "2025-03-17T14:05"),
        ("17 Mar 2025, 2:05 pm", "2025-03-17T14:05"),
        ("17 Mar 2025 12:05:09 AM", "2025-03-17T00:05:09"),
        ("17. März 2025 um 14:05 Uhr", "2025-03-17T14:05"),
        ("17 Mar 2025 14:05 UTC+2", "2025-03-17T14:05+02:00"),
        ("2025-03-17T14:05:30Z", "2025-03-17T14:05:30Z"),
        ("2025-03-17 14:05:30.123 +0530", "2025-03-17T14:05:30+05:30"),
    ];
    for (written, expected) in cases {
        let read = read(&text(written));
        assert!(matches!(&read, Reading::Plain(when) if when.to_string() == expected), "{written}: {read:?}");
    }
}

#[test]
fn numbers_alone_are_read_by_the_order_of_the_column() {
    assert_eq!(ordered("03/04/2025", DateOrder::Dmy).unwrap(), "2025-04-03");
    assert_eq!(ordered("03/04/2025", DateOrder::Mdy).unwrap(), "2025-03-04");
    assert_eq!(ordered("03.04.25 14:05", DateOrder::Dmy).unwrap(), "2025-04-03T14:05");
    assert_eq!(ordered("25/04/03", DateOrder::Ymd).unwrap(), "2025-04-03");
    assert_eq!(ordered("18/06/2025", DateOrder::Mdy), None);
    assert_eq!(ordered("03/04/2025", DateOrder::Ymd), None);
    assert_eq!(ordered("31/12/69", DateOrder::Dmy).unwrap(), "1969-12-31");
    assert_eq!(read_ordered(&text("03/04/2025"), None), None);
    assert_eq!(read_ordered(&text("05/05/2025"), None).unwrap().to_string(), "2025-05-05");
}

#[test]
fn what_is_not_a_date_is_none() {
    let cases = [
        "",
        "soon",
        "Q1 2025",
        "17 Mar",
        "30 Feb 2025",
        "31.04.2025",
        "2025-13-01",
        "1/2/3/2025",
        "12345678",
        "99999",
        "17 Mar 2025 25:00",
        "17 Mar 2025 14:05 Mars time",
        "17/03/125",
        "IR-2025-004",
        "end of 2025",
        "13:00",
        "3-5",
    ];
    for written in cases {
        assert_eq!(read(&text(written)), Reading::Unreadable, "{written}");
    }
}

#[test]
fn workbook_dates_and_serials_keep_their_time() {
    let at = jiff::civil::datetime(2025, 3, 17, 14, 5, 0, 0);
    assert_eq!(read_ordered(&Cell::Moment(at), None).unwrap().to_string(), "2025-03-17T14:05");
    assert_eq!(read_ordered(&Cell::Number(45_733.5), None).unwrap().to_string(), "2025-03-17T12:00");
    assert_eq!(read_ordered(&Cell::Number(2025.0), None).unwrap().to_string(), "2025");
    assert_eq!(read(&Cell::Number(7.0)), Reading::Unreadable);
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(value in "\\PC{0,40}") {
        let _ = read(&text(&value));
    }

    #[test]
    fn nothing_like_a_date_makes_it_panic(value in "[0-9]{0,5}[ ./-][a-zäéûº0-9]{0,5}[ ./,-][0-9]{0,5}[ T]?[0-9:.]{0,9}[ apmz+]{0,4}") {
        let _ = read(&text(&value));
    }

    #[test]
    fn every_day_is_read_back_in_each_order(days in 0i32..60_000) {
        let date = jiff::civil::date(1950, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
        let (y, m, d) = (date.year(), date.month(), date.day());
        let iso = date.to_string();
        prop_assert_eq!(ordered(&format!("{d:02}.{m:02}.{y}"), DateOrder::Dmy), Some(iso.clone()));
        prop_assert_eq!(ordered(&format!("{m}/{d}/{y}"), DateOrder::Mdy), Some(iso.clone()));
        prop_assert_eq!(ordered(&format!("{y}/{m}/{d}"), DateOrder::Dmy), Some(iso));
    }
}
