//! The text of a drawing. Every number and every word of a chart goes through here.

use std::fmt::Write as _;

use super::{Chart, WIDTH};
use crate::markup::escaped;
use crate::number::rounded;

/// Which end of the words stands at their place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// What stands around a drawing.
pub(super) struct Frame<'f> {
    pub(super) class: &'f str,
    pub(super) role: &'f str,
    pub(super) title: &'f str,
    pub(super) description: &'f str,
}

/// What is drawn so far.
pub(super) struct Drawing {
    body: String,
}

impl Drawing {
    pub(super) fn new() -> Self {
        Self { body: String::new() }
    }

    /// A straight line.
    pub(super) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let [x1, y1, x2, y2] = [from.0, from.1, to.0, to.1].map(rounded);
        self.push(format_args!("<line class=\"{class}\" x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"/>"));
    }

    /// A rectangle between two corners, with a tip if there is one.
    pub(super) fn rectangle(&mut self, class: &str, one: (f64, f64), other: (f64, f64), tip: Option<&str>) {
        let [x, y] = [one.0.min(other.0), one.1.min(other.1)].map(rounded);
        let [width, height] = [(one.0 - other.0).abs(), (one.1 - other.1).abs()].map(rounded);
        let place =
            format!("<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"");
        match tip {
            Some(tip) => self.push(format_args!("{place}><title>{}</title></rect>", escaped(tip))),
            None => self.push(format_args!("{place}/>")),
        }
    }

    /// Lines from point to point.
    pub(super) fn path(&mut self, class: &str, points: &[(f64, f64)]) {
        let places: Vec<String> =
            points.iter().map(|at| format!("{},{}", rounded(at.0), rounded(at.1))).collect();
        self.push(format_args!("<polyline class=\"{class}\" points=\"{}\"/>", places.join(" ")));
    }

    /// A point with its tip.
    pub(super) fn point(&mut self, class: &str, at: (f64, f64), tip: &str) {
        let [x, y] = [at.0, at.1].map(rounded);
        self.push(format_args!(
            "<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"3\"><title>{}</title></circle>",
            escaped(tip)
        ));
    }

    /// What is drawn until [`Self::close_link`] leads somewhere.
    pub(super) fn open_link(&mut self, href: &str, name: &str) {
        self.push(format_args!("<a href=\"{}\" aria-label=\"{}\">", escaped(href), escaped(name)));
    }

    /// Ends a link.
    pub(super) fn close_link(&mut self) {
        self.push(format_args!("</a>"));
    }

    /// Words as they are.
    pub(super) fn words(&mut self, class: &str, anchor: Anchor, at: (f64, f64), words: &str) {
        self.short_words(class, anchor, at, words, usize::MAX);
    }

    /// Words of at most so many characters; longer ones end with `…` and say the whole in a tip.
    pub(super) fn short_words(
        &mut self,
        class: &str,
        anchor: Anchor,
        at: (f64, f64),
        words: &str,
        limit: usize,
    ) {
        let content = match shortened(words, limit) {
            Some(short) => format!("<title>{}</title>{}", escaped(words), escaped(&short)),
            None => escaped(words),
        };
        self.text(class, anchor, at, &content);
    }

    /// A number and its words, `5 Severe`: where there is no room a style sheet hides `chart-word`, and the number stays.
    pub(super) fn numbered_words(
        &mut self,
        class: &str,
        anchor: Anchor,
        at: (f64, f64),
        words: &str,
        limit: usize,
    ) {
        let short = shortened(words, limit);
        let tip = if short.is_some() { format!("<title>{}</title>", escaped(words)) } else { String::new() };
        let shown = short.as_deref().unwrap_or(words);
        let content = match shown.split_once(' ') {
            Some((number, rest)) => {
                format!("{tip}{}<tspan class=\"chart-word\"> {}</tspan>", escaped(number), escaped(rest))
            }
            None => tip + &escaped(shown),
        };
        self.text(class, anchor, at, &content);
    }

    fn text(&mut self, class: &str, anchor: Anchor, at: (f64, f64), content: &str) {
        let [x, y] = [at.0, at.1].map(rounded);
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        self.push(format_args!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\"{anchor}>{content}</text>"));
    }

    /// The whole drawing.
    pub(super) fn finish(self, chart: &Chart, prefix: &str, height: f64) -> String {
        let class = chart.shape.class();
        let frame = Frame { class, role: "img", title: &chart.title, description: &chart.description };
        self.finish_as(&frame, prefix, height)
    }

    /// The whole drawing, of whatever it is.
    pub(super) fn finish_as(self, frame: &Frame<'_>, prefix: &str, height: f64) -> String {
        let (id, class, role) = (own_id(prefix), frame.class, frame.role);
        let [width, height] = [WIDTH, height].map(rounded);
        let (title, description) = (escaped(frame.title), escaped(frame.description));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart {class}\" viewBox=\"0 0 {width} {height}\" role=\"{role}\" \
             aria-labelledby=\"{id}-title {id}-desc\">\n<title id=\"{id}-title\">{title}</title>\n\
             <desc id=\"{id}-desc\">{description}</desc>\n{}</svg>\n",
            self.body
        )
    }

    fn push(&mut self, element: std::fmt::Arguments<'_>) {
        // Writing to a string does not fail.
        let _ = writeln!(self.body, "{element}");
    }
}

/// The beginning of words that are longer than a limit.
fn shortened(words: &str, limit: usize) -> Option<String> {
    words.chars().nth(limit)?;
    let kept: String = words.chars().take(limit.saturating_sub(1)).collect();
    Some(format!("{}…", kept.trim_end()))
}

/// A prefix as the beginning of an id: an id begins with a letter and has no spaces.
fn own_id(prefix: &str) -> String {
    let allowed = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let id: String = prefix.chars().filter(allowed).collect();
    if id.starts_with(|c: char| c.is_ascii_alphabetic()) { id } else { format!("chart{id}") }
}
