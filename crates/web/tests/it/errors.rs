//! Requests that make no sense, and a server that breaks down: a page or a problem, a code, and nothing internal.

use nevertwice_web::routes;

use crate::fixture::{Answer, Ask, BOUNDARY, HTTPS, Scene, Site, Who, is_bare};

/// What takes a file, and so a body in parts.
const IN_PARTS: &str = "/cases/{case}/evidence";

fn site() -> (Site, Scene, Who) {
    let site = Site::at(HTTPS);
    site.add_people();
    let scene = Scene::all(&site).remove(0);
    let session = site.enter("ada");
    (site, scene, session)
}

/// Fails unless a failure is told whole: as a page with its request, or as `application/problem+json` (RFC 9457).
#[track_caller]
fn expect_told(answer: &Answer, is_json: bool, what: &str) {
    let request = answer.header("x-request-id");
    if is_json {
        assert_eq!(answer.header("content-type"), "application/problem+json", "{what}");
        let problem = answer.json();
        assert_eq!(problem["status"], answer.status, "{what}: {problem}");
        assert_eq!(problem["request"], request, "{what}: {problem}");
        let code = problem["code"].as_str().unwrap();
        let is_plain = code.bytes().all(|c| c.is_ascii_lowercase() || matches!(c, b'.' | b'_'));
        assert!(is_plain && !code.is_empty(), "{what}: {problem}");
        assert_eq!(problem["type"], "about:blank", "{what}: {problem}");
        for field in ["title", "detail"] {
            assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{what}: {problem}");
        }
    } else {
        assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{what}");
        let page = answer.text();
        assert!(page.starts_with("<!DOCTYPE html>") && page.contains("<h1>"), "{what}: {page}");
        assert!(
            page.contains(&format!("<code>{request}</code>")),
            "{what} does not name its request: {page}"
        );
    }
    expect_nothing_internal(answer, what);
}

/// Words of the machine that no answer may have.
#[track_caller]
fn expect_nothing_internal(answer: &Answer, what: &str) {
    let told = answer.text();
    for word in [
        "panicked",
        "spring of the clock",
        "SQLITE",
        "rusqlite",
        "tokio",
        "axum",
        ".rs:",
        "/tmp/",
        "nevertwice-test",
        "stack",
    ] {
        assert!(!told.contains(word), "{what} tells {word}: {told}");
    }
}

/// A request as a page and as JSON, each with the same status.
#[track_caller]
fn told(site: &Site, ask: &Ask, status: u16) {
    let what = format!("{ask:?}");
    expect_told(&site.ask(ask).expect(status, &what), false, &what);
    expect_told(&site.ask(&ask.clone().json()).expect(status, &what), true, &what);
}

#[test]
fn a_use_case_that_breaks_down_is_told_as_one_and_nothing_else() {
    let (site, scene, session) = site();
    let asks = [
        Ask::get("/cases").by(&session),
        Ask::get(&scene.fill("/cases/{case}")).by(&session),
        Ask::post(&scene.fill("/cases/{case}/comments")).by(&session).fields(&[("text", "a remark")]),
        Ask::post("/sign-in").fields(&[("email", "ada@example.org"), ("password", "a guess")]),
    ];
    for ask in asks {
        for is_json in [false, true] {
            // The first look names the request; the second is that of a use case.
            site.clock.break_down_after(1);
            let ask = if is_json { ask.clone().json() } else { ask.clone() };
            let answer = site.ask(&ask).expect(500, ask.path());
            expect_told(&answer, is_json, ask.path());
            if is_json {
                assert_eq!(answer.json()["code"], "internal");
            }
        }
    }
    site.get(&session, "/cases").expect(200, "it goes on");
}

#[test]
fn a_disk_that_takes_nothing_is_told_without_its_paths() {
    let (site, scene, session) = site();
    let away = site.beside("away");
    std::fs::rename(site.root(), &away).unwrap();
    let export = Ask::get("/cases/export/csv").by(&session);
    let evidence = Ask::get(&scene.fill("/cases/{case}/evidence/{id}")).by(&session);
    let upload =
        Ask::post(&scene.fill("/cases/{case}/evidence")).by(&session).parts(&[], Some(("a.txt", b"a")));
    let proof = Ask::post(&scene.fill("/cases/{case}/proof")).by(&session);
    for ask in [export, evidence, upload, proof] {
        let answer = site.ask(&ask.clone().json());
        assert!(answer.status >= 500, "{}: {}", ask.path(), answer.status);
        expect_told(&answer, true, ask.path());
    }
    std::fs::rename(&away, site.root()).unwrap();
}

