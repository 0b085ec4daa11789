//! Texts that have broken other programs, through every text field of every form: kept as they were typed but for what is
//! said of their ends, shown escaped, and never a failure.

use serde_json::{Value, json};

use crate::fixture::{HTTPS, Shown, Site, Who, body, form_of, problems, tags, text};

/// Forty texts of many kinds.
pub(crate) const TEXTS: [&str; 42] = [
    "'",
    "\"",
    "\"><script>alert(1)</script>",
    "<script>alert('x')</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</title></style></script><b>",
    "<!-- <![CDATA[ ]]> -->",
    "<iframe srcdoc=\"<script>alert(1)</script>\">",
    "javascript:alert(1)",
    "[a](javascript:alert(1)) ![b](x \"onerror=alert(1)\")",
    "[a]: data:text/html,<script>alert(1)</script>",
    "<https://example.org/\"onmouseover=\"alert(1)>",
    "{{ 7 * 7 }} ${7*7} #{7*7} <%= 7*7 %> {% raw %}",
    "'; DROP TABLE cases; --",
    "1' OR '1'='1",
    "%s %d %n %x",
    "%00 %0d%0a %3Cscript%3E",
    "$(touch /tmp/x) `id` | cat",
    "../../../etc/passwd",
    "C:\\Windows\\system32\\con",
    "\\\\server\\share",
    "=1+1",
    "=HYPERLINK(\"https://evil.example\")",
    "+1-1",
    "@SUM(1)",
    "-2+3",
    "null",
    "undefined",
    "NaN",
    "&amp; &lt;b&gt; &#x27;",
    "\u{202e}moc.elpmaxe\u{202c}",
    "zero\u{200b}width\u{feff}joiner\u{200d}",
    "👩‍👩‍👧‍👦 🏴‍☠️ 🇩🇪 👋🏽",
    "Ω≈ç√∫ Zalgo e\u{301}\u{302}\u{303}\u{304}",
    "表ポあA鷗ŒéＢ逍Üßªąñ丂㐀𠀀",
    "مرحبا שלום",
    "  ends in white space\u{a0} ",
    "a\ttab and\r\ntwo\nlines",
    "a <b>bold</b> **move** _by_ `code` | table | ~~x~~",
    "CASE-2026-0001 LSN-2026-9999 @ada #tag state:open",
];

/// Texts that no field takes: control characters.
const REFUSED: [&str; 5] = ["a\u{0}b", "a\u{1b}[31mred", "a\u{7f}b", "a\u{85}b", "\u{8}a\u{7}"];

/// A form with its text fields: those of one line, and those of running text.
struct Texts {
    route: &'static str,
    by: &'static str,
    lines: &'static [&'static str],
    prose: &'static [&'static str],
}

const fn texts(
    route: &'static str,
    by: &'static str,
    lines: &'static [&'static str],
    prose: &'static [&'static str],
) -> Texts {
    Texts { route, by, lines, prose }
}

#[rustfmt::skip]
const FORMS: &[Texts] = &[
    texts("/cases/{case}/facts", "manager", &["title", "detection_method"], &["summary"]),
    texts("/cases/{case}/ai-impact", "manager",
        &["metric", "metric_before", "metric_after", "quality_metric", "quality_threshold"], &["decision_proof"]),
    texts("/cases/{case}/classification", "manager", &["category"], &[]),
    texts("/cases/{case}/decision", "manager", &[], &["criteria"]),
    texts("/cases/{case}/timeline", "manager", &["source"], &["text"]),
    texts("/cases/{case}/costs", "manager", &[], &["note"]),
    texts("/cases/{case}/comments", "manager", &[], &["text"]),
    texts("/cases/{case}/evidence", "manager", &["name"], &["custody"]),
    texts("/cases/{case}/voiding", "manager", &[], &["reason"]),
    texts("/reviews/{review}/meeting", "manager", &[], &["minutes"]),
    texts("/reviews/{review}/whys", "manager", &[], &["evidence"]),
    texts("/reviews/{review}/whys/{number}/links/{effect}", "manager", &[], &["evidence"]),
    texts("/reviews/{review}/similar", "manager", &["searched"], &["finding"]),
    texts("/reviews/{review}/whys/{number}", "manager", &[], &["evidence"]),
    texts("/reviews/{review}/waiver", "manager", &[], &["reason"]),
    texts("/cases/{case}/lessons", "manager", &["statement"], &["detail"]),
    texts("/lessons/{lesson}/text", "manager", &["statement"], &["detail"]),
    texts("/lessons/{lesson}/retirement", "manager", &[], &["reason"]),
    texts("/cases/{case}/actions", "manager", &["title"], &["description", "check_measure"]),
    texts("/actions/{action}/due-date", "manager", &[], &["reason"]),
    texts("/actions/{action}/not-doing", "manager", &[], &["reason"]),
    texts("/actions/{action}/strength", "manager", &[], &["reason"]),
    texts("/actions/{action}/checks", "manager", &[], &["measure"]),
    texts("/actions/{action}/completion", "owner", &[], &["evidence"]),
    texts("/suppliers/{supplier}/facts", "manager", &["name", "provides", "contact"], &["agreement", "contingency_plan"]),
    texts("/controls/{control}/facts", "manager", &["title"], &["description", "justification"]),
    texts("/risks/{risk}/facts", "manager", &[], &["description"]),
    texts("/ai-assets/{asset}/facts", "manager", &["name"], &["description"]),
];

