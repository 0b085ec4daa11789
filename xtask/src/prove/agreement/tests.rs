use serde_json::Value;

use super::{Lost, Shown, as_told};
use crate::prove::ledger::Ledger;

/// A register with these cases: reference, title, class.
fn register(cases: &[(&str, &str, &str)]) -> Shown {
    let case = |(reference, title, class): &(&str, &str, &str)| {
        ((*reference).to_owned(), ((*title).to_owned(), (*class).to_owned()))
    };
    Shown { cases: cases.iter().map(case).collect(), actions: [].into(), facets: Value::Null }
}

fn told(written: &[(&str, &str)]) -> Ledger {
    let pair = |(title, reference): &(&str, &str)| ((*title).to_owned(), (*reference).to_owned());
    Ledger { written: written.iter().map(pair).collect(), ..Ledger::default() }
}

fn difference(shown: &Shown, ledger: &Ledger) -> String {
    as_told(shown, ledger).expect_err("they differ").to_string()
}

#[test]
fn what_was_told_is_what_is_there() {
    let shown = register(&[("C-1", "a", "event"), ("C-2", "b", "weakness")]);
    let mut ledger = told(&[("a", "C-1"), ("b", "C-2")]);
    ledger.classified.insert("C-2".to_owned());
    ledger.refused.insert("c".to_owned());
    assert!(as_told(&shown, &ledger).is_ok());
}

#[test]
fn every_broken_promise_is_seen() {
    let shown = register(&[("C-1", "a", "event")]);
    assert!(difference(&shown, &told(&[("b", "C-2")])).contains("b was acknowledged as C-2, found None"));
    assert!(difference(&shown, &told(&[("a", "C-2")])).contains("a was acknowledged as C-2"));
    let refused = Ledger { refused: ["a".to_owned()].into(), ..Ledger::default() };
    assert!(difference(&shown, &refused).contains("a was refused, but it is there"));
    let classified = Ledger { classified: ["C-1".to_owned()].into(), ..Ledger::default() };
    assert!(difference(&shown, &classified).contains("expected weakness, found event"));
    let twice = register(&[("C-1", "a", "event"), ("C-2", "a", "event")]);
    assert!(difference(&twice, &Ledger::default()).contains("a is there twice, as C-1 and C-2"));
}

#[test]
fn everything_that_is_lost_is_named() {
    let shown = register(&[("C-1", "a", "event")]);
    let error =
        as_told(&shown, &told(&[("a", "C-1"), ("b", "C-2"), ("c", "C-3")])).expect_err("two are lost");
    let lost = error.downcast::<Lost>().expect("it is about what is lost");
    assert_eq!(lost.titles, ["b", "c"]);
}
