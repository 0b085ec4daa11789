//! Who uses the register: people with sessions, programs with tokens, of several roles.

use std::time::Instant;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use super::WebLoad;
use super::mix::Part;
use super::schedule::Schedule;
use super::tally::Tally;
use crate::prove::chance::Chance;
use crate::prove::client::Client;
use crate::readiness::pause;
use crate::web::questions::{self, FILTER, counts, in_register, unheard};
use crate::web::{Ask, Connection, Credential, Request, Site, by_invitation, escaped};

/// What somebody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Reporter,
    Responder,
    Manager,
    Auditor,
}

/// Of ten users, in turn.
const ROLES: [Role; 10] = [
    Role::Reporter,
    Role::Responder,
    Role::Manager,
    Role::Reporter,
    Role::Responder,
    Role::Reporter,
    Role::Auditor,
    Role::Manager,
    Role::Responder,
    Role::Reporter,
];

/// Every so many users one is a program with a token.
const PROGRAMS: u32 = 4;

/// What everybody knows of the register.
pub(super) struct Known {
    /// Its cases before, whose numbers are 1 to that.
    cases: u64,
    /// What stands before the number of a reference.
    before_number: String,
    /// Where the 20th page goes on.
    page_20: String,
}

/// Somebody with a connection.
pub(super) struct User {
    role: Role,
    who: Credential,
    connection: Connection,
    own: Vec<Own>,
    seed: u64,
}

/// A case that somebody reported.
struct Own {
    reference: String,
    /// What was written of it last: its title, a comment or a moment.
    words: String,
}

impl Known {
    /// Asks a server as its own operating-system user.
    ///
    /// # Errors
    /// When it has another register.
    pub(super) fn find(client: &Client, cases: u64) -> anyhow::Result<Known> {
        let list = |sort: &str, limit: u32, after: &Value| {
            client.get("list_cases", &json!({"query": "", "limit": limit, "after": after, "sort": sort}))
        };
        let first = list("reference", 1, &Value::Null)?;
        let reference = first["items"][0]["reference"].as_str().context("there is no case")?;
        let before_number =
            reference.strip_suffix("0001").with_context(|| format!("the first case is {reference}"))?;
        let pages = list("-registered", 950, &Value::Null)?;
        let page_20 = pages["next"].as_str().context("there are not 20 pages")?;
        Ok(Known { cases, before_number: before_number.to_owned(), page_20: page_20.to_owned() })
    }

    /// Any of the cases that were there before.
    fn any(&self, chance: &mut Chance) -> String {
        format!("{}{:04}", self.before_number, 1 + chance.number() % self.cases)
    }
}

/// Adds everybody, lets them in, and has everybody who may report a first case.
///
/// # Errors
/// When somebody cannot get in.
pub(super) fn gather(client: &Client, site: &Site, wanted: &WebLoad) -> anyhow::Result<Vec<User>> {
    let user = |number: u32| -> anyhow::Result<User> {
        let role = ROLES[number as usize % ROLES.len()];
        let (name, email) = (format!("User number {number}"), format!("user{number}@register.example"));
        client.get(
            "new_person",
            &json!({"name": name, "kind": "person", "roles": [role.name()], "email": email, "os_user": null}),
        )?;
        let mut connection = site.connection();
        let who = if number % PROGRAMS == 3 {
            let scopes = ["read", "report", "edit", "decide"];
            let token = client.get(
                "new_token",
                &json!({"person": name, "label": "load", "days": null, "scopes": scopes}),
            )?;
            Credential::Token(secret(&token)?)
        } else {
            let invitation = client.get("invite", &json!({ "person": name }))?;
            by_invitation(&mut connection, &secret(&invitation)?, &email)?
        };
        let mut user = User { role, who, connection, own: Vec::new(), seed: wanted.seed };
        if role != Role::Auditor {
            user.report(&format!("The first report of user {number}"))?;
        }
        // Until everybody is in it would be idle for longer than a server has to bear.
        user.connection = site.connection();
        Ok(user)
    };
    (0..wanted.users).map(user).collect()
}

/// How many there are of each kind.
pub(super) fn counted(users: &[User]) -> String {
    let of = |role: Role| users.iter().filter(|user| user.role == role).count();
    let programs = users.iter().filter(|user| user.is_program()).count();
    let roles = [Role::Reporter, Role::Responder, Role::Manager, Role::Auditor];
    let roles: Vec<String> = roles.iter().map(|role| format!("{} {}s", of(*role), role.name())).collect();
    format!("{}; {programs} of them programs with tokens", roles.join(", "))
}

