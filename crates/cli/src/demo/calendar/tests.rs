use jiff::civil::Weekday;

use super::*;

fn days_ago(days_ago: i32) -> Moment {
    Moment { days_ago, time: None, precision: None }
}

fn made_on(day: &str) -> Calendar {
    let now: jiff::Timestamp = format!("{day}T09:00:00Z").parse().unwrap();
    Calendar::new("Europe/Berlin", now.into()).unwrap()
}

#[test]
fn weekdays_do_not_depend_on_the_day_on_which_the_sample_is_made() {
    for day in
        ["2026-11-22", "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-28"]
    {
        let calendar = made_on(day);
        let weekday = |ago| calendar.date(&days_ago(ago)).unwrap().weekday();
        assert_eq!(weekday(498), Weekday::Monday, "{day}: the morning of the ransomware");
        assert_eq!(weekday(501), Weekday::Friday, "{day}: the update server stops");
        assert_eq!(weekday(436), Weekday::Sunday, "{day}: the certificate expires");
        assert_eq!(weekday(74), Weekday::Friday, "{day}: the signed list stops a batch");
        assert_eq!(weekday(12), Weekday::Thursday, "{day}: the review of the dry run");
        assert_eq!(weekday(520), Weekday::Sunday, "{day}: the checkpoints are copied");
    }
}

#[test]
fn nothing_of_the_past_is_moved_into_the_future() {
    assert_eq!(made_on("2026-11-24").date(&days_ago(1)).unwrap().to_string(), "2026-11-23");
    assert_eq!(made_on("2026-11-30").date(&days_ago(1)).unwrap().to_string(), "2026-11-23");
}
