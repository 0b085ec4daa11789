//! Whether the time of an answer tells that there is something: restricted records against numbers that never were.
//!
//! Each question is asked in pairs, one about a restricted record and one about a number that nothing has, in turns in
//! which one comes first, so that whatever drifts meets both alike. From all times of both comes the chance that a
//! restricted record takes longer (the area under the ROC curve, the Mann-Whitney statistic over the product of the
//! counts): 0.5 if time tells nothing. Its standard error for n pairs is about 0.41 / √n, 0.0075 for 3,000. How small a
//! difference this would have seen is told beside it: it depends on how much the times scatter on that machine then.

use std::fmt;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::asking::Server;
use super::people::People;
use super::telling::Secrets;

/// How far from 0.5 the chance may be: more than six standard errors of 3,000 pairs, so that chance alone never exceeds
/// it, while a difference of a sixth of the spread of the times would.
const MARGIN: f64 = 0.05;
/// The standard error of the chance for one pair, if time tells nothing: √(1/6).
const ERROR_OF_ONE: f64 = 0.408;
/// With fewer pairs, so many standard errors may be between.
const ERRORS: f64 = 6.0;
/// The longest difference that is looked at, in microseconds: a second, by which any two times are told apart.
const LONGEST: u64 = 1_000_000;
/// Those who ask: shut out, but with the widest rights there are, so that nothing else refuses them first.
const ASKER: &str = "the other manager";

/// The times of one question.
pub(super) struct Compared {
    name: String,
    there: Duration,
    never: Duration,
    chance: f64,
    margin: f64,
    /// The smallest difference that would tell, had it come on top of each of the times of what never was.
    seen_from: Duration,
    /// Whether the times have to differ: an open record, to show that a difference would be seen.
    differs: bool,
}

impl Compared {
    /// Whether it is about a restricted record; the others show what comes out when there is nothing, and something.
    pub(super) fn is_question(&self) -> bool {
        !self.differs && self.name != NOTHING
    }

    /// Whether somebody can tell by these times that there is something.
    pub(super) fn tells(&self) -> bool {
        let told = (self.chance - 0.5).abs() > self.margin;
        told != self.differs
    }
}

impl fmt::Display for Compared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [there, never, seen_from] =
            [self.there, self.never, self.seen_from].map(|time| time.as_secs_f64() * 1e6);
        let note = match (self.tells(), self.differs) {
            (true, false) => "  <-- tells",
            (true, true) => "  <-- no difference is seen, so this proof shows nothing",
            (false, true) => "  (open: it has to differ)",
            (false, false) => "",
        };
        write!(
            f,
            "{:<34} {there:>11.1} µs {never:>11.1} µs {seen_from:>8.0} µs {:>8.3}{note}",
            self.name, self.chance
        )
    }
}

/// Compares the times of every kind of question.
pub(super) fn compare(
    server: &Server,
    people: &People,
    secrets: &Secrets,
    pairs: usize,
) -> anyhow::Result<Vec<Compared>> {
    let token = people.token(ASKER)?;
    let mut compared = Vec::new();
    for (name, field, kind) in QUESTIONS {
        let there: Vec<String> =
            secrets.stories.iter().map(|story| story.reference(kind).to_owned()).collect();
        let never: Vec<String> =
            (0..there.len()).map(|n| secrets.never(kind, u32::try_from(n).unwrap_or(0))).collect();
        compared.push(one(server, token, name, field, [&there, &never], pairs, false)?);
    }
    // Two sets of numbers that never were, and an open record: what comes out when there is nothing, and something.
    let never = |from: u32| -> Vec<String> { (0..100).map(|n| secrets.never("CASE", from + n)).collect() };
    let nothing = [&never(0), &never(1_000)];
    compared.push(Compared {
        name: NOTHING.to_owned(),
        ..one(server, token, "show_case", "case", nothing, pairs, false)?
    });
    let something = [&vec![secrets.open.clone()], &never(0)];
    compared.push(Compared {
        name: "show_case, an open case".to_owned(),
        ..one(server, token, "show_case", "case", something, pairs.min(1_000), true)?
    });
    Ok(compared)
}

