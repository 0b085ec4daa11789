//! Whatever the words and the values are: a drawing is well-formed, has classes only, and stays within its bounds.

use proptest::prelude::*;
use quick_xml::events::{BytesStart, Event};

use super::*;

const ELEMENTS: &str = " svg title desc line rect polyline circle text ";

/// Parses a drawing and returns its words.
fn demand_harmless(svg: &str) -> String {
    let mut reader = quick_xml::Reader::from_str(svg);
    let (mut words, mut open, mut height) = (String::new(), 0_usize, None);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) => {
                open += 1;
                demand_allowed(&element, &mut height);
            }
            Event::Empty(element) => demand_allowed(&element, &mut height),
            Event::End(_) => open -= 1,
            Event::Text(text) => words.push_str(&text),
            Event::GeneralRef(reference) => words.push_str(&format!("&{};", &*reference)),
            Event::Eof => break,
            other => panic!("a drawing must not hold {other:?}"),
        }
    }
    assert_eq!(open, 0, "every element is closed");
    words
}

fn demand_allowed(element: &BytesStart<'_>, height: &mut Option<f64>) {
    let name = element.name().as_ref().to_owned();
    assert!(ELEMENTS.contains(&format!(" {name} ")), "<{name}> must not be in a drawing");
    for attribute in element.attributes() {
        let attribute = attribute.unwrap();
        let key = attribute.key.as_ref().to_owned();
        let value = attribute.value.to_string();
        match key.as_str() {
            "class" => {
                let known = |class: &str| class.starts_with("chart") || class.starts_with("series-");
                assert!(value.split(' ').all(known), "{value}");
            }
            "viewBox" => *height = value.rsplit(' ').next().and_then(|height| height.parse().ok()),
            "id" | "aria-labelledby" => {
                let allowed = |c: char| c.is_ascii_alphanumeric() || "-_ ".contains(c);
                assert!(value.chars().all(allowed), "{value}");
            }
            "x" | "x1" | "x2" | "cx" | "width" => demand_within(&value, WIDTH),
            "y" | "y1" | "y2" | "cy" | "height" => demand_within(&value, height.unwrap()),
            "points" => {
                for point in value.split(' ') {
                    let (x, y) = point.split_once(',').unwrap();
                    demand_within(x, WIDTH);
                    demand_within(y, height.unwrap());
                }
            }
            "r" => assert_eq!(value, "3"),
            "text-anchor" => assert!(matches!(value.as_str(), "middle" | "end")),
            "role" => assert_eq!(value, "img"),
            "xmlns" => assert_eq!(value, "http://www.w3.org/2000/svg"),
            other => panic!("<{name}> must not have {other}"),
        }
    }
}

fn demand_within(place: &str, end: f64) {
    let number: f64 = place.parse().unwrap();
    assert!((0.0..=end).contains(&number), "{place} is outside 0 to {end}");
}

fn any_value() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        4 => (-50_i32..5000).prop_map(|value| Some(f64::from(value))),
        1 => any::<f64>().prop_map(Some),
        1 => Just(None),
    ]
}

fn any_words() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("</text><script>alert(1)</script>".to_owned()),
        Just("\" onload=\"alert(1)".to_owned()),
        Just("' style='x".to_owned()),
        Just("]]><!-- & -->".to_owned()),
        Just("&lt;&#60;&x;".to_owned()),
        Just("\u{202e}مرحبا\u{202c} 👩‍👩‍👧‍👦".to_owned()),
        Just("x".repeat(5000)),
        any::<String>(),
    ]
}

prop_compose! {
    fn any_chart()(
        shape in prop_oneof![Just(Shape::Bars), Just(Shape::Columns), Just(Shape::Line)],
        words in proptest::collection::vec(any_words(), 4),
        labels in proptest::collection::vec(any_words(), 0..14),
        series in proptest::collection::vec((any_words(), proptest::collection::vec(any_value(), 0..14)), 0..11),
    ) -> Chart {
        Chart {
            shape,
            title: words[0].clone(),
            description: words[1].clone(),
            label_title: words[2].clone(),
            value_title: words[3].clone(),
            labels,
            series: series.into_iter().map(|(name, values)| Series { name, values }).collect(),
        }
    }
}

proptest! {
    #[test]
    fn whatever_is_drawn_the_drawing_is_harmless(chart in any_chart(), prefix in any_words()) {
        let svg = chart.svg(&prefix);
        demand_harmless(&svg);
        prop_assert_eq!(chart.svg(&prefix), svg, "the same chart gives the same bytes");
        demand_harmless(&chart.clone().ranked().svg("x"));
        let table = chart.html_table();
        prop_assert!(!table.contains("<script") && table.matches("<tr>").count() == chart.labels.len() + 1);
    }
}

#[test]
fn words_are_shown_as_they_are_typed() {
    let chart = chart(Shape::Bars, &["</text><script>\"'&"], &[("x", &[Some(1.0)])]);
    let words = demand_harmless(&chart.svg("\"><script>"));
    assert!(words.contains("&lt;/text&gt;&lt;script&gt;&quot;&#39;&amp;"), "{words}");
}

#[test]
fn ids_come_from_the_prefix_alone() {
    let chart = chart(Shape::Bars, &["A"], &[("x", &[Some(1.0)])]);
    for (prefix, id) in [("by-cause", "by-cause"), ("1", "chart1"), ("", "chart"), ("a b\"<", "ab")] {
        let svg = chart.svg(prefix);
        assert!(svg.contains(&format!("aria-labelledby=\"{id}-title {id}-desc\"")), "{svg}");
        assert!(
            svg.contains(&format!("<title id=\"{id}-title\">"))
                && svg.contains(&format!("<desc id=\"{id}-desc\">"))
        );
    }
}
