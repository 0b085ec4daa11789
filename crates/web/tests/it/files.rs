//! Files that go with a report: taken with it or not at all, and what was answered stays.

use std::time::Duration;

use serde_json::json;

use crate::fixture::{Answer, Ask, HTTPS, Site, Who, form_of, problems};

/// The first bytes of a picture.
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and the rest of it";

fn site() -> Site {
    let site = Site::at(HTTPS);
    site.add_people();
    site
}

/// Files by their names, with what is in them.
type Files<'a> = &'a [(&'a str, &'a [u8])];

fn send(site: &Site, who: &Who, files: Files<'_>) -> Answer {
    let fields = [("step", "check"), ("title", "A strange mail"), ("summary", "It asked for a password")];
    let files: Vec<_> = files.iter().map(|(name, content)| ("attachments", *name, *content)).collect();
    site.ask(&Ask::post("/report").by(who).files(&fields, &files))
}

/// What lies in the folder of the evidence.
fn kept(site: &Site) -> Vec<String> {
    let folder = std::fs::read_dir(site.root().join("evidence"));
    folder.map_or_else(
        |_| Vec::new(),
        |files| files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect(),
    )
}

#[test]
fn files_go_with_the_report_and_their_hashes_are_shown() {
    let site = site();
    let who = site.enter("reporter");
    let sent = send(&site, &who, &[("shot.png", PNG), ("a note.txt", b"abc")]).expect(303, "sent");
    let page = site.get(&who, sent.location()).expect(200, "the confirmation").text();
    let of_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    for word in ["shot.png", "a note.txt", of_abc, "3 bytes"] {
        assert!(page.contains(word), "{word}: {page}");
    }
    let case = site.ok("ada", "show_case", json!({ "case": "CASE-2026-0001" }));
    let evidence = case["evidence"].as_array().unwrap();
    assert_eq!(evidence.len(), 2, "{case}");
    assert!(evidence.iter().all(|item| item["collected_by"] == "reporter"), "{case}");
    let page = site.get(&site.enter("manager"), "/cases/CASE-2026-0001").expect(200, "the case").text();
    assert!(page.contains(of_abc), "{page}");
    let id = evidence.iter().find(|item| item["name"] == "a note.txt").unwrap()["id"].as_str().unwrap();
    let file = site.get(&who, &format!("/cases/CASE-2026-0001/evidence/{id}")).expect(200, "the file");
    assert_eq!(file.body, b"abc");
}

#[test]
fn without_files_a_report_is_as_before() {
    let site = site();
    let who = site.enter("reporter");
    // A browser sends a field in which nothing was chosen as a file without a name.
    let sent = send(&site, &who, &[("", b"")]).expect(303, "in parts");
    let page = site.get(&who, sent.location()).expect(200, "the confirmation").text();
    assert!(!page.contains("Files kept with it"), "{page}");
    let fields = [("step", "check"), ("title", "Another")];
    site.post(&who, "/report", &fields).expect(303, "in one piece");
    assert!(kept(&site).is_empty());
}

