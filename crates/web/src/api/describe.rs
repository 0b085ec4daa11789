//! The description of the API (OpenAPI 3.1), made of the same declarations as its routes, so that it cannot drift.

use std::collections::BTreeMap;

use axum_extra::routing::TypedPath;
use nevertwice_service::use_case::UseCase;
use serde_json::{Value, json};
use utoipa::openapi::RefOr;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::Schema;
use utoipa::{IntoParams, PartialSchema, ToSchema};

use super::PREFIX;
use super::narrow::narrow;
use super::read::Read;
use crate::help::Help;
use crate::problem::ProblemView;
use crate::verb::{Act, Form as _, Verb};

/// One operation as the document shows it.
pub(crate) struct Described {
    method: &'static str,
    path: &'static str,
    operation: Value,
    schemas: Vec<(String, Value)>,
}

/// What can go wrong with any operation, and what the status means.
const PROBLEMS: [(&str, &str); 11] = [
    ("400", "The request cannot be read."),
    ("401", "Nobody is signed in, or the token does not hold."),
    ("403", "The roles, or the scopes of the token, do not allow it."),
    ("404", "There is no such record, or none that the caller may know of."),
    ("409", "The state of the record stands in the way, or somebody else changed it since it was read."),
    ("413", "The body is too large."),
    ("415", "The body is no JSON."),
    ("422", "The input has to change; `fields` says where."),
    ("429", "Too many requests; `retry-after` says when to try again."),
    ("500", "A mistake in this program; nothing was changed."),
    ("503", "Not now; try again."),
];

/// Shapes of the parts of addresses.
const PARTS: [(&str, &str, &str); 11] = [
    ("case", "The reference of the case.", "^CASE-[0-9]{4}-[0-9]{4,9}$"),
    ("review", "The reference of the review.", "^PIR-[0-9]{4}-[0-9]{4,9}$"),
    ("lesson", "The reference of the lesson.", "^LSN-[0-9]{4}-[0-9]{4,9}$"),
    ("action", "The reference of the action.", "^ACT-[0-9]{4}-[0-9]{4,9}$"),
    ("item", "The reference of the awareness item.", "^AWR-[0-9]{4}-[0-9]{4,9}$"),
    ("asset", "The reference of the AI asset.", "^AST-[0-9]{4,9}$"),
    ("supplier", "The reference of the supplier.", "^SUP-[0-9]{4,9}$"),
    ("number", "The number of the answer.", "^[0-9]{1,4}([.][0-9]{1,4})?$"),
    ("gap", "The id of the gap.", "^[0-9a-f-]{36}$"),
    ("person", "The id of the person.", "^[0-9a-f-]{36}$"),
    ("id", "An id.", "^[0-9a-f-]{36}$"),
];

impl Described {
    /// A question.
    pub(crate) fn read<R: Read>() -> Self {
        let mut parameters = parts(<R::Path as TypedPath>::PATH);
        parameters.extend(
            R::Query::into_params(|| Some(ParameterIn::Query))
                .iter()
                .filter_map(|parameter| serde_json::to_value(parameter).ok()),
        );
        let mut operation = operation::<R::UseCase>(<R::Path as TypedPath>::PATH, R::OPERATION, R::SUMMARY);
        operation["parameters"] = Value::Array(parameters);
        Self {
            method: "get",
            path: <R::Path as TypedPath>::PATH,
            operation,
            schemas: schemas::<<R::UseCase as UseCase>::Output>(),
        }
    }

    /// A change.
    pub(crate) fn write<V: Act>() -> Self {
        let path = <V::Path as TypedPath>::PATH;
        let mut operation = operation::<V::UseCase>(path, V::OPERATION, V::TITLE);
        if !V::LEAD.is_empty() {
            operation["description"] = V::LEAD.into();
        }
        let mut parameters = parts(path);
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "A text of your own, at most 100 characters: the same request with the same key is done \
                            once within a day, and answered the same each time.",
            "schema": { "type": "string", "minLength": 1, "maxLength": 100, "pattern": "^[!-~]+$" },
        }));
        operation["parameters"] = Value::Array(parameters);
        operation["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": reference::<V::Form>() } } });
        let mut schemas = schemas::<<V::UseCase as UseCase>::Output>();
        schemas.push((V::Form::name().into_owned(), value(&V::Form::schema())));
        Self { method: "post", path, operation, schemas }
    }

    /// A file that is added, with what stands beside it, sent in parts.
    pub(crate) fn upload<F: ToSchema, U: UseCase<Output: ToSchema>>(
        path: &'static str,
        summary: &str,
    ) -> Self {
        let mut operation = operation::<U>(path, U::NAME, summary);
        operation["parameters"] = Value::Array(parts(path));
        let mut form = value(&F::schema());
        form["properties"]["file"] =
            json!({ "type": "string", "format": "binary", "description": "The file." });
        operation["requestBody"] =
            json!({ "required": true, "content": { "multipart/form-data": { "schema": form } } });
        Self { method: "post", path, operation, schemas: schemas::<U::Output>() }
    }

    /// A file that is given out.
    pub(crate) fn download<U: UseCase<Output: ToSchema>>(path: &'static str, summary: &str) -> Self {
        let mut operation = operation::<U>(path, U::NAME, summary);
        operation["parameters"] = Value::Array(parts(path));
        let bytes = json!({ "schema": { "type": "string", "format": "binary" } });
        operation["responses"]["200"]["content"] = json!({ "application/octet-stream": bytes });
        Self { method: "get", path, operation, schemas: Vec::new() }
    }

    /// The same with what the fields of its form take.
    pub(crate) fn verb<V: Verb>() -> Self {
        let mut described = Self::write::<V>();
        if let Some((_, schema)) = described.schemas.last_mut() {
            narrow(schema, &V::Form::default().fields(&Help::default()));
        }
        described
    }
}

