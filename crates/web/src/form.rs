//! Forms: raw texts as typed, read into what a use case takes, or into what is to be mended, all fields at once. A form
//! that came from a page and a body that came to the API are read by the same code.

use std::fmt::Display;
use std::str::FromStr;

use nevertwice_domain::time::Date;
use nevertwice_service::error::FieldError;
use nevertwice_service::set::Set;
use nevertwice_service::{Kind, ServiceError};

use crate::verb::VERSION;

/// What is to be mended, by field; in the order in which the fields were read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Errors {
    fields: Vec<(String, String)>,
    /// What is said of the whole.
    whole: Option<String>,
}

/// Reads the fields of one form.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    errors: Errors,
}

/// Stands for a field that could not be read; the reader has the reason.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bad;

impl From<Bad> for Errors {
    fn from(Bad: Bad) -> Self {
        Self::default()
    }
}

impl Reader {
    /// A field that has to be filled in; `missing` says what to write there.
    pub(crate) fn required<T: FromStr<Err: Display>>(
        &mut self,
        field: &str,
        text: &str,
        missing: &str,
    ) -> Result<T, Bad> {
        if text.trim().is_empty() {
            self.refuse(field, missing);
            return Err(Bad);
        }
        self.read(field, text)
    }

    /// A field that may stay empty.
    pub(crate) fn optional<T: FromStr<Err: Display>>(
        &mut self,
        field: &str,
        text: &str,
    ) -> Result<Option<T>, Bad> {
        if text.trim().is_empty() { Ok(None) } else { self.read(field, text).map(Some) }
    }

    /// Several words, apart by commas.
    pub(crate) fn words<T: FromStr<Err: Display>>(&mut self, field: &str, text: &str) -> Result<Vec<T>, Bad> {
        self.list(field, text, ',')
    }

    /// Several names, one a line: a name may have a comma in it.
    pub(crate) fn names<T: FromStr<Err: Display>>(&mut self, field: &str, text: &str) -> Result<Vec<T>, Bad> {
        self.list(field, text, '\n')
    }

    fn list<T: FromStr<Err: Display>>(
        &mut self,
        field: &str,
        text: &str,
        apart: char,
    ) -> Result<Vec<T>, Bad> {
        let parts = text.split(apart).map(str::trim).filter(|part| !part.is_empty());
        let read: Vec<_> = parts.map(|part| self.read(field, part)).collect();
        read.into_iter().collect()
    }

    /// A day that has to be filled in.
    pub(crate) fn day(&mut self, field: &str, text: &str, missing: &str) -> Result<Date, Bad> {
        match self.optional_day(field, text)? {
            Some(day) => Ok(day),
            None => {
                self.refuse(field, missing);
                Err(Bad)
            }
        }
    }

    /// A day that may stay empty.
    pub(crate) fn optional_day(&mut self, field: &str, text: &str) -> Result<Option<Date>, Bad> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some).map_err(|_| {
            self.refuse(field, format!("{text:?} is not a day; expected one such as 2026-03-17"));
            Bad
        })
    }

    /// A new value, or none any more; nothing if nobody speaks of it.
    pub(crate) fn set<T: FromStr<Err: Display>>(
        &mut self,
        field: &str,
        text: &Option<String>,
    ) -> Result<Option<Set<T>>, Bad> {
        let Some(text) = text else { return Ok(None) };
        Ok(Some(self.optional(field, text)?.map_or(Set::Clear, Set::To)))
    }

    /// As [`Self::set`], for a day.
    pub(crate) fn set_day(&mut self, field: &str, text: &Option<String>) -> Result<Option<Set<Date>>, Bad> {
        let Some(text) = text else { return Ok(None) };
        Ok(Some(self.optional_day(field, text)?.map_or(Set::Clear, Set::To)))
    }

    /// A new value of what cannot be without one; nothing if nobody speaks of it.
    pub(crate) fn given<T: FromStr<Err: Display>>(
        &mut self,
        field: &str,
        text: &Option<String>,
        missing: &str,
    ) -> Result<Option<T>, Bad> {
        text.as_ref().map(|text| self.required(field, text, missing)).transpose()
    }

    /// The version that whoever fills in the form saw; none if nobody speaks of it.
    pub(crate) fn version(&mut self, text: &str) -> Result<Option<u64>, Bad> {
        self.optional(VERSION, text)
    }

    /// Whether a box is ticked. What is neither yes nor no is refused: a program that says `true` must not be taken to
    /// have said no.
    pub(crate) fn is_yes(&mut self, field: &str, text: &str) -> Result<bool, Bad> {
        match text.trim() {
            "yes" => Ok(true),
            "" | "no" => Ok(false),
            _ => {
                self.refuse(
                    field,
                    format!("{text:?} is neither yes nor no; send \"yes\", \"no\" or nothing"),
                );
                Err(Bad)
            }
        }
    }

    /// Refuses a field.
    pub(crate) fn refuse(&mut self, field: &str, message: impl Display) {
        self.errors.add(field, message);
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// What is to be mended.
    pub(crate) fn done(self) -> Result<(), Errors> {
        if self.errors.fields.is_empty() { Ok(()) } else { Err(self.errors) }
    }

    fn read<T: FromStr<Err: Display>>(&mut self, field: &str, text: &str) -> Result<T, Bad> {
        text.trim().parse().map_err(|why: T::Err| {
            self.refuse(field, why);
            Bad
        })
    }
}

