//! A title out of action, asset and victim, such as "Theft of a laptop at a Healthcare organisation, USA".

use nevertwice_domain::text::{LINE_LIMIT, Line, TextError};
use serde_json::Value;

/// Actions in the order of the standard, with how a title calls one whose variety is not known.
const ACTIONS: [(&str, &str); 8] = [
    ("hacking", "Hacking"),
    ("malware", "Malware"),
    ("social", "Social engineering"),
    ("error", "Error"),
    ("misuse", "Misuse"),
    ("physical", "Physical attack"),
    ("environmental", "Environmental event"),
    ("unknown", "Unknown action"),
];

/// Things that a title names of a kind at most.
const NAMED: usize = 2;

/// The sectors of NAICS 2012 by their first two digits (facts of the U.S. Census Bureau's classification).
const SECTORS: [(&str, &str); 24] = [
    ("11", "Agriculture"),
    ("21", "Mining"),
    ("22", "Utilities"),
    ("23", "Construction"),
    ("31", "Manufacturing"),
    ("32", "Manufacturing"),
    ("33", "Manufacturing"),
    ("42", "Wholesale trade"),
    ("44", "Retail trade"),
    ("45", "Retail trade"),
    ("48", "Transportation"),
    ("49", "Transportation"),
    ("51", "Information"),
    ("52", "Finance"),
    ("53", "Real estate"),
    ("54", "Professional services"),
    ("55", "Management"),
    ("56", "Administrative services"),
    ("61", "Educational"),
    ("62", "Healthcare"),
    ("71", "Entertainment"),
    ("72", "Accommodation"),
    ("81", "Other services"),
    ("92", "Public"),
];

/// The title of a record.
///
/// # Errors
/// Never for a text that was put together here; a line is checked all the same.
pub(super) fn title(record: &Value) -> Result<Line, TextError> {
    let action = action(record.get("action"));
    let what = match asset(record) {
        Some(asset) => format!("{action} of {asset}"),
        None => action,
    };
    let text = match victim(record.get("victim")) {
        Some(victim) => format!("{what} {victim}"),
        None => what,
    };
    match Line::parse(&text) {
        Err(TextError::TooLong { .. }) => {
            Line::parse(&text.chars().take(LINE_LIMIT - 1).chain(['…']).collect::<String>())
        }
        other => other,
    }
}

fn action(action: Option<&Value>) -> String {
    let Some(action) = action.and_then(Value::as_object) else { return "Incident".to_owned() };
    let there: Vec<String> =
        ACTIONS.iter().filter_map(|(name, word)| Some(one_action(name, word, action.get(*name)?))).collect();
    if there.is_empty() { "Incident".to_owned() } else { listed(&there, "more kinds of action") }
}

/// Hacking and malware share words, so they are named before their varieties.
fn one_action(name: &str, word: &str, action: &Value) -> String {
    let varieties: Vec<String> = texts(action.get("variety"));
    if varieties.is_empty() {
        return word.to_owned();
    }
    let varieties = listed(&varieties, "more");
    if matches!(name, "hacking" | "malware") { format!("{word} ({varieties})") } else { varieties }
}

/// The first asset that says more than its class: `U - Laptop` is a laptop.
fn asset(record: &Value) -> Option<String> {
    let assets = record.get("asset")?.get("assets")?.as_array()?;
    let varieties: Vec<Value> = assets.iter().filter_map(|asset| asset.get("variety").cloned()).collect();
    texts(Some(&Value::Array(varieties))).iter().find_map(|variety| {
        let name = variety.split_once(" - ").map_or(variety.as_str(), |(_, name)| name);
        is_telling(name).then(|| with_article(&small(name)))
    })
}

fn victim(victim: Option<&Value>) -> Option<String> {
    let victim = match victim? {
        Value::Array(victims) => victims.first()?,
        one => one,
    };
    let first = |name: &str| texts(victim.get(name)).into_iter().next();
    let country = first("country");
    let who = first("victim_id").or_else(|| first("industry").map(|industry| organisation(&industry)));
    match (who, country) {
        (Some(who), Some(country)) => Some(format!("at {who}, {country}")),
        (Some(who), None) => Some(format!("at {who}")),
        (None, Some(country)) => Some(format!("in {country}")),
        (None, None) => None,
    }
}

