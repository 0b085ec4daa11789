//! What a column says about its currency.

use std::collections::BTreeMap;

use crate::spreadsheet::reader::Cell;
use crate::spreadsheet::value::money::{self, AmountFlaw, AmountRule};

/// The amounts of a column.
#[derive(Debug, Clone, Default)]
pub struct AmountSurvey {
    /// How many amounts name each currency, by its code.
    pub currencies: BTreeMap<&'static str, u64>,
    /// Amounts that name none.
    pub without_currency: u64,
    /// The first of them.
    pub examples: Vec<String>,
    /// Amounts with a sign that several currencies share, by the codes of these.
    pub shared: BTreeMap<&'static [&'static str], SharedSign>,
}

/// Amounts with one sign that several currencies share.
#[derive(Debug, Clone, Default)]
pub struct SharedSign {
    /// How many.
    pub count: u64,
    /// The first of them.
    pub example: String,
}

impl AmountSurvey {
    pub(super) fn add(&mut self, cell: &Cell, text: &str) {
        match money::read(cell, AmountRule::default()) {
            Ok((money, _)) => *self.currencies.entry(money.currency.code()).or_default() += 1,
            Err(AmountFlaw::CurrencyUnknown) => {
                self.without_currency += 1;
                if self.examples.len() < 3 {
                    self.examples.push(text.to_owned());
                }
            }
            Err(AmountFlaw::SignShared(codes)) => {
                let shared = self.shared.entry(codes).or_default();
                shared.count += 1;
                if shared.example.is_empty() {
                    text.clone_into(&mut shared.example);
                }
            }
            Err(AmountFlaw::Unreadable) => {}
        }
    }

    /// How many cells read as an amount.
    #[must_use]
    pub fn readable(&self) -> u64 {
        let shared: u64 = self.shared.values().map(|shared| shared.count).sum();
        self.without_currency + shared + self.currencies.values().sum::<u64>()
    }
}
