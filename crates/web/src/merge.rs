//! Who changed what, when two people had the same form open. The page carries along a short hash of each field as it
//! stood when its person began; held against what they sent and against what stands there now, it tells for each field
//! who changed it: nobody, one of them, or both.

use std::fmt::Write as _;

use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum_extra::extract::Form as FormBody;
use nevertwice_service::ServiceError;
use nevertwice_service::draft::DraftView;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::drafts::IS_KEPT;
use crate::form::Fields;
use crate::problem::Problem;
use crate::ui::{Field, FieldKind};
use crate::verb::{Form, VERSION};

/// The field that carries the hashes.
const BEGUN: &str = "_begun";

/// A form as it was sent, and how it stood when its person began.
pub(crate) struct Filled<F> {
    pub(crate) form: F,
    pub(crate) begun: Begun,
    /// Whether a draft of it may have been kept.
    pub(crate) has_draft: bool,
}

/// How each field stood when its person began: `name=hash`, apart by blanks. Empty where nobody else can write.
#[derive(Debug, Clone, Default)]
pub(crate) struct Begun(String);

/// What somebody else did to a field in the meantime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meanwhile {
    /// Both changed it: this is what the other one saved.
    Both(String),
    /// Only the other one changed it, and it was taken over: this stood there before.
    Other(String),
}

impl Begun {
    /// How these fields stand.
    pub(crate) fn of(fields: &[Field<'_>]) -> Self {
        let mut begun = String::new();
        if fields.iter().any(|field| field.name == VERSION) {
            for field in fields.iter().filter(|field| !matches!(field.kind, FieldKind::Hidden)) {
                let _ = write!(begun, "{}={} ", field.name, hash(field.value));
            }
        }
        Self(begun)
    }

    /// As a field of the page.
    pub(crate) fn field(&self) -> Field<'_> {
        Field::hidden(BEGUN, &self.0)
    }

    /// Whether there is anything to carry along.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts together what a person sent and what stands there now: what only the other one changed is taken over, what
    /// only this person changed stays, and of what both changed this person's stays with the other one's beside it.
    pub(crate) fn merge<'a>(&self, mine: &mut [Field<'a>], theirs: &[Field<'a>]) {
        for field in mine {
            let Some(their) = theirs.iter().find(|their| their.name == field.name) else { continue };
            if matches!(field.kind, FieldKind::Hidden) {
                // The version, and what was seen of lists: whoever saves again has seen what stands there now.
                field.value = their.value;
            } else if hash(field.value) != hash(their.value) {
                field.meanwhile = self.judge(field, their);
                if matches!(field.meanwhile, Some(Meanwhile::Other(_))) {
                    field.value = their.value;
                }
            }
        }
    }

    /// Whether what is shown of the record is as it was when its person began.
    pub(crate) fn is_as(&self, theirs: &[Field<'_>]) -> bool {
        let mut shown = theirs.iter().filter(|field| !matches!(field.kind, FieldKind::Hidden)).peekable();
        shown.peek().is_some() && shown.all(|field| self.hash_of(field.name) == Some(&hash(field.value)))
    }

    /// Who changed a field that differs.
    fn judge(&self, mine: &Field<'_>, theirs: &Field<'_>) -> Option<Meanwhile> {
        match self.hash_of(mine.name) {
            Some(begun) if begun == hash(mine.value) => Some(Meanwhile::Other(mine.told())),
            Some(begun) if begun == hash(theirs.value) => None,
            _ => Some(Meanwhile::Both(theirs.told())),
        }
    }

    fn hash_of(&self, name: &str) -> Option<&str> {
        self.0
            .split(' ')
            .find_map(|pair| pair.split_once('=').filter(|(of, _)| *of == name))
            .map(|(_, hash)| hash)
    }
}

/// Browsers end lines in their own way, and nobody sees a blank at the end.
fn hash(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let digest = Sha256::digest(text.trim_end().as_bytes());
    digest.iter().take(8).fold(String::new(), |mut hash, byte| {
        let _ = write!(hash, "{byte:02x}");
        hash
    })
}

impl<F: Form, S: Send + Sync> FromRequest<S> for Filled<F> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let FormBody(pairs) = FormBody::<Vec<(String, String)>>::from_request(request, state)
            .await
            .map_err(|why| Problem::refused(why.status(), "request.unreadable", &why.body_text()))?;
        Self::read(pairs)
    }
}

