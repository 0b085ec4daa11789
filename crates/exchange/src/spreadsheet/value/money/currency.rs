//! Signs and names of currencies.

use nevertwice_domain::money::Currency;

use super::AmountFlaw;

/// What an amount says about its currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// Nothing.
    None,
    /// One currency.
    One(Currency),
    /// A sign that several currencies share: their codes.
    Shared(&'static [&'static str]),
}

const DOLLARS: &[&str] = &["USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "TWD"];
const CROWNS: &[&str] = &["SEK", "NOK", "DKK", "ISK"];
const YEN: &[&str] = &["JPY", "CNY"];

/// Lower-case signs and names of one currency each.
const ONE: [(&str, &str); 29] = [
    ("€", "EUR"),
    ("euro", "EUR"),
    ("euros", "EUR"),
    ("£", "GBP"),
    ("us$", "USD"),
    ("$us", "USD"),
    ("a$", "AUD"),
    ("au$", "AUD"),
    ("c$", "CAD"),
    ("ca$", "CAD"),
    ("nz$", "NZD"),
    ("s$", "SGD"),
    ("hk$", "HKD"),
    ("nt$", "TWD"),
    ("mx$", "MXN"),
    ("r$", "BRL"),
    ("fr", "CHF"),
    ("sfr", "CHF"),
    ("franken", "CHF"),
    ("zł", "PLN"),
    ("kč", "CZK"),
    ("ft", "HUF"),
    ("lei", "RON"),
    ("₹", "INR"),
    ("₩", "KRW"),
    ("₪", "ILS"),
    ("₺", "TRY"),
    ("₴", "UAH"),
    ("rmb", "CNY"),
];

/// The currency of a lower-case word; `None` if it is no currency at all.
pub(super) fn sign(word: &str) -> Option<Sign> {
    if let Some((_, code)) = ONE.iter().find(|(sign, _)| *sign == word) {
        return Currency::parse(code).ok().map(Sign::One);
    }
    match word {
        "$" | "dollar" | "dollars" => Some(Sign::Shared(DOLLARS)),
        "kr" => Some(Sign::Shared(CROWNS)),
        "¥" | "￥" | "yen" => Some(Sign::Shared(YEN)),
        code if code.len() == 3 => Currency::parse(code).ok().map(Sign::One),
        _ => None,
    }
}

impl Sign {
    /// Two signs of one amount, as in `$ 12 USD`; `None` if they contradict each other.
    pub(super) fn and(self, other: Self) -> Option<Self> {
        match (self, other) {
            (Self::None, sign) | (sign, Self::None) => Some(sign),
            (Self::One(a), Self::One(b)) => (a == b).then_some(self),
            (Self::Shared(codes), Self::One(one)) | (Self::One(one), Self::Shared(codes)) => {
                codes.contains(&one.code()).then_some(Self::One(one))
            }
            (Self::Shared(a), Self::Shared(b)) => (a == b).then_some(self),
        }
    }

    /// The currency, with the one that the column takes for amounts that do not say.
    pub(super) fn resolve(self, default: Option<Currency>) -> Result<Currency, AmountFlaw> {
        match (self, default) {
            (Self::One(currency), _) | (Self::None, Some(currency)) => Ok(currency),
            (Self::None, None) => Err(AmountFlaw::CurrencyUnknown),
            (Self::Shared(codes), Some(currency)) if codes.contains(&currency.code()) => Ok(currency),
            (Self::Shared(codes), _) => Err(AmountFlaw::SignShared(codes)),
        }
    }
}
