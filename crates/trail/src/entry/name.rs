//! The names that a leaf may hold. They come from the program, never from people, so nothing personal can be in them.

/// The longest field name, in bytes.
const MAX_FIELD: usize = 200;
/// The longest action or kind, in bytes.
const MAX_WORD: usize = 64;

/// A text is not a name that a leaf may hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Not a field name.
    #[error("expected a field name of 1 to {MAX_FIELD} characters of a-z 0-9 _ . : / -, found {0:?}")]
    Field(String),
    /// Not a snake_case word.
    #[error("expected a snake_case word of 1 to {MAX_WORD} characters of a-z 0-9 _, found {0:?}")]
    Word(String),
}

/// Accepts field names. None of the characters is escaped in JSON, and their byte order is the order of RFC 8785.
pub(crate) fn check_field(field: &str) -> Result<(), NameError> {
    let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.' | b':' | b'/' | b'-');
    if (1..=MAX_FIELD).contains(&field.len()) && field.bytes().all(allowed) {
        return Ok(());
    }
    Err(NameError::Field(excerpt(field)))
}

/// Accepts snake_case words: actions and kinds of objects.
pub(crate) fn check_word(word: &str) -> Result<(), NameError> {
    let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_');
    let starts = word.starts_with(|first: char| first.is_ascii_lowercase());
    if word.len() <= MAX_WORD && starts && word.bytes().all(allowed) {
        return Ok(());
    }
    Err(NameError::Word(excerpt(word)))
}

/// The beginning of a refused text: errors stay short whatever the input.
fn excerpt(text: &str) -> String {
    text.chars().take(40).collect()
}
