use super::ActionStrength::{Detect, Eliminate, Engineer, Procedure, Train};
use super::*;
use crate::word::Word;

#[test]
fn every_rule_rates_its_own_examples() {
    let mut wrong = Vec::new();
    for rule in RULES.iter() {
        assert!(!rule.hits.is_empty() && !rule.patterns.is_empty() && !rule.reason.is_empty());
        for text in &rule.hits {
            let (found, _) = rate(text, ActionKind::Technical);
            if found != rule.strength {
                wrong.push((text.as_str(), found, rule.strength));
            }
        }
    }
    assert_eq!(wrong, []);
    assert_eq!(RULES.iter().map(|rule| rule.strength).collect::<Vec<_>>(), ActionStrength::ALL);
}

#[test]
fn the_first_telling_word_decides() {
    for (text, expected) in [
        ("Train admins to remove old accounts", Train),
        ("Write a procedure for removing old accounts", Procedure),
        ("Add an alert when a key is removed", Detect),
        ("Remove keys that no alert has seen used", Eliminate),
        ("Block outbound mail and remind the team", Engineer),
        ("Document the exception and block the rest", Procedure),
        ("Mandatory training before access", Train),
        ("Retrain the model without the poisoned records", Engineer),
        ("Delete the training data of 2024", Eliminate),
        ("Update the firewall rule to deny by default", Engineer),
        ("Update the change policy", Procedure),
    ] {
        assert_eq!(rate(text, ActionKind::Technical).0, expected, "{text}");
    }
}

#[test]
fn without_a_telling_word_the_kind_decides() {
    for (kind, expected) in [
        (ActionKind::Technical, Engineer),
        (ActionKind::Physical, Engineer),
        (ActionKind::Procedural, Procedure),
        (ActionKind::Supplier, Procedure),
        (ActionKind::People, Train),
    ] {
        assert_eq!(rate("Rota of the night shift", kind).0, expected, "{kind}");
    }
}

#[test]
fn a_barrier_made_of_people_is_a_procedure() {
    assert_eq!(rate("Enforce the clean desk rule", ActionKind::Procedural).0, Procedure);
    assert_eq!(rate("Enforce the clean desk rule", ActionKind::People).0, Procedure);
    assert_eq!(rate("Enforce the screen lock", ActionKind::Technical).0, Engineer);
    assert_eq!(rate("Remove the step that needs the export", ActionKind::Procedural).0, Eliminate);
}

#[test]
fn every_rating_has_a_reason() {
    for kind in ActionKind::ALL {
        for text in ["", "Ω", "Block it", "Train all", "zzz"] {
            assert!(!rate(text, *kind).1.is_empty(), "{text} {kind}");
        }
    }
}

#[test]
fn stronger_means_higher_in_the_hierarchy() {
    for (index, stronger) in ActionStrength::ALL.iter().enumerate() {
        for weaker in &ActionStrength::ALL[index + 1..] {
            assert!(stronger.is_stronger_than(*weaker) && !weaker.is_stronger_than(*stronger));
        }
    }
    assert_eq!(strongest([Train, Detect, Procedure]), Some(Detect));
    assert_eq!(strongest([]), None);
}

#[test]
fn only_training_is_noticed() {
    assert!(is_only_training([Train, Train]));
    assert!(!is_only_training([Train, Procedure]));
    assert!(!is_only_training([]));
}
