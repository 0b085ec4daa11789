//! The index counts what a plain walk over the store counts: totals, facets and groups, for hundreds of random cases and
//! random queries, over the whole register and within what somebody may see.

mod cases;
mod filter;

use std::collections::BTreeMap;

use nevertwice_domain::case::{Case, CaseState};
use nevertwice_domain::id::PersonId;
use nevertwice_domain::measure::{DateBasis, Dimension, Period, Row, Volume, volume};
use nevertwice_domain::read_model::LeftOut;
use nevertwice_domain::when::When;
use nevertwice_testkit::TestDatabase;
use serde_json::{Value, json};

use crate::fixture::{CALLERS, Register, Story, text};
use cases::{Dice, all_cases, fill};
use filter::Filter;

nevertwice_testkit::on_each_engine!(
    totals_and_facets_are_those_of_the_store,
    groups_are_those_of_the_domains_own_measure,
    figures_of_the_register_count_what_one_may_not_see,
    every_page_holds_each_case_once,
    what_is_counted_is_also_shown,
);

const CASES: usize = 300;
const QUERIES: usize = 60;

/// A register with random cases, and those cases as the store has them.
struct Counted {
    register: Register,
    cases: Vec<Case>,
    people: BTreeMap<String, PersonId>,
}

/// Whether somebody's roles show them a case that does not shut them out.
type Shows = fn(&Case, PersonId) -> bool;

/// Who asks, and what their roles show them.
const VIEWERS: [(&str, Shows); 4] = [
    ("ada", |_, _| true),
    ("auditor", |_, _| true),
    ("responder", |_, _| true),
    ("own-reporter", |case, me| case.reporter == Some(me)),
];

impl Counted {
    fn new(database: &TestDatabase) -> Self {
        let register = Register::found(database);
        register.add_callers();
        let list = register.ok("ada", "list_people", json!({}));
        let person = |person: &Value| {
            (
                text(person, "name").to_lowercase(),
                PersonId::from(text(person, "id").parse::<uuid::Uuid>().unwrap()),
            )
        };
        let people: BTreeMap<String, PersonId> = list.as_array().unwrap().iter().map(person).collect();
        let register = register.reopened_after(|url| fill(url, CASES, &people));
        let cases = all_cases(register.url());
        assert_eq!(cases.len(), CASES);
        Self { register, cases, people }
    }

    fn visible(&self, viewer: usize) -> impl Iterator<Item = &Case> {
        let (user, sees) = VIEWERS[viewer];
        let me = self.people[user];
        self.cases.iter().filter(move |case| !case.shuts_out(me) && sees(case, me))
    }

    /// Why a case counts in no figure: a part does not, unless the whole is hidden from somebody who may know of the part.
    fn left_out(&self, case: &Case) -> Option<LeftOut> {
        if case.state == CaseState::Void {
            return Some(LeftOut::Void);
        }
        let whole = self.cases.iter().find(|whole| Some(whole.id) == case.part_of)?;
        let is_known =
            self.people.values().all(|person| case.shuts_out(*person) || !whole.shuts_out(*person));
        is_known.then_some(LeftOut::PartOf)
    }

    /// A case as the domain's measure counts it.
    fn row(&self, case: &Case, basis: DateBasis, hidden: bool) -> Row {
        let registered =
            || When::day(case.registered_at.date_in(&jiff::tz::TimeZone::get("Europe/Berlin").unwrap()));
        let when = match basis {
            DateBasis::Earliest => case.earliest_known(),
            DateBasis::Reported => case.reported,
            DateBasis::Occurred => case.occurred,
            DateBasis::Detected => case.detected,
            DateBasis::Registered => Some(registered()),
        };
        Row {
            period: when.map(Period::of),
            class: Some(case.class.to_string()),
            category: case.category.as_ref().map(ToString::to_string),
            severity: case.severity,
            state: Some(case.state.to_string()),
            origin: Some(case.origin.to_string()),
            decision: Some(case.decision.to_string()),
            left_out: self.left_out(case),
            hidden,
            count: 1,
        }
    }
}

fn totals_and_facets_are_those_of_the_store(database: &TestDatabase) {
    let counted = Counted::new(database);
    let mut dice = Dice::new(11);
    for number in 0..QUERIES {
        let filter = if number == 0 { Filter::Everything } else { Filter::random(&mut dice, 3) };
        let query = filter.text();
        for (viewer, (user, _)) in VIEWERS.into_iter().enumerate() {
            let me = counted.people[user];
            let matching: Vec<&Case> =
                counted.visible(viewer).filter(|case| filter.holds(case, me, &counted.people)).collect();
            let list = counted.register.ok(user, "list_cases", json!({ "query": query, "limit": 1000 }));
            assert_eq!(list["total"], matching.len(), "{user}: {query}");
            assert_eq!(list["items"].as_array().unwrap().len(), matching.len(), "{user}: {query}");
            let found = counted.register.ok(user, "facets", json!({ "query": query, "limit": 1000 }));
            for facet in found.as_array().unwrap() {
                let name = text(facet, "facet");
                assert_eq!(sorted(&facet["values"]), facet_of(&name, &matching), "{user}: {name} of {query}");
            }
        }
    }
}

/// Values with their counts, in the order of the values.
fn sorted(values: &Value) -> BTreeMap<Option<String>, u64> {
    let pairs = values.as_array().unwrap().iter();
    pairs.map(|pair| (pair["value"].as_str().map(str::to_owned), pair["count"].as_u64().unwrap())).collect()
}

