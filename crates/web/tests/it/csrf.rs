//! Requests that another site makes a browser send: refused before anything is looked at, by what the browser says of
//! where they come from.

use nevertwice_web::routes;

use crate::fixture::{Ask, HTTPS, Scene, Site, Who, filled};

/// What a browser says of the site that a request comes from.
const SITES: [Option<&str>; 5] =
    [None, Some("none"), Some("same-origin"), Some("same-site"), Some("cross-site")];
/// And of its origin; the second is the register's own.
const ORIGINS: [Option<&str>; 4] =
    [None, Some("https://register.example.org"), Some("https://evil.example"), Some("null")];

/// The rule: what comes from the register itself or from nobody's page is taken. Without a word on the site the origin
/// decides, and whoever sends neither is no browser.
fn is_taken(site: Option<&str>, origin: Option<&str>) -> bool {
    match site {
        Some(site) => matches!(site, "none" | "same-origin"),
        None => matches!(origin, None | Some("https://register.example.org")),
    }
}

fn coming_from(ask: &Ask, site: Option<&str>, origin: Option<&str>) -> Ask {
    let mut ask = ask.clone();
    if let Some(site) = site {
        ask = ask.with("sec-fetch-site", site);
    }
    if let Some(origin) = origin {
        ask = ask.with("origin", origin);
    }
    ask
}

#[test]
fn no_change_is_made_for_another_site() {
    let site = Site::at(HTTPS);
    site.add_people();
    let scene = Scene::all(&site).remove(0);
    let session = site.enter("ada");
    let (token, _) = site.token("ada", &["read", "report", "edit", "decide", "administer"]);
    let entries = site.trail_length();
    for route in routes().into_iter().filter(|route| route.method == "POST") {
        for (from, origin) in SITES.iter().flat_map(|site| ORIGINS.map(|origin| (*site, origin))) {
            let said = format!("{} from {from:?}, {origin:?}", route.address());
            let ask = coming_from(&filled(route, &scene).json(), from, origin);
            if is_taken(from, origin) {
                let answer = site.ask(&ask);
                assert!(!answer.text().contains("request.cross_site"), "{said} is refused");
                continue;
            }
            for who in [&session, &token, &Who::Nobody] {
                let answer = site.ask(&ask.clone().by(who)).expect(403, &said);
                assert_eq!(answer.json()["code"], "request.cross_site", "{said}");
                assert!(answer.cookies().is_empty(), "{said} sets a cookie");
            }
        }
    }
    assert_eq!(site.trail_length(), entries, "something was written for another site, or for nobody");
    site.get(&session, "/account").expect(200, "the session goes on");
}

#[test]
fn a_link_from_elsewhere_leads_in() {
    let site = Site::at(HTTPS);
    let session = site.enter("ada");
    let ask = coming_from(&Ask::get("/cases").by(&session), Some("cross-site"), Some("https://mail.example"));
    site.ask(&ask).expect(200, "a link in a mail");
}

#[test]
fn no_other_method_comes_in_from_another_site() {
    let site = Site::at(HTTPS);
    let session = site.enter("ada");
    for method in ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"] {
        let ask = Ask::new(method, "/report").by(&session);
        site.ask(&coming_from(&ask, Some("cross-site"), None)).expect(403, method);
        site.ask(&ask).expect(405, method);
    }
}
