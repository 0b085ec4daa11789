//! How a session begins and ends, as a browser sees it.

use nevertwice_service::Identity;
use serde_json::json;

use crate::fixture::{Ask, HTTPS, PASSWORD, Scene, Site, Who, text};

fn site() -> Site {
    let site = Site::at(HTTPS);
    site.add_people();
    site
}

fn sign_in(site: &Site, who: &Who, next: &str) -> crate::fixture::Answer {
    let fields = [("email", "manager@example.org"), ("password", PASSWORD), ("next", next)];
    site.post(who, "/sign-in", &fields)
}

fn is_in(site: &Site, who: &Who) -> bool {
    let answer = site.get(who, "/account");
    match answer.status {
        200 => true,
        303 if answer.location().starts_with("/sign-in") => false,
        other => panic!("{other}: {}", answer.text()),
    }
}

#[test]
fn a_session_that_was_there_before_signing_in_is_not_the_one_after() {
    let site = site();
    let before = site.enrol("manager");
    let planted = Who::Session("nvs_planted_by_somebody_else".to_owned());
    for who in [&before, &planted] {
        let after = sign_in(&site, who, "").expect(303, "signed in").session();
        assert_ne!(after, *who);
        assert!(is_in(&site, &after));
    }
    assert!(!is_in(&site, &planted));
}

#[test]
fn what_was_signed_out_does_not_come_back() {
    let site = site();
    let session = site.enter("manager");
    assert!(is_in(&site, &session));
    site.post(&session, "/sign-out", &[]).expect(303, "signed out");
    assert!(!is_in(&site, &session));
    site.post(&session, "/sign-out", &[]).expect(303, "signed out again");
}

#[test]
fn a_disabled_person_is_out_with_the_next_request() {
    let site = site();
    let (session, (token, _)) = (site.enrol("manager"), site.token("manager", &["read"]));
    let ask = Ask::get("/api/v1/account").by(&token);
    site.ask(&ask).expect(200, "the token");
    site.ok("ada", "disable_person", json!({ "person": "manager" }));
    assert!(!is_in(&site, &session));
    site.ask(&ask).expect(401, "the token");
    let refused = sign_in(&site, &Who::Nobody, "").expect(403, "signing in");
    assert!(refused.cookies().is_empty());
}

#[test]
fn another_role_counts_with_the_next_request() {
    let site = site();
    let session = site.enter("reporter");
    let roles = |roles: &[&str]| {
        site.ok("ada", "confirm_person", json!({ "person": "reporter", "roles": roles }));
    };
    site.get(&session, "/suppliers").expect(403, "a reporter");
    roles(&["responder"]);
    site.get(&session, "/suppliers").expect(200, "a responder");
    roles(&["reporter"]);
    site.get(&session, "/suppliers").expect(403, "a reporter again");
}

/// That a session is used is noted beside the answer: waits until it is.
fn wait_until_seen(site: &Site, who: &Who) {
    let Who::Session(secret) = who else { panic!("no session") };
    let now = site.service.moment().at.millis();
    let is_seen = || {
        let listed = site.run_as(&Identity::Session(secret.clone()), "list_sessions", json!({})).unwrap();
        let current =
            listed.as_array().unwrap().iter().find(|session| session["is_current"] == true).unwrap();
        let seen: nevertwice_domain::time::Timestamp = text(current, "last_seen_at").parse().unwrap();
        now - seen.millis() < 3_600_000
    };
    assert!((0..100_000).any(|_| is_seen()), "it is not noted that the session is used");
}

#[test]
fn a_session_ends_when_nobody_uses_it_and_when_it_is_old() {
    let site = site();
    let idle = site.enter("manager");
    site.clock.forward_hours(13);
    assert!(!is_in(&site, &idle), "thirteen hours without a word");

    let used = site.enter("manager");
    let held = (0..40).take_while(|_| {
        site.clock.forward_hours(10);
        let is_in = is_in(&site, &used);
        if is_in {
            wait_until_seen(&site, &used);
        }
        is_in
    });
    assert_eq!(held.count(), 16, "seven days, however often it is used");
}

#[test]
fn a_new_password_ends_the_other_sessions() {
    let site = site();
    let (own, other) = (site.enrol("manager"), site.enter("manager"));
    let change = |current: &str, new: &str, again: &str| {
        let fields = [("current", current), ("new", new), ("again", again)];
        site.post(&own, "/account/password", &fields)
    };
    let new = "ten swans in a pond";
    let refused = change("not the password", new, new).expect(422, "a wrong password");
    assert!(!refused.text().contains(new), "a password is shown again");
    change(PASSWORD, new, "ten swans").expect(422, "two passwords");
    change(PASSWORD, "short", "short").expect(422, "a short password");
    assert!(is_in(&site, &other), "nothing was changed");
    change(PASSWORD, new, new).expect(303, "another password");
    assert!(is_in(&site, &own) && !is_in(&site, &other));
    sign_in(&site, &Who::Nobody, "").expect(403, "the old password");
}

#[test]
fn a_form_that_is_sent_after_the_end_changes_nothing() {
    let site = site();
    let scene = Scene::all(&site).remove(0);
    let session = site.enter("manager");
    site.post(&session, "/sign-out", &[]).expect(303, "signed out");
    let entries = site.trail_length();
    let page = format!("/cases/{}/comments", scene.story.case);
    let answer = site.post(&session, &page, &[("text", "too late")]).expect(303, "a form");
    assert_eq!(answer.location(), "/sign-in", "it leads nowhere that would send the form again");
    let api =
        Ask::post(&format!("/api/v1{page}")).by(&session).body("application/json", r#"{"text":"too late"}"#);
    let answer = site.ask(&api).expect(401, "a program");
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.json()["code"], "caller.session");
    assert_eq!(site.trail_length(), entries);
}

