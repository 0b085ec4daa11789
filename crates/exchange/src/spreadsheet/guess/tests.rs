use std::io::Cursor;

use nevertwice_domain::action::ActionPurpose;
use nevertwice_domain::field::FieldType;

use super::*;
use crate::spreadsheet::mapping::SeverityRule;
use crate::spreadsheet::reader::{Layout, Limits, Spreadsheet};
use crate::spreadsheet::survey::survey;

fn surveyed(text: &str) -> Survey {
    let layout = Layout::default();
    let mut sheet =
        Spreadsheet::open(Cursor::new(text.as_bytes().to_vec()), &layout, Limits::default()).unwrap();
    survey(&mut sheet, &layout).unwrap()
}

fn guessed(text: &str, answers: &Answers) -> Guess {
    guess(&surveyed(text), answers).unwrap()
}

fn targets(guess: &Guess) -> Vec<&'static str> {
    guess.mapping.columns.iter().map(|column| column.rule.target().as_str()).collect()
}

fn order(guess: &Guess, source: &str) -> Option<DateOrder> {
    guess.mapping.rule(source).unwrap().date_order()
}

#[test]
fn german_columns_are_mapped() {
    let text = "Lfd. Nr.;Gemeldet am;Was ist passiert?;Art;Schweregrad;Status;Ursache;Maßnahmen;Verantwortlich;Fällig am\n\
                1;31.12.2024;Tür offen;Vorfall;hoch;offen;Schloss;Schloss tauschen;A. Keller;15.01.2025\n";
    let guess = guessed(text, &Answers::default());
    assert_eq!(
        targets(&guess),
        [
            "origin_reference",
            "reported",
            "title",
            "class",
            "severity",
            "status",
            "cause",
            "actions",
            "action_owner",
            "action_due"
        ]
    );
    assert_eq!(guess.questions, []);
}

#[test]
fn one_deciding_date_decides_its_column_and_no_other() {
    let text = "Title,Reported,Closed\na,03/04/2025,01/02/2025\nb,04/18/2025,02/03/2025\n";
    let guess = guessed(text, &Answers::default());
    assert_eq!(order(&guess, "Reported"), Some(DateOrder::Mdy));
    assert_eq!(order(&guess, "Closed"), None);
    let open = guess.answered().unwrap_err();
    assert_eq!(open.0.len(), 1);
    let message = open.to_string();
    for part in ["\"Closed\"", "01/02/2025 (row 2)", "--date-order"] {
        assert!(message.contains(part), "{message}");
    }
    let guess = guessed(text, &flag(DateOrder::Mdy));
    assert_eq!(order(&guess, "Closed"), Some(DateOrder::Mdy));
    assert!(guess.answered().is_ok());
}

fn flag(order: DateOrder) -> Answers {
    Answers { date_order: Some(order), ..Answers::default() }
}

/// The mapping that an import with these answers leaves behind.
fn remembered(text: &str, answers: &Answers) -> Answers {
    Answers { remembered: Some(guessed(text, answers).mapping), ..Answers::default() }
}

const OPEN: &str = "Title,Reported\na,03/04/2025\nb,05/06/2025\n";
const AGAINST_DAY: &str = "Title,Reported\na,03/04/2025\nb,04/18/2025\n";
const AGAINST_BOTH: &str = "Title,Reported\na,18/04/2025\nb,04/18/2025\n";

#[test]
fn a_flag_that_a_date_contradicts_is_refused_by_that_date() {
    let message = guessed(AGAINST_DAY, &flag(DateOrder::Dmy)).answered().unwrap_err().to_string();
    for part in ["\"Reported\"", "04/18/2025 (row 3)", "the day first, as --date-order says"] {
        assert!(message.contains(part), "{message}");
    }
    assert!(!message.contains("Answer with --date-order"), "{message}");
    assert!(!message.contains("03/04/2025"), "only what contradicts: {message}");
}

#[test]
fn a_flag_wins_over_what_was_remembered_and_replaces_it() {
    let before = remembered(OPEN, &flag(DateOrder::Dmy));
    let now = guessed(OPEN, &Answers { date_order: Some(DateOrder::Mdy), ..before.clone() });
    assert_eq!((order(&now, "Reported"), now.questions.len()), (Some(DateOrder::Mdy), 0));
    let message = guessed(AGAINST_DAY, &Answers { date_order: Some(DateOrder::Dmy), ..before });
    assert!(message.answered().unwrap_err().to_string().contains("as --date-order says"));
}

