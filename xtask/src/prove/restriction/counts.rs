//! What answers count. Of what is restricted that is nothing, in no total, facet or figure; and of what is open it is all,
//! for those who read every case: an error would be silent too, and show nothing.

use serde_json::Value;

use super::people::Person;

/// A word that every open case told here has in its title, and no other record anywhere.
pub(super) const OPEN_WORD: &str = "stood";
/// How every question about restricted words begins its word, the misspelt ones too.
const BEGUN: &str = "zqcan";

/// Questions that nothing but restricted cases answers here.
const ONLY_RESTRICTED: [&str; 5] =
    ["restricted:yes", "-restricted:no", "has:evidence", "supplier:Northwind", "state:void"];

/// Fields of these questions that the figures of the whole register may be asked by.
const COUNTED_BY: [&str; 3] = ["category:", "state:", "supplier:"];

/// How many cases everybody may be told of who reads every case.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Open {
    /// Those with [`OPEN_WORD`] in their title.
    pub(super) told: u64,
    /// All of them.
    pub(super) all: u64,
}

/// What is wrong with an answer's counts; nothing if they are as they should be, or if nobody can say how they should
/// be.
pub(super) fn wrong(person: &Person, name: &str, input: &Value, answer: &[u8], open: Open) -> Option<String> {
    let query = input["query"].as_str()?;
    let about_restricted = query.contains(BEGUN) || ONLY_RESTRICTED.contains(&query);
    // The whole register is counted on purpose, for those who may have it counted: by what figures are counted by, and
    // never by a word that somebody wrote.
    let of_register = input["register"] == true;
    if of_register && (!about_restricted || COUNTED_BY.iter().any(|field| query.starts_with(field))) {
        return None;
    }
    let about_open = [OPEN_WORD, ""].contains(&query);
    let place = || format!("{name} {input} by {}", person.name);
    let Some(outcome) = outcome(answer) else {
        let wanted = person.reads_every_case() && !of_register && (about_restricted || about_open);
        let said = String::from_utf8_lossy(answer);
        return wanted.then(|| format!("no answer to {}: {}", place(), said.trim()));
    };
    if about_restricted && counts_something(name, &outcome) {
        return Some(format!("a count in {}: {outcome}", place()));
    }
    let expected = expected(name, query, open).filter(|_| person.reads_every_case())?;
    let counted = count(name, &outcome);
    (counted != Some(expected)).then(|| format!("{counted:?} instead of {expected} counted by {}", place()))
}

/// The outcome in the lines of an answer, unless it is an error.
fn outcome(answer: &[u8]) -> Option<Value> {
    answer.split(|byte| *byte == b'\n').find_map(|line| {
        let mut frame: Value = serde_json::from_slice(line).ok()?;
        frame.get_mut("outcome").map(Value::take)
    })
}

/// Whether an answer tells that there is anything.
fn counts_something(name: &str, outcome: &Value) -> bool {
    let is_empty = |value: &Value| value.as_array().is_some_and(Vec::is_empty);
    match name {
        "facets" => !outcome.as_array().is_some_and(|facets| facets.iter().all(|f| is_empty(&f["values"]))),
        "measure_volume" => {
            let left_out = outcome["left_out"].as_object().into_iter().flat_map(|left_out| left_out.values());
            let numbers =
                [&outcome["n"], &outcome["missing"], &outcome["withheld"]].into_iter().chain(left_out);
            !is_empty(&outcome["groups"]) || !numbers.into_iter().all(|number| *number == 0)
        }
        _ => outcome["total"] != 0 || outcome["items"].as_array().is_some_and(|items| !items.is_empty()),
    }
}

/// How many records somebody who reads every case has to be told of; nothing if that is not known. Only restricted cases
/// have actions, lessons and reviews.
fn expected(name: &str, query: &str, open: Open) -> Option<u64> {
    match (name, query) {
        ("list_actions" | "list_lessons" | "list_reviews", OPEN_WORD | "") => Some(0),
        ("list_cases" | "facets" | "measure_volume" | "search", OPEN_WORD) => Some(open.told),
        ("list_cases" | "facets" | "measure_volume", "") => Some(open.all),
        _ => None,
    }
}

