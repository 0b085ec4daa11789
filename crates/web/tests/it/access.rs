//! The access matrix: every address × everybody × an open case, a restricted one, and one that they may know of.
//!
//! The table is the expectation, written from the product's table of roles and verbs; nothing here asks the code what it
//! would allow.

use std::collections::{BTreeMap, BTreeSet};

use nevertwice_testkit::TestDatabase;
use nevertwice_web::access::{Expected, PRINCIPALS, Row, matrix};
use nevertwice_web::{Route, routes};
use serde_json::json;

use crate::fixture::{Answer, Ask, Scene, Site, Who, request, text};

nevertwice_testkit::on_each_engine!(everybody_may_ask_exactly_what_the_matrix_says);

#[test]
fn every_address_has_a_row_in_the_matrix() {
    let rows: BTreeSet<Route> = matrix().map(|row| row.route).collect();
    assert_eq!(rows.len(), matrix().count(), "an address has two rows");
    let known: BTreeSet<Route> = routes().into_iter().collect();
    let differing: Vec<_> = rows.symmetric_difference(&known).collect();
    assert!(
        differing.is_empty(),
        "these are in the matrix or among the routes, but not in both: {differing:?}"
    );
}

#[test]
fn every_row_has_a_letter_for_everybody() {
    for row in matrix() {
        for letters in [Some(row.open), row.shut_out].into_iter().flatten() {
            assert_eq!(letters.chars().count(), PRINCIPALS.len(), "{:?}", row.route);
        }
        for is_shut_out in [false, true] {
            assert_eq!(row.expected(is_shut_out).count(), PRINCIPALS.len(), "{:?}", row.route);
        }
        // An address that names a record depends on who may know of it.
        let names_a_record =
            ["{case}", "{review}", "{lesson}", "{action}"].iter().any(|part| row.route.path.contains(part));
        assert_eq!(row.shut_out.is_some(), names_a_record, "{:?}", row.route);
    }
}

#[test]
fn the_page_of_the_matrix_is_the_one_in_the_documentation() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/access-matrix.md");
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(kept == nevertwice_web::access::page(), "it differs; run cargo xtask generate and commit");
}

/// What is tried first of what is allowed.
const BEFORE_WRITING: [&str; 2] = ["/reviews/{review}/approval", "/reviews/{review}/waiver"];

/// One question: an address, a situation, and who asks.
struct Question<'a> {
    row: Row,
    scene: &'a Scene,
    /// The place among [`PRINCIPALS`].
    place: usize,
    expected: Expected,
}

