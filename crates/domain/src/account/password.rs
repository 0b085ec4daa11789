//! Which passwords are taken.
//!
//! ASVS 5.0 §6.2: length decides, not the sorts of characters; nothing is cut off; what an attacker tries first (the
//! company, the address, common passwords) is refused.

use std::fmt;

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

use super::SignInAddress;
use crate::refusal::Refusal;
use crate::text::fold;

/// Shortest password, in characters.
pub const SHORTEST: usize = 12;
/// Longest password, in characters: long enough for any sentence, short enough to hash.
pub const LONGEST: usize = 128;
/// A name shorter than this stands in too many passwords by chance to be looked for.
const NAME_AT_LEAST: usize = 4;
/// What is repeated to no end makes no password: `abcabcabcabc` is as long as `abc`.
const LONGEST_BLOCK: usize = 4;

/// What people take first when twelve characters are asked for; in lower case and without spaces.
const COMMON: &[&str] = &[
    "123456789012",
    "1234567890123",
    "12345678901234",
    "123456789012345",
    "1234567890123456",
    "12345678901234567890",
    "0123456789012",
    "012345678910",
    "987654321098",
    "1234567891011",
    "123456789101112",
    "1q2w3e4r5t6y",
    "1q2w3e4r5t6y7u8i",
    "1qaz2wsx3edc",
    "1qaz2wsx3edc4rfv",
    "qwertyuiop12",
    "qwertyuiop123",
    "qwertyuiopas",
    "qwertyuiopasdf",
    "qwertyuiop[]",
    "qwertzuiopasdf",
    "qwerty123456",
    "qwerty12345678",
    "qwerty1234567890",
    "asdfghjkl123",
    "abcdefghijkl",
    "abcdefghijklm",
    "abcdefghijklmnopqrstuvwxyz",
    "abcdef123456",
    "abc123456789",
    "password1234",
    "password12345",
    "password123456",
    "password123!",
    "password1234!",
    "passwordpassword",
    "passw0rd1234",
    "p@ssw0rd1234",
    "p@ssword1234",
    "mypassword123",
    "mypassword1234",
    "newpassword1",
    "newpassword123",
    "changeme1234",
    "changemeplease",
    "pleasechangeme",
    "letmeinletmein",
    "letmein12345",
    "welcome12345",
    "welcome123456",
    "welcomewelcome",
    "iloveyou1234",
    "iloveyouiloveyou",
    "iloveyoubaby",
    "administrator",
    "administrator1",
    "administrator123",
    "adminadminadmin",
    "admin1234567",
    "admin12345678",
    "rootrootroot",
    "monkeymonkey",
    "dragondragon",
    "sunshinesunshine",
    "footballfootball",
    "princessprincess",
    "superman1234",
    "trustno1trustno1",
    "correcthorsebatterystaple",
    "passwort1234",
    "passwortpasswort",
    "hallohallohallo",
    "geheimgeheim",
    "secretsecret",
    "testtesttest",
    "nevertwice123",
    "nevertwicenevertwice",
];

/// A password that may be set, in the form in which it is hashed.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPassword(String);

impl fmt::Debug for NewPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewPassword(…)")
    }
}

/// A password that is not taken. No text of it stands in the error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PasswordError {
    /// Too short.
    #[error("it has {found} characters; expected at least {SHORTEST}: a sentence is easy to remember")]
    Short {
        /// How many it has.
        found: usize,
    },
    /// Too long.
    #[error("it has {found} characters; expected at most {LONGEST}")]
    Long {
        /// How many it has.
        found: usize,
    },
    /// It contains what everybody can guess.
    #[error("the name of the company stands in it; choose one that nobody can guess from where you work")]
    Company,
    /// It contains the address.
    #[error("it contains your e-mail address; choose one that nobody can guess from who you are")]
    Address,
    /// It is among the first that anybody tries.
    #[error("it is one of the passwords that are tried first; choose another")]
    Common,
}

impl Refusal for PasswordError {
    fn code(&self) -> &'static str {
        match self {
            Self::Short { .. } => "password.short",
            Self::Long { .. } => "password.long",
            Self::Company => "password.company",
            Self::Address => "password.address",
            Self::Common => "password.common",
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("password")
    }
}

