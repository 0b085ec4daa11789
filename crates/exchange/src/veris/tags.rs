//! Values as tags: `veris:action.hacking.variety.sqli`.

use nevertwice_domain::case::Tag;

/// Begins every tag that comes from VERIS.
const PREFIX: &str = "veris:";

/// The tag of a group that a record names, such as `veris:action.hacking`.
pub(super) fn of_place(path: &str) -> Option<Tag> {
    let places: Vec<String> = path.split('.').map(word).collect();
    Tag::parse(&format!("{PREFIX}{}", places.join("."))).ok()
}

/// The tag of a value; `path` has no numbers. `None` for a value without a letter or digit, or one that is too long.
pub(super) fn of_value(path: &str, value: &str) -> Option<Tag> {
    let value = word(value);
    if value.is_empty() {
        return None;
    }
    of_place(path).and_then(|place| Tag::parse(&format!("{place}.{value}")).ok())
}

/// Letters and digits in lower case, everything else as single hyphens between them.
fn word(text: &str) -> String {
    let mut word = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() || c == '_' {
            word.push(c);
        } else if !word.ends_with('-') && !word.is_empty() {
            word.push('-');
        }
    }
    word.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_becomes_a_word_of_its_path() {
        let tag = |path: &str, value: &str| of_value(path, value).map(|tag| tag.to_string());
        assert_eq!(
            tag("action.hacking.variety", "SQLi").as_deref(),
            Some("veris:action.hacking.variety.sqli")
        );
        assert_eq!(
            tag("asset.assets.variety", "S - Web application").as_deref(),
            Some("veris:asset.assets.variety.s-web-application")
        );
        assert_eq!(
            tag("asset.cloud", "On-Premise Asset(s)").as_deref(),
            Some("veris:asset.cloud.on-premise-asset-s")
        );
        assert_eq!(tag("victim.country", "--"), None);
        assert_eq!(tag("victim.country", &"x".repeat(200)), None);
    }
}
