//! Style sheets, scripts and the icon: compiled in, named by their hash, so that a browser may keep them for ever.

use std::sync::LazyLock;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum_extra::routing::TypedPath;
use rust_embed::RustEmbed;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

use crate::problem::Problem;

/// What stands in the folder `assets`.
#[derive(RustEmbed)]
#[folder = "$CARGO_MANIFEST_DIR/assets"]
struct Files;

/// A file of this version of the program.
#[derive(TypedPath, Deserialize)]
#[typed_path("/assets/{version}/{*name}", rejection(Problem))]
pub(crate) struct AssetPath {
    version: String,
    name: String,
}

/// The order of the cascade: one file for each layer or component.
const SHEETS: [&str; 17] = [
    "css/layers.css",
    "css/tokens.css",
    "css/base.css",
    "css/layout.css",
    "css/button.css",
    "css/field.css",
    "css/table.css",
    "css/badge.css",
    "css/filter.css",
    "css/stepper.css",
    "css/case.css",
    "css/ladder.css",
    "css/message.css",
    "css/dialog.css",
    "css/chart.css",
    "css/tree.css",
    "css/print.css",
];

/// The one style sheet that pages ask for.
const SHEET: &str = "nevertwice.css";

static STYLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let sheets = SHEETS.iter().filter_map(|name| Files::get(name));
    sheets.flat_map(|file| file.data.into_owned()).collect()
});

/// Twelve hex digits of the hash over every file.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    let mut names: Vec<_> = Files::iter().collect();
    names.sort();
    for name in names {
        hash.update(name.as_bytes());
        hash.update(Files::get(&name).map(|file| file.metadata.sha256_hash()).unwrap_or_default());
    }
    hash.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect()
});

/// Where the style sheet is.
pub(crate) fn style_sheet() -> String {
    path(SHEET)
}

/// Where a file of the folder is.
pub(crate) fn path(name: &str) -> String {
    format!("/assets/{}/{name}", *VERSION)
}

/// Gives a file. A page of an older version of the program gets the present one, but may not keep it.
pub(crate) async fn show(asset: AssetPath) -> Result<Response, Problem> {
    let data = match asset.name.as_str() {
        SHEET => STYLE.clone(),
        name => Files::get(name).ok_or_else(Problem::no_such_page)?.data.into_owned(),
    };
    let cache = match asset.version == *VERSION {
        true => "public, max-age=31536000, immutable",
        false => "no-cache",
    };
    let kind = HeaderValue::from_static(content_type(&asset.name));
    let cache = HeaderValue::from_static(cache);
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, cache)], data).into_response())
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    }
}