/// Two sets of numbers that never were.
const NOTHING: &str = "show_case, both never there";

/// Use cases, the field of their input, and the kind of record that it names: reads, and a change of each.
const QUESTIONS: [(&str, &str, &str); 9] = [
    ("show_case", "case", "CASE"),
    ("show_review", "review", "PIR"),
    ("show_lesson", "lesson", "LSN"),
    ("show_action", "action", "ACT"),
    ("find_similar", "case", "CASE"),
    ("close_case", "case", "CASE"),
    ("submit_review", "review", "PIR"),
    ("approve_lesson", "lesson", "LSN"),
    ("start_action", "action", "ACT"),
];

fn one(
    server: &Server,
    token: &str,
    name: &str,
    field: &str,
    [there, never]: [&Vec<String>; 2],
    pairs: usize,
    differs: bool,
) -> anyhow::Result<Compared> {
    let time = |reference: &str| -> anyhow::Result<Duration> {
        let mut input: Value = json!({ field: reference });
        if name == "find_similar" {
            input["limit"] = json!(5);
        }
        let start = Instant::now();
        server.bytes(Some(token), name, &input)?;
        Ok(start.elapsed())
    };
    let mut times = [Vec::with_capacity(pairs), Vec::with_capacity(pairs)];
    for pair in 0..pairs {
        let asked = [&there[pair % there.len()], &never[pair % never.len()]];
        let first = pair % 2;
        for which in [first, 1 - first] {
            times[which].push(time(asked[which])?);
        }
    }
    let [mut there, mut never] = times;
    there.sort_unstable();
    never.sort_unstable();
    let chance = chance(&there, &never);
    let margin = MARGIN.max(ERRORS * ERROR_OF_ONE / (pairs as f64).sqrt());
    let seen_from = seen_from(&never, margin);
    let (there, never) = (median(&there), median(&never));
    Ok(Compared { name: name.to_owned(), there, never, chance, margin, seen_from, differs })
}

/// The smallest difference, to the microsecond, between these times and later ones that would be told apart.
fn seen_from(sorted: &[Duration], margin: f64) -> Duration {
    let tells = |micros: u64| {
        let later: Vec<Duration> = sorted.iter().map(|time| *time + Duration::from_micros(micros)).collect();
        chance(&later, sorted) - 0.5 > margin
    };
    let (mut below, mut from) = (0, LONGEST);
    while from - below > 1 {
        let middle = below.midpoint(from);
        if tells(middle) {
            from = middle;
        } else {
            below = middle;
        }
    }
    Duration::from_micros(from)
}

fn median(sorted: &[Duration]) -> Duration {
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// The chance that one of the first takes longer than one of the second; ties count half. Both are sorted.
fn chance(first: &[Duration], second: &[Duration]) -> f64 {
    let (mut below, mut upto, mut sum) = (0, 0, 0.0);
    for time in first {
        while below < second.len() && second[below] < *time {
            below += 1;
        }
        while upto < second.len() && second[upto] <= *time {
            upto += 1;
        }
        sum += (below as f64 + upto as f64) / 2.0;
    }
    sum / (first.len() as f64 * second.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chance_is_half_for_equals_and_one_for_what_is_always_longer() {
        let times = |from: u64, to: u64| -> Vec<Duration> { (from..to).map(Duration::from_micros).collect() };
        assert!((chance(&times(0, 50), &times(0, 50)) - 0.5).abs() < 1e-9);
        assert!((chance(&times(50, 100), &times(0, 50)) - 1.0).abs() < 1e-9);
        assert!(chance(&times(0, 50), &times(50, 100)).abs() < 1e-9);
        assert!((chance(&[Duration::ZERO; 3], &[Duration::ZERO; 4]) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn a_difference_is_seen_from_a_part_of_the_scatter_on() {
        let times: Vec<Duration> = (0..1_000).map(Duration::from_micros).collect();
        // Evenly scattered over 1,000 µs, a shift of 50 gives 0.5 + 0.05 − 0.05² / 2.
        assert_eq!(seen_from(&times, 0.05).as_micros(), 52);
        assert_eq!(seen_from(&[Duration::from_millis(10); 9], 0.05).as_micros(), 1);
    }
}
