//! Reports without an account, as a browser makes them: off and on, the way back by a receipt, and nobody stays nobody.

use serde_json::json;

use crate::fixture::{Answer, Ask, HTTPS, Site, Who, form_of, problems, text};
use crate::naughty::{TEXTS, as_line, as_prose, expect_no_markup};

/// What is reported.
const TITLE: &str = "A fence with a hole";

fn site() -> Site {
    let site = Site::at(HTTPS);
    site.add_people();
    site
}

fn open_site() -> Site {
    let site = site();
    site.open_reporting(true);
    site
}

/// The whole report, and the page with its receipt.
fn report(site: &Site, who: &Who, title: &str, summary: &str) -> Answer {
    site.get(who, "/open-report").expect(200, "the form");
    let fields = [("step", "what"), ("title", title), ("summary", summary), ("class", "weakness")];
    let check = site.post(who, "/open-report", &fields).expect(200, "the answers").text();
    assert!(check.contains("Is this right?"), "{check}");
    let shown = form_of(&check, "/open-report");
    let fields = shown.iter().filter(|field| field.name != "back");
    let fields: Vec<_> = fields.map(|field| (field.name.as_str(), field.value.as_str())).collect();
    site.post(who, "/open-report", &fields)
}

/// The code on the page that shows it this once.
#[track_caller]
fn code_on(page: &str) -> String {
    let (_, rest) = page.split_once("class=\"secret\">").unwrap_or_else(|| panic!("no receipt: {page}"));
    rest.split('<').next().unwrap().to_owned()
}

#[test]
fn a_page_that_is_sent_again_reports_once_and_shows_the_same_receipt() {
    let site = open_site();
    let fields = [("step", "what"), ("title", TITLE)];
    let check = site.post(&Who::Nobody, "/open-report", &fields).expect(200, "the answers").text();
    let shown = form_of(&check, "/open-report");
    let shown = shown.iter().filter(|field| field.name != "back");
    let fields: Vec<_> = shown.map(|field| (field.name.as_str(), field.value.as_str())).collect();
    let first = site.post(&Who::Nobody, "/open-report", &fields).expect(200, "the receipt").text();
    let entries = site.trail_length();
    let again = site.post(&Who::Nobody, "/open-report", &fields).expect(200, "the same").text();
    assert_eq!(code_on(&again), code_on(&first));
    assert_eq!(again, first);
    assert_eq!(site.trail_length(), entries, "nothing is registered twice");

    let other = fields.iter().map(|(name, value)| (*name, if *name == "title" { "Another" } else { *value }));
    let other: Vec<_> = other.collect();
    let page = site.post(&Who::Nobody, "/open-report", &other).expect(409, "something else").text();
    assert!(page.contains("Something else was reported under this receipt"), "{page}");
    let made_up = [("step", "check"), ("title", TITLE), ("receipt", "AAAA")];
    let page = site.post(&Who::Nobody, "/open-report", &made_up).expect(422, "no receipt").text();
    assert!(page.contains("is none of ours"), "{page}");
    assert_eq!(site.trail_length(), entries);
    // What is registered is told whatever was switched off since, and new reports are not taken.
    site.open_reporting(false);
    let again = site.post(&Who::Nobody, "/open-report", &fields).expect(200, "the same").text();
    assert_eq!(code_on(&again), code_on(&first));
    site.post(&Who::Nobody, "/open-report", &[("step", "check"), ("title", TITLE)]).expect(403, "a new one");
}

fn look(site: &Site, code: &str) -> Answer {
    site.post(&Who::Nobody, "/receipt", &[("receipt", code)])
}

fn answer(site: &Site, code: &str, text: &str) -> Answer {
    site.post(&Who::Nobody, "/receipt/answers", &[("receipt", code), ("text", text)])
}

#[test]
fn while_it_is_off_nobody_is_led_there_and_nothing_is_taken() {
    let site = site();
    let entries = site.trail_length();
    let page = site.get(&Who::Nobody, "/sign-in").expect(200, "sign in").text();
    assert!(!page.contains("/open-report") && !page.contains("/receipt"), "{page}");
    for ask in [
        Ask::get("/open-report"),
        Ask::post("/open-report").fields(&[("title", TITLE)]),
        Ask::post("/open-report").fields(&[("step", "check"), ("title", TITLE)]),
    ] {
        let page = site.ask(&ask).expect(403, "it is off").text();
        assert!(page.contains("Reports are taken from people with an account only"), "{page}");
        let problem = site.ask(&ask.json()).expect(403, "it is off").json();
        assert_eq!(problem["code"], "open_reporting.off");
    }
    assert_eq!(site.trail_length(), entries);
}