#[test]
fn a_remembered_order_is_said_and_asked_for_again_where_a_date_contradicts_it() {
    let before = remembered(OPEN, &flag(DateOrder::Dmy));
    let again = guessed(OPEN, &before);
    assert_eq!(order(&again, "Reported"), Some(DateOrder::Dmy));
    let said = "2 dates are read with the day first, as in the last import of this kind.";
    assert!(again.notes.iter().any(|note| note.text == said), "{:?}", again.notes);
    for text in [AGAINST_DAY, AGAINST_BOTH] {
        let message = guessed(text, &before).answered().unwrap_err().to_string();
        for part in ["04/18/2025 (row 3)", "by the last import of this kind", "--date-order"] {
            assert!(message.contains(part), "{message}");
        }
    }
}

#[test]
fn dates_that_no_order_explains_are_named_when_a_flag_leaves_them_out() {
    for answers in [flag(DateOrder::Dmy), remembered(OPEN, &flag(DateOrder::Mdy))] {
        let guess = guessed(AGAINST_BOTH, &Answers { date_order: Some(DateOrder::Dmy), ..answers });
        assert_eq!((order(&guess, "Reported"), guess.questions.len()), (Some(DateOrder::Dmy), 0));
        let said = "2 dates are read with the day first, as --date-order says; these do not fit and become gaps: \
                    04/18/2025 (row 3).";
        assert!(guess.notes.iter().any(|note| note.text == said), "{:?}", guess.notes);
    }
}

#[test]
fn a_direction_of_severities_that_was_remembered_is_said_and_a_flag_replaces_it() {
    let text = "Title,Severity\na,1\nb,5\n";
    let worst = |worst| Answers { severity_worst: Some(worst), ..Answers::default() };
    let before = remembered(text, &worst(Worst::Low));
    let said = |guess: &Guess, part: &str| guess.notes.iter().any(|note| note.text.contains(part));
    let again = guessed(text, &before);
    assert!(
        said(&again, "lowest as the worst, as in the last import of this kind: 1 = 5"),
        "{:?}",
        again.notes
    );
    let other = guessed(text, &Answers { severity_worst: Some(Worst::High), ..before.clone() });
    assert!(said(&other, "highest as the worst: 1 = 1"), "{:?}", other.notes);
    let words = "Title,Severity\na,high\nb,low\n";
    let kept = guessed(words, &Answers { severity_worst: Some(Worst::High), ..before }).mapping;
    let Some(Rule::Severity(rule)) = kept.rule("Severity") else { panic!("no severity: {kept:?}") };
    assert_eq!(rule.worst, Some(Worst::High), "it is remembered though no number needs it");
}

#[test]
fn an_answer_replaces_the_numbers_that_a_mapping_file_gave_before() {
    let text = "Title,Severity\na,1\nb,5\n";
    let toml = "[[column]]\nsource = \"Severity\"\ntarget = \"severity\"\nvalues = { 1 = 5, 5 = 1 }\n";
    let given = Answers { mapping: Some(Mapping::from_toml(toml).unwrap()), ..Answers::default() };
    let before = remembered(text, &given);
    let now = guessed(text, &Answers { severity_worst: Some(Worst::High), ..before });
    let Some(Rule::Severity(rule)) = now.mapping.rule("Severity") else { panic!("{:?}", now.mapping) };
    assert!(rule.values.is_empty() && rule.worst == Some(Worst::High), "{rule:?}");
}

#[test]
fn dates_that_need_no_order_ask_nothing() {
    let text = "Title,Reported\na,2025-04-03\nb,3 Apr 2025\nc,05/05/2025\nd,April 2025\n";
    let guess = guessed(text, &Answers::default());
    assert_eq!((order(&guess, "Reported"), guess.questions.len()), (None, 0));
}

#[test]
fn dates_that_contradict_each_other_are_asked_for() {
    let text = "Title,Reported\na,18/04/2025\nb,04/18/2025\n";
    assert!(
        guessed(text, &Answers::default())
            .answered()
            .unwrap_err()
            .to_string()
            .contains("speak against each other")
    );
}

