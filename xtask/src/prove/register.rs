//! What must hold of a register, whatever was done to the server.

use std::collections::BTreeSet;

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

use super::client::Client;

/// Every acknowledged case is there, no number is missing between the first and the last, and the register is [`sound`].
///
/// # Errors
/// When that is not so.
pub(crate) fn check_register(server: &Client, acknowledged: &BTreeSet<String>) -> anyhow::Result<()> {
    let cases = server.every("list_cases")?;
    gapless("cases", references(&cases))?;
    let found: BTreeSet<&str> = references(&cases).collect();
    if let Some(lost) = acknowledged.iter().find(|case| !found.contains(case.as_str())) {
        bail!("{lost} was acknowledged and is lost");
    }
    sound(server).map(drop)
}

/// The references of the rows of a list.
pub(crate) fn references(rows: &[Value]) -> impl Iterator<Item = &str> {
    rows.iter().map(|row| row["reference"].as_str().unwrap_or_default())
}

/// The numbers of these references are 1, 2, 3 and so on, each once; gives the last one, 0 if there is none.
///
/// # Errors
/// When one is missing, there twice, or no number.
pub(crate) fn gapless<'r>(what: &str, references: impl Iterator<Item = &'r str>) -> anyhow::Result<u64> {
    let mut numbers: Vec<u64> = Vec::new();
    for reference in references {
        let number = reference.rsplit('-').next().and_then(|digits| digits.parse().ok());
        numbers
            .push(number.with_context(|| format!("among the {what} is {reference:?}, which has no number"))?);
    }
    numbers.sort_unstable();
    match (1..).zip(&numbers).find(|(expected, number)| expected != *number) {
        None => Ok(numbers.len() as u64),
        Some((expected, number)) if number < &expected => {
            bail!("the number {number} is there twice among the {what}")
        }
        Some((expected, _)) => {
            let (count, last) = (numbers.len(), numbers.last().copied().unwrap_or_default());
            bail!("{count} {what}, but the highest number is {last}: {expected} is missing")
        }
    }
}

/// `doctor` finds nothing and the trail verifies, as a running server says; gives the number of the trail's entries.
///
/// # Errors
/// When that is not so.
pub(crate) fn sound(server: &Client) -> anyhow::Result<u64> {
    let trail = server.get("verify_trail", &json!({}))?;
    if trail["ok"] != true {
        bail!("trail verify: {}", trail["findings"]);
    }
    let health = server.get("doctor", &json!({}))?;
    if health["ok"] != true {
        bail!("doctor: {}", health["checks"]);
    }
    trail["entries"].as_u64().context("`verify_trail` counts no entries")
}

#[cfg(test)]
mod tests {
    use super::gapless;

    #[test]
    fn a_number_that_is_missing_or_there_twice_is_told() {
        let of = |references: &[&str]| {
            gapless("cases", references.iter().copied()).map_err(|error| error.to_string())
        };
        assert_eq!(of(&[]), Ok(0));
        assert_eq!(of(&["CASE-2026-0002", "CASE-2026-0001", "CASE-2027-0003"]), Ok(3));
        for (references, said) in [
            (&["CASE-2026-0002"][..], "1 cases, but the highest number is 2: 1 is missing"),
            (&["CASE-2026-0001", "CASE-2026-0003"], "2 cases, but the highest number is 3: 2 is missing"),
            (&["CASE-2026-0001", "CASE-2026-0001"], "the number 1 is there twice among the cases"),
            (&["CASE-2026-"], "among the cases is \"CASE-2026-\", which has no number"),
        ] {
            assert_eq!(of(references), Err(said.to_owned()));
        }
    }
}
