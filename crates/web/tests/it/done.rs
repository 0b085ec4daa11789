//! What was just done is told once, on the page that follows.

use serde_json::json;

use crate::fixture::{Answer, Ask, HTTP, HTTPS, Site, Who, text};

/// The cookie that an answer sets, as a browser sends it back; nothing if the answer takes it away or sets none.
fn kept(answer: &Answer) -> Option<String> {
    let cookies = answer.cookies();
    let [cookie] = cookies.as_slice() else { return None };
    let (pair, attributes) = cookie.split_once(';')?;
    (!attributes.contains("Max-Age=0")).then(|| pair.to_owned())
}

/// The cookies of somebody who is signed in, and this one.
fn beside(site: &Site, who: &Who, cookie: &str) -> String {
    let secret = if let Who::Session(secret) = who { secret } else { "none" };
    format!("{}={secret}; {cookie}", site.cookie_name())
}

#[track_caller]
fn told_once(origin: &'static str) {
    let site = Site::at(origin);
    site.add_people();
    let who = site.enter("ada");
    let case = text(&site.ok("ada", "report_case", json!({ "title": "A broken lock" })), "reference");
    let page = format!("/cases/{case}");
    let answer =
        site.post(&who, &format!("{page}/comments"), &[("text", "It is mended.")]).expect(303, "said");
    let cookie = kept(&answer).unwrap_or_default();
    assert_eq!(cookie.starts_with("__Host-nevertwice-done="), origin == HTTPS, "{cookie}");

    let both = beside(&site, &who, &cookie);
    let shown = site.ask(&Ask::get(&page).with("cookie", &both)).expect(200, "the page");
    assert!(shown.text().contains("<strong>Saved</strong> · Comment"), "{}", shown.text());
    assert!(shown.cookies()[0].contains("Max-Age=0"), "{:?}", shown.cookies());
    let again = site.get(&who, &page).expect(200, "the page");
    assert!(!again.text().contains("class=\"toast\"") && again.cookies().is_empty());

    // What is no page tells nothing, and leaves it to the next one.
    let api = site.ask(&Ask::get("/api/v1/account").with("cookie", &both)).expect(200, "no page");
    assert!(api.cookies().is_empty());
}

#[test]
fn what_was_done_is_told_once() {
    told_once(HTTPS);
    told_once(HTTP);
}

#[test]
fn what_can_be_taken_back_says_where() {
    let site = Site::at(HTTPS);
    site.add_people();
    let who = site.enter("ada");
    let case = text(&site.ok("ada", "report_case", json!({ "title": "A broken lock" })), "reference");
    let plan = json!({ "case": case, "title": "Replace the lock", "purpose": "corrective", "kind": "physical",
        "owner": "ada", "due_on": "2026-04-15" });
    let action = text(&site.ok("ada", "new_action", plan), "reference");
    let page = format!("/actions/{action}/completion");
    let answer = site.post(&who, &page, &[("evidence", "Invoice 7")]).expect(303, "done");
    let both = beside(&site, &who, &kept(&answer).unwrap());
    let shown = site
        .ask(&Ask::get(&format!("/actions/{action}")).with("cookie", &both))
        .expect(200, "the page")
        .text();
    assert!(shown.contains(&format!("href=\"{page}/undoing\">Undo</a>")), "{shown}");
}