#[test]
fn an_administrator_switches_it_on_and_off() {
    let site = site();
    let who = site.enter("ada");
    let choose = |to: &str| {
        let page = site.get(&who, "/settings/company").expect(200, "the form").text();
        let shown = form_of(&page, "/settings/company");
        let fields = shown.iter().map(|field| match field.name.as_str() {
            "open_reporting" => ("open_reporting", to),
            name => (name, field.value.as_str()),
        });
        site.post(&who, "/settings/company", &fields.collect::<Vec<_>>())
    };
    let switch = |to: &str| {
        choose(to).expect(303, to);
        site.get(&who, "/settings").expect(200, "the settings").text()
    };
    assert!(switch("yes").contains("Taken from whoever reaches the register"));
    let page = site.get(&Who::Nobody, "/sign-in").expect(200, "sign in").text();
    assert!(page.contains("href=\"/open-report\"") && page.contains("href=\"/receipt\""), "{page}");
    for unclear in ["", "true"] {
        choose(unclear).expect(422, "neither yes nor no");
    }
    assert!(switch("no").contains("Not taken"));
    site.get(&Who::Nobody, "/open-report").expect(403, "off again");
}

#[test]
fn a_title_is_enough_and_the_receipt_is_shown_this_once() {
    let site = open_site();
    let thanks = report(&site, &Who::Nobody, TITLE, "");
    let page = thanks.clone().expect(200, "registered").text();
    assert_eq!(thanks.header("cache-control"), "no-store");
    assert!(thanks.cookies().is_empty());
    for word in ["CASE-2026-0001", TITLE, "You will not be blamed", "What happens next"] {
        assert!(page.contains(word), "{word}: {page}");
    }
    let code = code_on(&page);
    assert_eq!(code.len(), 39);
    let kept = site.ok("ada", "show_case", json!({ "case": "CASE-2026-0001" }));
    assert_eq!(
        (&kept["title"], &kept["class"], &kept["reporter"]),
        (&json!(TITLE), &json!("weakness"), &json!(null))
    );
    let shown = look(&site, &code.to_lowercase().replace('-', " ")).expect(200, "the report").text();
    assert!(shown.contains(TITLE) && shown.contains("It is registered"), "{shown}");
    for (who, path) in [(Who::Nobody, "/receipt"), (site.enter("ada"), "/cases/CASE-2026-0001")] {
        let page = site.get(&who, path).expect(200, path).text();
        assert!(!page.contains(&code), "{path} shows the receipt");
    }
}

#[test]
fn whoever_is_signed_in_is_nobody_here() {
    let site = open_site();
    let code = code_on(&report(&site, &site.enter("reporter"), TITLE, "").expect(200, "registered").text());
    let kept = site.ok("ada", "show_case", json!({ "case": "CASE-2026-0001" }));
    assert_eq!((&kept["reporter"], &kept["registered_by"]), (&json!(null), &json!("Somebody (open report)")));
    let done = site.ok("ada", "show_activity", json!({ "case": "CASE-2026-0001", "limit": 9 }));
    let by: Vec<_> = done["entries"].as_array().unwrap().iter().map(|entry| &entry["actor"]).collect();
    assert_eq!(by, ["Somebody (open report)"], "{done}");
    site.get(&site.enter("reporter"), "/cases/CASE-2026-0001").expect(404, "they did not report it");
    for who in [site.enter("manager"), site.token("sales", &["read"]).0] {
        let page = site.post(&who, "/receipt", &[("receipt", &code)]).expect(200, "by anybody").text();
        assert!(!page.contains("Sign out"), "{page}");
    }
}

