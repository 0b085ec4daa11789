//! What the query language finds.

use nevertwice_domain::query::parse_typing;
use proptest::prelude::*;
use tantivy::DocAddress;
use tantivy::collector::TopDocs;

use super::*;
use crate::access::Depth;
use crate::folder::Half;

fn register() -> Bench {
    let mut phishing = case(1, "Phishing mail opened by accounting");
    phishing.common.passages = vec![
        passage(TextPart::Body, "A forged invoice from Ärzte GmbH on db-01.prod led to a stolen password."),
        passage(TextPart::Cause, "No second factor on the mailbox"),
    ];
    phishing.common.tags = vec!["Credential Theft".into(), "mail".into()];
    phishing.common.origin_reference = Some("IR-2019/7".into());
    phishing.severity = severity(4);
    phishing.category = Some("Social Engineering".into());
    phishing.reported = Some("2026-03-17T10:22+02:00".parse().unwrap());
    phishing.suppliers = vec![ACME];
    phishing.responders = vec![ADA];
    phishing.counts.causes = 1;
    phishing.common.fields =
        vec![company("region", FieldType::Choice, "North"), company("loss", FieldType::Number, "-12.5")];

    let mut outage = case(2, "Storage outage");
    outage.common.passages =
        body("The disk array failed twice; 数据 was restored from CVE-2024-3094 backups.");
    outage.class = Class::NearMiss;
    outage.severity = severity(2);
    outage.reported = Some("2025".parse().unwrap());
    outage.assets = vec![MODEL];
    outage.reporter = Some(BOB);
    outage.common.state = "closed";
    outage.common.open = false;
    outage.common.fields = vec![
        company("loss", FieldType::Number, "300"),
        company("audit", FieldType::Date, "2026-02"),
        company("contact", FieldType::Person, &BOB.uuid().to_string()),
    ];

    Bench::new(&[
        Document::Case(phishing),
        Document::Case(outage),
        action(3, "Turn on the second factor", vec![BOB]),
        lesson(4, "Mailboxes need a second factor", "approved"),
        supplier(5, "Acme Hosting"),
    ])
}

#[test]
fn each_query_finds_its_records() {
    let bench = register();
    let (one, two, three, four, five) =
        ("CASE-2026-0001", "CASE-2026-0002", "ACT-2026-0003", "LSN-2026-0004", "SUP-0005");
    let cases: &[(&str, &[&str])] = &[
        ("", &[three, one, two, four, five]),
        ("phishing", &[one]),
        ("PHISHING mail", &[one]),
        ("phishing storage", &[]),
        ("phishing OR storage", &[one, two]),
        ("factor -kind:lesson", &[three, one]),
        ("-factor kind:case", &[two]),
        ("-factor", &[two, five]),
        ("\"second factor\"", &[three, one, four]),
        ("\"factor second\"", &[]),
        ("arzte", &[one]),
        ("db-01", &[one]),
        ("db-01.prod", &[one]),
        ("prod-01", &[]),
        ("数据", &[two]),
        ("据数", &[]),
        ("CVE-2024-3094", &[two]),
        ("phish*", &[one]),
        ("\"forged inv\"*", &[one]),
        ("kind:case", &[one, two]),
        ("class:near_miss", &[two]),
        ("state:open", &[three, one, four, five]),
        ("state:closed", &[two]),
        ("severity:>=3", &[one]),
        ("severity:1..2", &[two]),
        ("category:\"social engineering\"", &[one]),
        ("category:soc*", &[one]),
        ("tag:\"credential theft\"", &[one]),
        ("tag:credential", &[]),
        ("tag:cred*", &[one]),
        ("origin_reference:ir-2019/7", &[one]),
        ("case-2026-1", &[one]),
        ("IR-2019/7", &[one]),
        ("supplier:acme", &[one]),
        ("supplier:unknown", &[]),
        ("asset:model", &[two]),
        ("owner:me", &[one]),
        ("owner:Bob", &[three]),
        ("reporter:Bob", &[two]),
        ("reported:2026", &[one]),
        ("reported:2026-03-17", &[one]),
        ("reported:2025", &[two]),
        ("reported:2025-06", &[]),
        ("reported:<2026", &[two]),
        ("reported:2025..2026", &[one, two]),
        ("-has:reported", &[three, four, five]),
        ("overdue:yes", &[three]),
        ("has:cause", &[one]),
        ("no:cause kind:case", &[two]),
        ("title:storage", &[two]),
        ("title:forged", &[]),
        ("cause:factor", &[one]),
        ("lesson:mailboxes", &[four]),
        ("field.region:north", &[one]),
        ("field.region:no*", &[one]),
        ("field.loss:-12.5", &[one]),
        ("field.loss:<0", &[one]),
        ("field.loss:>-13", &[one, two]),
        ("field.loss:100..300", &[two]),
        ("field.audit:2026", &[two]),
        ("field.audit:2026-02-03", &[]),
        ("field.audit:>=2026-03", &[]),
        ("field.contact:Bob", &[two]),
        ("restricted:yes", &[]),
        ("restricted:no class:incident", &[one]),
    ];
    for (query, expected) in cases {
        let mut expected: Vec<&str> = expected.to_vec();
        expected.sort_unstable();
        let exact = SearchOptions { correct: false, ..options() };
        let hits = bench.index.search(&compiled(query), &everything(), &exact).unwrap();
        let mut found: Vec<&str> = hits.items.iter().map(|hit| hit.reference.as_str()).collect();
        found.sort_unstable();
        assert_eq!(found, expected, "{query}");
        assert_eq!(hits.total, Some(expected.len() as u64), "{query}");
    }
}

