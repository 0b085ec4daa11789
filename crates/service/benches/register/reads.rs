//! Reading: one case, pages of a list, search, figures.

use nevertwice_domain::measure::{DateBasis, Dimension};
use nevertwice_service::case::ShowCase;
use nevertwice_service::search::{Facets, FindSimilar, ListCases, MeasureVolume, Search};

use crate::Outcome;
use crate::bare::{BareDatabase, BareIndex};
use crate::corpus::Dice;
use crate::figure::{Figure, Series};
use crate::scratch::Register;

/// Rows of a page.
const PAGE: usize = 50;

/// Queries that people type, letter by letter.
const TYPED: [&str; 8] = [
    "phishing",
    "laptop train",
    "backup restored",
    "firewall rule",
    "supplier breach",
    "ransomware",
    "credentials repository",
    "certificate expired",
];

/// Measures everything that only reads, in a register of `count` cases.
pub(crate) fn measure(register: &Register, count: u64) -> Outcome<Vec<Figure>> {
    let mut dice = Dice::new(1);
    let show = Series::measure(|_| {
        register.ask(ShowCase { case: register.case(1 + dice.below(count))? }).map(drop)
    })?;
    let mut figures =
        vec![Figure::latency("one case by its reference", &show).p99_below("p99 < 10 ms", 10.0)];
    figures.extend(pages(register, count)?);
    figures.extend(searches(register, count)?);
    figures.extend(counts(register)?);
    Ok(figures)
}

/// Puts what the engines need for the same work beside the figures.
pub(crate) fn beside(
    figures: Vec<Figure>,
    database: &mut dyn BareDatabase,
    index: &BareIndex,
    cases: &[String],
) -> Outcome<Vec<Figure>> {
    let mut dice = Dice::new(2);
    let mut any = || cases[usize::try_from(dice.below(cases.len() as u64)).unwrap_or(0)].clone();
    let read = Series::measure(|_| database.read(&any()))?;
    let page = Series::measure(|_| {
        index.page()?;
        database.read_several(&(0..PAGE).map(|_| any()).collect::<Vec<_>>())
    })?;
    let keys: Vec<&str> = last_beginnings().collect();
    let typed = Series::measure(|turn| index.prefix(keys[turn % keys.len()]))?;
    let facets = Series::measure(|_| index.facets())?;
    let bare = |name: &str| match name {
        "one case by its reference" => Some(&read),
        "first page of 50 cases with total" => Some(&page),
        "search as you type, ten hits" => Some(&typed),
        "facets of all cases" => Some(&facets),
        _ => None,
    };
    Ok(figures
        .into_iter()
        .map(|figure| match bare(figure.name) {
            Some(series) => figure.beside(series.at(50)),
            None => figure,
        })
        .collect())
}

/// A query that every case fulfils and nobody asked before: answers to the same question are kept until something changes.
fn everything(turn: usize) -> String {
    format!("-title:unheard{turn}")
}

fn list(query: &str, after: Option<String>, limit: usize) -> ListCases {
    ListCases { query: query.to_owned(), limit, after, sort: None }
}

fn pages(register: &Register, count: u64) -> Outcome<Vec<Figure>> {
    let first = Series::measure(|turn| register.ask(list(&everything(turn), None, PAGE)).map(drop))?;
    let again = Series::measure(|_| register.ask(list("", None, PAGE)).map(drop))?;
    let mut middle = None;
    for _ in 0..count / 2_000 {
        middle = register.ask(list("", middle, 1_000))?.next;
    }
    let mut after = middle.clone();
    let deep = Series::measure(|_| {
        let page = register.ask(list("", after.take(), PAGE))?;
        after = page.next.or_else(|| middle.clone());
        Ok(())
    })?;
    let filtered = Series::measure(|turn| {
        // Fits more than a page of the smallest register too: growth compares the same number of rows.
        let query = format!("class:incident,near_miss severity:>=3 {}", everything(turn));
        register.ask(list(&query, None, PAGE)).map(drop)
    })?;
    Ok(vec![
        Figure::latency("first page of 50 cases with total", &first).p99_below("p99 < 10 ms", 10.0),
        Figure::latency("the same page again", &again).p99_below("p99 < 10 ms", 10.0),
        Figure::latency("page of 50 from the middle of the list", &deep).p99_below("p99 < 10 ms", 10.0),
        Figure::latency("page of 50 by class and severity", &filtered).p99_below("p99 < 10 ms", 10.0),
    ])
}

fn searches(register: &Register, count: u64) -> Outcome<Vec<Figure>> {
    let keys: Vec<String> = beginnings().collect();
    let find = |query: String, limit: usize| register.ask(Search { query, limit, offset: 0 }).map(drop);
    let typed = Series::measure(|turn| find(format!("{}*", keys[turn % keys.len()]), 10))?;
    let ranked = Series::measure(|turn| find(TYPED[turn % TYPED.len()].to_owned(), 20))?;
    let mut dice = Dice::new(3);
    let similar = Series::measure(|_| {
        register.ask(FindSimilar { case: register.case(1 + dice.below(count))?, limit: 10 }).map(drop)
    })?;
    Ok(vec![
        Figure::latency("search as you type, ten hits", &typed).p99_below("p99 < 20 ms", 20.0),
        Figure::latency("search for words, 20 hits with snippets", &ranked),
        Figure::latency("ten cases like another", &similar),
    ])
}

fn counts(register: &Register) -> Outcome<Vec<Figure>> {
    let all = Series::measure(|turn| register.ask(Facets { query: everything(turn), limit: 20 }).map(drop))?;
    let again = Series::measure(|_| register.ask(Facets { query: String::new(), limit: 20 }).map(drop))?;
    let found = Series::measure(|turn| {
        let query = format!("{} {}", TYPED[turn % TYPED.len()], everything(turn));
        register.ask(Facets { query, limit: 20 }).map(drop)
    })?;
    let volume = |by: Vec<Dimension>| {
        Series::measure(|turn| {
            let (query, by) = (everything(turn), by.clone());
            register.ask(MeasureVolume { by, date: DateBasis::Earliest, query, register: false }).map(drop)
        })
    };
    let years = volume(vec![Dimension::Year])?;
    let months = volume(vec![Dimension::Month, Dimension::Class, Dimension::Severity])?;
    Ok(vec![
        Figure::latency("facets of all cases", &all).p99_below("p99 < 60 ms", 60.0),
        Figure::latency("the same facets again", &again).p99_below("p99 < 60 ms", 60.0),
        Figure::latency("facets of a search", &found).p99_below("p99 < 60 ms", 60.0),
        Figure::latency("cases by year", &years).p99_below("p99 < 500 ms", 500.0),
        Figure::latency("cases by month, class and severity", &months).p99_below("p99 < 500 ms", 500.0),
    ])
}

/// What stands in the search field after every letter from the third.
fn beginnings() -> impl Iterator<Item = String> {
    TYPED.into_iter().flat_map(|query| {
        let typed = move |end: usize| query[..end].to_owned();
        (3..=query.len()).map(typed).filter(|text| !text.ends_with(' '))
    })
}

/// The beginning of the word that is being typed.
fn last_beginnings() -> impl Iterator<Item = &'static str> {
    TYPED.into_iter().flat_map(|query| {
        let word = query.split(' ').next().unwrap_or(query);
        (3..=word.len()).map(move |end| &word[..end])
    })
}
