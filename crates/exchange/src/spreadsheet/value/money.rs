//! Amounts of money as people type them: `€1.200,50`, `1,200.50 USD`, `(250)`, `12k EUR`, `CHF 1'000.-`.

mod currency;

use nevertwice_domain::case::CostBasis;
use nevertwice_domain::money::{Currency, Money};

use crate::spreadsheet::reader::Cell;

nevertwice_domain::words! {
    /// The sign before the cents.
    DecimalMark("decimal mark") {
        /// `1200,50`
        Comma = "comma",
        /// `1200.50`
        Point = "point",
    }
}

/// How a column writes its amounts. What is `None` follows from each amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AmountRule {
    /// The currency of amounts that name none, or only a sign of several currencies such as `$`.
    pub currency: Option<Currency>,
    /// The decimal mark.
    pub decimal: Option<DecimalMark>,
}

/// Why a cell is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AmountFlaw {
    /// A number without a currency.
    CurrencyUnknown,
    /// A number with a sign that several currencies share, such as `$`: their codes.
    SignShared(&'static [&'static str]),
    /// Not an amount, or finer than the currency's smallest unit.
    Unreadable,
}

/// Reads a cell as an amount; words such as `approx.` or `ca.` and a `~` make it an estimate.
///
/// A single separator before exactly three digits groups thousands (`1.200` is twelve hundred), unless the rule names
/// it as the decimal mark.
///
/// # Errors
/// See [`AmountFlaw`].
pub fn read(cell: &Cell, rule: AmountRule) -> Result<(Money, CostBasis), AmountFlaw> {
    match cell {
        Cell::Number(number) => {
            let currency = rule.currency.ok_or(AmountFlaw::CurrencyUnknown)?;
            Ok((from_number(*number, currency)?, CostBasis::Actual))
        }
        Cell::Text(_) => read_text(&cell.text(), rule),
        _ => Err(AmountFlaw::Unreadable),
    }
}

/// A decimal number without currency, such as the value of a numeric field: `1.200,5` becomes `1200.5`.
#[must_use]
pub fn decimal(text: &str, mark: Option<DecimalMark>) -> Option<String> {
    let trimmed = text.trim();
    let (negative, digits) = match trimmed.strip_prefix(['-', '−']) {
        Some(rest) => (true, rest),
        None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit()) || !digits.ends_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let plain = plain_decimal(digits, mark, false)?;
    Some(if negative { format!("-{plain}") } else { plain })
}

/// A workbook computes in binary fractions: what lies within a millionth of a whole minor unit is that.
fn from_number(number: f64, currency: Currency) -> Result<Money, AmountFlaw> {
    let text = format!("{number:.decimals$}", decimals = currency.decimals() as usize);
    let rounded: f64 = text.parse().map_err(|_| AmountFlaw::Unreadable)?;
    if !number.is_finite() || (rounded - number).abs() > 1e-6 * number.abs().max(1.0) {
        return Err(AmountFlaw::Unreadable);
    }
    Money::from_decimal(&text, currency).map_err(|_| AmountFlaw::Unreadable)
}

fn read_text(text: &str, rule: AmountRule) -> Result<(Money, CostBasis), AmountFlaw> {
    if text.len() > 60 {
        return Err(AmountFlaw::Unreadable);
    }
    let first = text.find(|c: char| c.is_ascii_digit()).ok_or(AmountFlaw::Unreadable)?;
    let last = text.rfind(|c: char| c.is_ascii_digit()).map_or(first, |at| at + 1);
    let around = Around::read(&text[..first], &text[last..]).ok_or(AmountFlaw::Unreadable)?;
    let plain =
        plain_decimal(&text[first..last], rule.decimal, around.shift > 0).ok_or(AmountFlaw::Unreadable)?;
    let shifted = shift(&plain, around.shift);
    let signed = if around.negative { format!("-{shifted}") } else { shifted };
    let currency = around.sign.resolve(rule.currency)?;
    let money = Money::from_decimal(&signed, currency).map_err(|_| AmountFlaw::Unreadable)?;
    Ok((money, if around.estimate { CostBasis::Estimate } else { CostBasis::Actual }))
}

/// What stands before and after the digits.
struct Around {
    negative: bool,
    estimate: bool,
    /// Powers of ten: 3 for `k`, 6 for `m`.
    shift: usize,
    sign: currency::Sign,
}