fn operation<U: UseCase<Output: ToSchema>>(path: &str, name: &str, summary: &str) -> Value {
    let answer = json!({ "schema": reference::<U::Output>() });
    let mut responses =
        json!({ "200": { "description": "Done.", "content": { "application/json": answer } } });
    for (status, words) in PROBLEMS {
        let problem = json!({ "schema": reference::<ProblemView>() });
        responses[status] =
            json!({ "description": words, "content": { "application/problem+json": problem } });
    }
    let tag = path.split('/').nth(1).unwrap_or_default();
    json!({ "operationId": name, "summary": summary, "tags": [tag], "responses": responses })
}

/// The parts in braces of an address.
fn parts(path: &str) -> Vec<Value> {
    let names = path.split(['{', '}']).skip(1).step_by(2);
    names
        .filter_map(|name| PARTS.iter().find(|(known, ..)| *known == name))
        .map(|(name, words, pattern)| {
            json!({
                "name": name, "in": "path", "required": true, "description": words,
                "schema": { "type": "string", "pattern": pattern },
            })
        })
        .collect()
}

/// A type by its name, a list by what it lists.
fn reference<T: ToSchema>() -> Value {
    match T::schema() {
        RefOr::T(Schema::Array(_)) => serde_json::to_value(T::schema()).unwrap_or_default(),
        _ => json!({ "$ref": format!("#/components/schemas/{}", T::name()) }),
    }
}

fn schemas<T: ToSchema>() -> Vec<(String, Value)> {
    let mut all = Vec::new();
    if !matches!(T::schema(), RefOr::T(Schema::Array(_))) {
        all.push((T::name().into_owned(), T::schema()));
    }
    T::schemas(&mut all);
    all.iter().map(|(name, schema)| (name.clone(), value(schema))).collect()
}

fn value(schema: &RefOr<Schema>) -> Value {
    serde_json::to_value(schema).unwrap_or_default()
}

/// The description of the whole API.
#[must_use]
pub fn document() -> Value {
    let described = crate::routes::described();
    let mut paths: BTreeMap<String, Value> = BTreeMap::new();
    let mut components: BTreeMap<String, Value> = BTreeMap::new();
    let problem = schemas::<ProblemView>();
    for (name, schema) in described.iter().flat_map(|one| &one.schemas).chain(&problem) {
        components.insert(name.clone(), schema.clone());
    }
    for one in described {
        let path = paths.entry(format!("{PREFIX}{}", one.path)).or_insert_with(|| json!({}));
        path[one.method] = one.operation;
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Nevertwice",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "The register for programs. Every change answers with the record as it stands then. Texts \
                            are sent as people would type them: dates as exactly as they are known, amounts with \
                            their currency, several names one a line. Failures are problems (RFC 9457) with a stable \
                            code.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "security": [{ "token": [] }, { "session": [] }],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer", "description": "A token, made on the page of one's account or with `person token`." },
                "session": { "type": "apiKey", "in": "cookie", "name": "__Host-nevertwice", "description": "The session of a browser." },
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_schemas_share_a_name() {
        let mut known: BTreeMap<String, Value> = BTreeMap::new();
        for (name, schema) in crate::routes::described().iter().flat_map(|one| &one.schemas) {
            let first = known.entry(name.clone()).or_insert_with(|| schema.clone());
            assert_eq!(first, schema, "{name} is two things: the last one would stand for both");
        }
    }

    #[test]
    fn every_reference_of_the_document_leads_somewhere() {
        let document = document();
        let text = document.to_string();
        let missing: Vec<&str> = text
            .split("\"#/components/schemas/")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .filter(|name| document["components"]["schemas"][name].is_null())
            .collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn a_form_says_what_its_fields_take() {
        let schemas = &document()["components"]["schemas"];
        let property = |form: &str, field: &str, key: &str| schemas[form]["properties"][field][key].clone();
        assert_eq!(
            property("ClassifyForm", "class", "enum"),
            json!(["event", "weakness", "near_miss", "incident"])
        );
        assert_eq!(property("ClassifyForm", "severity", "enum"), json!(["1", "2", "3", "4", "5", ""]));
        assert_eq!(property("RestrictForm", "restricted", "enum"), json!(["no", "yes"]));
        assert_eq!(
            property("CompleteForm", "completed_on", "pattern"),
            json!(super::super::narrow::DAY_OR_NONE)
        );
        assert_eq!(schemas["CompleteForm"]["required"], json!(["evidence"]));
        // What may stay as it is may be left out.
        assert!(schemas["FactsForm"]["required"].is_null());
        assert_eq!(property("FactsForm", "detection", "enum").as_array().unwrap().last(), Some(&Value::Null));
    }

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let document = document();
        let paths = document["paths"].as_object().unwrap();
        let operations = paths.values().flat_map(|path| path.as_object().unwrap().values());
        let mut names: Vec<&str> = operations.map(|one| one["operationId"].as_str().unwrap()).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
        assert!(all > 60, "{all}");
    }
}