fn secret(made: &Value) -> anyhow::Result<String> {
    Ok(made["secret"].as_str().context("nothing secret in what was made")?.to_owned())
}

impl Role {
    fn name(self) -> &'static str {
        match self {
            Role::Reporter => "reporter",
            Role::Responder => "responder",
            Role::Manager => "manager",
            Role::Auditor => "auditor",
        }
    }
}

impl User {
    /// The cases that they reported and that were acknowledged.
    pub(super) fn reported(&self) -> impl Iterator<Item = &str> {
        self.own.iter().map(|own| own.reference.as_str())
    }

    fn is_program(&self) -> bool {
        matches!(self.who, Credential::Token(_))
    }

    /// Asks what is due, until nothing is any more.
    pub(super) fn work(&mut self, number: u64, known: &Known, schedule: &Schedule, begin: Instant) -> Tally {
        let mut tally = Tally::default();
        for (request, due) in schedule.of_user(number) {
            let due = begin + due;
            while Instant::now() < due {
                pause(due.saturating_duration_since(Instant::now()));
            }
            let sent = Instant::now();
            let mut chance = Chance::new(self.seed.wrapping_add(request << 8));
            let part = match Part::of(&mut chance) {
                // An auditor changes nothing.
                Part::Writes if self.role == Role::Auditor => Part::Pages,
                part => part,
            };
            let outcome = self.one(part, request, known, &mut chance);
            tally.count_one(part, sent - due, due.elapsed(), &outcome);
        }
        tally
    }

    fn one(&mut self, part: Part, number: u64, known: &Known, chance: &mut Chance) -> anyhow::Result<()> {
        let ask = match part {
            Part::Pages if self.role == Role::Reporter => self.page_of_reporter(number, chance),
            Part::Pages => self.page(number, known, chance),
            Part::Live => live(number, chance),
            Part::Programs => self.read(known, chance),
            Part::Writes => return self.write(number, known, chance),
        };
        self.connection.ask(&ask, &self.who).map(drop)
    }

    fn page(&self, number: u64, known: &Known, chance: &mut Chance) -> Ask {
        match chance.below(100) {
            ..35 => case_page(&known.any(chance)),
            35..40 => self.own_page(chance).unwrap_or_else(|| case_page(&known.any(chance))),
            40..55 => Ask::page(Request::get("/cases"), "data-total=\""),
            55..67 => Ask::page(in_register(&format!("{FILTER} {}", unheard(number))), "data-total=\""),
            67..72 => {
                let path = format!("/cases?after={}", escaped(&known.page_20));
                Ask::page(Request::get(path), "data-label=\"Reference\"")
            }
            72..82 => Ask::page(Request::get("/"), "My work"),
            82..88 => Ask::page(Request::get("/lessons"), "/lessons/LSN-"),
            88..94 => Ask::page(Request::get("/actions"), "/actions/ACT-"),
            _ => {
                let query = format!("{} {}", questions::words(chance), unheard(number));
                Ask::page(Request::get(format!("/search?q={}", escaped(&query))), "<ol class=\"hits\"><li>")
            }
        }
    }

    fn page_of_reporter(&self, number: u64, chance: &mut Chance) -> Ask {
        match chance.below(100) {
            ..35 => self.own_page(chance).unwrap_or_else(|| Ask::page(Request::get("/"), "My work")),
            35..50 => Ask::page(Request::get("/cases"), "data-total=\""),
            50..55 => Ask::page(in_register(&unheard(number)), "data-total=\""),
            55..75 => Ask::page(Request::get("/"), "My work"),
            75..85 => Ask::page(Request::get("/lessons"), "in your view"),
            85..90 => Ask::page(Request::get("/actions"), "in your view"),
            _ => Ask::page(Request::get("/report"), "What happened?"),
        }
    }

    /// A case of their own, with what they wrote of it last.
    fn own_page(&self, chance: &mut Chance) -> Option<Ask> {
        let own = self.own.get(chance.below(self.own.len()))?;
        Some(Ask::page(Request::get(format!("/cases/{}", own.reference)), own.words.as_str()))
    }