impl Around {
    /// `None` if a word is neither a currency nor about the amount.
    fn read(before: &str, after: &str) -> Option<Self> {
        let negative = before.contains('(') && after.contains(')');
        let mut found = Self { negative, estimate: false, shift: 0, sign: currency::Sign::None };
        for word in words(before).into_iter().chain(words(without_cents_mark(after))) {
            found.take(&word)?;
        }
        Some(found)
    }

    fn take(&mut self, word: &str) -> Option<()> {
        const ESTIMATES: [&str; 14] = [
            "~",
            "≈",
            "ca",
            "circa",
            "approx",
            "approximately",
            "about",
            "around",
            "est",
            "estimate",
            "estimated",
            "etwa",
            "rund",
            "env",
        ];
        match word {
            "-" | "−" => self.negative = true,
            "+" => {}
            "k" | "tsd" | "thousand" => self.shift = 3,
            "m" | "mio" | "mn" | "million" => self.shift = 6,
            word if ESTIMATES.contains(&word) => self.estimate = true,
            word => self.sign = self.sign.and(currency::sign(word)?)?,
        }
        Some(())
    }
}

/// `1.200,-` and `1'000.--` say that there are no cents.
fn without_cents_mark(after: &str) -> &str {
    let dashes: &[char] = &['-', '–', '—'];
    match after.strip_prefix([',', '.']) {
        Some(rest) if rest.starts_with(dashes) => rest.trim_start_matches(dashes),
        _ => after,
    }
}

/// Lower-case words; signs such as `-` and `~` are words of their own.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    for token in text.to_lowercase().split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ':')) {
        let mut word = String::new();
        for c in token.chars() {
            if matches!(c, '-' | '−' | '+' | '~' | '≈') {
                words.extend([std::mem::take(&mut word), c.to_string()]);
            } else {
                word.push(c);
            }
        }
        words.push(word);
    }
    words
        .iter()
        .map(|word| word.trim_matches(['.', ',']).to_owned())
        .filter(|word| !word.is_empty())
        .collect()
}

/// Digits with separators as a plain decimal. `scaled` says that `k` or `m` follows: then a single separator is the
/// decimal mark, `1.200k` is no way to write a million.
fn plain_decimal(text: &str, mark: Option<DecimalMark>, scaled: bool) -> Option<String> {
    let is_space = |c: char| matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’');
    let compact: String = text.chars().map(|c| if is_space(c) { ' ' } else { c }).collect();
    if !compact.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | ' ')) {
        return None;
    }
    let decimal_sign = match mark {
        Some(DecimalMark::Comma) => Some(','),
        Some(DecimalMark::Point) => Some('.'),
        None => decimal_sign(&compact, scaled),
    };
    let (whole, fraction) = match decimal_sign {
        Some(sign) => compact.rsplit_once(sign).unwrap_or((&compact, "")),
        None => (compact.as_str(), ""),
    };
    let whole = without_grouping(whole)?;
    if !fraction.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") })
}

/// The sign before the cents, as the number itself shows it.
fn decimal_sign(text: &str, scaled: bool) -> Option<char> {
    let last = text.rfind(['.', ','])?;
    let sign = text[last..].chars().next()?;
    let other = if sign == '.' { ',' } else { '.' };
    if text.contains(other) {
        return Some(sign);
    }
    if text.matches(sign).count() > 1 {
        return None;
    }
    let groups_thousands =
        text.len() - last == 4 && (1..=3).contains(&last) && !text.starts_with('0') && !scaled;
    if groups_thousands { None } else { Some(sign) }
}

/// Whole digits without separators; groups behind the first have three digits.
fn without_grouping(text: &str) -> Option<String> {
    let mut groups = text.split(['.', ',', ' ']);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    if first.is_empty() || (!rest.is_empty() && first.len() > 3) || rest.iter().any(|group| group.len() != 3)
    {
        return None;
    }
    Some([first].into_iter().chain(rest).collect())
}

/// Moves the decimal point of a plain decimal to the right.
fn shift(plain: &str, places: usize) -> String {
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let padded = format!("{fraction:0<places$}");
    let (moved, rest) = padded.split_at(places);
    let joined = format!("{whole}{moved}");
    if rest.is_empty() { joined } else { format!("{joined}.{rest}") }
}

#[cfg(test)]
mod tests;
