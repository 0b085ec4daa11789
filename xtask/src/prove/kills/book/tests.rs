use serde_json::json;

use super::*;

const CASE: &str = "CASE-2026-0001";

fn report() -> (Write, Value) {
    let write = Write::Report { title: "Case a".to_owned(), summary: "Text of a".to_owned() };
    (write, json!({"reference": CASE}))
}

fn comment(text: &str) -> Write {
    Write::Comment { case: CASE.to_owned(), text: text.to_owned() }
}

fn plan() -> Write {
    let (title, measure) = ("Action b".to_owned(), "Measured by b".to_owned());
    Write::Plan { case: CASE.to_owned(), title, measure }
}

/// A book in which a case with one comment was acknowledged.
fn book() -> Book {
    let mut book = Book::default();
    book.enter(&[(comment("said"), json!({})), report()]).unwrap();
    book
}

fn shown(change: impl Fn(&mut Facts)) -> Facts {
    let mut facts = book().cases[CASE].clone();
    change(&mut facts);
    facts
}

#[test]
fn what_was_acknowledged_and_no_more_is_in_order() {
    assert_eq!(book().settle(CASE, &shown(|_| ()), &[comment("cut")]).unwrap(), None);
}

#[test]
fn a_comment_that_is_missing_is_lost() {
    let without = shown(|facts| facts.comments.clear());
    assert!(book().settle(CASE, &without, &[comment("cut")]).is_err());
}

#[test]
fn a_write_that_was_cut_off_may_be_there_and_is_entered() {
    let with = shown(|facts| facts.comments.extend(["cut".to_owned()]));
    let mut book = book();
    assert_eq!(book.settle(CASE, &with, &[comment("cut")]).unwrap(), Some(comment("cut")));
    assert_eq!(book.settle(CASE, &with, &[]).unwrap(), None);
    assert!(book.settle(CASE, &shown(|_| ()), &[]).is_err());
}

#[test]
fn what_nobody_wrote_is_an_error() {
    let with = shown(|facts| facts.comments.extend(["other".to_owned()]));
    assert!(book().settle(CASE, &with, &[comment("cut")]).is_err());
}

#[test]
fn a_new_title_with_the_old_summary_is_half_a_write() {
    let edit = Write::Edit { case: CASE.to_owned(), title: "New".to_owned(), summary: "Newer".to_owned() };
    let half = shown(|facts| facts.title = "New".to_owned());
    assert!(book().settle(CASE, &half, std::slice::from_ref(&edit)).is_err());
    let whole = shown(|facts| {
        facts.title = "New".to_owned();
        facts.summary = "Newer".to_owned();
    });
    assert_eq!(book().settle(CASE, &whole, std::slice::from_ref(&edit)).unwrap(), Some(edit));
}

#[test]
fn an_action_without_its_check_is_half_a_write() {
    let action = |checks: Value| json!({"title": "Action b", "reference": "ACT-2026-0001", "checks": checks});
    let with = |checks: Value| {
        let case = json!({"title": "Case a", "summary": "Text of a", "comments": [{"text": "said"}], "evidence": []});
        Facts::shown(&case, &[action(checks)]).unwrap()
    };
    assert!(book().settle(CASE, &with(json!([])), &[plan()]).is_err());
    let whole = with(json!([{"measure": "Measured by b"}]));
    assert_eq!(book().settle(CASE, &whole, &[plan()]).unwrap(), Some(plan()));
}

#[test]
fn a_number_that_is_given_twice_is_an_error() {
    assert!(book().enter(&[report()]).is_err());
}
