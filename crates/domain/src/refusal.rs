//! How the rules say no.

/// A rule's refusal: what every error enum of this crate can tell the service.
pub trait Refusal: std::error::Error {
    /// A stable code such as `action.owner_missing`, part of the public interface.
    fn code(&self) -> &'static str;

    /// The input field that has to change, if it is the input and not the state that stands in the way.
    fn field(&self) -> Option<&'static str> {
        None
    }
}