#[test]
fn a_two_digit_year_can_come_first_only_where_the_years_are_short() {
    let answers = Answers { date_order: Some(DateOrder::Ymd), ..Answers::default() };
    let short = guessed("Title,Reported\na,10/04/03\nb,11/05/06\n", &answers);
    assert_eq!(order(&short, "Reported"), Some(DateOrder::Ymd));
    assert!(guessed("Title,Reported\na,10/04/2003\n", &answers).answered().is_err());
    let decided = guessed("Title,Reported\na,25/04/30\nb,98/12/30\n", &Answers::default());
    assert_eq!(order(&decided, "Reported"), Some(DateOrder::Ymd));
}

#[test]
fn numeric_severities_ask_for_their_direction_and_words_say_nothing_about_it() {
    let text = "Title,Severity\na,1\nb,High\nc,5\n";
    let guess = guessed(text, &Answers::default());
    assert_eq!(guess.questions[0].kind, QuestionKind::SeverityDirection);
    assert!(guess.answered().is_ok(), "numbers become gaps until it is answered");
    let guess = guessed(text, &Answers { severity_worst: Some(Worst::Low), ..Answers::default() });
    assert_eq!(guess.questions, []);
    assert!(guess.notes.iter().any(|note| note.text.contains("1 = 5, 5 = 1")), "{:?}", guess.notes);
}

#[test]
fn a_scale_that_goes_beyond_five_is_taken_as_ten() {
    let scale = |text: &str| match guessed(text, &Answers::default()).mapping.rule("Severity") {
        Some(Rule::Severity(SeverityRule { scale, .. })) => *scale,
        other => panic!("{other:?}"),
    };
    assert_eq!(scale("Title,Severity\na,2\nb,9\n"), (1, 10));
    assert_eq!(scale("Title,Severity\na,0\nb,4\n"), (0, 4));
    assert_eq!(scale("Title,Severity\na,P2\nb,P3\n"), (1, 5));
}

#[test]
fn amounts_without_a_currency_ask_for_one_unless_the_header_names_it() {
    let asked = guessed("Title,Cost\na,1200\nb,€5\n", &Answers::default());
    assert_eq!(asked.questions[0].kind, QuestionKind::Currency);
    assert!(asked.answered().is_ok());
    assert_eq!(guessed("Title,Cost (USD)\na,1200\n", &Answers::default()).questions, []);
    let answers = Answers { currency: Some(Currency::EUR), ..Answers::default() };
    assert_eq!(guessed("Title,Cost\na,1200\n", &answers).questions, []);
}

#[test]
fn a_sign_of_several_currencies_is_asked_for_where_the_currency_is_none_of_them() {
    let text = "Title,Cost\na,$1200\nb,$5\nc,7\n";
    let of = |code: &str| Answers { currency: Some(Currency::parse(code).unwrap()), ..Answers::default() };
    let asked = guessed(text, &of("EUR"));
    assert!(asked.questions[0].text.contains("holds 2 amounts whose currency is not known ($1200)"));
    assert!(asked.notes.iter().any(|note| note.text.starts_with("1 amounts that do not name")));
    let settled = guessed(text, &of("CAD"));
    assert_eq!(settled.questions, []);
    assert!(
        settled
            .notes
            .iter()
            .any(|note| note.text.contains("3 amounts that do not name their currency are CAD"))
    );
}

#[test]
fn a_name_counts_only_if_the_cells_agree() {
    let text = "Title,Type,Closed,Owner\na,Phishing,yes,Platform\nb,Malware,no,Anna\n";
    let guess = guessed(text, &Answers::default());
    assert_eq!(targets(&guess), ["title", "field", "field", "field"], "no class, no date, no action to own");
}

#[test]
fn of_two_columns_for_one_fact_the_better_name_wins() {
    let guess = guessed(
        "Incident title,Title,Reported on (UTC),Reported\na,b,2025-01-01,2025-01-02\n",
        &Answers::default(),
    );
    assert_eq!(targets(&guess), ["title", "field", "field", "reported"]);
}

#[test]
fn a_description_stands_in_for_a_missing_title() {
    assert_eq!(
        targets(&guessed("Date,Description\n2025-01-01,a\n", &Answers::default())),
        ["reported", "title"]
    );
    let open = guessed("Date,Status\n2025-01-01,open\n", &Answers::default()).answered().unwrap_err();
    assert_eq!(open.0[0].kind, QuestionKind::TitleColumn);
}

