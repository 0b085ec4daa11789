//! Whatever is typed: what comes out holds nothing but the tags and attributes that a page may have.

use std::time::{Duration, Instant};

use nevertwice_domain::text::PROSE_LIMIT;

use super::*;

const TAGS: &str =
    " p br hr h1 h2 h3 h4 h5 h6 strong em del code pre blockquote ul ol li table thead tbody tr th td a ";

/// Reads HTML strictly, in the form that the wall writes it, and demands that every tag is closed in order and that
/// every attribute is allowed.
fn demand_harmless(html: &str) {
    let mut open = Vec::new();
    let mut rest = html;
    while let Some((text, tail)) = rest.split_once('<') {
        assert!(!text.contains('>'), "a sign that no tag opened: {text}");
        let (tag, after) = tail.split_once('>').expect("every tag ends");
        rest = after;
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "tags close in order");
            continue;
        }
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        assert!(TAGS.contains(&format!(" {name} ")), "<{name}> must not be in a page");
        demand_allowed(name, attributes);
        if !matches!(name, "br" | "hr") {
            open.push(name);
            assert!(open.len() < 60, "nested too deeply");
        }
    }
    assert!(open.is_empty() && !rest.contains('>'), "tags stay open: {open:?}");
}

fn demand_allowed(tag: &str, attributes: &str) {
    let mut rest = attributes;
    while let Some((name, tail)) = rest.split_once("=\"") {
        let (value, after) = tail.split_once('"').expect("every value ends");
        rest = after.trim_start();
        match (tag, name) {
            ("a", "href") => {
                let own = value.starts_with('/') && !value.starts_with("//");
                let lower = value.to_ascii_lowercase();
                let known = ["http://", "https://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme));
                assert!(own || known, "a link must not lead to {value:?}");
            }
            ("a", "rel") => assert_eq!(value, "nofollow noopener noreferrer"),
            ("a", "title") => {}
            ("ol", "start") => assert!(value.parse::<u32>().is_ok(), "{value:?} is no number"),
            ("td" | "th", "align") => assert!(["left", "center", "right"].contains(&value), "{value:?}"),
            _ => panic!("<{tag}> must not have the attribute {name}={value:?}"),
        }
    }
    assert_eq!(rest, "", "an attribute without a value");
}

fn markdown() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("> ".to_owned()),
        Just("- ".to_owned()),
        Just("1. ".to_owned()),
        Just("- [x] ".to_owned()),
        Just("\n".to_owned()),
        Just("\n\n".to_owned()),
        Just("    ".to_owned()),
        Just("```".to_owned()),
        Just("| a | b |\n|:-|-|\n| ".to_owned()),
        Just("![".to_owned()),
        Just("](javascript:alert(1))".to_owned()),
        Just("](/a \"t\" onx=\")".to_owned()),
        Just("](https://x.example/\"><script>)".to_owned()),
        Just("<script>alert(1)</script>".to_owned()),
        Just("<img src=x onerror=alert(1)>".to_owned()),
        Just("<a href='javascript:x'>".to_owned()),
        Just("</p></table></td></li></blockquote>".to_owned()),
        Just("<!--".to_owned()),
        Just("<![CDATA[".to_owned()),
        Just("&lt;script&gt;&#106;avascript:".to_owned()),
        Just("CASE-2026-0042".to_owned()),
        Just("[x]: javascript:y 'z'\n".to_owned()),
        Just("www.x.example/\"onclick=\"y".to_owned()),
        "[-*_~`#<>\\[\\]()!|&\\\\\"'=:/@ a\\n\\t]{0,8}",
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn whatever_is_typed_only_harmless_html_comes_out(text in markdown()) {
        let html = html(&text);
        demand_harmless(&html);
        prop_assert_eq!(wall::cleaned(&html), html, "a browser reads it as it is written");
    }

    #[test]
    fn a_plain_line_is_one_line_of_its_length(text in markdown(), limit in 0_usize..80) {
        let line = to_plain(&text, limit);
        prop_assert!(line.chars().count() <= limit);
        prop_assert!(!line.chars().any(char::is_control));
        prop_assert_eq!(line.trim(), &line);
    }

    #[test]
    fn the_same_text_gives_the_same_bytes(text in markdown()) {
        prop_assert_eq!(html(&text), html(&text));
    }
}

/// Each takes a tenth of it, unoptimised; what grows with the square takes longer.
const PATIENCE: Duration = Duration::from_secs(10);

#[test]
fn the_longest_text_is_rendered_in_time_whatever_it_repeats() {
    let pieces = [
        ">",
        "> ",
        "- ",
        "* a\n",
        "1. ",
        "[",
        "![",
        "](",
        "[a](",
        "[a]",
        "*a **b ",
        "*a ~~b ",
        "_a __b ",
        "`",
        "`` ` ",
        "<",
        "<a",
        "<!--",
        "<![CDATA[",
        "<?",
        "&",
        "&amp;",
        "§",
        "    &\n",
        "\\",
        "|",
        "|\n",
        "a|",
        "~",
        "~~a",
        "\"",
        "www.",
        "a@",
        "@a.",
        "http://",
        "https://x.example/(",
        "CASE-2026-1 ",
        "CASE-",
        "- [x] ",
        "# ",
        "#",
        "\n",
        "[a]: b\n",
        "***",
        "* * ",
        "- - a\n",
        "> a\n",
        "a\n=",
        "\t",
        "é",
        "**x [a*b**c*](d)",
        "</p>",
        "- > ",
    ];
    for piece in pieces {
        let text = piece.repeat(PROSE_LIMIT / piece.len());
        in_time(piece, &text);
    }
}

#[test]
fn the_longest_text_is_rendered_in_time_whatever_it_nests() {
    let half = PROSE_LIMIT / 2;
    let steps = (0..350).map(|depth| format!("{}* a\n", "  ".repeat(depth))).collect::<String>();
    let table = format!("|{}\n|{}\n{}", "a|".repeat(1000), "-|".repeat(1000), "|\n".repeat(30_000));
    let links = format!("[a]: /{}\n\n{}", "x".repeat(1000), "[a]".repeat(20_000));
    let lazy = format!("{}\n{}", ">".repeat(half), "a\n".repeat(half / 2));
    let ticks = (1..350).map(|count| format!("{} ", "`".repeat(count))).collect::<String>();
    let texts = [
        ("brackets", format!("{}{}", "[".repeat(half), "]".repeat(half))),
        ("links", format!("{}a{}", "[".repeat(half / 5), "](/b)".repeat(half / 5))),
        ("emphasis", format!("{}a{}", "*a **a ".repeat(half / 10), "** a*".repeat(half / 10))),
        ("stars", format!("{}a{}", "*".repeat(half), "*".repeat(half))),
        ("steps", steps),
        ("table", table),
        ("references", links),
        ("lazy", lazy),
        ("ticks", ticks),
        ("quotes", format!("{}a", "> ".repeat(half))),
    ];
    for (name, text) in texts {
        in_time(name, &text);
    }
}

fn in_time(name: &str, text: &str) {
    let started = Instant::now();
    let html = html(text);
    let plain = to_plain(text, 200);
    let taken = started.elapsed();
    assert!(plain.chars().count() <= 200);
    assert!(taken < PATIENCE, "{name:?} takes {taken:?} for {} bytes", text.len());
    demand_harmless(&html);
}
