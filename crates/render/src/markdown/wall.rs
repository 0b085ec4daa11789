//! The second wall: whatever the Markdown renderer writes, only these tags and attributes leave.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

const TAGS: [&str; 24] = [
    "p",
    "br",
    "hr",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "strong",
    "em",
    "del",
    "code",
    "pre",
    "blockquote",
    "ul",
    "ol",
    "li",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
];

/// Where a link may lead, beside paths of this site.
const SCHEMES: [&str; 3] = ["http", "https", "mailto"];

/// Longest address of a link in bytes; browsers and proxies begin to refuse at about this length.
pub(super) const LONGEST_ADDRESS: usize = 2048;

/// Bytes of a text after which [`in_pieces`] cuts.
const PIECE: usize = 2048;

/// Nothing, to a browser.
const CUT: &str = "<!---->";

const REL: &str = "nofollow noopener noreferrer";

static WALL: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut wall = Builder::empty();
    wall.tags(TAGS.into_iter().chain(["a"]).collect())
        .clean_content_tags(HashSet::from(["script", "style"]))
        .generic_attributes(HashSet::new())
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href", "title"])),
            ("ol", HashSet::from(["start"])),
        ]))
        .tag_attribute_values(HashMap::from([("th", alignments()), ("td", alignments())]))
        .url_schemes(HashSet::from(SCHEMES))
        .url_relative(UrlRelative::Custom(Box::new(own_path)))
        .link_rel(Some(REL));
    wall
});

/// HTML of which nothing but the allowed tags is left.
pub(super) fn cleaned(html: &str) -> String {
    WALL.clean(&in_pieces(html)).to_string()
}

/// The same HTML with a comment inside long texts, which the wall takes away again. Without it the wall would look at
/// the whole rest of a text at each `&` in it, and the time would grow with the square. In what the renderer writes a `<`
/// always opens a tag.
fn in_pieces(html: &str) -> Cow<'_, str> {
    let is_long = |text: &str| text.len() > PIECE;
    if !html.split('<').any(is_long) {
        return Cow::Borrowed(html);
    }
    let mut whole = String::with_capacity(html.len() + html.len() / PIECE * CUT.len());
    for (at, part) in html.split('<').enumerate() {
        whole.push_str(if at > 0 { "<" } else { "" });
        let text_at = if at > 0 { part.find('>').map_or(part.len(), |end| end + 1) } else { 0 };
        let (tag, mut text) = part.split_at(text_at);
        whole.push_str(tag);
        while is_long(text) {
            let (piece, rest) = text.split_at(place_to_cut(text));
            whole.push_str(piece);
            whole.push_str(CUT);
            text = rest;
        }
        whole.push_str(text);
    }
    Cow::Owned(whole)
}

/// A place in a long text that is neither inside a character nor inside an entity such as `&quot;`.
fn place_to_cut(text: &str) -> usize {
    let at = text.floor_char_boundary(PIECE);
    match text[..at].rfind('&') {
        Some(entity) if entity > 0 && !text[entity..at].contains(';') => entity,
        _ => at,
    }
}

/// A text as HTML without any tag.
pub(super) fn as_text(text: &str) -> String {
    ammonia::clean_text(text)
}

/// Whether a link may lead there: `http://…`, `https://…`, `mailto:…`, or a path of this site that begins with one `/`.
/// What browsers read past is refused: control characters, and `//` and `/\`, which name another host. So is an address
/// of more than 2,048 bytes.
#[must_use]
pub fn is_allowed_address(address: &str) -> bool {
    if address.len() > LONGEST_ADDRESS || address.chars().any(char::is_control) {
        return false;
    }
    is_own_path(address)
        || ["http://", "https://", "mailto:"].iter().any(|start| {
            address.get(..start.len()).is_some_and(|found| found.eq_ignore_ascii_case(start))
                && address.len() > start.len()
        })
}

fn is_own_path(address: &str) -> bool {
    address.starts_with('/') && !address[1..].starts_with(['/', '\\'])
}

fn own_path(address: &str) -> Option<Cow<'_, str>> {
    (is_own_path(address) && is_allowed_address(address)).then_some(Cow::Borrowed(address))
}

fn alignments() -> HashMap<&'static str, HashSet<&'static str>> {
    HashMap::from([("align", HashSet::from(["left", "center", "right"]))])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_web_to_mail_and_to_paths_of_this_site() {
        for address in
            ["http://a", "HTTPS://a/b?c#d", "mailto:a@b.example", "/", "/cases/CASE-2026-0042?x=//y"]
        {
            assert!(is_allowed_address(address), "{address}");
        }
        for address in [
            "",
            "javascript:alert(1)",
            "java\tscript:alert(1)",
            "vbscript:x",
            "data:text/html,x",
            "file:///etc/passwd",
            "ftp://a",
            "http:a",
            "https://",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            " /a",
            "a",
            "#a",
            "?a",
            "\u{1}javascript:alert(1)",
        ] {
            assert!(!is_allowed_address(address), "{address:?}");
        }
    }

    #[test]
    fn what_the_renderer_never_writes_does_not_pass_either() {
        let html = "<p onclick=x class=c style=s id=i>a<script>b</script><img src=x onerror=y><svg><a xlink:href=javascript:c>d</a>\
                    </svg><a href=\"//evil\">e</a><a href=\"JaVaScript:f\">g</a><iframe srcdoc=h></iframe><td align=evil>";
        let clean = cleaned(html);
        insta::assert_snapshot!(clean, @r#"<p>a<a rel="nofollow noopener noreferrer">e</a><a rel="nofollow noopener noreferrer">g</a></p>"#);
    }

    #[test]
    fn long_texts_are_cut_between_characters_and_entities_and_come_out_whole() {
        for piece in ["&amp;", "é", "a", "&quot;é", "x&lt;yy"] {
            let text = piece.repeat(2 * PIECE);
            let html = format!("<p>{text}</p><pre><code>{text}</code></pre>");
            assert!(in_pieces(&html).contains(CUT));
            assert!(in_pieces(&html).split(CUT).all(|part| part.len() < 3 * PIECE), "{piece}");
            assert_eq!(in_pieces(&html).replace(CUT, ""), html);
            assert_eq!(cleaned(&html), html.replace("&quot;", "\""));
        }
        assert!(matches!(in_pieces("<p>short</p>"), Cow::Borrowed(_)));
    }

    #[test]
    fn links_carry_no_authority() {
        let clean = cleaned("<a href=\"https://a.example\" rel=\"opener\" target=\"_blank\">a</a>");
        assert_eq!(clean, format!("<a href=\"https://a.example\" rel=\"{REL}\">a</a>"));
    }
}