impl Errors {
    /// Adds what is wrong with a field. Only the first thing is kept: one at a time is mended.
    pub(crate) fn add(&mut self, field: &str, message: impl Display) {
        if self.of(field).is_none() {
            self.fields.push((field.to_owned(), message.to_string()));
        }
    }

    /// What is said of the whole.
    pub(crate) fn about_all(message: &str) -> Self {
        Self { fields: Vec::new(), whole: Some(message.to_owned()) }
    }

    /// What is wrong with a field.
    pub(crate) fn of(&self, field: &str) -> Option<&str> {
        self.fields.iter().find(|(name, _)| name == field).map(|(_, message)| message.as_str())
    }

    /// Whether there is nothing to mend.
    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.whole.is_none()
    }

    /// Every field with what is wrong.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.fields.iter().map(|(field, message)| (field.as_str(), message.as_str()))
    }

    /// What is said of the whole.
    pub(crate) fn whole(&self) -> Option<&str> {
        self.whole.as_deref()
    }

    /// What a use case refused, as far as a form can mend it: other failures come back as they are.
    ///
    /// # Errors
    /// The failure, if no form can mend it.
    pub(crate) fn of_service(error: ServiceError) -> Result<Self, ServiceError> {
        match error.kind {
            Kind::Invalid | Kind::Conflict => {
                let fields: Vec<_> =
                    error.fields.iter().map(|f| (f.field.clone(), f.message.clone())).collect();
                let whole = fields.is_empty().then(|| error.message.clone());
                Ok(Self { fields, whole })
            }
            _ => Err(error),
        }
    }
}

impl From<Errors> for ServiceError {
    fn from(errors: Errors) -> Self {
        let message = errors
            .fields()
            .map(|(field, message)| format!("{field}: {message}"))
            .chain(errors.whole().map(str::to_owned))
            .collect::<Vec<_>>()
            .join("; ");
        let fields = errors
            .fields()
            .map(|(field, message)| FieldError { field: field.to_owned(), message: message.to_owned() });
        let fields = fields.collect();
        Self { fields, ..Self::new(Kind::Invalid, "input.unreadable", message) }
    }
}

/// What a field of a partial form shows.
pub(crate) fn shown(text: &Option<String>) -> &str {
    text.as_deref().unwrap_or_default()
}

/// What was given, be it empty: forms are read by a library that takes an empty field for none.
pub(crate) fn given<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    struct Given;

    impl serde::de::Visitor<'_> for Given {
        type Value = Option<String>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a text")
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
            Ok(Some(text.to_owned()))
        }

        fn visit_unit<E: serde::de::Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
    }

    deserializer.deserialize_any(Given)
}

/// What a form has.
pub(crate) trait Fields {
    /// The names of its fields.
    const FIELDS: &'static [&'static str];
}

/// Declares a form: fields of raw text, each with what it is for. In a partial one what is absent stays as it is, and
/// what is empty is cleared.
macro_rules! form {
    ($(#[$meta:meta])* partial $name:ident { $($(#[$field_meta:meta])* $field:ident),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(default, deny_unknown_fields)]
        pub(crate) struct $name { $(
            $(#[$field_meta])*
            #[serde(deserialize_with = "crate::form::given")]
            pub(crate) $field: Option<String>
        ),* }

        impl $crate::form::Fields for $name {
            const FIELDS: &'static [&'static str] = &[$(stringify!($field)),*];
        }
    };
    ($(#[$meta:meta])* $name:ident { $($(#[$field_meta:meta])* $field:ident),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Default, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(default, deny_unknown_fields)]
        pub(crate) struct $name { $($(#[$field_meta])* pub(crate) $field: String),* }

        impl $crate::form::Fields for $name {
            const FIELDS: &'static [&'static str] = &[$(stringify!($field)),*];
        }
    };
}

pub(crate) use form;
