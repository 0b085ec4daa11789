//! The procedure: its notation, its calendar, which rule counts, its states.

use proptest::prelude::*;

use super::*;
use crate::case::{Class, Severity};
use crate::reference::Reference;
use crate::review::ReviewKind;
use crate::text::Line;
use crate::word::Word;

const NOW: Timestamp = Timestamp::MIN;

fn person(n: u128) -> PersonId {
    PersonId::new(uuid::Uuid::from_u128(n))
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn severity(level: u8) -> Option<Severity> {
    Some(Severity::new(level).unwrap())
}

fn calendar(holidays: &str) -> Calendar {
    Calendar { holidays: super::holidays(holidays).unwrap(), ..shipped().rules.calendar.clone() }
}

fn draft() -> Procedure {
    let content = (shipped().text.clone(), shipped().rules.clone());
    let summary = Prose::parse("our own days").unwrap();
    Procedure::draft(
        ProcedureId::new(uuid::Uuid::from_u128(1)),
        ProcedureRef::from_parts(0, 1),
        content,
        summary,
        person(1),
        NOW,
    )
    .unwrap()
}

fn approved(number: u32, effective_on: &str) -> Procedure {
    let mut record = (*draft()).clone();
    record.reference = ProcedureRef::from_parts(0, number);
    record.id = ProcedureId::new(uuid::Uuid::from_u128(u128::from(number)));
    let submitted = Procedure::restore(record).submit(person(1)).unwrap();
    submitted.approve(person(2), NOW, day(effective_on), day("2026-01-01")).unwrap()
}

#[test]
fn the_shipped_procedure_holds_together_and_has_every_class_and_severity_in_scope() {
    shipped().rules.check().unwrap();
    for class in Class::ALL {
        for level in [None, severity(1), severity(2), severity(3), severity(4), severity(5)] {
            assert!(shipped().rules.review_of(*class, level, None).is_some(), "{class} {level:?}");
        }
    }
    let kind = |class, level| shipped().rules.review_of(class, level, None).unwrap().1.kind;
    assert_eq!(kind(Class::Incident, severity(5)), ReviewKind::Full);
    assert_eq!(kind(Class::Incident, None), ReviewKind::FiveWhys, "an unset severity counts as the middle");
    assert_eq!(kind(Class::Event, severity(5)), ReviewKind::Light);
}

#[test]
fn rules_are_written_as_they_were_read() {
    let line = "incident, near_miss, severity 4 to 5, category Phishing: full within 10 days, 3 people, led by manager, 2 approvals";
    assert_eq!(
        line.parse::<ReviewRule>().unwrap().to_string().parse::<ReviewRule>().unwrap(),
        line.parse().unwrap()
    );
    let short: ReviewRule = "any: light within 1 day".parse().unwrap();
    assert_eq!(short.to_string(), "any: light within 1 day, 1 person, led by responder, 1 approval");
    let one: ReviewRule = "weakness, severity 5: five_whys within 2 days".parse().unwrap();
    assert_eq!(
        one.to_string(),
        "weakness, severity 5: five_whys within 2 days, 1 person, led by responder, 1 approval"
    );
    for rule in &shipped().rules.reviews {
        assert_eq!(&rule.to_string().parse::<ReviewRule>().unwrap(), rule);
    }
    let json = serde_json::to_string(&shipped().rules).unwrap();
    assert_eq!(serde_json::from_str::<Rules>(&json).unwrap(), shipped().rules);
}

#[test]
fn a_line_that_is_no_rule_is_refused_with_one_that_would_do() {
    for line in [
        "",
        "any",
        "any: light",
        "any: light within 0 days",
        "any: light within 1001 days",
        "any: light within ten days",
        "accident: light within 5 days",
        "incident, severity 5 to 4: full within 5 days",
        "incident, severity 6: full within 5 days",
        "incident, severity 4, severity 5: full within 5 days",
        "incident: full within 5 days, 3 approvals",
        "incident: full within 5 days, led by nobody",
        "incident, category : full within 5 days",
    ] {
        let error = line.parse::<ReviewRule>().unwrap_err();
        assert!(error.to_string().contains("full within 10 days"), "{line}: {error}");
    }
    assert!("after 0 days: manager".parse::<Escalation>().is_err());
    assert!("after 2 days: everybody".parse::<Escalation>().is_err());
    assert!("loop_score: 101 %".parse::<Target>().is_err());
    assert!("1 cases of one category within 90 days".parse::<Trend>().is_err());
    assert!("90, 60, 45, 30".parse::<DaysBySeverity>().is_err());
    assert!("90, 60, 45, 30, 0".parse::<DaysBySeverity>().is_err());
    assert!("25 December".parse::<Holiday>().is_err());
}

#[test]
fn the_first_rule_that_fits_counts() {
    let mut rules = shipped().rules.clone();
    rules.reviews.insert(0, "incident, category Phishing: full within 3 days".parse().unwrap());
    let phishing = Line::parse("phishing").unwrap();
    assert_eq!(rules.review_of(Class::Incident, severity(1), Some(&phishing)).unwrap().0, 1);
    assert_eq!(rules.review_of(Class::Incident, severity(5), None).unwrap().0, 2);
    assert_eq!(rules.review_of(Class::Event, severity(5), Some(&phishing)).unwrap().0, 6);
}

#[test]
fn rules_that_do_not_hold_together_are_refused() {
    let with = |change: fn(&mut Rules)| {
        let mut rules = shipped().rules.clone();
        change(&mut rules);
        rules.check().unwrap_err()
    };
    assert_eq!(with(|rules| drop(rules.reviews.pop())), RulesError::NotEveryCase);
    assert_eq!(with(|rules| rules.reviews.clear()), RulesError::NotEveryCase);
    let late = with(|rules| rules.reviews.push("any: full within 3 days".parse().unwrap()));
    assert_eq!(late, RulesError::NeverReached { number: 6, covered_by: 5 });
    // The narrower one behind the wider one, whatever stands between.
    let swapped = with(|rules| {
        let place = rules.reviews.iter().position(|rule| rule.severity.is_some()).unwrap();
        let wide = ReviewRule { severity: None, ..rules.reviews[place].clone() };
        rules.reviews.insert(0, wide);
    });
    assert!(matches!(swapped, RulesError::NeverReached { covered_by: 1, .. }), "{swapped:?}");
    assert_eq!(with(|rules| rules.calendar.workdays.clear()), RulesError::NoWorkday);
    let twice = with(|rules| rules.targets.push("loop_score: 3 %".parse().unwrap()));
    assert!(matches!(twice, RulesError::Twice { field: "targets", .. }));
    assert!(matches!(with(|rules| rules.remind_every = 0), RulesError::Days { field: "remind_every", .. }));
}

#[test]
fn working_days_leave_out_weekends_and_holidays() {
    let calendar = calendar("2026-12-25 Christmas Day\n\n2026-12-26 a Saturday");
    // Thursday 24 December 2026; Friday is a holiday.
    assert_eq!(calendar.after(day("2026-12-24"), 1), day("2026-12-28"));
    assert_eq!(calendar.after(day("2026-12-24"), 0), day("2026-12-24"));
    assert_eq!(calendar.after(day("2026-12-26"), 5), day("2027-01-01"));
    assert_eq!(calendar.between(day("2026-12-24"), day("2026-12-28")), 1);
    assert_eq!(calendar.between(day("2026-12-28"), day("2026-12-24")), 0);
    assert_eq!(calendar.after(day("9999-12-30"), 400), day("9999-12-31"), "the calendar has an end");
}

proptest! {
    #[test]
    fn counting_working_days_is_the_inverse_of_adding_them(
        start in 0_i32..40_000, days in 0_u16..400, off in proptest::collection::vec(0_i32..800, 0..20)
    ) {
        let first = day("2000-01-01").checked_add(jiff::Span::new().days(start)).unwrap();
        let holidays = off.iter().map(|days| Holiday {
            on: first.checked_add(jiff::Span::new().days(*days)).unwrap(),
            name: Line::parse("off").unwrap(),
        });
        let mut holidays: Vec<_> = holidays.collect();
        holidays.sort();
        holidays.dedup();
        let calendar = Calendar { holidays, ..shipped().rules.calendar.clone() };
        let last = calendar.after(first, days);
        prop_assert_eq!(calendar.between(first, last), u32::from(days));
        prop_assert!(days == 0 || calendar.is_workday(last));
    }

    #[test]
    fn whoever_wrote_on_a_version_never_approves_it(steps in proptest::collection::vec((0_u8..5, 1_u128..4), 0..30)) {
        let mut procedure = draft();
        for (step, who) in steps {
            let by = person(who);
            let next = match step {
                0 => procedure.clone().edit(ProcedureEdit::default(), by),
                1 => procedure.clone().submit(by),
                2 => procedure.clone().send_back(),
                3 => procedure.clone().withdraw(Prose::parse("no").unwrap()),
                _ => procedure.clone().approve(by, NOW, day("2026-02-01"), day("2026-01-01")),
            };
            procedure = next.unwrap_or(procedure);
            if let Some(approver) = procedure.approved_by {
                prop_assert!(!procedure.authors.contains(&approver));
                prop_assert!(procedure.submitted_by != Some(approver));
            }
        }
    }
}

#[test]
fn a_version_is_approved_by_somebody_else_and_never_for_the_past() {
    let submitted = draft().edit(ProcedureEdit::default(), person(3)).unwrap().submit(person(4)).unwrap();
    for own in [1, 3, 4] {
        let refused = submitted.clone().approve(person(own), NOW, day("2026-02-01"), day("2026-01-01"));
        assert_eq!(refused, Err(ProcedureError::OwnWork));
    }
    let early = submitted.clone().approve(person(2), NOW, day("2025-12-31"), day("2026-01-01"));
    assert!(matches!(early, Err(ProcedureError::Backdated { .. })));
    let approved = submitted.approve(person(2), NOW, day("2026-01-01"), day("2026-01-01")).unwrap();
    assert!(approved.clone().edit(ProcedureEdit::default(), person(1)).is_err());
    assert!(approved.clone().withdraw(Prose::parse("no").unwrap()).is_err());
    assert!(approved.send_back().is_err());
}

#[test]
fn the_latest_approved_version_that_counts_by_a_day_is_in_force() {
    let all = [approved(1, "2026-02-01"), approved(2, "2026-04-01"), approved(3, "2026-04-01"), draft()];
    let on = |text: &str| in_force(&all, day(text)).map(Procedure::number);
    assert_eq!(on("2026-01-31"), None);
    assert_eq!(on("2026-02-01"), Some(1));
    assert_eq!(on("2026-03-31"), Some(1));
    assert_eq!(on("2026-04-01"), Some(3));
    let today = day("2026-03-01");
    let now = in_force(&all, today);
    let standing: Vec<_> = all.iter().map(|procedure| procedure.standing(now, today)).collect();
    assert_eq!(standing, [Standing::Published, Standing::Approved, Standing::Approved, Standing::Draft]);
    let later = day("2026-05-01");
    let now = in_force(&all, later);
    assert_eq!(all[0].standing(now, later), Standing::Superseded);
    assert_eq!(all[1].standing(now, later), Standing::Superseded);
}

#[test]
fn the_difference_of_two_versions_is_told_in_sentences() {
    let mut after = shipped().rules.clone();
    assert_eq!(difference(&shipped().rules, &after), Difference { gone: vec![], new: vec![] });
    let mut holidays = after.clone();
    holidays.calendar.holidays.push("2026-12-24 Christmas Eve".parse().unwrap());
    let told = difference(&shipped().rules, &holidays);
    assert!(told.new.iter().any(|text| text.contains("2026-12-24: Christmas Eve")), "{told:?}");
    let mut order = after.clone();
    order.reviews.swap(0, 1);
    let told = difference(&shipped().rules, &order);
    assert_eq!((told.gone.len(), told.new.len()), (1, 1), "which rule comes first is told: {told:?}");
    after.remind_before = 5;
    after.escalations.clear();
    let difference = difference(&shipped().rules, &after);
    assert_eq!(difference.new.len(), 1);
    assert!(difference.new[0].contains("5 working days before"), "{:?}", difference.new);
    assert_eq!(difference.gone.len(), 4, "{:?}", difference.gone);
}

#[test]
fn an_action_is_due_by_the_severity_of_its_case() {
    let rules = &shipped().rules;
    assert_eq!(rules.action_due_by(day("2026-03-02"), severity(5)), day("2026-03-30"));
    assert_eq!(
        rules.action_due_by(day("2026-03-02"), None),
        rules.action_due_by(day("2026-03-02"), severity(3))
    );
    let allowed = rules.allowance(7, day("2026-03-02"), severity(5));
    assert_eq!((allowed.procedure, allowed.latest_due_on), (7, day("2026-03-30")));
    assert_eq!(
        allowed.latest_check_on(day("2026-03-30")),
        rules.check_due_by(day("2026-03-30"), severity(5))
    );
    assert_eq!(rules.allowance(7, day("2026-03-02"), None).severity, severity(3).unwrap());
    assert_eq!(rules.check_due_by(day("2026-03-30"), severity(5)), day("2026-04-29"));
}

#[test]
fn owners_are_told_before_a_day_after_and_again_and_others_at_their_step() {
    let rules = shipped().rules.clone();
    // Wednesday; the days around it until the week of Easter, which this calendar does not know.
    let due = day("2026-04-01");
    let told: Vec<(String, Vec<Reminder>)> = (-10..22)
        .map(|days| due.checked_add(jiff::Span::new().days(days)).unwrap())
        .map(|day| (day.to_string(), rules.reminders(due, day)))
        .filter(|(_, told)| !told.is_empty())
        .collect();
    let escalated = |to| Reminder::Escalated(to);
    let expected = vec![
        ("2026-03-27".to_owned(), vec![Reminder::Soon]),
        ("2026-04-02".to_owned(), vec![Reminder::Overdue, escalated(EscalateTo::Case)]),
        ("2026-04-08".to_owned(), vec![escalated(EscalateTo::Manager)]),
        ("2026-04-09".to_owned(), vec![Reminder::Overdue]),
        ("2026-04-16".to_owned(), vec![Reminder::Overdue]),
    ];
    assert_eq!(told, expected);
    assert_eq!(rules.escalated_to(due, day("2026-04-02")), [EscalateTo::Case]);
    assert_eq!(rules.escalated_to(due, day("2026-04-01")), []);
    assert_eq!(rules.reminds_until(day("2026-03-27")), due);
    // What is due on a Sunday is told of as long before as what is due on the Friday, and is read by then.
    let sunday = day("2026-03-29");
    let soon = day("2026-03-24");
    assert_eq!(rules.reminders(sunday, soon), [Reminder::Soon]);
    assert!(rules.reminds_until(soon) >= sunday, "{}", rules.reminds_until(soon));
    let mut daily = rules;
    daily.remind_every = 1;
    assert_eq!(daily.reminders(due, day("2026-04-03")), [Reminder::Overdue]);
}

#[test]
fn the_version_that_comes_with_the_program_has_a_name_too() {
    for (number, name) in [(0, "shipped"), (3, "PRC-0003")] {
        assert_eq!(VersionName::of(number).to_string(), name);
        assert_eq!(name.parse(), Ok(VersionName::of(number)));
    }
    assert!("PRC-0000".parse::<VersionName>().is_err());
}

#[test]
fn a_target_is_reached_by_enough_of_those_of_which_it_can_be_told() {
    let target: Target = "actions_on_time: 80 %".parse().unwrap();
    assert_eq!(target.is_reached(0, 0), None);
    assert_eq!(target.is_reached(4, 1), Some(true));
    assert_eq!(target.is_reached(79, 21), Some(false));
}
