//! A page of fixed text on the same framework, without store, templates or rights: what HTTP alone costs on a machine.
//! `cargo xtask bench --http` starts it with the size of a page and sets the register's pages beside it.
#![expect(clippy::print_stdout, reason = "whoever starts it reads where it listens")]

use std::error::Error;

use axum::Router;
use axum::response::Html;
use axum::routing::get;
use tokio::net::TcpListener;

const BEGIN: &str = "<!DOCTYPE html><html lang=\"en\"><head><title>Bare</title></head><body><p>";
const END: &str = "</p></body></html>";

fn main() -> Result<(), Box<dyn Error>> {
    let size = std::env::args().nth(1).ok_or("expected how many bytes the page has")?;
    let page: &'static str = page(size.parse()?).leak();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async move {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        println!("Open http://{}", listener.local_addr()?);
        let router = Router::new()
            .route("/", get(move || async move { Html(page) }))
            .route("/readyz", get(|| async { "ok\n" }));
        axum::serve(listener, router).await?;
        Ok(())
    })
}

/// A page of so many bytes, or of the fewest that one can have.
fn page(size: usize) -> String {
    let words = "what happened, what was learned, what was done about it; ";
    let room = size.saturating_sub(BEGIN.len() + END.len());
    let text: String = words.chars().cycle().take(room).collect();
    format!("{BEGIN}{text}{END}")
}
