//! A title out of action, asset and victim, such as "Theft of a laptop at a Healthcare organisation, USA".

use std::collections::BTreeSet;

use nevertwice_domain::case::Class;
use nevertwice_domain::text::{LINE_LIMIT, Line, TextError};
use serde_json::Value;

/// Actions in the order of the standard: how a title calls one whose variety is not known, and how it puts what is meant
/// behind one whose variety is.
const ACTIONS: [(&str, &str, &str); 8] = [
    ("hacking", "Hacking", "of"),
    ("malware", "Malware", "on"),
    ("social", "Social engineering", "of"),
    ("error", "Error", "of"),
    ("misuse", "Misuse", "of"),
    ("physical", "Physical attack", "of"),
    ("environmental", "Environmental event", "affecting"),
    ("unknown", "Unknown action", "affecting"),
];

/// What a title calls the assets whose names do not become one by an article and small letters: plural words and those that
/// cannot be counted, kinds of servers and of people, abbreviations that are spelled out.
const ASSETS: [(&str, &str); 30] = [
    ("M - Disk media", "disk media"),
    ("M - Documents", "documents"),
    ("M - Tapes", "tapes"),
    ("N - Broadband", "broadband"),
    ("N - Remote access", "remote access"),
    ("N - RTU", "an RTU"),
    ("P - End-user", "an end user"),
    ("P - End-user or employee", "an end user or employee"),
    ("P - Finance", "finance staff"),
    ("P - Human resources", "human resources staff"),
    ("P - Maintenance", "maintenance staff"),
    ("P - Other employee", "an employee"),
    ("P - System admin", "a system administrator"),
    ("S - Authentication", "an authentication server"),
    ("S - Backup", "a backup server"),
    ("S - Configuration or patch management", "a configuration or patch management server"),
    ("S - DHCP", "a DHCP server"),
    ("S - DNS", "a DNS server"),
    ("S - Directory", "a directory server"),
    ("S - File", "a file server"),
    ("S - LLM application", "an LLM application"),
    ("S - Log", "a log server"),
    ("S - Mail", "a mail server"),
    ("S - Print", "a print server"),
    ("S - Proxy", "a proxy server"),
    ("E - Telematics", "telematics"),
    ("E - Telemetry", "telemetry"),
    ("U - Auth token", "an authentication token"),
    ("U - Media", "media"),
    ("U - Peripheral", "a peripheral device"),
];

/// Things that a title names of a kind at most.
const NAMED: usize = 2;

/// The one sector whose name does not stand before a noun.
const OTHER_SERVICES: &str = "Other services";

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
    ("81", OTHER_SERVICES),
    ("92", "Public"),
];

