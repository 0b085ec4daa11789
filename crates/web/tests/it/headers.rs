//! What goes with every answer: headers that keep a browser from being misled, and one cookie.

use nevertwice_web::routes;

use crate::fixture::{Answer, Ask, HTTP, HTTPS, PASSWORD, Scene, Site, Who, request};

/// Fails unless an answer has every header that each must have.
#[track_caller]
fn expect_headers(answer: &Answer, is_https: bool, what: &str) {
    let policy = answer.header("content-security-policy");
    assert!(policy.contains("default-src 'none'"), "{what}: {policy}");
    assert!(
        !policy.contains("unsafe") && !policy.contains('*') && !policy.contains("http"),
        "{what}: {policy}"
    );
    if !policy.contains("sandbox") {
        for part in ["frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "script-src 'self'"] {
            assert!(policy.contains(part), "{what}: {policy} lacks {part}");
        }
    }
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), value, "{what}: {name}");
    }
    assert_eq!(answer.headers.contains_key("strict-transport-security"), is_https, "{what}: over {is_https}");
    assert!(answer.header("permissions-policy").contains("camera=()"), "{what}");
    assert_eq!(answer.header("x-request-id").len(), 36, "{what}");
    for name in ["server", "x-powered-by", "access-control-allow-origin"] {
        assert!(!answer.headers.contains_key(name), "{what} tells {name}");
    }
    let body = !answer.body.is_empty();
    assert!(!body || answer.headers.contains_key("content-type"), "{what}: a body without a type");
}

/// Every address asked by somebody, by nobody, and with something that is not there.
fn each(site: &Site, see: &dyn Fn(&Answer, &str)) {
    site.add_people();
    let scene = Scene::all(site).remove(0);
    let session = site.enter("ada");
    for route in routes() {
        for (scene, who) in [(&scene, &session), (&scene, &Who::Nobody), (&scene.absent(), &session)] {
            // It would end the session of all the others.
            if route.path == "/sign-out" && *who == session {
                continue;
            }
            let answer = site.ask(&request(route, scene, who));
            let what = format!("{} {}", route.method, route.address());
            assert!(answer.status < 500, "{what}: {}", answer.text());
            see(&answer, &what);
            if route.method == "GET" {
                assert!(answer.cookies().is_empty(), "{what} sets a cookie by reading");
            }
            if let Who::Session(secret) = who {
                assert!(!answer.text().contains(secret.as_str()), "{what} shows the secret of the session");
            }
            let cache = answer.header("cache-control");
            let is_asset = route.path.starts_with("/assets/") && answer.status == 200;
            assert_eq!(cache, if is_asset { "no-cache" } else { "no-store" }, "{what}");
        }
    }
}

#[test]
fn every_answer_over_tls_has_every_header() {
    let site = Site::at(HTTPS);
    each(&site, &|answer, what| expect_headers(answer, true, what));
}

#[test]
fn every_answer_on_this_machine_has_every_header_but_that_of_tls() {
    let site = Site::at(HTTP);
    each(&site, &|answer, what| expect_headers(answer, false, what));
}

#[test]
fn refusals_of_every_kind_have_every_header() {
    let site = Site::at(HTTPS);
    for (ask, status) in [
        (Ask::get("/nowhere"), 404),
        (Ask::get("/api/v1/nowhere"), 404),
        (Ask::get("/cases/%ff"), 404),
        (Ask::new("PUT", "/report"), 405),
        (Ask::post("/report").with("sec-fetch-site", "cross-site"), 403),
        (Ask::post("/sign-in").body("text/plain", "email=a"), 415),
        (Ask::get("/assets/0/none.css"), 404),
    ] {
        let answer = site.ask(&ask).expect(status, ask.path());
        expect_headers(&answer, true, ask.path());
        assert_eq!(answer.header("cache-control"), "no-store", "{}", ask.path());
    }
}

#[test]
fn only_files_of_the_present_version_are_kept_for_ever() {
    let site = Site::at(HTTPS);
    let page = site.get(&Who::Nobody, "/sign-in").text();
    let sheet = page.split('"').find(|part| part.ends_with("nevertwice.css")).unwrap();
    let answer = site.get(&Who::Nobody, sheet).expect(200, sheet);
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(answer.header("content-type"), "text/css; charset=utf-8");
    let older = site.get(&Who::Nobody, "/assets/000000000000/nevertwice.css").expect(200, "an older version");
    assert_eq!(older.header("cache-control"), "no-cache");
    assert_eq!(older.body, answer.body);
    for path in [
        "/assets/0/../Cargo.toml",
        "/assets/0/%2e%2e/%2e%2e/Cargo.toml",
        "/assets/0//etc/passwd",
        "/assets/0/",
    ] {
        site.get(&Who::Nobody, path).expect(404, path);
    }
}

/// Name, value and attributes of the cookie that signing in sets.
fn cookie_of(site: &Site) -> (String, Vec<String>) {
    site.add_people();
    site.enrol("manager");
    let fields = [("email", "manager@example.org"), ("password", PASSWORD)];
    let answer = site.post(&Who::Nobody, "/sign-in", &fields).expect(303, "signed in");
    let cookies = answer.cookies();
    let [cookie] = cookies.as_slice() else { panic!("{cookies:?}") };
    let mut parts = cookie.split("; ").map(str::to_owned);
    let name = parts.next().unwrap().split_once('=').unwrap().0.to_owned();
    let mut attributes: Vec<String> = parts.collect();
    attributes.sort();
    (name, attributes)
}

#[test]
fn over_tls_the_cookie_is_bound_to_the_host_and_never_leaves_it_in_the_clear() {
    let (name, attributes) = cookie_of(&Site::at(HTTPS));
    assert_eq!(name, "__Host-nevertwice");
    assert_eq!(attributes, ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]);
}

#[test]
fn on_this_machine_the_cookie_does_without_tls() {
    let (name, attributes) = cookie_of(&Site::at(HTTP));
    assert_eq!(name, "nevertwice");
    assert_eq!(attributes, ["HttpOnly", "Path=/", "SameSite=Lax"]);
}

#[test]
fn a_cookie_of_the_other_name_is_no_session() {
    for (origin, name) in [(HTTPS, "nevertwice"), (HTTP, "__Host-nevertwice")] {
        let site = Site::at(origin);
        let Who::Session(secret) = site.enter("ada") else { panic!("no session") };
        let ask = Ask::get("/account").with("cookie", &format!("{name}={secret}"));
        assert_eq!(site.ask(&ask).expect(303, name).location(), "/sign-in?next=/account");
    }
}

#[test]
fn signing_out_takes_the_cookie_away() {
    let site = Site::at(HTTPS);
    let session = site.enter("ada");
    let answer = site.post(&session, "/sign-out", &[]).expect(303, "signed out");
    assert_eq!(answer.location(), "/sign-in");
    let cookies = answer.cookies();
    let [cookie] = cookies.as_slice() else { panic!("{cookies:?}") };
    assert!(cookie.starts_with("__Host-nevertwice=;") && cookie.contains("Max-Age=0"), "{cookie}");
    for attribute in ["HttpOnly", "Secure", "Path=/", "SameSite=Lax"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
}

#[test]
fn figures_for_a_monitor_name_no_record_and_stay_on_the_machine() {
    let site = Site::at(HTTPS);
    for ask in [Ask::get("/metrics"), Ask::get("/metrics").with("x-forwarded-for", "127.0.0.1")] {
        site.ask(&ask).expect(404, "asked from elsewhere");
    }
}
