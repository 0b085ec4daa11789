//! Money as integers: minor units (cents) with a currency. Never a floating-point number.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// An ISO 4217 currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

/// An amount in minor units of its currency: `12.50 EUR` is 1250.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Money {
    /// Minor units; negative for a refund.
    pub minor: i64,
    /// The currency.
    pub currency: Currency,
}

/// An amount or currency that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MoneyError {
    /// The code is not in ISO 4217.
    #[error("{found:?} is not a currency; expected an ISO 4217 code such as EUR")]
    UnknownCurrency {
        /// What was found.
        found: String,
    },
    /// Not an amount followed by a currency.
    #[error("{found:?} is not an amount; expected a number with a currency such as \"1250.00 EUR\"")]
    Unreadable {
        /// What was found.
        found: String,
    },
    /// More decimals than the currency has.
    #[error("{found:?} has more decimals than {currency} has; expected at most {allowed}")]
    TooFine {
        /// What was found.
        found: String,
        /// The currency's code.
        currency: String,
        /// Decimals of the currency.
        allowed: u32,
    },
    /// The amount does not fit.
    #[error("{found:?} is too large an amount; the limit is about 92 quadrillion")]
    TooLarge {
        /// What was found.
        found: String,
    },
}

impl Currency {
    /// Euro.
    pub const EUR: Self = Self(iso_currency::Currency::EUR);

    /// Reads an ISO 4217 code; case does not matter.
    ///
    /// # Errors
    /// [`MoneyError::UnknownCurrency`].
    pub fn parse(code: &str) -> Result<Self, MoneyError> {
        iso_currency::Currency::from_code(&code.trim().to_ascii_uppercase())
            .map(Self)
            .ok_or_else(|| MoneyError::UnknownCurrency { found: code.to_owned() })
    }

    /// The three-letter code.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// How many decimals an amount has: 2 for EUR, 0 for JPY, 3 for BHD.
    #[must_use]
    pub fn decimals(self) -> u32 {
        self.0.exponent().map_or(2, u32::from)
    }
}

impl Money {
    /// An amount in minor units.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Reads a plain decimal (`1250`, `1250.5`, `-3.20`) in `currency`; no thousands separators.
    ///
    /// # Errors
    /// Not a number, too many decimals, or too large.
    pub fn from_decimal(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let unreadable = || MoneyError::Unreadable { found: text.to_owned() };
        let trimmed = text.trim();
        let (negative, digits) = match trimmed.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, trimmed),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) || digits.ends_with('.') {
            return Err(unreadable());
        }
        let allowed = currency.decimals();
        let significant = fraction.trim_end_matches('0');
        if significant.len() > allowed as usize {
            return Err(MoneyError::TooFine {
                found: text.to_owned(),
                currency: currency.code().to_owned(),
                allowed,
            });
        }
        let padded = format!("{whole}{significant:0<width$}", width = allowed as usize);
        let minor: i64 = padded.parse().map_err(|_| MoneyError::TooLarge { found: text.to_owned() })?;
        Ok(Self { minor: if negative { -minor } else { minor }, currency })
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = self.currency.decimals() as usize;
        let digits = format!("{:0>width$}", self.minor.unsigned_abs(), width = decimals + 1);
        let (whole, fraction) = digits.split_at(digits.len() - decimals);
        let sign = if self.minor < 0 { "-" } else { "" };
        let point = if decimals > 0 { "." } else { "" };
        write!(f, "{sign}{whole}{point}{fraction} {}", self.currency)
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (amount, code) =
            text.trim().rsplit_once(' ').ok_or_else(|| MoneyError::Unreadable { found: text.to_owned() })?;
        Self::from_decimal(amount, Currency::parse(code)?)
    }
}

impl serde::Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> serde::Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_as_they_were_read() {
        for text in ["0.00 EUR", "1250.50 EUR", "-3.20 USD", "7 JPY", "0.005 BHD", "-0.07 EUR"] {
            assert_eq!(text.parse::<Money>().unwrap().to_string(), text);
        }
        assert_eq!("12 EUR".parse::<Money>().unwrap().minor, 1200);
        assert_eq!("1.500 eur".parse::<Money>().unwrap().minor, 150, "zeros beyond the cents change nothing");
    }

    #[test]
    fn what_is_not_an_amount_is_refused() {
        for text in
            ["", "EUR", "1,50 EUR", "1.2.3 EUR", "1. EUR", ".5 EUR", "1e3 EUR", "٣ EUR", "1.505 EUR", "5 XYZ"]
        {
            assert!(text.parse::<Money>().is_err(), "{text} was accepted");
        }
        let huge = "99999999999999999999 EUR".parse::<Money>().unwrap_err();
        assert!(matches!(huge, MoneyError::TooLarge { .. }));
    }
}
