//! The description of the API, for programs as JSON and for people as a page that needs nothing from elsewhere.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use serde_json::Value;

use super::document;
use crate::page;
use crate::paths;
use crate::text;

static DOCUMENT: LazyLock<Value> = LazyLock::new(document);
static TEXT: LazyLock<String> = LazyLock::new(|| DOCUMENT.to_string());

/// The description as JSON.
pub(crate) async fn openapi(_: paths::OpenApi) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], TEXT.as_str()).into_response()
}

/// The description as a page.
pub(crate) async fn page(_: paths::ApiDocs) -> Markup {
    let document = &*DOCUMENT;
    page::wide(
        "API",
        html! {
            header .head { h1 { "The register for programs" } p .lead { (document["info"]["description"].as_str().unwrap_or_default()) } }
            p { "The same as " a href=(paths::OpenApi) { "OpenAPI 3.1" } ", for programs that make clients of it." }
            section .part { h2 { "Signing in" }
                p { "Send a token as " code { "Authorization: Bearer …" } ". Tokens are made under " a href=(paths::Account) { "My account" } ", each with the scopes it needs and an end." }
                pre .sample-call tabindex="0" { code { "curl -H \"Authorization: Bearer $TOKEN\" https://register.example.org/api/v1/cases?q=state:open" } }
            }
            @for (path, item) in document["paths"].as_object().into_iter().flatten() {
                @for (method, operation) in item.as_object().into_iter().flatten() { (one(path, method, operation)) }
            }
            section .part { h2 { "Shapes" }
                @for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() { (shape(name, schema)) }
            }
        },
    )
}

fn one(path: &str, method: &str, operation: &Value) -> Markup {
    let name = operation["operationId"].as_str().unwrap_or_default();
    let answer = &operation["responses"]["200"]["content"]["application/json"]["schema"];
    let body = &operation["requestBody"]["content"]["application/json"]["schema"];
    html! {
        section .part .operation id=(name) {
            h2 { code { (method.to_uppercase()) " " (path) } }
            p { (operation["summary"].as_str().unwrap_or_default()) }
            @if let Some(words) = operation["description"].as_str() { p .fine { (words) } }
            @if let Some(parameters) = operation["parameters"].as_array().filter(|all| !all.is_empty()) {
                dl .facts { @for parameter in parameters { div {
                    dt { code { (parameter["name"].as_str().unwrap_or_default()) } }
                    dd { (parameter["description"].as_str().unwrap_or_default()) }
                } } }
            }
            p .fine { @if !body.is_null() { "Takes " (type_link(body)) ", gives " } @else { "Gives " } (type_link(answer)) }
        }
    }
}

fn shape(name: &str, schema: &Value) -> Markup {
    html! {
        article .shape id=(format!("shape-{name}")) {
            h3 { (name) }
            @if let Some(words) = schema["description"].as_str() { p .fine { (words) } }
            dl .facts { @for (field, of) in schema["properties"].as_object().into_iter().flatten() { div {
                dt { code { (field) } }
                dd { (type_link(of)) " " span .fine { (of["description"].as_str().unwrap_or_default()) } }
            } } }
        }
    }
}

fn type_link(schema: &Value) -> Markup {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return html! { a href=(format!("#shape-{name}")) { (name) } };
    }
    if let Some(several) = ["oneOf", "anyOf", "allOf"].iter().find_map(|key| schema[key].as_array()) {
        let known = several.iter().filter(|one| one["type"] != "null");
        return html! { @for (place, one) in known.enumerate() { @if place > 0 { " or " } (type_link(one)) } };
    }
    match &schema["type"] {
        Value::String(kind) if kind == "array" => html! { "list of " (type_link(&schema["items"])) },
        Value::String(kind) => html! { (kind) },
        Value::Array(kinds) => {
            let words: Vec<_> =
                kinds.iter().filter_map(Value::as_str).filter(|kind| *kind != "null").collect();
            html! { @if words.contains(&"array") { "list of " (type_link(&schema["items"])) } @else { (text::plain(&words.join(" or "))) } }
        }
        _ => html! { "any" },
    }
}