#[test]
fn a_question_reaches_whoever_reported_and_their_answer_comes_back() {
    let site = open_site();
    let (case, code) = site.report_openly(TITLE);
    let (manager, path) = (site.enter("manager"), format!("/cases/{case}"));
    let page = site.get(&manager, &path).expect(200, "the case").text();
    assert!(page.contains("Ask whoever reported it"), "{page}");
    let comments = format!("{path}/comments");
    let inside = [("text", "zqinside"), ("to_reporter", "no")];
    site.post(&manager, &comments, &inside).expect(303, "a comment");
    let ask = [("text", "Which fence? See CASE-2026-0001"), ("to_reporter", "yes")];
    site.post(&manager, &comments, &ask).expect(303, "a question");

    let page = look(&site, &code).expect(200, "the report").text();
    assert!(page.contains("A question to you") && page.contains("Which fence?"), "{page}");
    for word in ["zqinside", "manager", "href=\"/cases"] {
        assert!(!page.contains(word), "{word} is told to whoever holds the receipt: {page}");
    }
    let page = answer(&site, &code, "The left one").expect(200, "answered").text();
    assert!(page.contains("Your answer is there") && page.contains("The left one"), "{page}");
    assert_eq!(
        form_of(&page, "/receipt/answers").iter().find(|field| field.name == "text").unwrap().value,
        ""
    );
    let page = site.get(&manager, &path).expect(200, "the case").text();
    for word in ["Question to whoever reported it", "From whoever reported it", "The left one"] {
        assert!(page.contains(word), "{word}: {page}");
    }
}

#[test]
fn only_where_it_works_a_question_is_offered() {
    let site = open_site();
    let (case, _) = site.report_openly(TITLE);
    let other = site.ok("ada", "report_case", json!({ "title": "Another" }))["reference"].clone();
    let other = other.as_str().unwrap();
    for (user, case, is_offered) in [
        ("manager", case.as_str(), true),
        ("responder", &case, false),
        ("auditor", &case, false),
        ("manager", other, false),
    ] {
        for path in [format!("/cases/{case}"), format!("/cases/{case}/comments")] {
            let page = site.get(&site.enter(user), &path).expect(200, &path).text();
            assert_eq!(page.contains("Ask whoever reported it"), is_offered, "{path} by {user}");
        }
    }
    let ask = [("text", "Which?"), ("to_reporter", "yes")];
    let page = site
        .post(&site.enter("manager"), &format!("/cases/{other}/comments"), &ask)
        .expect(422, "no receipt");
    assert!(problems(&page.text()).contains("nobody holds a receipt"), "{}", page.text());
    let empty = [("text", ""), ("to_reporter", "yes")];
    let page =
        site.post(&site.enter("manager"), &format!("/cases/{case}/comments"), &empty).expect(422, "no text");
    let shown = form_of(&page.text(), &format!("/cases/{case}/comments"));
    assert_eq!(
        shown.iter().find(|field| field.name == "to_reporter").unwrap().value,
        "yes",
        "what was chosen stays"
    );
}

#[test]
fn a_receipt_that_is_none_is_told_beside_its_field() {
    let site = open_site();
    for path in ["/receipt", "/receipt/answers"] {
        let fields: &[(&str, &str)] = if path == "/receipt" {
            &[("receipt", "ABCD-EFGH")]
        } else {
            &[("receipt", "ABCD-EFGH"), ("text", "a")]
        };
        let page = site.post(&Who::Nobody, path, fields).expect(403, path).text();
        let field = form_of(&page, "/receipt").remove(0);
        assert!(
            field.is_wrong
                && field.value == "ABCD-EFGH"
                && page.contains("There is no report of this receipt"),
            "{page}"
        );
    }
}

#[test]
fn a_receipt_outlives_the_switch_and_a_restriction_and_ends_with_a_void_case() {
    let site = open_site();
    let (case, code) = site.report_openly(TITLE);
    let edit = json!({ "case": case, "title": "zqtitle", "summary": { "to": "zqsummary" } });
    site.ok("ada", "edit_case", edit);
    site.ok("ada", "restrict_case", json!({ "case": case, "readers": ["manager"] }));
    site.open_reporting(false);
    let page = look(&site, &code).expect(200, "it holds").text();
    assert!(page.contains(TITLE) && !page.contains("zq"), "{page}");
    answer(&site, &code, "More").expect(200, "they still answer");
    site.ok("manager", "void_case", json!({ "case": case, "reason": "zqreason" }));
    let page = look(&site, &code).expect(200, "void").text();
    assert!(
        page.contains("Nothing can be added") && !page.contains("<textarea") && !page.contains("zq"),
        "{page}"
    );
    answer(&site, &code, "Too late").expect(409, "nothing grows on it");
}