impl<F: Form> Filled<F> {
    fn read(mut fields: Vec<(String, String)>) -> Result<Self, Problem> {
        let mut take = |own: &str| {
            let place = fields.iter().position(|(name, _)| name == own)?;
            Some(fields.remove(place).1)
        };
        let (begun, has_draft) = (Begun(take(BEGUN).unwrap_or_default()), take(IS_KEPT).is_some());
        Ok(Self { form: read(&fields)?, begun, has_draft })
    }

    /// The form as a draft has it.
    pub(crate) fn of_draft(draft: &DraftView) -> Result<Self, Problem> {
        let begun = draft.fields.iter().find(|(name, _)| name == BEGUN).map(|(_, hashes)| hashes.clone());
        Ok(Self { form: of_draft(draft)?, begun: Begun(begun.unwrap_or_default()), has_draft: true })
    }
}

/// The fields of a draft. Those that a form does not have any more, since the program is another one, are left out.
pub(crate) fn of_draft<F: Fields + DeserializeOwned>(draft: &DraftView) -> Result<F, Problem> {
    let fields: Vec<_> =
        draft.fields.iter().filter(|(name, _)| F::FIELDS.contains(&name.as_str())).cloned().collect();
    read(&fields)
}

/// Reads the fields into their form, as strictly as a body of JSON.
fn read<F: DeserializeOwned>(fields: &[(String, String)]) -> Result<F, Problem> {
    let text = serde_html_form::to_string(fields).map_err(ServiceError::internal)?;
    serde_html_form::from_str(&text).map_err(|why| {
        let message = format!("the form cannot be read: {why}");
        Problem::refused(StatusCode::UNPROCESSABLE_ENTITY, "request.unreadable", &message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields<'a>(title: &'a str, summary: &'a str, version: &'a str) -> Vec<Field<'a>> {
        let summary = Field::new("summary", "Summary", summary).kind(FieldKind::Prose { rows: 3 });
        vec![Field::new("title", "Title", title), summary, Field::hidden(VERSION, version)]
    }

    fn merged(
        mine: (&'static str, &'static str),
        theirs: (&'static str, &'static str),
    ) -> Vec<Field<'static>> {
        let begun = Begun::of(&fields("a", "one\ntwo", "1"));
        let mut mine = fields(mine.0, mine.1, "1");
        begun.merge(&mut mine, &fields(theirs.0, theirs.1, "2"));
        mine
    }

    #[test]
    fn what_one_of_them_changed_holds() {
        let fields = merged(("a", "mine"), ("theirs", "one\ntwo"));
        assert_eq!((fields[0].value, fields[1].value, fields[2].value), ("theirs", "mine", "2"));
        assert_eq!(fields[0].meanwhile, Some(Meanwhile::Other("a".into())));
        assert_eq!(fields[1].meanwhile, None);
    }

    #[test]
    fn of_what_both_changed_both_are_kept() {
        let fields = merged(("mine", "one\ntwo"), ("theirs", "one\ntwo"));
        assert_eq!(fields[0].value, "mine");
        assert_eq!(fields[0].meanwhile, Some(Meanwhile::Both("theirs".into())));
    }

    #[test]
    fn the_same_change_by_both_is_none_to_settle() {
        let fields = merged(("same", "one\ntwo"), ("same", "one\ntwo"));
        assert_eq!((fields[0].value, &fields[0].meanwhile), ("same", &None));
    }

    #[test]
    fn line_endings_of_browsers_are_no_change() {
        let fields = merged(("mine", "one\r\ntwo"), ("a", "theirs"));
        assert_eq!(fields[1].value, "theirs");
    }

    #[test]
    fn without_a_beginning_every_difference_is_shown() {
        let mut mine = fields("mine", "one", "1");
        Begun::default().merge(&mut mine, &fields("a", "one", "2"));
        assert_eq!(mine[0].meanwhile, Some(Meanwhile::Both("a".into())));
    }

    #[test]
    fn a_form_without_a_version_carries_nothing_along() {
        assert!(Begun::of(&[Field::new("title", "Title", "a")]).is_empty());
    }
}