#[test]
fn unknown_columns_become_fields_of_the_type_that_every_cell_fits() {
    let header = "Title,Region,Score,Runbook,Approved by,First seen,Free,Unsure,Empty";
    let row = |n: u32, region: &str| {
        format!("t{n},{region},{n}.5,https://example.org/{n},A. Keller,2025-01-0{n},word {n},03/0{n}/2025,\n")
    };
    let rows: String = (1..=6).map(|n| row(n, if n % 2 == 0 { "EMEA" } else { "APAC" })).collect();
    let guess = guessed(&format!("{header}\n{rows}"), &Answers::default());
    let kinds: Vec<_> = guess
        .mapping
        .columns
        .iter()
        .filter_map(|column| match &column.rule {
            Rule::Field(field) => Some((field.key.as_str(), field.kind)),
            _ => None,
        })
        .collect();
    assert_eq!(
        kinds,
        [
            ("region", FieldType::Choice),
            ("score", FieldType::Number),
            ("runbook", FieldType::Link),
            ("approved_by", FieldType::Person),
            ("first_seen", FieldType::Date),
            ("free", FieldType::Text),
            ("unsure", FieldType::Text),
        ]
    );
    assert_eq!(guess.mapping.rule("Empty"), Some(&Rule::Ignore));
    assert!(guess.answered().is_ok(), "an unknown column asks nothing");
}

#[test]
fn fields_get_distinct_keys() {
    let guess = guessed("Title,Unit!,Unit?\na,b,c\n", &Answers::default());
    let keys: Vec<_> = guess.mapping.columns[1..]
        .iter()
        .map(|column| match &column.rule {
            Rule::Field(field) => field.key.to_string(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(keys.len(), 2);
    assert_ne!(keys[0], keys[1]);
}

#[test]
fn corrective_and_preventive_actions_keep_their_purpose() {
    let guess = guessed("Title,Corrective action,Preventive action\na,b c,d e\n", &Answers::default());
    let purposes: Vec<_> = guess.mapping.columns[1..]
        .iter()
        .map(|column| match column.rule {
            Rule::Actions { purpose } => purpose,
            _ => None,
        })
        .collect();
    assert_eq!(purposes, [Some(ActionPurpose::Corrective), Some(ActionPurpose::Improvement)]);
}

#[test]
fn a_mapping_file_wins_and_the_rest_is_guessed() {
    let text = "Headline,When,Sev\na,03/04/2025,S1\n";
    let toml = "[[column]]\nsource = \"when\"\ntarget = \"occurred\"\ndate_order = \"mdy\"\n\
                [[column]]\nsource = \"Sev\"\ntarget = \"severity\"\nvalues = { S1 = 4 }\n";
    let answers = Answers { mapping: Some(Mapping::from_toml(toml).unwrap()), ..Answers::default() };
    let guess = guessed(text, &answers);
    assert_eq!(targets(&guess), ["title", "occurred", "severity"]);
    assert_eq!(guess.bases, [Basis::Name, Basis::Given, Basis::Given]);
    assert_eq!((order(&guess, "When"), guess.questions.len()), (Some(DateOrder::Mdy), 0));
}

#[test]
fn a_mapping_that_does_not_fit_the_file_is_an_error() {
    let survey = surveyed("Title,Summary\na,b\n");
    let with = |toml: &str| {
        let answers = Answers { mapping: Some(Mapping::from_toml(toml).unwrap()), ..Answers::default() };
        guess(&survey, &answers).unwrap_err().to_string()
    };
    assert!(with("[[column]]\nsource = \"Colour\"\ntarget = \"notes\"\n").contains("it has: Title, Summary"));
    let both = "[[column]]\nsource = \"Title\"\ntarget = \"title\"\n[[column]]\nsource = \"Summary\"\ntarget = \"title\"\n";
    assert!(with(both).contains("both become title"));
}

#[test]
fn what_was_remembered_is_used_and_a_contradiction_is_asked_for() {
    let first = guessed("Title,Reported\na,18/04/2025\n", &Answers::default());
    let answers = Answers { remembered: Some(first.mapping.without_layout()), ..Answers::default() };
    let same = guessed("Title,Reported\nb,03/04/2025\n", &answers);
    assert_eq!((order(&same, "Reported"), same.answered().is_ok()), (Some(DateOrder::Dmy), true));
    assert_eq!(same.bases, [Basis::Remembered, Basis::Remembered]);
    assert!(guessed("Title,Reported\nc,04/18/2025\n", &answers).answered().is_err());
}
