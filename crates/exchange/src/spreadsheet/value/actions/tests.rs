use super::*;

#[test]
fn numbers_bullets_and_lines_separate_actions() {
    let cases: [(&str, &[&str]); 14] = [
        ("1) Rotate keys\n2) Brief the rota", &["Rotate keys", "Brief the rota"]),
        ("1. Rotate keys\n2. Brief the rota", &["Rotate keys", "Brief the rota"]),
        ("(1) Rotate keys (2) Brief the rota", &["Rotate keys (2) Brief the rota"]),
        ("1) Rotate keys 2) Brief the rota 3) Test", &["Rotate keys", "Brief the rota", "Test"]),
        ("1. Rotate keys; 2. Brief the rota", &["Rotate keys", "Brief the rota"]),
        ("a) Rotate keys\nb) Brief the rota", &["Rotate keys", "Brief the rota"]),
        (
            "- Rotate keys\n- Brief the rota\n  and the managers",
            &["Rotate keys", "Brief the rota and the managers"],
        ),
        ("• Rotate keys\n• Brief", &["Rotate keys", "Brief"]),
        ("Rotate keys\nBrief the rota", &["Rotate keys", "Brief the rota"]),
        ("Rotate keys\nof every service", &["Rotate keys of every service"]),
        ("Rotate keys; brief the rota", &["Rotate keys", "brief the rota"]),
        ("Restart; then see", &["Restart; then see"]),
        ("2.5 hours of training", &["2.5 hours of training"]),
        ("1)Rotate keys", &["Rotate keys"]),
    ];
    for (text, expected) in cases {
        let found: Vec<_> = read(text).into_iter().map(|action| action.text).collect();
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn placeholders_are_no_actions() {
    for text in ["", "n/a", "-", "TBD", "1) \n2) none"] {
        assert_eq!(read(text), [], "{text:?}");
    }
}

#[test]
fn an_action_may_carry_its_own_owner_and_date() {
    let found = read("1) Rotate keys (owner: A. Keller, due: 2025-03-01)\n2) Brief the rota (weekly)");
    assert_eq!(found[0].text, "Rotate keys");
    assert_eq!(found[0].owners[0].name.as_str(), "A. Keller");
    assert_eq!(found[0].due.as_deref(), Some("2025-03-01"));
    assert_eq!(found[1].text, "Brief the rota (weekly)");
}