    fn read(&self, known: &Known, chance: &mut Chance) -> Ask {
        let own = self.own.get(chance.below(self.own.len())).map(|own| own.reference.clone());
        let case = if self.role == Role::Reporter { own } else { Some(known.any(chance)) };
        match case {
            Some(case) if chance.happens(60) => {
                let words = format!("\"reference\":\"{case}\"");
                Ask::json(Request::get(format!("/api/v1/cases/{case}")), words)
            }
            _ => Ask::json(Request::get("/api/v1/cases?limit=50"), "\"items\":["),
        }
    }

    fn write(&mut self, number: u64, known: &Known, chance: &mut Chance) -> anyhow::Result<()> {
        let is_first = self.own.is_empty();
        match chance.below(100) {
            _ if is_first => self.report(&format!("Odd sign-in, request {number}")),
            ..40 => self.report(&format!("Odd sign-in, request {number}")),
            40..70 if self.role != Role::Reporter => {
                let words = format!("Looked at it, request {number}.");
                self.say(&known.any(chance), "comments", &json!({"text": words}), &words)
            }
            70.. if self.role == Role::Manager => {
                let words = format!("Isolated the machine, request {number}.");
                let moment =
                    json!({"kind": "key_moment", "occurred": "2026-03", "text": words, "source": "a log"});
                self.say_of_own("timeline", &moment, &words, chance)
            }
            _ => {
                let words = format!("More of it, request {number}.");
                self.say_of_own("comments", &json!({"text": words}), &words, chance)
            }
        }
    }

    fn say_of_own(
        &mut self,
        place: &str,
        form: &Value,
        words: &str,
        chance: &mut Chance,
    ) -> anyhow::Result<()> {
        let which = chance.below(self.own.len());
        let reference = self.own.get(which).context("nothing was reported yet")?.reference.clone();
        self.say(&reference, place, form, words)?;
        words.clone_into(&mut self.own[which].words);
        Ok(())
    }

    /// Adds something to a case: a person by the form of the page, a program as JSON.
    fn say(&mut self, case: &str, place: &str, form: &Value, words: &str) -> anyhow::Result<()> {
        let path = format!("/cases/{case}/{place}");
        let ask = if self.is_program() {
            Ask::json(Request::json(format!("/api/v1{path}"), form), words)
        } else {
            Ask::sent_to(Request::form(path, &fields(form)), format!("/cases/{case}#{place}"))
        };
        self.connection.ask(&ask, &self.who).map(drop)
    }

    /// Reports a case.
    fn report(&mut self, title: &str) -> anyhow::Result<()> {
        let reference = if self.is_program() {
            let request = Request::json("/api/v1/cases", &json!({ "title": title }));
            let answer = self.connection.ask(&Ask::json(request, title), &self.who)?;
            let case: Value = serde_json::from_slice(&answer.body)?;
            case["reference"].as_str().context("a case without a reference")?.to_owned()
        } else {
            let form = json!({"step": "check", "title": title, "day": "2026-03-17", "class": "event"});
            let ask = Ask::sent_to(Request::form("/report", &fields(&form)), "/receipt");
            let answer = self.connection.ask(&ask, &self.who)?;
            let to = answer.header("location").unwrap_or_default();
            let reference = to.strip_prefix("/cases/").and_then(|rest| rest.strip_suffix("/receipt"));
            reference.with_context(|| format!("a report leads to {to:?}"))?.to_owned()
        };
        if self.own.iter().any(|own| own.reference == reference) {
            bail!("{reference} was given twice");
        }
        self.own.push(Own { reference, words: title.to_owned() });
        Ok(())
    }
}

/// The fields of a form.
fn fields(form: &Value) -> Vec<(&str, &str)> {
    let fields = form.as_object().into_iter().flatten();
    fields.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?))).collect()
}

fn case_page(case: &str) -> Ask {
    Ask::page(Request::get(format!("/cases/{case}")), format!("<span class=\"ref\">{case}</span>"))
}

/// What a script asks for while somebody types.
fn live(number: u64, chance: &mut Chance) -> Ask {
    let typed = questions::typed(chance);
    if chance.happens(50) {
        return Ask::page(in_register(&typed).part(), "data-total=\"");
    }
    let query = if chance.happens(50) { typed } else { unheard(number) };
    Ask::shown(counts(&query), "text/html", "")
}
