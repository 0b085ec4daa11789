//! Forms that are sent without what they need: each says which field, and keeps what was typed.

use nevertwice_web::routes;

use crate::fixture::{Ask, HTTPS, Scene, Shown, Site, body, form_of};

/// The fields that have to be filled in.
const REQUIRED: &[(&str, &[&str])] = &[
    ("/cases/{case}/facts", &["title"]),
    ("/cases/{case}/classification", &["class"]),
    ("/cases/{case}/decision", &["decision", "criteria"]),
    ("/cases/{case}/reopening", &["to", "reason"]),
    ("/cases/{case}/voiding", &["reason"]),
    ("/cases/{case}/restriction", &["restricted"]),
    ("/cases/{case}/timeline", &["kind", "occurred", "text"]),
    ("/cases/{case}/costs", &["kind", "basis", "amount"]),
    ("/cases/{case}/comments", &["text"]),
    ("/cases/{case}/gaps/{gap}/settlement", &["outcome", "settlement"]),
    ("/reviews/{review}/date", &["on"]),
    ("/reviews/{review}/whys", &["statement"]),
    ("/reviews/{review}/whys/{number}", &["statement"]),
    ("/reviews/{review}/whys/{number}/links", &["effect"]),
    ("/reviews/{review}/whys/{number}/findings/{rule}/dismissal", &["reason"]),
    ("/reviews/{review}/similar", &["finding"]),
    ("/reviews/{review}/waiver", &["reason"]),
    ("/reviews/{review}/evaluation", &["went_well", "followed"]),
    ("/reviews/{review}/light", &["cause", "lesson", "action", "action_kind"]),
    ("/procedure/versions/new", &["summary"]),
    (
        "/procedure/versions/{procedure}/text",
        &[
            "summary",
            "reviews",
            "action_days",
            "check_days",
            "remind_before",
            "remind_every",
            "workdays",
            "text",
        ],
    ),
    ("/procedure/versions/{procedure}/withdrawal", &["reason"]),
    ("/cases/{case}/lessons", &["statement"]),
    ("/lessons/{lesson}/text", &["statement"]),
    ("/lessons/{lesson}/retirement", &["reason"]),
    ("/lessons/{lesson}/cases", &["case"]),
    ("/lessons/{lesson}/cases/removal", &["case"]),
    ("/lessons/{lesson}/coverage", &["kind", "covered_by", "reason"]),
    ("/lessons/{lesson}/awareness", &["title", "text", "audience", "due_on"]),
    ("/awareness/{item}/withdrawal", &["reason"]),
    ("/actions/{action}/not-doing/renewal", &["reason", "until"]),
    ("/actions/{action}/taking-up", &["reason"]),
    ("/controls/new", &["title"]),
    ("/controls/{control}/facts", &["title", "applicable"]),
    ("/controls/{control}/retirement", &["reason"]),
    ("/cases/{case}/controls", &["control", "performance"]),
    ("/cases/{case}/controls/{control}", &["performance"]),
    ("/cases/{case}/control-changes", &["control", "before", "after"]),
    ("/cases/{case}/declarations", &["link", "reason"]),
    ("/risks/new", &["title", "owner", "treatment", "likelihood", "impact", "why"]),
    ("/risks/{risk}/facts", &["title", "owner", "treatment"]),
    ("/risks/{risk}/assessments", &["likelihood", "impact", "why"]),
    ("/risks/{risk}/links", &["control"]),
    ("/risks/{risk}/closure", &["reason"]),
    ("/cases/{case}/actions", &["title", "purpose", "kind", "owner"]),
    ("/actions/{action}/completion", &["evidence"]),
    ("/actions/{action}/due-date", &["due_on", "reason"]),
    ("/actions/{action}/owner", &["owner"]),
    ("/actions/{action}/not-doing", &["reason", "until"]),
    ("/actions/{action}/strength", &["strength", "reason"]),
    ("/actions/{action}/checks", &["measure"]),
    ("/reviews/{review}/return", &["reason"]),
    ("/actions/{action}/judgement", &["outcome", "evidence"]),
    ("/ai-assets/new", &["name", "kind"]),
    ("/ai-assets/{asset}/facts", &["name"]),
    ("/ai-assets/{asset}/versions", &["label"]),
    ("/suppliers/new", &["name"]),
    ("/suppliers/{supplier}/facts", &["name"]),
    ("/people/new", &["name", "kind"]),
    ("/people/{person}/roles", &["kind"]),
    ("/settings/company", &["company", "time_zone", "currency", "severity_words", "open_reporting"]),
    ("/account/tokens", &["label", "scopes"]),
    ("/setup", &["code"]),
    ("/report", &["title"]),
    ("/open-report", &["title"]),
    ("/receipt", &["receipt"]),
    ("/cases/{case}/evidence", &["file"]),
];