#[test]
fn whoever_floods_waits_and_what_was_typed_stays() {
    let site = open_site();
    for _ in 0..10 {
        report(&site, &Who::Nobody, TITLE, "").expect(200, "registered");
    }
    let entries = site.trail_length();
    let refused = report(&site, &Who::Nobody, "The eleventh", "at length").expect(429, "too many");
    assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|seconds| (1..=60).contains(&seconds)));
    let shown = form_of(&refused.text(), "/open-report");
    let value = |name: &str| shown.iter().find(|field| field.name == name).unwrap().value.clone();
    assert_eq!((value("title"), value("summary")), ("The eleventh".to_owned(), "at length".to_owned()));
    assert!(refused.text().contains("Too many attempts"), "{}", refused.text());
    assert_eq!(site.trail_length(), entries);

    let guesses: Vec<_> = (0..31).map(|_| look(&site, "ABCD-EFGH")).collect();
    assert_eq!((guesses[29].status, guesses[30].status), (403, 429));
    assert!(guesses[30].headers.contains_key("retry-after"));
}

#[test]
fn an_answer_that_cannot_be_taken_stays_in_its_form() {
    let site = open_site();
    let (_, code) = site.report_openly(TITLE);
    for (text, status) in [("", 422), ("a\u{0}b", 422)] {
        let page = answer(&site, &code, text).expect(status, text).text();
        assert!(
            form_of(&page, "/receipt/answers").iter().any(|field| field.name == "text" && field.is_wrong),
            "{page}"
        );
    }
    for place in 0..9 {
        answer(&site, &code, &format!("answer {place}")).expect(200, "taken");
    }
    let refused = answer(&site, &code, "one more").expect(429, "too many");
    assert!(refused.headers.contains_key("retry-after"));
    let shown = form_of(&refused.text(), "/receipt/answers");
    assert_eq!(shown.iter().find(|field| field.name == "text").unwrap().value, "one more");
}

#[test]
fn no_other_site_reports_or_asks_in_anybodys_name() {
    let site = open_site();
    let (_, code) = site.report_openly(TITLE);
    let entries = site.trail_length();
    for (path, fields) in [
        ("/open-report", vec![("step", "check"), ("title", TITLE)]),
        ("/receipt", vec![("receipt", code.as_str())]),
        ("/receipt/answers", vec![("receipt", code.as_str()), ("text", "forged")]),
    ] {
        let ask = Ask::post(path).fields(&fields).json();
        for ask in
            [ask.clone().with("sec-fetch-site", "cross-site"), ask.with("origin", "https://evil.example")]
        {
            assert_eq!(site.ask(&ask).expect(403, path).json()["code"], "request.cross_site");
        }
    }
    assert_eq!(site.trail_length(), entries);
}

#[test]
fn a_receipt_stands_in_no_address() {
    let site = open_site();
    let (_, code) = site.report_openly(TITLE);
    for path in [format!("/receipt?receipt={code}"), format!("/receipt/{code}")] {
        let page = site.get(&Who::Nobody, &path).text();
        assert!(!page.contains(TITLE) && !page.contains(&code), "{path}: {page}");
    }
    site.get(&Who::Nobody, "/receipt/answers").expect(405, "answers are sent");
}

#[test]
fn what_is_written_without_an_account_is_kept_as_typed_and_becomes_no_markup() {
    let site = open_site();
    for typed in TEXTS {
        // Sooner or later everybody waits.
        site.clock.forward_hours(1);
        let thanks = report(&site, &Who::Nobody, typed, typed).expect(200, typed).text();
        let code = code_on(&thanks);
        let answered = answer(&site, &code, typed).expect(200, typed).text();
        let newest = json!({ "query": "", "limit": 1, "sort": "-reference" });
        let case = text(&site.ok("ada", "list_cases", newest)["items"][0], "reference");
        let kept = site.ok("ada", "show_case", json!({ "case": case }));
        assert_eq!((text(&kept, "title"), text(&kept, "summary")), (as_line(typed), as_prose(typed)));
        assert_eq!(text(&kept["comments"][0], "text"), as_prose(typed));
        let of_case = site.get(&site.enter("manager"), &format!("/cases/{case}")).expect(200, &case).text();
        for page in [thanks, answered, of_case] {
            expect_no_markup(&page, typed);
        }
    }
}