#[test]
fn a_file_that_is_refused_leaves_no_report_and_the_answers_stay() {
    let site = site();
    let who = site.enter("reporter");
    let entries = site.trail_length();
    let large = vec![b'a'; 25_000_001];
    let long_name = format!("{}.txt", "a".repeat(300));
    let eleven = [("a.txt", &b"a"[..]); 11];
    let cases: [(Files<'_>, &str); 5] = [
        (&[("a.txt", b"a"), ("large.log", &large)], "\"large.log\" is larger than 25.0 MB"),
        (&eleven, "one too many; at most 10 are taken"),
        (&[("shot.png", b"MZ and no picture")], "\"shot.png\" is called .png but is"),
        (&[("a.txt", b"a"), ("empty.txt", b"")], "\"empty.txt\" has nothing in it"),
        (&[(&long_name, b"a")], "expected at most"),
    ];
    for (files, told) in cases {
        let page = send(&site, &who, files).expect(422, told).text();
        assert!(problems(&page).contains(told), "{told}: {}", problems(&page));
        assert!(page.contains("id=\"attachments-error\"") && page.contains("Choose them again"), "{page}");
        let shown = form_of(&page, "/report");
        let value = |name: &str| shown.iter().find(|field| field.name == name).unwrap().value.clone();
        assert_eq!(
            (value("title"), value("summary")),
            ("A strange mail".into(), "It asked for a password".into())
        );
    }
    assert_eq!(site.trail_length(), entries);
    assert_eq!(kept(&site), Vec::<String>::new(), "what came in is gone again");
}

#[test]
fn an_answer_that_cannot_be_read_keeps_no_file() {
    let site = site();
    let who = site.enter("reporter");
    let fields = [("step", "check"), ("title", "")];
    let ask = Ask::post("/report").by(&who).files(&fields, &[("attachments", "a.txt", b"a")]);
    let page = site.ask(&ask).expect(422, "no title").text();
    assert!(page.contains("Say in one line what happened"), "{page}");
    let odd = Ask::post("/report").by(&who).files(&[("no_such_field", "a")], &[]);
    assert_eq!(site.ask(&odd.json()).expect(422, "another form").json()["code"], "request.unreadable");
    let names = [("step", "check"), ("title", "a"), ("attachments", "a.txt")];
    let page = site.post(&who, "/report", &names).expect(422, "names alone").text();
    assert!(problems(&page).contains("Came as a name only"), "{page}");
    let long = "a".repeat(513 * 1024);
    let ask = Ask::post("/report").by(&who).files(&[("title", &long)], &[]);
    site.ask(&ask).expect(413, "a text without end");
    let countless = [("attachments", "", &b""[..]); 10_000];
    site.ask(&Ask::post("/report").by(&who).files(&[], &countless)).expect(413, "parts without end");
    assert_eq!(kept(&site), Vec::<String>::new());
}

#[test]
fn whoever_may_not_report_makes_the_server_keep_nothing() {
    let site = site();
    for (who, status) in [(site.enter("auditor"), 403), (Who::Nobody, 303)] {
        send(&site, &who, &[("a.txt", b"a")]).expect(status, "not theirs");
        assert_eq!(kept(&site), Vec::<String>::new());
    }
    let ask = Ask::post("/report")
        .by(&site.enter("reporter"))
        .files(&[("step", "check"), ("title", "a")], &[("attachments", "a.txt", b"a")]);
    site.ask(&ask.with("sec-fetch-site", "cross-site")).expect(403, "another site");
    assert_eq!(kept(&site), Vec::<String>::new());
}

#[test]
fn more_than_all_files_may_have_is_cut_off() {
    let site = site();
    let who = site.enter("reporter");
    let large = vec![b'a'; 24_000_000];
    let files = [("a.txt", large.as_slice()); 11];
    let answer = send(&site, &who, &files).expect(413, "more than a report may have");
    assert!(answer.text().contains("class=\"lead\""), "{}", answer.text());
    assert_eq!(kept(&site), Vec::<String>::new());
}

#[test]
fn a_program_adds_a_file_to_a_case_and_gets_it_back() {
    let site = site();
    let case = site.ok("ada", "report_case", json!({ "title": "A strange mail" }));
    let (token, _) = site.token("manager", &["read", "edit"]);
    let path = format!("/api/v1/cases/{}/evidence", case["reference"].as_str().unwrap());
    let fields = [("custody", "From the mail server"), ("legal_hold", "yes")];
    let ask = Ask::post(&path).by(&token);
    let added = site.ask(&ask.clone().parts(&fields, Some(("mail.eml", b"abc")))).expect(200, "added").json();
    assert_eq!((added["name"].as_str(), added["size_bytes"].as_u64()), (Some("mail.eml"), Some(3)));
    assert_eq!((&added["custody"], &added["legal_hold"]), (&json!("From the mail server"), &json!(true)));
    let id = added["id"].as_str().unwrap();
    let file = site.get(&token, &format!("{path}/{id}")).expect(200, "the file");
    assert_eq!(
        (file.body.as_slice(), file.header("content-type")),
        (&b"abc"[..], "application/octet-stream")
    );

    let (reader, _) = site.token("manager", &["read"]);
    let entries = site.trail_length();
    let refused =
        site.ask(&ask.clone().parts(&[], Some(("shot.png", b"MZ")))).expect(422, "no picture").json();
    assert_eq!(
        (&refused["code"], &refused["fields"][0]["field"]),
        (&json!("evidence.not_its_name"), &json!("file"))
    );
    let refused = site.ask(&ask.parts(&[("legal_hold", "true")], None)).expect(422, "two things").json();
    let fields = refused["fields"].as_array().unwrap().iter().map(|field| field["field"].clone());
    assert_eq!(fields.collect::<Vec<_>>(), [json!("legal_hold"), json!("file")]);
    site.ask(&Ask::post(&path).by(&reader).parts(&[], Some(("a.txt", b"a")))).expect(403, "it may only read");
    assert_eq!((site.trail_length(), kept(&site).len()), (entries, 1), "nothing is kept of what is refused");
}

#[test]
fn a_file_may_take_its_time_as_long_as_something_of_it_arrives() {
    let site = site();
    let who = site.enter("reporter");
    let fields = [("step", "check"), ("title", "A strange mail")];
    let ask = Ask::post("/report").by(&who).files(&fields, &[("attachments", "mail.eml", b"abc")]);
    // Longer than any other request may take.
    site.trickle(&ask, Duration::from_secs(50), true).expect(303, "slowly, but it came");
    assert_eq!(kept(&site).len(), 1);
    let entries = site.trail_length();
    let told = site.trickle(&ask, Duration::from_secs(50), false).expect(408, "nothing more came").text();
    assert!(told.contains("Nothing more of the file arrived for a minute"), "{told}");
    let ask = Ask::post("/report").by(&who).fields(&fields);
    site.trickle(&ask, Duration::from_secs(50), true)
        .expect(303, "answers without files, in the time of an upload");
    let ask = Ask::post("/account/mails").by(&who).fields(&[("on", "no")]);
    site.trickle(&ask, Duration::from_secs(50), true).expect(408, "any other request has two minutes");
    assert_eq!(site.trail_length(), entries + 1);
}