/// A text as it is kept on one line: white space at its ends is dropped, breaks and tabs become spaces.
pub(crate) fn as_line(typed: &str) -> String {
    typed.trim().replace(['\n', '\r', '\t'], " ")
}

/// A running text as it is kept: white space at its ends is dropped, every line break is one of Unix.
pub(crate) fn as_prose(typed: &str) -> String {
    typed.trim().replace("\r\n", "\n").replace('\r', "\n")
}

/// The record that a form is about, made anew where it can be changed only once.
struct Record {
    path: String,
    page: String,
    /// The use case that shows it, with its input.
    shows: (&'static str, Value),
}

fn record(site: &Site, route: &str) -> Record {
    let of = |kind: &'static str, name: &'static str, page: &str, reference: &str| Record {
        path: route
            .replace(&format!("{{{name}}}"), reference)
            .replace("{number}", "1")
            .replace("{effect}", "0"),
        page: format!("/{page}/{reference}"),
        shows: (kind, json!({ name: reference })),
    };
    let case = || {
        let case = text(
            &site.ok("ada", "report_case", json!({ "title": "a case", "class": "incident" })),
            "reference",
        );
        site.ok("ada", "classify_case", json!({ "case": case, "class": "incident", "severity": 4 }));
        case
    };
    if route.starts_with("/reviews/") {
        let review = text(
            &site.ok("ada", "new_review", json!({ "case": reviewable(site, &case()), "participants": [] })),
            "reference",
        );
        let why =
            json!({ "review": review, "statement": "It was open", "of_problem": true, "kind": "condition" });
        site.ok("ada", "add_why", why);
        return of("show_review", "review", "reviews", &review);
    }
    if route.starts_with("/lessons/") {
        let draft = json!({ "case": case(), "statement": "look twice", "tags": [] });
        return of(
            "show_lesson",
            "lesson",
            "lessons",
            &text(&site.ok("ada", "new_lesson", draft), "reference"),
        );
    }
    if route.starts_with("/actions/") {
        let plan = json!({
            "case": case(), "title": "do something", "purpose": "corrective", "kind": "technical", "owner": "owner",
            "due_on": "2026-04-10",
        });
        return of(
            "show_action",
            "action",
            "actions",
            &text(&site.ok("ada", "new_action", plan), "reference"),
        );
    }
    if route.starts_with("/suppliers/") {
        return of("show_supplier", "supplier", "suppliers", "SUP-0001");
    }
    if route.starts_with("/controls/") {
        return of("show_control", "control", "controls", "C-1");
    }
    if route.starts_with("/risks/") {
        return of("show_risk", "risk", "risks", "RSK-0001");
    }
    if route.starts_with("/ai-assets/") {
        return of("show_asset", "asset", "ai-assets", "AST-0001");
    }
    of("show_case", "case", "cases", &case())
}

/// The record that a form made of a case.
fn made(site: &Site, route: &str, record: Record) -> Record {
    let (part, kind, name) = match route {
        "/cases/{case}/lessons" => ("lessons", "show_lesson", "lesson"),
        "/cases/{case}/actions" => ("actions", "show_action", "action"),
        _ => return record,
    };
    let case = site.ok("ada", "show_case", record.shows.1.clone());
    let reference = text(&case[part][0], "reference");
    Record { page: format!("/{part}/{reference}"), shows: (kind, json!({ name: reference })), ..record }
}

fn reviewable(site: &Site, case: &str) -> String {
    site.ok("ada", "respond_to_case", json!({ "case": case, "responder": "ada" }));
    site.ok("ada", "resolve_case", json!({ "case": case }));
    case.to_owned()
}

/// Fills every text field of a form with one text.
fn send(site: &Site, who: &Who, form: &Texts, path: &str, typed: &str) -> crate::fixture::Answer {
    send_both(site, who, form, path, [typed; 2])
}

/// Fills the text fields of a form: those of one line, and those of running text.
fn send_both(
    site: &Site,
    who: &Who,
    form: &Texts,
    path: &str,
    [line, prose]: [&str; 2],
) -> crate::fixture::Answer {
    if form.route == "/cases/{case}/evidence" {
        let fields = [("name", line), ("custody", prose), ("link", "https://example.org/log")];
        return site.ask(&crate::fixture::Ask::post(path).by(who).parts(&fields, None));
    }
    let page = site.get(who, path).expect(200, path).text();
    let shown: Vec<Shown> = form_of(&page, path);
    let complete = body(form.route);
    let fields: Vec<(&str, &str)> = shown
        .iter()
        .map(|field| match complete.iter().find(|(name, _)| *name == field.name) {
            _ if form.lines.contains(&field.name.as_str()) => (field.name.as_str(), line),
            _ if form.prose.contains(&field.name.as_str()) => (field.name.as_str(), prose),
            // What names another record is left out: there is none.
            Some((name, value)) if !value.contains('{') => (*name, *value),
            _ => (field.name.as_str(), field.value.as_str()),
        })
        .collect();
    site.post(who, path, &fields)
}

/// How often a text stands in a value as a whole.
fn count(value: &Value, wanted: &str) -> usize {
    match value {
        Value::String(text) => usize::from(text == wanted),
        Value::Array(items) => items.iter().map(|item| count(item, wanted)).sum(),
        Value::Object(fields) => fields.values().map(|field| count(field, wanted)).sum(),
        _ => 0,
    }
}

/// Fails if a text became markup: a tag or an attribute that no page has of its own.
#[track_caller]
pub(crate) fn expect_no_markup(page: &str, what: &str) {
    for tag in tags(page) {
        let shown = || format!("{what} became {} {:?}", tag.name, tag.attributes);
        assert!(
            !["img", "iframe", "b", "style", "object", "embed"].contains(&tag.name.as_str()),
            "{}",
            shown()
        );
        assert!(tag.name != "script" || tag.attributes["src"].starts_with("/assets/"), "{}", shown());
        for (name, value) in &tag.attributes {
            assert!(!name.starts_with("on") && name != "srcdoc" && name != "style", "{}", shown());
            let value = value.trim().to_lowercase();
            let leads = ["href", "src", "action", "formaction"].contains(&name.as_str());
            assert!(
                !leads || !(value.starts_with("javascript:") || value.starts_with("data:")),
                "{}",
                shown()
            );
        }
    }
    assert_eq!(without_drawings(page).matches("<title>").count(), 1, "{what}");
    assert!(!page.contains("<script>") && !page.contains("<!--"), "{what} stands there as it is: {page}");
}

/// A page without its drawings, in which a tip is a title too.
fn without_drawings(page: &str) -> String {
    let mut parts = page.split("<svg");
    let first = parts.next().unwrap_or_default().to_owned();
    let behind = |part: &str| part.split_once("</svg>").map_or("", |(_, behind)| behind).to_owned();
    parts.fold(first, |bare, part| bare + &behind(part))
}

fn site() -> Site {
    let site = Site::at(HTTPS);
    site.add_people();
    site.ok("ada", "new_supplier", json!({ "name": "Northwind" }));
    site.ok("ada", "new_control", json!({ "title": "Two people enter" }));
    let risk = json!({
        "title": "the lock gives way", "owner": "owner", "treatment": "mitigate", "likelihood": 4, "impact": 3,
        "why": "it is old",
    });
    site.ok("ada", "new_risk", risk);
    site.ok("ada", "new_asset", json!({ "kind": "model", "name": "Ranker" }));
    site
}

#[test]
fn every_text_is_kept_as_typed_and_shown_as_text() {
    let site = site();
    for form in FORMS {
        let who = site.enter(form.by);
        for typed in TEXTS {
            let what = format!("{} with {typed:?}", form.route);
            let record = record(&site, form.route);
            let answer = send(&site, &who, form, &record.path, typed);
            assert_eq!(answer.status, 303, "{what}: {}", problems(&answer.text()));
            let record = made(&site, form.route, record);
            let kept = site.ok("ada", record.shows.0, record.shows.1.clone());
            let (line, prose) = (as_line(typed), as_prose(typed));
            let wanted = if line == prose {
                [(line, form.lines.len() + form.prose.len())].to_vec()
            } else {
                [(line, form.lines.len()), (prose, form.prose.len())].to_vec()
            };
            for (text, times) in wanted {
                assert!(count(&kept, &text) >= times, "{what} is not kept as {text:?}: {kept}");
            }
            for page in [&record.page, &record.path] {
                let shown = site.get(&who, page).expect(200, page).text();
                expect_no_markup(&shown, &what);
            }
        }
    }
    for path in [
        "/cases",
        "/search?q=alert",
        "/lessons",
        "/actions",
        "/reviews",
        "/suppliers",
        "/ai-assets",
        "/",
        "/cases/facets",
    ] {
        expect_no_markup(&site.get(&site.enter("manager"), path).expect(200, path).text(), path);
    }
}

#[test]
fn a_report_keeps_what_was_typed_through_all_its_pages() {
    let site = site();
    let who = site.enter("reporter");
    for typed in TEXTS {
        let mut fields: Vec<(String, String)> = vec![("step".into(), "what".into())];
        for name in ["title", "summary", "done"] {
            fields.push((name.into(), typed.into()));
        }
        loop {
            let sent: Vec<(&str, &str)> =
                fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let answer = site.post(&who, "/report", &sent);
            if answer.status == 303 {
                expect_no_markup(&site.get(&who, answer.location()).expect(200, typed).text(), typed);
                let case = answer.location().split('/').nth(2).unwrap();
                let kept = site.ok("ada", "show_case", json!({ "case": case }));
                assert_eq!(kept["title"], as_line(typed));
                assert!(kept["summary"].as_str().unwrap().starts_with(&as_prose(typed)), "{kept}");
                break;
            }
            let page = answer.expect(200, typed).text();
            expect_no_markup(&page, typed);
            fields = form_of(&page, "/report")
                .into_iter()
                .filter(|field| field.name != "back")
                .map(|field| (field.name, field.value))
                .collect();
        }
    }
}

#[test]
fn control_characters_are_refused_and_what_was_typed_stays() {
    let site = site();
    for form in FORMS {
        let who = site.enter(form.by);
        let record = record(&site, form.route);
        let entries = site.trail_length();
        for typed in REFUSED {
            let answer = send(&site, &who, form, &record.path, typed);
            let what = format!("{} with {typed:?}", form.route);
            let page = answer.expect(422, &what).text();
            assert!(page.contains("control character"), "{what}: {}", problems(&page));
        }
        assert_eq!(site.trail_length(), entries, "{}", form.route);
    }
}

#[test]
fn a_text_that_is_too_long_is_refused_and_stays() {
    let site = site();
    for form in FORMS.iter().filter(|form| !form.route.ends_with("/evidence")) {
        let who = site.enter(form.by);
        let record = record(&site, form.route);
        for letter in ["a", "ä", "👋"] {
            let (line, prose) = (letter.repeat(301), letter.repeat(66_000 / letter.len()));
            let page =
                send_both(&site, &who, form, &record.path, [&line, &prose]).expect(422, form.route).text();
            assert!(page.contains("expected at most"), "{}: {}", form.route, problems(&page));
            let fields = form_of(&page, &record.path);
            let typed = form
                .lines
                .iter()
                .map(|name| (name, &line))
                .chain(form.prose.iter().map(|name| (name, &prose)));
            for (name, typed) in typed {
                let field = fields.iter().find(|field| field.name == *name).unwrap();
                assert!(field.value == *typed && field.is_wrong, "{} {name}", form.route);
            }
        }
    }
}