#[test]
fn a_word_in_the_title_weighs_more() {
    let mut elsewhere = case(1, "Something else");
    elsewhere.common.passages = body("the router rebooted");
    let bench = Bench::new(&[Document::Case(elsewhere), Document::Case(case(2, "Router rebooted"))]);
    let hits = bench.search("router", &everything());
    assert_eq!(hits.items[0].reference, "CASE-2026-0002");
}

#[test]
fn a_word_still_being_typed_finds_its_beginning() {
    let bench = register();
    let query = parse_typing("second fac").unwrap();
    assert_eq!(bench.index.count(&Compiled::plain(&query), &everything()).unwrap(), 3);
}

#[test]
fn snippets_show_the_words_found() {
    let hits = register().search("password forged", &everything());
    let marked: Vec<&str> =
        hits.items[0].snippet.iter().filter(|(_, found)| *found).map(|(text, _)| text.as_str()).collect();
    assert_eq!(marked, ["forged", "password"]);
    let text: String = hits.items[0].snippet.iter().map(|(text, _)| text.as_str()).collect();
    assert!(text.starts_with("A forged invoice from Ärzte GmbH"), "{text}");
}

#[test]
fn typing_errors_are_corrected_only_when_nothing_is_found() {
    let bench = register();
    let hits = bench.search("pasword phishing", &everything());
    assert_eq!(hits.corrected.as_deref(), Some("password phishing"));
    assert_eq!((hits.items.len(), hits.total), (1, Some(1)));
    assert_eq!(bench.search("acounitng", &everything()).corrected.as_deref(), Some("accounting"));
    assert_eq!(bench.search("phishing", &everything()).corrected, None);
    for hopeless in ["\"pasword\"", "xy", "zzzzzzzz", "storag phishing", "-pasword class:event"] {
        let hits = bench.search(hopeless, &everything());
        assert_eq!((hits.corrected, hits.items.len()), (None, 0), "{hopeless}");
    }
}

#[test]
fn hostile_queries_find_nothing_and_break_nothing() {
    let bench = register();
    let long_word = "x".repeat(4_000);
    let many = "a* ".repeat(60);
    let nested = format!("{}a{}", "(".repeat(30), ")".repeat(30));
    for query in [
        "\u{10ffff}*",
        "\"\u{10ffff} \u{10ffff}\"*",
        ".* [a-z]* (?s:.)",
        "tag:\"=#~@\"",
        "field.loss:\"#\"",
        "\"' OR 1=1 --\"",
        "\"\\\" * \\\\\"",
        "reported:<0000",
        "reported:>9999",
        "reported:0000..9999",
        "due:<99999999d",
        "\u{202e}abc\u{0000}",
        "ﷺ",
        "🦀 🦀*",
        "field.x:-999999999999999999999999",
        &long_word,
        &many,
        &nested,
        "--------a",
        "a OR b OR -c OR -(d e)",
    ] {
        let Ok(query) = nevertwice_domain::query::parse(query) else { continue };
        let hits = bench.index.search(&Compiled::plain(&query), &everything(), &options());
        assert!(hits.is_ok(), "{query}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn no_text_that_parses_breaks_the_index(texts in proptest::collection::vec("[\\PC\"()*:<>=.-]{0,30}", 12)) {
        let bench = register();
        for text in texts {
            let Ok(query) = nevertwice_domain::query::parse(&text) else { continue };
            let compiled = Compiled::plain(&query);
            let hits = bench.index.search(&compiled, &everything(), &SearchOptions { correct: false, ..options() });
            let hits = hits.unwrap();
            prop_assert_eq!(hits.total, Some(hits.items.len() as u64), "{}", text);
            let rest = Compiled { filter: nevertwice_domain::query::Filter::Not(Box::new(compiled.filter.clone())), ..compiled };
            let rest = bench.index.count(&rest, &everything()).unwrap();
            prop_assert_eq!(hits.items.len() as u64 + rest, 5, "{}", text);
        }
    }
}

const SAID: [&str; 8] = ["mail", "gateway", "laptop", "lost", "backup", "train", "firewall", "rule"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn ranking_what_fits_by_its_words_is_ranking_by_the_whole_query(
        texts in proptest::collection::vec(
            (proptest::collection::vec(proptest::sample::select(SAID.to_vec()), 1..12), 1..=5u8), 1..150,
        ),
        query in proptest::sample::select(vec![
            "mail", "mail gateway", "mai*", "laptop lo*", "mail severity:>=4", "mail OR gateway", "(mail OR lost) rule",
            "\"mail gateway\"", "title:mail backup", "mail -gateway", "firewall severity:5 r*", "\"lost ba*\"", "unheard*",
        ]),
        limit in 1..40usize,
    ) {
        let documents: Vec<Document> = (1_u32..).zip(texts).map(|(number, (words, level))| {
            let mut case = case(number, words[0]);
            case.common.passages = body(&words[1..].join(" "));
            case.severity = severity(level);
            Document::Case(case)
        }).collect();
        let bench = Bench::new(&documents);
        let (snapshot, compiled) = (bench.index.snapshot().unwrap(), compiled(query));
        let access = everything();
        let ranked = bench.index.ranked(&snapshot, &compiled.filter, &access, 0, limit).unwrap();

        let whole = access.query(&bench.index.fields, Half::Open, &compiled.filter, Depth::Outline);
        let every = snapshot.open.search(&whole, &TopDocs::with_limit(1_000).order_by_score()).unwrap();
        let score = |at: DocAddress| every.iter().find(|(_, found)| *found == at).unwrap().0;
        prop_assert_eq!(ranked.len(), every.len().min(limit));
        for (place, ((_, _, at), (best, _))) in ranked.iter().zip(&every).enumerate() {
            prop_assert!((score(*at) - best).abs() < 1e-3, "{query}, place {place}: {} and not {best}", score(*at));
        }
    }
}
