//! Numbers as people read them.

/// Most digits after the point: more than anybody compares at a glance.
const DECIMALS: usize = 2;

/// A number with thousands grouped by commas and at most two digits after the point: `1,234.5`. Zero has no sign. What is
/// not finite is a dash.
pub(crate) fn grouped(number: f64) -> String {
    if !number.is_finite() {
        return "–".to_owned();
    }
    let plain = rounded(number);
    let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |digits| ("-", digits));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut text = sign.to_owned();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// A number with at most two digits after the point and no zeros at its end, for places in a drawing.
pub(crate) fn rounded(number: f64) -> String {
    let fixed = format!("{number:.DECIMALS$}");
    let short = fixed.trim_end_matches('0').trim_end_matches('.');
    if matches!(short, "-0" | "") { "0".to_owned() } else { short.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_and_rounded() {
        let cases = [
            (0.0, "0"),
            (-0.0, "0"),
            (-0.001, "0"),
            (7.0, "7"),
            (100.0, "100"),
            (999.5, "999.5"),
            (1000.0, "1,000"),
            (-1_234_567.891, "-1,234,567.89"),
            (1e15, "1,000,000,000,000,000"),
            (f64::NAN, "–"),
            (f64::INFINITY, "–"),
        ];
        for (number, text) in cases {
            assert_eq!(grouped(number), text);
        }
    }

    #[test]
    fn places_are_short() {
        for (number, text) in
            [(0.0, "0"), (10.0, "10"), (1.005, "1"), (2.5, "2.5"), (-0.004, "0"), (100.0, "100")]
        {
            assert_eq!(rounded(number), text);
        }
    }
}
