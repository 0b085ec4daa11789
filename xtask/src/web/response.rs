//! What a server answers: HTTP/1.1 as far as a keep-alive client needs it (RFC 9112).

use std::io::{BufRead, Read as _};

use anyhow::{Context as _, bail};

/// Most bytes of a line of the head.
const LINE_LIMIT: u64 = 16 * 1024;
/// Most lines of the head.
const LINES_LIMIT: usize = 200;
/// Most bytes of a body.
const BODY_LIMIT: u64 = 64 * 1024 * 1024;

/// An answer, read to its end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Response {
    /// The status.
    pub(crate) status: u16,
    /// Names in lower case, with their values.
    headers: Vec<(String, String)>,
    /// Every byte of the body, chunks put together.
    pub(crate) body: Vec<u8>,
}

impl Response {
    /// Reads one answer and leaves what follows it; nothing if the connection ended before its first byte.
    ///
    /// # Errors
    /// When it is cut off, or no answer of HTTP/1.1.
    pub(crate) fn read(from: &mut impl BufRead) -> anyhow::Result<Option<Response>> {
        loop {
            if from.fill_buf()?.is_empty() {
                return Ok(None);
            }
            let status = status(&line(from)?)?;
            let headers = headers(from)?;
            // What comes before the answer proper.
            if (100..200).contains(&status) {
                continue;
            }
            let mut response = Response { status, headers, body: Vec::new() };
            response.body = response.read_body(from)?;
            return Ok(Some(response));
        }
    }

    /// The first header of a name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether the connection may be used again.
    pub(crate) fn keeps_open(&self) -> bool {
        self.header("connection").is_none_or(|value| !value.eq_ignore_ascii_case("close"))
    }

    fn read_body(&self, from: &mut impl BufRead) -> anyhow::Result<Vec<u8>> {
        if matches!(self.status, 204 | 304) {
            return Ok(Vec::new());
        }
        if let Some(coding) = self.header("transfer-encoding") {
            if !coding.eq_ignore_ascii_case("chunked") {
                bail!("expected chunks, found the transfer coding {coding:?}");
            }
            return chunks(from);
        }
        let length = self.header("content-length").context("the answer does not say how long it is")?;
        let length: u64 = length.parse().with_context(|| format!("no length: {length:?}"))?;
        exactly(from, length)
    }
}

fn status(line: &str) -> anyhow::Result<u16> {
    let digits = line.strip_prefix("HTTP/1.1 ").and_then(|rest| rest.get(..3));
    digits.and_then(|digits| digits.parse().ok()).with_context(|| format!("no status line: {line:?}"))
}

fn headers(from: &mut impl BufRead) -> anyhow::Result<Vec<(String, String)>> {
    let mut headers = Vec::new();
    loop {
        let line = line(from)?;
        if line.is_empty() {
            return Ok(headers);
        }
        if headers.len() == LINES_LIMIT {
            bail!("more than {LINES_LIMIT} headers");
        }
        let (name, value) = line.split_once(':').with_context(|| format!("no header: {line:?}"))?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
}

/// A line without its end.
fn line(from: &mut impl BufRead) -> anyhow::Result<String> {
    let mut line = Vec::new();
    from.take(LINE_LIMIT).read_until(b'\n', &mut line)?;
    let Some(line) = line.strip_suffix(b"\r\n") else { bail!("a line of the answer is cut off or too long") };
    String::from_utf8(line.to_vec()).context("a line of the answer is no text")
}

/// A body in chunks (RFC 9112, section 7.1); what is said of a chunk, and what stands behind the last one, is passed over.
fn chunks(from: &mut impl BufRead) -> anyhow::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let head = line(from)?;
        let digits = head.split(';').next().unwrap_or_default().trim();
        let length = u64::from_str_radix(digits, 16).with_context(|| format!("no chunk: {head:?}"))?;
        if length == 0 {
            headers(from)?;
            return Ok(body);
        }
        if body.len() as u64 + length > BODY_LIMIT {
            bail!("the body is longer than {BODY_LIMIT} bytes");
        }
        body.extend(exactly(from, length)?);
        if !line(from)?.is_empty() {
            bail!("a chunk is longer than it says");
        }
    }
}

fn exactly(from: &mut impl BufRead, length: u64) -> anyhow::Result<Vec<u8>> {
    if length > BODY_LIMIT {
        bail!("a body of {length} bytes is longer than {BODY_LIMIT}");
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length)?);
    from.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 != length {
        bail!("the body ends after {} of {length} bytes", bytes.len());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> anyhow::Result<Option<Response>> {
        Response::read(&mut text.as_bytes())
    }

    fn body(text: &str) -> Vec<u8> {
        read(text).expect("it can be read").expect("there is one").body
    }

    #[test]
    fn a_body_is_as_long_as_its_head_says_and_the_next_answer_stands_behind_it() {
        let two = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfourHTTP/1.1 404 Not Found\r\ncontent-length:0\r\n\r\n";
        let mut bytes = two.as_bytes();
        let first = Response::read(&mut bytes).expect("it can be read").expect("there is one");
        assert_eq!((first.status, first.body.as_slice(), first.keeps_open()), (200, &b"four"[..], true));
        let second = Response::read(&mut bytes).expect("it can be read").expect("there is one");
        assert_eq!((second.status, second.body.len()), (404, 0));
        assert_eq!(Response::read(&mut bytes).expect("it ends"), None);
    }

    #[test]
    fn chunks_are_put_together() {
        let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
        let chunked = format!("{head}4\r\nfour\r\nA;what=ever\r\n and eleven\r\n");
        assert!(read(&chunked).is_err(), "a chunk of eleven bytes that says ten");
        let chunked = format!("{head}4\r\nfour\r\nA;what=ever\r\n, then ten\r\n0\r\nafter: all\r\n\r\n");
        assert_eq!(body(&chunked), b"four, then ten");
    }

    #[test]
    fn what_comes_before_the_answer_and_answers_without_body_are_known() {
        assert_eq!(body("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n"), b"");
        assert_eq!(body("HTTP/1.1 304 Not Modified\r\ncontent-length: 12\r\n\r\n"), b"");
    }

    #[test]
    fn headers_are_found_whatever_their_case() {
        let answer = read(
            "HTTP/1.1 303 See Other\r\nLocation: /cases\r\nCONNECTION: Close\r\ncontent-length: 0\r\n\r\n",
        );
        let answer = answer.expect("it can be read").expect("there is one");
        assert_eq!((answer.header("location"), answer.header("missing")), (Some("/cases"), None));
        assert!(!answer.keeps_open());
    }

    #[test]
    fn what_is_no_whole_answer_is_refused() {
        for text in [
            "HTTP/1.1 200",
            "HTTP/1.0 200 OK\r\n\r\n",
            "HTTP/1.1 2x0 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nfour",
            "HTTP/1.1 200 OK\r\ncontent-length: many\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-length: 99999999999\r\n\r\n",
            "HTTP/1.1 200 OK\r\n\r\nno length",
            "HTTP/1.1 200 OK\r\nno header\r\n\r\n",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\n",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nx\r\n",
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nfour\r\n",
        ] {
            assert!(read(text).is_err(), "{text:?}");
        }
    }
}