/// How many records an answer counts. Every case has one class, or none, which is counted as well.
fn count(name: &str, outcome: &Value) -> Option<u64> {
    match name {
        "facets" => {
            let class = outcome.as_array()?.iter().find(|facet| facet["facet"] == "class")?;
            class["values"].as_array()?.iter().map(|value| value["count"].as_u64()).sum()
        }
        "measure_volume" => outcome["n"].as_u64(),
        _ => outcome["total"].as_u64(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use serde_json::json;

    use super::*;

    fn judged(name: &'static str, asked: &str, query: &str, answer: &Value) -> bool {
        judged_of(false, name, asked, query, answer)
    }

    fn judged_of(register: bool, name: &'static str, asked: &str, query: &str, answer: &Value) -> bool {
        let person = Person { name, token: String::new(), file: PathBuf::new() };
        let answer = format!("{{\"progress\":1}}\n{answer}\n");
        let input = json!({ "query": query, "register": register });
        wrong(&person, asked, &input, answer.as_bytes(), Open { told: 3, all: 5 }).is_some()
    }

    #[test]
    fn any_count_of_restricted_words_is_wrong() {
        let list = |total: u64| json!({ "outcome": { "items": [], "total": total } });
        assert!(judged("the seller", "list_cases", "zqcanary*", &list(1)));
        assert!(!judged("the seller", "list_cases", "zqcanary*", &list(0)));
        assert!(!judged("the seller", "list_cases", "turbine", &list(1)));
        let facets = |values: Value| json!({ "outcome": [{ "facet": "tag", "values": values }] });
        assert!(judged("the seller", "facets", "zqcanary*", &facets(json!([{ "value": null, "count": 1 }]))));
        assert!(!judged("the seller", "facets", "zqcanary*", &facets(json!([]))));
        let volume = |n: u64, void: u64| json!({ "outcome": { "n": n, "groups": [], "missing": 0, "left_out": { "void": void }, "withheld": 0 } });
        assert!(judged("the seller", "measure_volume", "tag:zqcanary*", &volume(1, 0)));
        assert!(judged("the seller", "measure_volume", "tag:zqcanary*", &volume(0, 1)));
        assert!(!judged("the seller", "measure_volume", "tag:zqcanary*", &volume(0, 0)));
        for query in super::ONLY_RESTRICTED {
            assert!(judged("the seller", "measure_volume", query, &volume(1, 0)), "{query}");
        }
    }

    #[test]
    fn the_figures_of_the_whole_register_count_by_no_written_word() {
        let volume = |n: u64| json!({ "outcome": { "n": n, "groups": [], "missing": 0, "left_out": {}, "withheld": 0 } });
        let counts = |query: &str| judged_of(true, "the board", "measure_volume", query, &volume(1));
        for query in ["zqcanary*", "title:zqcanary*", "tag:zqcanary*", "restricted:yes", "has:evidence"] {
            assert!(counts(query), "{query}");
        }
        for query in ["category:zqcanary*", "state:void", "supplier:Northwind", "", "turbine"] {
            assert!(!counts(query), "{query}");
        }
        let refused = json!({ "error": { "kind": "forbidden" } });
        assert!(!judged_of(true, "the auditor", "measure_volume", "tag:zqcanary*", &refused));
    }

    #[test]
    fn who_reads_every_case_has_to_be_answered() {
        let error = json!({ "error": { "kind": "forbidden" } });
        for query in ["", OPEN_WORD, "zqcanary*"] {
            assert!(judged("the auditor", "list_cases", query, &error), "{query}");
            assert!(!judged("the seller", "list_cases", query, &error), "{query}");
        }
        assert!(!judged("the auditor", "list_cases", "turbine", &error));
    }

    #[test]
    fn who_reads_every_case_is_told_of_every_open_one() {
        let list = |total: u64| json!({ "outcome": { "items": [], "total": total } });
        assert!(judged("the auditor", "list_cases", "", &list(6)));
        assert!(!judged("the auditor", "list_cases", "", &list(5)));
        assert!(judged("the auditor", "search", OPEN_WORD, &list(2)));
        assert!(!judged("the auditor", "search", OPEN_WORD, &list(3)));
        let facets = json!({ "outcome": [{ "facet": "class", "values": [{ "value": "event", "count": 2 }, { "value": null, "count": 1 }] }] });
        assert!(!judged("the auditor", "facets", OPEN_WORD, &facets));
        assert!(judged("the auditor", "facets", "", &facets));
    }
}