fn facet_of(name: &str, cases: &[&Case]) -> BTreeMap<Option<String>, u64> {
    let mut counts = BTreeMap::new();
    for case in cases {
        let values: Vec<Option<String>> = match name {
            "class" => vec![Some(case.class.to_string())],
            "state" => vec![Some(case.state.to_string())],
            "severity" => vec![case.severity.map(|severity| severity.level().to_string())],
            "category" => vec![case.category.as_ref().map(ToString::to_string)],
            "year" => vec![case.earliest_known().map(|when| when.year().to_string())],
            "tag" if case.tags.is_empty() => vec![None],
            "tag" => case.tags.iter().map(|tag| Some(tag.to_string())).collect(),
            other => panic!("nobody counted {other}"),
        };
        for value in values {
            *counts.entry(value).or_insert(0) += 1;
        }
    }
    counts
}

fn dimensions(dice: &mut Dice) -> Vec<Dimension> {
    use nevertwice_domain::word::Word;
    let mut chosen: Vec<Dimension> = Vec::new();
    for _ in 0..dice.below(4) {
        let dimension = dice.pick(Dimension::ALL);
        if !chosen.contains(&dimension) {
            chosen.push(dimension);
        }
    }
    chosen
}

const BASES: [DateBasis; 5] = [
    DateBasis::Earliest,
    DateBasis::Reported,
    DateBasis::Occurred,
    DateBasis::Detected,
    DateBasis::Registered,
];

fn groups_are_those_of_the_domains_own_measure(database: &TestDatabase) {
    let counted = Counted::new(database);
    let mut dice = Dice::new(12);
    for _ in 0..QUERIES {
        let (filter, by, basis) = (Filter::random(&mut dice, 2), dimensions(&mut dice), dice.pick(&BASES));
        for (viewer, (user, _)) in VIEWERS.into_iter().enumerate() {
            let me = counted.people[user];
            let matching = counted.visible(viewer).filter(|case| filter.holds(case, me, &counted.people));
            let expected = volume(&by, matching.map(|case| counted.row(case, basis, false)));
            let input = json!({ "by": by, "date": basis, "query": filter.text(), "register": false });
            let found = counted.register.ok(user, "measure_volume", input.clone());
            assert_eq!(found, answer("viewer", &expected), "{user}: {input}");
        }
    }
}

fn figures_of_the_register_count_what_one_may_not_see(database: &TestDatabase) {
    let counted = Counted::new(database);
    let mut dice = Dice::new(13);
    let mut withheld = 0;
    for _ in 0..QUERIES {
        let (by, basis) = (dimensions(&mut dice), dice.pick(&BASES));
        let me = counted.people["auditor"];
        let rows = counted.cases.iter().map(|case| counted.row(case, basis, case.shuts_out(me)));
        let expected = volume(&by, rows);
        withheld += expected.withheld;
        let input = json!({ "by": by, "date": basis, "query": "", "register": true });
        let found = counted.register.ok("auditor", "measure_volume", input.clone());
        assert_eq!(found, answer("register", &expected), "{input}");
    }
    assert!(withheld > 0, "no group was ever so small that it had to be withheld");
}

/// A measure as the use case gives it back.
fn answer(scope: &str, volume: &Volume) -> Value {
    let mut answer = serde_json::to_value(volume).unwrap();
    answer["scope"] = scope.into();
    answer
}

fn every_page_holds_each_case_once(database: &TestDatabase) {
    let counted = Counted::new(database);
    for (viewer, (user, _)) in VIEWERS.into_iter().enumerate() {
        let mut expected: Vec<String> =
            counted.visible(viewer).map(|case| case.reference.to_string()).collect();
        expected.sort();
        for sort in ["reference", "-registered", "reported", "-severity", "due"] {
            let (mut seen, mut after) = (Vec::new(), Value::Null);
            loop {
                let input = json!({ "query": "", "limit": 17, "after": after, "sort": sort });
                let page = counted.register.ok(user, "list_cases", input);
                seen.extend(page["items"].as_array().unwrap().iter().map(|row| text(row, "reference")));
                after = page["next"].clone();
                if after.is_null() {
                    break;
                }
            }
            seen.sort();
            assert_eq!(seen, expected, "{user} by {sort}");
        }
    }
}

fn what_is_counted_is_also_shown(database: &TestDatabase) {
    let register = Register::found(database);
    register.add_callers();
    let open = Story::tell(&register, &|what| format!("a {what}"));
    let restricted = Story::tell(&register, &|what| format!("another {what}"));
    let everybody: Vec<&str> = CALLERS[1..].iter().map(|caller| caller.user()).collect();
    restricted.restrict_to(&register, &everybody);
    register.ok("sales", "report_case", json!({ "title": "a customer asks" }));
    register.ok("board", "report_case", json!({ "title": "a member asks" }));
    register.ok("ada", "edit_case", json!({ "case": open.case, "add_responders": ["sales"] }));

    let mut wrong = Vec::new();
    for user in everybody {
        for list in ["list_cases", "list_actions", "list_lessons", "list_reviews", "search"] {
            let found = register.ok(user, list, json!({ "query": "", "limit": 100, "offset": 0 }));
            let shown = found["items"].as_array().unwrap().len();
            if found["total"] != shown {
                wrong.push(format!("{list} by {user}: {} counted, {shown} shown", found["total"]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
