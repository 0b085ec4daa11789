//! Names in cells: who is a person, what is a team, and how many there are.

use std::collections::HashSet;
use std::sync::LazyLock;

use nevertwice_domain::person::PersonKind;
use nevertwice_domain::text::Line;

use super::is_placeholder;
use crate::planned::Mention;
use crate::spreadsheet::synonyms::key;

/// A word that makes any name a group.
const GROUP_WORDS: &str = "team teams group gruppe abteilung department dept division squad crew committee board desk \
    staff everyone everybody all alle vendor supplier equipe equipo groupe grupo service services departamento \
    abteilungsleitung geschaftsfuhrung";

/// Words of functions and roles; a name made of nothing else is no person.
const FUNCTION_WORDS: &str = "it its ops operations security infosec cybersecurity cyber devops devsecops secops sre \
    platform helpdesk servicedesk support engineering engineers developers dev hr legal compliance facilities finance \
    accounting qa quality data ml mlops ai research science product sales marketing soc cert csirt noc network \
    infrastructure infra admin admins administrator administrators sysadmin backend frontend web cloud database dba \
    privacy risk audit procurement purchasing logistics ciso cto cio ceo cfo coo dpo isb dsb rssi owner manager \
    management director head of and the lead officer chief information protection incident response on call oncall \
    duty user users customer client reception personal einkauf vertrieb recht buchhaltung entwicklung betrieb \
    sicherheit datenschutz leitung und technik direction informatique securite sistemas seguridad";

/// Reads the names in a cell; empty when it holds none. Line breaks, `;`, `/`, `&`, `+` and `and` separate names, and
/// commas where the parts are full names (`A. Keller, B. Osei`); a comma between two single words is one name
/// (`Keller, Anna`).
#[must_use]
pub fn read(text: &str) -> Vec<Mention> {
    parts(text).into_iter().filter_map(|part| one(&part)).collect()
}

/// The parts of a cell that holds one entry per line or number, such as owners that belong to numbered actions.
fn parts(text: &str) -> Vec<String> {
    let spaced = text.replace(" and ", ";").replace(" und ", ";").replace(" et ", ";").replace(" y ", ";");
    let coarse = spaced.split(['\n', ';', '/', '&', '+']).map(str::trim).filter(|part| !part.is_empty());
    coarse.flat_map(by_comma).collect()
}

fn by_comma(part: &str) -> Vec<String> {
    let pieces: Vec<&str> = part.split(',').map(str::trim).filter(|piece| !piece.is_empty()).collect();
    let full = |piece: &&str| piece.contains([' ', '@', '.']);
    if pieces.len() > 2 || pieces.iter().all(full) {
        return pieces.into_iter().map(str::to_owned).collect();
    }
    vec![part.to_owned()]
}

/// Reads one name; `None` for a placeholder and for a text that cannot be a name.
#[must_use]
pub fn one(text: &str) -> Option<Mention> {
    let text = text.trim().trim_start_matches(['-', '*', '•', '@']).trim();
    if is_placeholder(text) {
        return None;
    }
    let (name, email) = split_address(text);
    let bare = name.split('(').next().unwrap_or_default().trim().trim_matches(['"', ',', ':']).trim();
    let shown = match (bare, &email) {
        ("", Some(address)) => address.as_str(),
        ("", None) => return None,
        (bare, _) => bare,
    };
    let is_team = if bare.is_empty() { is_team_name(address_name(shown)) } else { is_team_name(bare) };
    if !is_team && !bare.is_empty() && !is_person_like(bare) {
        return None;
    }
    let kind = if is_team { PersonKind::Team } else { PersonKind::Person };
    Some(Mention { name: Line::parse(shown).ok()?, kind, email })
}

