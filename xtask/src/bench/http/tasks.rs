//! What is asked, by whom, and what has to come back.

use anyhow::Context as _;
use serde_json::{Value, json};

use super::facts::Facts;
use super::full::Full;
use crate::program::Register;
use crate::prove::chance::Chance;
use crate::web::questions::{self, FILTER, counts, in_register, unheard};
use crate::web::{Ask, Credential, Request, Site, by_invitation, by_link, escaped};

/// A page of rows, and one case.
const PAGE: Option<(&str, f64)> = Some(("p99 < 10 ms", 10.0));
const LIVE: Option<(&str, f64)> = Some(("p99 < 20 ms", 20.0));
const COUNTS: Option<(&str, f64)> = Some(("p99 < 60 ms", 60.0));
const INSIGHT: Option<(&str, f64)> = Some(("p99 < 100 ms", 100.0));

/// Something that is asked again and again.
pub(super) struct Task<'t> {
    pub(super) name: &'static str,
    pub(super) who: &'t Credential,
    /// The slowest in a hundred should take less milliseconds.
    pub(super) target: Option<(&'static str, f64)>,
    /// Whether it stays in the register.
    pub(super) is_write: bool,
    /// The question of a turn.
    pub(super) ask: Box<dyn Fn(u64) -> Ask + Sync + 't>,
}

/// Who asks.
pub(super) struct Visitors {
    /// A manager, administrator too, in a browser.
    pub(super) manager: Credential,
    /// A manager in a browser who owes a lot: whoever owns most of the open actions.
    pub(super) owner: Credential,
    /// What whoever owes a lot is called.
    pub(super) owner_name: String,
    /// A manager's program.
    pub(super) program: Credential,
    /// A reporter's browser or program: somebody who reported cases, and sees no others.
    pub(super) reporter: Credential,
}

impl Visitors {
    /// Lets everybody in, who were there before or not.
    pub(super) fn enter(register: &Register<'_>, site: &Site) -> anyhow::Result<Visitors> {
        let mut connection = site.connection();
        let link = register.json(&["person", "sign-in-link"])?;
        let manager = by_link(&mut connection, secret(&link)?)?;
        let name = "The program of a manager";
        let people = register.json(&["person", "list"])?;
        let is_there = people.as_array().is_some_and(|all| all.iter().any(|person| person["name"] == name));
        if !is_there {
            register.json(&["person", "new", name, "--role", "manager"])?;
        }
        let token = |person: &str| -> anyhow::Result<Credential> {
            let token = register.json(&["person", "token", person, "--label", "bench"])?;
            Ok(Credential::Token(secret(&token)?.to_owned()))
        };
        let program = token(name)?;

        let open = Request::get("/api/v1/actions?q=state%3Aopen&limit=1000");
        let actions = connection.ask(&Ask::json(open, "\"items\":"), &program)?;
        let owners = by_frequency(&serde_json::from_slice(&actions.body)?);
        let [owner, reporter, ..] = owners.as_slice() else { anyhow::bail!("nobody owns an open action") };
        let email = "owner@register.example";
        let confirm = ["person", "confirm", owner, "--kind", "person", "--role", "manager", "--email", email];
        register.json(&confirm)?;
        let invitation = register.json(&["person", "invite", owner])?;
        let entered = by_invitation(&mut connection, secret(&invitation)?, email)?;
        register.json(&["person", "confirm", reporter, "--kind", "person", "--role", "reporter"])?;
        Ok(Visitors {
            manager,
            owner: entered,
            owner_name: owner.clone(),
            program,
            reporter: token(reporter)?,
        })
    }
}

fn secret(made: &Value) -> anyhow::Result<&str> {
    made["secret"].as_str().context("nothing secret in what was made")
}

/// The owners of a page of actions, whoever has most of them first.
fn by_frequency(actions: &Value) -> Vec<String> {
    let mut counted = std::collections::BTreeMap::<&str, usize>::new();
    for owner in actions["items"].as_array().into_iter().flatten().filter_map(|row| row["owner"].as_str()) {
        *counted.entry(owner).or_default() += 1;
    }
    let mut owners: Vec<_> = counted.into_iter().collect();
    owners.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    owners.into_iter().map(|(owner, _)| owner.to_owned()).collect()
}

impl Task<'_> {
    /// The page of fixed text.
    pub(super) fn bare() -> Task<'static> {
        reads("bare page", &Credential::Nobody, None, |_| Ask::page(Request::get("/"), "</p></body></html>"))
    }
}

fn reads<'t>(
    name: &'static str,
    who: &'t Credential,
    target: Option<(&'static str, f64)>,
    ask: impl Fn(u64) -> Ask + Sync + 't,
) -> Task<'t> {
    Task { name, who, target, is_write: false, ask: Box::new(ask) }
}

/// Everything that is asked.
pub(super) fn all<'t>(facts: &'t Facts, full: &'t Full, visitors: &'t Visitors) -> Vec<Task<'t>> {
    let mut tasks = register_pages(facts, visitors);
    tasks.extend(pages_of_the_loop(full, visitors));
    tasks.extend(other_pages(facts, visitors));
    tasks.extend(for_programs(facts, visitors));
    tasks
}

/// A case that a turn is about: any of those that were imported.
fn any(facts: &Facts, turn: u64) -> String {
    facts.case(1 + Chance::new(turn).number() % facts.cases)
}

fn total(count: u64) -> String {
    format!("data-total=\"{count}\"")
}