/// Forms in which nothing has to be filled in, or that are not shown again as they are.
const FREE: &[&str] = &[
    "/drafts",
    "/drafts/dropped",
    "/cases/{case}/ai-impact",
    "/cases/{case}/response",
    "/cases/{case}/resolution",
    "/cases/{case}/closure",
    "/cases/{case}/parent",
    "/cases/{case}/reviews",
    "/reviews/{review}/meeting",
    "/reviews/{review}/whys/{number}/removal",
    "/reviews/{review}/whys/{number}/links/{effect}",
    "/reviews/{review}/whys/{number}/links/{effect}/removal",
    "/reviews/{review}/submission",
    "/reviews/{review}/approval",
    "/procedure/versions/{procedure}/submission",
    "/procedure/versions/{procedure}/return",
    "/procedure/versions/{procedure}/approval",
    "/lessons/{lesson}/approval",
    "/lessons/{lesson}/coverage/approval",
    "/lessons/{lesson}/confirmation",
    "/awareness/{item}/acknowledgement",
    "/actions/{action}/cost",
    // Shown only where something is owed.
    "/people/{person}/hand-over",
    "/cases/{case}/controls/{control}/removal",
    "/cases/{case}/declarations/{link}/approval",
    "/cases/{case}/declarations/{link}/removal",
    "/risks/{risk}/acceptance",
    "/risks/{risk}/reopening",
    "/actions/{action}/start",
    "/actions/{action}/completion/undoing",
    "/people/{person}/disabling",
    // A refusal does not tell which of two is wrong.
    "/sign-in",
    "/sign-out",
    "/invitation/{code}",
    "/enter/{code}",
    "/account/password",
    "/account/second-factor",
    "/account/second-factor/confirmation",
    "/account/second-factor/removal",
    "/account/sessions/{id}/end",
    "/account/sessions/others",
    "/account/tokens/{id}/revocation",
    "/people/{person}/invitation",
    "/cases/{case}/proof",
    // A button sends it.
    "/account/mails",
    // Shown behind a receipt alone.
    "/receipt/answers",
];

/// What is typed where it may stay empty.
const TYPED: &str = "typed & \"kept\" <here>";

#[test]
fn every_form_is_asked_without_what_it_needs() {
    let forms = routes().into_iter().filter(|route| route.method == "POST" && !route.is_api);
    for route in forms {
        let (needs, free) =
            (REQUIRED.iter().any(|(path, _)| *path == route.path), FREE.contains(&route.path));
        assert!(needs != free, "{} stands in both lists or in none", route.path);
    }
}

#[test]
fn an_empty_form_names_every_field_that_is_needed_and_keeps_what_was_typed() {
    let site = Site::at(HTTPS);
    site.add_people();
    let scene = Scene::all(&site).remove(0);
    let who = site.enter("ada");
    let entries = site.trail_length();
    for (route, required) in REQUIRED {
        let path = scene.fill(route);
        let page = site.get(&who, &path).expect(200, route).text();
        let shown = form_of(&page, &path);
        let free = |field: &&Shown| !required.contains(&field.name.as_str());
        let typed =
            shown.iter().filter(free).find(|field| takes_text(&field.name)).map(|field| field.name.clone());
        let fields: Vec<(&str, &str)> = shown
            .iter()
            .map(|field| match &typed {
                _ if field.name == "version" || field.name == "step" => {
                    (field.name.as_str(), field.value.as_str())
                }
                Some(typed) if *typed == field.name => (field.name.as_str(), TYPED),
                _ => (field.name.as_str(), ""),
            })
            .collect();
        let ask = Ask::post(&path).by(&who);
        let ask =
            if *route == "/cases/{case}/evidence" { ask.parts(&fields, None) } else { ask.fields(&fields) };
        let page = site.ask(&ask).expect(422, route).text();
        assert!(page.contains("Not saved yet"), "{route} does not say that nothing is saved: {page}");
        let again = form_of(&page, &path);
        for name in *required {
            let field = again.iter().find(|field| field.name == *name);
            assert!(
                field.is_some_and(|field| field.is_wrong),
                "{route} does not say what is wrong with {name}: {page}"
            );
            assert!(page.contains(&format!("href=\"#{name}\"")), "{route} does not lead to {name}");
        }
        if let Some(typed) = typed {
            let field = again.iter().find(|field| field.name == typed).unwrap();
            assert_eq!(field.value, TYPED, "{route} loses what was typed in {typed}");
            assert!(!page.contains(TYPED), "{route} shows {typed} as it is");
        }
    }
    assert_eq!(site.trail_length(), entries, "something was written all the same");
}

/// Forms with long texts of which no draft is kept, since what stood there weeks ago must not come back over what others
/// saved since; and those that are sent with a step in between and keep theirs on their own page.
const NOT_KEPT: &[&str] = &["/cases/{case}/restriction", "/open-report", "/receipt"];

