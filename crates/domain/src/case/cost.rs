//! What a case cost.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::id::{CaseId, CostId};
use crate::money::{Currency, Money};
use crate::refusal::Refusal;
use crate::text::Prose;
use crate::time::Date;

words! {
    /// What money or time went into.
    CostKind("kind of cost") {
        /// Hours of people working on it.
        ResponseLabour = "response_labour",
        /// Lost business while something was down.
        Downtime = "downtime",
        /// Lawyers and courts.
        Legal = "legal",
        /// Fines and dealings with authorities.
        Regulatory = "regulatory",
        /// Credits, notices and support for customers.
        Customer = "customer",
        /// Training a model again.
        Retraining = "retraining",
        /// A supplier's bill.
        Supplier = "supplier",
        /// Replaced equipment.
        Equipment = "equipment",
        /// Anything else.
        Other = "other",
    }
}

words! {
    /// Whether the amount is known.
    CostBasis("cost basis") {
        /// Estimated.
        Estimate = "estimate",
        /// Known.
        Actual = "actual",
    }
}

/// One cost of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostLine {
    /// Identity.
    pub id: CostId,
    /// The case.
    pub case_id: CaseId,
    /// What it went into.
    pub kind: CostKind,
    /// Estimated or known.
    pub basis: CostBasis,
    /// The amount in minor units of `currency`.
    pub amount_minor: i64,
    /// The currency.
    pub currency: Currency,
    /// Lower end of an estimate, in minor units.
    pub minimum_minor: Option<i64>,
    /// Upper end of an estimate, in minor units.
    pub maximum_minor: Option<i64>,
    /// Labour in minutes.
    pub labour_minutes: Option<u32>,
    /// Rate per hour of labour, in minor units.
    pub hourly_rate_minor: Option<i64>,
    /// The day it is counted and converted at.
    pub incurred_on: Option<Date>,
    /// Anything worth knowing about it.
    pub note: Option<Prose>,
}

/// A cost line that does not add up.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CostError {
    /// The bounds do not enclose the amount.
    #[error("the amount {amount} lies outside its estimate of {minimum} to {maximum}")]
    OutsideEstimate {
        /// The amount.
        amount: Money,
        /// The lower bound.
        minimum: Money,
        /// The upper bound.
        maximum: Money,
    },
    /// Labour times rate does not fit into an amount.
    #[error("{minutes} minutes at {rate} per hour is too large an amount")]
    TooLarge {
        /// Minutes.
        minutes: u32,
        /// Rate per hour.
        rate: Money,
    },
}

impl Refusal for CostError {
    fn code(&self) -> &'static str {
        match self {
            Self::OutsideEstimate { .. } => "cost.outside_estimate",
            Self::TooLarge { .. } => "cost.too_large",
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("amount")
    }
}

impl CostLine {
    /// The amount with its currency.
    #[must_use]
    pub fn amount(&self) -> Money {
        Money::new(self.amount_minor, self.currency)
    }

    /// Checks that an estimate's bounds enclose its amount.
    ///
    /// # Errors
    /// They do not.
    pub fn checked(self) -> Result<Self, CostError> {
        let minimum = self.minimum_minor.unwrap_or(self.amount_minor);
        let maximum = self.maximum_minor.unwrap_or(self.amount_minor);
        if (minimum..=maximum).contains(&self.amount_minor) {
            return Ok(self);
        }
        Err(CostError::OutsideEstimate {
            amount: self.amount(),
            minimum: Money::new(minimum, self.currency),
            maximum: Money::new(maximum, self.currency),
        })
    }
}

/// Labour in minutes at a rate per hour, rounded half to even to the minor unit.
///
/// # Errors
/// The product does not fit.
pub fn labour(minutes: u32, rate: Money) -> Result<Money, CostError> {
    let product = i128::from(minutes) * i128::from(rate.minor);
    let (whole, rest) = (product.div_euclid(60), product.rem_euclid(60));
    let up = rest > 30 || (rest == 30 && whole % 2 != 0);
    i64::try_from(whole + i128::from(up))
        .map(|minor| Money::new(minor, rate.currency))
        .map_err(|_| CostError::TooLarge { minutes, rate })
}
