//! Closed vocabularies: an enum whose members have one snake_case word each, the same in database, JSON, query and CLI.

use thiserror::Error;

/// A word that is not in its vocabulary.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{found:?} is not a {vocabulary}; expected one of: {expected}")]
pub struct UnknownWord {
    /// What the vocabulary lists, such as `class`.
    pub vocabulary: &'static str,
    /// What was found.
    pub found: String,
    /// The words that would have been accepted, comma-separated.
    pub expected: String,
}

/// A closed vocabulary: every member has one snake_case word.
pub trait Word: Sized + Copy + 'static {
    /// What the vocabulary lists, such as `class`.
    const VOCABULARY: &'static str;
    /// Every member, in its natural order.
    const ALL: &'static [Self];
    /// The member's word.
    fn as_str(self) -> &'static str;

    /// Reads a member from its word; case, spaces and hyphens do not matter (`Near miss` is `near_miss`).
    ///
    /// # Errors
    /// [`UnknownWord`] names what was found and every word that would do.
    fn parse(text: &str) -> Result<Self, UnknownWord> {
        let folded: String = text
            .trim()
            .chars()
            .map(|c| if c == ' ' || c == '-' { '_' } else { c.to_ascii_lowercase() })
            .collect();
        Self::ALL.iter().copied().find(|m| m.as_str() == folded).ok_or_else(|| UnknownWord {
            vocabulary: Self::VOCABULARY,
            found: text.to_owned(),
            expected: Self::ALL.iter().map(|m| m.as_str()).collect::<Vec<_>>().join(", "),
        })
    }
}

/// Declares a closed vocabulary: the enum, its words, `Display`, `FromStr` and serde as the word.
#[macro_export]
macro_rules! words {
    (
        $(#[$meta:meta])*
        $name:ident ($vocabulary:literal) {
            $( $(#[$member_meta:meta])* $member:ident = $word:literal ),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $( $(#[$member_meta])* #[serde(rename = $word)] $member ),+ }

        impl $crate::word::Word for $name {
            const VOCABULARY: &'static str = $vocabulary;
            const ALL: &'static [Self] = &[ $( Self::$member ),+ ];
            fn as_str(self) -> &'static str {
                match self { $( Self::$member => $word ),+ }
            }
        }

        impl $name {
            /// The member's word, the same in database, JSON, query and CLI.
            #[must_use]
            pub fn as_str(self) -> &'static str { $crate::word::Word::as_str(self) }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.pad(self.as_str()) }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::word::UnknownWord;
            fn from_str(text: &str) -> Result<Self, Self::Err> { $crate::word::Word::parse(text) }
        }
    };
}