#[test]
fn whatever_is_written_at_length_is_kept_as_a_draft() {
    let site = Site::at(HTTPS);
    site.add_people();
    let scene = Scene::all(&site).remove(0);
    let who = site.enter("ada");
    let mut kept = 0;
    let forms = routes().into_iter().filter(|route| route.method == "POST" && !route.is_api);
    for route in forms.filter(|route| !NOT_KEPT.contains(&route.path)) {
        let path = scene.fill(route.path);
        let answer = site.get(&who, &path);
        if answer.status != 200 {
            continue;
        }
        let page = answer.text();
        let own = format!("action=\"{path}\"");
        let form = page
            .split("<form")
            .skip(1)
            .find(|form| form.split('>').next().is_some_and(|tag| tag.contains(&own)));
        let Some(form) = form.and_then(|form| form.split("</form>").next()) else { continue };
        if form.contains("<textarea") {
            kept += 1;
            let tag = form.split('>').next().unwrap();
            assert!(
                tag.contains(&format!("data-draft=\"{path}\"")),
                "{} keeps nothing of what is written: {tag}",
                route.path
            );
        }
    }
    assert!(kept > 35, "only {kept} forms were looked at");
}

#[test]
fn a_form_that_a_case_leads_to_names_the_case() {
    let site = Site::at(HTTPS);
    site.add_people();
    let scene = Scene::all(&site).remove(0);
    let who = site.enter("ada");
    let case = scene.fill("{case}");
    let page = site.get(&who, &format!("/cases/{case}")).text();
    let link = format!("/risks/new?case={case}");
    assert!(page.contains(&link), "the case leads to a new risk");
    let form = site.get(&who, &link).text();
    assert!(form.contains(&format!("name=\"case\" type=\"text\" value=\"{case}\"")), "{form}");
    let hostile = site.get(&who, "/risks/new?case=%22%3E%3Cscript%3E&title=mine").text();
    assert!(!hostile.contains("<script>") && !hostile.contains("value=\"mine\""), "only records are named");
}

/// Fields that take any text: a choice or a date would be wrong for another reason.
fn takes_text(name: &str) -> bool {
    const TEXTS: [&str; 14] = [
        "summary",
        "source",
        "note",
        "detail",
        "description",
        "evidence",
        "category",
        "reason",
        "provides",
        "minutes",
        "email",
        "custody",
        "done",
        "settlement",
    ];
    TEXTS.contains(&name)
}

#[test]
fn what_cannot_be_read_is_told_of_its_field() {
    let site = Site::at(HTTPS);
    site.add_people();
    let scene = Scene::all(&site).remove(0);
    let who = site.enter("ada");
    for (route, name, value) in [
        ("/cases/{case}/facts", "occurred", "yesterday"),
        ("/cases/{case}/facts", "detection", "nobody"),
        ("/cases/{case}/facts", "responders", "Nobody At All"),
        ("/cases/{case}/facts", "version", "one"),
        ("/cases/{case}/classification", "severity", "6"),
        ("/cases/{case}/classification", "class", "ticket"),
        ("/cases/{case}/ai-impact", "share", "101"),
        ("/cases/{case}/ai-impact", "datasets", "; v1"),
        ("/cases/{case}/ai-impact", "contingency_plan_used", "perhaps"),
        ("/cases/{case}/parent", "parent", "CASE"),
        ("/cases/{case}/costs", "amount", "12"),
        ("/cases/{case}/costs", "labour_hours", "NaN"),
        ("/cases/{case}/costs", "labour_hours", "-1"),
        ("/cases/{case}/costs", "labour_hours", "1e99"),
        ("/cases/{case}/costs", "incurred_on", "2026-02-30"),
        ("/reviews/{review}/date", "on", "soon"),
        ("/reviews/{review}/whys", "under", "one"),
        ("/cases/{case}/actions", "due_on", "99999-01-01"),
        ("/cases/{case}/actions", "owner", "Nobody At All"),
        ("/cases/{case}/actions", "lesson", "LSN"),
        ("/actions/{action}/strength", "strength", "strong"),
        ("/actions/{action}/cost", "planned", "12"),
        ("/actions/{action}/judgement", "next_due_on", "soon"),
        ("/lessons/{lesson}/coverage", "kind", "luck"),
        ("/lessons/{lesson}/awareness", "roles", "everybody"),
        ("/settings/company", "time_zone", "Middle/Earth"),
        ("/settings/company", "currency", "Euro"),
        ("/settings/company", "severity_words", "one\ntwo"),
        ("/settings/company", "open_reporting", "perhaps"),
        ("/open-report", "day", "yesterday"),
        ("/account/tokens", "scopes", "everything"),
        ("/account/tokens", "days", "0"),
        ("/people/new", "kind", "robot"),
    ] {
        let path = scene.fill(route);
        let mut fields: Vec<(&str, &str)> =
            body(route).iter().copied().filter(|(other, _)| *other != name).collect();
        fields.push((name, value));
        let answer = site.post(&who, &path, &fields).expect(422, &format!("{route} with {name} {value}"));
        let page = answer.text();
        let field = form_of(&page, &path).into_iter().find(|field| field.name == name).unwrap();
        let is_told = field.is_wrong || page.contains("Not saved yet");
        assert!(is_told && (field.value == value || field.value.is_empty()), "{route} {name}: {field:?}");
        assert!(
            name == "version" || page.contains(&format!("id=\"{name}-error\"")),
            "{route} does not tell of {name}: {page}"
        );
    }
}
