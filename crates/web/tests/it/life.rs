//! A case through its whole life, by its forms alone: each step leads on to the record that it changed, and each form
//! begins with what stands there.

use serde_json::json;

use crate::fixture::{Answer, Ask, HTTPS, Shown, Site, Who, form_of, text};

/// One form of the story: who sends it, to which address, with what, and where it leads.
type Step = (&'static str, &'static str, Fields, &'static str);

/// Names of fields, each with a value.
type Fields = &'static [(&'static str, &'static str)];

const CASE: &str = "/cases/CASE-2026-0001";
const REVIEW: &str = "/reviews/PIR-2026-0001";
const LESSON: &str = "/lessons/LSN-2026-0001";
const ACTION: &str = "/actions/ACT-2026-0001";

/// From the first triage to the end of the loop, and open again.
const STORY: &[Step] = &[
    ("manager", "/suppliers/new", &[("name", "Northwind"), ("provides", "labels")], "/suppliers"),
    ("manager", "/suppliers/SUP-0001/facts", &[("name", "Northwind Labels")], "/suppliers/SUP-0001"),
    ("manager", "/ai-assets/new", &[("kind", "model"), ("name", "Ranker")], "/ai-assets"),
    ("manager", "/ai-assets/AST-0001/facts", &[("name", "Reranker")], "/ai-assets/AST-0001"),
    ("manager", "/ai-assets/AST-0001/versions", &[("label", "v3")], "/ai-assets/AST-0001"),
    (
        "manager",
        "{case}/classification",
        &[("class", "incident"), ("severity", "3"), ("category", "loss")],
        "{case}",
    ),
    ("manager", "{case}/decision", &[("decision", "incident"), ("criteria", "harm was done")], "{case}"),
    ("manager", "{case}/response", &[("responder", "assigned")], "{case}"),
    (
        "assigned",
        "{case}/facts",
        &[
            ("title", "A lock was broken"),
            ("summary", "On *Friday*"),
            ("occurred", "2026-02-27"),
            ("detection", "internal"),
            ("initial_integrity", "low"),
            ("tags", "door, night"),
            ("responders", "assigned"),
            ("was_responders", "assigned"),
            ("suppliers", "Northwind Labels"),
            ("assets", "Reranker@v3"),
        ],
        "{case}#facts",
    ),
    (
        "assigned",
        "{case}/ai-impact",
        &[
            ("stages", "train, deploy"),
            ("datasets", "Mails; v1; 1000; 12; none"),
            ("weights", "yes"),
            ("share", "0.25"),
            ("metric", "accuracy"),
            ("contract_hours", "24"),
            ("contingency_plan_used", "no"),
            ("decision", "retrain"),
        ],
        "{case}#ai-impact",
    ),
    (
        "assigned",
        "{case}/timeline",
        &[("kind", "contained"), ("occurred", "2026-02-28"), ("text", "shut")],
        "{case}#timeline",
    ),
    (
        "assigned",
        "{case}/costs",
        &[("kind", "legal"), ("basis", "actual"), ("amount", "1200.50 EUR")],
        "{case}#costs",
    ),
    ("own-reporter", "{case}/comments", &[("text", "Thank you")], "{case}#comments"),
    ("assigned", "{case}/resolution", &[("at", "2026-03-01")], "{case}"),
    (
        "assigned",
        "{case}/reviews",
        &[("problem", "The door was open"), ("kind", "five_whys")],
        "{case}#causes",
    ),
    ("assigned", "{review}/date", &[("on", "2026-03-05")], "{review}"),
    ("assigned", "{review}/meeting", &[("on", "2026-03-02"), ("minutes", "Said this")], "{review}"),
    (
        "assigned",
        "{review}/whys",
        &[("statement", "The lock was old"), ("confidence", "confirmed"), ("evidence", "a photo")],
        "{review}#ladder",
    ),
    (
        "assigned",
        "{review}/whys",
        &[
            ("under", "1"),
            ("statement", "Nobody replaces locks"),
            ("kind", "organisational_factor"),
            ("confidence", "confirmed"),
            ("evidence", "the plan"),
        ],
        "{review}#ladder",
    ),
    (
        "assigned",
        "{review}/whys",
        &[("under", "2"), ("statement", "A slip of the pen"), ("kind", "event")],
        "{review}#ladder",
    ),
    ("assigned", "{review}/whys/3/removal", &[], "{review}"),
    (
        "assigned",
        "{review}/whys/2",
        &[
            ("statement", "Locks have no owner"),
            ("kind", "organisational_factor"),
            ("confidence", "confirmed"),
            ("evidence", "the plan"),
            ("primary", "yes"),
            ("changeable", "yes"),
            ("changeable_note", "Each lock gets an owner"),
        ],
        "{review}",
    ),
    ("assigned", "{review}/whys/2/links", &[("effect", "0"), ("kind", "made_worse")], "{review}"),
    ("assigned", "{review}/whys/2/links/0", &[("kind", "limited"), ("confidence", "likely")], "{review}"),
    ("assigned", "{review}/whys/2/links/0/removal", &[], "{review}"),
    (
        "assigned",
        "{review}/whys/2/findings/cause.no_category/dismissal",
        &[("reason", "None of them fits a lock")],
        "{review}",
    ),
    ("assigned", "{review}/similar", &[("finding", "None like it")], "{review}"),
    ("assigned", "{review}/submission", &[], "{review}"),
    ("manager", "{review}/return", &[("reason", "One why more")], "{review}"),
    ("assigned", "{review}/submission", &[], "{review}"),
    ("manager", "{review}/approval", &[], "{review}"),
    (
        "assigned",
        "{case}/lessons",
        &[("statement", "Locks need owners"), ("tags", "doors")],
        "{case}#lessons",
    ),
    (
        "assigned",
        "{lesson}/text",
        &[("statement", "Every lock needs an owner"), ("detail", "With a date"), ("tags", "doors")],
        "{lesson}",
    ),
    (
        "assigned",
        "{case}/actions",
        &[
            ("title", "Replace the lock"),
            ("lesson", "LSN-2026-0001"),
            ("purpose", "corrective"),
            ("kind", "physical"),
            ("owner", "owner"),
            ("due_on", "2026-04-01"),
            ("check_measure", "Alarms at night"),
            ("check_on", "2026-03-02"),
        ],
        "{case}#actions",
    ),
    ("manager", "{lesson}/approval", &[], "{lesson}"),
    ("owner", "{action}/start", &[], "{action}"),
    ("assigned", "{action}/due-date", &[("due_on", "2026-04-15"), ("reason", "Parts are late")], "{action}"),
    ("assigned", "{action}/strength", &[("strength", "engineer"), ("reason", "It is a lock")], "{action}"),
    ("assigned", "{action}/owner", &[("owner", "reporter")], "{action}"),
    ("assigned", "{action}/owner", &[("owner", "owner")], "{action}"),
    ("owner", "{action}/completion", &[("evidence", "The bill")], "{action}"),
    ("owner", "{action}/completion/undoing", &[], "{action}"),
    (
        "owner",
        "{action}/completion",
        &[("evidence", "The bill and a photo"), ("completed_on", "2026-03-02")],
        "{action}",
    ),
    (
        "manager",
        "{action}/judgement",
        &[("outcome", "effective"), ("evidence", "No alarms"), ("early_reason", "It was tried")],
        "{action}",
    ),
    ("assigned", "{action}/checks", &[("measure", "Alarms again"), ("planned_on", "2026-05-01")], "{action}"),
    ("manager", "{case}/closure", &[], "{case}"),
    ("manager", "{case}/reopening", &[("to", "review"), ("reason", "There is more")], "{case}"),
    (
        "manager",
        "{case}/restriction",
        &[("restricted", "yes"), ("readers", "assigned\nown-reporter")],
        "{case}",
    ),
    ("manager", "{lesson}/retirement", &[("reason", "Out of date")], "{lesson}"),
    (
        "administrator",
        "/people/new",
        &[("name", "Marta"), ("kind", "person"), ("responder", "yes")],
        "/people",
    ),
];

/// What a form begins with, once the story is told.
const PRESENT: &[(&str, &str, Fields)] = &[
    ("manager", "{case}/classification", &[("class", "incident"), ("severity", "3"), ("category", "loss")]),
    ("manager", "{case}/decision", &[("decision", "incident"), ("criteria", "harm was done")]),
    ("manager", "{case}/resolution", &[("at", "2026-03-01")]),
    ("manager", "{case}/restriction", &[("restricted", "yes"), ("readers", "own-reporter\nassigned")]),
    (
        "manager",
        "{case}/facts",
        &[
            ("title", "A lock was broken"),
            ("summary", "On *Friday*"),
            ("occurred", "2026-02-27"),
            ("detection", "internal"),
            ("initial_integrity", "low"),
            ("initial_availability", ""),
            ("tags", "door, night"),
            ("was_tags", "door, night"),
            ("responders", "assigned"),
            ("suppliers", "Northwind Labels"),
            ("assets", "Reranker@v3"),
        ],
    ),
    (
        "manager",
        "{case}/ai-impact",
        &[
            ("stages", "train, deploy"),
            ("datasets", "Mails; v1; 1000; 12; none"),
            ("weights", "yes"),
            ("prompts", ""),
            ("share", "0.25"),
            ("metric", "accuracy"),
            ("contract_hours", "24"),
            ("contingency_plan_used", "no"),
            ("decision", "retrain"),
        ],
    ),
    ("manager", "{case}/reviews", &[("problem", "A lock was broken"), ("kind", "")]),
    ("manager", "{case}/actions", &[("lesson", "LSN-2026-0001"), ("purpose", "corrective")]),
    ("manager", "{review}/meeting", &[("on", "2026-03-02"), ("minutes", "Said this")]),
    (
        "manager",
        "{review}/whys/2",
        &[
            ("statement", "Locks have no owner"),
            ("kind", "organisational_factor"),
            ("primary", "yes"),
            ("evidence", "the plan"),
        ],
    ),
    (
        "manager",
        "{lesson}/text",
        &[("statement", "Every lock needs an owner"), ("detail", "With a date"), ("tags", "doors")],
    ),
    ("assigned", "{action}/due-date", &[("due_on", "2026-04-15"), ("reason", "")]),
    ("assigned", "{action}/strength", &[("strength", "engineer"), ("reason", "It is a lock")]),
    ("manager", "/suppliers/SUP-0001/facts", &[("name", "Northwind Labels"), ("provides", "labels")]),
    ("manager", "/ai-assets/AST-0001/facts", &[("name", "Reranker")]),
    (
        "administrator",
        "/settings/company",
        &[("company", "Example AI"), ("categories", "loss"), ("currency", "EUR")],
    ),
];

fn filled(path: &str) -> String {
    path.replace("{case}", CASE)
        .replace("{review}", REVIEW)
        .replace("{lesson}", LESSON)
        .replace("{action}", ACTION)
}

/// Everybody, each with a session.
struct Cast {
    site: Site,
    sessions: Vec<(&'static str, Who)>,
}

impl Cast {
    fn new() -> Self {
        let site = Site::at(HTTPS);
        site.add_people();
        let people = crate::fixture::PEOPLE.iter();
        let sessions = people.map(|(user, _)| (*user, site.enter(user))).collect();
        Self { site, sessions }
    }

    fn who(&self, user: &str) -> &Who {
        &self.sessions.iter().find(|(other, _)| *other == user).unwrap().1
    }

    /// Fills a form in as a browser does: what is not typed over is sent as it was shown.
    fn send(&self, (user, path, typed, _): &Step) -> Answer {
        let path = filled(path);
        let page = self.site.get(self.who(user), &path).expect(200, &path).text();
        let mut fields: Vec<Shown> = form_of(&page, &path);
        for (name, value) in *typed {
            let field = fields.iter_mut().find(|field| field.name == *name);
            field.unwrap_or_else(|| panic!("{path} has no field {name}")).value = (*value).to_owned();
        }
        let fields: Vec<(&str, &str)> =
            fields.iter().map(|field| (field.name.as_str(), field.value.as_str())).collect();
        self.site.post(self.who(user), &path, &fields)
    }

    /// Tells the story up to a step, or all of it.
    fn tell(&self) {
        self.report();
        for step in STORY {
            let (user, path, _, leads_to) = step;
            let answer = self.send(step);
            let said = crate::fixture::problems(&answer.text());
            assert_eq!(
                (answer.status, answer.location()),
                (303, filled(leads_to).as_str()),
                "{path} by {user}: {said}"
            );
            let page = answer.location().split('#').next().unwrap().to_owned();
            self.site.get(self.who(user), &page).expect(200, &page);
        }
    }

    /// The four pages of a report, by somebody who knows none of the words.
    fn report(&self) {
        let who = self.who("own-reporter");
        let mut typed = vec![
            ("title", "A broken lock"),
            ("day", "2026-02-27"),
            ("time", "07:15"),
            ("class", "incident"),
            ("done", "Told the porter"),
        ];
        let mut page = self.site.get(who, "/report").expect(200, "the first page").text();
        for _ in 0..4 {
            let mut fields = form_of(&page, "/report");
            typed.retain(|(name, value)| match fields.iter_mut().find(|field| field.name == *name) {
                Some(field) if field.value.is_empty() => {
                    field.value = (*value).to_owned();
                    false
                }
                _ => true,
            });
            let fields: Vec<(&str, &str)> =
                fields.iter().map(|field| (field.name.as_str(), field.value.as_str())).collect();
            let answer = self.site.post(who, "/report", &fields);
            if answer.status == 303 {
                assert_eq!(answer.location(), format!("{CASE}/receipt"));
                let receipt = self.site.get(who, answer.location()).expect(200, "the receipt").text();
                assert!(
                    receipt.contains("CASE-2026-0001") && receipt.contains("You will not be blamed"),
                    "{receipt}"
                );
                return;
            }
            page = answer.expect(200, "the next page").text();
        }
        panic!("the report was not sent: {page}");
    }
}

#[test]
fn a_case_goes_through_its_whole_life_by_forms() {
    let cast = Cast::new();
    cast.tell();
    for (user, path, expected) in PRESENT {
        let path = filled(path);
        let page = cast.site.get(cast.who(user), &path).expect(200, &path).text();
        let fields = form_of(&page, &path);
        for (name, value) in *expected {
            let field = fields.iter().find(|field| field.name == *name);
            let field = field.unwrap_or_else(|| panic!("{path} has no field {name}"));
            assert_eq!(&field.value, value, "{path}: {name}");
        }
    }
    let found = cast.site.ok("ada", "verify_trail", serde_json::json!({}));
    assert_eq!(found["findings"], serde_json::json!([]));
}

#[test]
fn a_fact_that_is_emptied_is_cleared() {
    let cast = Cast::new();
    cast.tell();
    let emptied = ["summary", "occurred", "detection", "initial_integrity", "tags", "suppliers", "assets"];
    let fields: Vec<(&str, &str)> = emptied.iter().map(|name| (*name, "")).collect();
    let step = ("manager", "{case}/facts", Vec::leak(fields) as &[_], "{case}#facts");
    assert_eq!(cast.send(&step).expect(303, "emptied").location(), filled("{case}#facts"));
    let page = cast.site.get(cast.who("manager"), &filled("{case}/facts")).text();
    for field in form_of(&page, &filled("{case}/facts")) {
        assert!(!emptied.contains(&field.name.as_str()) || field.value.is_empty(), "{field:?} stays");
    }
}

#[test]
fn a_form_sent_twice_is_told_what_stands_in_the_way() {
    let cast = Cast::new();
    cast.tell();
    for (user, path) in [
        ("manager", "{review}/approval"),
        ("assigned", "{review}/submission"),
        ("manager", "{lesson}/retirement"),
    ] {
        let path = filled(path);
        let fields = [("reason", "Out of date")];
        let fields = if path.ends_with("retirement") { &fields[..] } else { &[] };
        let answer = cast.site.post(cast.who(user), &path, fields).expect(409, &path);
        assert!(answer.text().contains("Not saved yet"), "{path}: {}", answer.text());
    }
}

/// Forms that carry the version that was seen, each with a field that both of two people change.
const RACES: &[(&str, &str)] = &[
    ("{case}/facts", "summary"),
    ("{case}/ai-impact", "metric"),
    ("{case}/classification", "category"),
    ("{case}/decision", "criteria"),
    ("/suppliers/SUP-0001/facts", "agreement"),
    ("/ai-assets/AST-0001/facts", "description"),
];

#[test]
fn who_saves_second_sees_what_the_first_wrote_and_loses_nothing() {
    let cast = Cast::new();
    cast.tell();
    for (path, field) in RACES {
        race(&cast.site, cast.who("manager"), &filled(path), field);
    }
}

/// The same for what only changes while a review is open and a lesson is a draft, and for people and settings.
#[test]
fn who_saves_second_loses_nothing_of_a_review_a_lesson_a_person_or_the_settings() {
    let site = Site::at(HTTPS);
    site.add_people();
    let ok = |name: &str, input| text(&site.ok("ada", name, input), "reference");
    let case = ok("report_case", json!({ "title": "A door stood open", "class": "weakness" }));
    site.ok("ada", "classify_case", json!({ "case": case, "class": "weakness" }));
    let review = ok("new_review", json!({ "case": case, "participants": [] }));
    let why = json!({ "review": review, "statement": "The lock was old", "of_problem": true });
    site.ok("ada", "add_why", why);
    let lesson = ok("new_lesson", json!({ "case": case, "statement": "Look twice", "tags": [] }));
    let who = site.enter("ada");
    race(&site, &who, &format!("/reviews/{review}/meeting"), "minutes");
    race(&site, &who, &format!("/reviews/{review}/whys/1"), "evidence");
    race(&site, &who, &format!("/reviews/{review}/whys/1/links/0"), "evidence");
    race(&site, &who, &format!("/reviews/{review}/similar"), "finding");
    race(&site, &who, &format!("/lessons/{lesson}/text"), "detail");
    race(&site, &who, "/settings/company", "company");
    let people = site.ok("ada", "list_people", json!({}));
    let manager = people.as_array().unwrap().iter().find(|person| person["name"] == "manager").unwrap();
    race(&site, &who, &format!("/people/{}/roles", text(manager, "id")), "name");
}

/// A review with two answers to its first why, and its reference.
fn asked_twice(site: &Site) -> String {
    let case = text(&site.ok("ada", "report_case", json!({ "title": "A door stood open" })), "reference");
    site.ok("ada", "classify_case", json!({ "case": case, "class": "weakness" }));
    let review =
        text(&site.ok("ada", "new_review", json!({ "case": case, "participants": [] })), "reference");
    for statement in ["The lock was old", "Nobody looked"] {
        let why = json!({ "review": review, "statement": statement, "of_problem": true });
        site.ok("ada", "add_why", why);
    }
    review
}

fn statements(site: &Site, review: &str) -> Vec<String> {
    let shown = site.ok("ada", "show_review", json!({ "review": review }));
    shown["causes"].as_array().unwrap().iter().map(|cause| text(cause, "statement")).collect()
}

/// An answer that has another one's number now is neither taken away nor written over in its place, however often the
/// form is sent.
#[test]
fn an_answer_is_known_by_what_was_seen_of_it_and_not_by_its_number() {
    let site = Site::at(HTTPS);
    site.add_people();
    let who = site.enter("ada");
    for (verb, typed) in [("/removal", None), ("", Some(("statement", "The lock was older")))] {
        let review = asked_twice(&site);
        let path = format!("/reviews/{review}/whys/1{verb}");
        let mut seen = form_of(&site.get(&who, &path).expect(200, "the form").text(), &path);
        if let Some((name, value)) = typed {
            value.clone_into(&mut seen.iter_mut().find(|field| field.name == name).unwrap().value);
        }
        site.ok("ada", "remove_why", json!({ "review": review, "number": "1" }));
        for _ in 0..2 {
            let fields: Vec<_> =
                seen.iter().map(|field| (field.name.as_str(), field.value.as_str())).collect();
            let told = site.post(&who, &path, &fields).expect(409, "it is gone").text();
            assert!(told.contains("was taken away since"), "{told}");
            seen = form_of(&told, &path);
        }
        assert_eq!(statements(&site, &review), ["Nobody looked"], "{path}");
    }
}

#[test]
fn an_answer_is_not_taken_away_with_what_somebody_added_under_it() {
    let site = Site::at(HTTPS);
    site.add_people();
    let who = site.enter("ada");
    let review = asked_twice(&site);
    let path = format!("/reviews/{review}/whys/1/removal");
    let seen = form_of(&site.get(&who, &path).expect(200, "the form").text(), &path);
    site.ok(
        "ada",
        "add_why",
        json!({ "review": review, "statement": "It had no owner", "under": "1", "of_problem": false }),
    );
    let fields: Vec<_> = seen.iter().map(|field| (field.name.as_str(), field.value.as_str())).collect();
    let told = site.post(&who, &path, &fields).expect(409, "more hangs on it").text();
    // Whoever presses again has been told.
    let seen = form_of(&told, &path);
    let fields: Vec<_> = seen.iter().map(|field| (field.name.as_str(), field.value.as_str())).collect();
    site.post(&who, &path, &fields).expect(303, "known now");
    assert_eq!(statements(&site, &review), ["Nobody looked"]);
}

/// Whys that others answer do not stand in the way of whoever writes the minutes.
#[test]
fn what_the_form_does_not_show_does_not_make_it_stale() {
    let site = Site::at(HTTPS);
    site.add_people();
    let who = site.enter("ada");
    let review = asked_twice(&site);
    let path = format!("/reviews/{review}/meeting");
    let mut seen = form_of(&site.get(&who, &path).expect(200, "the form").text(), &path);
    "We met".clone_into(&mut seen.iter_mut().find(|field| field.name == "minutes").unwrap().value);
    site.ok("ada", "remove_why", json!({ "review": review, "number": "1" }));
    // What is wrong is told as such, and nothing that was typed is lost.
    let wrong = seen.iter().map(|field| match field.name.as_str() {
        "participants" => ("participants", "No such person"),
        name => (name, field.value.as_str()),
    });
    let told = site.post(&who, &path, &wrong.collect::<Vec<_>>()).expect(422, "nobody is called so").text();
    assert!(told.contains("No such person") && told.contains(">We met</textarea>"), "{told}");
    let fields: Vec<_> = seen.iter().map(|field| (field.name.as_str(), field.value.as_str())).collect();
    site.post(&who, &path, &fields).expect(303, "nothing that it shows was changed");
    assert_eq!(site.ok("ada", "show_review", json!({ "review": review }))["minutes"], "We met");
}

/// Of a person what is not said stays, what is emptied is gone, and a box that is not ticked is a role less.
#[test]
fn a_person_keeps_what_nobody_speaks_of() {
    let site = Site::at(HTTPS);
    site.add_people();
    let who = site.enter("ada");
    let person = |site: &Site| {
        let people = site.ok("ada", "list_people", json!({}));
        people.as_array().unwrap().iter().find(|person| person["name"] == "responder").unwrap().clone()
    };
    let id = text(&person(&site), "id");
    let (token, _) = site.token("ada", &["read", "administer"]);
    let ask = Ask::post(&format!("/api/v1/people/{id}/roles")).by(&token);
    site.ask(&ask.body("application/json", json!({ "email": "r@example.org" }).to_string()))
        .expect(200, "api");
    let now = person(&site);
    assert_eq!((&now["roles"], &now["email"]), (&json!(["responder"]), &json!("r@example.org")));
    assert_eq!(now["os_user"], "responder");
    let path = format!("/people/{id}/roles");
    let seen = form_of(&site.get(&who, &path).expect(200, "the form").text(), &path);
    let kept = seen.iter().filter(|field| field.name != "responder").map(|field| match field.name.as_str() {
        "os_user" | "email" => (field.name.as_str(), ""),
        name => (name, field.value.as_str()),
    });
    site.post(&who, &path, &kept.collect::<Vec<_>>()).expect(303, "fewer");
    let now = person(&site);
    assert_eq!((&now["roles"], &now["email"], &now["os_user"]), (&json!([]), &json!(null), &json!(null)));
}

/// Two people have a form open; the second one to save sees what the first one wrote, and saves again.
#[track_caller]
fn race(site: &Site, who: &Who, path: &str, field: &str) {
    let open = || form_of(&site.get(who, path).expect(200, path).text(), path);
    let send = |fields: &[Shown], typed: Option<&str>| {
        let value = |shown: &Shown| match typed {
            Some(typed) if shown.name == field => typed.to_owned(),
            _ => shown.value.clone(),
        };
        let fields: Vec<_> = fields.iter().map(|shown| (shown.name.clone(), value(shown))).collect();
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        site.post(who, path, &fields)
    };
    let value = |fields: &[Shown]| {
        fields.iter().find(|shown| shown.name == field).map(|shown| shown.value.clone()).unwrap_or_default()
    };
    let seen = open();
    send(&seen, Some("what the first wrote")).expect(303, path);
    let stale = send(&seen, Some("what the second wrote")).expect(409, path).text();
    assert!(stale.contains("<q>what the first wrote</q>"), "{path} does not show the first: {stale}");
    let kept = form_of(&stale, path);
    assert_eq!(value(&kept), "what the second wrote", "{path} loses what was typed");
    // Whoever saves again has seen both.
    send(&kept, None).expect(303, path);
    assert_eq!(value(&open()), "what the second wrote");
}

#[test]
fn a_version_that_is_no_number_is_told() {
    let cast = Cast::new();
    cast.tell();
    let ask = Ask::post(&filled("{case}/closure")).by(cast.who("manager")).fields(&[("version", "-1")]);
    cast.site.ask(&ask).expect(422, "a version");
}
