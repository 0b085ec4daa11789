//! The frame of every page: head, navigation by the loop, and what stands around the content.

use maud::{DOCTYPE, Markup, html};

use crate::assets;
use crate::paths;
use crate::ui;
use crate::viewer::Viewer;

/// A place in the navigation.
struct Place {
    path: &'static str,
    words: &'static str,
    /// What one has to be allowed, one of these; everybody may use it if empty.
    verbs: &'static [&'static str],
}

/// By the loop: what is owed, what happened, what was learned.
const PLACES: [Place; 14] = [
    Place { path: "/", words: "My work", verbs: &[] },
    Place { path: "/cases", words: "Register", verbs: &[] },
    Place { path: "/reviews", words: "Reviews", verbs: &["read_catalogue"] },
    Place { path: "/actions", words: "Actions", verbs: &[] },
    Place { path: "/lessons", words: "Lessons", verbs: &["read_lesson"] },
    Place { path: "/awareness", words: "Awareness", verbs: &[] },
    Place { path: "/loop", words: "Loop", verbs: &["read_case", "read_register"] },
    Place { path: "/controls", words: "Controls", verbs: &["read_catalogue"] },
    Place { path: "/risks", words: "Risks", verbs: &["read_risk"] },
    Place { path: "/ai-assets", words: "AI assets", verbs: &["read_catalogue"] },
    Place { path: "/suppliers", words: "Suppliers", verbs: &["read_catalogue"] },
    Place { path: "/procedure", words: "Procedure", verbs: &["read_procedure"] },
    Place { path: "/people", words: "People", verbs: &["administer"] },
    Place { path: "/settings", words: "Settings", verbs: &["read_catalogue", "administer"] },
];

/// A page for somebody who is signed in.
pub(crate) fn show(viewer: &Viewer, title: &str, content: Markup) -> Markup {
    let me = &viewer.me;
    frame(
        &format!("{title} · {}", me.company),
        html! {
            div .shell {
                (navigation(viewer))
                div .stage {
                    @if me.sample {
                        aside .sample aria-label="Sample" { strong { "Sample" } " Everything in this register is invented." }
                    }
                    @if let Some(done) = &viewer.done { (done.show()) }
                    main #main tabindex="-1" { (content) }
                    footer .foot {
                        span { (me.company) }
                        button .link type="button" hidden data-keys data-key="?" { "Keys" }
                        span { "Internal · learned, not blamed" }
                    }
                }
            }
            (ui::palette())
            (ui::keys())
        },
    )
}

/// A page that stands alone: signing in, errors.
pub(crate) fn bare(title: &str, content: Markup) -> Markup {
    frame(
        &format!("{title} · Nevertwice"),
        html! {
            div .alone {
                header .brand { (mark()) span { "Nevertwice" } }
                main #main .card { (content) }
            }
        },
    )
}

/// A page that needs nobody to be signed in and has much to say.
pub(crate) fn wide(title: &str, content: Markup) -> Markup {
    frame(&format!("{title} · Nevertwice"), html! { div .stage { main #main tabindex="-1" { (content) } } })
}

fn frame(title: &str, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                title { (title) }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                link rel="icon" type="image/svg+xml" href=(assets::path("icon.svg"));
                link rel="stylesheet" href=(assets::style_sheet());
                script type="module" src=(assets::path("js/start.js")) {}
            }
            body {
                a .skip href="#main" { "Skip to the content" }
                (body)
            }
        }
    }
}

/// Twice: behind a button where there is little room, and open beside the content where there is more.
fn navigation(viewer: &Viewer) -> Markup {
    html! {
        header .side {
            div .side-top {
                a .brand href=(paths::Home) { (mark()) span { "Nevertwice" } }
                details .menu {
                    summary { "Menu" }
                    (places(viewer, "Menu", "find-in-menu"))
                    (me(viewer))
                }
            }
            div .wide { (places(viewer, "Main", "find")) }
            (me(viewer))
        }
    }
}

fn me(viewer: &Viewer) -> Markup {
    let me = &viewer.me;
    html! {
        div .me {
            a href=(paths::Account) { (me.name) }
            span .fine { (me.roles.join(", ")) }
            form method="post" action=(paths::SignOut) { button .link type="submit" { "Sign out" } }
        }
    }
}

fn places(viewer: &Viewer, name: &str, find: &str) -> Markup {
    let here = PLACES
        .iter()
        .filter(|place| is_within(&viewer.path, place.path))
        .max_by_key(|place| place.path.len())
        .map(|place| place.path);
    html! {
        @if viewer.may("report") {
            a .button .primary .report href=(paths::Report) data-key="c" { "Report" }
        }
        form .find role="search" aria-label={ (name) " search" } action=(paths::SearchAll) {
            label .hidden for=(find) { "Search everything" }
            input id=(find) type="search" name="q" placeholder="Search" data-key="/" autocomplete="off";
            button .button type="submit" { (lens()) span .hidden { "Search" } }
        }
        nav aria-label=(name) {
            ul {
                @for place in PLACES.iter().filter(|p| p.verbs.is_empty() || p.verbs.iter().any(|verb| viewer.may(verb))) {
                    li { a href=(place.path) aria-current=[(here == Some(place.path)).then_some("page")] {
                        (place.words)
                    } }
                }
            }
        }
    }
}

fn is_within(path: &str, place: &str) -> bool {
    path == place || (place != "/" && path.strip_prefix(place).is_some_and(|rest| rest.starts_with('/')))
}

/// The sign of the product: a loop that closes.
fn mark() -> Markup {
    html! {
        svg .mark viewBox="0 0 24 24" aria-hidden="true" {
            path d="M12 3a9 9 0 1 1-7.8 4.5" {}
            path d="M4 3v5h5" {}
            path d="M8.5 12.5l2.5 2.5 4.5-5" {}
        }
    }
}

fn lens() -> Markup {
    html! {
        svg .lens viewBox="0 0 24 24" aria-hidden="true" {
            circle cx="10.5" cy="10.5" r="6.5" {}
            path d="M15.5 15.5L21 21" {}
        }
    }
}
