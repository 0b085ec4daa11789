use proptest::prelude::*;

use super::*;

mod hostile;

fn html(text: &str) -> String {
    let path_of = |reference: &str| Some(format!("/records/{reference}"));
    to_html(text, &MarkdownOptions { path_of: &path_of, ..MarkdownOptions::default() })
}

#[test]
fn a_text_becomes_html() {
    insta::assert_snapshot!(html(
        "# What happened\n\nA *key* was **in** a ~~public~~ `repo`.  \nIt was\nrotated.\n\n\
         > quoted\n\n1. one\n2. two\n\n- a\n  - b\n\n```sh\nrm <x>\n```\n\n---\n\n\
         | when | what |\n|:-----|-----:|\n| 1st | a&b |\n"
    ), @r#"
    <h3>What happened</h3>
    <p>A <em>key</em> was <strong>in</strong> a <del>public</del> <code>repo</code>.<br>
    It was
    rotated.</p>
    <blockquote>
    <p>quoted</p>
    </blockquote>
    <ol>
    <li>one</li>
    <li>two</li>
    </ol>
    <ul>
    <li>a
    <ul>
    <li>b</li>
    </ul>
    </li>
    </ul>
    <pre><code>rm &lt;x&gt;
    </code></pre>
    <hr>
    <table>
    <thead>
    <tr>
    <th align="left">when</th>
    <th align="right">what</th>
    </tr>
    </thead>
    <tbody>
    <tr>
    <td align="left">1st</td>
    <td align="right">a&amp;b</td>
    </tr>
    </tbody>
    </table>
    "#);
}

#[test]
fn a_text_of_words_alone_is_written_at_once() {
    for text in
        ["Host 12 was taken off the net, and its disk kept for those who look at it.", "a (b)? 100 % of it"]
    {
        assert!(simple::paragraph(text).is_some(), "{text}");
    }
    for text in [
        "",
        "1. one",
        "- a",
        "a *b*",
        "a & b",
        "a <b>",
        "a\nb",
        "a `b`",
        "see CASE-2026-0042",
        "see http://a.example",
        "WWW.a.example",
        "a@b.example",
        "a ",
        "a_b_",
        "a\u{a0}b",
        "[a](b)",
        "~a~",
        "a|b",
    ] {
        assert!(simple::paragraph(text).is_none(), "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, max_global_rejects: 100_000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_at_once_is_what_the_renderer_and_the_wall_write(
        text in r"[A-Za-z]([a-z0-9éßИ中]{0,4}|[ ,.;:?()%/'’–-]{1,3}|www\.|http:|ftp:|mailto:|xmpp:|case-2026-1|RSK-1|PRC|[-=*_<>&@#|~`]){0,12}"
    ) {
        let path_of = |reference: &str| Some(format!("/records/{reference}"));
        let options = MarkdownOptions { path_of: &path_of, ..MarkdownOptions::default() };
        // Others do not count among the 2,000.
        let html = simple::paragraph(&text);
        prop_assume!(html.is_some());
        prop_assert_eq!(html, Some(rendered(&text, &options)));
    }
}

#[test]
fn headings_begin_at_the_level_of_the_page_and_end_at_six() {
    assert_eq!(html("# a\n## b\n###### c"), "<h3>a</h3>\n<h4>b</h4>\n<h6>c</h6>\n");
    let at = |heading_level| to_html("# a", &MarkdownOptions { heading_level, ..MarkdownOptions::default() });
    assert_eq!(at(0), "<h1>a</h1>\n");
    assert_eq!(at(5), "<h5>a</h5>\n");
    assert_eq!(at(255), "<h6>a</h6>\n");
}

#[test]
fn raw_html_is_shown_as_text() {
    insta::assert_snapshot!(
        html(
            "<script>alert(1)</script>\n\na <b onclick=x>bold</b> <!-- c --> <img src=x onerror=y>\n\n\
             <div>\n\nCASE-2026-1"
        ),
        @r#"
    <p>&lt;script&gt;alert(1)&lt;/script&gt;</p>
    <p>a &lt;b onclick=x&gt;bold&lt;/b&gt; &lt;!-- c --&gt; &lt;img src=x onerror=y&gt;</p>
    <p>&lt;div&gt;</p>
    <p><a href="/records/CASE-2026-0001" rel="nofollow noopener noreferrer">CASE-2026-1</a></p>
    "#
    );
}

#[test]
fn links_that_lead_elsewhere_become_their_text() {
    insta::assert_snapshot!(html(
        "[a](javascript:alert(1)) [b](//evil) [c](/cases \"t\") <ftp://d> [*e*](data:x) [f](relative) \
         [g](mailto:g@x.example) https://h.example/i?j=k&l www.m.example n@o.example [](javascript:p)\n\n\
         [q]: /\\evil\n[q] [r](&#1;javascript:x) [s](java&Tab;script:x)"
    ), @r#"
    <p>a b <a href="/cases" title="t" rel="nofollow noopener noreferrer">c</a> ftp://d <em>e</em> f <a href="mailto:g@x.example" rel="nofollow noopener noreferrer">g</a> <a href="https://h.example/i?j=k&amp;l" rel="nofollow noopener noreferrer">https://h.example/i?j=k&amp;l</a> <a href="http://www.m.example" rel="nofollow noopener noreferrer">www.m.example</a> <a href="mailto:n@o.example" rel="nofollow noopener noreferrer">n@o.example</a> javascript:p</p>
    <p>q r s</p>
    "#);
}

#[test]
fn an_image_becomes_a_link_to_it() {
    insta::assert_snapshot!(html(
        "![a *b*](https://x.example/y.png) ![](/z.png) ![c](javascript:d) [![e](/f.png)](/g)"
    ), @r#"<p><a href="https://x.example/y.png" rel="nofollow noopener noreferrer">a <em>b</em></a> <a href="/z.png" rel="nofollow noopener noreferrer">/z.png</a> c <a href="/g" rel="nofollow noopener noreferrer">e</a></p>"#);
}

#[test]
fn tasks_are_marks_and_no_form_fields() {
    insta::assert_snapshot!(html("- [x] done\n- [ ] open\n- plain\n\n1. [X] > quoted"), @r"
    <ul>
    <li>☑ done</li>
    <li>☐ open</li>
    <li>plain</li>
    </ul>
    <ol>
    <li>☑ &gt; quoted</li>
    </ol>
    ");
}

#[test]
fn references_in_running_text_become_links() {
    insta::assert_snapshot!(html(
        "See case-2026-42, **ACT-2026-0031** and @CASE-2026-1; `CASE-2026-2`, [CASE-2026-3](/x), \
         https://x.example/CASE-2026-4\n\n    LSN-2026-1\n\n# PIR-2026-0007\n\n| AST-1 |\n|---|\n| SUP-2 |"
    ), @r#"
    <p>See <a href="/records/CASE-2026-0042" rel="nofollow noopener noreferrer">case-2026-42</a>, <strong><a href="/records/ACT-2026-0031" rel="nofollow noopener noreferrer">ACT-2026-0031</a></strong> and @CASE-2026-1; <code>CASE-2026-2</code>, <a href="/x" rel="nofollow noopener noreferrer">CASE-2026-3</a>, <a href="https://x.example/CASE-2026-4" rel="nofollow noopener noreferrer">https://x.example/CASE-2026-4</a></p>
    <pre><code>LSN-2026-1
    </code></pre>
    <h3><a href="/records/PIR-2026-0007" rel="nofollow noopener noreferrer">PIR-2026-0007</a></h3>
    <table>
    <thead>
    <tr>
    <th><a href="/records/AST-0001" rel="nofollow noopener noreferrer">AST-1</a></th>
    </tr>
    </thead>
    <tbody>
    <tr>
    <td><a href="/records/SUP-0002" rel="nofollow noopener noreferrer">SUP-2</a></td>
    </tr>
    </tbody>
    </table>
    "#);
}

#[test]
fn a_reference_without_a_path_on_this_site_stays_text() {
    for path in [None, Some("javascript:x"), Some("//evil.example"), Some("https://evil.example"), Some("a")]
    {
        let path_of = |_: &str| path.map(str::to_owned);
        let html =
            to_html("CASE-2026-1", &MarkdownOptions { path_of: &path_of, ..MarkdownOptions::default() });
        assert_eq!(html, "<p>CASE-2026-1</p>\n", "{path:?}");
    }
}

#[test]
fn a_link_that_nobody_could_type_becomes_its_text() {
    let long = "x".repeat(wall::LONGEST_ADDRESS);
    assert_eq!(html(&format!("[a](/{long})")), "<p>a</p>\n");
    assert!(!html(&format!("[a](/b '{long}')")).contains("title"));
}

#[test]
fn names_and_footnotes_stay_as_they_are_typed() {
    assert_eq!(html("@anna.keller said[^1]"), "<p>@anna.keller said[^1]</p>\n");
}

#[test]
fn a_plain_line_has_no_markup() {
    let text = "# Title\n\nA *key* in `code`,\n[link](/x) ![image](/y) ![](/z)  \nnext\n\n- [x] a\n- b\n\n\
                | c | d |\n|---|---|\n| e | f |\n\n```\ng\nh\n```\n<b>i</b>";
    assert_eq!(to_plain(text, 1000), "Title A key in code, link image /z next ☑ a b c d e f g h <b>i</b>");
    assert_eq!(to_plain("", 10), "");
}

#[test]
fn a_plain_line_is_cut_to_its_characters() {
    assert_eq!(to_plain("naïve *text*", 10), "naïve text");
    assert_eq!(to_plain("naïve *texts*", 10), "naïve tex…");
    assert_eq!(to_plain("naïve texts", 7), "naïve…");
    assert_eq!(to_plain("ab", 1), "…");
    assert_eq!(to_plain("ab", 0), "");
}