#[test]
fn an_address_or_method_that_is_not_there_is_told() {
    let (site, _, session) = site();
    for path in [
        "/nowhere",
        "/cases/",
        "/cases/nonsense",
        "/cases/CASE-2026-0001/nonsense",
        "/reviews/CASE-2026-0001",
        "/cases/export/pdf",
        "/api",
        "/people/nonsense",
        "/.env",
        "//cases",
        "/cases//",
    ] {
        told(&site, &Ask::get(path).by(&session), 404);
    }
    for path in ["/api/v1/nowhere", "/api/v2/cases", "/api/v1/cases/nonsense"] {
        // Below the API everything is JSON, whatever is asked for.
        let answer = site.ask(&Ask::get(path).by(&session).with("accept", "text/html")).expect(404, path);
        expect_told(&answer, true, path);
    }
    for method in ["PUT", "DELETE", "PATCH"] {
        let answer = site.ask(&Ask::new(method, "/report").by(&session).json()).expect(405, method);
        expect_told(&answer, true, method);
        assert_eq!(answer.json()["code"], "request.method");
        assert_eq!(answer.header("allow"), "GET,HEAD,POST");
    }
    let head = site.ask(&Ask::new("HEAD", "/cases").by(&session)).expect(200, "only the head");
    assert!(head.body.is_empty());
}

#[test]
fn a_form_that_is_too_large_is_refused() {
    let (site, scene, session) = site();
    let entries = site.trail_length();
    let large = "a".repeat(513 * 1024);
    let path = scene.fill("/cases/{case}/comments");
    told(&site, &Ask::post(&path).by(&session).fields(&[("text", &large)]), 413);
    let api = Ask::post(&format!("/api/v1{path}")).by(&session);
    let answer =
        site.ask(&api.body("application/json", format!("{{\"text\":\"{large}\"}}"))).expect(413, "JSON");
    expect_told(&answer, true, "JSON");
    for path in ["/sign-in", "/report", "/setup"] {
        told(&site, &Ask::post(path).by(&session).fields(&[("code", &large)]), 413);
    }
    assert_eq!(site.trail_length(), entries);
}

#[test]
fn a_form_that_cannot_be_read_is_refused_and_nothing_is_written() {
    let (site, scene, session) = site();
    let entries = site.trail_length();
    const FORM: &str = "application/x-www-form-urlencoded";
    for route in routes().into_iter().filter(|route| route.method == "POST") {
        let ask = Ask::post(&scene.fill(&route.address())).by(&session);
        let takes_a_form = if route.is_api { route.path == IN_PARTS } else { !is_bare(route.path) };
        if !takes_a_form {
            continue;
        }
        if route.path == IN_PARTS {
            let multipart = format!("multipart/form-data; boundary={BOUNDARY}");
            for (kind, body) in [
                (multipart.as_str(), &b"no boundary at all"[..]),
                (multipart.as_str(), b"------between-the-parts\r\nContent-Disposition: form-data"),
                ("multipart/form-data", b"a"),
                (FORM, b"name=a"),
            ] {
                let answer = site.ask(&ask.clone().body(kind, body));
                assert!((400..500).contains(&answer.status), "{kind}: {}", answer.status);
                expect_nothing_internal(&answer, kind);
            }
            continue;
        }
        for (kind, body) in [
            ("text/plain", &b"text=a"[..]),
            ("application/json", b"{}"),
            (FORM, b"no_such_field=a"),
            (FORM, b"\xff\xfe=\xff"),
            (FORM, b"version=a&version=b&no_such_field"),
        ] {
            let answer = site.ask(&ask.clone().body(kind, body).json());
            let what = format!("{} {kind} {}", route.path, String::from_utf8_lossy(body));
            assert!(matches!(answer.status, 400 | 415 | 422), "{what}: {} {}", answer.status, answer.text());
            expect_told(&answer, true, &what);
        }
        site.ask(&ask.clone()).expect(415, route.path);
    }
    assert_eq!(site.trail_length(), entries);
}

#[test]
fn json_that_cannot_be_read_is_refused_and_nothing_is_written() {
    let (site, scene, session) = site();
    let entries = site.trail_length();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep_object = format!("{{\"title\":{}1{}}}", "{\"a\":".repeat(50_000), "}".repeat(50_000));
    let takes_json = |path| path != IN_PARTS;
    for route in
        routes().into_iter().filter(|route| route.method == "POST" && route.is_api && takes_json(route.path))
    {
        let ask = Ask::post(&scene.fill(&route.address())).by(&session);
        for body in [
            "",
            "{",
            "null",
            "[]",
            "1",
            "\"text\"",
            "{\"no_such_field\":\"a\"}",
            "{} {}",
            "{\"text\":1}{",
            "\u{feff}{}",
            "{\"a\":1,}",
            "{'a':'b'}",
            "NaN",
            &deep,
            &deep_object,
            "{\"version\":\"\\ud800\"}",
        ] {
            let answer = site.ask(&ask.clone().body("application/json", body));
            let what = format!("{} {:.40}", route.address(), body);
            assert!(matches!(answer.status, 400 | 422), "{what}: {} {}", answer.status, answer.text());
            expect_told(&answer, true, &what);
        }
        let answer = site.ask(&ask.clone().body("application/json", b"{\"\xff\":1}".as_slice()));
        expect_told(&answer.expect(400, &route.address()), true, &route.address());
        for kind in
            ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "multipart/form-data"]
        {
            let answer = site.ask(&ask.clone().body(kind, "{}")).expect(415, kind);
            expect_told(&answer, true, kind);
        }
    }
    assert_eq!(site.trail_length(), entries);
}

