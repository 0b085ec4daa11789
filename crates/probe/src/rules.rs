//! The rules on wording: any rule file is read or an error, and its rules read any text.

use nevertwice_domain::wording::{Field, WordingRules, check};

use crate::text;

/// A text to check, a NUL, a rule file; without a NUL the text is checked with the rules that come with the program.
pub(crate) fn run(bytes: &[u8]) {
    let all = text(bytes);
    let (checked, file) =
        all.split_once('\0').map_or((all.as_ref(), None), |(checked, file)| (checked, Some(file)));
    let Some(file) = file else {
        let found = [Field::Cause, Field::CustomerText, Field::Lesson].map(|field| check(field, checked));
        for finding in found.iter().flatten() {
            assert!(checked.get(finding.span.clone()).is_some(), "{finding:?} in {checked:?}");
        }
        return;
    };
    if let Ok(rules) = WordingRules::parse(file) {
        let _ = rules.broken_examples();
        let _ = rules.check(Field::Cause, checked);
    }
}

pub(crate) fn seeds() -> Vec<Vec<u8>> {
    const FILE: &str = r#"version = 1
language = "en"
[pieces]
who = "(?:engineer|operator)"
what = ["failed", "forgot to \\w+", "did not {who}"]
[[rule]]
id = "blame"
group = "people"
fields = ["cause", "why"]
severity = "block"
match = ['\b{who} {what}\b']
unless = ['because']
message = "names a person"
question = "what made it likely?"
source = "own"
hits = ["the operator failed"]
passes = ["the check failed"]
"#;
    let texts = [
        "Human error: the operator should have been more careful.",
        "Der Mitarbeiter hat \u{fc}bersehen, dass\u{2028}the process was not followed; nobody's fault \u{1f600}",
        "They failed to follow the procedure. Lack of training. Unforeseeable. Root cause unknown",
    ];
    let with_file = texts.iter().map(|text| format!("{text}\0{FILE}"));
    texts.iter().map(|text| (*text).to_owned()).chain(with_file).map(String::into_bytes).collect()
}
