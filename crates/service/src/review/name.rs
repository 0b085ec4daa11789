//! How somebody who asks names a cause or a link: by numbers, or by the version that they saw.

use std::fmt;
use std::str::FromStr;

use nevertwice_domain::cause::{Cause, CauseGraph, Link, WhyNumber, WhyNumberError};
use nevertwice_domain::id::CauseId;
use serde::{Deserialize, Serialize};

use crate::case::{cause_version, link_version};
use crate::error::{Kind, ServiceError};

/// A cause of a review, or its problem, as a caller names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum CauseName {
    /// The problem itself: `0`.
    Problem,
    /// The number that the cause has now.
    Number(WhyNumber),
    /// The version of the cause that the caller saw: others may have answered, and moved the numbers, since.
    Seen(String),
}

impl CauseName {
    /// The cause with this number; by the version that was seen of it, if one is named.
    #[must_use]
    pub fn of(number: WhyNumber, version: Option<String>) -> Self {
        match version {
            Some(version) => Self::Seen(version),
            None => Self::Number(number),
        }
    }
}

impl FromStr for CauseName {
    type Err = WhyNumberError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim() {
            "0" | "problem" => Ok(Self::Problem),
            seen if seen.contains('-') => Ok(Self::Seen(seen.to_owned())),
            number => number.parse().map(Self::Number),
        }
    }
}

impl fmt::Display for CauseName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Problem => f.write_str("0"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Seen(version) => f.write_str(version),
        }
    }
}

impl From<CauseName> for String {
    fn from(name: CauseName) -> Self {
        name.to_string()
    }
}

impl TryFrom<String> for CauseName {
    type Error = WhyNumberError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

/// The effect that a name stands for: a cause, or the problem (`None`).
///
/// # Errors
/// There is none, or it is not any more as the caller saw it.
pub(super) fn effect(causes: &CauseGraph, name: &CauseName) -> Result<Option<CauseId>, ServiceError> {
    match name {
        CauseName::Problem => Ok(None),
        CauseName::Number(number) if *number == WhyNumber::PROBLEM => Ok(None),
        CauseName::Number(number) => numbered(causes, *number).map(Some),
        CauseName::Seen(version) => seen(causes, version).map(Some),
    }
}

/// The cause that a name stands for.
///
/// # Errors
/// As [`effect`]; or the problem, which is no cause.
pub(super) fn cause(causes: &CauseGraph, name: &CauseName) -> Result<CauseId, ServiceError> {
    effect(causes, name)?.ok_or_else(|| {
        let message = "is the problem itself; expected the number of one of its causes";
        ServiceError::invalid("cause", "cause.is_problem", message)
    })
}

/// The cause of a number.
///
/// # Errors
/// There is none.
pub(super) fn numbered(causes: &CauseGraph, number: WhyNumber) -> Result<CauseId, ServiceError> {
    causes.numbered_cause(number).map(|cause| cause.id).ok_or_else(|| {
        let message = format!("there is no why {number}; review show lists them with their numbers");
        ServiceError::invalid("number", "cause.unknown_number", message)
    })
}

fn seen(causes: &CauseGraph, version: &str) -> Result<CauseId, ServiceError> {
    let id = id_of(version)?;
    let Some(cause) = causes.cause(id) else {
        let message = "a cause that you saw was taken away since; look at the review again";
        return Err(ServiceError::new(Kind::Conflict, "cause.gone", message));
    };
    if cause_version(cause) == version {
        return Ok(id);
    }
    // No form shows what it says, so that nothing could be put together: whoever meant other words decides anew.
    let number = causes.number_of(id).map(|number| number.to_string()).unwrap_or_default();
    let message = format!("what is why {number} now was changed since you read it; look at it again");
    Err(ServiceError::new(Kind::Conflict, "cause.changed", message))
}

/// The cause that the caller saw, if it is still as they saw it: numbers move when others answer or remove, so that a
/// version names it better than they do. Without a version it is the one that has the number now.
///
/// # Errors
/// It was taken away, moved or changed since.
pub(super) fn as_seen(
    causes: &CauseGraph,
    number: WhyNumber,
    seen: Option<&str>,
    version: impl Fn(&Cause) -> String,
) -> Result<CauseId, ServiceError> {
    let Some(seen) = seen else { return numbered(causes, number) };
    let id = id_of(seen)?;
    let Some(cause) = causes.cause(id) else {
        let message = format!("what you saw as why {number} was taken away since; look at the review again");
        return Err(ServiceError::new(Kind::Conflict, "cause.gone", message));
    };
    if version(cause) == seen {
        return Ok(id);
    }
    match causes.number_of(id) {
        Some(now) if now != number => {
            let message =
                format!("what you saw as why {number} was changed since, and is why {now} now; look there");
            Err(ServiceError::new(Kind::Conflict, "cause.moved", message))
        }
        _ => {
            let message = format!("why {number} was changed since you read it; look at it again");
            Err(ServiceError::new(Kind::Stale, "stale", message))
        }
    }
}

/// The link between two causes, if it is still as the caller saw it. With a version it is the link that has it,
/// whatever numbers its causes have by now.
///
/// # Errors
/// There is none, or it was taken away or changed since.
pub(super) fn link_as_seen<'g>(
    causes: &'g CauseGraph,
    (from, to): (&CauseName, &CauseName),
    seen: Option<&str>,
) -> Result<&'g Link, ServiceError> {
    let Some(seen) = seen else {
        let (from, to) = (cause(causes, from)?, effect(causes, to)?);
        return causes.link_of(from, to).ok_or_else(|| {
            let message = "the two are not linked; review show tells what each cause explains";
            ServiceError::invalid("effect", "cause.not_linked", message)
        });
    };
    let ends = |link: &Link| link_version(link).split_once('.').map(|(ends, _)| ends.to_owned());
    let wanted = seen.split_once('.').map(|(ends, _)| ends.to_owned());
    let Some(link) = causes.links().iter().find(|link| wanted.is_some() && ends(link) == wanted) else {
        let message = "the link that you saw was taken away since; look at the review again";
        return Err(ServiceError::new(Kind::Conflict, "cause.gone", message));
    };
    if link_version(link) == seen {
        return Ok(link);
    }
    let message = "the link was changed since you read it; look at it again";
    Err(ServiceError::new(Kind::Stale, "stale", message))
}

fn id_of(version: &str) -> Result<CauseId, ServiceError> {
    version.split_once('.').and_then(|(id, _)| id.parse::<CauseId>().ok()).ok_or_else(|| {
        let message = "is no version of an answer; show the review, and name the one that it has there";
        ServiceError::invalid("version", "cause.version", message)
    })
}