/// The title of a record that becomes a case of a class.
///
/// # Errors
/// Never for a text that was put together here; a line is checked all the same.
pub(super) fn title(record: &Value, class: Class) -> Result<Line, TextError> {
    let (action, preposition) = action(record.get("action"), class);
    let what = match asset(record) {
        Some(asset) => format!("{action} {preposition} {asset}"),
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

/// What was done, and what connects it with the asset that it was done to.
fn action(action: Option<&Value>, class: Class) -> (String, &'static str) {
    let there = ACTIONS.iter().filter_map(|(name, word, preposition)| {
        let varieties = texts(action?.get(*name)?.get("variety"));
        let preposition = if varieties.is_empty() { "affecting" } else { preposition };
        Some((things(name, word, varieties), preposition))
    });
    let (things, prepositions): (Vec<_>, Vec<_>) = there.unzip();
    match prepositions.last() {
        Some(last) => (listed(&things.concat(), "more"), last),
        None => (word(class).to_owned(), "affecting"),
    }
}

/// Hacking and malware share words, so they are named before their varieties.
fn things(name: &str, word: &str, varieties: Vec<String>) -> Vec<String> {
    match name {
        _ if varieties.is_empty() => vec![word.to_owned()],
        "hacking" | "malware" => vec![format!("{word} ({})", listed(&varieties, "more"))],
        _ => varieties,
    }
}

/// What a title calls a case of which no action is known.
fn word(class: Class) -> &'static str {
    match class {
        Class::Incident => "Incident",
        Class::Event => "Event",
        Class::NearMiss => "Near miss",
        Class::Weakness => "Weakness",
    }
}

/// The first asset that says more than its class: `U - Laptop` is a laptop.
fn asset(record: &Value) -> Option<String> {
    let assets = record.get("asset")?.get("assets")?.as_array()?;
    let varieties: Vec<Value> = assets.iter().filter_map(|asset| asset.get("variety").cloned()).collect();
    texts(Some(&Value::Array(varieties))).iter().find_map(|variety| {
        if let Some((_, name)) = ASSETS.iter().find(|(listed, _)| listed == variety) {
            return Some((*name).to_owned());
        }
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
    // `NA` is Namibia here.
    let country = lines(victim.get("country")).into_iter().find(|code| is_telling(code) || code == "NA");
    let who = first("victim_id").or_else(|| first("industry").map(|industry| organisation(&industry)));
    match (who, country) {
        (Some(who), Some(country)) => Some(format!("at {who}, {country}")),
        (Some(who), None) => Some(format!("at {who}")),
        (None, Some(country)) => Some(format!("in {country}")),
        (None, None) => None,
    }
}

fn organisation(industry: &str) -> String {
    let is_number = industry.bytes().all(|byte| byte.is_ascii_digit());
    let is_code = industry.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let sector = SECTORS.iter().find(|(code, _)| is_code && industry.starts_with(code));
    match sector.map_or(industry, |(_, name)| name) {
        name if name.eq_ignore_ascii_case(OTHER_SERVICES) => "an organisation of other services".to_owned(),
        name if is_number && sector.is_none() => format!("an organisation of industry {name}"),
        name => format!("{} organisation", with_article(name)),
    }
}

/// The telling texts of a text or list, each once.
fn texts(value: Option<&Value>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    lines(value).into_iter().filter(|text| is_telling(text) && seen.insert(text.clone())).collect()
}

/// The texts of a text or list, each short and on one line.
fn lines(value: Option<&Value>) -> Vec<String> {
    let values = match value {
        Some(Value::Array(values)) => values.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    let texts = values.iter().filter_map(Value::as_str);
    texts.filter_map(|text| Line::parse(&shortened(text.trim())).ok()).map(|line| line.to_string()).collect()
}

/// Whether a text names something: `--` does not.
fn is_telling(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
        && !["unknown", "other", "na"].contains(&text.to_lowercase().as_str())
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
    use crate::veris::Standard;

    fn told(record: &Value) -> String {
        title(record, Class::Incident).unwrap().to_string()
    }

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
            (
                json!({ "action": { "social": { "variety": ["Phishing"] }, "misuse": { "variety": ["Net misuse", "Gaffe"] },
                        "error": {} } }),
                "Phishing, Error and 2 more",
            ),
            (json!({ "victim": { "industry": "000" } }), "Incident at an organisation of industry 000"),
            (json!({ "action": { "malware": { "variety": ["Worm", "Worm"] } } }), "Malware (Worm)"),
            (json!({ "victim": { "industry": "811" } }), "Incident at an organisation of other services"),
            (
                json!({ "victim": { "industry": "Other Services" } }),
                "Incident at an organisation of other services",
            ),
            (json!({ "victim": { "country": ["NA"], "industry": "Unknown" } }), "Incident in NA"),
            (json!({}), "Incident"),
        ] {
            assert_eq!(told(&record), expected);
        }
    }

    #[test]
    fn what_says_nothing_is_not_told() {
        for victim in [
            json!({ "country": ["--"], "victim_id": "", "industry": "--" }),
            json!({ "country": [], "victim_id": " ", "industry": null }),
            json!({ "country": ["Unknown"], "victim_id": "Unknown" }),
            json!([]),
        ] {
            let record = json!({ "victim": victim, "action": { "error": { "variety": ["--"] } },
                                 "asset": { "assets": [{ "variety": "--" }, {}] } });
            assert_eq!(told(&record), "Error", "{victim}");
        }
        let one_more = json!({ "victim": { "country": ["--", "US"] } });
        assert_eq!(told(&one_more), "Incident in US");
    }

    #[test]
    fn an_asset_has_an_article_if_it_is_one_thing() {
        for (action, asset, expected) in [
            (json!({ "error": { "variety": "Loss" } }), "M - Documents", "Loss of documents"),
            (json!({ "error": { "variety": "Loss" } }), "M - Tapes", "Loss of tapes"),
            (json!({ "error": { "variety": "Loss" } }), "U - Media", "Loss of media"),
            (
                json!({ "social": { "variety": "Phishing" } }),
                "P - Human resources",
                "Phishing of human resources staff",
            ),
            (json!({ "social": { "variety": "Phishing" } }), "P - Executive", "Phishing of an executive"),
            (
                json!({ "social": { "variety": "Phishing" } }),
                "U - POS terminal",
                "Phishing of a POS terminal",
            ),
            (json!({ "malware": { "variety": "Worm" } }), "S - Mail", "Malware (Worm) on a mail server"),
            (json!({ "malware": {} }), "N - RTU", "Malware affecting an RTU"),
            (
                json!({ "environmental": { "variety": "Flood" } }),
                "S - LLM application",
                "Flood affecting an LLM application",
            ),
            (json!({ "unknown": {} }), "T - ATM", "Unknown action affecting an ATM"),
            (json!({}), "E - Telemetry", "Incident affecting telemetry"),
        ] {
            let record = json!({ "action": action, "asset": { "assets": [{ "variety": asset }] } });
            assert_eq!(told(&record), expected);
        }
    }

    #[test]
    fn a_record_without_an_action_is_titled_after_its_class() {
        let record = json!({ "victim": { "country": ["US"] } });
        for (class, expected) in [
            (Class::Incident, "Incident in US"),
            (Class::Event, "Event in US"),
            (Class::NearMiss, "Near miss in US"),
            (Class::Weakness, "Weakness in US"),
        ] {
            assert_eq!(title(&record, class).unwrap().as_str(), expected);
        }
        let known = json!({ "action": { "physical": { "variety": ["Theft"] } } });
        assert_eq!(title(&known, Class::Event).unwrap().as_str(), "Theft");
    }

    #[test]
    fn every_asset_with_a_name_of_its_own_is_listed_and_needs_one() {
        let standard = Standard::load().unwrap();
        let listed = standard.node(&["asset", "assets", "variety"]).unwrap();
        for (variety, name) in ASSETS {
            assert_eq!(listed.listed(variety), Some(variety));
            let plain = with_article(&small(variety.split_once(" - ").unwrap().1));
            assert_ne!(plain, name, "{variety} needs no name of its own");
        }
    }

    #[test]
    fn a_title_is_one_line_whatever_the_record_says() {
        let record =
            json!({ "action": { "error": { "variety": ["x\u{0}", "a\nb", "y".repeat(900)] } }, "victim": 7 });
        let title = told(&record);
        assert!(title.starts_with("a b and yyy"), "{title}");
    }
}
