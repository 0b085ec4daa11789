//! The query language: what is read prints to a text that reads to the same query, and compiles.

use jiff::civil::Date;
use nevertwice_domain::id::PersonId;
use nevertwice_domain::query::{Compiled, Context, NameKind, fields, parse, parse_typing};
use uuid::Uuid;

use crate::text;

/// The first byte says on which day and by whom the query is asked; the rest is the query.
pub(crate) fn run(bytes: &[u8]) {
    let Some((&asked, typed)) = bytes.split_first() else { return };
    let typed = text(typed);
    // Half typed or whole, no text may make it panic.
    let _ = parse_typing(&typed);
    let query = match parse(&typed) {
        Ok(query) => query,
        Err(error) => {
            assert!(typed.is_char_boundary(error.at.byte), "{typed:?}: {error} at byte {}", error.at.byte);
            return;
        }
    };
    let printed = query.to_string();
    let again = parse(&printed);
    assert_eq!(again.as_ref(), Ok(&query), "{typed:?} prints as {printed:?}");
    assert_eq!(again.map(|again| again.to_string()).as_ref(), Ok(&printed), "{typed:?}");
    assert_eq!(compiled(&query, asked), compiled(&query, asked), "{typed:?}");
}

fn compiled(query: &nevertwice_domain::query::Query, asked: u8) -> Compiled {
    // The ends of the calendar are where arithmetic on days goes wrong.
    let days = [Date::MIN, Date::ZERO, Date::constant(2026, 3, 31), Date::constant(2024, 2, 29), Date::MAX];
    let names = |kind: NameKind, name: &str| match (kind, name.len() % 3) {
        (NameKind::Person, 0) => vec![Uuid::from_u128(1)],
        (_, 1) => vec![Uuid::from_u128(2), Uuid::from_u128(3)],
        _ => Vec::new(),
    };
    let me = (asked & 1 == 1).then(|| PersonId::new(Uuid::from_u128(9)));
    let as_of = days[usize::from(asked >> 1) % days.len()];
    query.compile(&Context { as_of, me, names: &names })
}

/// Queries of every kind, and one test of each field.
pub(crate) fn seeds() -> Vec<Vec<u8>> {
    const QUERIES: [&str; 32] = [
        "",
        "phishing mail",
        "a OR b c",
        "(a OR b) -c",
        "NOT (a AND \"exact words\")",
        "\u{201e}exact words\u{201c} prefix* \"db node\"*",
        r#""a \"quoted\" \\ word""#,
        "http://example.com/a?b=c C:\\temp fe80::1 12:30",
        "state:open class:\"Near miss\",incident",
        "sev:>=High severity:2..4",
        "reported:2025 occurred:2025-q2",
        "reported:2025-01..2025-06 detected:..2025",
        "reported:<30d due:<=today+2w",
        "due:today closed:today-3m..today",
        "owner:me owner:\"Ada Lovelace\",me",
        "no:lesson -no:action has:post-mortem",
        "kind:ticket gap:action_without_owner overdue:true",
        "field.Region:emea field.budget:>=100.5",
        "field.since:2025-01..2025-06",
        "ref:CASE-2026-0042 title:ransom*,\"data leak\" category:data*",
        "-(reported:>9999-12-31)",
        "reported:0001 reported:9999",
        "reported:<4294967295d due:<=today+9999y",
        "((((((((a))))))))",
        "--a -NOT -a",
        "ORDER ANDROID",
        "a OR OR b",
        "say \"hello",
        "fo*bar",
        "owner: ada",
        "\u{e4}\u{1f600} ownr:me",
        "restricted:yes tag:a,b,c supplier:acme asset:AST-0001",
    ];
    let of_fields = fields().into_iter().map(|field| format!("{}:a -{}:1..2", field.name, field.name));
    let queries = QUERIES.iter().map(|query| (*query).to_owned()).chain(of_fields);
    queries.zip(0_u8..).map(|(query, asked)| [&[asked], query.as_bytes()].concat()).collect()
}
