use super::*;

mod hostile;

fn chart(shape: Shape, labels: &[&str], series: &[(&str, &[Option<f64>])]) -> Chart {
    let series =
        series.iter().map(|(name, values)| Series { name: (*name).to_owned(), values: values.to_vec() });
    Chart {
        shape,
        title: "Cases by category".to_owned(),
        description: "Most are phishing.".to_owned(),
        label_title: "Category".to_owned(),
        value_title: "Cases".to_owned(),
        labels: labels.iter().map(|label| (*label).to_owned()).collect(),
        series: series.collect(),
    }
}

#[test]
fn bars_are_drawn_as_a_ranking() {
    let chart = chart(
        Shape::Bars,
        &["Loss & theft", "Phishing of people who were in a hurry", "Other"],
        &[("all", &[Some(2.0), Some(4.0), None])],
    );
    insta::assert_snapshot!(chart.ranked().svg("a"), @r#"
    <svg xmlns="http://www.w3.org/2000/svg" class="chart chart-bars" viewBox="0 0 640 126" role="img" aria-labelledby="a-title a-desc">
    <title id="a-title">Cases by category</title>
    <desc id="a-desc">Most are phishing.</desc>
    <line class="chart-grid" x1="190" y1="0" x2="190" y2="84"/>
    <text class="chart-tick" x="190" y="100" text-anchor="middle">0</text>
    <line class="chart-grid" x1="282.5" y1="0" x2="282.5" y2="84"/>
    <text class="chart-tick" x="282.5" y="100" text-anchor="middle">1</text>
    <line class="chart-grid" x1="375" y1="0" x2="375" y2="84"/>
    <text class="chart-tick" x="375" y="100" text-anchor="middle">2</text>
    <line class="chart-grid" x1="467.5" y1="0" x2="467.5" y2="84"/>
    <text class="chart-tick" x="467.5" y="100" text-anchor="middle">3</text>
    <line class="chart-grid" x1="560" y1="0" x2="560" y2="84"/>
    <text class="chart-tick" x="560" y="100" text-anchor="middle">4</text>
    <text class="chart-label" x="182" y="18" text-anchor="end"><title>Phishing of people who were in a hurry</title>Phishing of people who we…</text>
    <rect class="chart-bar series-1" x="190" y="5" width="370" height="18"><title>Phishing of people who were in a hurry: 4</title></rect>
    <text class="chart-value" x="566" y="18">4</text>
    <text class="chart-label" x="182" y="46" text-anchor="end">Loss &amp; theft</text>
    <rect class="chart-bar series-1" x="190" y="33" width="185" height="18"><title>Loss &amp; theft: 2</title></rect>
    <text class="chart-value" x="381" y="46">2</text>
    <text class="chart-label" x="182" y="74" text-anchor="end">Other</text>
    <text class="chart-value" x="196" y="74">–</text>
    <line class="chart-axis" x1="190" y1="0" x2="190" y2="84"/>
    <text class="chart-unit" x="560" y="118" text-anchor="end">Cases</text>
    </svg>
    "#);
}

#[test]
fn bars_of_several_series_stand_on_each_other_with_a_legend() {
    let chart = chart(
        Shape::Bars,
        &["A", "B"],
        &[("open", &[Some(2.0), Some(1.5)]), ("closed", &[Some(-1.0), Some(2.0)])],
    );
    insta::assert_snapshot!(chart.svg("b"), @r#"
    <svg xmlns="http://www.w3.org/2000/svg" class="chart chart-bars" viewBox="0 0 640 124" role="img" aria-labelledby="b-title b-desc">
    <title id="b-title">Cases by category</title>
    <desc id="b-desc">Most are phishing.</desc>
    <rect class="chart-swatch series-1" x="0" y="2" width="12" height="12"/>
    <text class="chart-legend" x="18" y="12">open</text>
    <rect class="chart-swatch series-2" x="58" y="2" width="12" height="12"/>
    <text class="chart-legend" x="76" y="12">closed</text>
    <line class="chart-grid" x1="190" y1="26" x2="190" y2="82"/>
    <text class="chart-tick" x="190" y="98" text-anchor="middle">-1</text>
    <line class="chart-grid" x1="264" y1="26" x2="264" y2="82"/>
    <text class="chart-tick" x="264" y="98" text-anchor="middle">0</text>
    <line class="chart-grid" x1="338" y1="26" x2="338" y2="82"/>
    <text class="chart-tick" x="338" y="98" text-anchor="middle">1</text>
    <line class="chart-grid" x1="412" y1="26" x2="412" y2="82"/>
    <text class="chart-tick" x="412" y="98" text-anchor="middle">2</text>
    <line class="chart-grid" x1="486" y1="26" x2="486" y2="82"/>
    <text class="chart-tick" x="486" y="98" text-anchor="middle">3</text>
    <line class="chart-grid" x1="560" y1="26" x2="560" y2="82"/>
    <text class="chart-tick" x="560" y="98" text-anchor="middle">4</text>
    <text class="chart-label" x="182" y="44" text-anchor="end">A</text>
    <rect class="chart-bar series-1" x="264" y="31" width="148" height="18"><title>A, open: 2</title></rect>
    <rect class="chart-bar series-2" x="190" y="31" width="74" height="18"><title>A, closed: -1</title></rect>
    <text class="chart-value" x="418" y="44">1</text>
    <text class="chart-label" x="182" y="72" text-anchor="end">B</text>
    <rect class="chart-bar series-1" x="264" y="59" width="111" height="18"><title>B, open: 1.5</title></rect>
    <rect class="chart-bar series-2" x="375" y="59" width="148" height="18"><title>B, closed: 2</title></rect>
    <text class="chart-value" x="529" y="72">3.5</text>
    <line class="chart-axis" x1="264" y1="26" x2="264" y2="82"/>
    <text class="chart-unit" x="560" y="116" text-anchor="end">Cases</text>
    </svg>
    "#);
}

#[test]
fn columns_are_drawn_over_time() {
    let chart = chart(Shape::Columns, &["2026-01", "2026-02"], &[("cost", &[Some(1500.0), Some(0.0)])]);
    insta::assert_snapshot!(chart.svg("c"), @r#"
    <svg xmlns="http://www.w3.org/2000/svg" class="chart chart-columns" viewBox="0 0 640 276" role="img" aria-labelledby="c-title c-desc">
    <title id="c-title">Cases by category</title>
    <desc id="c-desc">Most are phishing.</desc>
    <text class="chart-unit" x="0" y="14">Cases</text>
    <line class="chart-grid" x1="49" y1="246" x2="640" y2="246"/>
    <text class="chart-tick" x="43" y="250" text-anchor="end">0</text>
    <line class="chart-grid" x1="49" y1="172.67" x2="640" y2="172.67"/>
    <text class="chart-tick" x="43" y="176.67" text-anchor="end">500</text>
    <line class="chart-grid" x1="49" y1="99.33" x2="640" y2="99.33"/>
    <text class="chart-tick" x="43" y="103.33" text-anchor="end">1,000</text>
    <line class="chart-grid" x1="49" y1="26" x2="640" y2="26"/>
    <text class="chart-tick" x="43" y="30" text-anchor="end">1,500</text>
    <text class="chart-label" x="196.75" y="264" text-anchor="middle">2026-01</text>
    <text class="chart-label" x="492.25" y="264" text-anchor="middle">2026-02</text>
    <rect class="chart-bar series-1" x="172.75" y="26" width="48" height="220"><title>2026-01: 1,500</title></rect>
    <rect class="chart-bar series-1" x="468.25" y="246" width="48" height="0"><title>2026-02: 0</title></rect>
    <line class="chart-axis" x1="49" y1="246" x2="640" y2="246"/>
    </svg>
    "#);
}

#[test]
fn a_line_is_broken_where_nothing_is_known() {
    let values = [Some(1.0), Some(2.0), None, Some(f64::NAN), Some(3.0), Some(1.0), None, Some(2.0)];
    let chart = chart(Shape::Line, &["1", "2", "3", "4", "5", "6", "7", "8"], &[("x", &values)]);
    let svg = chart.svg("d");
    assert_eq!((svg.matches("<polyline").count(), svg.matches("<circle").count()), (2, 5), "{svg}");
}

#[test]
fn where_nothing_is_known_the_drawing_says_so() {
    for shape in [Shape::Bars, Shape::Columns, Shape::Line] {
        for chart in [
            chart(shape, &[], &[]),
            chart(shape, &["A"], &[]),
            chart(shape, &[], &[("x", &[])]),
            chart(shape, &["A"], &[("x", &[None])]),
            chart(shape, &["A"], &[("x", &[])]),
            chart(shape, &["A"], &[("x", &[Some(f64::INFINITY)])]),
        ] {
            assert!(chart.svg("e").contains(">No data</text>"));
        }
        let zero = chart(shape, &["A"], &[("x", &[Some(0.0)])]).svg("e");
        assert!(!zero.contains("No data") && zero.contains(">A: 0</title>"), "zero is known: {zero}");
    }
}

#[test]
fn a_ranking_keeps_equal_ones_in_order_and_puts_the_unknown_last() {
    let chart = chart(
        Shape::Bars,
        &["unknown", "one", "zero", "two", "other two"],
        &[
            ("a", &[None, Some(1.0), Some(0.0), Some(1.0), Some(2.0)]),
            ("b", &[None, None, None, Some(1.0), None]),
        ],
    );
    let ranked = chart.ranked();
    assert_eq!(ranked.labels, ["two", "other two", "one", "zero", "unknown"]);
    assert_eq!(ranked.series[1].values, [Some(1.0), None, None, None, None]);
}

#[test]
fn a_chart_is_told_as_a_table() {
    let chart = chart(
        Shape::Columns,
        &["2026-01", "2026-02"],
        &[("open", &[Some(1500.0)]), ("closed", &[None, Some(2.5)])],
    );
    let (table, rows) = chart.table();
    let titles: Vec<&str> = table.columns.iter().map(|column| column.title.as_str()).collect();
    assert_eq!(titles, ["Category", "Cases: open", "Cases: closed"]);
    assert_eq!(rows[0], [Cell::from("2026-01"), Cell::Number(1500.0), Cell::Empty]);
    assert_eq!(rows[1], [Cell::from("2026-02"), Cell::Empty, Cell::Number(2.5)]);
    insta::assert_snapshot!(chart.html_table(), @r#"
    <table class="data">
    <caption>Cases by category</caption>
    <thead>
    <tr><th scope="col">Category</th><th scope="col" class="number">Cases: open</th><th scope="col" class="number">Cases: closed</th></tr>
    </thead>
    <tbody>
    <tr><th scope="row">2026-01</th><td class="number">1,500</td><td class="number"></td></tr>
    <tr><th scope="row">2026-02</th><td class="number"></td><td class="number">2.5</td></tr>
    </tbody>
    </table>
    "#);
}

#[test]
fn many_labels_are_thinned_out_and_all_columns_are_there() {
    let labels: Vec<String> =
        (0..60).map(|month| format!("20{:02}-{:02}", 20 + month / 12, month % 12 + 1)).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let svg = chart(Shape::Columns, &labels, &[("x", &[Some(1.0); 60])]).svg("f");
    assert_eq!(svg.matches("class=\"chart-bar").count(), 60);
    let shown = svg.matches("class=\"chart-label\"").count();
    assert!((5..=12).contains(&shown), "{shown}");
}
