//! Requests that are done once: whoever does not know whether a request arrived sends it again under the same key.
//!
//! Key and answer are kept in the unit of work of the change itself, so that either both are there or neither. A change
//! after which somebody may know of less forgets the answers: who asks again is told that it was done, not what.

use nevertwice_domain::asset::Sha256Text;
use nevertwice_domain::time::Timestamp;
use nevertwice_store::request::{self as requests, Answered};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::caller::Means;
use crate::error::{Kind, ServiceError};
use crate::service::{Service, Unit};

/// The longest key.
const KEY_LIMIT: usize = 100;
/// How long a key is remembered: 24 hours.
const KEPT_MILLIS: i64 = 24 * 60 * 60 * 1_000;

/// A text by which whoever asks knows their request again. Only its hash is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestKey(Sha256Text);

impl RequestKey {
    /// Takes 1 to 100 visible characters of ASCII.
    ///
    /// # Errors
    /// It is anything else.
    pub fn parse(text: &str) -> Result<Self, ServiceError> {
        let is_visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_visible || !(1..=KEY_LIMIT).contains(&text.len()) {
            let message =
                format!("expected a key of 1 to {KEY_LIMIT} visible ASCII characters without spaces");
            return Err(ServiceError::new(Kind::Invalid, "request.key", message));
        }
        Ok(Self(hash(text.as_bytes())))
    }
}

/// A use case that takes no key was asked with one.
pub(crate) fn unsupported(name: &str) -> ServiceError {
    let message = format!(
        "{name} takes no key: it is no single change, or its answer holds a secret that is not kept. Ask without one"
    );
    ServiceError::new(Kind::Invalid, "request.key_unsupported", message)
}

/// What is asked under a key.
#[derive(Debug, Clone)]
pub(crate) struct Keyed {
    key: Sha256Text,
    asked: Vec<u8>,
}

impl Keyed {
    /// A use case and its input under a key.
    ///
    /// # Errors
    /// The input has no form in JSON.
    pub(crate) fn new(key: &RequestKey, name: &str, input: &impl Serialize) -> Result<Self, ServiceError> {
        // By way of a value, so that members stand in one order.
        let input = serde_json::to_value(input).map_err(ServiceError::internal)?;
        Ok(Self { key: key.0.clone(), asked: format!("{name}\n{input}").into_bytes() })
    }

    /// The answer of earlier, or that of `change`, which is kept.
    ///
    /// # Errors
    /// Something else was asked under the key, or what `change` reports.
    pub(crate) fn once<T: Serialize + DeserializeOwned>(
        &self,
        unit: &mut Unit<'_>,
        change: impl FnOnce(&mut Unit<'_>) -> Result<T, ServiceError>,
    ) -> Result<T, ServiceError> {
        let (person, fingerprint) = (unit.caller.id(), self.fingerprint(&unit.caller.means));
        if let Some(earlier) = requests::find(unit.tx, person, &self.key)? {
            return answer_again(earlier, &fingerprint);
        }
        let outcome = change(unit)?;
        let answer = Some(serde_json::to_string(&outcome).map_err(ServiceError::internal)?);
        requests::insert(unit.tx, person, &self.key, &Answered { fingerprint, answer }, unit.moment.at)?;
        Ok(outcome)
    }

    /// What was asked, and with which scopes: a narrower token gets no answer that was given to a wider one.
    fn fingerprint(&self, means: &Means) -> Sha256Text {
        let scopes = match means {
            Means::Token(scopes) => scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(","),
            _ => "all".to_owned(),
        };
        hash(&[scopes.as_bytes(), b"\n", &self.asked].concat())
    }
}

fn answer_again<T: DeserializeOwned>(earlier: Answered, fingerprint: &Sha256Text) -> Result<T, ServiceError> {
    if earlier.fingerprint != *fingerprint {
        let message = "something else was asked under this key within the last day; take another key";
        return Err(ServiceError::new(Kind::Conflict, "request.key_reused", message));
    }
    let Some(answer) = earlier.answer else {
        let message =
            "this was done already; its answer is not kept any more, as somebody may know of less since";
        return Err(ServiceError::new(Kind::Conflict, "request.answer_gone", message));
    };
    serde_json::from_str(&answer).map_err(ServiceError::internal)
}

fn hash(bytes: &[u8]) -> Sha256Text {
    Sha256Text::from_digest(&Sha256::digest(bytes).into())
}

impl Service {
    /// Forgets keys that are older than a day.
    ///
    /// # Errors
    /// What the store reports.
    pub(crate) fn forget_requests(&self) -> Result<(), ServiceError> {
        let before = Timestamp::from_millis(self.moment().at.millis() - KEPT_MILLIS);
        self.db().write(move |tx| Ok::<_, ServiceError>(requests::forget(tx, before).map(drop)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_visible_and_short() {
        for text in ["a", "!~", &"x".repeat(KEY_LIMIT)] {
            assert!(RequestKey::parse(text).is_ok(), "{text}");
        }
        for text in ["", " ", "a b", "a\n", "ä", "\u{7f}", &"x".repeat(KEY_LIMIT + 1)] {
            assert_eq!(RequestKey::parse(text).unwrap_err().code, "request.key", "{text:?}");
        }
    }
}