fn organisation(industry: &str) -> String {
    let sector = SECTORS.iter().find(|(code, _)| {
        industry.starts_with(code) && industry.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
    });
    let is_number = industry.bytes().all(|byte| byte.is_ascii_digit());
    match sector {
        Some((_, name)) => format!("{} organisation", with_article(name)),
        None if is_number => format!("an organisation of industry {industry}"),
        None => format!("{} organisation", with_article(industry)),
    }
}

/// The telling texts of a text or list, each short and on one line.
fn texts(value: Option<&Value>) -> Vec<String> {
    let values = match value {
        Some(Value::Array(values)) => values.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    let lines =
        values.iter().filter_map(Value::as_str).filter_map(|text| Line::parse(&shortened(text.trim())).ok());
    lines.map(|line| line.to_string()).filter(|text| is_telling(text)).collect()
}

fn is_telling(text: &str) -> bool {
    !["unknown", "other", "na"].contains(&text.to_lowercase().as_str())
}

fn shortened(text: &str) -> String {
    const SHOWN: usize = 60;
    if text.chars().count() <= SHOWN {
        return text.to_owned();
    }
    text.chars().take(SHOWN).chain(['…']).collect()
}

/// `A, B and 3 more`.
fn listed(things: &[String], more: &str) -> String {
    match things {
        [] => String::new(),
        [only] => only.clone(),
        [first, second] => format!("{first} and {second}"),
        many => format!("{} and {} {more}", many[..NAMED].join(", "), many.len() - NAMED),
    }
}

/// In lower case, but for a word that is an abbreviation.
fn small(text: &str) -> String {
    let is_short = |word: &str| word.chars().filter(|c| c.is_uppercase()).count() > 1;
    let words =
        text.split(' ').map(|word| if is_short(word) { word.to_owned() } else { word.to_lowercase() });
    words.collect::<Vec<_>>().join(" ")
}

fn with_article(noun: &str) -> String {
    let is_vowel = noun.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']);
    format!("{} {noun}", if is_vowel { "an" } else { "a" })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_title_names_action_asset_and_victim() {
        for (record, expected) in [
            (
                json!({ "action": { "physical": { "variety": ["Theft"] } }, "asset": { "assets": [{ "variety": "U - Laptop" }] },
                        "victim": { "industry": "Healthcare", "country": "USA" } }),
                "Theft of a laptop at a Healthcare organisation, USA",
            ),
            (
                json!({ "action": { "hacking": { "variety": ["SQLi", "Brute force", "DoS"] }, "malware": {} },
                        "victim": { "victim_id": "Example Corp", "country": ["DE", "AT"] } }),
                "Hacking (SQLi, Brute force and 1 more) and Malware at Example Corp, DE",
            ),
            (
                json!({ "action": { "error": { "variety": ["Unknown"] } }, "asset": { "assets": [{ "variety": "S - Unknown" }] },
                        "victim": [{ "industry": "622110" }] }),
                "Error at a Healthcare organisation",
            ),
            (json!({ "victim": { "industry": "000" } }), "Incident at an organisation of industry 000"),
            (
                json!({ "action": { "social": { "variety": "Phishing" } }, "asset": { "assets": [{ "variety": "U - POS terminal" }] } }),
                "Phishing of a POS terminal",
            ),
            (json!({}), "Incident"),
        ] {
            assert_eq!(title(&record).unwrap().as_str(), expected);
        }
    }

    #[test]
    fn a_title_is_one_line_whatever_the_record_says() {
        let record =
            json!({ "action": { "error": { "variety": ["x\u{0}", "a\nb", "y".repeat(900)] } }, "victim": 7 });
        let title = title(&record).unwrap();
        assert!(title.as_str().starts_with("a b and yyy"), "{title}");
    }
}