#[test]
fn an_odd_address_is_answered_without_breaking_down() {
    let (site, _, session) = site();
    let long = "a".repeat(60_000);
    let odd = [
        "%00",
        "%2e%2e",
        "%2e%2e%2fetc%2fpasswd",
        "..",
        "../..",
        "%",
        "%zz",
        "%f",
        "%ff%fe",
        "%c0%ae",
        "%u0041",
        "CASE-2026-0001%00",
        "CASE-2026-0001%0d%0aSet-Cookie:a=b",
        "CASE-99999-1",
        "CASE-2026-99999999999999999999",
        "CASE--1",
        "CASE-2026-0",
        "%F0%9F%98%80",
        "%3Cscript%3E",
        "'%20OR%201=1--",
        ";",
        "*",
        "~",
        "CASE-2026-0001;a=b",
        "%E2%80%AEmoc",
        &long,
    ];
    let bases = [
        "/cases/",
        "/reviews/",
        "/lessons/",
        "/actions/",
        "/ai-assets/",
        "/suppliers/",
        "/controls/",
        "/risks/",
        "/people/",
        "/enter/",
        "/invitation/",
        "/cases/export/",
        "/cases/CASE-2026-0001/evidence/",
        "/reviews/PIR-2026-0001/whys/",
        "/assets/0/",
        "/assets/",
        "/",
        "/api/v1/cases/",
        "/api/v1/",
    ];
    for base in bases {
        for part in odd {
            let path = format!("{base}{part}");
            for who in [&session, &Who::Nobody] {
                let answer = site.get(who, &path);
                assert!(answer.status < 500, "{path:.80}: {}", answer.status);
                assert!(answer.cookies().is_empty(), "{path:.80} sets a cookie");
                expect_nothing_internal(&answer, &path);
                let raw = answer.text().contains("<script>") || answer.text().contains("<img");
                assert!(!raw, "{path:.80} is shown as it is");
            }
        }
    }
}

#[test]
fn an_odd_query_is_answered_without_breaking_down() {
    let (site, scene, session) = site();
    let long = format!("q={}", "a%20OR%20".repeat(6_000));
    let deep = format!("q={}", "(".repeat(5_000));
    let nots = format!("q={}", "-".repeat(5_000));
    let odd = [
        "q=%00",
        "q=%ff",
        "q=%",
        "q",
        "=",
        "&&&",
        "q=a&q=b",
        "q=%22",
        "q=(",
        "q=)",
        "q=state:",
        "q=:open",
        "q=OR",
        "q=NOT",
        "q=severity:%3E%3E4",
        "q=%2A",
        "q=a*b*c*",
        "q=registered:9999999999",
        "q=%F0%9F%98%80",
        "q=a%0d%0ab",
        "after=nonsense",
        "after=%00",
        "sort=nonsense",
        "sort=-",
        "offset=-1",
        "offset=99999999999999999999",
        "offset=1000000",
        "limit=0",
        "limit=",
        "limit=99999999",
        "q=%3Cscript%3Ealert(1)%3C/script%3E",
        "by=nonsense",
        "by=,,",
        "register=perhaps",
        "next=%00",
        &long,
        &deep,
        &nots,
    ];
    let pages = routes().into_iter().filter(|route| route.method == "GET");
    for route in pages.filter(|route| !route.path.contains("{id}")) {
        for query in odd {
            let path = format!("{}?{query}", scene.fill(&route.address()));
            let answer = site.get(&session, &path);
            assert!(answer.status < 500, "{path:.120}: {} {}", answer.status, answer.text());
            // JSON repeats a query as it is, and no browser takes it for a page.
            assert!(route.is_api || !answer.text().contains("<script>"), "{path:.120} is shown as it is");
            expect_nothing_internal(&answer, &path);
        }
    }
}

#[test]
fn odd_headers_are_answered_without_breaking_down() {
    let (site, _, _) = site();
    let long = "a".repeat(20_000);
    for (name, value) in [
        ("cookie", &b"__Host-nevertwice"[..]),
        ("cookie", b"__Host-nevertwice="),
        ("cookie", b"__Host-nevertwice=\xff\xfe"),
        ("cookie", b"=;;;=;__Host-nevertwice=a; __Host-nevertwice=b"),
        ("cookie", long.as_bytes()),
        ("authorization", b"Bearer "),
        ("authorization", b"Bearer \xff"),
        ("authorization", b"Basic YTpi"),
        ("authorization", long.as_bytes()),
        ("accept", b"\xff"),
        ("accept", b"application/json;q=0.1, text/html"),
        ("accept-encoding", b"gzip, br, nonsense;q=\xff"),
        ("user-agent", b"\xff"),
        ("x-forwarded-for", b"nonsense, \xff"),
        ("content-type", b"\xff"),
    ] {
        for ask in [Ask::get("/cases"), Ask::post("/sign-in"), Ask::get("/api/v1/cases")] {
            let answer = site.ask(&ask.with_bytes(name, value));
            assert!(answer.status < 500, "{name}: {}", answer.status);
            assert!(answer.cookies().is_empty(), "{name}");
        }
    }
}
