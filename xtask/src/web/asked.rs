//! What is asked of a server, and what has to come back.

use std::fmt::Write as _;

use anyhow::bail;
use serde_json::Value;

use super::response::Response;
use super::visitor::Credential;

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    method: &'static str,
    path: String,
    is_part: bool,
    is_compressed: bool,
    /// Its type and text.
    body: Option<(&'static str, String)>,
}

/// What an answer has to be.
#[derive(Debug, Clone)]
enum Expected {
    /// Status 200 with this type, and these words in it.
    Shown { kind: &'static str, words: String },
    /// Status 200 with a body that gzip wrote.
    Compressed,
    /// Status 303, to an address that has these words in it.
    SentTo(String),
}

/// A request, and what its answer has to be.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    pub(crate) request: Request,
    expected: Expected,
}

impl Request {
    /// Asks for an address.
    pub(crate) fn get(path: impl Into<String>) -> Request {
        Request { method: "GET", path: path.into(), is_part: false, is_compressed: false, body: None }
    }

    /// Sends a form, as a page does.
    pub(crate) fn form(path: impl Into<String>, fields: &[(&str, &str)]) -> Request {
        let pairs = fields.iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
        let text = pairs.collect::<Vec<_>>().join("&");
        let body = Some(("application/x-www-form-urlencoded", text));
        Request { method: "POST", body, ..Request::get(path) }
    }

    /// Sends JSON, as a program does.
    pub(crate) fn json(path: impl Into<String>, body: &Value) -> Request {
        Request { method: "POST", body: Some(("application/json", body.to_string())), ..Request::get(path) }
    }

    /// Asks for the part of a page that a script puts in place.
    pub(crate) fn part(self) -> Request {
        Request { is_part: true, ..self }
    }

    /// Whether asking twice does no more than asking once.
    pub(super) fn is_safe(&self) -> bool {
        self.method == "GET"
    }

    /// What goes over the wire, in one piece.
    pub(super) fn bytes(&self, host: &str, who: &Credential) -> Vec<u8> {
        let mut text = format!("{} {} HTTP/1.1\r\nhost: {host}\r\n", self.method, self.path);
        let (kind, body) = match &self.body {
            Some((kind, body)) => (Some(*kind), body.as_str()),
            None => (None, ""),
        };
        let own = [
            ("accept", Some("*/*")),
            ("user-agent", Some("nevertwice-xtask")),
            ("sec-fetch-site", Some("same-origin")),
            ("x-fragment", self.is_part.then_some("yes")),
            ("accept-encoding", self.is_compressed.then_some("gzip")),
            ("content-type", kind),
        ];
        let own = own.into_iter().filter_map(|(name, value)| Some((name, value?.to_owned())));
        let length = self.body.as_ref().map(|_| ("content-length", body.len().to_string()));
        for (name, value) in own.chain(who.header()).chain(length) {
            // Writing into a text does not fail.
            write!(text, "{name}: {value}\r\n").ok();
        }
        text.push_str("\r\n");
        text.push_str(body);
        text.into_bytes()
    }
}

impl Ask {
    /// A page, or a part of one, that has these words in it.
    pub(crate) fn page(request: Request, words: impl Into<String>) -> Ask {
        Ask::shown(request, "text/html", words)
    }

    /// An answer for programs that has these words in it.
    pub(crate) fn json(request: Request, words: impl Into<String>) -> Ask {
        Ask::shown(request, "application/json", words)
    }

    /// Anything of a type that has these words in it.
    pub(crate) fn shown(request: Request, kind: &'static str, words: impl Into<String>) -> Ask {
        Ask { request, expected: Expected::Shown { kind, words: words.into() } }
    }

    /// Something that leads on to an address with these words in it.
    pub(crate) fn sent_to(request: Request, words: impl Into<String>) -> Ask {
        Ask { request, expected: Expected::SentTo(words.into()) }
    }