#[test]
fn whoever_signs_in_goes_on_inside_and_nowhere_else() {
    let site = site();
    site.enrol("manager");
    for inside in ["/cases?q=state:open", "/cases/CASE-2026-0001#timeline", "/", "/search?q=a%0d%0ab"] {
        assert_eq!(sign_in(&site, &Who::Nobody, inside).location(), inside);
    }
    let session = site.enter("manager");
    for outside in [
        "",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "\\/evil.example",
        "https://evil.example",
        "https:evil.example",
        "HTTPS://evil.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "evil.example",
        " /cases",
        " //evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        "/\n/evil.example",
        "/\r\nSet-Cookie: a=b",
        "/\u{0}/evil.example",
        "/\u{1}",
        "/\u{7f}",
        "/\u{1b}[2J",
        "?next=/",
        ".//evil.example",
    ] {
        let answer = sign_in(&site, &Who::Nobody, outside).expect(303, outside);
        assert_eq!(answer.location(), "/", "{outside:?}");
        assert_eq!(answer.cookies().len(), 1, "{outside:?}");
        // Whoever is signed in already is led on by the page itself.
        let query = percent_encoding::utf8_percent_encode(outside, percent_encoding::NON_ALPHANUMERIC);
        let answer = site.get(&session, &format!("/sign-in?next={query}")).expect(303, outside);
        assert_eq!(answer.location(), "/", "{outside:?}");
    }
}

#[test]
fn whoever_is_sent_to_sign_in_comes_back_to_where_they_were() {
    let site = site();
    site.enrol("manager");
    let asked = "/cases?q=state:open%20%22a%20b%22&sort=-severity";
    let sent = site.get(&Who::Nobody, asked).expect(303, "not signed in");
    let page = site.get(&Who::Nobody, sent.location()).expect(200, "the form");
    let fields = crate::fixture::form_of(&page.text(), "/sign-in");
    let next = &fields.iter().find(|field| field.name == "next").unwrap().value;
    assert_eq!(sign_in(&site, &Who::Nobody, next).location(), asked);
}

#[test]
fn sessions_and_tokens_of_others_are_not_there() {
    let site = site();
    let (manager, auditor) = (site.enter("manager"), site.enter("auditor"));
    let Who::Session(secret) = &auditor else { panic!("no session") };
    let listed = site.run_as(&Identity::Session(secret.clone()), "list_sessions", json!({})).unwrap();
    let theirs = text(&listed[0], "id");
    let (token, id) = site.token("auditor", &["read"]);
    let entries = site.trail_length();
    let bare = |answer: crate::fixture::Answer, id: &str| {
        let request = answer.header("x-request-id").to_owned();
        answer.expect(404, "of somebody else").text().replace(&request, "").replace(id, "")
    };
    let none = "01955000-0000-7000-8000-000000000000";
    for (begin, end, id) in
        [("/account/sessions/", "/end", &theirs), ("/account/tokens/", "/revocation", &id)]
    {
        let there = bare(site.post(&manager, &format!("{begin}{id}{end}"), &[]), id);
        let not_there = bare(site.post(&manager, &format!("{begin}{none}{end}"), &[]), none);
        assert_eq!(there, not_there);
        site.post(&manager, &format!("{begin}nonsense{end}"), &[]).expect(404, "nonsense");
    }
    assert_eq!(site.trail_length(), entries);
    assert!(is_in(&site, &auditor));
    site.ask(&Ask::get("/api/v1/account").by(&token)).expect(200, "the token holds");
}

#[test]
fn a_link_works_once_and_looking_at_it_does_not_use_it_up() {
    let site = site();
    let link = text(&site.ok("manager", "new_sign_in_link", json!({})), "secret");
    let path = format!("/enter/{link}");
    for _ in 0..2 {
        site.get(&Who::Nobody, &path).expect(200, "looked at");
    }
    let session = site.post(&Who::Nobody, &path, &[]).expect(303, "entered").session();
    assert!(is_in(&site, &session));
    let again = site.post(&Who::Nobody, &path, &[]).expect(403, "entered again");
    assert!(again.cookies().is_empty());
}

#[test]
fn a_wrong_address_and_a_wrong_password_are_answered_alike() {
    let site = site();
    site.enrol("manager");
    let said = |email: &str, password: &str| {
        let answer = site.post(&Who::Nobody, "/sign-in", &[("email", email), ("password", password)]);
        let answer = answer.expect(403, email);
        assert!(answer.cookies().is_empty());
        assert!(password.is_empty() || !answer.text().contains(password), "the password is shown");
        answer.text().replace(email, "EMAIL")
    };
    let wrong = said("manager@example.org", "ten geese in a row");
    for (email, password) in [("auditor@example.org", PASSWORD), ("nobody@example.org", PASSWORD)] {
        assert_eq!(said(email, password), wrong, "{email}");
    }
}

#[test]
fn a_token_that_does_not_hold_is_no_reason_to_take_the_cookie() {
    let site = site();
    let Who::Session(secret) = site.enter("manager") else { panic!("no session") };
    let cookie = format!("{}={secret}", site.cookie_name());
    let ask = Ask::get("/api/v1/account").with("cookie", &cookie).with("authorization", "Bearer nvt_made_up");
    let answer = site.ask(&ask).expect(401, "a token that was made up");
    assert_eq!(answer.json()["code"], "caller.token");
}
