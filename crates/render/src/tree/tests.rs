use super::*;

fn node(depth: usize, number: &str) -> TreeNode {
    TreeNode {
        depth,
        number: number.to_owned(),
        statement: format!("The filter {number} let the message of that morning pass"),
        kind: "control".to_owned(),
        link: "made possible".to_owned(),
        confidence: Confidence::Likely,
        link_confidence: Confidence::Assumed,
        primary: false,
        also: Vec::new(),
    }
}

fn tree(nodes: Vec<TreeNode>) -> CauseTree {
    CauseTree {
        title: "Causes of <PIR>".to_owned(),
        description: "The problem, its causes below it.".to_owned(),
        problem: "Ransomware on the file server".to_owned(),
        nodes,
    }
}

/// The boxes of a drawing: x, y, width, height.
fn boxes(svg: &str) -> Vec<[u32; 4]> {
    let number = |line: &str, name: &str| -> u32 {
        let rest = line.split_once(&format!(" {name}=\"")).unwrap().1;
        rest.split_once('"').unwrap().0.parse().unwrap()
    };
    let rects = svg.lines().filter(|line| line.starts_with("<rect"));
    rects.map(|line| ["x", "y", "width", "height"].map(|name| number(line, name))).collect()
}

fn size(svg: &str) -> (u32, u32) {
    let view = svg.split_once("viewBox=\"0 0 ").unwrap().1.split_once('"').unwrap().0;
    let (width, height) = view.split_once(' ').unwrap();
    (width.parse().unwrap(), height.parse().unwrap())
}

/// 40 causes: five branches of four, then ten under one cause, then ten more at the top.
fn forty() -> CauseTree {
    let mut nodes = Vec::new();
    for branch in 0..5 {
        nodes.extend((1..=4).map(|depth| node(depth, &format!("{depth}.{branch}"))));
    }
    nodes.extend((0..10).map(|at| node(5, &format!("5.{at}"))));
    nodes.extend((10..20).map(|at| node(1, &format!("1.{at}"))));
    tree(nodes)
}

#[test]
fn a_tree_of_two_is_drawn_with_problem_label_number_and_stroke() {
    let mut primary = node(1, "1");
    primary.primary = true;
    primary.also = vec!["also why 3: made worse".to_owned()];
    let svgs = tree(vec![primary]).svgs("t");
    assert_eq!(svgs.len(), 1);
    let svg = &svgs[0];
    for part in [
        "<title id=\"t-0-title\">Causes of &lt;PIR&gt;</title>",
        "role=\"img\" aria-labelledby=\"t-0-title t-0-desc\"",
        "class=\"tree-box tree-problem\"",
        "class=\"tree-box tree-primary tree-likely\"",
        "class=\"tree-line tree-assumed\"",
        ">made possible</text>",
        ">Why 1 · likely</text>",
        ">Primary cause</text>",
        ">also why 3: made worse</text>",
    ] {
        assert!(svg.contains(part), "{part} is missing in {svg}");
    }
    assert!(!svg.contains("style="), "the content policy forbids styles");
}

#[test]
fn forty_causes_are_all_drawn_without_overlap_and_no_sheet_is_too_wide() {
    let svgs = forty().svgs("t");
    assert!(svgs.len() > 1 && svgs[0].contains(", part 1 of "), "wrapped into sheets");
    let mut drawn = 0;
    for svg in &svgs {
        let (width, height) = size(svg);
        assert!(width <= 920, "{width}");
        let boxes = boxes(svg);
        drawn += boxes.len() - 1;
        for (at, [x, y, w, h]) in boxes.iter().enumerate() {
            assert!(x + w <= width && y + h <= height, "{x} {y} leaves the sheet");
            for [ox, oy, ow, oh] in &boxes[at + 1..] {
                let apart = x + w <= *ox || ox + ow <= *x || y + h <= *oy || oy + oh <= *y;
                assert!(apart, "{x},{y} and {ox},{oy} overlap");
            }
        }
    }
    assert_eq!(drawn, 40);
}

#[test]
fn causes_stand_below_their_effects() {
    let boxes = boxes(&tree(vec![node(1, "1"), node(2, "2"), node(1, "1.1")]).svgs("t")[0]);
    assert_eq!(boxes.len(), 4);
    assert!(boxes[1][1] > boxes[0][1] + boxes[0][3]);
    assert!(boxes[2][1] > boxes[1][1] + boxes[1][3]);
    assert_eq!(boxes[3][1], boxes[1][1], "answers to the same why stand beside each other");
}

#[test]
fn the_same_causes_give_the_same_bytes() {
    assert_eq!(forty().svgs("t"), forty().svgs("t"));
    assert_eq!(forty().html_table(), forty().html_table());
}

#[test]
fn a_long_statement_is_cut_in_its_box_and_whole_in_its_tip_and_table() {
    let mut long = node(1, "1");
    long.statement = format!("{} the end", "abcdefghij".repeat(90));
    let tree = tree(vec![long.clone()]);
    let svg = &tree.svgs("t")[0];
    assert!(svg.contains(&format!("<title>{}</title>", long.statement)));
    assert!(svg.contains(" …</text>") && size(svg).1 < 400);
    assert!(tree.html_table().contains("the end"));
}

#[test]
fn a_problem_alone_is_drawn_too() {
    let svgs = tree(Vec::new()).svgs("t");
    assert_eq!((svgs.len(), boxes(&svgs[0]).len()), (1, 1));
}
