//! The filter bar: the query as text, and its parts as chips that can be taken away.

use maud::{Markup, html};

use crate::paths;
use crate::text;

/// What a list of cases is asked for with: all of it stands in the address.
#[derive(Debug, Clone, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    /// The query.
    pub(crate) q: String,
    /// The order.
    pub(crate) sort: String,
    /// The columns shown beside the reference and what happened; the usual ones if empty.
    pub(crate) column: Vec<String>,
    /// Where the list goes on.
    pub(crate) after: String,
    /// Not empty while somebody types: the last word counts as the beginning of one.
    pub(crate) typing: String,
}

/// Queries that everybody needs, with their names.
const SAVED: [(&str, &str); 6] = [
    ("Open", "state:open"),
    ("Serious and open", "state:open severity:>=4"),
    ("Mine", "owner:me"),
    ("Overdue actions", "overdue:yes"),
    ("No cause yet", "state:open no:cause"),
    ("Gaps to fill", "has:gap"),
];

impl Asked {
    /// The same with the query as it is meant: a word that is being typed with a star behind it.
    pub(crate) fn settled(self) -> Self {
        let q = text::as_typed(self.q, !self.typing.is_empty());
        Self { q, typing: String::new(), ..self }
    }

    /// The address of the list with another query, from its first page.
    pub(crate) fn with_query(&self, q: &str) -> String {
        self.address(q, &self.sort, "")
    }

    /// The address of the list in another order.
    pub(crate) fn sorted(&self, sort: &str) -> String {
        self.address(&self.q, sort, "")
    }

    /// The address of the page that goes on at a place.
    pub(crate) fn going_on(&self, after: &str) -> String {
        self.address(&self.q, &self.sort, after)
    }

    /// What stands behind the question mark of what belongs to the list: its counts, its tables.
    pub(crate) fn query_string(&self) -> String {
        self.query(&self.q, &self.sort, "")
    }

    fn address(&self, q: &str, sort: &str, after: &str) -> String {
        format!("{}{}", paths::Cases, self.query(q, sort, after))
    }

    fn query(&self, q: &str, sort: &str, after: &str) -> String {
        let parts = [("q", q.trim()), ("sort", sort), ("after", after)];
        let columns = self.column.iter().map(|column| ("column", column.as_str()));
        let parts: Vec<String> = parts
            .into_iter()
            .chain(columns)
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", text::in_query(value)))
            .collect();
        if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) }
    }
}

/// The parts of a query that stand beside each other: words, phrases, fields, brackets.
pub(crate) fn parts(query: &str) -> Vec<String> {
    let (mut parts, mut part) = (Vec::new(), String::new());
    let (mut quoted, mut depth) = (false, 0u32);
    for letter in query.chars() {
        match letter {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if letter.is_whitespace() && !quoted && depth == 0 {
            if !part.is_empty() {
                parts.push(std::mem::take(&mut part));
            }
        } else {
            part.push(letter);
        }
    }
    parts.extend((!part.is_empty()).then_some(part));
    parts
}

/// A query without one of its parts.
fn without(parts: &[String], place: usize) -> String {
    let kept = parts.iter().enumerate().filter(|(other, _)| *other != place);
    kept.map(|(_, part)| part.as_str()).collect::<Vec<_>>().join(" ")
}

/// A query with one more part, or without it if it has it.
pub(crate) fn toggled(query: &str, part: &str) -> (String, bool) {
    let mut all = parts(query);
    match all.iter().position(|other| other == part) {
        Some(place) => (without(&all, place), true),
        None => {
            all.push(part.to_owned());
            (all.join(" "), false)
        }
    }
}

/// Whether a query can be shown as parts: `OR` binds what stands beside it.
fn is_plain(parts: &[String]) -> bool {
    !parts.iter().any(|part| matches!(part.as_str(), "OR" | "AND" | "NOT"))
}

/// The bar above the register.
pub(crate) fn bar(asked: &Asked) -> Markup {
    html! {
        form .filter role="search" aria-label="Filter" method="get" action=(paths::Cases) data-live="results" {
            label .hidden for="q" { "Filter the register" }
            input #q name="q" type="search" value=(asked.q) autocomplete="off" spellcheck="false"
                placeholder="state:open severity:>=4 owner:me \"exact words\" begin*" aria-describedby="q-help";
            @if !asked.sort.is_empty() { input type="hidden" name="sort" value=(asked.sort); }
            @for column in &asked.column { input type="hidden" name="column" value=(column); }
            button .button type="submit" { "Filter" }
            p #q-help .hidden { "Words, or fields such as state:open. Results change as you type." }
        }
        nav .views aria-label="Saved filters" {
            a href=(asked.with_query("")) aria-current=[asked.q.trim().is_empty().then_some("true")] { "All" }
            @for (words, query) in SAVED {
                a href=(asked.with_query(query)) aria-current=[(asked.q.trim() == query).then_some("true")] { (words) }
            }
        }
    }
}

/// The parts of the query, each to be taken away. They change with the rows.
pub(crate) fn chips(asked: &Asked) -> Markup {
    let parts = parts(&asked.q);
    html! {
        @if is_plain(&parts) && !parts.is_empty() {
            ul .chips aria-label="Parts of the filter" {
                @for (place, part) in parts.iter().enumerate() {
                    li { a .chip href=(asked.with_query(&without(&parts, place))) {
                        (part) span aria-hidden="true" { " ×" } span .hidden { " – take away" }
                    } }
                }
                li { a .chip-clear href=(asked.with_query("")) { "Clear" } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_falls_into_the_parts_that_stand_beside_each_other() {
        let query = "state:open  (a OR b) tag:\"two words\" \"exact words\"";
        assert_eq!(parts(query), ["state:open", "(a OR b)", "tag:\"two words\"", "\"exact words\""]);
        assert_eq!(parts("  "), Vec::<String>::new());
        assert_eq!(parts("\"not closed (yet"), ["\"not closed (yet"]);
    }

    #[test]
    fn a_part_is_added_and_taken_away() {
        assert_eq!(toggled("a", "class:event"), ("a class:event".to_owned(), false));
        assert_eq!(toggled("class:event a", "class:event"), ("a".to_owned(), true));
    }

    #[test]
    fn a_word_that_is_typed_is_the_beginning_of_one() {
        let typed =
            |q: &str| Asked { q: q.to_owned(), typing: "yes".to_owned(), ..Asked::default() }.settled().q;
        assert_eq!(typed("phi"), "phi*");
        assert_eq!(typed("state:open phi"), "state:open phi*");
        assert_eq!(typed("severity:"), "severity:");
        assert_eq!(typed(""), "");
    }

    #[test]
    fn what_is_asked_stands_in_the_address() {
        let asked = Asked {
            q: "a b&c".to_owned(),
            sort: "-severity".to_owned(),
            after: "x".to_owned(),
            ..Asked::default()
        };
        assert_eq!(asked.going_on("y"), "/cases?q=a%20b%26c&sort=-severity&after=y");
        assert_eq!(asked.with_query(""), "/cases?sort=-severity");
        let asked = Asked { column: vec!["tags".to_owned(), "x&y".to_owned()], ..asked };
        assert_eq!(asked.sorted(""), "/cases?q=a%20b%26c&column=tags&column=x%26y");
        assert_eq!(Asked::default().query_string(), "");
    }
}