    /// The same, compressed as browsers ask for it. It is not unpacked: that it is compressed is all that is looked at.
    pub(crate) fn compressed(self) -> Ask {
        let request = Request { is_compressed: true, ..self.request };
        Ask { request, expected: Expected::Compressed }
    }

    /// Looks at an answer.
    ///
    /// # Errors
    /// When it is another one than it has to be: with its beginning.
    pub(crate) fn check(&self, response: &Response) -> anyhow::Result<()> {
        let is_right = match &self.expected {
            Expected::Shown { kind, words } => {
                let is_kind = response.header("content-type").is_some_and(|found| found.starts_with(kind));
                let text = std::str::from_utf8(&response.body);
                response.status == 200 && is_kind && text.is_ok_and(|text| text.contains(words.as_str()))
            }
            Expected::Compressed => {
                let is_gzip = response.header("content-encoding") == Some("gzip");
                response.status == 200 && is_gzip && response.body.starts_with(&[0x1f, 0x8b])
            }
            Expected::SentTo(words) => {
                let to = response.header("location");
                response.status == 303 && to.is_some_and(|to| to.contains(words.as_str()))
            }
        };
        if is_right {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&response.body);
        let (kind, to) = (response.header("content-type"), response.header("location"));
        bail!(
            "{} {}: expected {:?}, found status {} of type {kind:?} to {to:?}, {} bytes: {}",
            self.request.method,
            self.request.path,
            self.expected,
            response.status,
            response.body.len(),
            text.chars().take(200).collect::<String>()
        )
    }
}

/// A text within an address or a form (RFC 3986, section 2.3: what is unreserved stays).
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                escaped.push(char::from(byte));
            }
            // Writing into a text does not fail.
            _ => drop(write!(escaped, "%{byte:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str) -> Response {
        Response::read(&mut text.as_bytes()).expect("it can be read").expect("there is one")
    }

    #[test]
    fn a_form_is_written_as_a_browser_writes_it() {
        let request = Request::form("/report", &[("title", "A & ü"), ("step", "check")]);
        let text = String::from_utf8(request.bytes("127.0.0.1:1", &Credential::Token("abc".to_owned())));
        let text = text.expect("it is text");
        assert!(text.starts_with("POST /report HTTP/1.1\r\nhost: 127.0.0.1:1\r\n"), "{text}");
        assert!(text.contains("authorization: Bearer abc\r\n"), "{text}");
        assert!(text.contains("content-length: 33\r\n\r\ntitle=A%20%26%20%C3%BC&step=check"), "{text}");
    }

    #[test]
    fn an_answer_with_another_status_type_or_text_is_refused() {
        let ask = Ask::page(Request::get("/"), "My work");
        let page = |status: &str, kind: &str, body: &str| {
            let length = body.len();
            let head = format!("HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n");
            ask.check(&answer(&format!("{head}\r\n{body}")))
        };
        assert!(page("200", "text/html; charset=utf-8", "<h1>My work</h1>").is_ok());
        for (status, kind, body) in [
            ("404", "text/html", "My work"),
            ("200", "application/json", "My work"),
            ("200", "text/html", "My"),
        ] {
            assert!(page(status, kind, body).is_err(), "{status} {kind} {body}");
        }
    }

    #[test]
    fn where_a_form_leads_and_whether_a_page_is_compressed_is_looked_at() {
        let sent = Ask::sent_to(Request::form("/report", &[]), "/receipt");
        let to = |place: &str| {
            sent.check(&answer(&format!("HTTP/1.1 303 X\r\nlocation: {place}\r\ncontent-length: 0\r\n\r\n")))
        };
        assert!(to("/cases/CASE-2026-0001/receipt").is_ok());
        assert!(to("/sign-in").is_err());
        let page = Ask::page(Request::get("/"), "x").compressed();
        assert!(page.check(&answer("HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx")).is_err());
    }
}