impl NewPassword {
    /// Takes a password for an account with this address in a company of this name.
    ///
    /// # Errors
    /// It is too short or long, or one that is guessed first.
    pub fn parse(text: &str, company: &str, address: &SignInAddress) -> Result<Self, PasswordError> {
        let normal = normal_form(text);
        let found = normal.chars().count();
        if found < SHORTEST {
            return Err(PasswordError::Short { found });
        }
        if found > LONGEST {
            return Err(PasswordError::Long { found });
        }
        let squeezed = squeezed(&normal);
        if contains_name(&squeezed, company) {
            return Err(PasswordError::Company);
        }
        if contains_name(&squeezed, address.local_part()) {
            return Err(PasswordError::Address);
        }
        if COMMON.contains(&squeezed.as_str()) || is_repeated_block(&squeezed) {
            return Err(PasswordError::Common);
        }
        Ok(Self(normal))
    }

    /// What is hashed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The form in which a password is hashed and compared: NFC, because keyboards make the same letter in several ways.
/// Nothing else is changed, spaces at the ends included.
#[must_use]
pub fn normal_form(text: &str) -> String {
    text.nfc().collect()
}

fn squeezed(text: &str) -> String {
    fold(text).replace(' ', "")
}

fn contains_name(squeezed_password: &str, name: &str) -> bool {
    let name = squeezed(name);
    name.chars().count() >= NAME_AT_LEAST && squeezed_password.contains(&name)
}

/// Whether a few characters come again and again, to the end.
fn is_repeated_block(text: &str) -> bool {
    let after = |length: usize| text.chars().skip(length);
    (1..=LONGEST_BLOCK).any(|length| text.chars().zip(after(length)).all(|(one, next)| one == next))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<NewPassword, PasswordError> {
        NewPassword::parse(text, "Example AI", &SignInAddress::parse("marta.kowal@example.org").unwrap())
    }

    #[test]
    fn length_decides_and_nothing_is_cut_off() {
        assert_eq!(parse("elf Zeichen"), Err(PasswordError::Short { found: 11 }));
        let sentence = "  nine geese in a row ";
        assert_eq!(parse(sentence).unwrap().as_str(), sentence);
        let longest = "x1 ".repeat(42) + "yz";
        assert_eq!(longest.chars().count(), LONGEST);
        assert_eq!(parse(&longest).unwrap().as_str(), longest);
        assert_eq!(parse(&format!("{longest}!")), Err(PasswordError::Long { found: LONGEST + 1 }));
        assert!(parse("ßßäöü🦀 ßßäöü🦀").is_ok(), "characters are counted, not bytes");
    }

    #[test]
    fn what_is_guessed_first_is_refused() {
        for (text, expected) in [
            ("we love exampleAI so", PasswordError::Company),
            ("we love Éxample ai so", PasswordError::Company),
            ("Marta.Kowal 2026!", PasswordError::Address),
            ("Password Password", PasswordError::Common),
            ("123456789012", PasswordError::Common),
            ("aaaaaaaaaaaaaaaa", PasswordError::Common),
            ("xyz1xyz1xyz1xyz1xy", PasswordError::Common),
        ] {
            assert_eq!(parse(text), Err(expected), "{text}");
        }
    }

    #[test]
    fn a_name_of_three_letters_is_no_reason() {
        let address = SignInAddress::parse("li@example.org").unwrap();
        assert!(NewPassword::parse("a lithe little cat", "Ace", &address).is_ok());
        assert!(NewPassword::parse("grimace of a cat", "Ace", &address).is_ok());
    }

    #[test]
    fn a_letter_is_the_same_however_it_was_typed() {
        assert_eq!(normal_form("u\u{308}ber"), normal_form("\u{fc}ber"));
    }

    #[test]
    fn the_list_is_in_the_form_in_which_it_is_looked_up() {
        for common in COMMON {
            assert_eq!(squeezed(common), *common);
            assert!(common.chars().count() >= SHORTEST, "{common} is refused for its length");
        }
    }

    #[test]
    fn no_password_is_shown() {
        let password = parse("nine geese in a row").unwrap();
        assert_eq!(format!("{password:?}"), "NewPassword(…)");
    }
}
