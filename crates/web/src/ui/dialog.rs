//! What opens above a page: every key, and the palette that leads anywhere. Both are there on each page and shut; a
//! script opens them, and without one nobody misses them.

use maud::{Markup, html};

/// Keys, with what they do.
const KEYS: [(&[&str], &str); 11] = [
    (&["Ctrl", "K"], "Go anywhere: a page, a record, a step of this page (⌘ K on a Mac)"),
    (&["/"], "Search"),
    (&["c"], "Report"),
    (&["g", "h"], "My work"),
    (&["g", "r"], "Register"),
    (&["g", "v"], "Reviews"),
    (&["g", "a"], "Actions"),
    (&["g", "l"], "Lessons"),
    (&["j"], "Next row; k goes back, Enter opens it"),
    (&["n"], "Next page"),
    (&["e"], "The next step of this page"),
];

/// Every key, and the switch for whoever does not want them.
pub(crate) fn keys() -> Markup {
    html! {
        dialog #keys aria-labelledby="keys-heading" {
            h2 #keys-heading { "Keys" }
            dl .keys-list {
                @for (keys, words) in KEYS {
                    div { dt { @for key in keys { kbd { (key) } " " } } dd { (words) } }
                }
            }
            label .option { input #keys-on type="checkbox" checked; "Single keys do something" }
            form method="dialog" { button .button type="submit" { "Close" } }
        }
    }
}

/// Where one types where to go.
pub(crate) fn palette() -> Markup {
    html! {
        dialog #palette aria-label="Go to" {
            label .hidden for="palette-find" { "Go to a page, a record or a step of this page" }
            input #palette-find type="text" role="combobox" aria-expanded="true" aria-controls="palette-list"
                autocomplete="off" spellcheck="false" placeholder="Go to…";
            ul #palette-list role="listbox" aria-label="Where to" {}
        }
    }
}
