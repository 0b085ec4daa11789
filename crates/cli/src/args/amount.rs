//! Amounts as they are typed: with a currency, or in the company's.

use std::str::FromStr;

use nevertwice_domain::money::{Currency, Money, MoneyError};

/// An amount as it was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Amount {
    /// With a currency.
    Of(Money),
    /// A plain decimal, in the company's currency.
    Plain(String),
}

impl Amount {
    /// The amount; `currency` gives the company's.
    ///
    /// # Errors
    /// What `currency` reports, or more decimals than that currency has.
    pub(crate) fn in_currency<E: From<MoneyError>>(
        self,
        currency: impl FnOnce() -> Result<Currency, E>,
    ) -> Result<Money, E> {
        match self {
            Self::Of(money) => Ok(money),
            Self::Plain(text) => Ok(Money::from_decimal(&text, currency()?)?),
        }
    }
}

impl FromStr for Amount {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.trim().contains(' ') {
            return text.parse().map(Self::Of);
        }
        match Money::from_decimal(text, Currency::EUR) {
            // Whether it has too many decimals depends on the currency that it turns out to be in.
            Ok(_) | Err(MoneyError::TooFine { .. }) => Ok(Self::Plain(text.to_owned())),
            Err(error) => Err(error),
        }
    }
}