fn everybody_may_ask_exactly_what_the_matrix_says(database: &TestDatabase) {
    let site = Site::new(database);
    site.add_people();
    site.enrol("administrator");
    site.add_person("spare", &["reporter"]);
    let scenes = Scene::all(&site);
    let people = site.principals();

    // What is one's own is not used up by whoever is refused.
    let own: Vec<_> =
        people.iter().map(|(user, _)| (own_session(&site, user), own_token(&site, user))).collect();

    // First whatever must be refused: it changes nothing, so every refusal is seen in the same state.
    let entries = site.trail_length();
    let mut wrong: Vec<String> = Vec::new();
    for question in questions(&scenes).filter(|question| question.expected != Expected::Allowed) {
        let (_, who) = &people[question.place];
        let (session, token) = &own[question.place];
        let part = match question.row.route.path {
            "/account/sessions/{id}/end" => session,
            _ => token,
        };
        let answer = site.ask(&with_part(&request_of(&question, who), "{id}", part));
        wrong.extend(difference(&question, &answer));
        if question.expected == Expected::NotThere && question.row.shut_out.is_some() {
            wrong.extend(told_apart(&site, &question, who, &answer));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(site.trail_length(), entries, "something that was refused was written all the same");

    // Pages before changes: they are seen in that state too.
    for method in ["GET", "POST"] {
        if method == "POST" {
            // What was held is not waived by the first who may.
            for scene in &scenes {
                site.ok("ada", "hold_review", json!({ "review": scene.story.review }));
            }
        }
        let allowed = questions(&scenes).filter(|question| question.expected == Expected::Allowed);
        let mut allowed: Vec<_> = allowed.filter(|question| question.row.route.method == method).collect();
        // Whoever has written a part of a review does not approve it, so that is tried before anybody writes.
        allowed.sort_by_key(|question| !BEFORE_WRITING.contains(&question.row.route.path));
        for question in allowed {
            let (user, who) = &people[question.place];
            let answer = asked(&site, &question, user, who);
            wrong.extend(difference(&question, &answer));
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
    let found = site.ok("ada", "verify_trail", json!({}));
    assert_eq!(found["findings"], json!([]), "the trail does not agree with the register");
}

/// Every combination.
fn questions(scenes: &[Scene]) -> impl Iterator<Item = Question<'_>> {
    matrix().flat_map(move |row| {
        // Where no case makes a difference, the first situation is enough.
        let scenes = if row.shut_out.is_some() { scenes } else { &scenes[..1] };
        scenes.iter().flat_map(move |scene| {
            let expected: Vec<_> = row.expected(scene.shuts_out).enumerate().collect();
            expected.into_iter().map(move |(place, expected)| Question { row, scene, place, expected })
        })
    })
}

/// The answer to a question. What an address uses up is made anew for it.
fn asked(site: &Site, question: &Question<'_>, user: &str, who: &Who) -> Answer {
    let route = question.row.route;
    let mut who = who.clone();
    let part = match route.path {
        "/invitation/{code}" => {
            Some(("{code}", text(&site.ok("ada", "invite", json!({ "person": "spare" })), "secret")))
        }
        "/enter/{code}" => Some(("{code}", text(&site.ok("spare", "new_sign_in_link", json!({})), "secret"))),
        "/account/sessions/{id}/end" => Some(("{id}", own_session(site, user))),
        "/account/tokens/{id}/revocation" => Some(("{id}", own_token(site, user))),
        "/sign-out" if matches!(&who, Who::Session(_)) && may_act(user) => {
            who = site.enter(user);
            None
        }
        _ => None,
    };
    let ask = request_of(question, &who);
    site.ask(&part.map_or_else(|| ask.clone(), |(name, part)| with_part(&ask, name, &part)))
}

fn request_of(question: &Question<'_>, who: &Who) -> Ask {
    request(question.row.route, question.scene, who)
}

/// A request whose address has a part in the place of its name.
fn with_part(ask: &Ask, name: &str, part: &str) -> Ask {
    ask.at(&ask.path().replace(name, part))
}

fn may_act(user: &str) -> bool {
    !matches!(user, "nobody" | "gone")
}

/// The id of a session of somebody; for whoever can have none, of Ada.
fn own_session(site: &Site, user: &str) -> String {
    let user = if may_act(user) { user } else { "ada" };
    let Who::Session(secret) = site.enter(user) else { panic!("no session") };
    let identity = nevertwice_service::Identity::Session(secret);
    let sessions = site.run_as(&identity, "list_sessions", json!({})).unwrap();
    let current = sessions.as_array().unwrap().iter().find(|session| session["is_current"] == true).unwrap();
    text(current, "id")
}

/// The id of a token of somebody; for whoever can have none, of Ada.
fn own_token(site: &Site, user: &str) -> String {
    site.token(if may_act(user) { user } else { "ada" }, &["read"]).1
}

fn difference(question: &Question<'_>, answer: &Answer) -> Option<String> {
    let found = outcome(question.row.route, answer);
    (found != Some(question.expected)).then(|| {
        format!(
            "{} {} by {}, {}: expected {:?}, found {} {} {}",
            question.row.route.method,
            question.row.route.address(),
            PRINCIPALS[question.place],
            question.scene.name,
            question.expected,
            answer.status,
            answer.location(),
            lead(&answer.text()),
        )
    })
}

/// What an error page says, or the beginning of an answer.
fn lead(page: &str) -> String {
    let said = page.split_once("class=\"lead\">").map(|(_, rest)| rest.split('<').next().unwrap_or_default());
    said.unwrap_or_default().chars().take(200).collect()
}

/// What an answer means. A form to be mended or a state that stands in the way came after permission.
fn outcome(route: Route, answer: &Answer) -> Option<Expected> {
    let leads_to_sign_in = answer.location() == "/sign-in" || answer.location().starts_with("/sign-in?");
    match answer.status {
        303 if leads_to_sign_in && route.path != "/sign-out" => Some(Expected::SignIn),
        200..=299 | 303 | 409 | 422 => Some(Expected::Allowed),
        401 => Some(Expected::SignIn),
        403 => Some(Expected::Refused),
        404 => Some(Expected::NotThere),
        _ => None,
    }
}

/// What one may not see is answered in the same bytes as what is not there, as a page and as JSON.
fn told_apart(site: &Site, question: &Question<'_>, who: &Who, hidden: &Answer) -> Option<String> {
    let Row { route, .. } = &question.row;
    let scene = question.scene;
    let absent = scene.absent();
    let pairs =
        |ask: fn(Ask) -> Ask| [scene, &absent].map(|scene| site.ask(&ask(request(*route, scene, who))));
    let page = site.ask(&request(*route, &absent, who));
    let [hidden_json, absent_json] = pairs(Ask::json);
    for (hidden, missing) in [(hidden, &page), (&hidden_json, &absent_json)] {
        let (hidden, missing) = (bare(hidden, scene), bare(missing, &absent));
        if hidden != missing {
            let who = PRINCIPALS[question.place];
            return Some(format!("{route:?} by {who}, {}: {hidden:?} is not {missing:?}", scene.name));
        }
    }
    None
}

/// An answer without what differs from request to request.
fn bare(answer: &Answer, scene: &Scene) -> (u16, BTreeMap<String, String>, String) {
    let request = answer.header("x-request-id");
    let mut said = answer.text().replace(request, "REQUEST");
    for reference in scene.story.references().into_iter().chain([scene.imported.as_str()]) {
        let (kind, _) = reference.split_once('-').unwrap();
        said = said.replace(reference, kind);
    }
    let headers =
        answer.headers.iter().filter(|(name, _)| *name != "x-request-id" && *name != "content-length");
    let headers = headers.map(|(name, value)| (name.to_string(), format!("{value:?}"))).collect();
    (answer.status, headers, said)
}