fn split_address(text: &str) -> (String, Option<Line>) {
    let is_address = |word: &str| {
        word.split_once('@')
            .is_some_and(|(local, host)| !local.is_empty() && host.contains('.') && !host.contains('@'))
    };
    let clean = |word: &str| {
        word.trim_matches(['<', '>', '(', ')', ',', ';', '"']).trim_start_matches("mailto:").to_owned()
    };
    let address = text.split_whitespace().map(clean).find(|word| is_address(word));
    let rest = text.split_whitespace().filter(|word| !is_address(&clean(word))).collect::<Vec<_>>().join(" ");
    (rest, address.and_then(|address| Line::parse(&address).ok()))
}

fn address_name(address: &str) -> &str {
    address.split('@').next().unwrap_or(address)
}

fn is_team_name(name: &str) -> bool {
    // Every cell of a file is looked at: a walk through the lists for each of its words would take most of the time.
    static GROUPS: LazyLock<HashSet<&str>> = LazyLock::new(|| GROUP_WORDS.split_whitespace().collect());
    static FUNCTIONS: LazyLock<HashSet<&str>> = LazyLock::new(|| FUNCTION_WORDS.split_whitespace().collect());
    let key = key(name);
    let mut words = key.split(' ').filter(|word| !word.is_empty());
    words.clone().any(|word| GROUPS.contains(word))
        || (words.clone().next().is_some() && words.all(|word| FUNCTIONS.contains(word)))
}

/// Up to five words of letters, such as `G. O'Brien`, `van der Berg, Anna`, `j.smith`.
fn is_person_like(name: &str) -> bool {
    let allowed = |c: char| c.is_alphabetic() || matches!(c, ' ' | '.' | ',' | '\'' | '’' | '-' | '_');
    let words = name.split_whitespace().count();
    (1..=5).contains(&words) && name.chars().all(allowed) && name.chars().any(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<(String, PersonKind)> {
        read(text).into_iter().map(|m| (m.name.to_string(), m.kind)).collect()
    }

    fn person(name: &str) -> (String, PersonKind) {
        (name.to_owned(), PersonKind::Person)
    }

    #[test]
    fn people_are_told_from_teams() {
        for name in [
            "F. Ibrahim",
            "G. O'Brien",
            "D. Marín",
            "anna",
            "Keller, Anna",
            "van der Berg",
            "j.smith",
            "Ivy Dev",
        ] {
            assert_eq!(names(name), [person(name)], "{name}");
        }
        for name in [
            "team platform",
            "Platform Team",
            "IT",
            "Security",
            "DevOps",
            "SRE",
            "Helpdesk",
            "IT Security",
            "Head of IT",
            "CISO",
            "Abteilung Einkauf",
            "everyone",
            "IT-Support",
            "security@example.org",
        ] {
            assert_eq!(names(name), [(name.to_owned(), PersonKind::Team)], "{name}");
        }
    }

    #[test]
    fn an_address_is_kept_beside_the_name() {
        let mention = one("Anna Keller <a.keller@example.org>").unwrap();
        assert_eq!((mention.name.as_str(), mention.kind), ("Anna Keller", PersonKind::Person));
        assert_eq!(mention.email.unwrap().as_str(), "a.keller@example.org");
        let alone = one("a.keller@example.org").unwrap();
        assert_eq!((alone.name.as_str(), alone.kind), ("a.keller@example.org", PersonKind::Person));
    }

    #[test]
    fn several_names_are_several() {
        assert_eq!(names("A. Keller, B. Osei"), [person("A. Keller"), person("B. Osei")]);
        assert_eq!(names("A. Keller and B. Osei"), [person("A. Keller"), person("B. Osei")]);
        assert_eq!(
            names("A. Keller / B. Osei\nC. Lind"),
            [person("A. Keller"), person("B. Osei"), person("C. Lind")]
        );
        assert_eq!(names("A. Keller (IT)"), [person("A. Keller")]);
    }

    #[test]
    fn what_is_no_name_is_none() {
        for text in ["", "-", "TBD", "?", "see ticket 123", "12", "the person who is on duty that week"] {
            assert_eq!(names(text), [], "{text}");
        }
    }
}
