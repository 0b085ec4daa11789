//! An invented register of any size: the same for the same number of cases, on every machine.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use jiff::civil::{Date, date};

use crate::Outcome;
use crate::words;

/// The first day on which something is reported; the last one is ten years later.
const FIRST_DAY: Date = date(2016, 7, 1);
const DAYS: u64 = 3_650;
const HEADER: &str = "Ref,Date reported,Occurred,Title,Description,Class,Severity,Status,Category,Root cause,\
                      Lesson learned,Actions,Owner,Due,Closed on,Supplier,Cost,Reporter,Tags";

/// Invented names, of which the first ones come up far more often than the last ones.
const PEOPLE: u64 = 300;
const SUPPLIERS: u64 = 120;
/// Names of hosts, files and accounts: what makes the dictionary of a real register long.
const NAMES: u64 = 20_000;

/// A pseudo-random sequence (xorshift64*, Vigna 2016) with a fixed beginning.
pub(crate) struct Dice(u64);

impl Dice {
    /// A sequence of its own for each purpose.
    pub(crate) fn new(purpose: u64) -> Self {
        Self(0x9E37_79B9_7F4A_7C15 ^ (purpose + 1).wrapping_mul(0xD134_2543_DE82_EF95))
    }

    /// A number below `bound`.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) % bound.max(1)
    }

    /// True in so many of a hundred.
    pub(crate) fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    /// A number below `bound`, small ones far more often: about as words are distributed.
    fn skewed(&mut self, bound: u64) -> u64 {
        let (one, other) = (self.below(bound) + 1, self.below(bound) + 1);
        (one * other / bound).min(bound - 1)
    }

    /// One of several.
    pub(crate) fn pick<'a>(&mut self, choices: &[&'a str]) -> &'a str {
        let index = usize::try_from(self.below(choices.len() as u64)).unwrap_or(0);
        choices[index]
    }
}

/// Writes a register of `count` cases as a CSV file.
pub(crate) fn write(path: &Path, count: u64) -> Outcome<()> {
    let mut dice = Dice::new(0);
    let mut out = BufWriter::new(File::create(path)?);
    writeln!(out, "{HEADER}")?;
    for number in 1..=count {
        writeln!(out, "{}", row(&mut dice, number)?)?;
    }
    Ok(out.flush()?)
}

fn row(dice: &mut Dice, number: u64) -> Outcome<String> {
    let reported = FIRST_DAY.checked_add(days(dice.below(DAYS)))?;
    let occurred = reported.checked_sub(days(dice.skewed(90)))?;
    let severity = ["low", "low", "low", "medium", "medium", "high", "critical", "info"];
    let class = ["incident", "event", "event", "weakness", "near miss"];
    let is_closed = dice.percent(80);
    let mut cells = vec![
        format!("IR-{number:07}"),
        reported.to_string(),
        occurred.to_string(),
        title(dice),
        description(dice),
        dice.pick(&class).to_owned(),
        dice.pick(&severity).to_owned(),
        if is_closed { "Closed" } else { dice.pick(&["Open", "In progress", "Resolved"]) }.to_owned(),
        words::CATEGORIES[usize::try_from(dice.skewed(words::CATEGORIES.len() as u64))?].to_owned(),
        some(dice, 40, |dice| filled(dice, words::CAUSES)),
        some(dice, 30, |dice| filled(dice, words::LESSONS)),
    ];
    let actions = if dice.percent(35) { 1 + dice.below(3) } else { 0 };
    let texts: Vec<String> =
        (1..=actions).map(|number| format!("{number}) {}", filled(dice, words::ACTIONS))).collect();
    cells.push(texts.join("\n"));
    cells.push(if actions > 0 { person(dice.skewed(PEOPLE)) } else { String::new() });
    let due = reported.checked_add(days(30 + dice.below(120)))?;
    cells.push(if actions > 0 && dice.percent(95) { due.to_string() } else { String::new() });
    let closed = reported.checked_add(days(3 + dice.skewed(200)))?;
    cells.push(if is_closed { closed.to_string() } else { String::new() });
    cells.push(some(dice, 20, |dice| supplier(dice.skewed(SUPPLIERS))));
    cells.push(some(dice, 25, |dice| format!("{}.{:02} EUR", 50 + dice.skewed(90_000), dice.below(100))));
    cells.push(person(dice.skewed(PEOPLE)));
    cells.push(some(dice, 50, |dice| format!("{}, {}", dice.pick(words::TAGS), dice.pick(words::TAGS))));
    Ok(cells.iter().map(|cell| quoted(cell)).collect::<Vec<_>>().join(","))
}

fn days(count: u64) -> jiff::Span {
    jiff::Span::new().days(i64::try_from(count).unwrap_or(0))
}

fn some(dice: &mut Dice, share: u64, value: impl Fn(&mut Dice) -> String) -> String {
    if dice.percent(share) { value(dice) } else { String::new() }
}

fn title(dice: &mut Dice) -> String {
    filled(dice, words::TITLES)
}

fn description(dice: &mut Dice) -> String {
    let sentences = 2 + dice.below(4);
    (0..sentences).map(|_| filled(dice, words::SENTENCES)).collect::<Vec<_>>().join(" ")
}

/// A sentence with its blanks filled: `{host}`, `{system}`, `{team}`, `{person}`, `{count}`.
fn filled(dice: &mut Dice, sentences: &[&str]) -> String {
    let mut text = dice.pick(sentences).to_owned();
    for blank in ["{host}", "{system}", "{team}", "{person}", "{count}"] {
        while text.contains(blank) {
            let value = match blank {
                "{host}" => name(dice.skewed(NAMES)),
                "{system}" => dice.pick(words::SYSTEMS).to_owned(),
                "{team}" => dice.pick(words::TEAMS).to_owned(),
                "{person}" => person(dice.skewed(PEOPLE)),
                _ => (2 + dice.skewed(400)).to_string(),
            };
            text = text.replacen(blank, &value, 1);
        }
    }
    text
}

/// The name of a host or account, made of syllables: `velomar`.
fn name(number: u64) -> String {
    let syllable = |at: u64| words::SYLLABLES[usize::try_from(at).unwrap_or(0) % words::SYLLABLES.len()];
    let size = words::SYLLABLES.len() as u64;
    format!("{}{}{}", syllable(number % size), syllable(number / size % size), syllable(number / size / size))
}

fn person(number: u64) -> String {
    let family = name(number * 37 + 11);
    let (first, rest) = family.split_at(1);
    let given = words::GIVEN[usize::try_from(number).unwrap_or(0) % words::GIVEN.len()];
    format!("{given} {}{rest}", first.to_uppercase())
}

fn supplier(number: u64) -> String {
    format!("Supplier {}", name(number * 53 + 7))
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}