fn register_pages<'t>(facts: &'t Facts, visitors: &'t Visitors) -> Vec<Task<'t>> {
    let manager = &visitors.manager;
    let case = move |turn| {
        let case = any(facts, turn);
        Ask::page(Request::get(format!("/cases/{case}")), format!("<span class=\"ref\">{case}</span>"))
    };
    let filtered =
        move |turn| Ask::page(in_register(&format!("{FILTER} {}", unheard(turn))), total(facts.filtered));
    let page_20 = move |turn| {
        let query = format!("/cases?q={}&after={}", escaped(&unheard(turn)), escaped(&facts.page_20));
        Ask::page(Request::get(query), total(facts.total))
    };
    vec![
        reads("page of a case, any", manager, PAGE, case),
        reads("the same, compressed", manager, PAGE, move |turn| case(turn).compressed()),
        reads("register, first page", manager, PAGE, |_| {
            Ask::page(Request::get("/cases"), total(facts.total))
        }),
        reads("register, filtered by state and severity", manager, PAGE, filtered),
        reads("register, 20th page", manager, PAGE, page_20),
        reads("register, first page of a reporter", &visitors.reporter, PAGE, |_| {
            Ask::page(Request::get("/cases"), "data-total=\"")
        }),
        reads("counts beside the register", manager, COUNTS, move |turn| {
            Ask::page(counts(&unheard(turn)), "<span class=\"count\">")
        }),
        reads("counts beside what is typed", manager, COUNTS, move |turn| {
            Ask::page(counts(&format!("class:incident {}", unheard(turn))), "<span class=\"count\">")
        }),
        reads("results as somebody types", manager, LIVE, |turn| {
            Ask::page(in_register(&questions::typed(&mut Chance::new(turn))).part(), "data-total=\"")
        }),
    ]
}

/// A case and a review that are full, and what the company is told of its learning.
fn pages_of_the_loop<'t>(full: &'t Full, visitors: &'t Visitors) -> Vec<Task<'t>> {
    let manager = &visitors.manager;
    let page = |path: String, words: &'static str| move |_| Ask::page(Request::get(path.as_str()), words);
    let named = format!("<span class=\"ref\">{}</span>", full.case);
    let case = move |_| Ask::page(Request::get(format!("/cases/{}", full.case)), named.as_str());
    let learning = |turn| {
        let query = format!("/loop?q={}", escaped(&unheard(turn)));
        Ask::page(Request::get(query), "Loop score")
    };
    vec![
        reads("case with 200 entries, 40 causes, 30 actions", manager, PAGE, case),
        reads(
            "review with 40 causes",
            manager,
            PAGE,
            page(format!("/reviews/{}", full.review), "branch 7 ran into"),
        ),
        reads("whether we learn, all cases", manager, INSIGHT, page("/loop".to_owned(), "Loop score")),
        reads("whether we learn, another query each time", manager, INSIGHT, learning),
        reads(
            "what the procedure says and what was done",
            manager,
            INSIGHT,
            page("/procedure/say-do".to_owned(), "What we say"),
        ),
        reads("what changed because of what", manager, PAGE, page("/changes".to_owned(), "changed")),
        reads("risks", manager, PAGE, page("/risks".to_owned(), "Risks")),
    ]
}

fn other_pages<'t>(facts: &'t Facts, visitors: &'t Visitors) -> Vec<Task<'t>> {
    let manager = &visitors.manager;
    let page = |path: &'static str, words: &'static str| move |_| Ask::page(Request::get(path), words);
    vec![
        reads("search in every kind of record", manager, None, |turn| {
            let query = format!("{} {}", questions::words(&mut Chance::new(turn)), unheard(turn));
            Ask::page(Request::get(format!("/search?q={}", escaped(&query))), "<ol class=\"hits\"><li>")
        }),
        reads("lessons, first page", manager, PAGE, page("/lessons", "/lessons/LSN-")),
        reads("actions, first page", manager, PAGE, page("/actions", "/actions/ACT-")),
        reads("my work, of somebody who owes much", &visitors.owner, None, page("/", "Actions I owe")),
        reads("my work, of a reporter", &visitors.reporter, None, page("/", "My work")),
        reads("page for signing in", &Credential::Nobody, None, page("/sign-in", "Sign in")),
        reads("style sheet", &Credential::Nobody, None, |_| {
            Ask::shown(Request::get(facts.style.as_str()), "text/css", "@layer")
        }),
    ]
}

fn for_programs<'t>(facts: &'t Facts, visitors: &'t Visitors) -> Vec<Task<'t>> {
    let program = &visitors.program;
    let writes = |task: Task<'t>| Task { is_write: true, ..task };
    vec![
        reads("program: one case", program, PAGE, |turn| {
            let case = any(facts, turn);
            Ask::json(Request::get(format!("/api/v1/cases/{case}")), format!("\"reference\":\"{case}\""))
        }),
        reads("program: 50 cases", program, PAGE, |turn| {
            let query = format!("/api/v1/cases?q={}", escaped(&unheard(turn)));
            Ask::json(Request::get(query), format!("\"total\":{}", facts.total))
        }),
        writes(reads("program: report a case", program, None, |turn| {
            let report = json!({"title": format!("Odd sign-in number {turn}"), "class": "event"});
            Ask::json(Request::json("/api/v1/cases", &report), "\"reference\":\"CASE-")
        })),
        writes(reads("program: comment on a case", program, None, |turn| {
            let (case, words) = (any(facts, turn), format!("Looked at it, turn {turn}."));
            let ask = Request::json(format!("/api/v1/cases/{case}/comments"), &json!({"text": words}));
            Ask::json(ask, words)
        })),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_owns_most_comes_first() {
        let row = |owner: &str| json!({"owner": owner});
        let actions = json!({"items": [row("Ada"), row("Bob"), row("Bob"), row("Eve")]});
        assert_eq!(by_frequency(&actions), ["Bob", "Ada", "Eve"]);
    }
}
