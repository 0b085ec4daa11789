use super::*;

fn rule_ids(field: Field, text: &str) -> Vec<String> {
    check(field, text).into_iter().map(|finding| finding.rule).collect()
}

fn blocks(field: Field, text: &str) -> bool {
    check(field, text).iter().any(|finding| finding.severity == Severity::Block)
}

#[test]
fn every_rule_honours_its_own_examples() {
    assert_eq!(rules().broken_examples(), []);
    assert!(rules().rules().len() >= 50, "expected the whole rule file");
}

#[test]
fn every_rule_says_asks_and_names_its_source() {
    for rule in rules().rules() {
        assert!(!rule.message().is_empty() && !rule.source().is_empty(), "{}", rule.id());
        assert!(rule.question().ends_with('?') || rule.question().ends_with('.'), "{}", rule.id());
        assert!(rule.hits().len() + rule.passes().len() >= 2, "{}", rule.id());
    }
}

#[test]
fn the_ways_to_say_human_error_block_a_cause_and_ask() {
    for text in [
        "human error",
        "Human error.",
        "HUMAN-ERROR",
        "It was a user mistake",
        "the administrator’s oversight",
        "Operator error during the migration",
        "Human factor",
        "erreur humaine",
        "A mistake by the new engineer",
    ] {
        assert!(blocks(Field::Cause, text), "{text}");
        let findings = check(Field::Cause, text);
        assert!(findings.iter().any(|finding| finding.question.contains("safeguard")), "{text}");
    }
}

#[test]
fn what_a_person_did_is_fine_in_the_middle_of_a_ladder() {
    assert_eq!(rule_ids(Field::Why, "An admin followed a phishing link"), [""; 0]);
    assert_eq!(rule_ids(Field::Cause, "An admin followed a phishing link"), ["ends-at-a-click"]);
}

#[test]
fn the_classic_ladder_is_not_blocked_anywhere() {
    for text in [
        "An admin followed a phishing link",
        "The mail filter let the message pass",
        "The filter's definitions were three days old",
        "The update server stopped on Friday",
        "Nobody monitored the update server",
    ] {
        assert!(!blocks(Field::Why, text) && !blocks(Field::Cause, text), "{text}");
    }
}

#[test]
fn a_rule_looks_only_into_its_fields() {
    assert!(!rule_ids(Field::Action, "Be more careful").is_empty());
    assert!(rule_ids(Field::Comment, "Be more careful").is_empty());
    assert!(rule_ids(Field::Comment, "Human error").is_empty());
}

#[test]
fn findings_come_in_reading_order_with_spans_on_character_borders() {
    let text = "Größe: offensichtlich — obviously the team should have töstet… should have tested";
    let findings = check(Field::Why, text);
    assert!(findings.len() >= 2, "{findings:?}");
    assert!(findings.windows(2).all(|pair| pair[0].span.start <= pair[1].span.start));
    for finding in &findings {
        assert!(text.get(finding.span.clone()).is_some_and(|part| !part.is_empty()), "{finding:?}");
    }
    assert_eq!(&text[findings[0].span.clone()], "obviously");
}

#[test]
fn an_exception_takes_out_only_the_match_it_touches() {
    let findings = check(Field::Cause, "User error messages were hidden; it was user error");
    let human: Vec<_> = findings.iter().filter(|finding| finding.rule == "human-error").collect();
    assert_eq!(human.len(), 1);
    assert_eq!(human[0].span.start, 40);
}

#[test]
fn a_flood_of_matches_is_bounded() {
    let text = "obviously ".repeat(10_000);
    assert_eq!(check(Field::Summary, &text).len(), FINDINGS_PER_RULE);
}

#[test]
fn an_empty_text_has_no_findings() {
    assert_eq!(check(Field::Cause, " \n\t"), []);
}

#[test]
fn a_file_that_cannot_be_used_says_why() {
    let rule = |id: &str, fields: &str, pattern: &str, hits: &str| {
        format!(
            "[[rule]]\nid = '{id}'\ngroup = 'g'\nfields = {fields}\nseverity = 'hint'\nmatch = ['{pattern}']\n\
             message = 'm'\nquestion = 'q?'\nsource = 's'\nhits = {hits}\npasses = ['b']\n"
        )
    };
    let good = rule("a", "['why']", "a", "['a']");
    for (body, expected) in [
        (String::new(), "missing field `rule`"),
        (rule("a", "[]", "a", "['a']"), "rule \"a\" has no field; expected at least one"),
        (rule("a", "['whim']", "a", "['a']"), "unknown variant `whim`"),
        (rule("a", "['why']", "(", "['a']"), "the pattern \"(\" cannot be compiled"),
        (rule("a", "['why']", "{piece}", "['a']"), "the pattern \"{piece}\" cannot be compiled"),
        (rule("a", "['why']", "a", "[]"), "rule \"a\" has no example that it hits"),
        (format!("{good}{good}"), "two rules have the id \"a\""),
        (format!("surprise = 1\n{good}"), "unknown field `surprise`"),
    ] {
        let found =
            WordingRules::parse(&format!("version = 1\nlanguage = 'en'\n{body}")).unwrap_err().to_string();
        assert!(found.contains(expected), "expected {expected:?} in {found:?}");
    }
    assert!(WordingRules::parse(&format!("version = 1\nlanguage = 'en'\n{good}")).is_ok());
}

mod properties {
    use proptest::prelude::*;

    use super::*;
    use crate::word::Word;

    proptest! {
        #[test]
        fn any_text_is_checked_without_panic_and_spans_can_be_cut(text in "\\PC{0,200}", pick in 0..Field::ALL.len()) {
            for finding in check(Field::ALL[pick], &text) {
                prop_assert!(text.get(finding.span.clone()).is_some());
                prop_assert!(finding.span.start < finding.span.end);
            }
        }
    }
}
